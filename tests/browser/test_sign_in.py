"""The way in: a link that works once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.support import NOT_SIGNED_IN, Console, Server

pytestmark = pytest.mark.browser
NewTabs = Callable[..., BrowserContext]


def test_the_link_signs_in_once_and_its_code_leaves_the_address(
    new_tabs: NewTabs, server: Server, console: Console
):
    link = server.new_link()
    page = new_tabs(storage_state=None).new_page()
    page.goto(link)

    expect(page.get_by_role("heading", name="Workspaces", level=1)).to_be_visible()
    assert page.url == f"{server.origin}/"
    page.reload()
    expect(page.get_by_role("heading", name="Workspaces", level=1)).to_be_visible()

    console.allow(NOT_SIGNED_IN)
    stranger = new_tabs(storage_state=None).new_page()
    stranger.goto(link)
    expect(stranger.get_by_role("heading", name="Sign in to Mandrake")).to_be_visible()
    assert stranger.url == f"{server.origin}/"
    refusal = stranger.get_by_role("alert")
    expect(refusal).to_contain_text("mandrake open")
    expect(refusal).to_contain_text("used before")


def test_a_stranger_is_told_the_command_and_may_paste_its_link(
    new_tabs: NewTabs, server: Server, console: Console
):
    console.allow(NOT_SIGNED_IN)
    page = new_tabs(storage_state=None).new_page()
    page.goto(f"{server.origin}/workspaces/welcome")
    expect(page.locator("pre", has_text="mandrake open")).to_be_visible()
    expect(page.get_by_text("Rehearsal:")).to_have_count(0)

    field = page.get_by_role("textbox", name="Link or code")
    field.fill("hello there")
    field.press("Enter")
    expect(page.get_by_text("This holds no sign-in code")).to_be_visible()
    field.fill(server.new_link())
    field.press("Enter")
    expect(page.get_by_role("heading", name="welcome", level=1)).to_be_visible()
