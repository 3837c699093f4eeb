"""Tokens and money. Unknown is `None`, never 0."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

USAGE_FIELDS = (
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
)


class Usage(BaseModel):
    """Tokens of one or more model calls."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    input_tokens: int | None = None
    """Everything sent, cached tokens included."""
    output_tokens: int | None = None
    """Everything generated, reasoning included."""
    cache_read_tokens: int | None = None
    """Part of `input_tokens` that came from the provider's cache."""
    cache_write_tokens: int | None = None
    """Part of `input_tokens` that was written to the provider's cache."""
    reasoning_tokens: int | None = None
    """Part of `output_tokens` that was thinking."""


class UnitPrices(BaseModel):
    """Prices in US dollars per million tokens, as they were when the turn was priced."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    input_usd: Decimal | None = None
    output_usd: Decimal | None = None
    cache_read_usd: Decimal | None = None
    cache_write_usd: Decimal | None = None
    source: str = "unknown"
    """Which table the prices came from, with its version."""


def sum_usage(parts: Iterable[Usage]) -> Usage:
    """Add field by field; a field unknown in every part stays unknown."""
    totals: dict[str, int | None] = dict.fromkeys(USAGE_FIELDS)
    for usage in parts:
        for field in USAGE_FIELDS:
            value: int | None = getattr(usage, field)
            if value is not None:
                totals[field] = (totals[field] or 0) + value
    return Usage.model_validate(totals)


def sum_cost(costs: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, or `None` when any cost is unknown or there is none to add."""
    total: Decimal | None = None
    for cost in costs:
        if cost is None:
            return None
        total = cost if total is None else total + cost
    return total
