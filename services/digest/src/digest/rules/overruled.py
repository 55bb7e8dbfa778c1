"""What a human undoes."""

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.reasons import because
from contracts.turn import Turn
from digest.rules import arrivals, editor, notes, prompts, retiring, synthesis
from digest.rules.speech import general_place, to_place
from digest.state_told import Synthesis


def overruled(turn: Turn, event: AnyEvent) -> None:
    """The manager overrules a decision: what it led to and has not happened yet does not happen."""
    decision = event.data.decision
    floor = retiring.floor_of(turn)
    if prompts.is_offer_of(floor.offer, decision):
        prompts.drop_offer(turn, why="overruled")
    last = floor.last
    if last is not None and last.decision == decision:
        turn.recall(prompts.PROMPT, last.key, to=to_place(turn, general_place(turn)), why="overruled")
        reason = because("freshness.retired", threshold="a human's word", actual=event.data.by, evidence=(event.id,))
        retiring.retire(turn, last.prompt, reason, answers=last.answers, human=True)
        fresh = retiring.floor_of(turn)
        turn.put(replace(fresh, last=replace(last, judged=True, answers=max(last.answers, 1))))
    draft = turn.get(Synthesis)
    if draft is not None and draft.drafted == decision:
        synthesis.stop(turn)
    arrivals.overruled(turn, event)
    notes.overruled(turn, event)
    _editor_undone(turn, decision)


def _editor_undone(turn: Turn, decision: str) -> None:
    """Somebody who was asked to edit need not."""
    draft = turn.get(Synthesis)
    if draft is None or draft.editor is None or draft.asked_by != decision:
        return
    editor.recall(turn, draft, why="overruled")
    waiting = replace(draft, editor=None)
    editor.ask_next(turn, waiting, words=synthesis.words_of(turn, waiting))
