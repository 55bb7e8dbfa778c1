"""A recording under other names: people, what they wrote and where, so that it can be shown to somebody else.

Facts of platforms and operators stay, each at its place and time; decisions and ticks, which name and quote people in
a hundred places, are left out: a replay makes them anew.
"""

import hmac
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson

from chassis.recording import Line
from contracts.persons import people_in, renamed
from contracts.registry import OPERATOR, PLATFORM
from ruche.veil import Veil

THINGS = frozenset(
    {
        *("post", "thread", "reply_to", "feedback", "promise", "meetup", "poll", "programme", "platform_message"),
    }
)
"""Fields that hold the platform's id of something that somebody made."""
TEXTS = frozenset(
    {
        *("title", "body", "reason", "why", "what", "text", "experience", "proof", "to", "display_name", "badge"),
        *("unit", "severity", "source"),
    }
)
"""Fields that hold people's own words."""
VALUES = frozenset({"thanks.edited", "prompt.chosen", "crisis.declared", "crisis.dismissed"})
"""Types whose `value` is somebody's wording; of the others it is a verdict."""
ADDRESSES = frozenset({"url", "links"})
KEPT = frozenset(
    {
        *("community", "kind", "channel", "locale", "timezone", "languages", "skills", "tags", "motivations"),
        *("motivation", "population", "account_created_at", "customer", "bot", "staff", "inferred", "hours"),
        *("introduce", "thanks", "digest", "profiling", "stop", "need", "answer", "obstacle", "until", "from", "at"),
        *("has_code", "has_image", "complaint", "priority", "origin", "promotional", "exclusive", "category"),
        *("action", "upheld", "reaction", "time_precision", "helped", "due", "outcome", "goal", "value", "period"),
        *("subject", "emits", "direct_first_contact", "visibility", "purpose", "rules", "version"),
        *("playbook", "crisis", "prompt", "synthesis", "request", "decision"),
    }
)
"""Fields that hold figures, dates, keywords and words of the contracts. `playbook`: but for the people in it."""
LEFT_OUT = frozenset({"letter.redriven", "member.forgotten"})
"""What operators said of single messages of the log, which a recording under other names does not hold."""
MEMBER_KEYS = frozenset({"member", "manager", "deputy", "relays", "welcomers", "founding_relays"})
"""Where a playbook names people by id."""


class Recast:
    """Lines of the log, recast: `people` gets everybody another name, `veil` leaves no text; either, or both.

    `left_out` counts the messages that are not taken over, by kind.
    """

    def __init__(self, key: bytes, *, people: bool, veil: Veil | None) -> None:
        self._key = key
        self._people = people
        self._veil = veil
        self._tasks: set[str] = set()
        self.left_out: Counter[str] = Counter()

    def line(self, line: Line) -> Line | None:
        """A message under other names; None when it is left out."""
        try:
            event = orjson.loads(line.raw)
            kind, data = event["type"], dict(event["data"])
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            self.left_out["unreadable"] += 1
            return None
        if kind not in PLATFORM and (kind not in OPERATOR or kind in LEFT_OUT):
            self.left_out["decisions" if str(event.get("source")).startswith("/services/") else kind] += 1
            return None
        recast = {name: value for name in ("specversion", "id", "source", "type", "time", "datacontenttype", "backfill")
                  if (value := event.get(name)) is not None}  # fmt: skip
        if self._people:
            recast["id"] = self.thing(f"{event.get('source')} {event.get('id')}")
        recast["data"] = self._data(kind, data)
        return line._replace(raw=orjson.dumps(recast))

    def person(self, member: str) -> str:
        """Somebody's other id, the same in the whole file."""
        return f"person-{self._hash('person', member)}"

    def name(self, member: str) -> str:
        """Somebody's other name."""
        return f"Person {self._hash('person', member)[:6]}"

    def thing(self, key: str) -> str:
        """The other id of what a platform keeps."""
        return f"id-{self._hash('thing', key)}"

    def _data(self, kind: str, data: dict[str, Any]) -> dict[str, Any]:
        member = data.get("member")
        fields = TEXTS | {"value"} if kind in VALUES else TEXTS
        known = people_in(kind, data)
        recast: dict[str, Any] = {}
        for name, value in data.items():
            if name in ADDRESSES:
                recast[name] = self._addresses(value)
            elif name in fields and not (name == "reason" and kind == "member.left"):
                recast[name] = self._words(name, value, member)
            elif name in THINGS and isinstance(value, str):
                recast[name] = self.thing(value) if self._people else value
            elif name == "task":
                recast[name] = self._task(kind, str(value))
            elif name == "playbook" and self._people:
                recast[name] = self._playbook(value)
            elif name in KEPT or name == "reason" or _names(known, value):
                recast[name] = value
        if not self._people:
            return recast
        return renamed(kind, recast, self.person) or recast

    def _task(self, kind: str, task: str) -> str:
        """A task that a platform opened has another id; a turn of a duty is called as its rule calls it."""
        if kind == "task.opened":
            self._tasks.add(task)
        return self.thing(task) if self._people and task in self._tasks else task

    def _words(self, name: str, value: Any, member: Any) -> Any:
        if not isinstance(value, str):
            return value
        if name == "display_name":
            return self.name(str(member)) if self._people else value
        return value if self._veil is None else self._veil.text(value)

    def _addresses(self, value: Any) -> Any:
        if isinstance(value, str):
            return f"https://recorded.invalid/{self._hash('address', value)}"
        return [self._addresses(one) for one in value] if isinstance(value, list) else value

    def _playbook(self, value: Any, key: str = "") -> Any:
        """A playbook whose people have other names."""
        if isinstance(value, Mapping):
            member = value.get("member")
            result = {name: self._playbook(one, name) for name, one in value.items()}
            if isinstance(member, str) and isinstance(value.get("name"), str):
                result["name"] = self.name(member)
            return result
        if isinstance(value, list):
            return [self._playbook(one, key) for one in value]
        if key == "promise" and isinstance(value, str):
            return self.thing(value)
        return self.person(value) if key in MEMBER_KEYS and isinstance(value, str) else value

    def _hash(self, domain: str, text: str) -> str:
        return hmac.new(self._key, f"{domain} {text}".encode(), sha256).hexdigest()[:12]


def _names(known: frozenset[str], value: Any) -> bool:
    """Whether a value is somebody's id, or several."""
    return value in known if isinstance(value, str) else isinstance(value, list) and set(map(str, value)) <= known
