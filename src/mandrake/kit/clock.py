"""The one place that reads the time, so tests can replace it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where instants come from. `now` is aware UTC; only for stamps, never for durations."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's wall clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def format_instant(instant: datetime) -> str:
    """RFC 3339 in UTC with microseconds and `Z`: sorts as text in time order."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_instant(text: str) -> datetime:
    """The inverse of `format_instant`; accepts any RFC 3339 offset."""
    return datetime.fromisoformat(text)
