"""Taking back: a deleted or moderated post takes with it what it earned; a restored one brings it back."""

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.naming import one_line
from contracts.people import is_staff
from contracts.sensitive import said, sensitive
from contracts.skills import skills_named
from contracts.turn import Turn
from recognition.rules import answers, contributions, fairness, gaming
from recognition.rules.clocks import today
from recognition.rules.counting import activity_of, counts, day_at, got
from recognition.rules.ledger import Reason, give_back, lines_about, standing_lines, take_back
from recognition.rules.strata import judge
from recognition.state import PAIRS_RECEIVED, Activity
from recognition.state_threads import Post, Thread

_REMOVING = ("delete", "remove", "hide", "spam", "suspend", "supprim", "retir", "masqu")
_GIVES_BACK: frozenset[str] = frozenset({"deleted", "moderated"})


def deleted(turn: Turn, event: AnyEvent) -> None:
    """A post is gone, and with it what it earned; one that is still to come will earn nothing."""
    data = event.data
    known = turn.get(Post, data.post)
    if known is not None and known.gone:
        return
    post = known or Post(post=data.post, thread=data.thread, touched_on=today(turn))
    turn.put(replace(post, gone=True, waiting=()))
    _taken(turn, post, "deleted", event.id)
    _title_gone(turn, post)


def moderated(turn: Turn, event: AnyEvent) -> None:
    """A moderator judged a post: an upheld flag counts against its author; a post that was removed earns nothing."""
    data = event.data
    post = turn.get(Post, data.post)
    action = data.action.casefold()
    removed = data.upheld is True or (data.upheld is None and any(word in action for word in _REMOVING))
    if post is None or not removed:
        return
    if data.upheld is True and post.member is not None and counts(turn, post.member) and not post.gone:
        got(turn, post.member, today(turn).toordinal(), flags=1)
    _taken(turn, post, "moderated", event.id)


def _taken(turn: Turn, post: Post, reason: Reason, by: str) -> None:
    lines = standing_lines(lines_about(turn, post.post))
    idle = _uncounted(turn, post) if reason == "deleted" else False
    people = dict.fromkeys(line.member for line in lines)
    for line in lines:
        if line.act != "active_day" or idle:
            take_back(turn, line, reason, by=by)
            fairness.ungiven(turn, line)
    _held(turn, post)
    if post.member is not None:
        if post.accepted_at is not None:
            answers.uncounted(turn, post.member, post, by=by)
        contributions.undone(turn, post.member, post=post.post)
        people[post.member] = None
    for member in people:
        judge(turn, member, by)


def _held(turn: Turn, post: Post) -> None:
    """What waits for a verdict because of the post is gone too."""
    if post.member is None:
        return
    for pair in turn.find(PAIRS_RECEIVED, post.member):
        if pair.suspicion is not None:
            gaming.withdrawn(turn, pair.suspicion, pair.giver, post.post)


def _uncounted(turn: Turn, post: Post) -> bool:
    """Take a post off its author's figures; answers whether nothing else makes its day active."""
    if post.member is None or not post.counts:
        return False
    activity = turn.get(Activity, post.member)
    if activity is None:
        return True
    day = day_at(activity, post.day)
    idle = day.acts <= 1
    replies = int(post.replies and post.fresh)
    threads = activity.threads
    if replies:
        threads = tuple(
            seen._replace(replies=seen.replies - 1) if seen.thread == post.thread else seen
            for seen in threads
            if seen.thread != post.thread or seen.replies > 1
        )
    if any(known.day == post.day for known in activity.days):
        got(turn, post.member, post.day, acts=-1, posts=-1, replies=-replies)
    turn.put(replace(activity_of(turn, post.member), threads=threads))
    return idle


def _title_gone(turn: Turn, post: Post) -> None:
    """What a deleted opening was called is said no more."""
    thread = turn.get(Thread, post.thread)
    if thread is not None and thread.post == post.post and thread.title is not None:
        turn.put(replace(thread, title=None))


