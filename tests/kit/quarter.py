"""A quarter of a simulated community, with an answering platform, in which some threads are nobody's business.

Of the simulated threads some stand in a restricted place, some are complaints, some cry for help. Every title and body
of theirs bears a mark that no other text has, so that a search finds what leaked. People tap on what they are asked.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from heapq import heappop, heappush
from typing import Any

from chassis.entry import Entry, read
from chassis.replay import Turns
from contracts.choice import stable_hash
from contracts.envelope import AnyEvent
from contracts.people import acting_field
from recorded import installed, opened
from ruche.simulate import simulate

MEMBERS, WEEKS, SEED = 28, 13, 7
COMMUNITY = "latelier"
MARK = "zqx"
"""In no word of French or English, and in no text of ours."""
RESTRICTED, COMPLAINT, CARE = "restricted", "complaint", "care"
HIDDEN_PLACE, TEAM_PLACE = "coulisses", "equipe"
CRIES = ("Je n'en peux plus, j'ai envie d'en finir.", "J'ai peur, il me frappe.")
_SHARES = (RESTRICTED, RESTRICTED, COMPLAINT, CARE)
_ONE_IN = 24
TEAM = ("camille", "malik", "jeanne")


@dataclass
class Quarter:
    """What happened.

    Attributes:
        log: facts, ticks and decisions, in order.
        hidden: why a thread is nobody's business, by thread; `author` of each.
        turns: the state at the end.
    """

    turns: Turns
    log: list[AnyEvent] = field(default_factory=list)
    hidden: dict[str, str] = field(default_factory=dict)
    author: dict[str, str] = field(default_factory=dict)

    @property
    def decisions(self) -> list[AnyEvent]:
        """What the services said."""
        return [event for event in self.log if event.source.startswith("/services/")]

    def of(self, type_: str) -> list[AnyEvent]:
        """Every event of a type."""
        return [event for event in self.log if event.type == type_]


class _Marker:
    """Makes some threads nobody's business, in whatever facts they are told."""

    def __init__(self, quarter: Quarter) -> None:
        self._quarter = quarter

    def facts(self, facts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for fact in facts:
            if fact["type"] == "channel.described" and fact["data"]["visibility"] == "restricted":
                place = {**fact["data"], "channel": HIDDEN_PLACE, "purpose": None}
                yield {**fact, "id": f"{fact['id']}/{HIDDEN_PLACE}", "data": place}
            data = fact["data"]
            thread = data.get("thread")
            if thread is not None and fact["type"].startswith("post."):
                self._marked(fact["type"], thread, data)
            yield fact
            yield from _beside(fact)

    def _marked(self, type_: str, thread: str, data: dict[str, Any]) -> None:
        opens = type_ == "post.created" and "reply_to" not in data
        if opens:
            self._judge(thread, data)
        why = self._quarter.hidden.get(thread)
        if why is None:
            return
        for name in ("title", "body"):
            if data.get(name):
                data[name] = f"{data[name]} {MARK}{thread}"
        if why == RESTRICTED:
            self._locked_away(data)
        elif opens and why == COMPLAINT:
            data["complaint"] = True
        elif opens:
            data["body"] = f"{CRIES[stable_hash('cry', thread) % len(CRIES)]} {data['body']}"

    def _judge(self, thread: str, data: dict[str, Any]) -> None:
        hidden = self._quarter.hidden
        self._quarter.author[thread] = data["member"]
        turn = stable_hash("hidden", thread) % _ONE_IN
        if data["channel"] == TEAM_PLACE:
            hidden[thread] = RESTRICTED
        elif turn < len(_SHARES) and data.get("origin") != "organisation" and data["member"] not in TEAM:
            hidden[thread] = _SHARES[turn]

    @staticmethod
    def _locked_away(data: dict[str, Any]) -> None:
        if "channel" in data and data["channel"] != TEAM_PLACE:
            data["channel"] = HIDDEN_PLACE
        if data.get("tags"):
            data["tags"] = [f"{MARK}tag"]


def _beside(fact: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What else a platform might tell of such things: feedback that cries, a meet-up behind closed doors."""
    data = fact["data"]
    if fact["type"] == "feedback.submitted" and stable_hash("beside", data["feedback"]) % 3 == 0:
        feedback = {**data, "feedback": f"{data['feedback']}-cry", "title": f"{CRIES[0]} {MARK}feedback"}
        yield {**fact, "id": f"{fact['id']}/cry", "data": feedback}
        outcome = {"outcome": "adopted", "why": "Merci.", "by": TEAM[0]}
        answer = {name: feedback[name] for name in ("community", "feedback", "member")} | outcome
        yield {**fact, "id": f"{fact['id']}/cry/answered", "type": "feedback.answered", "data": answer}
    if fact["type"] in {"meetup.scheduled", "meetup.hosted"}:
        meeting = {"meetup": f"{data['meetup']}-hidden", "channel": HIDDEN_PLACE, "title": f"Réunion {MARK}"}
        yield {**fact, "id": f"{fact['id']}/hidden", "data": {**data, **meeting}}


class _Taps:
    """People answer what they are asked: a tap of each message at most, some minutes or hours later, or none."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, str, dict[str, Any]]] = []

    def offered(self, event: AnyEvent) -> None:
        data = event.data
        chance = stable_hash("tap", data.request)
        if data.muted or not data.actions or chance % 10 < 4 or data.to.kind == "channel":
            return
        action = data.actions[chance // 10 % len(data.actions)]
        member = data.to.id if data.to.kind == "member" else TEAM[0]
        at = event.time + timedelta(minutes=3 + chance // 100 % 400)
        type_ = action.fact.type if action.fact is not None else "request.answered"
        given = {"community": COMMUNITY, "request": data.request, "answer": action.id, acting_field(type_): member}
        tap = {
            "specversion": "1.0",
            "id": f"tap/{data.request}",
            "source": "/platforms/simulation",
            "type": type_,
            "time": at.isoformat().replace("+00:00", "Z"),
            "data": {**given, **(action.fact.data if action.fact is not None else {})},
        }
        heappush(self._waiting, (at, tap["id"], tap))

    def until(self, moment: str) -> Iterator[dict[str, Any]]:
        while self._waiting and self._waiting[0][2]["time"] <= moment:
            yield heappop(self._waiting)[2]


@cache
def quarter() -> Quarter:
    """The one quarter, lived once a process."""
    taps = _Taps()

    def heard(event: AnyEvent, _raw: bytes) -> None:
        result.log.append(event)
        if event.type == "message.requested":
            taps.offered(event)

    result = Quarter(Turns(installed(), on_message=heard))
    facts = list(simulate(members=MEMBERS, weeks=WEEKS, seed=SEED, community=COMMUNITY))
    for seq, fact in enumerate(_Marker(result).facts(opened(facts)), 1):
        for tap in taps.until(fact["time"]):
            result.turns.play(_entry(tap, seq))
        result.turns.play(_entry(fact, seq))
    letters = [letter for shelf in result.turns.shelves.values() for letter in shelf.letters]
    assert [(letter.kind, letter.event_type, letter.what, letter.traceback) for letter in letters] == []
    return result


def _entry(fact: dict[str, Any], seq: int) -> Entry:
    entry = read(json.dumps(fact, ensure_ascii=False).encode(), seq=seq)
    assert entry.refusal is None, (entry.refusal, fact)
    return entry
