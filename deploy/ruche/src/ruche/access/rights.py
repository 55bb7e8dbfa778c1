"""Rights on the bus, as data: the allow-lists, the matrix in the documentation and its test are made from these.

Services and operators are users of the log's own account, with lists of what they may publish and hear. Platforms,
and operators for some communities alone, have an account each, into which single subjects of the log's are let. That
is more than a list: NATS sends its answers wherever a request says, as itself, so that inside the log's account
whoever may ask JetStream anything could have it empty the log. From another account no answer gets there.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from chassis.bus import DEAD, EVENTS
from chassis.operations import request_subject
from contracts.registry import CLOCK_KIND, MESSAGES, OPERATOR_KIND, PLATFORM, types_of

Kind = Literal["service", "platform", "operator"]
ACCOUNT = "RUCHE"
"""The account of NATS that holds the log."""
DOMAIN = "ruche"
"""How a platform's client calls the log's JetStream: its JetStream domain, so that its own account's is left alone."""
OPERATED = ("status", "pause", "resume", "dead", "member")
"""What operators ask of services. `turn` is for a conductor, who has the log to himself."""
REDRIVEN = "letter.redriven"
"""Says anything in anybody's name: for operators of everything alone."""
_API = "$JS.API"


class Right(NamedTuple):
    """A subject, perhaps with wildcards, and what it is for. `called`: its name in the user's own account."""

    subject: str
    why: str
    called: str | None = None


class Rights(NamedTuple):
    """What a user may publish and ask (`says`), and subscribe to (`hears`); `inside`: of the log's own account."""

    says: tuple[Right, ...]
    hears: tuple[Right, ...]
    inside: bool


def inbox(user: str) -> str:
    """Where a user's answers arrive."""
    return f"_INBOX_{user}.>"


def of_service(name: str, operators: Iterable[str]) -> Rights:
    """A service: it says its own types and the clock's, reads the log, writes its dead letters, answers operators."""
    says = [Right(f"{type_}.*.{name}", "its own decisions") for type_ in types_of(name)]
    says += [Right(f"{type_}.*.{CLOCK_KIND}", "the clock") for type_ in types_of(CLOCK_KIND)]
    says += [
        Right(f"dead.{name}.*", "its dead letters"),
        Right(f"{_API}.STREAM.INFO.{EVENTS}", "where the log begins and ends"),
        Right(f"{_API}.STREAM.MSG.GET.{EVENTS}", "one message of the log"),
        Right(f"{_API}.CONSUMER.CREATE.{EVENTS}.*.*.>", "a reader of one partition"),
        Right(f"{_API}.CONSUMER.MSG.NEXT.{EVENTS}.*", "the next messages of the log"),
    ]
    says += [Right(inbox(operator), "answers to operators") for operator in sorted(operators)]
    hears = (Right(inbox(name), "answers"), Right(request_subject(name, "*"), "operators' requests"))
    return Rights(tuple(says), hears, inside=True)


def of_operator(name: str) -> Rights:
    """An operator of everything: says what operators say, asks services, makes and reads the streams and consumers."""
    says = [Right(f"{type_}.*.{OPERATOR_KIND}", "an operator's word") for type_ in types_of(OPERATOR_KIND)]
    says += [Right(request_subject("*", verb), "requests to services") for verb in OPERATED]
    for stream in (EVENTS, DEAD):
        says += [
            Right(f"{_API}.STREAM.INFO.{stream}", "how a stream stands"),
            Right(f"{_API}.STREAM.CREATE.{stream}", "provisioning"),
            Right(f"{_API}.STREAM.MSG.GET.{stream}", "one message of a stream"),
            Right(f"{_API}.CONSUMER.CREATE.{stream}.>", "readers; the consumers of platforms"),
            Right(f"{_API}.CONSUMER.INFO.{stream}.*", "how a consumer stands"),
            Right(f"{_API}.CONSUMER.NAMES.{stream}", "which consumers there are"),
            Right(f"{_API}.CONSUMER.LIST.{stream}", "which consumers there are, and how they stand"),
            Right(f"{_API}.CONSUMER.DELETE.{stream}.*", "a platform that is removed"),
            Right(f"{_API}.CONSUMER.MSG.NEXT.{stream}.*", "the next messages of a stream"),
        ]
    return Rights(tuple(says), (Right(inbox(name), "answers"),), inside=True)


def of_keeper(_name: str) -> Rights:
    """A keeper: everything in the log's account, to trim, erase and repair the log, and to conduct."""
    everything = Right(">", "everything in the log's account")
    return Rights((everything,), (everything,), inside=True)


def of_manager(_name: str, communities: Iterable[str]) -> Rights:
    """An operator of some communities: says what operators say to these, and nothing else."""
    says = (
        Right(f"{type_}.{community}.{OPERATOR_KIND}", "an operator's word to its communities")
        for community in sorted(communities)
        for type_ in types_of(OPERATOR_KIND)
        if type_ != REDRIVEN
    )
    return Rights(tuple(says), (), inside=False)


def of_platform(name: str, communities: Iterable[str]) -> Rights:
    """A platform: says facts of its communities under its own token, and has one consumer for what it receives."""
    says = [
        Right(f"{type_}.{community}.{name}", "facts of its communities")
        for community in sorted(communities)
        for type_ in PLATFORM
    ]
    for verb in ("CONSUMER.MSG.NEXT", "CONSUMER.INFO"):
        subject = f"{verb}.{EVENTS}.{name}"
        says.append(Right(f"{_API}.{subject}", "what its own consumer has for it", f"$JS.{DOMAIN}.API.{subject}"))
    says.append(Right(f"$JS.ACK.{EVENTS}.{name}.>", "its acknowledgements"))
    return Rights(tuple(says), (), inside=False)


PRIVATE = ("points.*", "gaming.*", "care.*", "member.fading")
"""Decisions that leave for a platform only when its access names the very type: they are about people, for humans."""


def is_private(type_: str) -> bool:
    """Whether a decision stays inside unless it is asked for by name."""
    return type_ in PRIVATE or f"{type_.partition('.')[0]}.*" in PRIVATE


def received(wanted: Iterable[str], decisions: Iterable[str]) -> tuple[str, ...]:
    """The types a platform receives: messages always, then those named and those of named entities (`question.*`).

    Raises ValueError with the first word that names no decision.
    """
    known = tuple(decisions)
    found = list(MESSAGES)
    for word in wanted:
        entity = word.removesuffix("*")
        matching = [type_ for type_ in known if type_ == word or (entity != word and type_.startswith(entity))]
        if not matching or (entity != word and not entity.endswith(".")):
            raise ValueError(word)
        found += [type_ for type_ in matching if type_ == word or not is_private(type_)]
    return tuple(sorted(set(found)))
