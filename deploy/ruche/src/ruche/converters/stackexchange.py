"""Stack Exchange: the data dump of a site (`Posts.xml`, `Users.xml`, `Comments.xml`, `Votes.xml`, `Badges.xml`).

Posts are `p-<Id>`, comments `c-<Id>`, people their Id. Votes tell the day and no giver; an acceptance is the asker's.
A question's place is its first tag, as the site has no other.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from typing import Any, NamedTuple

from ruche.converters import markup
from ruche.converters.converting import Platform, Reading
from ruche.converters.drafts import POST_TIME, BadExport, Draft, fitting
from ruche.converters.exports import DAMAGED
from ruche.converters.values import Unfit, instant, text
from ruche.converters.xml_rows import NoRows, rows

COMMUNITY = "-1"
"""The site's own account: edits and closings that nobody did by hand."""
_QUESTION, _ANSWER = "1", "2"
_ACCEPTED, _DELETED, _UNDELETED = "1", "10", "11"
_REACTIONS = {"2": "upvote", "3": "downvote", "5": "favorite"}
_TAG = re.compile(r"[^<>|]+")
_NO_TAG = "untagged"
_NAMED = "name:"
Row = Mapping[str, str]


class _Question(NamedTuple):
    channel: str
    author: str | None
    accepted: str | None


class _Place(NamedTuple):
    """Where a post is: its thread and channel, and who wrote it, when."""

    thread: str
    channel: str
    author: str
    at: datetime


