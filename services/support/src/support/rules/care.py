"""Care: words of distress or violence. Humans only, the core team at once, at any hour; nothing else happens."""

from datetime import timedelta

from msgspec.structs import replace

from contracts.decisions import CareNeeded
from contracts.envelope import AnyEvent
from contracts.facts import PostCreated
from contracts.naming import name_of
from contracts.reasons import because
from contracts.turn import Turn
from support.rules import helpers, next_answer, suggestions
from support.rules.speech import call_back, channel_label, head, is_hidden, say, tell_team
from support.state import Question, Thread

CARE = "care"


def needed(turn: Turn, thread: Thread, event: AnyEvent, nature: str) -> Thread:
    """A post with such words. Answers the thread, not yet put."""
    data: PostCreated = event.data
    return found(
        turn,
        thread,
        member=data.member,
        post=data.post,
        channel=data.channel,
        url=data.url,
        nature=nature,
        by=event.id,
    )


def found(
    turn: Turn, thread: Thread, *, member: str, post: str, channel: str, url: str | None, nature: str, by: str
) -> Thread:
    """Somebody may need humans now; the thread is theirs from here on. Answers the thread, not yet put."""
    why = because(CARE, threshold=nature, actual=1, evidence=(by,))
    decided = say(
        turn,
        CareNeeded(
            **head(turn),
            because=(why,),
            member=member,
            post=post,
            thread=thread.thread,
            channel=channel,
            nature=nature,
        ),
        rule=CARE,
        key=post,
        about=thread.thread,
        who=member,
    )
    tell_team(
        turn,
        key=post,
        rule=CARE,
        template="care",
        lifetime=timedelta(hours=turn.playbook.lifetimes.relay_ask_hours),
        values={
            "name": None if is_hidden(turn, thread) else name_of(turn, member),
            "channel": channel_label(turn, channel),
            "url": url,
            "violence": nature == "violence",
        },
        because=(why,),
        urgent=True,
        thread=thread.thread,
        serves=decided,
        mentions=(member,),
    )
    question = thread.question
    if question is not None and question.status != "cancelled":
        question = hushed(turn, thread, question, by=by)
    return replace(thread, troubled=True, question=question)


def hushed(turn: Turn, thread: Thread, question: Question, *, by: str) -> Question:
    """From here on for humans of the core team only: asks, lines and suggestions are called back. Not yet put."""
    turn.disarm(suggestions.SUGGESTION, thread.thread)
    turn.disarm(next_answer.NEXT, thread.thread)
    suggestions.unshelve(turn, thread.thread)
    question = helpers.call_off(turn, thread, question, "withdrawn", evidence=by)
    question = call_back(turn, question, why="care")
    return replace(question, nature="care", priority="urgent", waits_since=None, waits_by=None)
