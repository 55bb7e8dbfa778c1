"""Every user against every subject of the log and every request of JetStream, on the real server.

What may be is written here anew, from the promise, and not taken from the tables that make the lists.
"""

import asyncio
import json
from collections.abc import Iterator
from itertools import product

import pytest

from contracts.examples import example
from contracts.registry import DECISIONS, MODELS, OPERATOR, PLATFORM, SERVICES
from guarded import CHAT, EVERYBODY, FORUM, Guarded, Witness, flushed, guarded
from staged import until

COMMUNITIES = ("atelier", "verger", "voisins", "autre")
NAMES = tuple(one.name for one in EVERYBODY)
SAID_BY_ALL = ("message.requested", "message.cancelled", "message.withheld")


@pytest.fixture(scope="module")
def guard() -> Iterator[Guarded]:
    with guarded() as there:
        yield there


def may_say(user: str, type_: str, community: str, publisher: str) -> bool:
    if user in SERVICES:
        own = type_ in DECISIONS[user] or type_ in SAID_BY_ALL
        return (own and publisher == user) or (type_ == "clock.ticked" and publisher == "clock")
    match user:
        case "forum":
            return type_ in PLATFORM and community == "atelier" and publisher == "forum"
        case "chat":
            return type_ in PLATFORM and community in {"verger", "voisins"} and publisher == "chat"
        case "camille":
            return type_ in OPERATOR and publisher == "operator"
        case "sacha":
            return (
                type_ in OPERATOR and type_ != "letter.redriven" and (community, publisher) == ("atelier", "operator")
            )
    return user == "gardien"


async def arrived(guard: Guarded, user: str, subjects: list[str]) -> set[str]:
    """On which of the subjects something that a user sends arrives in the log's account."""
    mark = f"from {user}".encode()
    async with guard.owner() as bus, guard.user(user) as client:
        witness = Witness(bus)
        await witness.watch()
        for subject in subjects:
            await client.publish(subject, mark)
        await witness.settle(client)
        return witness.from_(mark)


@pytest.mark.parametrize("user", NAMES)
async def test_a_user_says_what_is_its_own_and_nothing_else(guard, user):
    publishers = (*SERVICES, "forum", "chat", "operator", "clock")
    wanted = {
        f"{type_}.{community}.{publisher}": may_say(user, type_, community, publisher)
        for type_, community, publisher in product(MODELS, COMMUNITIES, publishers)
    }

    found = await arrived(guard, user, list(wanted))

    assert found == {subject for subject, allowed in wanted.items() if allowed}
    assert found