class _Dump:
    """One site's dump, and what its rows have told so far."""

    def __init__(self, reading: Reading, folder: str) -> None:
        self._reading = reading
        self._folder = folder
        self._questions: dict[str, _Question] = {}
        self._places: dict[str, _Place] = {}
        self._accepted: set[str] = set()
        self._gone: dict[str, Row] = {}

    def drafts(self) -> Iterator[Draft]:
        """Every draft, file by file."""
        # An answer may stand before its question: a first pass says where each question is.
        for _, row in self._rows("Posts.xml", quietly=True):
            if row.get("PostTypeId") == _QUESTION and "Id" in row:
                self._questions[row["Id"]] = _Question(
                    _channel(row), row.get("OwnerUserId"), row.get("AcceptedAnswerId")
                )
        yield from self._each("Posts.xml", self._post)
        yield from self._each("Comments.xml", self._comment)
        yield from self._each("Votes.xml", self._vote)
        yield from self._accepted_without_vote()
        yield from self._each("Users.xml", self._user)
        yield from self._each("Badges.xml", _badge)

    def _each(self, name: str, use: Callable[[Row, str], Iterator[Draft]]) -> Iterator[Draft]:
        for where, row in self._rows(name):
            yield from fitting(use(row, where), self._reading.findings, where)

    def _rows(self, name: str, *, quietly: bool = False) -> Iterator[tuple[str, Row]]:
        """The rows of a file with their places; one that is missing has none, one that breaks has those before."""
        path, number = f"{self._folder}{name}", 0
        if path not in self._reading.export:
            return
        try:
            with self._reading.export.opened(path) as file:
                for row in rows(file):
                    number += 1
                    yield f"{path}, row {number}", row
        except (NoRows, *DAMAGED) as error:
            if not quietly:
                self._reading.findings.refuse(f"the file breaks off: {error}", where=f"{path}, after row {number}")

    def _post(self, row: Row, where: str) -> Iterator[Draft]:
        number, kind = text(row, "Id"), row.get("PostTypeId")
        opening = number if kind == _QUESTION else row.get("ParentId", "")
        if kind not in {_QUESTION, _ANSWER}:
            self._reading.findings.leave_out("wikis of tags and other pages that nobody posted")
            return
        if opening not in self._questions:
            raise Unfit(f"its question {opening or '(none)'} is not in the dump")
        post, thread, at = f"p-{number}", f"p-{opening}", instant(row.get("CreationDate"))
        author = _author(row, "OwnerUserId", "OwnerDisplayName", post)
        if author.startswith(_NAMED):
            self._reading.people.describe(author, display_name=author.removeprefix(_NAMED))
        place = self._places[number] = _Place(thread, self._questions[opening].channel, author, at)
        data: dict[str, Any] = {"member": author, "post": post, "thread": thread, "channel": place.channel}
        if kind == _QUESTION:
            data |= {"reply_to": None, "kind": "question", "title": row.get("Title", ""), "tags": _tags(row)}
        else:
            data |= {"reply_to": thread, "kind": "answer"}
        said = markup.from_html(row.get("Body", ""))
        yield Draft(at, "post.created", f"post/{number}/created", {**data, **said.fields()}, where)
        if row.get("LastEditDate"):
            edited = {"member": row.get("LastEditorUserId"), "post": post, "thread": thread}
            yield Draft(instant(row["LastEditDate"]), "post.updated", f"post/{number}/last-edit", edited, where)
        if row.get("ClosedDate"):
            closed = {"member": None, "post": post, "thread": thread}
            yield Draft(instant(row["ClosedDate"]), "post.closed", f"post/{number}/closed", closed, where)

    def _comment(self, row: Row, where: str) -> Iterator[Draft]:
        number, about = text(row, "Id"), text(row, "PostId")
        place, post = self._places.get(about), f"c-{number}"
        if place is None:
            self._reading.findings.leave_out("words on pages that nobody posted")
            return
        author = _author(row, "UserId", "UserDisplayName", post)
        data = {"member": author, "post": post, "thread": place.thread, "reply_to": f"p-{about}"}
        more = {"channel": place.channel, "kind": "comment", "body": row.get("Text", "")}
        yield Draft(instant(row.get("CreationDate")), "post.created", f"comment/{number}/created", data | more, where)

    def _vote(self, row: Row, where: str) -> Iterator[Draft]:
        number, about, kind = text(row, "Id"), text(row, "PostId"), row.get("VoteTypeId", "")
        place = self._places.get(about)
        if place is None or kind not in {_ACCEPTED, *_REACTIONS, _DELETED, _UNDELETED}:
            self._reading.findings.leave_out(
                "votes that are no reaction (bounties, flags, …), or on pages nobody posted"
            )
            return
        at = _end_of_day(row)
        data: dict[str, Any] = {"member": None, "post": f"p-{about}", "thread": place.thread, "time_precision": "day"}
        if kind == _ACCEPTED:
            self._accepted.add(about)
            asker = self._questions[place.thread.removeprefix("p-")].author
            told = {**data, "member": asker, "answer_author": place.author}
            yield Draft(at, "answer.accepted", f"vote/{number}", told, where)
        elif kind in _REACTIONS:
            told = {**data, "member": row.get("UserId"), "reaction": _REACTIONS[kind], "post_author": place.author}
            yield Draft(at, "reaction.added", f"vote/{number}", told, where)
        elif kind == _DELETED:
            # What is in the dump stands: a deletion counts only once the post is told to be back.
            self._gone[about] = row
        else:
            if about in self._gone:
                deleted = self._gone.pop(about)
                yield Draft(_end_of_day(deleted), "post.deleted", f"vote/{deleted['Id']}", data, where)
            yield Draft(at, "post.restored", f"vote/{number}", data, where)

    def _accepted_without_vote(self) -> Iterator[Draft]:
        """Without Votes.xml an acceptance has no day: it stands at the time of the answer."""
        for question in self._questions.values():
            answer = question.accepted
            place = self._places.get(answer or "")
            if place is not None and answer not in self._accepted:
                data = {"member": question.author, "post": f"p-{answer}", "thread": place.thread}
                more = {"answer_author": place.author, "time_precision": POST_TIME}
                yield Draft(place.at, "answer.accepted", f"post/{answer}/accepted", data | more, "Posts.xml")

    def _user(self, row: Row, _where: str) -> Iterator[Draft]:
        member = text(row, "Id")
        self._reading.people.describe(member, display_name=row.get("DisplayName"), bot=member == COMMUNITY)
        self._reading.people.joins(member, instant(row.get("CreationDate")))
        # A person is no draft of this reading: `People` says joins once everything is read.
        yield from ()


def read(reading: Reading) -> Iterator[Draft]:
    """The drafts of a dump."""
    folder = reading.export.folder_of("Posts.xml")
    if folder is None:
        raise BadExport(
            "there is no Posts.xml", where=str(reading.export.path), cure="give the folder of the site's dump"
        )
    yield from _Dump(reading, folder).drafts()


def _author(row: Row, user: str, name: str, post: str) -> str:
    """Who wrote: somebody whose account is gone keeps a name at most, which is told apart from every id."""
    return row.get(user) or (f"{_NAMED}{row[name]}" if row.get(name) else f"author-of-{post}")


def _tags(row: Row) -> list[str]:
    return _TAG.findall(row.get("Tags", ""))


def _channel(row: Row) -> str:
    return next(iter(_tags(row)), _NO_TAG)


def _end_of_day(row: Row) -> datetime:
    at = instant(row.get("CreationDate"))
    return datetime.combine(at.date(), time(23, 59, 59), at.tzinfo)


def _badge(row: Row, where: str) -> Iterator[Draft]:
    data = {"member": text(row, "UserId"), "badge": text(row, "Name")}
    yield Draft(instant(row.get("Date")), "badge.awarded", f"badge/{text(row, 'Id')}", data, where)


PLATFORM = Platform("stackexchange", "a site's data dump, unpacked (Posts.xml, Users.xml, …)", (".xml",), read)
