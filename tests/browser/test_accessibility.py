"""Every page holds WCAG 2.2 AA, in light and dark, wide and narrow, and never scrolls sideways."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from mandrake.testing.llm_server import Answer
from tests.browser.support import (
    NOT_SIGNED_IN,
    Console,
    ScriptedModel,
    Server,
    composer,
    conversation,
    tool_call,
)
from tests.browser.test_markdown import RICH

pytestmark = pytest.mark.browser
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
SCROLLS_SIDEWAYS = """() => [document.documentElement, ...document.querySelectorAll("main, aside")]
    .filter((box) => box.scrollWidth > box.clientWidth)
    .map((box) => [box.tagName, box.scrollWidth, box.clientWidth])"""
WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 390, "height": 844}


def check(page: Page, name: str) -> None:
    """Fail on any broken rule, in each size and theme."""
    page.evaluate(AXE_SCRIPT)
    for viewport in (WIDE, NARROW):
        page.set_viewport_size(viewport)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            expect(page.locator("html.dark")).to_have_count(int(scheme == "dark"))
            results = AxeResults(page.evaluate("(rules) => axe.run(rules)", RULES))
            where = f"{name}, {scheme}, {viewport['width']} wide"
            assert results.violations_count == 0, f"{where}:\n{results.generate_report()}"
            assert page.evaluate(SCROLLS_SIDEWAYS) == [], f"{where} scrolls sideways"
    page.set_viewport_size(WIDE)


def test_the_home_page_and_the_new_workspace_dialog_are_accessible(page: Page, server: Server):
    page.goto(server.origin)
    expect(page.get_by_role("article").filter(has_text="welcome")).to_be_visible()
    check(page, "home")
    page.get_by_role("button", name="New workspace").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page, "new workspace")


def test_a_workspace_and_an_empty_session_are_accessible(page: Page, server: Server):
    page.goto(f"{server.origin}/workspaces/welcome")
    expect(page.get_by_role("article", name="Tool server git")).to_contain_text("Ready")
    check(page, "workspace")
    page.get_by_role("button", name="New session").click()
    expect(composer(page)).to_be_visible()
    expect(page.get_by_role("list", name="Examples")).to_be_visible()
    check(page, "empty session")


def test_an_approval_and_the_dialog_of_a_tool_call_are_accessible(page: Page, server: Server):
    session = server.new_session("welcome")
    session.ask("list the files in src and show the git log")
    session.ask("edit tides.py: replace `Ahoy!` with `Good morning`")
    page.goto(server.origin + session.page_path)
    expect(page.get_by_role("region", name="Approval for filesystem.edit_file")).to_be_visible()
    check(page, "session with an approval")
    page.get_by_role("button", name="Edit arguments").click()
    page.get_by_role("textbox", name="Arguments (JSON)").fill("[")
    check(page, "approval with broken arguments")
    tool_call(page, "filesystem.edit_file").get_by_role("button").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page, "dialog of a tool call")


def test_formatted_text_is_accessible(page: Page, server: Server, model: ScriptedModel):
    session = server.new_session()
    session.ask(model.on("Show it to everybody", Answer(text=RICH)))
    page.goto(server.origin + session.page_path)
    expect(conversation(page).get_by_role("img", name="Diagram")).to_be_visible()
    check(page, "formatted text")


def test_the_sign_in_page_is_accessible(
    new_tabs: Callable[..., BrowserContext], console: Console, server: Server
):
    console.allow(NOT_SIGNED_IN)
    page = new_tabs(storage_state=None).new_page()
    page.goto(server.origin)
    expect(page.get_by_role("textbox", name="Link or code")).to_be_visible()
    check(page, "sign-in")
