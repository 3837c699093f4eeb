"""What people type is never lost, and what went wrong is said with a way on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mandrake.testing.llm_server import Answer
from tests.browser.support import (
    LAB,
    ScriptedModel,
    Server,
    composer,
    conversation,
    last_response,
    numbered,
    open_and_wait,
    send,
)

pytestmark = pytest.mark.browser


def test_messages_typed_during_an_answer_wait_their_turn_and_may_be_taken_back(
    page: Page, server: Server, model: ScriptedModel
):
    first = model.on("Take your time", Answer(text=numbered(120), pace_ms=25))
    second = model.on("Then this one", Answer(text="The second answer."))
    session = server.new_session()
    open_and_wait(page, server, session)
    send(page, first)
    expect(last_response(page)).to_contain_text("w002")
    send(page, second)
    send(page, "Never mind this")
    rounds = conversation(page).get_by_role("article", name="Round")
    expect(rounds).to_have_count(3)
    expect(rounds.nth(1)).to_contain_text("Queued")
    rounds.nth(2).get_by_role("button", name="Remove queued message").click()
    expect(rounds).to_have_count(2)

    expect(rounds.nth(0)).to_contain_text("w120")
    expect(rounds.nth(1)).to_contain_text("The second answer.")
    expect(rounds.nth(1)).not_to_contain_text("Queued")
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    statuses = [(r["request"]["content"][0]["text"], r["status"]) for r in session.rounds()]
    assert statuses == [(first, "completed"), (second, "completed")]


def test_a_draft_outlives_a_reload_and_belongs_to_its_session(page: Page, server: Server):
    one, other = server.new_session(), server.new_session()
    open_and_wait(page, server, one)
    composer(page).fill("half a thought\nin two lines")
    page.reload()
    expect(composer(page)).to_have_value("half a thought\nin two lines")
    open_and_wait(page, server, other)
    expect(composer(page)).to_have_value("")
    open_and_wait(page, server, one)
    expect(composer(page)).to_have_value("half a thought\nin two lines")
    composer(page).press("Enter")
    expect(last_response(page)).to_contain_text("Heard.")
    expect(composer(page)).to_have_value("")
    page.reload()
    expect(composer(page)).to_have_value("")


def test_a_failed_round_says_why_and_goes_on_after_retry(
    page: Page, server: Server, model: ScriptedModel
):
    prompt = model.on(
        "Fail at first",
        Answer(status=400, error="the model is on holiday"),
        Answer(text="Back at work."),
    )
    open_and_wait(page, server, server.new_session())
    send(page, prompt)
    failure = conversation(page).get_by_role("alert")
    expect(failure).to_contain_text("the model is on holiday")
    page.reload()
    expect(failure).to_contain_text("the model is on holiday")
    failure.get_by_role("button", name="Retry").click()
    expect(last_response(page)).to_contain_text("Back at work.")
    expect(failure).to_have_count(0)


def test_figures_that_nobody_knows_are_called_unknown_and_never_zero(
    page: Page, server: Server, model: ScriptedModel
):
    open_and_wait(page, server, server.new_session())
    send(page, model.on("Tell your tokens", Answer(text="One two three.")))
    counted = conversation(page).locator("footer").last
    expect(counted).to_contain_text("tokens in")
    expect(counted).to_contain_text("cost unknown")
    send(page, model.on("Keep your tokens secret", Answer(text="Four.", usage=None)))
    footer = conversation(page).locator("footer").last
    expect(footer).to_contain_text("tokens unknown")
    expect(footer).to_contain_text("cost unknown")
    text = page.locator("body").inner_text()
    assert "$0" not in text
    assert " 0 tokens" not in text


def test_the_model_of_a_message_is_chosen_beside_the_box(page: Page, server: Server):
    open_and_wait(page, server, server.new_session("welcome"))
    page.get_by_role("combobox", name="Model").select_option("fake")
    send(page, "Who are you?")
    expect(last_response(page)).to_contain_text("Heard.")
    banner = page.get_by_role("complementary", name="Rehearsal")
    expect(banner).to_be_visible()
    page.get_by_role("link", name=LAB, exact=True).click()
    expect(page.get_by_role("heading", name=LAB, level=1)).to_be_visible()
    # Its active model is a real one, as far as anybody can tell.
    expect(banner).to_have_count(0)
    page.go_back()
    expect(last_response(page)).to_contain_text("Heard.")
    page.reload()
    expect(page.get_by_role("combobox", name="Model")).to_have_value("fake")
