"""The course of a crisis: opened by a human or, inside only, by time; updated; closed after a day below."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec.structs import replace

from contracts.decisions import CrisisClosed, CrisisOpened, CrisisUpdated
from contracts.decisions.support import CrisisSubject
from contracts.envelope import AnyEvent, Because
from contracts.naming import CORE_TEAM, RELAYS
from contracts.reasons import because
from contracts.turn import Turn
from support.rules import crisis_voice as voice
from support.rules.speech import head, say
from support.state import Climate, Crisis, Outcry

CRISIS = "crisis"
OPENS, UPDATE, CLOSE = "crisis_opens", "crisis_update", "crisis_close"
MOST_EVIDENCE = 20
MOST_PEOPLE = 500
Found = tuple[Literal["tag", "thread", "channel"], str, Outcry]


def hot_until(outcry: Outcry, needed: int, window_minutes: int, now: datetime) -> datetime:
    """Until when the window holds enough, if no complaint follows; now when it holds fewer."""
    if len(outcry.recent) < needed:
        return now
    return outcry.recent[-needed].at + timedelta(minutes=window_minutes)


def goes_on(turn: Turn, outcries: Sequence[Found], *, member: str, by: str) -> bool:
    """A complaint on the subject of a crisis that is on: it is counted there. Answers whether there was one."""
    climate = turn.get(Climate)
    if climate is None or not climate.crises:
        return False
    for name in climate.crises:
        crisis = turn.get(Crisis, name)
        if crisis is None:
            continue
        outcry = next((found for kind, about, found in outcries if (kind, about) == (crisis.kind, crisis.about)), None)
        if outcry is None:
            continue
        window = turn.playbook.support.crisis_window_minutes
        hot = max(crisis.hot_until, hot_until(outcry, crisis.needed, window, crisis.hot_until))
        people = tuple(sorted({*crisis.people, member})) if len(crisis.people) < MOST_PEOPLE else crisis.people
        crisis = replace(
            crisis,
            hot_until=hot,
            people=people,
            complaints=crisis.complaints + 1,
            evidence=(*crisis.evidence, by)[-MOST_EVIDENCE:],
        )
        turn.put(crisis)
        if crisis.stage != "proposed":
            _arm_close(turn, crisis)
        return True
    return False


def _arm_close(turn: Turn, crisis: Crisis) -> None:
    turn.arm(CLOSE, crisis.crisis, crisis.hot_until + timedelta(hours=turn.playbook.support.crisis_closes_hours))


def _recent(turn: Turn, crisis: Crisis) -> tuple[int, int]:
    """Complaints and people in the window, now."""
    outcry = turn.get(Outcry, f"{crisis.kind}:{crisis.about}")
    start = turn.now - timedelta(minutes=turn.playbook.support.crisis_window_minutes)
    recent = [complaint for complaint in (outcry.recent if outcry is not None else ()) if complaint.at > start]
    people = {complaint.member for complaint in recent if complaint.member is not None}
    return len(recent), len(people)


def opens_due(turn: Turn, key: str, _due: datetime) -> None:
    """No human answered in time: it opens, for inside effects only."""
    crisis = turn.get(Crisis, key)
    if crisis is not None and crisis.stage == "proposed":
        minutes = turn.playbook.support.crisis_opens_minutes
        why = because(
            CRISIS, threshold=f"{minutes} min without a human's word", actual=minutes, evidence=_evidence(crisis)
        )
        _open(turn, crisis, scope="inside", by=None, why=why)


def _evidence(crisis: Crisis) -> tuple[str, ...]:
    return (*((crisis.proposal,) if crisis.proposal is not None else ()), *crisis.evidence[-(MOST_EVIDENCE - 2) :])


def _open(turn: Turn, crisis: Crisis, *, scope: Literal["inside", "full"], by: str | None, why: Because) -> None:
    figures = turn.playbook.support
    turn.disarm(OPENS, crisis.crisis)
    complaints, people = _recent(turn, crisis)
    next_update = turn.now + timedelta(hours=figures.crisis_update_hours)
    decided = say(
        turn,
        CrisisOpened(
            **head(turn),
            because=(why,),
            crisis=crisis.crisis,
            subject=CrisisSubject(kind=crisis.kind, id=crisis.about),
            complaints=complaints,
            people=people,
            scope=scope,
            by=by,
            proposal=crisis.proposal,
            next_update=next_update,
        ),
        rule=CRISIS,
        key=f"{crisis.crisis}/{scope}",
        about=crisis.crisis,
    )
    opened = crisis.opened_at or turn.now
    crisis = replace(crisis, stage=scope, opened_at=opened, hot_until=max(crisis.hot_until, turn.now))
    turn.put(crisis)
    climate = turn.get(Climate) or Climate()
    turn.put(replace(climate, crises=tuple(sorted({*climate.crises, crisis.crisis}))))
    turn.arm(UPDATE, crisis.crisis, next_update)
    _arm_close(turn, crisis)
    if scope == "full":
        voice.opened(turn, crisis, decided, why, by)


def declared(turn: Turn, event: AnyEvent) -> None:
    """A human opens a crisis, proposed or not."""
    data = event.data
    crisis = turn.get(Crisis, data.crisis) or Crisis(
        crisis=data.crisis,
        stage="proposed",
        kind="named",
        about=data.value or data.why or data.crisis,
        since=turn.now,
        hot_until=turn.now,
        evidence=(event.id,),
    )
    _by_a_human(turn, crisis, by=data.by, evidence=event.id)


def _by_a_human(turn: Turn, crisis: Crisis, *, by: str, evidence: str) -> None:
    if crisis.stage == "full":
        return
    _recall_proposal(turn, crisis, why="opened")
    why = because(CRISIS, threshold="a human's word", actual=by, evidence=(*_evidence(crisis), evidence))
    _open(turn, crisis, scope="full", by=by, why=why)


def _recall_proposal(turn: Turn, crisis: Crisis, *, why: str) -> None:
    for to in (CORE_TEAM, RELAYS):
        turn.recall(CRISIS, crisis.crisis, to=to, why=why)


def dismissed(turn: Turn, event: AnyEvent) -> None:
    """A human says that it is no crisis, or no longer."""
    crisis = turn.get(Crisis, event.data.crisis)
    if crisis is not None:
        dismiss(turn, crisis, by=event.data.by, evidence=event.id)


def dismiss(turn: Turn, crisis: Crisis, *, by: str, evidence: str) -> None:
    """It is over by a human's word, and not proposed again for as long as a calm takes to close one."""
    outcry = turn.get(Outcry, f"{crisis.kind}:{crisis.about}")
    if outcry is not None:
        calm = turn.now + timedelta(hours=turn.playbook.support.crisis_closes_hours)
        turn.put(replace(outcry, calm_until=calm))
    why = because(CRISIS, threshold="a human's word", actual=by, evidence=(*_evidence(crisis), evidence))
    _close(turn, crisis, reason="dismissed", by=by, why=why)


