"""A tool's arguments, checked while they are read: the error names the argument and the cure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


class ToolFailure(Exception):
    """The tool can't do what was asked; the text goes to the caller."""


class Arguments:
    """Typed access to one JSON object. `place` leads to it, for messages: `edits[2].`."""

    def __init__(self, values: Mapping[str, Json], place: str = "") -> None:
        self._values = values
        self._place = place

    def check(self, schema: Mapping[str, Json]) -> None:
        """Refuse names that the schema doesn't have and miss those that it requires."""
        known = schema.get("properties")
        required = schema.get("required")
        names = list(known) if isinstance(known, dict) else []
        for name in self._values:
            if name not in names:
                raise ToolFailure(
                    f"unknown argument `{self._place}{name}`;"
                    f" there are {', '.join(names) or 'none'}"
                )
        for name in required if isinstance(required, list) else []:
            if isinstance(name, str) and self._values.get(name) is None:
                raise ToolFailure(f"the argument `{self._place}{name}` is missing")

    def text(self, name: str, default: str | None = None) -> str:
        value = self._values.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise self._wrong(name, "text")
        return value

    def optional_text(self, name: str) -> str | None:
        return None if self._values.get(name) is None else self.text(name)

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self._values.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        value = self.optional_number(name, low=low)
        return min(default if value is None else value, high)

    def optional_number(self, name: str, *, low: int) -> int | None:
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < low:
            raise self._wrong(name, f"a whole number from {low}")
        return value

    def objects(self, name: str, schema: Mapping[str, Json]) -> list[Arguments]:
        """A list of objects, each checked against `schema`."""
        value = self._values.get(name)
        if not isinstance(value, list) or not value:
            raise self._wrong(name, "a list with at least one object")
        found: list[Arguments] = []
        for index, item in enumerate(value):
            if not isinstance(item, dict):
                raise self._wrong(f"{name}[{index}]", "an object")
            one = Arguments(item, f"{self._place}{name}[{index}].")
            one.check(schema)
            found.append(one)
        return found

    def _wrong(self, name: str, wanted: str) -> ToolFailure:
        return ToolFailure(f"the argument `{self._place}{name}` must be {wanted}")
