"""Who edits the synthesis: somebody of a high stratum, by skill, not twice in six weeks; else the core team."""

from collections.abc import Mapping
from datetime import timedelta

from msgspec.structs import replace

from contracts.activity import local_day
from contracts.choice import stable_hash
from contracts.community import is_muted
from contracts.decisions import EditorAsked
from contracts.envelope import AnyEvent
from contracts.identity import EPOCH
from contracts.naming import CORE_TEAM, name_of, to_member
from contracts.office_time import office_time_between
from contracts.people import is_bot, is_staff, may_be_asked, stopped
from contracts.reasons import because
from contracts.skills import shared_skills
from contracts.turn import Act, Message, Turn, Value
from digest.rules import notes
from digest.rules.times import today
from digest.state import Thread
from digest.state_sets import EDITORS
from digest.state_told import Editor, Section, Synthesis

EDITOR = "editor"
"""The rule, and the kind of its messages."""
STRATA = ("listening", "taking_part", "lending_a_hand", "holding_up", "relay")
RELAY = 4
MOST_ASKED = 3


def stratum_moved(turn: Turn, event: AnyEvent) -> None:
    """Recognition's word on how large a part somebody takes."""
    data = event.data
    stratum = STRATA.index(data.stratum)
    known = turn.get(Editor, data.member)
    if stratum >= turn.playbook.digest.editor_stratum:
        asked_at = known.asked_at if known is not None else None
        turn.put(Editor(member=data.member, stratum=stratum, told_by=event.id, asked_at=asked_at))
    elif known is not None:
        turn.drop(Editor, data.member)


def candidates(turn: Turn, sections: tuple[Section, ...], *, asked: tuple[str, ...]) -> tuple[Editor, ...]:
    """Who could edit, best first: shared skills, then asked longest ago, then a stable hash."""
    figures = turn.playbook.digest
    rested = today(turn) - timedelta(weeks=figures.editor_rest_weeks)
    tags = _tags(turn, sections)
    fit = []
    for row in turn.find(EDITORS):
        person = turn.person(row.member)
        if row.stratum < figures.editor_stratum or row.member in asked or person is None:
            continue
        if is_bot(person) or is_staff(person, row.member, turn.playbook) or not person.profiling:
            continue
        rests = row.asked_at is not None and local_day(row.asked_at, turn.playbook.zone) > rested
        if rests or not may_be_asked(person, turn.now) or stopped(person, EDITOR):
            continue
        shared = len(shared_skills(turn.playbook.skill_index, person.skills, tags))
        fit.append(((-shared, row.asked_at or EPOCH, stable_hash(turn.slug, row.member), row.member), row))
    return tuple(row for _, row in sorted(fit, key=lambda pair: pair[0]))


def _tags(turn: Turn, sections: tuple[Section, ...]) -> tuple[str, ...]:
    """What the threads in it are about."""
    tags: dict[str, None] = {}
    for section in sections:
        if section.kind in {"threads", "questions"}:
            for item in section.items:
                thread = turn.get(Thread, item.id)
                tags |= dict.fromkeys(thread.tags if thread is not None else ())
    return tuple(tags)


