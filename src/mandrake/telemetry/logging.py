"""The one logger. JSON lines to a file or stream, with every secret masked before it is written.

`configure` is called once by the composition root; `get_logger` anywhere above the domain.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, TextIO, cast

import structlog

Mask = Callable[[str], str]


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger that names its module in every line as `logger`."""
    return cast("structlog.stdlib.BoundLogger", structlog.get_logger(logger_name=name))


def configure(
    *, stream: TextIO | None = None, level: str = "INFO", mask: Mask | None = None
) -> None:
    """Send JSON lines (`time level logger event …`) to `stream`, standard error by default.

    `mask` is applied to every text in a line, nested ones and exception texts included.
    """
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.format_exc_info,
        _name_logger,
    ]
    if mask is not None:
        processors.append(_masking(mask))
    processors.append(structlog.processors.JSONRenderer(ensure_ascii=False))
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries that use the standard logger: warnings and worse only, in the same stream.
    logging.basicConfig(
        stream=stream or sys.stderr, level=logging.WARNING, force=True, format="%(message)s"
    )


def _name_logger(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    # structlog keeps the word `logger` for itself, so the name travels under another.
    event["logger"] = event.pop("logger_name", None)
    return event


def _masking(
    mask: Mask,
) -> Callable[[object, str, MutableMapping[str, Any]], Mapping[str, Any]]:
    def process(_: object, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        return {key: _masked(mask, value) for key, value in event.items()}

    return process


def _masked(mask: Mask, value: object) -> object:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value).items()
        return {key: _masked(mask, item) for key, item in items}
    if isinstance(value, list | tuple):
        return [_masked(mask, item) for item in cast("list[object]", value)]
    return value
