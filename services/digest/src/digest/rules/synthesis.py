"""The weekly synthesis: drafted the business day before, edited by somebody or by nobody, published in its hour."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.activity import iso_week, local_day
from contracts.decisions import SynthesisDrafted, SynthesisItem, SynthesisPublished, SynthesisSection
from contracts.envelope import AnyEvent
from contracts.naming import name_of
from contracts.people import is_staff
from contracts.reasons import because
from contracts.skills import skills_named
from contracts.turn import Message, Turn, Value
from digest.rules import editor, meetups, notes, prompts, sections
from digest.rules.bank import Bank
from digest.rules.rhythm import recent
from digest.rules.schedule import publishes_at
from digest.rules.speech import climate_of, general_place, signed_by, to_place
from digest.rules.times import DAY, today
from digest.state import Candidate, Thread
from digest.state_sets import FEEDBACK_ANSWERED
from digest.state_told import Arrival, Feedback, Item, Promise, Section, Synthesis

SYNTHESIS = "synthesis"
"""The rule, the kind of its messages, the deadline of its publication and the calendar rule of its draft."""
KINDS = ("threads", "thanks", "newcomers", "questions", "question_of_the_week", "meetups", "outcomes")


def draft(turn: Turn, _due: datetime, *, bank: Bank) -> None:
    """Gather the week; with enough in it, ask an editor."""
    if turn.backfill:
        return
    found, candidate = sections.gathered(turn, bank=bank)
    figures = turn.playbook.digest
    kinds = sections.weight_of(found)
    out = publishes_at(turn)
    name = iso_week(local_day(out, turn.playbook.zone))
    if kinds < figures.synthesis_least_kinds:
        heard = climate_of(turn).heard_by
        if heard is not None:
            notes.put(turn, slot="held", kind="synthesis_thin", about=SYNTHESIS, by=heard, count=kinds, days=2)
        return
    evidence = (item.by for section in found for item in section.items)
    reason = because(SYNTHESIS, threshold=figures.synthesis_least_kinds, actual=kinds, evidence=evidence)
    candidates = editor.candidates(turn, found, asked=())
    drafted = turn.decide(
        SynthesisDrafted(
            community=turn.slug,
            playbook=turn.version,
            because=(reason,),
            synthesis=name,
            week=name,
            sections=_said(found),
            publishes_at=out,
            editor=candidates[0].member if candidates else None,
        ),
        rule=SYNTHESIS,
    )
    turn.put(replace(climate_of(turn), drafted_at=turn.now))
    week_ago = today(turn) - 6 * DAY
    synthesis = Synthesis(
        synthesis=name,
        week=name,
        publishes_at=out,
        drafted=drafted,
        sections=found,
        solved=sum(day.answered for day in recent(turn, week_ago, today(turn))),
        prompt=candidate,
    )
    turn.arm(SYNTHESIS, "", out)
    editor.ask_next(turn, synthesis, words=words_of(turn, synthesis))


def _said(found: tuple[Section, ...]) -> tuple[SynthesisSection, ...]:
    return tuple(
        SynthesisSection(
            kind=section.kind,
            items=tuple(
                SynthesisItem(id=item.id, title=item.title, members=item.members, figure=item.figure)
                for item in section.items
            ),
        )
        for section in found
    )


def words_of(turn: Turn, synthesis: Synthesis) -> Mapping[str, Value]:
    """What the template of the synthesis prints."""
    lines: dict[str, Value] = {kind: [] for kind in KINDS}
    lines |= {
        section.kind: [_line(turn, section.kind, item) for item in section.items] for section in synthesis.sections
    }
    return {
        **lines,
        "kinds": [section.kind for section in synthesis.sections],
        "solved": synthesis.solved,
        "open": sum(len(section.items) for section in synthesis.sections if section.kind == "questions"),
        "signed_by": signed_by(turn),
        "editor": name_of(turn, synthesis.edited_by) if synthesis.edited_by is not None else None,
    }


def _skills(turn: Turn, item: Item) -> list[Value]:
    """What a newcomer said they know about, in the playbook's words."""
    person = turn.person(item.id)
    labels = meetups.labels_of(turn)
    known = skills_named(turn.playbook.skill_index, person.skills if person is not None else ())
    most = turn.playbook.onboarding.introduction_skills_most
    return [labels.get(skill) or skill.replace("-", " ") for skill in known[:most]]


def _line(turn: Turn, kind: str, item: Item) -> dict[str, Value]:
    return {
        "title": item.title,
        "names": [name_of(turn, member) for member in item.members],
        "skills": _skills(turn, item) if kind == "newcomers" else [],
        "figure": item.figure,
        "kind": item.kind,
        "why": item.why,
        "url": item.url,
        "at": item.at.isoformat() if item.at is not None else None,
    }


def edited(turn: Turn, event: AnyEvent) -> None:
    """The editor, or somebody of the core team, wrote it in their own words."""
    data = event.data
    synthesis = turn.get(Synthesis)
    if synthesis is None or synthesis.synthesis != data.synthesis or not data.text.strip():
        return
    if data.member not in synthesis.asked and not is_staff(turn.person(data.member), data.member, turn.playbook):
        return
    turn.put(replace(synthesis, text=data.text, edited_by=data.member, edited=event.id))
    notes.settle(turn, SYNTHESIS, slot="waiting")