def ask_next(turn: Turn, synthesis: Synthesis, *, words: Mapping[str, Value]) -> None:
    """Ask the best editor who was not asked yet, while enough office hours are left; else the core team has it."""
    figures = turn.playbook.digest
    left = office_time_between(turn.playbook.office, turn.now, synthesis.publishes_at)
    enough = left >= timedelta(hours=figures.draft_least_office_hours)
    fit = candidates(turn, synthesis.sections, asked=synthesis.asked)
    if not fit or not enough or len(synthesis.asked) >= MOST_ASKED:
        turn.put(replace(synthesis, editor=None))
        _ask_team(turn, synthesis, words)
        return
    best = fit[0]
    person = turn.person(best.member)
    matched = shared_skills(
        turn.playbook.skill_index, person.skills if person is not None else (), _tags(turn, synthesis.sections)
    )
    reason = because(
        EDITOR,
        threshold=f"stratum {figures.editor_stratum}, not within {figures.editor_rest_weeks} weeks",
        actual=best.stratum,
        evidence=(synthesis.drafted, best.told_by),
    )
    asked = turn.decide(
        EditorAsked(
            community=turn.slug,
            playbook=turn.version,
            because=(reason,),
            synthesis=synthesis.synthesis,
            member=best.member,
            attempt=len(synthesis.asked) + 1,
            matched_skills=matched,
            expires_at=synthesis.publishes_at,
        ),
        rule=EDITOR,
        key=best.member,
    )
    named = (*synthesis.asked, best.member)
    turn.put(replace(synthesis, editor=best.member, asked=named, asked_by=asked, accepted=False))
    if not is_muted(turn.community, EDITOR):
        turn.put(replace(best, asked_at=turn.now))
    taps = (
        Act(id="yes", label="edit", fact={"type": "ask.accepted", "data": {}}),
        Act(id="not_this_time", label="not_this_time", fact={"type": "ask.declined", "data": {}}),
    )
    turn.request(
        Message(
            key=synthesis.synthesis,
            rule=EDITOR,
            kind=EDITOR,
            template=EDITOR,
            to=to_member(best.member),
            # A relay said yes to duties; anybody else gives us their attention.
            purse="duty" if best.stratum >= RELAY else "attention",
            lifetime=synthesis.publishes_at - turn.now,
            values={
                "name": name_of(turn, best.member),
                "draft": turn.render("synthesis", words).text,
                "publishes_at": synthesis.publishes_at.isoformat(),
                "synthesis": synthesis.synthesis,
            },
            actions=taps,
            serves=asked,
            mentions=_names(synthesis),
            because=(reason,),
        )
    )


def _ask_team(turn: Turn, synthesis: Synthesis, words: Mapping[str, Value]) -> None:
    reason = because(EDITOR, threshold="an editor", actual="nobody", evidence=(synthesis.drafted,))
    turn.request(
        Message(
            key=synthesis.synthesis,
            rule=EDITOR,
            kind=EDITOR,
            template="synthesis_draft",
            to=CORE_TEAM,
            purse="none",
            lifetime=max(synthesis.publishes_at - turn.now, timedelta(minutes=1)),
            values={
                "draft": turn.render("synthesis", words).text,
                "publishes_at": synthesis.publishes_at.isoformat(),
                "synthesis": synthesis.synthesis,
            },
            serves=synthesis.drafted,
            mentions=_names(synthesis),
            because=(reason,),
        )
    )
    notes.put(turn, slot="waiting", kind="edit", about="synthesis", by=synthesis.drafted, weight=40, days=3)


def _names(synthesis: Synthesis) -> tuple[str, ...]:
    """Whom the draft names: one of them who is forgotten goes from the messages too."""
    return tuple(
        dict.fromkeys(member for section in synthesis.sections for item in section.items for member in item.members)
    )


def recall(turn: Turn, synthesis: Synthesis, *, why: str) -> None:
    """Nobody need edit it any more."""
    if synthesis.editor is not None:
        turn.recall(EDITOR, synthesis.synthesis, to=to_member(synthesis.editor), why=why)


def accepted(turn: Turn, event: AnyEvent) -> None:
    """The editor said yes."""
    synthesis = _asked_in(turn, event.data.request, event.data.member)
    if synthesis is not None:
        turn.put(replace(synthesis, accepted=True))


def refused(turn: Turn, event: AnyEvent) -> Synthesis | None:
    """The synthesis whose editor said: not this time; None when this was about something else."""
    synthesis = _asked_in(turn, event.data.request, event.data.member)
    return replace(synthesis, editor=None) if synthesis is not None else None


def _asked_in(turn: Turn, request: str, member: str) -> Synthesis | None:
    synthesis = turn.get(Synthesis)
    if synthesis is None or synthesis.editor != member:
        return None
    asked = turn.asked(request)
    fits = asked is not None and asked.rule == EDITOR and asked.key == synthesis.synthesis
    return synthesis if fits else None


def lost(turn: Turn, member: str, *, why: str) -> Synthesis | None:
    """The synthesis whose editor is no longer there; None when nobody waited for them."""
    synthesis = turn.get(Synthesis)
    if synthesis is None or synthesis.editor != member or synthesis.text is not None:
        return None
    recall(turn, synthesis, why=why)
    return replace(synthesis, editor=None)
