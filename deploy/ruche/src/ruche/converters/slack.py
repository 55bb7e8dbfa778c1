"""Slack: the workspace export, a zip of `channels.json`, `users.json` and a folder of days for each channel.

Posts are `<channel>-<ts>`, people and channels their id. Private channels (`groups.json`, in exports of everything) are
restricted; direct messages are left out. A message with replies is a thread by Slack's own word; the others are a flat
chat. Slack tells no time of reactions and no date of arrival but joins of channels.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from contracts.identity import EPOCH
from ruche.converters.converting import Platform, Reading
from ruche.converters.drafts import BadExport, Draft, fitting, reacted
from ruche.converters.slack_words import Names, said
from ruche.converters.values import Unfit, instant, maybe, records, text

_WORDS = frozenset({"", "me_message", "file_share", "thread_broadcast", "bot_message", "huddle_thread"})
_JOINS = frozenset({"channel_join", "group_join"})
_TS = re.compile(r"\d{1,12}\.\d{1,6}")
_SLACKBOT = "USLACKBOT"
Record = Mapping[str, Any]


def read(reading: Reading) -> Iterator[Draft]:
    """The drafts of an export."""
    export = reading.export
    folder = export.folder_of("channels.json")
    if folder is None:
        folder = export.folder_of("groups.json")
    if folder is None:
        raise BadExport(
            "there is no channels.json",
            where=str(export.path),
            cure="give the zip of the workspace's export, or its folder",
        )
    names = _people(reading, folder)
    direct = _direct(reading, folder)
    known: dict[str, str] = {}
    for listing, private in (("channels.json", False), ("groups.json", True)):
        for channel in _listed(reading, f"{folder}{listing}"):
            yield from _channel(reading, channel, known, names, f"{folder}{listing}", private=private)
    for name in export.names():
        place, slash, day = name.removeprefix(folder).rpartition("/")
        if not name.startswith(folder) or not slash or "/" in place:
            continue
        if place in known:
            yield from _day(reading, name, known[place], names)
        elif place in direct or re.fullmatch(r"[DG]\w{6,}|mpdm-.*", place):
            reading.findings.leave_out("days of direct messages")
        else:
            reading.findings.refuse(
                f"no list of channels names the folder {place!r} of {day}",
                where=name,
                cure="its messages are left out: nobody says who could read them",
            )


def _listed(reading: Reading, name: str) -> list[Record]:
    if name not in reading.export:
        return []
    try:
        return records(reading.export.json(name))
    except BadExport as error:
        reading.findings.refuse(error.what, where=error.where, cure=error.cure)
        return []


def _direct(reading: Reading, folder: str) -> set[str]:
    found = [*_listed(reading, f"{folder}dms.json"), *_listed(reading, f"{folder}mpims.json")]
    return {maybe(one, key) for one in found for key in ("id", "name")} - {""}


def _people(reading: Reading, folder: str) -> Names:
    names: Names = {"users": {}, "channels": {}}
    for listing in ("users.json", "org_users.json"):
        for user in _listed(reading, f"{folder}{listing}"):
            member = maybe(user, "id")
            if not member:
                reading.findings.refuse("it has no id", where=f"{folder}{listing}")
                continue
            told = user.get("profile")
            profile: Record = told if isinstance(told, dict) else {}
            shown = maybe(profile, "display_name") or maybe(profile, "real_name") or maybe(user, "real_name")
            names["users"][member] = shown or maybe(user, "name") or member
            bot = bool(user.get("is_bot")) or member == _SLACKBOT
            reading.people.describe(
                member,
                display_name=names["users"][member],
                timezone=maybe(user, "tz"),
                locale=maybe(user, "locale"),
                bot=bot,
                staff=not bot and any(user.get(role) for role in ("is_admin", "is_owner", "is_primary_owner")),
            )
            if user.get("deleted") and not bot:
                # Slack tells that an account is gone, not when: its last change is the latest it can have been there.
                updated = user.get("updated")
                reading.people.leaves(member, instant(updated) if updated else EPOCH, "left")
    return names


def _channel(
    reading: Reading, channel: Record, known: dict[str, str], names: Names, where: str, *, private: bool
) -> Iterator[Draft]:
    try:
        id_, name, at = text(channel, "id"), text(channel, "name"), instant(channel.get("created"))
    except Unfit as unfit:
        reading.findings.refuse(str(unfit), where=f"{where}, channel {maybe(channel, 'name') or '?'}")
        return
    known[name] = id_
    names["channels"][id_] = name
    data = {"channel": id_, "name": name, "visibility": "restricted" if private else "members"}
    if channel.get("is_general"):
        data["purpose"] = "general"
    for member in channel.get("members") or ():
        if isinstance(member, str) and member:
            reading.people.describe(member)
    yield Draft(at, "channel.described", f"channel/{id_}", data, f"{where}, channel {name}")


def _day(reading: Reading, name: str, channel: str, names: Names) -> Iterator[Draft]:
    for number, message in enumerate(_listed(reading, name), 1):
        where = f"{name}, message {number}"
        yield from fitting(_message(reading, message, channel, names, where), reading.findings, where)


def _message(reading: Reading, message: Record, channel: str, names: Names, where: str) -> Iterator[Draft]:
    subtype = maybe(message, "subtype")
    if maybe(message, "type") not in {"", "message"}:
        raise Unfit(f"it is no message but {message['type']!r}")
    if subtype in _JOINS:
        reading.people.joins(text(message, "user"), _at(message, "ts"))
    elif subtype == "message_deleted":
        gone = f"{channel}-{_ts(message, 'deleted_ts')}"
        data = {"member": None, "post": gone}
        yield Draft(_at(message, "ts"), "post.deleted", f"post/{gone}/deleted", data, where)
    elif subtype == "message_changed" and isinstance(message.get("message"), dict):
        changed = message["message"]
        post = f"{channel}-{_ts(changed, 'ts')}"
        data = {"member": changed.get("user"), "post": post, "body": said(maybe(changed, "text"), names).text}
        yield Draft(_at(message, "ts"), "post.updated", f"post/{post}/updated/{message['ts']}", data, where)
    elif subtype in _WORDS:
        yield from _post(reading, message, channel, names, where)
    else:
        reading.findings.leave_out(f"notes of the software ({subtype})")


def _post(reading: Reading, message: Record, channel: str, names: Names, where: str) -> Iterator[Draft]:
    ts = _ts(message, "ts")
    member = maybe(message, "user") or maybe(message, "bot_id")
    if not member:
        raise Unfit("it has neither user nor bot_id")
    if message.get("bot_id"):
        reading.people.describe(member, display_name=maybe(message, "username"), bot=True)
    post, at = f"{channel}-{ts}", _at(message, "ts")
    data: dict[str, Any] = {"member": member, "post": post, "channel": channel, "kind": "message"}
    parent = message.get("thread_ts")
    if isinstance(parent, str) and parent != ts:
        data |= {"thread": f"{channel}-{_ts(message, 'thread_ts')}", "reply_to": f"{channel}-{parent}"}
    elif message.get("reply_count") or message.get("replies"):
        data |= {"thread": post, "reply_to": None}
    files = records(message.get("files"))
    words = said(maybe(message, "text"), names)
    pictured = any(maybe(file, "mimetype").startswith("image/") for file in files)
    data |= words._replace(has_image=words.has_image or pictured).fields()
    yield Draft(at, "post.created", f"post/{post}/created", data, where)
    edited = message.get("edited")
    if isinstance(edited, dict):
        told = {"member": maybe(edited, "user") or None, "post": post}
        yield Draft(_at(edited, "ts"), "post.updated", f"post/{post}/edited", told, where)
    for reaction in records(message.get("reactions")):
        givers = [user for user in reaction.get("users") or () if isinstance(user, str)]
        count = reaction.get("count")
        count = count if isinstance(count, int) else len(givers)
        yield from reacted(post, text(reaction, "name"), givers, count=count, at=at, author=member, where=where)


def _ts(record: Record, name: str) -> str:
    value = text(record, name)
    if not _TS.fullmatch(value):
        raise Unfit(f"its {name} {value[:40]!r} is no time of Slack")
    return value


def _at(record: Record, name: str) -> Any:
    whole, _, micros = _ts(record, name).partition(".")
    return instant(int(whole)).replace(microsecond=int(micros.ljust(6, "0")))


PLATFORM = Platform("slack", "the zip of the workspace's export", (".json",), read, flat=True)
