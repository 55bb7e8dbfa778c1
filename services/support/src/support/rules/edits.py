"""Edits: a post changes, comes back, is closed or judged; a thread moves."""

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.naming import one_line
from contracts.people import is_bot, is_staff
from contracts.sensitive import heard, said
from contracts.skills import skills_named
from contracts.turn import Turn
from contracts.words import Urgency
from support.rules import asking, care, outcomes, questions, suggestions
from support.rules.asking import Verdict
from support.rules.clocks import target_minutes
from support.rules.records import keep
from support.rules.terms import terms_of
from support.state import Question, Thread

_TAKEN_DOWN = ("remove", "delete", "hide", "hid", "spam", "reject", "lock", "close")


def updated(turn: Turn, event: AnyEvent) -> None:
    """A post was edited: an opening may begin to ask; tags and title of a question follow."""
    data = event.data
    thread = turn.get(Thread, data.thread)
    if thread is None or thread.opening != data.post:
        return
    question = thread.question
    if question is None:
        if data.post not in thread.gone:
            _may_ask_now(turn, thread, event)
    elif question.post == data.post:
        _edited(turn, thread, question, event)


def _edited(turn: Turn, thread: Thread, question: Question, event: AnyEvent) -> None:
    data = event.data
    staff = is_staff(turn.person(question.member), question.member, turn.playbook)
    over = question.status == "cancelled"  # should it come back, it comes under its new title
    nature = heard(turn.playbook, said(data.title, data.body)) if not (staff or over or thread.troubled) else None
    if nature is not None and nature != "complaint":
        thread = _cry(turn, thread, event, nature)
        question = thread.question or question
    tags = question.tags if data.tags is None else data.tags[: asking.MOST_TAGS]
    title = asking.heading(data.title, data.body or "") if data.title else question.title
    terms, strong = question.terms, question.strong
    if data.body is not None:
        terms, strong = terms_of(title, tags, data.body, locale=None, fallback=turn.playbook.language)
    skills = skills_named(turn.playbook.skill_index, tags) or question.skills
    after = replace(question, title=title, tags=tags, skills=skills, terms=terms, strong=strong)
    if after != question and question.status == "solved":
        suggestions.unshelve(turn, thread.thread)
        suggestions.shelve(turn, thread, after, by=event.id)
    after_thread = replace(thread, title=title, tags=tags, question=after)
    if after_thread != turn.get(Thread, thread.thread):
        keep(turn, after_thread)


def _cry(turn: Turn, thread: Thread, event: AnyEvent, nature: str) -> Thread:
    """The same as a post with such words, told by its edit."""
    data = event.data
    question = thread.question
    member = question.member if question is not None else thread.author
    if member is None:
        return thread
    return care.found(
        turn,
        thread,
        member=member,
        post=data.post,
        channel=thread.channel or turn.slug,
        url=thread.url,
        nature=nature,
        by=event.id,
    )


def _may_ask_now(turn: Turn, thread: Thread, event: AnyEvent) -> None:
    """An opening that asked nothing, edited: it asks from the edit on."""
    data = event.data
    member = thread.author
    person = turn.person(member) if member is not None else None
    if member is None or is_bot(person) or is_staff(person, member, turn.playbook):
        return
    title = data.title or thread.title
    body = data.body or ""
    nature = heard(turn.playbook, said(title, body))
    if nature is not None and nature != "complaint" and not thread.troubled:
        thread = _cry(turn, thread, event, nature)
    verdict = asking.scored(turn, title=data.title, body=body, channel=thread.channel)
    if thread.troubled:
        verdict = Verdict("score", "care", "words of distress", 1, None)
    elif nature == "complaint":
        verdict = Verdict("score", "complaint", "words of a complaint", 1, None)
    if verdict is None:
        if thread.troubled:
            keep(turn, thread)
        return
    tags = thread.tags if data.tags is None else data.tags[: asking.MOST_TAGS]
    began(turn, thread, event, verdict, tags=tags, title=asking.heading(data.title, body) or thread.title, body=body)


