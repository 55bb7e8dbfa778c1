"""A log of anything: every service folds it to its end, and each thing that is refused is a dead letter.

`make test` takes some hundreds of inputs; `make proof` more than 100,000.
"""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from chassis.entry import read
from chassis.fold import Fold
from chassis.memory import CompleteShelf
from chassis.rendering import Texts
from chassis.replay import tick
from contracts.examples import example
from hostile import INPUTS, messages, named_anew
from recorded import installed

SOME = 40
MANY = 17_000
RENEWED_AFTER = 100
"""Inputs on one shelf: enough for them to meet each other, few enough to find which of them did it."""
STORY_EVERY = 4
TICK_EVERY = 5
FIRST = datetime(2026, 3, 2, 12, tzinfo=UTC)
STORED_AT = datetime(2026, 6, 1, tzinfo=UTC)


@cache
def texts(package: str) -> Texts:
    return Texts(package)


class Folding:
    """The four services, folding one hostile log in which days pass."""

    def __init__(self) -> None:
        self.count = 0
        self.letters = Counter()
        self.renew()

    def renew(self) -> None:
        self.folds = [Fold(one, CompleteShelf(one), texts(one.package)) for one in installed()]
        self.day = FIRST

    def take(self, raw: bytes, subject: str | None = None) -> None:
        self.count += 1
        if self.count % RENEWED_AFTER == 0:
            self.renew()
        self._through(raw := named_anew(raw, self.count), subject)
        if self.count % STORY_EVERY == 0 and json_type(raw) == "community.configured":
            # Whatever such a playbook says, people come and write, and time passes under it.
            for type_ in ("member.joined", "post.created", "reaction.added", "kudos.given", "feedback.submitted"):
                self._through(named_anew(example(type_), self.count))
            self._pass(40)
        elif self.count % TICK_EVERY == 0:
            self._pass(1)

    def _pass(self, days: int) -> None:
        self.day = min(self.day + timedelta(days=days), STORED_AT)
        self._through(tick("atelier", self.day).to_json())

    def _through(self, raw: bytes, subject: str | None = None) -> None:
        entry = read(raw, seq=self.count, stored_at=STORED_AT, subject=subject)
        for fold in self.folds:
            before = len(fold.shelf.letters)
            fold.take(entry)
            new = fold.shelf.letters[before:]
            assert not [letter.traceback for letter in new if letter.kind == "rule-failure"]
            if entry.refusal is not None:
                assert [letter.kind for letter in new] == [entry.refusal.kind]
            for letter in new:
                assert all((letter.what, letter.where, letter.cure))
                self.letters[letter.kind] += 1


def json_type(raw: bytes) -> object:
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return document.get("type") if isinstance(document, dict) else None


def fold(strategy, count: int) -> Folding:
    folding = Folding()

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        derandomize=count == SOME,
    )
    @given(strategy)
    def through_all(message):
        if isinstance(message, tuple):
            subject, raw = message
            folding.take(raw, subject)
        else:
            folding.take(message)

    through_all()
    return folding


@pytest.mark.parametrize("kind", INPUTS)
def test_some_inputs_of_each_kind_are_folded_to_the_end(kind):
    folding = fold(INPUTS[kind], SOME)

    assert folding.count >= SOME
    assert folding.letters


@pytest.mark.proof
@pytest.mark.timeout(3600)
def test_a_hundred_thousand_inputs_are_folded_to_the_end():
    counts = {kind: fold(strategy, MANY).count for kind, strategy in {**INPUTS, "on subjects": messages()}.items()}

    assert min(counts.values()) >= MANY
    assert sum(counts.values()) >= 100_000