def restored(turn: Turn, event: AnyEvent) -> None:
    """A post that was taken away is back, and what it had earned with it."""
    post = turn.get(Post, event.data.post)
    if post is None or not post.gone:
        return
    turn.put(replace(post, gone=False))
    give_back(turn, post.post, _GIVES_BACK, by=event.id)
    if post.member is None or not post.counts or not counts(turn, post.member):
        return
    activity = turn.get(Activity, post.member)
    if activity is not None and any(day.day == post.day for day in activity.days):
        got(turn, post.member, post.day, acts=1, posts=1, replies=int(post.replies and post.fresh))
    judge(turn, post.member, event.id)


def updated(turn: Turn, event: AnyEvent) -> None:
    """An edit: of the post that opens a thread, its title and tags; of any other, what it may hide no longer.

    One that is gone stays gone.
    """
    data = event.data
    thread = turn.get(Thread, data.thread)
    post = turn.get(Post, data.post)
    if thread is None or post is None or post.gone:
        return
    after = _delicate(turn, thread, post, event)
    if thread.post != data.post:
        if after != thread:
            turn.put(after)
        return
    title = one_line(data.title)
    if title is not None:
        after = replace(after, title=title)
    if data.tags is not None:
        after = replace(after, skills=skills_named(turn.playbook.skill_index, data.tags))
    if after != thread:
        turn.put(after)


def _delicate(turn: Turn, thread: Thread, post: Post, event: AnyEvent) -> Thread:
    """The thread after an edit that complains, if it opens it, or cries for help. Answers the row, not yet put."""
    data = event.data
    found = sensitive(turn.playbook, said(data.title, data.body))
    if found is None or post.member is None or is_staff(turn.person(post.member), post.member, turn.playbook):
        return thread
    if found == "care":
        return replace(thread, quotable=False, counts=False)
    return replace(thread, quotable=False) if thread.post == post.post else thread


def question_opened(turn: Turn, event: AnyEvent) -> None:
    """Support's word: a thread asks; a complaint is quoted nowhere; where care is needed, nothing is counted at all."""
    data = event.data
    thread = turn.get(Thread, data.thread) or Thread(thread=data.thread, touched_on=today(turn))
    after = replace(
        thread,
        question=True,
        quotable=thread.quotable and data.nature == "question",
        counts=thread.counts and data.nature != "care",
    )
    if after != thread:
        turn.put(after)


def care_needed(turn: Turn, event: AnyEvent) -> None:
    """Somebody may need humans now: nothing in the thread earns, and nothing of it is said."""
    thread = turn.get(Thread, event.data.thread) or Thread(thread=event.data.thread, touched_on=today(turn))
    if thread.counts or thread.quotable:
        turn.put(replace(thread, counts=False, quotable=False))


def question_marked(turn: Turn, event: AnyEvent) -> None:
    """A human's word on what a thread is."""
    thread = turn.get(Thread, event.data.thread)
    if thread is None:
        return
    value = event.data.value or "question"
    after = replace(
        thread,
        question=value != "none",
        quotable=thread.quotable and value not in {"complaint", "care"},
        counts=thread.counts and value != "care",
    )
    if after != thread:
        turn.put(after)


def question_cancelled(turn: Turn, event: AnyEvent) -> None:
    """Support's word that a thread does not ask; one that is only gone asks again when it comes back."""
    thread = turn.get(Thread, event.data.thread)
    if thread is not None and thread.question and event.data.reason not in {"deleted", "moderated", "erased"}:
        turn.put(replace(thread, question=False))


def solved(turn: Turn, event: AnyEvent) -> None:
    """A thread is resolved, or support says that its question is solved: what it links to helped."""
    thread = turn.get(Thread, event.data.thread)
    if thread is not None:
        answers.solve(turn, thread, event.id)


def moved(turn: Turn, event: AnyEvent) -> None:
    """A thread changed its channel: from a restricted one on, nothing of it counts or is said."""
    data = event.data
    thread = turn.get(Thread, data.thread)
    if thread is None:
        return
    after = replace(thread, title=one_line(data.title) or thread.title, channel=data.channel or thread.channel)
    if data.channel is not None and turn.place(data.channel).visibility == "restricted":
        after = replace(after, counts=False, quotable=False)
    if after != thread:
        turn.put(after)
