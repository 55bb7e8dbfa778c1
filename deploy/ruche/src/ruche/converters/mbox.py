"""Mailing lists: mbox files, plain or gzip, one or many (as Mailman's monthly archives).

Posts are Message-IDs, people their addresses in lower case. A thread is what `References` and `In-Reply-To` tie
together, named by the oldest message that is known; a mail without either opens a thread, whatever its subject says.
A list's place is its List-Id. Mails tell no arrival: a join is concluded from the first mail.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256
from itertools import pairwise
from typing import Any

from ruche.converters.converting import Platform, Reading
from ruche.converters.drafts import BadExport, Draft
from ruche.converters.exports import DAMAGED
from ruche.converters.mail_words import said
from ruche.converters.mbox_reading import messages
from ruche.converters.values import Unfit, instant, key

_AT = " at "
_AUTOMATIC = frozenset({"auto-generated", "auto-replied", "auto-notified"})
_NO_LIST = "list"


class _Threads:
    """Which mails belong together, by what they refer to; the first name of each group stays."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def root(self, post: str) -> str:
        """The mail at the head of a mail's thread."""
        path = []
        while (above := self._above.get(post)) is not None:
            path.append(post)
            post = above
        for one in path:
            self._above[one] = post
        return post

    def tie(self, post: str, above: str) -> None:
        """A mail refers to another: its thread goes under the other's."""
        low, high = self.root(post), self.root(above)
        if low != high:
            self._above[low] = high


def read(reading: Reading) -> Iterator[Draft]:
    """The drafts of the mailboxes: one pass ties the mails together, the second says what each is."""
    threads, count = _Threads(), 0
    for _, mail in _mails(reading, quietly=True):
        post = _post(mail)
        for older, newer in pairwise([*_references(mail), post]):
            threads.tie(newer, older)
        count += 1
    if not count:
        raise BadExport(
            "there is no mail in it", where=str(reading.export.path), cure="give an mbox file, or a folder of them"
        )
    heard: set[str] = set()
    for where, mail in _mails(reading):
        try:
            post = _post(mail)
            if post in heard:
                reading.findings.leave_out("mails that stand twice")
                continue
            heard.add(post)
            yield _draft(reading, mail, post, threads, where)
        except Unfit as unfit:
            reading.findings.refuse(str(unfit), where=where)


def _mails(reading: Reading, *, quietly: bool = False) -> Iterator[tuple[str, Message]]:
    for name in reading.export.names():
        line = 0
        try:
            with reading.export.opened(name) as file:
                for line, raw in messages(file):
                    try:
                        yield f"{name}, line {line}", message_from_bytes(raw)
                    except (MessageError, ValueError, LookupError) as error:
                        if not quietly:
                            reading.findings.refuse(f"it is no mail: {error}", where=f"{name}, line {line}")
        except DAMAGED as error:
            if not quietly:
                reading.findings.refuse(f"the file breaks off: {error}", where=f"{name}, after line {line}")


def _header(mail: Message, name: str) -> str:
    value = mail.get(name)
    if value is None:
        return ""
    try:
        return " ".join(str(make_header(decode_header(str(value)))).split())
    except (UnicodeError, LookupError, MessageError, ValueError):
        return " ".join(str(value).split())


def _ids(text: str) -> list[str]:
    return [one for part in text.split("<")[1:] if (one := part.partition(">")[0].strip())]


def _post(mail: Message) -> str:
    """The Message-ID, else a name made of what tells the mail from others."""
    found = _ids(_header(mail, "Message-ID"))
    if found:
        return key(found[0])
    told = "\x1f".join([*(_header(mail, name) for name in ("From", "Date", "Subject")), str(mail.get_payload())[:4000]])
    return f"no-id-{sha256(told.encode('utf-8', 'replace')).hexdigest()[:20]}"


def _references(mail: Message) -> list[str]:
    """What a mail answers, oldest first."""
    found = _ids(_header(mail, "References"))
    found += [one for one in _ids(_header(mail, "In-Reply-To"))[:1] if one not in found]
    own = _post(mail)
    return [one for one in dict.fromkeys(map(key, found)) if one != own]


def _draft(reading: Reading, mail: Message, post: str, threads: _Threads, where: str) -> Draft:
    member = _author(reading, mail)
    above, thread = _references(mail), threads.root(post)
    channel = _list(mail)
    reading.findings.community = reading.findings.community or channel
    opens = thread == post
    data: dict[str, Any] = {"member": member, "post": post, "thread": thread, "channel": channel, "kind": "message"}
    data["reply_to"] = None if opens else above[-1] if above else thread
    if opens:
        data["title"] = _header(mail, "Subject")
    automatic = _header(mail, "Auto-Submitted").partition(";")[0].strip().lower() in _AUTOMATIC
    if automatic or member.startswith(("mailer-daemon@", "noreply@", "no-reply@")):
        data["bot"] = True
    return Draft(_date(mail), "post.created", f"post/{post}/created", {**data, **said(mail).fields()}, where)


def _author(reading: Reading, mail: Message) -> str:
    header = _header(mail, "From")
    # Public archives write `ana at example.org (Ana)`, so that nobody harvests addresses.
    plain = header.replace(_AT, "@", 1) if "@" not in header else header
    name, address = next(iter(getaddresses([plain])), ("", ""))
    member = address.strip().lower()
    if "@" not in member:
        raise Unfit(f"its sender {header[:80]!r} is no address")
    reading.people.describe(member, display_name=name or member.partition("@")[0])
    return member


def _list(mail: Message) -> str:
    named = _ids(_header(mail, "List-Id")) or [_header(mail, "List-Id")]
    return named[0].lower() or _NO_LIST


def _date(mail: Message) -> datetime:
    try:
        at = parsedate_to_datetime(_header(mail, "Date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        raise Unfit(f"its Date {_header(mail, 'Date')[:60]!r} is no date") from None
    return instant((at if at.tzinfo is not None else at.replace(tzinfo=UTC)).isoformat())


PLATFORM = Platform("mbox", "mbox files, plain or gzip, or a folder of them", ("",), read)
