"""Tool servers in the page: their state as it is, not as it was."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support import LAB, Server

pytestmark = pytest.mark.browser


def test_a_server_that_stops_and_starts_elsewhere_shows_it_without_a_reload(
    page: Page, server: Server
):
    page.goto(f"{server.origin}/workspaces/{LAB}")
    card = page.get_by_role("article", name="Tool server git")
    expect(card).to_contain_text("Ready")
    expect(card).to_contain_text("tools")
    server.post(f"/workspaces/{LAB}/tools/git/stop")
    expect(card).to_contain_text("Stopped")
    card.get_by_role("button", name="Start git").click()
    expect(card).to_contain_text("Ready")
    expect(card).to_contain_text("just started")