def answered(turn: Turn, event: AnyEvent) -> None:
    """A tap of the core team or a relay: open, dismiss, publish the holding reply, close."""
    data = event.data
    asked = turn.asked(data.request)
    if asked is None or asked.rule not in {CRISIS, voice.OPENED, voice.UPDATE}:
        return
    crisis = turn.get(Crisis, asked.key.partition("#")[0])
    if crisis is None:
        return
    by = data.by or data.member
    match data.answer:
        case "open":
            _by_a_human(turn, crisis, by=by, evidence=event.id)
        case "dismiss" | "close":
            dismiss(turn, crisis, by=by, evidence=event.id)
        case "publish":
            voice.held(turn, crisis, by=by, evidence=(*_evidence(crisis), event.id))
        case _:
            pass


def update_due(turn: Turn, key: str, _due: datetime) -> None:
    """Every few hours: how it stands, and the core team is asked for a word."""
    crisis = turn.get(Crisis, key)
    if crisis is None or crisis.opened_at is None or crisis.stage == "proposed":
        return
    hours = turn.playbook.support.crisis_update_hours
    next_update = turn.now + timedelta(hours=hours)
    complaints, people = _recent(turn, crisis)
    why = because(CRISIS, threshold=f"every {hours} h", actual=complaints, evidence=_evidence(crisis))
    decided = say(
        turn,
        CrisisUpdated(
            **head(turn),
            because=(why,),
            crisis=crisis.crisis,
            subject=CrisisSubject(kind=crisis.kind, id=crisis.about),
            complaints=complaints,
            people=people,
            scope="full" if crisis.stage == "full" else "inside",
            opened_at=crisis.opened_at,
            next_update=next_update,
        ),
        rule=CRISIS,
        key=f"{crisis.crisis}/{turn.now.isoformat()}",
        about=crisis.crisis,
    )
    turn.arm(UPDATE, crisis.crisis, next_update)
    voice.updated(turn, crisis, decided, why, complaints)


def close_due(turn: Turn, key: str, due: datetime) -> None:
    """A day below: it is over."""
    crisis = turn.get(Crisis, key)
    if crisis is None:
        return
    hours = turn.playbook.support.crisis_closes_hours
    calm = (due - crisis.hot_until) // timedelta(hours=1)
    why = because(CRISIS, threshold=f"{hours} h below", actual=calm, evidence=_evidence(crisis))
    _close(turn, crisis, reason="quiet", by=None, why=why)


def _close(turn: Turn, crisis: Crisis, *, reason: Literal["quiet", "dismissed"], by: str | None, why: Because) -> None:
    for kind in (OPENS, UPDATE, CLOSE):
        turn.disarm(kind, crisis.crisis)
    decided = say(
        turn,
        CrisisClosed(
            **head(turn),
            because=(why,),
            crisis=crisis.crisis,
            subject=CrisisSubject(kind=crisis.kind, id=crisis.about),
            reason=reason,
            by=by,
            opened_at=crisis.opened_at,
            complaints=crisis.complaints,
            people=len(crisis.people) + crisis.gone,
        ),
        rule=CRISIS,
        key=crisis.crisis,
        about=crisis.crisis,
    )
    turn.drop(Crisis, crisis.crisis)
    climate = turn.get(Climate) or Climate()
    turn.put(replace(climate, crises=tuple(name for name in climate.crises if name != crisis.crisis)))
    _recall_proposal(turn, crisis, why="over")
    if crisis.stage == "proposed":
        return
    voice.closed(turn, crisis, decided, why, quiet=reason == "quiet")
