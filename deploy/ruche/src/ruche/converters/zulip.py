"""Zulip: the organisation's export, a `.tar.gz` with `realm.json` and `messages-000001.json` onwards.

Posts, people and channels (streams) are their ids; a topic of a channel is a thread, `<channel>/<topic>`, and the
channel's general chat, which has no topic, a flat chat. Direct messages are left out. Zulip tells no time of reactions.
A topic marked with ✔ is resolved, at the moment its edit history tells.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import ijson
import orjson

from ruche.converters import markup
from ruche.converters.converting import Platform, Reading
from ruche.converters.drafts import BadExport, Draft, fitting, reacted
from ruche.converters.exports import DAMAGED
from ruche.converters.values import Unfit, instant, key, maybe, records, whole

_STREAM = 2
_MODERATOR = 300
_DEACTIVATED = 103
_RESOLVED = "✔ "
Record = Mapping[str, Any]


class _Realm:
    """One organisation's export, and what its tables have told."""

    def __init__(self, reading: Reading, folder: str) -> None:
        self._reading = reading
        self._folder = folder
        self._realm = f"{folder}realm.json"
        self._channels: dict[int, Record] = {}
        self._given: dict[int, list[tuple[str, str]]] = {}
        self._topics: dict[str, str] = {}

    def drafts(self) -> Iterator[Draft]:
        """Every draft: channels, then messages. People go to `reading.people`."""
        findings = self._reading.findings
        opened: object = None
        for one in self._items(self._realm, "zerver_realm"):
            findings.community = maybe(one, "string_id") or maybe(one, "name") or None
            opened = one.get("date_created")
        self._people()
        streams = {one.get("id"): one for one in self._items(self._realm, "zerver_stream")}
        for id_, stream in streams.items():
            where = f"{self._realm}, channel {id_}"
            yield from fitting(_described(stream, opened, where), findings, where)
        for one in self._items(self._realm, "zerver_recipient"):
            if one.get("type") == _STREAM and one.get("type_id") in streams and isinstance(one.get("id"), int):
                self._channels[one["id"]] = streams[one["type_id"]]
        for one in self._items(self._realm, "zerver_reaction"):
            message, user, name = one.get("message"), one.get("user_profile"), maybe(one, "emoji_name")
            if isinstance(message, int) and isinstance(user, int) and name:
                self._given.setdefault(message, []).append((name, str(user)))
        for name in self._reading.export.names(".json"):
            if name.startswith((f"{self._folder}messages-", f"{self._folder}message-")):
                for number, message in enumerate(self._items(name, "zerver_message"), 1):
                    where = f"{name}, message {number}"
                    yield from fitting(self._message(message, where), findings, where)

    def _items(self, name: str, table: str) -> Iterator[Record]:
        number = 0
        try:
            with self._reading.export.opened(name) as file:
                for item in ijson.items(file, f"{table}.item", use_float=True):
                    number += 1
                    if isinstance(item, dict):
                        yield item
        except (ijson.JSONError, UnicodeDecodeError, *DAMAGED) as error:
            self._reading.findings.refuse(f"the file breaks off: {error}", where=f"{name}, {table} after {number}")

    def _people(self) -> None:
        left = {
            one.get("modified_user"): one.get("event_time")
            for one in self._items(self._realm, "zerver_realmauditlog")
            if one.get("event_type") in {_DEACTIVATED, "user_deactivated"}
        }
        for table in ("zerver_userprofile", "zerver_userprofile_crossrealm", "zerver_userprofile_mirrordummy"):
            for user in self._items(self._realm, table):
                try:
                    self._person(user, table, left.get(user.get("id")))
                except Unfit as unfit:
                    self._reading.findings.refuse(str(unfit), where=f"{self._realm}, {table}")

    def _person(self, user: Record, table: str, left: object) -> None:
        member, role, people = str(whole(user, "id")), user.get("role"), self._reading.people
        bot = bool(user.get("is_bot")) or table.endswith("crossrealm")
        people.describe(
            member,
            display_name=maybe(user, "full_name"),
            timezone=maybe(user, "timezone"),
            locale=maybe(user, "default_language"),
            bot=bot,
            staff=not bot and isinstance(role, int) and 0 < role <= _MODERATOR,
        )
        if user.get("date_joined") is not None and not table.endswith("mirrordummy"):
            people.joins(member, instant(user["date_joined"]))
        if user.get("is_active") is False and left is not None and not bot:
            people.leaves(member, instant(left), "left")

    def _message(self, message: Record, where: str) -> Iterator[Draft]:
        stream = self._channels.get(whole(message, "recipient"))
        if stream is None:
            self._reading.findings.leave_out("direct messages")
            return
        number, channel, at = whole(message, "id"), str(stream["id"]), instant(message.get("date_sent"))
        post, member, topic = (
            str(number),
            str(whole(message, "sender")),
            maybe(message, "subject").removeprefix(_RESOLVED),
        )
        data: dict[str, Any] = {"member": member, "post": post, "channel": channel, "kind": "message"}
        thread, opens = f"{channel}/{key(topic)}" if topic else None, False
        if thread is not None:
            opens = thread not in self._topics
            opening = self._topics.setdefault(thread, post)
            data |= {"thread": thread} | ({"reply_to": None, "title": topic} if opens else {"reply_to": opening})
        rendered = maybe(message, "rendered_content")
        words = markup.from_html(rendered, quotes=False) if rendered else markup.Said(maybe(message, "content"))
        yield Draft(at, "post.created", f"post/{post}/created", {**data, **words.fields()}, where)
        placed = {"post": post} if thread is None else {"post": post, "thread": thread}
        for moment, by, edit in _edits(message):
            if "prev_content" in edit:
                id_ = f"post/{post}/edited/{int(moment.timestamp())}"
                yield Draft(moment, "post.updated", id_, {"member": by, **placed}, where)
            if opens and thread is not None:
                yield from _marked(edit, thread, by, moment, where)
        for name in dict.fromkeys(name for name, _ in self._given.get(number, ())):
            givers = [user for mark, user in self._given[number] if mark == name]
            for draft in reacted(post, name, givers, count=0, at=at, author=member, where=where):
                yield draft._replace(data={**draft.data, **placed})


