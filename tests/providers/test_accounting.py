"""Prices come from a table on disk, unknown stays unknown, and the arithmetic is the table's."""

from __future__ import annotations

from decimal import Decimal

import genai_prices
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mandrake.domain.usage import UnitPrices, Usage
from mandrake.errors import InvalidInput
from mandrake.providers.accounting import cost_of, estimate_tokens, price
from mandrake.providers.catalog import model_facts

USAGE = Usage(input_tokens=10_000, output_tokens=100, cache_read_tokens=4_000)


def test_cached_tokens_are_part_of_the_input_and_cost_their_own_price():
    cost, prices = price(USAGE, "gpt-4o", kind="openai")
    assert prices == UnitPrices(
        input_usd=Decimal("2.5"),
        output_usd=Decimal(10),
        cache_read_usd=Decimal("1.25"),
        source=f"genai-prices {genai_prices.__version__}",
    )
    assert cost == Decimal("0.021")


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(
        [
            ("openai", "gpt-4o", "https://api.openai.com/v1"),
            ("anthropic", "claude-sonnet-4-5", "https://api.anthropic.com"),
            ("openai", "deepseek-chat", "https://api.deepseek.com"),
        ]
    ),
    st.integers(0, 400_000),
    st.integers(0, 50_000),
    st.floats(0, 1),
)
def test_costs_are_those_of_the_table(
    place: tuple[str, str, str], given_tokens: int, made: int, share: float
):
    kind, model, url = place
    cached = int(given_tokens * share)
    usage = Usage(input_tokens=given_tokens, output_tokens=made, cache_read_tokens=cached)
    expected = genai_prices.calc_price(
        genai_prices.Usage(input_tokens=given_tokens, output_tokens=made, cache_read_tokens=cached),
        model,
        provider_api_url=url,
    )
    cost, _ = price(usage, model, kind=kind, base_url=url)
    assert cost == expected.total_price


def test_a_local_server_has_no_price_even_with_a_famous_model_name():
    assert price(USAGE, "gpt-4o", kind="openai", base_url="http://localhost:8000/v1") == (
        None,
        None,
    )


@pytest.mark.parametrize(
    ("kind", "model"), [("rehearsal", "rehearsal"), ("openai", "gpt-nobody-knows-x1")]
)
def test_what_has_no_price_has_no_cost(kind: str, model: str):
    assert price(USAGE, model, kind=kind) == (None, None)


def test_unknown_usage_has_no_cost_but_known_prices():
    cost, prices = price(Usage(input_tokens=5), "gpt-4o", kind="openai")
    assert cost is None
    assert prices is not None


def test_overrides_come_before_the_table():
    own = {"input_usd": 1, "output_usd": "2", "context_tokens": 32_000}
    cost, prices = price(
        USAGE, "mine", kind="openai", base_url="http://localhost:1/v1", overrides=own
    )
    assert cost == Decimal("0.0102")
    assert prices is not None
    assert prices.source == "overrides"
    facts = model_facts("gpt-4o", kind="openai", overrides={"context_tokens": 5})
    assert facts.context_tokens == 5
    assert facts.prices is not None
    assert model_facts("gpt-4o", kind="openai").context_tokens == 128_000


@pytest.mark.parametrize("value", [-1, "much", True, "NaN", []])
def test_an_override_that_is_no_figure_is_refused(value: object):
    with pytest.raises(InvalidInput, match="input_usd"):
        model_facts("gpt-4o", kind="openai", overrides={"input_usd": value})  # type: ignore[dict-item]


def test_the_figure_of_the_provider_is_preferred():
    cost, _ = price(USAGE, "x", kind="openai", provider_cost_usd=Decimal("0.5"))
    assert cost == Decimal("0.5")


def test_a_price_without_cache_prices_charges_cached_tokens_as_input():
    prices = UnitPrices(input_usd=Decimal(1), output_usd=Decimal(1))
    assert cost_of(USAGE, prices) == Decimal("0.0101")


def test_estimates_round_up():
    assert [estimate_tokens(text) for text in ("", "a", "abcdefg", "abcdefgh")] == [0, 1, 2, 3]
