"""From tokens to dollars, and from text to an estimate of tokens.

Cost is always beside the unit prices that made it, so that a later table never changes history.
Unknown stays unknown: no figure is guessed, and a model without a price has no cost.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal

from pydantic import JsonValue

from mandrake.domain.usage import UnitPrices, Usage
from mandrake.providers.catalog import model_facts

CHARS_PER_TOKEN = 3.5
_MILLION = Decimal(1_000_000)


def estimate_tokens(text: str) -> int:
    """A rough count for budgets before a call; never shown as usage."""
    return math.ceil(len(text) / CHARS_PER_TOKEN)


def price(
    usage: Usage,
    model: str,
    *,
    kind: str,
    base_url: str | None = None,
    overrides: Mapping[str, JsonValue] | None = None,
    provider_cost_usd: Decimal | None = None,
) -> tuple[Decimal | None, UnitPrices | None]:
    """The cost of one call in US dollars and the unit prices used; None is unknown.

    The provider's own figure is preferred to our table's.

    Raises:
        InvalidInput: An override is no figure.
    """
    facts = model_facts(
        model,
        kind=kind,
        base_url=base_url,
        overrides=overrides,
        input_tokens=usage.input_tokens or 0,
    )
    prices = facts.prices
    if provider_cost_usd is not None:
        return provider_cost_usd, prices
    return (None if prices is None else cost_of(usage, prices)), prices


def cost_of(usage: Usage, prices: UnitPrices) -> Decimal | None:
    """Tokens times prices. Cached tokens are part of the input and are taken out of it; without a
    price of their own they cost what input costs.
    """
    if usage.input_tokens is None or usage.output_tokens is None:
        return None
    if prices.input_usd is None or prices.output_usd is None:
        return None
    read = min(usage.cache_read_tokens or 0, usage.input_tokens)
    written = min(usage.cache_write_tokens or 0, usage.input_tokens - read)
    plain = usage.input_tokens - read - written
    read_usd = prices.input_usd if prices.cache_read_usd is None else prices.cache_read_usd
    write_usd = prices.input_usd if prices.cache_write_usd is None else prices.cache_write_usd
    dollars = (
        plain * prices.input_usd
        + read * read_usd
        + written * write_usd
        + usage.output_tokens * prices.output_usd
    )
    return dollars / _MILLION