def publish(turn: Turn, _key: str, _due: datetime) -> None:
    """Its hour has come: it goes out as edited, or as drafted, without what may no longer be said."""
    synthesis = turn.get(Synthesis)
    if synthesis is None:
        return
    turn.drop(Synthesis)
    notes.settle(turn, SYNTHESIS, slot="waiting")
    if synthesis.stopped or turn.backfill:
        return
    found, lost = sections.still(turn, synthesis.sections)
    if lost:
        # The editor's words may speak of what must not be read any more.
        synthesis = replace(synthesis, text=None, edited_by=None, edited=None)
    kinds = sections.weight_of(found)
    if kinds < turn.playbook.digest.synthesis_least_kinds:
        notes.put(turn, slot="held", kind="synthesis_thin", about=SYNTHESIS, by=synthesis.drafted, count=kinds, days=2)
        return
    _go_out(turn, replace(synthesis, sections=found), kinds)


def _go_out(turn: Turn, synthesis: Synthesis, kinds: int) -> None:
    values = dict(words_of(turn, synthesis))
    template = SYNTHESIS
    if synthesis.text is not None:
        template, values = "synthesis_edited", {**values, "text": synthesis.text}
    words = turn.render(template, values)
    channel = general_place(turn)
    reason = because(
        SYNTHESIS,
        threshold=turn.playbook.digest.synthesis_least_kinds,
        actual=kinds,
        evidence=(synthesis.drafted, synthesis.edited),
    )
    published = turn.decide(
        SynthesisPublished(
            community=turn.slug,
            playbook=turn.version,
            because=(reason,),
            synthesis=synthesis.synthesis,
            week=synthesis.week,
            sections=_said(synthesis.sections),
            editor=synthesis.edited_by,
            channel=channel,
            title=words.title,
            text=words.text,
            markdown=words.markdown,
            html=words.html,
        ),
        rule=SYNTHESIS,
    )
    mentions = dict.fromkeys(sections.names_in(synthesis.sections))
    mentions |= {synthesis.edited_by: None} if synthesis.edited_by is not None else {}
    turn.request(
        Message(
            key=synthesis.synthesis,
            rule=SYNTHESIS,
            kind=SYNTHESIS,
            template=template,
            to=to_place(turn, channel),
            purse="none",
            lifetime=timedelta(days=7),
            values=values,
            serves=published,
            mentions=tuple(mentions),
            because=(reason,),
        )
    )
    _told(turn, synthesis, published)


def _told(turn: Turn, synthesis: Synthesis, published: str) -> None:
    """What was said once is not said again: questions had their turn, outcomes and newcomers are told."""
    for section in synthesis.sections:
        for item in section.items:
            match section.kind:
                case "questions":
                    thread = turn.get(Thread, item.id)
                    if thread is not None:
                        turn.put(replace(thread, shown=thread.shown + 1))
                case "newcomers":
                    turn.drop(Arrival, item.id)
                case "outcomes":
                    _outcome_told(turn, item)
                case "question_of_the_week" if synthesis.prompt is not None and item.kind == sections.NEW_QUESTION:
                    _prompt(turn, synthesis.prompt, synthesis.synthesis, published)
                case _:
                    pass


def _outcome_told(turn: Turn, item: Item) -> None:
    feedback = turn.get(Feedback, item.id)
    if feedback is not None and feedback.outcome == item.kind:
        turn.drop(Feedback, item.id)
    promise = turn.get(Promise, item.id)
    if promise is not None and item.kind in {"kept", "late"}:
        turn.put(replace(promise, told=item.kind))


def _prompt(turn: Turn, candidate: Candidate, key: str, published: str) -> None:
    reason = because("synthesis.question", threshold="one a week", actual=candidate.source, evidence=(published,))
    prompts.publish(turn, candidate, (reason,), key=key, speak=False)


def stop(turn: Turn) -> None:
    """A human said that this one does not go out."""
    synthesis = turn.get(Synthesis)
    if synthesis is not None:
        editor.recall(turn, synthesis, why="stopped")
        turn.put(replace(synthesis, stopped=True, editor=None))


def sweep(turn: Turn) -> None:
    """Outcomes that no synthesis could quote, and those of long ago, are not kept for ever."""
    oldest = turn.now - timedelta(days=60)
    for feedback in turn.find(FEEDBACK_ANSWERED):
        if feedback.answered_at is not None and feedback.answered_at < oldest:
            turn.drop(Feedback, feedback.feedback)


def forget(turn: Turn, member: str) -> None:
    """A draft without somebody who is forgotten: their entries go, and an editor's words that may name them."""
    synthesis = turn.get(Synthesis)
    if synthesis is None:
        return
    named = member in sections.names_in(synthesis.sections) or synthesis.edited_by == member
    prompt = synthesis.prompt
    own = prompt is not None and prompt.chosen_by == member
    kept = []
    for section in synthesis.sections:
        items = tuple(
            replace(item, members=tuple(name for name in item.members if name != member))
            for item in section.items
            if (item.members != (member,) or section.kind == "meetups")
            and not (own and item.kind == sections.NEW_QUESTION)
        )
        if items:
            kept.append(replace(section, items=items))
    synthesis = replace(
        synthesis,
        sections=tuple(kept),
        prompt=None if own else prompt,
        asked=tuple(name for name in synthesis.asked if name != member),
        text=None if named else synthesis.text,
        edited_by=None if named else synthesis.edited_by,
        edited=None if named else synthesis.edited,
    )
    turn.put(synthesis)
    if synthesis.editor == member:
        editor.ask_next(turn, replace(synthesis, editor=None), words=words_of(turn, synthesis))
