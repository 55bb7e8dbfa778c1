"""The words of the contracts: fields that stand in many types, each with its meaning said once."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from contracts.envelope import PERSON, EventId, Instant, Key, MemberId
from contracts.nulls import NullAs

LONGEST_BODY = 4000
LONGEST_EXPERIENCE = 140

Text = str
Texts = Annotated[tuple[str, ...], NullAs(())]
"""A list that a platform may leave out, or write as null."""
Yes = Annotated[bool, NullAs(False)]
"""A yes-or-no that is no when a platform leaves it out, or writes null."""

Mark = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[^\p{Cc}]+$")]
"""A short word of the platform's own that may hold any emoji: a reaction, a channel."""

Body = Annotated[
    str,
    AfterValidator(lambda text: text if len(text) <= LONGEST_BODY else text[:LONGEST_BODY]),
    Field(description=f"Plain text, may be empty; what is over {LONGEST_BODY:,} characters is cut off when read."),
]
Experience = Annotated[
    str,
    AfterValidator(lambda text: text if len(text) <= LONGEST_EXPERIENCE else text[:LONGEST_EXPERIENCE]),
    Field(description=f"One line about what the person has done; over {LONGEST_EXPERIENCE} characters is cut off."),
]

Member = Annotated[MemberId, Field(description="The person, by the platform's id.")]
Actor = Annotated[
    MemberId | None,
    Field(description="Who acted; null where the platform does not tell: then nobody earns, everything else works."),
]
Post = Annotated[Key, Field(description="The post.")]
Thread = Annotated[Key, Field(description="The thread: the id that all posts below one opening post share.")]
Channel = Annotated[Mark, Field(description="The channel, by the platform's id.")]
Title = Annotated[str, Field(description="The title; may be empty.")]
Tags = Annotated[Texts, Field(description="The platform's tags.")]
Skills = Annotated[Texts, Field(description="Skills in the person's words or as slugs of the playbook.")]
Locale = Annotated[str, Field(description="Language tag, as `fr` or `fr-CA`.")]
Url = Annotated[str, Field(description="An address on the web.")]
By = Annotated[Key, PERSON, Field(description="Who decided or wrote, by the platform's id.")]
Why = Annotated[str, Field(description="The reason in words.")]
Reason = Annotated[str, Field(description="The reason, in a word or a sentence.")]
Request = Annotated[EventId, Field(description="The id of the `message.requested` event.")]
Day = Annotated[date, Field(description="A day in the community's zone.")]
IsoWeek = Annotated[
    str, StringConstraints(pattern=r"^\d{4}-W\d{2}$"), Field(description="An ISO week in the community's zone.")
]
Month = Annotated[
    str, StringConstraints(pattern=r"^\d{4}-\d{2}$"), Field(description="A calendar month in the community's zone.")
]
Count = Annotated[int, Field(ge=0)]
Number = Annotated[
    str,
    StringConstraints(pattern=r"^-?\d{1,18}(\.\d{1,9})?$"),
    Field(description="A decimal written as text, rounded half up."),
]
Due = Annotated[Instant, Field(description="By when.")]

Motivation = Literal["learn", "share", "company", "support", "act", "belong", "help"]
Obstacle = Literal["time", "unclear", "unfit", "later"]
PostKind = Literal["question", "answer", "message", "comment", "announcement", "showcase"]
Urgency = Literal["urgent", "normal", "low"]
Goal = Literal["support", "product", "acquisition", "content", "engagement", "success"]
Stratum = Literal["listening", "taking_part", "lending_a_hand", "holding_up", "relay"]
"""À l'écoute, de la partie, coup de main, force vive, relais: moments, not labels."""
Role = Literal["core_team", "manager", "relays", "welcomers", "sponsors"]
Responder = Annotated[
    Literal["member", "relay", "staff"], Field(description="In what capacity the person answered, at that time.")
]
Audience = Annotated[
    Literal["public", "private"], Field(description="Whether others see it: the person's choice, and the place's.")
]
Act = Annotated[
    Literal[
        "accepted_answer",
        "meetup_hosted",
        "referral",
        "feedback_adopted",
        "task_done",
        "beta_report",
        "advocacy",
        "first_reply_to_newcomer",
        "kudos_received",
        "meetup_attended",
        "reply_to_question",
        "thread_that_draws",
        "reply",
        "reaction_received",
        "active_day",
    ],
    Field(description="What the points are for."),
]