def began(
    turn: Turn,
    thread: Thread,
    event: AnyEvent,
    verdict: Verdict,
    *,
    tags: tuple[str, ...],
    title: str | None,
    body: str,
) -> None:
    """A thread begins to ask after it was opened: its clock starts now."""
    if thread.opening is None or thread.author is None:
        return
    priority: Urgency = "urgent" if verdict.nature == "care" else "normal"
    terms, strong = terms_of(title, tags, body, locale=None, fallback=turn.playbook.language)
    question = Question(
        post=thread.opening,
        by=event.id,
        member=thread.author,
        asked_at=turn.now,
        clock_from=turn.now,
        title=title,
        url=thread.url,
        tags=tags,
        skills=skills_named(turn.playbook.skill_index, tags),
        terms=terms,
        strong=strong,
        told_by=verdict.told_by,
        nature=verdict.nature,
        priority=priority,
        target=target_minutes(turn.playbook, priority),
        history=turn.backfill,
        last_word_at=turn.now,
    )
    keep(turn, asking.begin(turn, replace(thread, title=title, tags=tags), question, verdict, by=event.id, at=turn.now))


def restored(turn: Turn, event: AnyEvent) -> None:
    """A post is back: a question that was cancelled with it asks again."""
    data = event.data
    thread = turn.get(Thread, data.thread)
    if thread is None:
        return
    back = tuple(word for word in thread.taken if word.post == data.post)
    thread = replace(
        thread,
        gone=tuple(post for post in thread.gone if post != data.post),
        taken=tuple(word for word in thread.taken if word.post != data.post),
    )
    question = thread.question
    if question is None or question.status == "cancelled":
        thread = replace(thread, words=(*thread.words, *back))
    if question is not None and question.post == data.post and question.status == "cancelled":
        question = outcomes.reopened(turn, thread, question, reason="restored", by=event.id)
        back, thread = thread.words, replace(thread, words=())
    for word in sorted(back, key=lambda word: (word.at, word.post)):
        if question is not None and question.status != "cancelled" and word.member != question.member:
            question = questions.replied(turn, replace(thread, question=question), word)
    keep(turn, replace(thread, question=question))


def closed(turn: Turn, event: AnyEvent) -> None:
    """The post that asks takes no more answers, by its author's word or a moderator's."""
    data = event.data
    thread = turn.get(Thread, data.thread)
    question = thread.question if thread is not None else None
    if thread is None or question is None or question.post != data.post:
        return
    author = data.member is not None and data.member == question.member
    if question.status in {"open", "answered"}:
        question = outcomes.cancelled(
            turn, thread, question, reason="author" if author else "moderated", by=event.id, who=data.member
        )
        keep(turn, replace(thread, question=question))


def moderated(turn: Turn, event: AnyEvent) -> None:
    """A moderator took the post that asks down."""
    data = event.data
    thread = turn.get(Thread, data.thread)
    question = thread.question if thread is not None else None
    if thread is None or question is None or question.post != data.post or data.upheld is False:
        return
    action = data.action.casefold()
    if data.upheld or any(word in action for word in _TAKEN_DOWN):
        question = outcomes.cancelled(turn, thread, question, reason="moderated", by=event.id, who=data.member)
        keep(turn, replace(thread, question=question))


def moved(turn: Turn, event: AnyEvent) -> None:
    """A thread changed its channel or its title; what moves to a restricted place is found no more."""
    data = event.data
    thread = turn.get(Thread, data.thread)
    if thread is None:
        return
    title = one_line(data.title)
    after = replace(thread, channel=data.channel or thread.channel, title=title or thread.title)
    question = after.question
    if question is not None:
        question = replace(question, title=title or question.title)
        if question.status == "solved":
            suggestions.unshelve(turn, thread.thread)
            suggestions.shelve(turn, after, question, by=event.id)
        after = replace(after, question=question)
    if after != thread:
        keep(turn, after)
