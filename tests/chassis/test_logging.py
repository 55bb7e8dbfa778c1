import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from pydantic import SecretStr

from chassis.logging import configure_logging, event_bound, get_logger
from chassis.settings import load_settings


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    settings = load_settings(nats_url="nats://h:1", postgres_dsn="postgresql://h/d", embedded=True, log_format="json")
    configure_logging(settings, "toy", stream)
    try:
        yield stream
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.contextvars.clear_contextvars()
        structlog.reset_defaults()


def lines(out: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_is_an_event_and_its_fields(out: io.StringIO):
    with event_bound("e-1", partition=3):
        get_logger("chassis.runner").info("batch committed", events=500)
    get_logger("chassis.runner").info("idle")

    first, second = lines(out)
    assert {
        "event": "batch committed",
        "events": 500,
        "event_id": "e-1",
        "partition": 3,
        "service": "toy",
    }.items() <= first.items()
    assert "event_id" not in second


def test_libraries_speak_in_the_same_form_from_warnings_on(out: io.StringIO):
    logging.getLogger("faststream.operations").info("received")
    logging.getLogger("nats.aio.client").warning("lost %s", "the connection")

    (line,) = lines(out)
    assert line["event"] == "lost the connection"
    assert line["logger"] == "nats.aio.client"


def test_neither_secrets_nor_peoples_words_are_written(out: io.StringIO):
    get_logger("chassis").info(
        "x",
        text="my words",
        title="my title",
        dsn="postgresql://u:hunter22@h",
        given=SecretStr("hunter22"),
        raw=b"hunter22",
    )

    assert "hunter22" not in out.getvalue()
    assert "my " not in out.getvalue()


def test_an_exception_is_told_by_its_frames_and_types(out: io.StringIO):
    said = "what ana wrote"
    try:
        posts: dict[str, str] = {}
        try:
            posts[said]
        except KeyError as error:
            raise ValueError(said) from error
    except ValueError:
        get_logger("chassis").exception("a rule failed")
    get_logger("chassis").error("postgres is away", exc_info=ConnectionRefusedError("port 5432"))

    rule, server = lines(out)
    assert "ana" not in out.getvalue()
    assert "KeyError" in rule["exception"]
    assert "ValueError" in rule["exception"]
    assert "test_logging.py" in rule["exception"]
    assert "ConnectionRefusedError: port 5432" in server["exception"]
