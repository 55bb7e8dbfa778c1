"""Discourse: the backup that an administrator downloads (`….tar.gz`), or the `dump.sql.gz` in it.

A backup is whole; Discourse has no other export of everything (user lists and Data Explorer give tables one by one).
Posts are `p-<id>`, topics `t-<id>`, people and categories their id. Private messages and whispers are left out.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from ruche.converters import markup
from ruche.converters.converting import Platform, Reading
from ruche.converters.discourse_tables import FIRST, Forum, Topic
from ruche.converters.drafts import BadExport, Draft
from ruche.converters.exports import DAMAGED
from ruche.converters.pg_dump import Record, Row, records
from ruche.converters.values import Unfit, instant

_SMALL_ACTION, _WHISPER = "3", "4"
_LIKE = "2"
_FLAGS = {"3": "off topic", "4": "inappropriate", "7": "for moderators", "8": "spam", "10": "illegal"}
_CLOSED = frozenset({"closed.enabled", "autoclosed.enabled"})
_OPENED = frozenset({"closed.disabled", "autoclosed.disabled"})


def read(reading: Reading) -> Iterator[Draft]:
    """The drafts of a backup: one pass for what everything else needs, one for posts and what was made of them."""
    names = reading.export.names()
    dump = next((name for name in names if name.rpartition("/")[2].startswith("dump.sql")), names[0] if names else None)
    if dump is None:
        raise BadExport(
            "there is no dump.sql.gz", where=str(reading.export.path), cure="give the backup, or the dump that is in it"
        )
    forum = Forum(reading)
    for where, record in _records(reading, dump, FIRST):
        # What is wrong with a post is said in the second pass, once.
        _ = _tried(None if record.table in _SECOND else reading, where, record, forum.learn)
    if not forum.topics and not forum.users:
        raise BadExport(
            "it holds neither users nor topics of a Discourse", where=dump, cure="give a backup, or its dump.sql.gz"
        )
    reading.findings.community = forum.title
    yield from forum.channels()
    yield from forum.people()
    for where, record in _records(reading, dump, _SECOND, quietly=True):
        yield from _tried(reading, where, record, partial(_drafts, forum, where))
    yield from forum.accepted()


def _records(
    reading: Reading, dump: str, tables: Container[str], *, quietly: bool = False
) -> Iterator[tuple[str, Record]]:
    try:
        with reading.export.opened(dump) as file:
            for record in records(file, tables):
                yield f"{dump}, line {record.line}, table {record.table}", record
    except DAMAGED as error:
        if not quietly:
            reading.findings.refuse(f"the dump breaks off: {error}", where=dump)


def _tried(
    reading: Reading | None, where: str, record: Record, use: Callable[[str, Row], Iterable[Draft]]
) -> Iterable[Draft]:
    """What a row gives; nothing when it is no fact, which is counted where there is a reading to count it."""
    what = "the row has not as many values as the table has columns"
    if record.row is not None:
        try:
            return list(use(record.table, record.row))
        except Unfit as unfit:
            what = str(unfit)
        except KeyError as missing:
            what = f"it has no {missing.args[0]}"
    if reading is not None:
        reading.findings.refuse(what, where=where)
    return ()


def _drafts(forum: Forum, where: str, table: str, row: Row) -> Iterator[Draft]:
    return _SECOND[table](forum, row, where)


def _post(forum: Forum, row: Row, where: str) -> Iterator[Draft]:
    number, topic, findings = str(row["id"]), forum.topics.get(str(row["topic_id"])), forum.reading.findings
    if topic is None:
        findings.leave_out("posts of private messages, or of topics that are gone")
    elif row.get("post_type") == _WHISPER:
        findings.leave_out("whispers among staff")
    elif row.get("post_type") == _SMALL_ACTION:
        yield from _small_action(forum, row, topic, where)
    else:
        yield from _written(forum, number, row, topic, where)


def _written(forum: Forum, number: str, row: Row, topic: Topic, where: str) -> Iterator[Draft]:
    post, helping = f"p-{number}", forum.is_help(topic.channel)
    author = row.get("user_id") or f"author-of-{post}"
    data: dict[str, Any] = {"member": author, "post": post, "thread": topic.thread, "channel": topic.channel}
    if row["post_number"] == "1":
        own: dict[str, Any] = {"reply_to": None, "title": topic.title, "tags": forum.tags(topic)}
        own["kind"] = "question" if helping else "message"
    else:
        own = {"reply_to": forum.replied_to(topic, row), "kind": "answer" if helping else "message"}
    gone = row.get("deleted_at")
    # What somebody took back is not imported: only that it was there.
    said = markup.Said("") if gone else forum.said(row)
    yield Draft(
        instant(row["created_at"]), "post.created", f"post/{number}/created", {**data, **own, **said.fields()}, where
    )
    if gone:
        taken = {"member": row.get("deleted_by_id"), "post": post, "thread": topic.thread}
        yield Draft(instant(gone), "post.deleted", f"post/{number}/deleted", taken, where)


def _small_action(forum: Forum, row: Row, topic: Topic, where: str) -> Iterator[Draft]:
    code = row.get("action_code") or ""
    type_ = "post.closed" if code in _CLOSED else "post.restored" if code in _OPENED else None
    if type_ is None:
        forum.reading.findings.leave_out("notes of the software in topics (pinned, split, renamed …)")
        return
    data = {"member": row.get("user_id"), "post": forum.opening(topic.id), "thread": topic.thread}
    yield Draft(instant(row["created_at"]), type_, f"post/{row['id']}/{type_.partition('.')[2]}", data, where)


def _revision(forum: Forum, row: Row, where: str) -> Iterator[Draft]:
    place = forum.place(str(row["post_id"]))
    if place is not None:
        data = {"member": row.get("user_id"), "post": place.post, "thread": place.thread}
        yield Draft(instant(row["created_at"]), "post.updated", f"revision/{row['id']}", data, where)


def _action(forum: Forum, row: Row, where: str) -> Iterator[Draft]:
    place, kind = forum.place(str(row["post_id"])), row.get("post_action_type_id") or ""
    if place is None:
        return
    at, key = instant(row["created_at"]), f"action/{row['id']}"
    data = {"member": row.get("user_id"), "post": place.post, "thread": place.thread}
    if kind == _LIKE:
        told = {**data, "reaction": "like", "post_author": place.author}
        yield Draft(at, "reaction.added", key, told, where)
        if row.get("deleted_at"):
            yield Draft(instant(row["deleted_at"]), "reaction.removed", f"{key}/removed", told, where)
    elif kind in _FLAGS:
        yield Draft(at, "post.flagged", key, {**data, "category": _FLAGS[kind]}, where)
        for verdict, upheld in (("agreed", True), ("disagreed", False)):
            if row.get(f"{verdict}_at"):
                judged = {**data, "member": row.get(f"{verdict}_by_id"), "category": _FLAGS[kind]}
                more = {"action": verdict, "upheld": upheld}
                told_at = instant(row[f"{verdict}_at"])
                yield Draft(told_at, "post.moderated", f"{key}/{verdict}", {**judged, **more}, where)


def _reaction(forum: Forum, row: Row, where: str) -> Iterator[Draft]:
    """A reaction of the plugin for them; a heart is a like already, and is told once."""
    post, value = forum.reactions.get(str(row["reaction_id"]), ("", "heart"))
    place = forum.place(post)
    if place is not None and value != "heart":
        data = {"member": row.get("user_id"), "post": place.post, "thread": place.thread, "reaction": value}
        more = {"post_author": place.author}
        yield Draft(instant(row["created_at"]), "reaction.added", f"reaction/{row['id']}", {**data, **more}, where)


def _vote(forum: Forum, row: Row, where: str) -> Iterator[Draft]:
    poll = str(row["poll_id"])
    place = forum.place(forum.polls.get(poll, ""))
    if place is not None:
        data = {"member": row["user_id"], "poll": poll, "post": place.post}
        key = f"poll/{poll}/{row['user_id']}/{row.get('poll_option_id')}"
        yield Draft(instant(row["created_at"]), "poll.voted", key, data, where)


_SECOND: Mapping[str, Callable[[Forum, Row, str], Iterator[Draft]]] = {
    "posts": _post,
    "post_revisions": _revision,
    "post_actions": _action,
    "discourse_reactions_reaction_users": _reaction,
    "poll_votes": _vote,
}

PLATFORM = Platform("discourse", "a backup (….tar.gz), or the dump.sql.gz in it", (".sql", ".sql.gz"), read)
