"""How many answered a prompt, counted for the last time; one with too few, too often, is used no more."""

from datetime import timedelta

from msgspec.structs import replace

from contracts.decisions import PromptRetired
from contracts.envelope import Because
from contracts.reasons import because
from contracts.turn import Turn
from digest.state import Floor, Use


def floor_of(turn: Turn) -> Floor:
    """Who has the floor; nobody at first."""
    return turn.get(Floor) or Floor()


def judge(turn: Turn, *, done: bool = False) -> None:
    """Count the answers to the last prompt for the last time; one with too few, too often, is retired.

    Args:
        turn: the turn.
        done: another one is about to follow it; otherwise its days must be over.
    """
    floor = floor_of(turn)
    figures = turn.playbook.digest
    last = floor.last
    if last is None or last.judged:
        return
    if not done and turn.now < last.at + timedelta(days=figures.prompt_judged_days):
        return
    turn.put(replace(floor, last=replace(last, judged=True)))
    use = turn.get(Use, last.prompt)
    if use is None or not use.lasting or last.muted or last.answers >= figures.prompt_least_answers:
        return
    poor = use.times_poor + 1
    turn.put(replace(use, times_poor=poor))
    if poor < figures.prompt_retired_after:
        return
    reason = because(
        "freshness.retired",
        threshold=f"fewer than {figures.prompt_least_answers} answers, {figures.prompt_retired_after} times",
        actual=last.answers,
        evidence=(last.decision, last.answered_by),
    )
    retire(turn, last.prompt, reason, answers=last.answers, human=False)


def retire(turn: Turn, prompt: str, reason: Because, *, answers: int, human: bool) -> None:
    """A prompt is not used again."""
    known = turn.get(Use, prompt) or Use(prompt=prompt, used_at=turn.now)
    if known.retired:
        return
    turn.put(replace(known, retired=True))
    turn.decide(
        PromptRetired(
            community=turn.slug,
            playbook=turn.version,
            because=(reason,),
            prompt=prompt,
            reason="human" if human else "unanswered",
            answers=answers,
        ),
        rule="freshness.retired",
        key=prompt,
    )
