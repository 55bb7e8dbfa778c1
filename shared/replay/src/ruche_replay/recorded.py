"""A recording of the log held against the services of today: do they decide what is recorded that they decided?"""

from pathlib import Path

from chassis.replay import as_recorded
from ruche_replay.difference import difference
from ruche_replay.files import facts_of
from ruche_replay.installed import chosen
from ruche_replay.story import Services
from ruche_replay.wording import EXAMPLES, in_words


def expect_as_recorded(path: Path | str, *, services: Services = None, examples: int | None = EXAMPLES) -> None:
    """Each service's fold of a recording, as it stands, decides what it is recorded to have decided, to the byte.

    Args:
        path: what `ruche log record` wrote; gzip too.
        services: those that are held against it; every installed one that the recording has decisions of, unless named.
        examples: how many differences of each matter a failure shows; None for all.

    Raises AssertionError that says what appeared, vanished, moved and why, and LookupError for a recording without any
    decision of these services.
    """
    __tracebackhide__ = True
    log = list(facts_of(path))
    speaking = {entry.event.source for entry in log if entry.event is not None}
    held = [service for service in chosen(services) if services is not None or service.source in speaking]
    if not held or not any(service.source in speaking for service in held):
        raise LookupError(f"{path} has no decision of these services: it is no recording of theirs")
    for service in held:
        again = as_recorded(service, log)
        if not again.equal:
            sides = [[raw for said in side.values() for _, raw in said] for side in (again.recorded, again.decided)]
            words = "\n".join(in_words(difference(*sides), examples=examples))
            raise AssertionError(f"{service.name} does not decide what {Path(path).name} records: {words}")
