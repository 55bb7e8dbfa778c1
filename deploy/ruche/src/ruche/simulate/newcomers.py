"""Arrivals: who comes when, alone or together, and what newcomers do in their first days."""

import unicodedata
from collections.abc import Iterator

from ruche.simulate.chance import Chance, Quantiles
from ruche.simulate.language import Figure
from ruche.simulate.members import Member, voice_of_rank
from ruche.simulate.rhythm import HOUR, MINUTE, stamp
from ruche.simulate.threads import ask
from ruche.simulate.world import SOON, Posted, World

_OPENING_DAYS = 3
_OPENING_SHARE = 0.4
_OPENING_MOST = 300
"""A place opens with a crowd, which is bounded: more at once would look like a raid."""
_FIRST_WORD: Quantiles = ((0, 6), (0.3, 40), (0.55, 240), (0.8, 1500), (1, 6000))
"""Minutes from joining to the first word of those who say one."""
_WELCOMES: Quantiles = ((0, 0), (0.2, 1), (0.6, 2), (0.9, 3), (1, 4))
"""How many answer a presentation, cut to a whole number."""
_MOTIVATIONS = ("learn", "learn", "learn", "share", "share", "company", "act", "belong", "help", "help", "support")
_WISHES: tuple[dict[str, object], ...] = (
    {"thanks": "private"},
    {"thanks": "none"},
    {"digest": True},
    {"digest": True},
    {"stop": ["nudge"]},
    {"profiling": False},
    {"hours": {"tuesday": ["18:00-21:00"], "saturday": ["10:00-17:00"]}},
)
_OBSTACLES = ("time", "time", "unclear", "unfit", "later")


class Arrivals:
    """How many come each day, and who they are: drawn one by one as they come."""

    def __init__(self, world: World, seed: int, people: int) -> None:
        self._world = world
        self._chance = Chance(seed, "arrivals")
        self._ranks = self._chance.shuffled(people)
        self._next = 0
        names = world.language.names
        self._names = tuple(names[turn] for turn in self._chance.shuffled(len(names)))
        self._by_day = self._spread(people)

    def _spread(self, people: int) -> list[int]:
        days, chance = self._world.days, self._chance
        counts = [0] * days.count
        opening = min(int(people * _OPENING_SHARE), _OPENING_MOST)
        usual = [day for day in range(days.count) if not days.is_lull(day)]
        for number in range(people):
            day = chance.below(min(_OPENING_DAYS, days.count)) if number < opening else chance.pick(usual)
            counts[day] += 1
        return counts

    def of(self, day: int) -> Iterator[Member]:
        """The people who join on a day, some of them together."""
        chance, days, left = self._chance, self._world.days, self._by_day[day]
        opening = days.at(0, 10)
        while left:
            time = days.moment(chance, day)
            if time < opening:
                continue
            together = min(left, 2 + chance.below(3)) if chance.happens(0.15) else 1
            for _ in range(together):
                yield self._person(time)
                time += int(chance.between(0.4, 5) * MINUTE)
            left -= together

    def _person(self, joined: int) -> Member:
        chance, language = self._chance, self._world.language
        place, self._next = self._next, self._next + 1
        voice = voice_of_rank((self._ranks[place] + chance.share()) / len(self._ranks))
        member_id, name = self._named(place)
        skills = 1 + chance.below(2) if voice > 3 else chance.below(3)
        languages: tuple[str, ...] = (language.code,)
        if chance.happens(0.3):
            languages += (chance.pick(language.other_languages),)
        return Member(
            id=member_id,
            name=name,
            voice=voice,
            joined=joined,
            skills=tuple(craft.slug for craft in chance.pick_some(language.crafts, skills)),
            languages=languages if chance.happens(0.75) else (),
            population=chance.pick(language.populations) if chance.happens(0.65) else None,
        )

    def _named(self, place: int) -> tuple[str, str]:
        """An id and a name nobody has yet: the second Nina is `nina-2`, Nina C."""
        number, turn = divmod(place, len(self._names))
        first, number = self._names[turn], number + 1
        plain = unicodedata.normalize("NFKD", first).encode("ascii", "ignore").decode().lower()
        if number == 1:
            return plain, first
        return f"{plain}-{number}", f"{first} {chr(ord('A') + number % 26)}"


def founder(world: World, figure: Figure, *, voice: float, joined: int, staff: bool, relay: bool) -> Member:
    """Somebody whom the playbook names, arriving on the first morning."""
    member = Member(
        id=figure.id,
        name=figure.name,
        voice=voice,
        joined=joined,
        skills=figure.skills,
        languages=(world.language.code,),
        population=figure.population,
        staff=staff,
        relay=relay,
    )
    join(world, member, experience=figure.experience, staff=staff or None)
    return member


