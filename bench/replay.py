"""Replay in process beside a bare decode-encode pass of the same facts, chunk by chunk, in turns."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from bench.material import Material
from chassis.entry import Entry, read
from chassis.replay import Turns
from chassis.service import Service
from contracts.wire import decode, encode

_CHUNKS = 8


@dataclass(frozen=True)
class Replayed:
    """`times_bare`: how many bare passes a replay takes; `rate`: facts a second of processor time."""

    times_bare: float
    rate: float


def measured(services: Sequence[Service], material: Material) -> Replayed:
    """One replay through these services. The first chunk warms up and does not count."""
    turns = Turns(services)
    ratios, seconds, facts = [], 0.0, 0
    for number, chunk in enumerate(_chunks(material.entries)):
        taken, bare = _played(turns, chunk), _bare(chunk)
        if number:
            ratios.append(taken / bare)
            seconds, facts = seconds + taken, facts + len(chunk)
    return Replayed(median(ratios), facts / seconds)


def _chunks(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    size = -(-len(entries) // _CHUNKS)
    return (entries[start : start + size] for start in range(0, len(entries), size))


def _played(turns: Turns, chunk: Sequence[Entry]) -> float:
    # A replay begins with bytes, as the bare pass does.
    started = time.process_time()
    for entry in chunk:
        turns.play(read(entry.raw, seq=entry.seq))
    return time.process_time() - started


def _bare(chunk: Sequence[Entry]) -> float:
    started = time.process_time()
    for entry in chunk:
        encode(decode(entry.raw))
    return time.process_time() - started
