"""The days of a simulation, one after the other: the opening, and what each day is made of."""

from collections.abc import Iterator

from ruche.simulate.agenda import Fact
from ruche.simulate.chance import Chance
from ruche.simulate.happenings import happen
from ruche.simulate.newcomers import Arrivals, arrive, founder
from ruche.simulate.programme import hold
from ruche.simulate.rhythm import MINUTE
from ruche.simulate.threads import ask, talk
from ruche.simulate.world import World

_QUESTIONS = 0.112
_TALKS = 0.14
"""How many questions and other threads each member opens on an average day."""
_SEEN = 0.02
"""How many members a day show nothing but that they are there."""

EMITS = (
    "advocacy.reported",
    "answer.accepted",
    "answer.withdrawn",
    "ask.accepted",
    "ask.declined",
    "beta.enrolled",
    "beta.opened",
    "beta.reported",
    "channel.described",
    "feedback.answered",
    "feedback.submitted",
    "help.rated",
    "kudos.given",
    "meetup.attended",
    "meetup.cancelled",
    "meetup.hosted",
    "meetup.scheduled",
    "member.erased",
    "member.joined",
    "member.left",
    "member.paused",
    "member.seen",
    "member.updated",
    "motivation.declared",
    "news.found",
    "nomination.accepted",
    "nomination.made",
    "obstacle.declared",
    "outcome.reported",
    "pairing.accepted",
    "pairing.declined",
    "platform.described",
    "poll.opened",
    "poll.voted",
    "post.created",
    "post.deleted",
    "post.flagged",
    "post.moderated",
    "post.updated",
    "preference.changed",
    "promise.kept",
    "promise.made",
    "reaction.added",
    "reaction.removed",
    "request.answered",
    "task.accepted",
    "task.completed",
    "task.declined",
    "task.opened",
    "thread.followed",
    "thread.resolved",
)
"""What the simulated platform says it can emit."""


def live(world: World, *, members: int, weeks: int, seed: int) -> Iterator[Fact]:
    """Live through all days; each is told, sorted, before the next is made."""
    world.chance = Chance(seed, "opening")
    _describe(world)
    _found(world)
    arrivals = Arrivals(world, seed, members - len(world.crowd.members))
    for day in range(world.days.count):
        world.chance = Chance(seed, "day", day)
        newcomers = list(arrivals.of(day))
        world.crowd.members.extend(newcomers)
        world.crowd.refresh()
        for member in newcomers:
            arrive(world, member, day)
        hold(world, day)
        happen(world, day, weeks)
        _everyday(world, day)
        yield from world.agenda.tell(day)


def _everyday(world: World, day: int) -> None:
    """Questions, talk, and people who only look in."""
    chance, crowd = world.chance, world.crowd
    busy = world.days.bustle(day) * len(crowd.members) * chance.between(0.8, 1.2)
    for _ in range(chance.count(busy * _QUESTIONS)):
        time = world.days.moment(chance, day)
        if (member := crowd.asker(chance, time)) is not None:
            ask(world, member, time)
    for _ in range(chance.count(busy * _TALKS)):
        time = world.days.moment(chance, day)
        if (member := crowd.talker(chance, time)) is not None:
            talk(world, member, time)
    seen: set[str] = set()
    for _ in range(chance.count(busy * _SEEN)):
        time = world.days.moment(chance, day)
        reader = crowd.reactor(chance, time)
        if reader is not None and reader.id not in seen:
            seen.add(reader.id)
            world.agenda.add("member.seen", time, f"member/{reader.id}/seen/{day}", reader.id, member=reader.id)


def _describe(world: World) -> None:
    """The platform says what it can emit, and what its channels are for."""
    start, channels = world.days.start, world.language.channels
    world.agenda.add(
        "platform.described",
        start,
        "platform/described",
        "platform",
        emits=list(EMITS),
        direct_first_contact="allowed",
    )
    described = (
        (channels.welcome, "public", "welcome"),
        (channels.help, "public", "help"),
        (channels.introductions, "members", "introductions"),
        (channels.workshops, "public", None),
        (channels.general, "members", "general"),
        (channels.team, "restricted", "team"),
    )
    for place, (channel, visibility, purpose) in enumerate(described, 1):
        identity = f"channel/{channel}/described"
        fact = {"channel": channel, "visibility": visibility, "purpose": purpose}
        world.agenda.add("channel.described", start + place * 1000, identity, channel, **fact)


def _found(world: World) -> None:
    """The first morning: the bot, the core team, the sponsor and the founding relays, some minutes apart."""
    language, chance, crowd = world.language, world.chance, world.crowd
    time = world.days.at(0, 8, chance.between(2, 12))
    bot_id, bot_name = language.bot
    world.agenda.add(
        "member.joined", time, f"member/{bot_id}/joined", bot_id, member=bot_id, display_name=bot_name, bot=True
    )
    for figure, voice in zip((*language.team, language.sponsor), (11.0, 9.0, 8.0, 0.3), strict=True):
        time += int(chance.between(2, 9) * MINUTE)
        crowd.members.append(founder(world, figure, voice=voice, joined=time, staff=True, relay=False))
    world.team, world.sponsor = tuple(crowd.members[:-1]), crowd.members[-1]
    for figure, voice in zip(language.relays, (48.0, 32.0, 19.0, 11.0), strict=True):
        time += int(chance.between(2, 9) * MINUTE)
        crowd.members.append(founder(world, figure, voice=voice, joined=time, staff=False, relay=True))
    world.relays = tuple(crowd.members[len(world.team) + 1 :])
    for relay in world.relays:
        made = time + int(chance.between(5, 25) * MINUTE)
        fact = {"member": relay.id, "by": world.team[0].id}
        nominated = f"nomination/{relay.id}"
        reason = language.nomination
        world.agenda.add("nomination.made", made, f"{nominated}/made", relay.id, **fact, reason=reason)
        accepted = made + int(chance.between(10, 200) * MINUTE)
        world.agenda.add("nomination.accepted", accepted, f"{nominated}/accepted", relay.id, **fact)
