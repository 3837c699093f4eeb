"""The shared logger: JSON lines, named by module, without secrets."""

from __future__ import annotations

import io
import json
from collections.abc import Generator

import pytest

from mandrake.kit.redaction import MASK, Redactor
from mandrake.telemetry import logging as log_lines
from mandrake.telemetry.logging import get_logger

SECRET = "sk-live-0123456789abcdef"


@pytest.fixture
def lines() -> Generator[io.StringIO]:
    stream = io.StringIO()
    redactor = Redactor()
    redactor.add(SECRET)
    log_lines.configure(stream=stream, level="INFO", mask=redactor.mask)
    yield stream
    log_lines.configure()


@pytest.mark.requirement("Z2")
def test_a_line_is_json_with_time_level_logger_and_fields(lines: io.StringIO) -> None:
    get_logger("mandrake.some.module").info("server started", port=4000)
    line = json.loads(lines.getvalue())
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info",
        "logger": "mandrake.some.module",
        "event": "server started",
        "port": 4000,
    }


def test_secrets_are_masked_wherever_they_stand(lines: io.StringIO) -> None:
    log = get_logger("mandrake.test")
    log.info("a key", key=SECRET, nested={"a": [SECRET, {"b": f"Bearer {SECRET}"}]})
    try:
        raise ValueError(f"refused {SECRET}")  # noqa: TRY301 - to have something to log
    except ValueError:
        log.exception("failed")
    text = lines.getvalue()
    assert SECRET not in text
    assert text.count(MASK) >= 4
    assert len([json.loads(line) for line in text.splitlines()]) == 2


def test_lines_below_the_level_are_not_written(lines: io.StringIO) -> None:
    get_logger("mandrake.test").debug("too fine")
    assert lines.getvalue() == ""
