"""A round from the page to real tools and back, in both kinds of session."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from mandrake.testing.llm_server import Answer, ScriptedCall
from tests.browser.support import (
    LAB,
    ScriptedModel,
    Server,
    composer,
    conversation,
    last_response,
    open_and_wait,
    send,
    shown_text,
    tool_call,
)

pytestmark = pytest.mark.browser
FIGURE_1 = "list the files in src and show the git log"


@pytest.mark.requirement("O5", "U57", "U58", "U17")
def test_a_message_streams_an_answer_with_two_tool_calls_that_a_reload_keeps(
    page: Page, server: Server
):
    page.goto(server.origin)
    expect(page.get_by_role("complementary", name="Rehearsal")).to_contain_text("not an AI")
    page.get_by_role("main").get_by_role("link", name="welcome").click()
    page.get_by_role("button", name="New session").click()
    send(page, FIGURE_1)

    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(last_response(page)).to_contain_text("Rehearsal, not an AI")
    listing, log = tool_call(page, "filesystem.list_directory"), tool_call(page, "git.git_log")
    expect(listing).to_contain_text("Done")
    expect(log).to_contain_text(re.compile(r"Done.*\d m?s"))
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    expect(last_response(page)).to_contain_text("Read the tide table")
    expect(page.get_by_role("heading", level=1)).to_have_text(FIGURE_1)

    session = page.url.rsplit("/", 1)[-1]
    rounds = server.get(f"/workspaces/welcome/sessions/{session}/rounds")["items"]
    parts = [part for turn in rounds[0]["response"]["turns"] for part in turn["parts"]]
    assert _order_shown(page) == [
        f"{part['server']}.{part['tool']}" if part["kind"] == "tool_call" else part["kind"]
        for part in parts
    ]
    calls = {part["tool"]: part for part in parts if part["kind"] == "tool_call"}
    listing.get_by_role("button").click()
    dialog = page.get_by_role("dialog", name="filesystem.list_directory")
    arguments = dialog.get_by_role("group", name="Arguments as JSON").inner_text()
    assert json.loads(arguments) == calls["list_directory"]["arguments"]
    result = dialog.get_by_role("group", name="Result as JSON").inner_text()
    assert json.loads(result) == calls["list_directory"]["result"]
    page.keyboard.press("Escape")
    expect(listing.get_by_role("button")).to_be_focused()

    before = conversation(page).inner_text()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(FIGURE_1)
    expect(tool_call(page, "git.git_log")).to_be_visible()
    expect(conversation(page)).to_have_text(before, use_inner_text=True)
    expect(conversation(page).get_by_role("region", name="Request")).to_have_count(1)
    expect(conversation(page).get_by_role("region", name="Response")).to_have_count(1)


def test_a_conversation_that_the_command_line_starts_shows_live_in_an_open_page(
    page: Page, server: Server
):
    page.goto(f"{server.origin}/workspaces/welcome")
    expect(page.get_by_role("heading", name="Sessions", exact=True)).to_be_visible()
    asking = server.cli.start("ask", "count to 120", "--workspace", "welcome")
    side_bar = page.get_by_role("navigation", name="Main")
    side_bar.get_by_role("link", name="count to 120").click()
    expect(conversation(page).get_by_role("region", name="Request")).to_have_text("count to 120")
    expect(last_response(page)).to_contain_text("119 120")
    out, err = asking.communicate(timeout=15)
    assert asking.returncode == 0, err
    assert "119 120" in out
    assert " ".join(out.split()[-100:]) in shown_text(page)


@pytest.mark.requirement("U15")
def test_a_session_of_the_installation_is_the_same_page(page: Page, server: Server):
    page.goto(server.origin)
    section = page.get_by_role("region", name="Mandrake sessions")
    section.get_by_role("button", name="New session").click()
    expect(composer(page)).to_be_visible()
    assert re.search(r"localhost:\d+/sessions/ses_", page.url)
    send(page, "count to 3")
    expect(last_response(page)).to_contain_text("1 2 3")
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    before = conversation(page).inner_text()
    page.reload()
    expect(last_response(page)).to_contain_text("1 2 3")
    expect(conversation(page)).to_have_text(before, use_inner_text=True)
    side_bar = page.get_by_role("navigation", name="Main")
    expect(side_bar.get_by_role("link", name="count to 3")).to_be_visible()


def test_a_large_result_is_shown_in_full_in_its_dialog(
    page: Page, server: Server, model: ScriptedModel
):
    lines = [f"line {number} of many" for number in range(1, 1001)]
    server.file("long.txt", LAB).write_text("\n".join(lines), encoding="utf-8")
    read = ScriptedCall(name="filesystem__read_files", arguments={"files": [{"path": "long.txt"}]})
    prompt = model.on("Read it all", Answer(tool_calls=[read]), Answer(text="I have read it."))
    session = server.new_session()
    open_and_wait(page, server, session)
    send(page, prompt)
    expect(last_response(page)).to_contain_text("I have read it.")
    part = session.rounds()[0]["response"]["turns"][0]["parts"][0]
    assert part["result"]["bytes"] > 8192
    tool_call(page, "filesystem.read_files").get_by_role("button").click()
    result = page.get_by_role("dialog").get_by_role("group", name="Result as JSON")
    expect(result).to_contain_text("line 1 of many")
    expect(result).to_contain_text("line 1000 of many")


def _order_shown(page: Page) -> list[str]:
    """Kinds of the parts of the last response from top to bottom; tool calls by their name."""
    return last_response(page).evaluate(
        """(response) => [...response.children].flatMap((part) => {
            const name = part.getAttribute("aria-label") ?? "";
            if (name.startsWith("Tool call ")) return [name.slice("Tool call ".length)];
            if (part.querySelector("summary, [aria-expanded]")) return ["thinking"];
            return part.matches(".markdown") || part.querySelector(".markdown") ? ["text"] : [];
        })"""
    )