REQUESTS = {
    subject.format(stream=stream): (verb, stream)
    for stream in ("EVENTS", "DEAD", "OTHER")
    for verb, subject in {
        "account": "$JS.API.INFO",
        "make": "$JS.API.STREAM.CREATE.{stream}",
        "change": "$JS.API.STREAM.UPDATE.{stream}",
        "streams": "$JS.API.STREAM.NAMES",
        "list streams": "$JS.API.STREAM.LIST",
        "stand": "$JS.API.STREAM.INFO.{stream}",
        "delete": "$JS.API.STREAM.DELETE.{stream}",
        "purge": "$JS.API.STREAM.PURGE.{stream}",
        "delete one": "$JS.API.STREAM.MSG.DELETE.{stream}",
        "get": "$JS.API.STREAM.MSG.GET.{stream}",
        "get directly": "$JS.API.DIRECT.GET.{stream}",
        "get by subject": "$JS.API.DIRECT.GET.{stream}.0.member.joined.atelier.forum",
        "snapshot": "$JS.API.STREAM.SNAPSHOT.{stream}",
        "restore": "$JS.API.STREAM.RESTORE.{stream}",
        "peer": "$JS.API.STREAM.PEER.REMOVE.{stream}",
        "leader": "$JS.API.STREAM.LEADER.STEPDOWN.{stream}",
        "ephemeral": "$JS.API.CONSUMER.CREATE.{stream}",
        "consumer": "$JS.API.CONSUMER.CREATE.{stream}.any",
        "reader": "$JS.API.CONSUMER.CREATE.{stream}.any.0.>",
        "durable": "$JS.API.CONSUMER.DURABLE.CREATE.{stream}.any",
        "consumers": "$JS.API.CONSUMER.NAMES.{stream}",
        "list consumers": "$JS.API.CONSUMER.LIST.{stream}",
        "consumer stands": "$JS.API.CONSUMER.INFO.{stream}.forum",
        "consumer goes": "$JS.API.CONSUMER.DELETE.{stream}.forum",
        "consumer rests": "$JS.API.CONSUMER.PAUSE.{stream}.forum",
        "consumer again": "$JS.API.CONSUMER.RESET.{stream}.forum",
        "consumer unpinned": "$JS.API.CONSUMER.UNPIN.{stream}.forum",
        "consumer's leader": "$JS.API.CONSUMER.LEADER.STEPDOWN.{stream}.forum",
        "next": "$JS.API.CONSUMER.MSG.NEXT.{stream}.forum",
        "ack": "$JS.ACK.{stream}.forum.1.1.1.1.0",
        "flow": "$JS.FC.{stream}.forum.x",
        "leader of all": "$JS.API.META.LEADER.STEPDOWN",
        "server goes": "$JS.API.SERVER.REMOVE",
        "account goes": "$JS.API.ACCOUNT.PURGE.RUCHE",
        "dead": "dead.{stream}.atelier",
        "as stored": "0.member.joined.atelier.forum",
        "ping": "$SYS.REQ.SERVER.PING",
        "servers": "$SYS.REQ.ACCOUNT.RUCHE.CONNZ",
    }.items()
}
OF_A_SERVICE = {"EVENTS": {"stand", "get", "reader", "next"}}
OF_AN_OPERATOR = {
    stream: {
        *("make", "stand", "get", "consumer", "reader", "consumers", "list consumers", "consumer stands"),
        *("consumer goes", "next"),
    }
    for stream in ("EVENTS", "DEAD")
}


def may_ask(user: str, verb: str, stream: str) -> bool:
    if user in SERVICES:
        return verb in OF_A_SERVICE.get(stream, set())
    if user == "camille":
        return verb in OF_AN_OPERATOR.get(stream, set())
    return user == "gardien" or ((user, stream) == ("forum", "EVENTS") and verb == "ack")


@pytest.mark.parametrize("user", NAMES)
async def test_a_user_asks_jetstream_what_it_needs_and_nothing_else(guard, user):
    found = await arrived(guard, user, list(REQUESTS))

    wanted = {subject for subject, (verb, stream) in REQUESTS.items() if may_ask(user, verb, stream)}
    # What is asked of the whole system passes through no account but its own.
    assert {subject for subject in found if not subject.startswith("$SYS")} == {
        subject for subject in wanted if not subject.startswith("$SYS")
    }


@pytest.mark.parametrize("user", NAMES)
async def test_a_platform_asks_its_own_consumer_and_no_other(guard, user):
    called = {
        f"$JS.ruche.API.CONSUMER.{verb}.EVENTS.{name}": f"$JS.API.CONSUMER.{verb}.EVENTS.{name}"
        for verb in ("MSG.NEXT", "INFO", "DELETE", "CREATE")
        for name in ("forum", "chat", "any")
    }

    found = await arrived(guard, user, list(called))

    if user in {"forum", "chat"}:
        assert found == {f"$JS.API.CONSUMER.{verb}.EVENTS.{user}" for verb in ("MSG.NEXT", "INFO")}
    else:
        # For everybody else that is a subject that means nothing; only a keeper may use such a one.
        assert found == (set(called) if user == "gardien" else set())


@pytest.mark.parametrize("user", NAMES)
async def test_a_user_asks_services_only_as_an_operator(guard, user):
    asked = [f"ops.{service}.{verb}" for service in SERVICES for verb in ("status", "pause", "resume", "dead", "turn")]

    found = await arrived(guard, user, asked)

    if user == "camille":
        assert found == {subject for subject in asked if not subject.endswith(".turn")}
    else:
        assert found == (set(asked) if user == "gardien" else set())


@pytest.mark.parametrize("user", NAMES)
async def test_dead_letters_are_written_by_their_service_alone(guard, user):
    found = await arrived(guard, user, [f"dead.{service}.atelier" for service in SERVICES])

    assert found == (
        {f"dead.{user}.atelier"}
        if user in SERVICES
        else {f"dead.{service}.atelier" for service in SERVICES}
        if user == "gardien"
        else set()
    )


