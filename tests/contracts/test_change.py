"""Change: the fast `replace` is the slow one."""

from dataclasses import FrozenInstanceError, dataclass
from dataclasses import replace as slow

import pytest

from contracts.change import replace
from contracts.people import Person
from facts_said import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    zeta: int
    alpha: str = "a"


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived(Base):
    beta: tuple[int, ...] = ()
    aleph: str | None = None


def test_it_gives_what_dataclasses_give_also_for_inherited_fields():
    row = Derived(zeta=1, beta=(2,))

    assert replace(row, alpha="b", aleph="c") == slow(row, alpha="b", aleph="c")
    assert type(replace(row)) is Derived


def test_the_first_stays_as_it_was_and_the_second_is_frozen_too():
    row = Person(member="ana", first_seen_at=moment("2026-03-02 10:00"))
    changed = replace(row, bot=True)

    assert (row.bot, changed.bot) == (False, True)
    assert hash(changed) == hash(slow(row, bot=True))
    with pytest.raises(FrozenInstanceError):
        changed.bot = False


def test_a_name_that_is_no_field_is_an_error():
    with pytest.raises(AttributeError):
        replace(Derived(zeta=1), gamma=2)
