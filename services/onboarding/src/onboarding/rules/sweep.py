"""Once a day: what can no longer matter is dropped, so that no table grows with history."""

from datetime import datetime, time, timedelta

from msgspec.structs import replace

from contracts.playbook import Playbook
from contracts.turn import Turn
from onboarding.rules.climate import forget_surges
from onboarding.rules.clocks import DAY, next_daily, today
from onboarding.state import SAID_OF_DAY, THREADS_OF_DAY, Newcomer, Said, Thread

AT = time(4, 30)
KEPT_DAYS = 30
LONGEST_WAIT = timedelta(days=180)


def due(playbook: Playbook, after: datetime) -> datetime:
    """The next 04:30, strictly after an instant."""
    return next_daily(playbook, AT, after)


def _is_still_waited_for(turn: Turn, thread: Thread) -> bool:
    """Whether a newcomer's first post stands in it without any human reply, which may still come, late."""
    for author in thread.awaiting:
        newcomer = turn.get(Newcomer, author)
        if newcomer is None or newcomer.joined_at is None or newcomer.replied_at is not None:
            continue
        post = newcomer.first_post
        if post is not None and post.thread == thread.thread and turn.now - post.at < LONGEST_WAIT:
            return True
    return False


def fire(turn: Turn, _due: datetime) -> None:
    """Threads in which nobody wrote for 30 days, decisions of 30 days ago, surges that are over.

    Two days are swept each time: one that a change of the community's zone skipped is caught the day after.
    """
    for passed in (KEPT_DAYS + 1, KEPT_DAYS + 2):
        day = (today(turn) - passed * DAY).isoformat()
        for thread in turn.find(THREADS_OF_DAY, day):
            if _is_still_waited_for(turn, thread):
                turn.put(replace(thread, day=today(turn), open=False))
            else:
                turn.drop(Thread, thread.thread)
        for said in turn.find(SAID_OF_DAY, day):
            turn.drop(Said, said.decision)
    forget_surges(turn)
