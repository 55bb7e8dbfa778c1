"""What happens in one trial: which services run, on what, and what befalls them. Decided by the seed alone."""

from dataclasses import dataclass
from random import Random
from typing import Final, Literal, NamedTuple

STEPS: Final = ("after-read", "before-commit", "after-commit", "mid-publish", "before-clear")
"""The steps of a batch, as `chassis.fault` names them."""
TOY: Final = "toy"
REAL: Final = ("digest", "onboarding", "recognition", "support")
Setting = Literal["plain", "cut", "full-disk", "lost-tail", "cluster", "short-window"]

SETTINGS: Final[dict[int, Setting]] = {0: "cut", 3: "full-disk", 5: "cluster", 7: "lost-tail", 9: "short-window"}
"""By the last digit of the seed: what takes long is spread evenly, whichever seeds are run."""
_SERVICES: Final = (
    (TOY,),
    ("onboarding",),
    (TOY,),
    ("recognition",),
    REAL,
    (TOY,),
    ("support",),
    (TOY,),
    ("digest",),
    REAL,
)
_SERVERS: Final = ("nats-killed", "postgres-killed", "nats-frozen", "postgres-frozen")
_OTHERS: Final = ("killed", "frozen", "joined-and-left", "sent-again")


class Act(NamedTuple):
    """One thing that befalls a service: its name, and where in a batch when it is done at a step."""

    name: str
    step: str = ""

    def __str__(self) -> str:
        return f"{self.name} at {self.step}" if self.step else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One trial.

    Attributes:
        setting: what the servers are: as usual, behind a connection that will be cut, on a disk that fills up, …
        batch_size: of every service; small ones make many commits.
        recent: whether the facts are of these days, so that silences fall due while the trial runs.
    """

    seed: int
    setting: Setting
    services: tuple[str, ...]
    batch_size: int
    replicas: int
    recent: bool
    acts: tuple[Act, ...]

    def __str__(self) -> str:
        who = "all four" if self.services == REAL else self.services[0]
        acts = "; ".join(map(str, self.acts))
        return f"{who}, {self.replicas} replicas, batches of {self.batch_size}, {self.setting}: {acts}"


def plan_of(seed: int) -> Plan:
    """The plan of a seed: the same everywhere."""
    chance = Random(f"trial {seed}")  # noqa: S311 - a plan is no secret
    setting = SETTINGS.get(seed % 10, "plain")
    return Plan(
        seed=seed,
        setting=setting,
        services=_SERVICES[(seed + seed // 10) % len(_SERVICES)],
        batch_size=chance.choice((1, 7, 16, 64, 500)),
        replicas=chance.choice((1, 1, 2, 3)),
        recent=chance.random() < 0.5,
        acts=_acts(setting, chance, seed),
    )


def _acts(setting: Setting, chance: Random, seed: int) -> tuple[Act, ...]:
    crashed = Act("crashed", STEPS[seed % len(STEPS)])
    if setting == "plain":
        zombie = Act("frozen", chance.choice(("after-commit", "mid-publish", "before-commit", "")))
        acts = [crashed, zombie, Act(chance.choice(_SERVERS)), Act(chance.choice(_OTHERS))]
        chance.shuffle(acts)
        return (*acts, Act("sent-again")) if Act("sent-again") not in acts else tuple(acts)
    if setting == "cut":
        cut = (chance.choice(("cut-from-nats", "cut-from-postgres")), chance.choice(("held", "reset")))
        return (crashed, Act(*cut), Act("killed"))
    if setting == "full-disk":
        return (crashed, Act("disk-filled"), Act("nats-killed"))
    if setting == "lost-tail":
        return (crashed, Act("tail-lost", chance.choice(("", "then written on"))), Act("sent-again"))
    if setting == "cluster":
        return (Act("leader-killed"), crashed, Act("leader-killed"), Act("node-killed"))
    late = Act("frozen", chance.choice(("after-commit", "mid-publish")))
    return (late, Act("crashed", "mid-publish"), Act("nats-killed"), Act("sent-again"))


def seeds_of(text: str) -> list[int]:
    """`1-50`, `17` or `3,5,9-12` as seeds, in that order. Raises ValueError for anything else."""
    seeds: list[int] = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        start, end = int(first), int(last) if dash else int(first)
        if not 0 <= start <= end:
            raise ValueError(f"{part!r} is no range of seeds")
        seeds.extend(range(start, end + 1))
    return seeds
