"""A stream belongs to the server: whatever happens to the page, its text is whole in the end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, WebSocket, expect

from mandrake.testing.llm_server import Answer
from tests.browser.conftest import sign_in
from tests.browser.support import (
    Console,
    ScriptedModel,
    Server,
    Session,
    conversation,
    last_response,
    numbered,
    open_and_wait,
    send,
    shown_text,
    wait_until,
)

pytestmark = pytest.mark.browser
CUT = r"WebSocket connection to .* failed|net::ERR_|status of 503"
"""What Chromium itself writes when a socket is cut or a server is away."""


def test_a_stopped_answer_keeps_its_text_and_the_next_message_works(
    page: Page, server: Server, model: ScriptedModel
):
    prompt = model.on("Never come to an end", Answer(text=numbered(50), hang_after=12))
    session = server.new_session()
    open_and_wait(page, server, session)
    send(page, prompt)
    expect(last_response(page)).to_contain_text("w012")
    page.get_by_role("button", name="Stop").click()

    expect(conversation(page).get_by_text("Stopped", exact=True)).to_be_visible()
    partial = " ".join("".join(numbered(12)).split())
    assert shown_text(page) == partial
    assert session.rounds()[0]["status"] == "stopped"
    assert session.text() == partial
    send(page, "And now this")
    expect(last_response(page)).to_contain_text("Heard.")
    page.reload()
    expect(last_response(page)).to_contain_text("Heard.")
    expect(conversation(page).get_by_text("Stopped", exact=True)).to_be_visible()
    assert shown_text(page) == f"{partial} Heard."


@pytest.mark.requirement("A24")
@pytest.mark.parametrize("workspace", ["lab", None], ids=["workspace", "installation"])
def test_cut_in_mid_stream_again_and_again_the_text_has_no_gap_and_no_repetition(
    page: Page, server: Server, model: ScriptedModel, console: Console, workspace: str | None
):
    console.allow(CUT)
    prompt = model.on(f"Count slowly in {workspace}", Answer(text=numbered(250), pace_ms=12))
    session = server.new_session(workspace)
    sockets: list[WebSocket] = []

    def opened(socket: WebSocket) -> None:
        sockets.append(socket)

    page.on("websocket", opened)
    page.add_init_script(_KEEP_SOCKETS)
    open_and_wait(page, server, session)
    session.ask(prompt, model="fake")
    for number in (20, 70, 120):
        expect(last_response(page)).to_contain_text(f"w{number:03}")
        page.wait_for_function("() => window.openSockets.at(-1).readyState === WebSocket.OPEN")
        page.evaluate("() => window.openSockets.at(-1).close()")

    expect(last_response(page)).to_contain_text("w250")
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    wait_until(lambda: len(sockets) == 4, "the page connects again after each cut", page)
    assert sum(not socket.is_closed() for socket in sockets) == 1
    expected = "".join(numbered(250)).strip()
    assert session.text() == expected
    assert shown_text(page) == expected

    # A whole round while nobody listened: only the cursor brings it.
    page.context.set_offline(True)
    page.evaluate("() => window.openSockets.at(-1).close()")
    session.ask("Meanwhile", model="fake")
    wait_until(lambda: "Heard." in session.text(), "the round is over", page)
    assert all(socket.is_closed() for socket in sockets)
    page.context.set_offline(False)
    expect(last_response(page)).to_contain_text("Heard.")
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    assert shown_text(page) == session.text() == f"{expected} Heard."


@pytest.mark.requirement("U58")
def test_reloaded_in_mid_stream_and_in_a_second_tab_the_answer_is_the_same(
    new_tabs: Callable[..., BrowserContext], server: Server, model: ScriptedModel
):
    prompt = model.on("Be watched by two", Answer(text=numbered(150), pace_ms=30))
    session = server.new_session()
    tabs = new_tabs()
    page = open_and_wait(tabs.new_page(), server, session)
    send(page, prompt)
    expect(last_response(page)).to_contain_text("w030")
    page.reload()
    expect(last_response(page)).to_contain_text("w030")
    second = open_and_wait(tabs.new_page(), server, session)
    # Both joined while it was still being written.
    assert session.rounds()[0]["status"] == "running"

    expected = "".join(numbered(150)).strip()
    for tab in (page, second):
        expect(last_response(tab)).to_contain_text("w150")
        expect(tab.get_by_role("button", name="Send")).to_be_visible()
        assert shown_text(tab) == expected
    assert session.text() == expected


def test_killed_in_mid_stream_the_server_finishes_the_answer_and_the_page_shows_it_all(
    browser: Browser,
    new_tabs: Callable[..., BrowserContext],
    own_server: Server,
    model: ScriptedModel,
    console: Console,
):
    console.allow(CUT)
    prompt = model.on(
        "Survive the end of the server",
        Answer(text=numbered(400), hang_after=40),
        Answer(text="Here is the whole answer after all."),
    )
    session = own_server.new_session()
    page = new_tabs(storage_state=sign_in(browser, own_server)).new_page()
    open_and_wait(page, own_server, session)
    page.evaluate("() => { window.neverReloaded = true }")
    send(page, prompt)
    expect(last_response(page)).to_contain_text("w040")
    # At most a second of text is lost: wait until what is shown is also kept.
    wait_until(lambda: "w040" in session.text(), "the text is kept", page)
    own_server.kill()
    own_server.start_again()

    expect(last_response(page)).to_contain_text("Here is the whole answer after all.")
    expect(last_response(page)).to_contain_text("Interrupted")
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    assert page.evaluate("() => window.neverReloaded")
    assert shown_text(page) == session.text()
    assert [turn["status"] for turn in _turns(session)] == ["interrupted", "completed"]
    page.reload()
    expect(last_response(page)).to_contain_text("Here is the whole answer after all.")
    assert shown_text(page) == session.text()


def _turns(session: Session) -> list[dict[str, str]]:
    return session.rounds()[0]["response"]["turns"]


_KEEP_SOCKETS = """
window.openSockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...args) { super(...args); window.openSockets.push(this); }
};
"""
