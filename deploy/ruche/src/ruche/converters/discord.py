"""Discord: what DiscordChatExporter writes as JSON, one file (or several parts) a channel or thread.

Discord itself gives a server's owner no export; its data package holds one person's own words and is refused. Posts,
people and channels are their ids. A thread is named by its opening post, whose id it has; what lies in a channel
outside of threads is a flat chat. Discord tells no time of reactions, and not who may read a channel: `--restricted`.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import ijson

from ruche.converters.converting import Platform, Reading
from ruche.converters.discord_words import said
from ruche.converters.drafts import BadExport, Draft, fitting, reacted
from ruche.converters.exports import DAMAGED
from ruche.converters.values import Unfit, from_milliseconds, instant, maybe, records, text

_EPOCH_MILLISECONDS = 1_420_070_400_000
_TIME_BITS = 22
_THREADS = frozenset({"GuildPublicThread", "GuildPrivateThread", "GuildNewsThread"})
_PRIVATE = "GuildPrivateThread"
_DIRECT = frozenset({"DirectTextChat", "DirectGroupTextChat"})
_WORDS = frozenset({"Default", "Reply", "ChatInputCommand", "ContextMenuCommand", "0", "19", "20", "23"})
_JOINS = frozenset({"GuildMemberJoin", "UserJoin", "7"})
Record = Mapping[str, Any]


class _Room(NamedTuple):
    """A file's channel. `thread`: all of it is one thread, which lies in `channel`."""

    channel: str
    name: str
    thread: str | None
    restricted: bool
    is_part: bool


def read(reading: Reading) -> Iterator[Draft]:
    """The drafts of the files: first every head, then every message."""
    export = reading.export
    if export.folder_of("messages/index.json") is not None:
        raise BadExport(
            "it is the data package of one person, without what others said",
            where=str(export.path),
            cure="export the server's channels with DiscordChatExporter, format Json",
        )
    rooms: dict[str, _Room] = {}
    for name in export.names():
        room = _room(reading, name)
        if room is not None:
            rooms[name] = room
    if not rooms:
        raise BadExport(
            "no file in it was written by DiscordChatExporter as JSON",
            where=str(export.path),
            cure="export with `--format Json`, and give the folder",
        )
    opened = {room.thread: room.name for room in rooms.values() if room.thread is not None}
    described: set[str] = set()
    for name, room in rooms.items():
        if room.channel not in described and not room.is_part:
            described.add(room.channel)
            yield _described(room, name)
        yield from _messages(reading, name, room, opened)


def _room(reading: Reading, name: str) -> _Room | None:
    """The head of a file; None for one that is no channel of a server."""
    head: dict[str, Record] = {}
    try:
        for key in ("guild", "channel"):
            with reading.export.opened(name) as file:
                found = next(ijson.items(file, key, use_float=True), None)
            head[key] = found if isinstance(found, dict) else {}
        channel, kind = head["channel"], maybe(head["channel"], "type")
        if kind in _DIRECT:
            reading.findings.leave_out("files of direct messages")
            return None
        reading.findings.community = reading.findings.community or maybe(head["guild"], "name") or None
        _made(text(channel, "id"))
        id_, parent = text(channel, "id"), maybe(channel, "categoryId")
        is_thread, private = kind in _THREADS, kind == _PRIVATE
        # A private thread is a place of its own: who reads the channel around it does not read it.
        place = parent if is_thread and parent and not private else id_
        is_part = is_thread and not private
        _made(place)
        return _Room(place, maybe(channel, "name"), id_ if is_thread else None, private, is_part)
    except (Unfit, ijson.JSONError, UnicodeDecodeError, *DAMAGED) as error:
        reading.findings.refuse(f"it is no channel's export: {error}", where=name)
        return None


def _described(room: _Room, name: str) -> Draft:
    data = {
        "channel": room.channel,
        "name": room.name,
        "visibility": "restricted" if room.restricted else "members",
    }
    return Draft(_made(room.channel), "channel.described", f"channel/{room.channel}", data, name)


def _made(snowflake: str) -> datetime:
    """When an id was given out: Discord writes it into the id. Raises Unfit."""
    if not snowflake.isdecimal():
        raise Unfit(f"{snowflake[:40]!r} is no id of Discord")
    return from_milliseconds((int(snowflake[:20]) >> _TIME_BITS) + _EPOCH_MILLISECONDS)


def _messages(reading: Reading, name: str, room: _Room, opened: Mapping[str, str]) -> Iterator[Draft]:
    number = 0
    try:
        with reading.export.opened(name) as file:
            for number, message in enumerate(ijson.items(file, "messages.item", use_float=True), 1):
                where = f"{name}, message {number}"
                yield from fitting(_message(reading, message, room, opened, where), reading.findings, where)
    except (ijson.JSONError, UnicodeDecodeError, *DAMAGED) as error:
        reading.findings.refuse(f"the file breaks off: {error}", where=f"{name}, after message {number}")


def _message(reading: Reading, message: Record, room: _Room, opened: Mapping[str, str], where: str) -> Iterator[Draft]:
    author = message.get("author") if isinstance(message, dict) else None
    if not isinstance(author, dict):
        raise Unfit("it has no author")
    kind = maybe(message, "type")
    member, at = _person(reading, author), instant(message.get("timestamp"))
    if kind in _JOINS:
        reading.people.joins(member, at)
        return
    if kind not in _WORDS:
        reading.findings.leave_out(f"notes of the software ({kind[:40]})")
        return
    post = text(message, "id")
    data: dict[str, Any] = {"member": member, "post": post, "channel": room.channel, "kind": "message"}
    data |= _thread(message, post, room, opened)
    if post in opened:
        data["title"] = opened[post]
    for person in records(message.get("mentions")):
        _person(reading, person)
    data |= said(message).fields()
    yield Draft(at, "post.created", f"post/{post}/created", data, where)
    if message.get("timestampEdited"):
        told = {"member": member, "post": post}
        yield Draft(instant(message["timestampEdited"]), "post.updated", f"post/{post}/edited", told, where)
    for reaction in records(message.get("reactions")):
        emoji = reaction.get("emoji")
        mark = maybe(emoji, "code") or maybe(emoji, "name") if isinstance(emoji, dict) else ""
        if mark:
            givers = [_person(reading, user) for user in records(reaction.get("users"))]
            count = reaction.get("count")
            count = count if isinstance(count, int) else len(givers)
            yield from reacted(post, mark, givers, count=count, at=at, author=member, where=where)


def _thread(message: Record, post: str, room: _Room, opened: Mapping[str, str]) -> dict[str, Any]:
    """Where a message belongs, as far as Discord says; nothing for a message of a flat chat."""
    reference = message.get("reference")
    reference = reference if isinstance(reference, dict) and maybe(reference, "type") != "Forward" else {}
    answered = maybe(reference, "messageId") or None
    if room.thread is not None:
        opens = post == room.thread
        return {"thread": room.thread, "reply_to": None if opens else answered or room.thread}
    if post in opened:
        return {"thread": post, "reply_to": answered}
    return {} if answered is None else {"reply_to": answered}


def _person(reading: Reading, person: Record) -> str:
    member = text(person, "id")
    name = maybe(person, "nickname") or maybe(person, "name")
    born = _made(member).isoformat() if member.isdecimal() else None
    reading.people.describe(member, display_name=name, bot=bool(person.get("isBot")), account_created_at=born)
    return member


PLATFORM = Platform("discord", "DiscordChatExporter's JSON, a file a channel", (".json",), read, flat=True)
