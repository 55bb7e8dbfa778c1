"""What a service can tell of one member, to a manager who asks or to the member: values, with no words chosen yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Part = Literal["standing", "next", "keeping", "open"]
"""Where the member stands; what is missing for the next step; what keeps this one; what is still open, and until when.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """One thing: a sentence of the service's catalogue, and what fills it.

    Attributes:
        key: the sentence, in the table `tells` of `messages/why.<language>.toml`.
        values: whole numbers, text, instants, yes or no, and sequences of text; JSON has a form for each.
        due: when it falls due, for what is open.
        others: the names among `values` under which other members stand, by id: the member's own copy leaves them out.
        private: for the member alone: nobody else is shown it.
    """

    part: Part
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    due: datetime | None = None
    others: tuple[str, ...] = ()
    private: bool = False
