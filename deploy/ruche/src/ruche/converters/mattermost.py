"""Mattermost: the bulk export (`mmctl export create`), a zip with `import.jsonl`, or that file.

The export holds no id of posts: a post is named by channel, author and millisecond, people and channels by name. A post
with replies is a thread by Mattermost's own word; the others are a flat chat. Private channels are restricted, direct
messages left out. Bots are told by the newer exports only.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from ruche.converters.converting import Platform, Reading
from ruche.converters.drafts import BadExport, Draft, fitting
from ruche.converters.exports import DAMAGED
from ruche.converters.markdown import said
from ruche.converters.values import Unfit, from_milliseconds, instant, key, maybe, records, text

_LONGEST_LINE_BYTES = 64 * 1024 * 1024
_ARRIVALS = frozenset({"system_join_team", "system_add_to_team", "system_join_channel", "system_add_to_channel"})
_DEPARTURES = frozenset({"system_leave_team", "system_remove_from_team"})
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
Record = Mapping[str, Any]


@dataclass(slots=True)
class _Server:
    """What the lines before a post told: names, how often a post's own was given out, when the first word was."""

    reading: Reading
    users: set[str] = field(default_factory=set)
    channels: dict[str, Record] = field(default_factory=dict)
    taken: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None


def read(reading: Reading) -> Iterator[Draft]:
    """The drafts of an export."""
    names = reading.export.names()
    name = next((one for one in names if one.endswith("import.jsonl")), names[0] if names else None)
    if name is None:
        raise BadExport(
            "there is no import.jsonl",
            where=str(reading.export.path),
            cure="give the zip of `mmctl export`, or the file in it",
        )
    server = _Server(reading)
    for number, line in _lines(reading, name):
        where = f"{name}, line {number}"
        yield from fitting(_line(server, line, where), reading.findings, where)
    yield from _channels(server, name)


def _lines(reading: Reading, name: str) -> Iterator[tuple[int, Record]]:
    number = 0
    try:
        with reading.export.opened(name) as file:
            while raw := file.readline(_LONGEST_LINE_BYTES):
                number += 1
                try:
                    line = orjson.loads(raw) if raw.strip() else None
                except orjson.JSONDecodeError as error:
                    reading.findings.refuse(f"it is no JSON: {error}", where=f"{name}, line {number}")
                    continue
                if isinstance(line, dict):
                    yield number, line
    except DAMAGED as error:
        reading.findings.refuse(f"the file breaks off: {error}", where=f"{name}, after line {number}")


def _line(server: _Server, line: Record, where: str) -> Iterator[Draft]:
    kind, findings = maybe(line, "type"), server.reading.findings
    value = line.get("info" if kind == "version" else kind)
    if not isinstance(value, dict):
        if kind != "version":
            raise Unfit(f"it is no line of a bulk export (type {kind[:40]!r})")
        return
    match kind:
        case "version":
            findings.ends_at = instant(value["created"]) if value.get("created") else None
        case "team":
            findings.community = findings.community or maybe(value, "name") or None
        case "channel":
            server.channels[text(value, "name")] = value
        case "user":
            _user(server, value)
        case "bot":
            server.users.add(text(value, "username"))
            server.reading.people.describe(value["username"], display_name=maybe(value, "display_name"), bot=True)
        case "post":
            yield from _post(server, value, where)
        case "direct_channel" | "direct_post":
            findings.leave_out("direct messages")
        case _:
            findings.leave_out(f"settings of the server ({kind[:40]})")


def _channels(server: _Server, name: str) -> Iterator[Draft]:
    """The channels, at the time of the first word: no line tells when they were made."""
    for id_, channel in sorted(server.channels.items()):
        if server.first is not None:
            private = maybe(channel, "type") == "P"
            data = {
                "channel": id_,
                "name": maybe(channel, "display_name") or id_,
                "visibility": "restricted" if private else "members",
            }
            yield Draft(server.first, "channel.described", f"channel/{key(id_)}", data, f"{name}, channel {id_}")


