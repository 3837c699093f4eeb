"""What is known about a model without asking its provider: context window and unit prices.

Figures come from the person's overrides first, then from the table bundled with genai-prices;
never from the network. A model that is only named like a known one, at an address that is not
its provider's (a local server), is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from pydantic import JsonValue

from mandrake.domain.usage import UnitPrices
from mandrake.errors import InvalidInput

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice

_PRICE_FIELDS = ("input_usd", "output_usd", "cache_read_usd", "cache_write_usd")
_COUNT_FIELDS = ("context_tokens", "max_output_tokens")
_PRICE_KEYS = {
    "input_usd": "input_mtok",
    "output_usd": "output_mtok",
    "cache_read_usd": "cache_read_mtok",
    "cache_write_usd": "cache_write_mtok",
}
_DEFAULT_URLS = {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com"}
"""Kinds that have one address of their own when the config names none."""


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Figures of one model; None is unknown."""

    context_tokens: int | None = None
    max_output_tokens: int | None = None
    prices: UnitPrices | None = None


def warm() -> None:
    """Import the price table (about 0.1 s of CPU): call it in a thread before the first round."""
    _snapshot()


def model_facts(
    model: str,
    *,
    kind: str,
    base_url: str | None = None,
    overrides: Mapping[str, JsonValue] | None = None,
    input_tokens: int = 0,
) -> ModelFacts:
    """The figures of a model, overrides first.

    `overrides` may hold `context_tokens`, `max_output_tokens` and prices in US dollars per million
    tokens (`input_usd`, `output_usd`, `cache_read_usd`, `cache_write_usd`); other keys are left to
    others. `input_tokens` chooses the tier where the price depends on the length of the input.

    Raises:
        InvalidInput: An override is no figure.
    """
    found = _table_facts(model, kind, base_url, input_tokens)
    if not overrides:
        return found
    counts = {name: _count(overrides, name) for name in _COUNT_FIELDS}
    prices = found.prices
    own = {name: value for name in _PRICE_FIELDS if (value := _price(overrides, name)) is not None}
    if own:
        base = prices or UnitPrices()
        sources = "overrides" if prices is None else f"overrides, {prices.source}"
        prices = base.model_copy(update={**own, "source": sources})
    return ModelFacts(
        counts["context_tokens"] or found.context_tokens,
        counts["max_output_tokens"] or found.max_output_tokens,
        prices,
    )


def _table_facts(model: str, kind: str, base_url: str | None, input_tokens: int) -> ModelFacts:
    url = base_url or _DEFAULT_URLS.get(kind)
    if url is None:
        return ModelFacts()
    info = _find(model, url)
    if info is None:
        return ModelFacts()
    import genai_prices

    # The instant matters: some prices change on a date that the table already knows.
    table = info.get_prices(datetime.now(UTC))
    prices = UnitPrices(
        **{name: _table_price(table, key, input_tokens) for name, key in _PRICE_KEYS.items()},
        source=f"genai-prices {genai_prices.__version__}",
    )
    known = prices.input_usd is not None and prices.output_usd is not None
    return ModelFacts(info.context_window, None, prices if known else None)


def _snapshot():  # noqa: ANN202 - the package's type, not imported at run time
    from genai_prices import data_snapshot

    return data_snapshot.get_snapshot()


def _find(model: str, url: str) -> ModelInfo | None:
    try:
        _, info = _snapshot().find_provider_model(model, None, None, url)
    except LookupError:
        return None
    return info


def _table_price(table: ModelPrice, key: str, input_tokens: int) -> Decimal | None:
    price = getattr(table, key)
    if price is None or isinstance(price, Decimal):
        return price
    # A tier counts for all tokens of a call once its threshold is passed.
    chosen: Decimal = price.base
    for tier in price.tiers:
        if input_tokens > tier.start:
            chosen = tier.price
    return chosen


def _count(overrides: Mapping[str, JsonValue], name: str) -> int | None:
    value = overrides.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise InvalidInput(f"override `{name}` is `{value}`: it must be a whole number above 0")
    return value


def _price(overrides: Mapping[str, JsonValue], name: str) -> Decimal | None:
    value = overrides.get(name)
    if value is None:
        return None
    try:
        price = Decimal(str(value)) if not isinstance(value, (bool, list, dict)) else Decimal(-1)
    except InvalidOperation:
        price = Decimal(-1)
    if not price.is_finite() or price < 0:
        raise InvalidInput(
            f"override `{name}` is `{value}`: it must be dollars per million tokens, 0 or more"
        )
    return price