def read(reading: Reading) -> Iterator[Draft]:
    """The drafts of an export."""
    folder = reading.export.folder_of("realm.json")
    if folder is None:
        raise BadExport(
            "there is no realm.json", where=str(reading.export.path), cure="give the export's .tar.gz, or its folder"
        )
    yield from _Realm(reading, folder).drafts()


def _described(stream: Record, opened: object, where: str) -> Iterator[Draft]:
    channel = str(whole(stream, "id"))
    visibility = "restricted" if stream.get("invite_only") else "public" if stream.get("is_web_public") else "members"
    data = {"channel": channel, "name": maybe(stream, "name"), "visibility": visibility}
    at = instant(stream.get("date_created") or opened)
    yield Draft(at, "channel.described", f"channel/{channel}", data, where)


def _edits(message: Record) -> Iterator[tuple[datetime, str | None, Record]]:
    """Each edit that the history tells, with when and by whom."""
    history = message.get("edit_history")
    try:
        told = orjson.loads(history) if isinstance(history, str) else history
    except orjson.JSONDecodeError:
        raise Unfit("its edit history is no JSON") from None
    for edit in records(told):
        by = edit.get("user_id")
        yield instant(edit.get("timestamp")), str(by) if isinstance(by, int) else None, edit


def _marked(edit: Record, thread: str, by: str | None, at: datetime, where: str) -> Iterator[Draft]:
    """Whether an edit of a thread's opening post marked its topic as resolved, or no longer."""
    before = maybe(edit, "prev_topic") or maybe(edit, "prev_subject")
    after = maybe(edit, "topic")
    if before and after and before.removeprefix(_RESOLVED) == after.removeprefix(_RESOLVED):
        type_ = "thread.resolved" if after.startswith(_RESOLVED) else "thread.unresolved"
        key = f"thread/{thread}/{type_.partition('.')[2]}/{int(at.timestamp())}"
        yield Draft(at, type_, key, {"thread": thread, "member": by}, where)


PLATFORM = Platform("zulip", "the organisation's export (.tar.gz)", (".json",), read, flat=True)
