"""What must differ between two runs, found without the code under test: from the decisions' bytes, and from the facts.

By the ids: 48 bits of time, then what stays when a decision moves. By the facts: a question is open until somebody
else writes at least twenty characters, a link, code or an image in its thread; at a multiple of the target it is not.
"""

import gzip
import json
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path

TAIL = len("01234567-89ab-")
RUNGS = {1: 1, 2: 4, 3: 8, 4: 24}
"""Stage of `question.unanswered`: times the target."""


def documents(path: Path) -> list[dict]:
    """The JSON documents of a file, one a line."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        return [json.loads(line) for line in file]


def by_ids(before: list[dict], after: list[dict]) -> dict[str, Counter]:
    """How many decisions of each type appeared, vanished and moved."""
    groups = defaultdict(lambda: ([], []))
    for side, decisions in enumerate((before, after)):
        for event in decisions:
            name = (event["data"]["community"], event["source"], event["type"], event["id"][TAIL:])
            groups[name][side].append(event["id"])
    found = {"appeared": Counter(), "vanished": Counter(), "moved": Counter()}
    for (_, _, type_, _), (olds, news) in groups.items():
        gone, new = len(set(olds) - set(news)), len(set(news) - set(olds))
        found["moved"][type_] += min(gone, new)
        found["vanished"][type_] += max(0, gone - new)
        found["appeared"][type_] += max(0, new - gone)
    return {kind: +counts for kind, counts in found.items()}


def messages_to_members(decisions: list[dict]) -> Counter:
    """How many messages each member is written."""
    return Counter(
        event["data"]["to"]["id"]
        for event in decisions
        if event["type"] == "message.requested" and event["data"]["to"]["kind"] == "member"
    )


def unanswered(facts: list[dict], target_minutes: int) -> set[tuple[str, int]]:
    """Which questions reach which stage of `question.unanswered`, at hours that are always open."""
    questions, replies, closed, last = {}, defaultdict(list), {}, None
    for fact in facts:
        at, data = datetime.fromisoformat(fact["time"]), fact["data"]
        last = at if last is None else max(last, at)
        if fact["type"] == "post.created" and data["kind"] == "question":
            questions[data["post"]] = (at, data["member"])
        elif fact["type"] == "post.created":
            replies[data["thread"]].append((at, data))
        elif fact["type"] in {"post.closed", "post.deleted"}:
            closed.setdefault(data["post"], at)
    reached = set()
    for post, (asked_at, asker) in questions.items():
        answers = [at for at, data in replies[post] if data["member"] != asker and _answers(data)]
        ends = [*answers[:1], *([closed[post]] if post in closed else [])]
        for stage, times in RUNGS.items():
            due = asked_at + timedelta(minutes=target_minutes * times)
            if due <= last and not any(end <= due for end in ends):
                reached.add((post, stage))
    return reached


def _answers(post: dict) -> bool:
    body = (post.get("body") or "").strip()
    return bool(len(body) >= 20 or "http" in body or post.get("links") or post.get("has_code") or post.get("has_image"))
