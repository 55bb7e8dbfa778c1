"""What does not happen every week: a raid, a lull, a crisis; people who pause, leave and come back."""

from ruche.simulate.chance import Chance
from ruche.simulate.members import Member
from ruche.simulate.rhythm import HOUR, MINUTE, stamp
from ruche.simulate.world import SOON, World

_RAID_DAY, _RAID_EVERY = 4, 28
_CRISIS_DAY, _CRISIS_EVERY = 8, 42
_CRISIS_MINUTES = 45
_SMALL_LULL = (10, 11)
_LONG_LULL_DAYS = 5
_FORTNIGHT = 14
_NEVER = 1 << 62


def lull_days(weeks: int) -> frozenset[int]:
    """The days of near silence: two in a fortnight, and five in the middle of six weeks or more."""
    if weeks < 2:
        return frozenset()
    days = set(_SMALL_LULL)
    if weeks >= 6:
        days.update(range(weeks // 2 * 7 + 1, weeks // 2 * 7 + 1 + _LONG_LULL_DAYS))
    return frozenset(days)


def happen(world: World, day: int, weeks: int) -> None:
    """What a day brings out of the ordinary; a week alone is too short for any of it."""
    if weeks < 2:
        return
    if world.days.is_lull(day):
        _lone_word(world, day)
        return
    if day % _RAID_EVERY == _RAID_DAY:
        _raid(world, day)
    if day % _CRISIS_EVERY == _CRISIS_DAY:
        _crisis(world, day)
    match day % _FORTNIGHT:
        case 5:
            _departures(world, day, returning=True)
        case 7:
            _pauses(world, day)
        case 9:
            _departures(world, day, returning=False)
        case _:
            pass


def _lone_word(world: World, day: int) -> None:
    """Nearly nothing in a lull: one word, at noon or in the evening, that stays alone."""
    time = world.days.at(day, world.chance.pick((12, 19)), world.chance.between(0, 50))
    who = world.crowd.talker(world.chance, time)
    if who is not None:
        body = world.chance.pick(world.language.chatter)
        world.write(who, time, world.language.channels.general, "message", body)


def _raid(world: World, day: int) -> None:
    """Young accounts join within a minute, spam, are reported, and are shown the door within the hour."""
    chance, language, add = world.chance, world.language, world.agenda.add
    time = world.days.at(day, 21, chance.between(5, 40))
    for number in range(7 + len(world.crowd.members) // 500):
        joined = time + int(number * chance.between(2.5, 6.5) * 1000)
        name = f"{chance.pick(language.spam_names)}-{1000 + chance.below(9000)}"
        who = Member(id=f"{name}-{day}-{number}", name=name, voice=0, joined=joined, spoke=True)
        add(
            "member.joined",
            joined,
            f"member/{who.id}/joined",
            who.id,
            member=who.id,
            display_name=name,
            locale=language.code,
            account_created_at=stamp(joined - int(chance.between(0.2, 5) * HOUR)),
        )
        if chance.happens(0.7):
            at = joined + int(chance.between(1, 6) * MINUTE)
            said = world.write(who, at, language.channels.general, "message", chance.pick(language.spam), links=1)
            world.flagged(said, upheld=True, minutes=chance.between(2, 12))
        gone = joined + int(chance.between(35, 58) * MINUTE)
        add("member.left", gone, f"member/{who.id}/left", who.id, member=who.id, reason="removed")


def _crisis(world: World, day: int) -> None:
    """Many complain about one thing within the hour; the core team speaks, and it is over in the evening."""
    chance, language, channels = world.chance, world.language, world.language.channels
    trouble = language.troubles[day // _CRISIS_EVERY % len(language.troubles)]
    start = world.days.at(day, 17, chance.between(20, 40))
    team = tuple(person.id for person in world.team)
    spoke = list(team)
    first = None
    complaints = 8 + min(14, len(world.crowd.members) // 60)
    for number in range(complaints):
        time = start + int((number + chance.share()) / complaints * _CRISIS_MINUTES * MINUTE)
        # Nearly everybody complains once; few come back for a second word.
        who = world.crowd.reactor(chance, time, *(team if number > 6 else spoke))
        if who is None:
            continue
        spoke.append(who.id)
        body = trouble.complaints[number % len(trouble.complaints)]
        channel = channels.help if chance.happens(0.6) else channels.general
        said = world.write(
            who,
            time,
            channel,
            "question" if "?" in body else "message",
            body,
            title=trouble.title if number % 3 == 0 else None,
            tags=[trouble.tag],
            complaint=True,
        )
        first = first or said
        world.liked(said, 0.8)
        if number % 3 == 0:
            at = time + int(chance.between(9, 35) * MINUTE)
            world.reply(world.team[number // 3 % 3], at, said, chance.pick(trouble.answers), "answer")
    if first is not None:
        end = world.days.at(day, 21, chance.between(0, 40))
        over = world.write(
            world.team[0],
            end,
            channels.general,
            "announcement",
            trouble.end,
            tags=[trouble.tag],
            origin="organisation",
        )
        world.liked(over, 2.5)
        fact = {"thread": first.thread, "member": world.team[0].id}
        world.agenda.add("thread.resolved", end + MINUTE, f"thread/{first.thread}/over", first.thread, **fact)


def _some(world: World, chance: Chance, share: float) -> list[Member]:
    """Some of the members whom no list of the playbook names, at least one when there is one."""
    others = [member for member in world.crowd.members if not member.staff and not member.relay]
    return list(chance.pick_some(others, max(1, int(len(others) * share)))) if others else []


def _departures(world: World, day: int, *, returning: bool) -> None:
    """Some leave; of those who return, most do within a few days."""
    chance, add = world.chance, world.agenda.add
    for member in _some(world, chance, 0.01 if returning else 0.015):
        left = max(world.days.moment(chance, day), member.joined + HOUR)
        back = world.after(left + 40 * HOUR, SOON) if returning else _NEVER
        world.agenda.leave_out(member.id, left, back)
        add("member.left", left, f"member/{member.id}/left/{day}", member.id, member=member.id, reason="left")
        if returning:
            add(
                "member.joined",
                back,
                f"member/{member.id}/joined/{day}",
                member.id,
                member=member.id,
                display_name=member.name,
                locale=world.language.code,
            )
        else:
            world.crowd.leave(member)
            if chance.happens(0.25):
                erased = world.after(left + 20 * HOUR, SOON)
                add("member.erased", erased, f"member/{member.id}/erased", member.id, member=member.id)


def _pauses(world: World, day: int) -> None:
    """Some ask for a rest."""
    for member in _some(world, world.chance, 0.01):
        time = max(world.days.moment(world.chance, day), member.joined + HOUR)
        until = time + int(world.chance.between(4, 20) * 24) * HOUR
        world.agenda.leave_out(member.id, time, until)
        identity = f"member/{member.id}/paused/{day}"
        world.agenda.add("member.paused", time, identity, member.id, member=member.id, until=stamp(until))
