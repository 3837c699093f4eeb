"""The OpenAI adapter keeps the contract of providers, over real HTTP."""

from __future__ import annotations

import pytest

from mandrake.testing.provider_contract import CONTRACT, Check, ProviderHarness

pytestmark = pytest.mark.anyio


@pytest.mark.requirement("P2")
@pytest.mark.parametrize("check", CONTRACT, ids=lambda check: check.__name__)
async def test_openai_chat_keeps_the_contract(check: Check, harness: ProviderHarness):
    await check(harness)
