"""Every page holds WCAG 2.2 AA, in light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from mandrake.testing.llm_server import Answer
from tests.browser.support import (
    NOT_SIGNED_IN,
    Console,
    ScriptedModel,
    Server,
    Session,
    conversation,
    tool_call,
)
from tests.browser.test_markdown import RICH

pytestmark = pytest.mark.browser
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def waiting(server: Server) -> Session:
    """A session with tool calls behind it and an approval open."""
    session = server.new_session("welcome")
    session.ask("list the files in src and show the git log")
    session.ask("edit tides.py: replace `Ahoy!` with `Good morning`")
    return session


@pytest.fixture(scope="module")
def rich(server: Server, model: ScriptedModel) -> Session:
    """A session with all kinds of formatted text."""
    session = server.new_session()
    session.ask(model.on("Show it to everybody", Answer(text=RICH)))
    return session


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_wcag_or_scrolls_sideways(
    new_tabs: Callable[..., BrowserContext],
    console: Console,
    server: Server,
    waiting: Session,
    rich: Session,
    scheme: str,
    viewport: ViewportSize,
):
    page = new_tabs(color_scheme=scheme).new_page()
    page.set_viewport_size(viewport)
    page.goto(server.origin)
    expect(page.get_by_role("article").filter(has_text="welcome")).to_be_visible()
    _check(page, "home")
    page.get_by_role("button", name="New workspace").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    _check(page, "new workspace")

    page.goto(f"{server.origin}/workspaces/welcome")
    expect(page.get_by_role("article", name="Tool server git")).to_contain_text("Ready")
    expect(page.get_by_role("table")).to_be_visible()
    _check(page, "workspace")

    page.goto(server.origin + waiting.page_path)
    expect(page.get_by_role("region", name="Approval for filesystem.edit_file")).to_be_visible()
    _check(page, "session with an approval")
    page.get_by_role("button", name="Edit arguments").click()
    page.get_by_role("textbox", name="Arguments (JSON)").fill("[")
    _check(page, "approval being edited")
    tool_call(page, "filesystem.edit_file").get_by_role("button").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    _check(page, "dialog of a tool call")

    page.goto(server.origin + rich.page_path)
    diagram = conversation(page).get_by_role("img", name="Diagram")
    expect(diagram).to_be_visible()
    _check(page, "formatted text")

    console.allow(NOT_SIGNED_IN)
    stranger = new_tabs(storage_state=None, color_scheme=scheme).new_page()
    stranger.set_viewport_size(viewport)
    stranger.goto(server.origin)
    expect(stranger.get_by_role("textbox", name="Link or code")).to_be_visible()
    _check(stranger, "sign-in")


def _check(page: Page, name: str) -> None:
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, f"{name}:\n{results.generate_report()}"
    width = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0, f"{name} scrolls sideways by {width} pixels"
