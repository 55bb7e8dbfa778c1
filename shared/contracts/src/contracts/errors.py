"""What can be wrong with what arrives: one error per kind, each saying what, where and how to mend it."""


class Refused(ValueError):  # noqa: N818 - named for what happens to the input
    """An input that can never become valid by itself; it ends as a dead letter.

    Attributes:
        what: what is wrong, in one clause.
        where: the place in the input (`data.member`, `subject`, `line 12`).
        cure: what the sender can do about it.
    """

    kind = "refused"

    def __init__(self, what: str, *, where: str, cure: str) -> None:
        super().__init__(f"{what} (at {where}): {cure}")
        self.what = what
        self.where = where
        self.cure = cure


class TooLarge(Refused):
    """The message is over 256 KiB."""

    kind = "too-large"


class NotJson(Refused):
    """The bytes are not a JSON object."""

    kind = "not-json"


class BadEnvelope(Refused):
    """The CloudEvents attributes are missing or wrong."""

    kind = "bad-envelope"


class BadData(Refused):
    """`data` does not fit the model of its type."""

    kind = "bad-data"


class UnknownType(Refused):
    """No contract has this type. `known_entity` says whether it may be a newer type of a known entity."""

    kind = "unknown-type"

    def __init__(self, what: str, *, where: str, cure: str, known_entity: bool) -> None:
        super().__init__(what, where=where, cure=cure)
        self.known_entity = known_entity


class FromTheFuture(Refused):
    """`time` is more than five minutes after the log's own timestamp of the message."""

    kind = "from-the-future"


class WrongSubject(Refused):
    """Type, community or publisher are not those of the subject the message came in on."""

    kind = "wrong-subject"


class BadPlaybook(Refused):
    """A playbook with a wrong key, unit or impossible figure."""

    kind = "bad-playbook"
