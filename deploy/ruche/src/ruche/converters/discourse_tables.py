"""What the tables of a Discourse say together: who is there, which topics are public, where each post stands."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from ruche.converters import markup
from ruche.converters.converting import Reading
from ruche.converters.drafts import Draft
from ruche.converters.pg_dump import Row
from ruche.converters.values import Unfit, instant

_PRIVATE = "private_message"
_TRUE = "t"
_WHISPER = "4"
_SYSTEM = 0
"""Ids up to this are programs: the system (-1), the guide for newcomers (-2)."""

FIRST = frozenset(
    {
        *("users", "user_options", "categories", "category_custom_fields", "site_settings", "tags", "topic_tags"),
        *("topics", "topic_custom_fields", "posts", "invites", "invited_users", "polls"),
        *("discourse_reactions_reactions", "discourse_solved_solved_topics", "discourse_solved_topic_answers"),
    }
)
"""The tables of the first pass."""


class Topic(NamedTuple):
    """A public topic: a thread. `channel` is the category's id."""

    id: str
    thread: str
    channel: str
    title: str
    at: datetime


class Written(NamedTuple):
    """A post, as far as others have to know it."""

    topic: str
    author: str
    at: datetime


class Place(NamedTuple):
    """Where a post stands."""

    post: str
    thread: str
    author: str
    at: datetime


