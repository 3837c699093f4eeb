"""What browser tests act on: a real server in its own process, and a model that obeys tests."""

from __future__ import annotations

import json
import re
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, WebError, expect

from mandrake.testing.llm_server import Answer, Asked, FakeLlmServer
from tests.cli.support import Cli, Up

JsonObject = dict[str, Any]
WAIT_SECONDS = 15.0
LAB = "lab"
"""A workspace whose active model is the scripted one; `welcome` keeps the rehearsal."""

# What the browser itself reports of a request that a test means to fail.
NOT_SIGNED_IN = r"status of 401"


class ScriptedModel:
    """A fake model: a message that ends in a known text gets that text's answers in turn.

    The last answer of a text stays. Anything else is answered with "Heard.".
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[str, list[Answer]] = {}
        self._asked: dict[str, list[Asked]] = {}
        self.server = FakeLlmServer(self._answer, api_key=None)

    def on(self, text: str, *answers: Answer) -> str:
        """Script a text; gives it back."""
        with self._lock:
            self._answers[text] = list(answers)
        return text

    def asked(self, text: str) -> list[Asked]:
        """The requests that came with a text."""
        with self._lock:
            return list(self._asked.get(text, ()))

    def _answer(self, asked: Asked, /) -> Answer:
        with self._lock:
            said = asked.user_text.rstrip()
            text = next((known for known in self._answers if said.endswith(known)), "")
            self._asked.setdefault(text, []).append(asked)
            answers = self._answers.get(text)
            if not answers:
                return Answer(text="Heard.")
            return answers.pop(0) if len(answers) > 1 else answers[0]


class Server:
    """`mandrake up` on a home of its own, with the scripted model ready in `lab`."""

    def __init__(self, model: ScriptedModel) -> None:
        # Short: the path of a socket has a limit.
        self.cli = Cli(Path(tempfile.mkdtemp(prefix="mdk-")))
        self._up = Up(self.cli)
        self.port = self._up.port
        self.origin = f"http://mandrake.localhost:{self.port}"
        token = self.cli.home / "keys" / "token"
        self._token = token.read_text(encoding="utf-8").strip()
        self._offer(model)

    @property
    def first_link(self) -> str:
        """The link that `up` printed; works once."""
        return f"{self.origin}/#code={self._up.code}"

    def new_link(self) -> str:
        """What `mandrake open` prints."""
        done = self.cli.run("open", "--no-browser")
        assert done.code == 0, done.err
        return done.out.strip()

    def stop(self) -> None:
        """End as a person would; nothing may be left."""
        process = self._up.process
        if process.poll() is not None:
            _, err = process.communicate()
            raise AssertionError(f"the server ended by itself with {process.returncode}: {err}")
        assert self._up.end() == 0
        self.cli.assert_nothing_left()

    def kill(self) -> None:
        self._up.process.kill()
        self._up.process.communicate(timeout=5)

    def start_again(self) -> None:
        """On the same home and port."""
        self._up = Up(self.cli, "--port", str(self.port))

    def get(self, path: str) -> Any:
        return self._request("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        return self._request("POST", path, body)

    def put(self, path: str, body: Any) -> Any:
        return self._request("PUT", path, body)

    def new_session(self, workspace: str | None = LAB) -> Session:
        scope = "" if workspace is None else f"/workspaces/{workspace}"
        made = self.post(f"{scope}/sessions", {})
        return Session(self, scope, made["id"])

    def file(self, name: str, workspace: str = "welcome") -> Path:
        return self.cli.home / "workspaces" / workspace / "src" / name

    def _offer(self, model: ScriptedModel) -> None:
        provider = {"id": "fake", "kind": "openai", "base_url": model.server.base_url}
        self.post("/providers", provider)
        self.post("/models", {"key": "fake", "provider": "fake", "model": "fake-model"})
        self.post("/workspaces", {"name": LAB, "description": "For scripted answers"})
        self.put(f"/workspaces/{LAB}/models/active", {"key": "fake"})

    def _request(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read()!r}") from None
        return json.loads(content) if content else None


@dataclass(frozen=True)
class Session:
    """A session as the API and the page know it."""

    server: Server
    scope: str
    id: str

    @property
    def page_path(self) -> str:
        return f"{self.scope}/sessions/{self.id}"

    def rounds(self) -> list[JsonObject]:
        """Oldest first."""
        items = self.server.get(f"{self.scope}/sessions/{self.id}/rounds")["items"]
        return list(reversed(items))

    def ask(self, text: str, **more: Any) -> str:
        """Post a round as any program may; gives its id."""
        path = f"{self.scope}/sessions/{self.id}/rounds"
        return self.server.post(path, {"content": text, **more})["round_id"]

    def text(self) -> str:
        """All the text the model wrote, in order, blanks made one."""
        parts = [
            part.get("text") or ""
            for shown in self.rounds()
            for turn in shown["response"]["turns"]
            for part in turn["parts"]
            if part["kind"] == "text"
        ]
        return " ".join(" ".join(parts).split())


@dataclass
class Console:
    """Collects what pages complain about."""

    problems: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, pattern: str) -> None:
        self.allowed.append(pattern)

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._message)
        context.on("weberror", self._error)

    def unexpected(self) -> list[str]:
        return [
            problem
            for problem in self.problems
            if not any(re.search(pattern, problem) for pattern in self.allowed)
        ]

    def _message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _error(self, error: WebError) -> None:
        self.problems.append(f"exception: {error.error}")


def composer(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message", exact=True)


def send(page: Page, text: str) -> None:
    """Type a message and press Enter."""
    composer(page).fill(text)
    composer(page).press("Enter")


def conversation(page: Page) -> Locator:
    return page.get_by_role("log", name="Conversation")


def last_response(page: Page) -> Locator:
    return conversation(page).get_by_role("region", name="Response").last


def tool_call(page: Page, name: str) -> Locator:
    return conversation(page).get_by_role("group", name=f"Tool call {name}")


def shown_text(page: Page) -> str:
    """The model's text in the page, blanks made one."""
    texts = conversation(page).locator(".markdown").all_inner_texts()
    return " ".join(" ".join(texts).split())


def wait_until(condition: Callable[[], object], what: str, page: Page) -> None:
    """Wait for something outside the page, while the page lives on."""
    until = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < until, f"in vain: {what}"
        page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")


def numbered(count: int) -> list[str]:
    """Pieces of a text whose words all differ, so that a gap or repetition shows."""
    return [f"w{number:03} " for number in range(1, count + 1)]


def open_and_wait(page: Page, server: Server, session: Session) -> Page:
    page.goto(server.origin + session.page_path)
    expect(composer(page)).to_be_visible()
    return page
