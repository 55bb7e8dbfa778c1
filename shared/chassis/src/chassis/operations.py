"""What an operator can ask of a running service, over NATS request-reply: `ops.<service>.<verb>`, JSON both ways."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

from faststream import ExceptionMiddleware
from faststream.nats import NatsBroker
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chassis.logging import get_logger

log = get_logger(__name__)

VERBS = ("status", "pause", "resume", "turn", "dead", "member")


def request_subject(service: str, verb: str) -> str:
    """Where a request to a service goes."""
    return f"ops.{service}.{verb}"


class Refusal(Exception):  # noqa: N818 - named for what happens to the request
    """A request that cannot be granted: the runner raises it, the operator reads its text."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class TurnRequest(_Model):
    """Read a partition to a place of the log, commit, publish everything. Only a conducted service grants it."""

    partition: int = Field(ge=0)
    upto: int = Field(ge=0, description="The last sequence of the log that this turn reads.")


class TurnAnswer(_Model):
    """What the turn did: it is over when everything it decided is in the log."""

    partition: int
    read_to: int = Field(description="Everything up to this sequence is folded.")
    published_to: int = Field(description="The last sequence this turn added to the log; 0 when it added nothing.")
    due: Mapping[str, str | None] = Field(
        description="Per community of the partition, its earliest deadline (RFC 3339); null once it has none any more."
    )


class DeadRequest(_Model):
    """List dead letters, show one, have the event that redrives one, settle it once that is published, or drop one."""

    action: Literal["list", "show", "redrive", "settle", "drop"] = "list"
    letter: str | None = Field(None, description="The letter's id; needed by all but `list`.")
    community: str | None = Field(None, description="`list`: only this community's.")
    cause: str | None = Field(
        None, description="`list`: only those of this cause, as `list` names it, in the order of the log."
    )
    limit: int = Field(100, ge=1, le=1000, description="`list`: at most so many, newest first.")


class MemberRequest(_Model):
    """What the service knows of one member: standing, what is missing, what keeps it, what is open. It only reads."""

    community: str = Field(description="The community.")
    member: str = Field(description="The member, by the platform's id.")
    audience: Literal["manager", "member"] = Field(
        "manager", description="Who reads it: for `member`, points are told, and nobody else is named."
    )


class Answer(BaseModel):
    """What the service tells, as far as it goes."""

    model_config = ConfigDict(frozen=True, extra="allow")

    service: str
    replica: str = Field(description="Which process answered: each replica answers for itself.")
    ready: bool = Field(description="Whether it does its work, as `/readyz` has it.")
    reasons: tuple[str, ...] = Field(description="If not, why.")


class Failure(_Model):
    """Why a request was not granted, and nothing done."""

    error: str


class Operated(Protocol):
    """What answers: the runner of a service."""

    def status(self) -> Mapping[str, Any]:
        """Partitions, cursors, lag, outbox, breaker."""

    async def pause(self) -> None:
        """Finish the batch at work and read no more until resumed."""

    async def resume(self) -> None:
        """Read on; close a breaker that opened."""

    async def turn(self, partition: int, upto: int) -> Mapping[str, Any]:
        """One turn of lock step."""

    async def dead(
        self, action: str, *, letter: str | None, community: str | None, cause: str | None, limit: int
    ) -> Mapping[str, Any]:
        """See to dead letters."""

    async def member(self, community: str, member: str, audience: Literal["manager", "member"]) -> Mapping[str, Any]:
        """What is known of a member."""


def failures() -> ExceptionMiddleware:
    """Every request is answered: a refused one says why, a failed one what kind of failure it was."""
    middleware = ExceptionMiddleware()

    def broken(error: Exception) -> dict[str, str]:
        log.error("request failed", exc_info=error)
        return {"error": f"the service failed on this request ({type(error).__name__}); its log says more"}

    @middleware.add_handler(Refusal, publish=True)
    def refused(error: Refusal) -> dict[str, str]:
        return {"error": str(error)}

    @middleware.add_handler(Exception, publish=True)
    def failed(error: Exception) -> dict[str, str]:
        return broken(error)

    @middleware.add_handler(ValidationError, publish=True)
    def unfit(error: ValidationError) -> dict[str, str]:
        lines = error.errors(include_input=False)
        if any(line["loc"][:1] != ("request",) for line in lines):
            return broken(error)
        places = "; ".join(f"{'.'.join(map(str, line['loc']))}: {line['msg']}" for line in lines)
        return {"error": f"the request does not fit: {places}"}

    return middleware


Readiness = Callable[[], tuple[bool, list[str]]]
"""Whether a service does its work, and if not, why."""


def answer_requests(
    broker: NatsBroker, service: str, replica: str, runner: Operated, readiness: Readiness = lambda: (True, [])
) -> None:
    """Subscribe to the requests of a service.

    Every replica hears `status`, `pause` and `resume`, and each answers for itself; `turn`, `dead` and `member` go to
    one of them.
    """

    def answer(told: Mapping[str, Any]) -> Answer:
        ready, reasons = readiness()
        return Answer(**{**told, "service": service, "replica": replica, "ready": ready, "reasons": tuple(reasons)})

    @broker.subscriber(request_subject(service, "status"), title="ops-status", description="How the service stands.")
    async def status() -> Answer:
        return answer(runner.status())

    @broker.subscriber(request_subject(service, "pause"), title="ops-pause", description="Read no more until resumed.")
    async def pause() -> Answer:
        await runner.pause()
        return answer(runner.status())

    @broker.subscriber(request_subject(service, "resume"), title="ops-resume", description="Read on.")
    async def resume() -> Answer:
        await runner.resume()
        return answer(runner.status())

    @broker.subscriber(
        request_subject(service, "turn"), queue=service, title="ops-turn", description=TurnRequest.__doc__
    )
    async def turn(request: TurnRequest) -> TurnAnswer:
        return TurnAnswer(**await runner.turn(request.partition, request.upto))

    @broker.subscriber(
        request_subject(service, "dead"), queue=service, title="ops-dead", description=DeadRequest.__doc__
    )
    async def dead(request: DeadRequest) -> Answer:
        told = await runner.dead(
            request.action,
            letter=request.letter,
            community=request.community,
            cause=request.cause,
            limit=request.limit,
        )
        return answer(told)

    @broker.subscriber(
        request_subject(service, "member"), queue=service, title="ops-member", description=MemberRequest.__doc__
    )
    async def member(request: MemberRequest) -> Answer:
        return answer(await runner.member(request.community, request.member, request.audience))