def join(world: World, member: Member, skills: list[str] | None = None, **more: object) -> None:
    """Somebody becomes a member, with skills in words of their own or as slugs."""
    world.agenda.add(
        "member.joined",
        member.joined,
        f"member/{member.id}/joined",
        member.id,
        member=member.id,
        display_name=member.name,
        locale=world.language.code,
        languages=list(member.languages) or None,
        skills=skills or list(member.skills) or None,
        population=member.population,
        **more,
    )


def arrive(world: World, member: Member, day: int) -> None:
    """A newcomer joins, tells a little, and takes a first step or reads on."""
    chance, language, joined = world.chance, world.language, member.joined
    crafts = [craft for craft in language.crafts if craft.slug in member.skills]
    inviter = world.crowd.talker(chance, joined) if day and chance.happens(0.12) else None
    more: dict[str, object] = {
        "timezone": chance.pick(language.timezones) if chance.happens(0.6) else None,
        "motivations": [chance.pick(_MOTIVATIONS)] if chance.happens(0.2) else None,
        "experience": crafts[0].experience if crafts and chance.happens(0.45) else None,
        "invited_by": inviter.id if inviter else None,
        "account_created_at": (stamp(joined - int(chance.between(2, 20_000) * HOUR)) if chance.happens(0.5) else None),
    }
    # Some write their skills in their own words instead of the playbook's slugs.
    words = [craft.label for craft in crafts] if crafts and chance.happens(0.3) else None
    join(world, member, words, **more)
    _choices(world, member)
    _first_word(world, member)


def _choices(world: World, member: Member) -> None:
    """Taps on the welcome, and settings."""
    chance, who = world.chance, {"member": member.id}
    keen = member.voice > 0
    if chance.happens(0.55 if keen else 0.2):
        time = world.after(member.joined + 12 * MINUTE, SOON)
        motivation = chance.pick(_MOTIVATIONS)
        identity = f"member/{member.id}/motivation"
        world.agenda.add("motivation.declared", time, identity, member.id, **who, motivation=motivation)
        world.sign_of_life(member, time)
    if chance.happens(0.5 if keen else 0.15):
        time = world.after(member.joined + 14 * MINUTE, SOON)
        if chance.happens(0.7):
            yes = chance.happens(0.85)
            world.agenda.add("member.updated", time, f"member/{member.id}/introduce", member.id, **who, introduce=yes)
        else:
            world.agenda.add(
                "preference.changed", time, f"member/{member.id}/introduce", member.id, **who, introduce=True
            )
    if chance.happens(0.12):
        wish = chance.pick(_WISHES)
        time = world.after(member.joined + HOUR, _FIRST_WORD)
        world.agenda.add("preference.changed", time, f"member/{member.id}/preference", member.id, **who, **wish)
    if chance.happens(0.05):
        time = member.joined + int(chance.between(30.2, 33) * 24) * HOUR
        obstacle = chance.pick(_OBSTACLES)
        identity = f"member/{member.id}/obstacle"
        world.agenda.add("obstacle.declared", time, identity, member.id, **who, obstacle=obstacle)


def _welcomed(world: World, newcomer: Member, said: Posted) -> None:
    """Relays, the core team and others answer a presentation; one in five stays without a word."""
    chance, latest = world.chance, said
    hosts = (*world.relays, world.team[2])
    for line in chance.pick_some(world.language.welcomes, int(chance.along(_WELCOMES))):
        time = world.after(latest.time, SOON)
        who = chance.pick(hosts) if chance.happens(0.45) else world.crowd.talker(chance, time, newcomer.id)
        if who is None or who.id == latest.author.id:
            continue
        latest = world.reply(who, time, said, line.format(name=newcomer.name))
        world.liked(latest, 0.3)
    if latest is not said and chance.happens(0.35):
        thanks = world.language.thanks[0]
        world.reply(newcomer, world.after(latest.time, SOON), latest, thanks)


def _first_word(world: World, member: Member) -> None:
    """Most who write introduce themselves or ask; most who read say nothing."""
    chance, language = world.chance, world.language
    step = chance.share()
    time = world.after(member.joined + 5 * MINUTE, _FIRST_WORD)
    if step < (0.6 if member.voice else 0.1):
        craft = next((craft for craft in language.crafts if craft.slug in member.skills), chance.pick(language.crafts))
        body = chance.pick(language.presentations).format(name=member.name, craft=craft.label.lower())
        title = language.presentation_title if chance.happens(0.4) else None
        said = world.write(member, time, language.channels.introductions, "message", body, title=title)
        world.liked(said, 1.2)
        _welcomed(world, member, said)
    elif step < (0.85 if member.voice else 0.2):
        ask(world, member, time)
