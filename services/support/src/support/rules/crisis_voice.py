"""What is said in a crisis: to the core team and the relays, and, when a human publishes it, to everybody."""

from datetime import timedelta

from contracts.envelope import Because
from contracts.naming import CORE_TEAM, RELAYS, name_of
from contracts.reasons import because
from contracts.turn import Act, Message, To, Turn
from support.rules.speech import channel_for, channel_label
from support.state import Crisis, Thread

CRISIS = "crisis"
OPENED, UPDATE, CLOSED, HOLDING = "crisis_opened", "crisis_update", "crisis_closed", "crisis_holding"


def subject_words(turn: Turn, kind: str, about: str) -> str:
    """A subject as texts name it."""
    if kind == "channel":
        return channel_label(turn, about) or about
    if kind == "thread":
        thread = turn.get(Thread, about)
        return (thread.title if thread is not None else None) or about
    return about


def opened(turn: Turn, crisis: Crisis, decided: str, why: Because, by: str | None) -> None:
    """The core team gets a draft of the holding reply with a publish button; nothing goes out by itself."""
    for to in (CORE_TEAM, RELAYS):
        turn.request(
            Message(
                key=crisis.crisis,
                rule=OPENED,
                kind=CRISIS,
                template="crisis_opened",
                to=to,
                purse="none",
                lifetime=timedelta(hours=turn.playbook.lifetimes.crisis_hours),
                values={
                    "subject": subject_words(turn, crisis.kind, crisis.about),
                    "by": name_of(turn, by) if by is not None else None,
                    "draft": to == CORE_TEAM,
                },
                priority="high",
                actions=(Act(id="publish", label="publish"), Act(id="close", label="close_crisis"))
                if to == CORE_TEAM
                else (),
                serves=decided,
                because=(why,),
            )
        )


def held(turn: Turn, crisis: Crisis, *, by: str, evidence: tuple[str, ...]) -> None:
    """A human publishes the holding reply: where the complaints are, signed by a person."""
    channel = crisis.about if crisis.kind == "channel" else crisis.channel
    channel = channel or channel_for(turn, "general")[0]
    why = because(HOLDING, threshold="a human publishes it", actual=by, evidence=evidence)
    turn.request(
        Message(
            key=crisis.crisis,
            rule=HOLDING,
            kind=CRISIS,
            template="crisis_holding",
            to=To(kind="channel", id=channel),
            purse="none",
            lifetime=timedelta(hours=turn.playbook.lifetimes.crisis_hours),
            # In public only what anybody can see is named: a tag, or the words a human chose.
            values={
                "subject": crisis.about if crisis.kind in {"tag", "named"} else None,
                "signed": name_of(turn, by),
            },
            thread=crisis.thread,
            priority="high",
            because=(why,),
        )
    )


def updated(turn: Turn, crisis: Crisis, decided: str, why: Because, complaints: int) -> None:
    """How it stands; the core team is asked for a word."""
    if crisis.opened_at is None:
        return
    turn.request(
        Message(
            key=f"{crisis.crisis}#{turn.now.isoformat()}",
            rule=UPDATE,
            kind=CRISIS,
            template="crisis_update",
            to=CORE_TEAM,
            purse="none",
            lifetime=timedelta(hours=turn.playbook.lifetimes.crisis_hours),
            values={
                "subject": subject_words(turn, crisis.kind, crisis.about),
                "complaints": complaints,
                "total": crisis.complaints,
                "people": len(crisis.people) + crisis.gone,
                "opened_at": crisis.opened_at.isoformat(),
                "inside": crisis.stage != "full",
            },
            priority="high",
            actions=(
                *((Act(id="open", label="open_crisis"),) if crisis.stage != "full" else ()),
                *((Act(id="publish", label="publish"),) if crisis.stage == "full" else ()),
                Act(id="close", label="close_crisis"),
            ),
            serves=decided,
            because=(why,),
        )
    )


def closed(turn: Turn, crisis: Crisis, decided: str, why: Because, *, quiet: bool) -> None:
    """It is over: whoever was told that it was on is told."""
    for to in (CORE_TEAM, RELAYS) if crisis.stage == "full" else (CORE_TEAM,):
        turn.request(
            Message(
                key=crisis.crisis,
                rule=CLOSED,
                kind=CRISIS,
                template="crisis_closed",
                to=to,
                purse="none",
                lifetime=timedelta(hours=turn.playbook.lifetimes.crisis_hours),
                values={
                    "subject": subject_words(turn, crisis.kind, crisis.about),
                    "total": crisis.complaints,
                    "people": len(crisis.people) + crisis.gone,
                    "quiet": quiet,
                },
                serves=decided,
                because=(why,),
            )
        )
