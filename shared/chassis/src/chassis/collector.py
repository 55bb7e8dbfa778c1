"""Python's cycle collector, told what this program is like: rows are many, live long, and hold no cycles."""

import gc

YOUNG_OBJECTS = 50_000
"""So many new objects before the young are looked through; Python's own 700 look at live rows again and again."""
ROUNDS = (20, 100)


def spare() -> None:
    """Leave what is loaded by now out of every collection, and collect less often.

    Cycles still go; frozen rows never make one.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, *ROUNDS)
