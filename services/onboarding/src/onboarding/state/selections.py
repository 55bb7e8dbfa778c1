"""Rows found by what is not their key: named, bounded, ordered sets. Their SQL is in `store.py`."""

from datetime import datetime

from contracts.identity import EPOCH
from contracts.turn import Selection
from onboarding.state.arrivals import WAVE, Newcomer, Said
from onboarding.state.launch import Promise
from onboarding.state.members import Guide, Pairing, Relay, relays_of, skills_of
from onboarding.state.threads import Thread, people_of


def _newest_first(at: datetime | None) -> int:
    return (
        0
        if at is None
        else (EPOCH - at).days * 86_400_000_000 + (EPOCH - at).seconds * 1_000_000 + (EPOCH - at).microseconds
    )


WAITING = Selection(
    "waiting",
    Newcomer,
    lambda newcomer: ((newcomer.waits,),) if newcomer.waits is not None else (),
    lambda newcomer: (newcomer.joined_at or EPOCH, newcomer.member),
)
WAITING_FOR_WAVES = Selection(
    "waiting_for_waves",
    Newcomer,
    lambda newcomer: ((),) if newcomer.waits is not None and newcomer.waits.startswith(WAVE) else (),
    lambda newcomer: (newcomer.joined_at or EPOCH, newcomer.member),
)
WANTING = Selection(
    "wanting_introduction",
    Newcomer,
    lambda newcomer: ((),) if newcomer.introduction == "wanted" else (),
    lambda newcomer: (newcomer.wanted_at or EPOCH, newcomer.member),
)
NUDGED = Selection(
    "nudged",
    Newcomer,
    lambda newcomer: ((),) if newcomer.nudged_on is not None else (),
    lambda newcomer: (newcomer.member,),
)
RELAYS = Selection("relays", Relay, lambda _relay: ((),), lambda relay: (relay.member,))
PAIRINGS_WITH = Selection(
    "pairings_with",
    Pairing,
    lambda pairing: ((pairing.relay,),) if pairing.relay is not None and pairing.state in {"asking", "paired"} else (),
    lambda pairing: (pairing.asked_at, pairing.newcomer),
)
OPEN_PAIRINGS = Selection(
    "open_pairings",
    Pairing,
    lambda pairing: ((),) if pairing.relay is not None and pairing.state in {"asking", "paired"} else (),
    lambda pairing: (pairing.newcomer,),
)
PAIRINGS_NAMING = Selection(
    "pairings_naming",
    Pairing,
    lambda pairing: tuple((relay,) for relay in relays_of(pairing)),
    lambda pairing: (pairing.newcomer,),
)
GUIDES_BY_SKILL = Selection(
    "guides_by_skill",
    Guide,
    lambda guide: tuple((skill,) for skill in skills_of(guide)),
    lambda guide: (-guide.count, guide.named_at or EPOCH, guide.member),
    limit=50,
)
GUIDES_ANSWERING = Selection(
    "guides_answering",
    Guide,
    lambda guide: ((),) if guide.count else (),
    lambda guide: (-guide.count, guide.named_at or EPOCH, guide.member),
    limit=50,
)
THREADS_OF_DAY = Selection(
    "threads_of_day", Thread, lambda thread: ((thread.day.isoformat(),),), lambda thread: (thread.thread,)
)
THREADS_NAMING = Selection(
    "threads_naming",
    Thread,
    lambda thread: tuple((member,) for member in people_of(thread)),
    lambda thread: (thread.thread,),
)
OPEN_BY_SKILL = Selection(
    "open_by_skill",
    Thread,
    lambda thread: tuple((skill,) for skill in thread.skills) if thread.open else (),
    lambda thread: (_newest_first(thread.asked_at), thread.thread),
    limit=10,
)
OPEN_QUESTIONS = Selection(
    "open_questions",
    Thread,
    lambda thread: ((),) if thread.open else (),
    lambda thread: (_newest_first(thread.asked_at), thread.thread),
    limit=10,
)
SAID_OF_DAY = Selection("said_of_day", Said, lambda said: ((said.day.isoformat(),),), lambda said: (said.decision,))
PROMISES_NAMING = Selection(
    "promises_naming",
    Promise,
    lambda promise: tuple((name,) for name in dict.fromkeys((promise.by, promise.promised_to)) if name is not None),
    lambda promise: (promise.promise,),
)
SAID_ABOUT = Selection("said_about", Said, lambda said: ((said.about,),), lambda said: (said.decision,))
