"""Prompts: which one is next, how it goes out, what comes back, and when one is used no more."""

from datetime import timedelta

from msgspec.structs import replace

from contracts.choice import stable_hash
from contracts.community import is_muted
from contracts.decisions import PromptPublished
from contracts.envelope import AnyEvent, Because, Event
from contracts.facts import PostCreated
from contracts.human_reply import is_bare
from contracts.naming import one_line
from contracts.sensitive import sensitive
from contracts.turn import Message, Turn
from digest.rules.bank import Bank, drawn
from digest.rules.retiring import floor_of, judge
from digest.rules.showing import is_waiting
from digest.rules.speech import general_place, manager_of, signed_by, to_place
from digest.state import Candidate, Floor, News, Offer, Put, Thread, Use
from digest.state_sets import NEWS, OPEN_QUESTIONS, USES

PROMPT = "prompt"
"""The rule, the kind of its messages, and the deadline at which an offered one goes out."""
MISSING = "freshness"
DEADLINE = "prompt"


def awaiting(floor: Floor) -> bool:
    """Whether the last prompt has no human answer yet: then no second one is put."""
    return floor.last is not None and floor.last.answers == 0


def chosen(turn: Turn, bank: Bank, passed: tuple[str, ...] = ()) -> Candidate | None:
    """What would be put forward now: the manager's choice, news, an open question, else one of the bank."""
    floor = floor_of(turn)
    if floor.chosen is not None:
        return floor.chosen
    return _news(turn, passed) or _question(turn, passed) or drawn(turn, bank, passed)


def _news(turn: Turn, passed: tuple[str, ...]) -> Candidate | None:
    oldest = turn.now - timedelta(days=turn.playbook.digest.news_days)
    for news in reversed(turn.find(NEWS)):
        if news.found_at >= oldest and news.news not in passed:
            return Candidate(
                prompt=news.news,
                source="news",
                text=news.title,
                subject=news.subject or "",
                url=news.url,
                evidence=news.found_by,
            )
    return None


def _question(turn: Turn, passed: tuple[str, ...]) -> Candidate | None:
    waited = turn.now - timedelta(hours=turn.playbook.digest.prompt_question_hours)
    for thread in turn.find(OPEN_QUESTIONS):
        name = f"question-{stable_hash(thread.thread):016x}"
        fits = thread.opened_at is not None and thread.opened_at <= waited and is_waiting(turn, thread)
        if fits and name not in passed and turn.get(Use, name) is None:
            return Candidate(
                prompt=name,
                source="question",
                text=thread.heading or "",
                subject=next(iter(thread.tags), ""),
                url=thread.url,
                thread=thread.thread,
                evidence=thread.opened_by,
            )
    return None


def still_fits(turn: Turn, candidate: Candidate) -> bool:
    """Whether a candidate may still go out: the question it brings forward is open, and may be shown."""
    if candidate.thread is None:
        return True
    return is_waiting(turn, turn.get(Thread, candidate.thread))


def publish(
    turn: Turn, candidate: Candidate, reasons: tuple[Because, ...], *, key: str = "", speak: bool = True
) -> None:
    """Put a prompt to members; answers to it are counted from now on.

    Args:
        turn: the turn.
        candidate: what is asked.
        reasons: why now.
        key: the name of its message; its own by default.
        speak: False when another text of ours carries it.
    """
    judge(turn, done=True)
    floor = floor_of(turn)
    channel, signer = general_place(turn), signed_by(turn)
    decision = turn.decide(
        PromptPublished(
            community=turn.slug,
            playbook=turn.version,
            because=reasons,
            prompt=candidate.prompt,
            source=candidate.source,
            text=candidate.text,
            channel=channel,
            thread=candidate.thread,
            url=candidate.url,
            signed_by=signer,
            chosen_by=candidate.chosen_by,
        ),
        rule=PROMPT,
    )
    key = key or f"{candidate.prompt}/{turn.now.isoformat()}"
    if speak:
        turn.request(
            Message(
                key=key,
                rule=PROMPT,
                kind=PROMPT,
                template="prompt",
                to=to_place(turn, channel),
                purse="none",
                lifetime=timedelta(hours=turn.playbook.lifetimes.prompt_hours),
                values={
                    "source": candidate.source,
                    "text": candidate.text,
                    "url": candidate.url,
                    "signed_by": signer,
                },
                serves=decision,
                because=reasons,
            )
        )
    _spend(turn, candidate)
    last = Put(
        prompt=candidate.prompt,
        source=candidate.source,
        text=candidate.text,
        subject=candidate.subject,
        at=turn.now,
        decision=decision,
        channel=channel or turn.slug,
        key=key,
        thread=candidate.thread,
        heard=candidate.thread is not None,
        muted=is_muted(turn.community, PROMPT, PROMPT),
        carried=not speak,
    )
    kept = floor.chosen if floor.chosen is not None and floor.chosen.prompt != candidate.prompt else None
    turn.put(replace(floor, offer=None, chosen=kept, last=last))


