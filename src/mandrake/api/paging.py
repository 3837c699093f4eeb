"""Pages of lists, and cursors that mean nothing to those who pass them on."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict

from mandrake.errors import InvalidInput

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """Some items of a list."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    items: list[T]
    next_cursor: str | None = None
    """Pass it as `cursor` for the next page; null at the end."""

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """`SessionPage` in the schema."""
        return f"{params[0].__name__}Page"


def write_cursor(*values: str | int) -> str:
    """A cursor that stands for these values."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def read_cursor(cursor: str | None, *kinds: type[str] | type[int]) -> tuple[str | int, ...] | None:
    """The values of a cursor; None without one.

    Raises:
        InvalidInput: It is none of ours.
    """
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values: object = orjson.loads(base64.urlsafe_b64decode(padded))
    except (binascii.Error, ValueError):
        values = None
    if isinstance(values, list):
        found: list[object] = values  # pyright: ignore[reportUnknownVariableType] - JSON
        if len(found) == len(kinds) and all(map(isinstance, found, kinds)):
            return tuple(value for value in found if isinstance(value, str | int))
    raise InvalidInput("The cursor is not valid.", hint="Start again without `cursor`.")


def page_of(items: Sequence[T], limit: int, cursor: str | None) -> Page[T]:
    """A page of a short list that is at hand as a whole."""
    values = read_cursor(cursor, int)
    start = 0 if values is None else max(0, int(values[0]))
    end = start + limit
    following = write_cursor(end) if end < len(items) else None
    return Page(items=list(items[start:end]), next_cursor=following)
