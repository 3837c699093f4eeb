"""What changes things waits for a person, and does exactly what the person allowed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from mandrake.testing.llm_server import Answer, ScriptedCall
from tests.browser.support import (
    LAB,
    ScriptedModel,
    Server,
    composer,
    last_response,
    open_and_wait,
    send,
    tool_call,
)

pytestmark = pytest.mark.browser
README = "README.md"
OLD = "A tiny program"
"""Stands in it once."""


@pytest.fixture
def readme(server: Server) -> Iterator[str]:
    """The sample workspace's README, as it was before and will be after the test."""
    file = server.file(README)
    before = file.read_text(encoding="utf-8")
    yield before
    file.write_text(before, encoding="utf-8")


def approval(page: Page) -> Locator:
    return page.get_by_role("region", name=re.compile("^Approval for "))


def test_an_allowed_edit_does_what_the_person_wrote_and_not_what_the_model_wrote(
    page: Page, server: Server, readme: str
):
    session = server.new_session("welcome")
    open_and_wait(page, server, session)
    send(page, f"edit {README}: replace `{OLD}` with `moon`")

    card = approval(page)
    expect(card).to_contain_text("Changes things")
    expect(tool_call(page, "filesystem.edit_file")).to_contain_text("Waiting for approval")
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    entry = page.get_by_role("navigation", name="Main").locator(f'[href="{session.page_path}"]')
    expect(entry).to_contain_text("Waits")
    assert server.file(README).read_text(encoding="utf-8") == readme

    card.get_by_role("button", name="Edit arguments").click()
    box = card.get_by_role("textbox", name="Arguments (JSON)")
    arguments = json.loads(box.input_value())
    assert arguments["edits"] == [{"old_text": OLD, "new_text": "moon"}]
    box.fill('{"path": ')
    expect(card.get_by_role("button", name="Allow once")).to_be_disabled()
    arguments["edits"][0]["new_text"] = "A slow program"
    box.fill(json.dumps(arguments))
    card.get_by_role("button", name="Allow once").click()

    call = tool_call(page, "filesystem.edit_file")
    expect(call).to_contain_text("Done")
    expect(call).to_contain_text("A slow program")
    expect(card).to_have_count(0)
    expect(last_response(page)).to_contain_text("answered")
    expect(page).not_to_have_title(re.compile(r"^\(\d+\) "))
    expect(entry).not_to_contain_text("Waits")
    written = server.file(README).read_text(encoding="utf-8")
    assert written == readme.replace(OLD, "A slow program")


def test_a_denied_edit_leaves_the_file_and_the_model_is_told_why(
    page: Page, server: Server, model: ScriptedModel
):
    wish: dict[str, object] = {"path": "notes.txt", "content": "from the model"}
    prompt = model.on(
        "Write the notes that will be denied",
        Answer(tool_calls=[ScriptedCall(name="filesystem__write_file", arguments=wish)]),
        Answer(text="Understood."),
    )
    open_and_wait(page, server, server.new_session())
    send(page, prompt)
    approval(page).get_by_role("button", name="Deny").click()
    reason = page.get_by_role("textbox", name="Reason for the model (optional)")
    reason.fill("use the diary instead")
    reason.press("Enter")

    expect(tool_call(page, "filesystem.write_file")).to_contain_text("Denied")
    expect(last_response(page)).to_contain_text("Understood.")
    assert not server.file("notes.txt", LAB).exists()
    told = model.asked(prompt)[-1].tool_results
    assert len(told) == 1
    assert "use the diary instead" in told[0]


def test_an_answer_in_one_tab_shows_in_another_without_a_reload(
    new_tabs: Callable[..., BrowserContext], server: Server, readme: str
):
    session = server.new_session("welcome")
    one, other = new_tabs().new_page(), new_tabs().new_page()
    for tab in (one, other):
        open_and_wait(tab, server, session)
    session.ask(f"edit {README}: replace `{OLD}` with `sea`")
    for tab in (one, other):
        expect(approval(tab)).to_be_visible()
        expect(tab).to_have_title(re.compile(r"^\(1\) "))
    other.evaluate("() => { window.neverReloaded = true }")

    approval(one).get_by_role("button", name="Allow once").click()
    expect(approval(other)).to_have_count(0)
    expect(tool_call(other, "filesystem.edit_file")).to_contain_text("Done")
    expect(other).not_to_have_title(re.compile(r"^\(\d+\) "))
    expect(last_response(other)).to_contain_text("answered")
    assert other.evaluate("() => window.neverReloaded")
    written = server.file(README).read_text(encoding="utf-8")
    assert written == readme.replace(OLD, "sea")


def test_the_whole_way_to_an_allowed_call_needs_no_mouse(
    new_tabs: Callable[..., BrowserContext], server: Server, readme: str, console
):
    console.allow("status of 401")
    page = new_tabs(storage_state=None).new_page()
    page.goto(server.origin)
    press = page.keyboard.press
    expect(page.get_by_role("textbox", name="Link or code")).to_be_visible()
    _tab_to(page, page.get_by_role("textbox", name="Link or code"))
    page.keyboard.insert_text(server.new_link())
    press("Enter")
    expect(page.get_by_role("heading", name="Workspaces", level=1)).to_be_visible()
    press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    press("Enter")
    _tab_to(page, page.get_by_role("main").get_by_role("link", name="welcome"))
    press("Enter")
    expect(page.get_by_role("heading", name="welcome", level=1)).to_be_visible()
    _tab_to(page, page.get_by_role("button", name="New session"))
    press("Enter")
    expect(composer(page)).to_be_visible()
    _tab_to(page, composer(page))
    page.keyboard.type(f"edit {README}: replace `{OLD}` with `wave`")
    press("Enter")

    # The card takes the focus by itself, because nobody is typing.
    expect(approval(page)).to_be_focused()
    press("1")
    expect(tool_call(page, "filesystem.edit_file")).to_contain_text("Done")
    written = server.file(README).read_text(encoding="utf-8")
    assert written == readme.replace(OLD, "wave")


def _tab_to(page: Page, target: Locator, steps: int = 40) -> None:
    for _ in range(steps):
        if target.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached by Tab")
