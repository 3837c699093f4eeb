"""`dynamic.json`: saved tool calls whose fresh results go into the prompt."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator

from mandrake.domain.documents.base import Document, DocumentPart, Key, problem_at


class RefreshEntry(DocumentPart):
    """When the call is made again."""

    mode: Literal["each_round", "interval", "manual"] = "each_round"
    """`interval` makes it at most once in `interval_seconds`; `manual` only when asked."""
    interval_seconds: float | None = Field(default=None, ge=1)
    """Only for `interval`, and needed there."""

    @model_validator(mode="after")
    def _check_interval(self) -> Self:
        if (self.mode == "interval") is (self.interval_seconds is None):
            raise ValueError("`interval_seconds` belongs to the mode `interval`, and only there")
        return self


class DynamicEntry(DocumentPart):
    """One saved call."""

    id: Key
    """Unique in the document; stands in routes."""
    name: str = Field(min_length=1, max_length=128)
    """Heading under which the result stands."""
    server: Key
    """Key of the tool server."""
    tool: str = Field(min_length=1, max_length=256)
    """Method of that server."""
    arguments: dict[str, JsonValue] = {}
    """Arguments of the call."""
    refresh: RefreshEntry = RefreshEntry()
    """When the call is made again."""
    enabled: bool = True
    """Whether it is made at all."""
    max_tokens: int = Field(default=2000, ge=1, le=100_000)
    """Bound of the result in the prompt; what is over is cut, visibly."""
    timeout_seconds: float = Field(default=10, gt=0, le=120)
    """How long a round waits for it; then the last good value is used, marked stale."""


class DynamicDocument(Document):
    """The dynamic context of a scope."""

    entries: list[DynamicEntry] = []
    """Saved calls, in the order in which their results stand."""

    @model_validator(mode="after")
    def _check_ids(self) -> Self:
        seen: set[str] = set()
        for index, entry in enumerate(self.entries):
            if entry.id in seen:
                raise problem_at(f"entries.{index}.id", f"two entries have the id `{entry.id}`")
            seen.add(entry.id)
        return self