def _spend(turn: Turn, candidate: Candidate) -> None:
    known = turn.get(Use, candidate.prompt) or Use(prompt=candidate.prompt, used_at=turn.now)
    turn.put(replace(known, used_at=turn.now, lasting=candidate.source == "bank"))
    turn.drop(News, candidate.prompt)


def wrote(turn: Turn, event: AnyEvent, *, human: bool, started: bool) -> None:
    """A post: it may be the prompt itself, an answer to it, or the thread that makes an offered one needless."""
    floor = turn.get(Floor)
    if floor is None:
        return
    after = floor
    if started and human and floor.offer is not None:
        after = _withdrawn(turn, after, why="done")
    last = floor.last
    if last is not None and not last.judged:
        data = event.data
        if last.post is not None and data.post == last.post:
            after = replace(after, last=replace(last, thread=data.thread))
        elif human and _answers(last, event):
            after = replace(after, last=replace(last, answers=last.answers + 1, answered_by=event.id))
    if after is not floor:
        turn.put(after)


def _answers(last: Put, event: Event[PostCreated]) -> bool:
    """A member's word to the prompt; where no platform says where it stands, a member's word in its place."""
    data = event.data
    if event.time < last.at or is_bare(data.body):
        return False
    if last.heard:
        return data.thread in (last.thread, last.post) or (last.post is not None and data.reply_to == last.post)
    return last.channel in {data.channel, data.community}


def delivered(turn: Turn, event: AnyEvent) -> None:
    """A platform says under which post a prompt stands."""
    post = event.data.platform_message
    floor = turn.get(Floor)
    if floor is None or floor.last is None or post is None or floor.last.heard:
        return
    asked = turn.asked(event.data.request)
    if asked is None or asked.key != floor.last.key or asked.rule not in {PROMPT, "synthesis"}:
        return
    turn.put(replace(floor, last=replace(floor.last, post=post, thread=post, heard=True)))


def drop_offer(turn: Turn, *, why: str) -> None:
    """What was offered does not go out; the manager's message about it is called back."""
    floor = floor_of(turn)
    if floor.offer is not None:
        turn.put(_withdrawn(turn, floor, why=why))


def _withdrawn(turn: Turn, floor: Floor, *, why: str) -> Floor:
    offer = floor.offer
    if offer is None:
        return floor
    turn.disarm(DEADLINE, "")
    turn.recall(MISSING, offer.key, to=manager_of(turn), why=why)
    return replace(floor, offer=None)


def thread_gone(turn: Turn, thread: Thread) -> None:
    """A thread may no longer be shown: a prompt that would bring it forward goes, one that did is called back."""
    floor = turn.get(Floor)
    if floor is None:
        return
    after = floor
    if after.offer is not None and after.offer.candidate is not None and after.offer.candidate.thread == thread.thread:
        after = _withdrawn(turn, after, why="gone")
    if after.chosen is not None and after.chosen.thread == thread.thread:
        after = replace(after, chosen=None)
    last = after.last
    if last is not None and last.thread == thread.thread and last.source == "question":
        turn.recall(PROMPT, last.key, to=to_place(turn, general_place(turn)), why="gone")
        after = replace(after, last=replace(last, text=""))
    if after is not floor:
        turn.put(after)


def news_found(turn: Turn, event: AnyEvent) -> None:
    """Something of interest appeared elsewhere: it is put forward before anything else, once."""
    data = event.data
    name = f"news-{stable_hash(data.url):016x}"
    if not data.title.strip() or sensitive(turn.playbook, data.title) == "care":
        return
    if turn.get(Use, name) is None and turn.get(News, name) is None:
        turn.put(
            News(
                news=name,
                title=one_line(data.title) or data.url,
                url=data.url,
                subject=data.subject,
                found_at=event.time,
                found_by=event.id,
            )
        )


def sweep(turn: Turn) -> None:
    """Judge the last prompt, forget old news and uses that no longer keep anything from coming again."""
    if not turn.backfill:
        judge(turn)
    figures = turn.playbook.digest
    old_news = turn.now - timedelta(days=figures.news_days)
    for news in turn.find(NEWS):
        if news.found_at < old_news:
            turn.drop(News, news.news)
    rested = turn.now - timedelta(days=figures.prompt_rest_days)
    for use in turn.find(USES):
        if not use.retired and use.used_at < rested and (not use.lasting or not use.times_poor):
            turn.drop(Use, use.prompt)


def is_offer_of(offer: Offer | None, missing: str) -> bool:
    """Whether an offer was made by that decision."""
    return offer is not None and offer.missing == missing
