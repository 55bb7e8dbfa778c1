"""How rules give reasons, find the place and the person who signs, and shorten what they quote."""

from msgspec.structs import replace

from contracts.community import is_restricted
from contracts.envelope import AnyEvent, Because, EvidenceRange, Figure
from contracts.naming import CORE_TEAM, MANAGER, name_of, one_line, purposes_after
from contracts.people import may_be_named
from contracts.turn import To, Turn
from digest.rules.times import today
from digest.state import Climate

LONGEST_HEADING = 90


def climate_of(turn: Turn) -> Climate:
    """What holds for everybody; an empty one at first."""
    return turn.get(Climate) or Climate()


def heard(turn: Turn, event: AnyEvent) -> None:
    """Something was heard at all: what a note can name while nothing was written."""
    climate = climate_of(turn)
    if climate.heard_by is None and not event.backfill:
        turn.put(replace(climate, heard_by=event.id))


def crisis(turn: Turn) -> str | None:
    """The crisis that is on: prompts are held back."""
    return next(iter(climate_of(turn).crises), None)


def crisis_opened(turn: Turn, event: AnyEvent) -> None:
    """A human, or support, opened a crisis."""
    climate = climate_of(turn)
    if event.data.crisis not in climate.crises:
        turn.put(replace(climate, crises=(*climate.crises, event.data.crisis)))


def crisis_over(turn: Turn, event: AnyEvent) -> None:
    """It is closed, or was none."""
    climate = climate_of(turn)
    if event.data.crisis in climate.crises:
        turn.put(replace(climate, crises=tuple(one for one in climate.crises if one != event.data.crisis)))


def channel_described(turn: Turn, event: AnyEvent) -> None:
    """Remember the channel of each purpose, the newest described first; a restricted one is for no text of ours."""
    climate, data = climate_of(turn), event.data
    purposes = purposes_after(climate.purposes, data.channel, data.purpose, data.visibility)
    if purposes is not climate.purposes:
        turn.put(replace(climate, purposes=purposes))


def general_place(turn: Turn) -> str | None:
    """Where prompts and the synthesis go; None is the community itself."""
    channel = turn.playbook.places.general
    if channel is not None and not is_restricted(turn.place(channel.channel)):
        return channel.channel
    return next((name for purpose, name in climate_of(turn).purposes if purpose == "general"), None)


def to_place(turn: Turn, channel: str | None) -> To:
    """A post in a channel, or in the community itself, which goes by its own name."""
    return To(kind="channel", id=channel or turn.slug)


def manager_of(turn: Turn) -> To:
    """Who decides: the manager, else the core team as a role."""
    return MANAGER if turn.playbook.people.manager is not None else CORE_TEAM


def signed_by(turn: Turn) -> str:
    """The person who signs what members read; where the playbook names no sender, one of the core team who is there."""
    if turn.playbook.sender.name:
        return turn.playbook.sender.name
    there = (member for member in turn.playbook.people.on_duty(today(turn)) if may_be_named(turn.person(member)))
    member = next(iter(there), None)
    return turn.playbook.sender_name(turn.playbook.voice()) if member is None else name_of(turn, member)


def shortened(text: str, longest: int = LONGEST_HEADING) -> str:
    """The first words of a text, on one line; empty for nothing."""
    return one_line(text, longest) or ""


def because_range(
    rule: str, *, threshold: Figure = None, actual: Figure = None, first: str | None, last: str | None, count: int
) -> Because:
    """A reason whose evidence is a range of events and their count; none, when there is none."""
    known = first is not None and last is not None and count > 0
    proof = EvidenceRange(first=first or "", last=last or "", count=count) if known else ()
    return Because(rule=rule, threshold=threshold, actual=actual, evidence=proof)