class Forum:
    """The small tables of a dump, and an index of its posts."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.topics: dict[str, Topic] = {}
        self.users: dict[str, Row] = {}
        self.polls: dict[str, str] = {}
        self.reactions: dict[str, tuple[str, str]] = {}
        self._written: dict[str, Written] = {}
        self._numbered: dict[tuple[str, str], str] = {}
        self._categories: dict[str, Row] = {}
        self._helping: set[str] = set()
        self._zones: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._tags: dict[str, str] = {}
        self._tagged: dict[str, list[str]] = {}
        self._settings: dict[str, str] = {}
        self._invites: dict[str, str] = {}
        self._invited: dict[str, str] = {}
        self._solved: dict[str, tuple[str, str]] = {}
        self._answers: dict[str, tuple[str, str | None, datetime]] = {}
        self._learnt: Mapping[str, Callable[[Row], None]] = {
            "users": self._user,
            "user_options": self._option,
            "categories": self._category,
            "category_custom_fields": self._category_field,
            "site_settings": self._setting,
            "tags": self._tag,
            "topic_tags": self._topic_tag,
            "topics": self._topic,
            "topic_custom_fields": self._topic_field,
            "posts": self._post,
            "invites": self._invite,
            "invited_users": self._invited_user,
            "polls": self._poll,
            "discourse_reactions_reactions": self._reaction,
            "discourse_solved_solved_topics": self._solved_topic,
            "discourse_solved_topic_answers": self._solved_answer,
        }

    @property
    def title(self) -> str | None:
        """What the forum calls itself."""
        return self._settings.get("title")

    def learn(self, table: str, row: Row) -> tuple[Draft, ...]:
        """A row of the first pass: no draft yet. Raises Unfit, or KeyError for a column that is not there."""
        self._learnt[table](row)
        return ()

    def place(self, post: str) -> Place | None:
        """Where a post stands; None for one that is not public, or not there."""
        written = self._written.get(post)
        topic = self.topics.get(written.topic) if written is not None else None
        return (
            None if topic is None or written is None else Place(f"p-{post}", topic.thread, written.author, written.at)
        )

    def opening(self, topic: str) -> str:
        """The post that opens a topic."""
        return f"p-{self._numbered.get((topic, '1'), topic)}"

    def replied_to(self, topic: Topic, row: Row) -> str:
        """Which post a reply answers: the one it names, else the opening."""
        named = self._numbered.get((topic.id, row.get("reply_to_post_number") or ""))
        return self.opening(topic.id) if named is None else f"p-{named}"

    def tags(self, topic: Topic) -> list[str]:
        """The tags of a topic, sorted."""
        return sorted(self._tags[tag] for tag in self._tagged.get(topic.id, ()) if tag in self._tags)

    def is_help(self, channel: str) -> bool:
        """Whether answers can be accepted there: then a topic is a question by the platform's own word."""
        return channel in self._helping or self._settings.get("allow_solved_on_all_topics") == _TRUE

    def said(self, row: Row) -> markup.Said:
        """The words of a post as people see it, what it quotes left out; who is mentioned, by id."""
        said = markup.from_html(row.get("cooked") or "", quotes=False)
        if not said.mentions:
            return said
        if not self._ids and self.users:
            self._ids = {str(user.get("username") or "").lower(): id_ for id_, user in self.users.items()}
        return said._replace(
            mentions=tuple(self._ids[name.lower()] for name in said.mentions if name.lower() in self._ids)
        )

    def channels(self) -> Iterator[Draft]:
        """The categories."""
        for id_, row in sorted(self._categories.items()):
            data: dict[str, Any] = {
                "channel": id_,
                "name": row.get("name"),
                "visibility": "restricted" if row.get("read_restricted") == _TRUE else "public",
            }
            if self.is_help(id_):
                data["purpose"] = "help"
            at = instant(row["created_at"])
            yield Draft(at, "channel.described", f"category/{id_}", data, f"category {id_}")

    def people(self) -> Iterator[Draft]:
        """Everybody who has an account in use goes to `people`; sanctions are drafts."""
        for id_, row in self.users.items():
            people, bot = self.reading.people, int(id_) <= _SYSTEM
            if not bot and (row.get("staged") == _TRUE or row.get("active") == "f"):
                self.reading.findings.leave_out("accounts that were never used (not confirmed, or made by a mail)")
                continue
            people.describe(
                id_,
                display_name=row.get("name") or row.get("username"),
                locale=row.get("locale"),
                timezone=self._zones.get(id_),
                invited_by=self._invites.get(self._invited.get(id_, "")),
                bot=bot,
                staff=not bot and _TRUE in {row.get("admin"), row.get("moderator")},
            )
            people.joins(id_, instant(row["created_at"]))
            if row.get("suspended_at"):
                data: dict[str, Any] = {"member": id_, "kind": "suspension"}
                if row.get("suspended_till"):
                    data["until"] = instant(row["suspended_till"]).isoformat()
                at = instant(row["suspended_at"])
                yield Draft(at, "member.sanctioned", f"member/{id_}/suspended", data, f"user {id_}")

    def accepted(self) -> Iterator[Draft]:
        """Accepted answers, by whichever of the three ways in which the software has kept them."""
        for topic, (post, by, at) in sorted(self._all_answers().items()):
            place = self.place(post)
            if place is not None:
                data = {"member": by, "post": place.post, "thread": place.thread, "answer_author": place.author}
                yield Draft(at, "answer.accepted", f"topic/{topic}/accepted", data, f"topic {topic}")

    def _all_answers(self) -> dict[str, tuple[str, str | None, datetime]]:
        found = dict(self._answers)
        for solved, (topic, _) in self._solved.items():
            if f"solved {solved}" in found:
                found[topic] = found.pop(f"solved {solved}")
        return {topic: answer for topic, answer in found.items() if topic in self.topics}

    # --- what each table says

    def _user(self, row: Row) -> None:
        id_ = str(row["id"])
        if not id_.removeprefix("-").isdecimal():
            raise Unfit(f"{id_[:40]!r} is no id of a user")
        instant(row["created_at"])
        for name in ("suspended_at", "suspended_till"):
            if row.get(name):
                instant(row[name])
        self.users[id_] = row

    def _option(self, row: Row) -> None:
        if row.get("timezone"):
            self._zones[str(row["user_id"])] = str(row["timezone"])

    def _category(self, row: Row) -> None:
        instant(row["created_at"])
        self._categories[str(row["id"])] = row

    def _category_field(self, row: Row) -> None:
        if row["name"] == "enable_accepted_answers" and row["value"] in {"true", _TRUE}:
            self._helping.add(str(row["category_id"]))

    def _setting(self, row: Row) -> None:
        self._settings[str(row["name"])] = str(row["value"] or "")

    def _tag(self, row: Row) -> None:
        self._tags[str(row["id"])] = str(row["name"])

    def _topic_tag(self, row: Row) -> None:
        self._tagged.setdefault(str(row["topic_id"]), []).append(str(row["tag_id"]))

    def _topic(self, row: Row) -> None:
        id_ = str(row["id"])
        if row.get("archetype") == _PRIVATE:
            self.reading.findings.leave_out("private messages")
            return
        self.topics[id_] = Topic(
            id_,
            f"t-{id_}",
            str(row.get("category_id") or "none"),
            str(row.get("title") or ""),
            instant(row["created_at"]),
        )

    def _post(self, row: Row) -> None:
        id_, topic, number = str(row["id"]), str(row["topic_id"]), str(row["post_number"])
        if row.get("post_type") != _WHISPER:
            author = row.get("user_id") or f"author-of-p-{id_}"
            self._written[id_] = Written(topic, author, instant(row["created_at"]))
            self._numbered[topic, number] = id_

    def _invite(self, row: Row) -> None:
        if row.get("invited_by_id"):
            self._invites[str(row["id"])] = str(row["invited_by_id"])

    def _invited_user(self, row: Row) -> None:
        if row.get("user_id"):
            self._invited[str(row["user_id"])] = str(row["invite_id"])

    def _poll(self, row: Row) -> None:
        self.polls[str(row["id"])] = str(row["post_id"])

    def _reaction(self, row: Row) -> None:
        self.reactions[str(row["id"])] = (str(row["post_id"]), str(row["reaction_value"]))

    def _solved_topic(self, row: Row) -> None:
        self._solved[str(row["id"])] = (str(row["topic_id"]), str(row["created_at"]))
        if row.get("answer_post_id"):
            answer = (str(row["answer_post_id"]), row.get("accepter_user_id"), instant(row["created_at"]))
            self._answers.setdefault(str(row["topic_id"]), answer)

    def _solved_answer(self, row: Row) -> None:
        answer = (str(row["answer_post_id"]), row.get("accepter_user_id"), instant(row["created_at"]))
        self._answers[f"solved {row['solved_topic_id']}"] = answer

    def _topic_field(self, row: Row) -> None:
        if row["name"] == "accepted_answer_post_id":
            self._answers.setdefault(str(row["topic_id"]), (str(row["value"]), None, instant(row["created_at"])))