def _user(server: _Server, user: Record) -> None:
    member, roles = text(user, "username"), maybe(user, "roles")
    teams = " ".join(maybe(team, "roles") for team in records(user.get("teams")))
    full = " ".join(part for part in (maybe(user, "first_name"), maybe(user, "last_name")) if part)
    bot = bool(user.get("is_bot"))
    server.users.add(member)
    server.reading.people.describe(
        member,
        display_name=maybe(user, "nickname") or full or member,
        locale=maybe(user, "locale"),
        bot=bot,
        staff=not bot and ("system_admin" in roles.split() or "team_admin" in teams.split()),
    )
    if user.get("delete_at"):
        server.reading.people.leaves(member, from_milliseconds(user["delete_at"]), "left")


def _post(server: _Server, post: Record, where: str) -> Iterator[Draft]:
    channel = text(post, "channel")
    if channel not in server.channels:
        raise Unfit(f"no line describes its channel {channel[:60]!r}, so nobody says who could read it")
    kind = maybe(post, "type")
    if kind.startswith("system_"):
        if kind in _ARRIVALS:
            props = post.get("props")
            added = maybe(props, "addedUsername") if isinstance(props, dict) else ""
            server.reading.people.joins(added or text(post, "user"), from_milliseconds(post.get("create_at")))
        elif kind in _DEPARTURES:
            server.reading.people.leaves(text(post, "user"), from_milliseconds(post.get("create_at")), "left")
        else:
            server.reading.findings.leave_out(f"notes of the software ({kind})")
        return
    replies = records(post.get("replies"))
    name, drafts = _written(server, post, channel, None, where, alone=not replies)
    yield from drafts
    for number, reply in enumerate(replies, 1):
        try:
            _, drafts = _written(server, reply, channel, name, f"{where}, reply {number}", alone=False)
            yield from drafts
        except Unfit as unfit:
            server.reading.findings.refuse(str(unfit), where=f"{where}, reply {number}")


def _written(
    server: _Server, post: Record, channel: str, parent: str | None, where: str, *, alone: bool
) -> tuple[str, list[Draft]]:
    """A post or a reply, by its name, and what was made of it."""
    member, at = text(post, "user"), from_milliseconds(post.get("create_at"))
    server.first = at if server.first is None else min(server.first, at)
    name = f"{key(channel)}/{post['create_at']}/{key(member)}"
    server.taken[name] += 1
    if server.taken[name] > 1:
        name = f"{name}~{server.taken[name]}"
    props = post.get("props")
    from_webhook = isinstance(props, dict) and props.get("from_webhook") == "true"
    data: dict[str, Any] = {"member": member, "post": name, "channel": channel, "kind": "message"}
    if from_webhook:
        data["bot"] = True
    if not alone:
        data |= {"thread": parent or name, "reply_to": parent}
    words = said(maybe(post, "message"), server.users)
    pictured = any(maybe(file, "path").lower().endswith(_PICTURES) for file in records(post.get("attachments")))
    data |= words._replace(has_image=words.has_image or pictured).fields()
    drafts = [Draft(at, "post.created", f"post/{name}/created", data, where)]
    if isinstance(post.get("edit_at"), int) and post["edit_at"] > 0:
        edited = {"member": member, "post": name}
        drafts.append(Draft(from_milliseconds(post["edit_at"]), "post.updated", f"post/{name}/edited", edited, where))
    for reaction in records(post.get("reactions")):
        giver, mark = text(reaction, "user"), text(reaction, "emoji_name")
        told = {"member": giver, "post": name, "reaction": mark, "post_author": member}
        id_ = f"reaction/{name}/{key(mark)}/{key(giver)}"
        drafts.append(Draft(from_milliseconds(reaction.get("create_at")), "reaction.added", id_, told, where))
    return name, drafts


PLATFORM = Platform("mattermost", "the bulk export (a zip with import.jsonl)", (".jsonl",), read, flat=True)