async def test_a_user_hears_answers_to_itself_and_requests_to_it_and_nothing_else(guard):
    told = [
        *(f"_INBOX_{name}.x" for name in NAMES),
        *(f"ops.{service}.status" for service in SERVICES),
        *("member.joined.atelier.forum", "message.requested.atelier.support", "dead.support.atelier"),
        *("0.member.joined.atelier.forum", "$JS.API.STREAM.INFO.EVENTS", "$JS.EVENT.ADVISORY.API", "anything"),
    ]
    wide = ("*", "*.>", ">", "_INBOX_forum.>", "_INBOX_support.>", "ops.>", "$JS.>", "*.*.*.*", "dead.>", "_R_.>")
    for user in NAMES:
        heard = set()

        async def hear(message, heard=heard) -> None:
            heard.add(message.subject)

        async with guard.owner() as bus, guard.user(user) as client:
            for subject in (*told, *wide):
                await client.subscribe(subject, cb=hear)
            await flushed(client)
            for subject in told:
                await bus.send(subject, b"psst")
            await flushed(bus.client)
            await flushed(client)
            # What the client has read by now it hands on without waiting for anything more.
            for _ in range(100):
                await asyncio.sleep(0)
            if user == "gardien":
                assert set(told) <= heard
                continue
            own = {f"_INBOX_{user}.x"} if user not in {"forum", "chat", "sacha"} else set()
            assert heard == own | ({f"ops.{user}.status"} if user in SERVICES else set()), user


@pytest.mark.parametrize("platform", [FORUM, CHAT], ids=lambda one: one.name)
async def test_a_platform_receives_messages_and_what_its_access_lists_of_its_communities(guard, platform):
    decided = {
        (type_, community, service)
        for service in SERVICES
        for type_ in (*DECISIONS[service], *SAID_BY_ALL)
        for community in COMMUNITIES
    }
    async with guard.owner() as bus, guard.user(platform.name) as client:
        waiting = await client.jetstream(domain="ruche").pull_subscribe_bind(platform.name, stream="EVENTS")
        while True:
            try:
                [await message.ack() for message in await waiting.fetch(500, timeout=0.3)]
            except TimeoutError:
                break
        for type_, community, service in sorted(decided):
            await bus.client.request(f"{type_}.{community}.{service}", b"{}", timeout=5)
        received, count = set(), 0
        pending = (await waiting.consumer_info()).num_pending
        while count < pending:
            for message in await waiting.fetch(500, timeout=30):
                _, entity, happened, community, _ = message.subject.split(".")
                received.add((f"{entity}.{happened}", community))
                count += 1
                await message.ack()

    entities = {"message"} if platform is FORUM else {"message", "question", "member"}
    wanted = {
        (type_, community)
        for type_, community, _ in decided
        if community in platform.communities and type_.partition(".")[0] in entities and type_ != "member.fading"
    }
    assert received == wanted


async def test_what_a_platform_has_not_acknowledged_waits_for_it_and_comes_again_under_the_same_request():
    with guarded() as alone:
        async with alone.owner() as bus:
            await bus.client.request("message.requested.atelier.onboarding", example("message.requested"), timeout=5)
        shown, heard = [], 0
        for deed in ("leaves", "nak", "ack"):
            # A platform that went away, or could not, finds at its next connection what it has not acknowledged.
            async with alone.user("forum") as client:
                waiting = await client.jetstream(domain="ruche").pull_subscribe_bind("forum", stream="EVENTS")
                if deed == "leaves":
                    continue
                (message,) = await waiting.fetch(1, timeout=5)
                heard += 1
                request = json.loads(message.data)["data"]["request"]
                if request not in shown:
                    shown.append(request)
                await (message.nak() if deed == "nak" else message.ack())
                await flushed(client)
        async with alone.owner() as bus:

            async def nothing_left() -> bool:
                stands = await bus.api("CONSUMER.INFO.EVENTS.forum")
                return (stands["num_pending"], stands["num_ack_pending"]) == (0, 0)

            await until(nothing_left, "the acknowledgement was taken")
        assert heard == 2
        assert len(shown) == 1
