"""Where an event goes in the log: `<type>.<community>.<publisher>`, behind its partition once it is stored."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from contracts.envelope import AnyEvent
from contracts.errors import WrongSubject

_SUBJECT = re.compile(
    r"(?:\d{1,4}\.)?(?P<type>[a-z]+\.[a-z]+)\.(?P<community>[a-z0-9][a-z0-9-]{0,62})\.(?P<publisher>[a-z0-9][a-z0-9-]{0,62})",
    re.ASCII,
)
_PUBLISHER = re.compile(r"[a-z0-9][a-z0-9-]{0,62}", re.ASCII)
_OFFSET_BASIS = 0x811C9DC5
_PRIME = 0x01000193


class Subject(NamedTuple):
    """The subject of an event, without the partition that the log puts in front."""

    type: str
    community: str
    publisher: str

    def __str__(self) -> str:
        return f"{self.type}.{self.community}.{self.publisher}"


def publisher_of(source: str, publishers: Mapping[str, str] | None = None) -> str:
    """The publisher that a source belongs to: the one registered for it, else its last path segment.

    Raises WrongSubject when that segment can be no token of a subject.
    """
    return (publishers.get(source) if publishers else None) or _last_segment(source)


@lru_cache(maxsize=4096)
def _last_segment(source: str) -> str:
    publisher = source.rstrip("/").rpartition("/")[2]
    if not _PUBLISHER.fullmatch(publisher):
        raise WrongSubject(
            "the last path segment of `source` can be no publisher",
            where="source",
            cure="end it in 1 to 63 of a-z, 0-9 and -, as /platforms/forum, or register a publisher for this source",
        )
    return publisher


def subject_of(event: AnyEvent, publishers: Mapping[str, str] | None = None) -> Subject:
    """The subject that an event is published on."""
    return Subject(event.type, event.data.community, publisher_of(event.source, publishers))


@lru_cache(maxsize=4096)
def parse_subject(text: str) -> Subject:
    """The parts of a subject, with or without the partition in front; raises WrongSubject for anything else."""
    match = _SUBJECT.fullmatch(text)
    if match is None:
        raise WrongSubject(
            "the subject has not the form <entity>.<happened>.<community>.<publisher>",
            where="subject",
            cure="publish on the event's type, its community and your publisher, as member.joined.atelier.forum",
        )
    return Subject(match["type"], match["community"], match["publisher"])


def partition_of(community: str, partitions: int) -> int:
    """The partition that the log puts a community in: FNV-1a of 32 bits, as the server's `partition()` has it."""
    digest = _OFFSET_BASIS
    for byte in community.encode():
        digest = (digest ^ byte) * _PRIME & 0xFFFFFFFF
    return digest % partitions
