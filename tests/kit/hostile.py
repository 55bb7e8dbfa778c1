"""Inputs that mean ill or mean nothing: bytes, JSON, events and playbooks with something wrong somewhere."""

import json
import re
from functools import cache

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from contracts.examples import example
from contracts.playbook import NEUTRAL
from contracts.registry import MODELS
from recorded import latelier

EXAMPLES = {type_: json.loads(example(type_)) for type_ in sorted(MODELS)}
MARK = "a huge number"
"""Stands for more digits than Python converts unasked; the wire may carry them all the same."""
_ID = re.compile(rb'("id": ?"[A-Za-z0-9-]{5,60})"')
MARKUP = (
    "<script>alert(1)</script>",
    "[bold red]x[/] [link=file:///etc/passwd]y[/link]",
    "**a** [b](javascript:c) `d` | e",
    "{{ 7 * 7 }} {% raw %}",
    "'; drop table person; --",
    "\x1b[2J\x1b]0;owned\x07",
    "\x9b2J \u202egnp.exe \u2066",
    "@everyone @here",
    "=cmd|' /C calc'!A0",
    "%s %n ${jndi:ldap://x}",
)
"""What has meant something to a program that should only have shown it."""
ODD_TEXT = st.sampled_from(
    [
        *("", "\0", "\ud800", "NaN", "9" * 400, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999-23:59", "\u202e"),
        *("2026-03-02T25:00:00Z", "2026-W10-1T10:00:00Z", "1772446925", "é" * 300, "x" * 5000, "post.sung", MARK),
        *("9999-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "Europe/Paris", "PT1H", "00:00-24:00", "fr", "always"),
        *MARKUP,
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | ODD_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def places(value):
    """Every (holder, key or index) in a document."""
    found = []
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in steps:
        found.append((value, name))
        found.extend(places(inner))
    return found


def dumps(value) -> bytes:
    """JSON, with whatever Python's own writer lets through."""
    return json.dumps(value).replace(f'"{MARK}"', "1" + "0" * 4400).encode()


@st.composite
def changed(draw, documents):
    """One of the documents with anything in the place of something, or without it."""
    document = json.loads(json.dumps(draw(documents)))
    for _ in range(draw(st.integers(1, 2))):
        found = places(document)
        if not found:
            break
        holder, name = draw(st.sampled_from(found))
        if draw(st.booleans()) or not isinstance(holder, dict):
            holder[name] = draw(VALUES)
        else:
            del holder[name]
    return document


@st.composite
def spoilt(draw):
    """The bytes of an example, some of them changed."""
    message = bytearray(example(draw(st.sampled_from(sorted(MODELS)))))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(message) - 1))
        message[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
    return bytes(message)


@cache
def _playbooks() -> tuple[dict, ...]:
    return latelier(), json.loads(json.dumps(NEUTRAL.document())), {"preset": "pro", "name": "x"}


@st.composite
def configured(draw):
    """A playbook with something wrong, applied."""
    event = json.loads(json.dumps(EXAMPLES["community.configured"]))
    event["data"]["playbook"] = draw(changed(st.sampled_from(_playbooks())))
    return dumps(event)


INPUTS = {
    "bytes": st.binary(max_size=200),
    "json": VALUES.map(dumps),
    "events": changed(st.sampled_from(list(EXAMPLES.values()))).map(dumps),
    "spoilt events": spoilt(),
    "playbooks": configured(),
}
"""Strategies for raw messages, by kind."""
SUBJECTS = st.sampled_from(
    [
        *("post.created.atelier.forum", "member.joined.atelier.forum", "community.configured.atelier.operator"),
        *("post.created.Atelier.forum", "member.joined.atelier.support", "question.opened.atelier.support"),
        *("clock.ticked.atelier.clock", "post.sung.atelier.forum", "member.joined.é.forum", "message.x.y.z"),
    ]
)


@st.composite
def messages(draw):
    """(subject, bytes): mostly the subject that an event would rightly have, where it has one."""
    raw = draw(st.one_of(*INPUTS.values()))
    subject = draw(SUBJECTS)
    if draw(st.integers(0, 3)):
        try:
            event = json.loads(raw)
            publisher = str(event["source"]).rstrip("/").rpartition("/")[2]
            rightful = f"{event['type']}.{event['data']['community']}.{publisher}"
        except (ValueError, KeyError, TypeError, RecursionError):
            return subject, raw
        if rightful.split(".", maxsplit=1)[0] in {type_.split(".")[0] for type_ in MODELS} and _is_subject(rightful):
            subject = rightful
    return subject, raw


def named_anew(raw: bytes, number: int) -> bytes:
    """An event under an id of its own: under that of its example it would be the same event again."""
    return _ID.sub(lambda found: found[1] + b"-%d" % number + b'"', raw, count=1)


def drawn(count: int) -> list[tuple[str, bytes]]:
    """So many messages, always the same ones."""
    found: list[tuple[str, bytes]] = []

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(messages())
    def collect(message):
        subject, raw = message
        found.append((subject, named_anew(raw, len(found))))

    collect()
    return found


def _is_subject(text: str) -> bool:
    tokens = text.split(".")
    return len(tokens) == 4 and all(token and token.isascii() and token.isalnum() for token in tokens)
