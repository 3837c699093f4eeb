"""Chromium, one signed-in browser state, and servers that tests share where state allows."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from scripts.ensure_browser import find_chromium
from tests.browser.support import WAIT_SECONDS, Console, ScriptedModel, Server

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def base_url() -> None:
    """Tests name the whole address. The plug-in's fixture has a form that pytest will drop."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": find_chromium(),
        "args": list(CHROMIUM_ARGUMENTS),
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    expect.set_options(timeout=WAIT_SECONDS * 1000)
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 800},
        "reduced_motion": "reduce",
        "locale": "en-US",
        "timezone_id": "UTC",
    }


@pytest.fixture(scope="session")
def model() -> Iterator[ScriptedModel]:
    made = ScriptedModel()
    made.server.start()
    yield made
    made.server.stop()


@pytest.fixture(scope="session")
def server(model: ScriptedModel) -> Iterator[Server]:
    """Shared by all tests: each makes sessions of its own."""
    yield from _served(model)


@pytest.fixture
def own_server(model: ScriptedModel) -> Iterator[Server]:
    """For a test that kills it."""
    yield from _served(model)


def _served(model: ScriptedModel) -> Iterator[Server]:
    made = Server(model)
    yield made
    made.stop()
    shutil.rmtree(made.cli.folder)


@pytest.fixture
def console() -> Iterator[Console]:
    """Fails the test when a page wrote an error: policy violations and exceptions included."""
    made = Console()
    yield made
    assert not made.unexpected()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, server: Server) -> Any:
    """The browser state of somebody who followed the link."""
    return sign_in(browser, server)


def sign_in(browser: Browser, server: Server) -> Any:
    """Follow the link that `up` printed; gives cookies that contexts start with."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(server.first_link)
    expect(page.get_by_role("heading", name="Workspaces", level=1)).to_be_visible()
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def new_tabs(
    console: Console, new_context: Callable[..., BrowserContext], signed_in: Any
) -> Callable[..., BrowserContext]:
    """Contexts of a person who is signed in; `storage_state=None` is a stranger."""

    def make(**arguments: Any) -> BrowserContext:
        context = new_context(**{"storage_state": signed_in, **arguments})
        context.set_default_timeout(WAIT_SECONDS * 1000)
        console.watch(context)
        return context

    return make


@pytest.fixture
def page(new_tabs: Callable[..., BrowserContext]) -> Page:
    """A tab of a person who is signed in."""
    return new_tabs().new_page()
