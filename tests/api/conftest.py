"""The real application behind a real uvicorn on a loopback port, over a real home."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import deque
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import httpx2
import orjson
import pytest
import structlog
import uvicorn
import websockets.asyncio.client as websocket_client

from mandrake.asgi import Application, create_app
from mandrake.bootstrap import Runtime, open_runtime
from mandrake.domain.documents import ModelEntry, ProviderEntry, SecretReference
from mandrake.settings import read_settings
from mandrake.tenancy.access import OWNER, access_installation
from mandrake.testing.llm_server import Answer, Asked, FakeLlmServer
from tests.server_cache import SERVER_CACHE

WAIT_SECONDS = 20.0
JsonObject = dict[str, Any]


@dataclass
class Server:
    """A running server and clients of it."""

    runtime: Runtime
    port: int
    token: str
    answers: deque[Answer]
    client: httpx2.AsyncClient
    """Sends the bearer token."""
    stranger: httpx2.AsyncClient
    """Sends nothing but what a test gives it."""
    app: Application
    workspace: str = "welcome"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def scope(self) -> str:
        return f"/api/v1/workspaces/{self.workspace}"

    async def get(self, path: str, **kwargs: Any) -> Any:
        return await self._ok("GET", path, **kwargs)

    async def post(self, path: str, body: Any = None, **kwargs: Any) -> Any:
        return await self._ok("POST", path, json=body, **kwargs)

    async def _ok(self, method: str, path: str, **kwargs: Any) -> Any:
        answer = await self.client.request(method, path, **kwargs)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def session(self) -> str:
        """A new session of the workspace; gives its path."""
        made = await self.post(f"{self.scope}/sessions", {})
        return f"{self.scope}/sessions/{made['id']}"

    async def ask(self, session: str, text: str = "Hello") -> JsonObject:
        """Ask and wait until the round rests or waits for a person."""
        accepted = await self.post(f"{session}/rounds", {"content": text})
        return await self.settled(session, accepted["round_id"])

    async def settled(
        self, session: str, round_id: str, busy: tuple[str, ...] = ("queued", "running")
    ) -> JsonObject:
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                shown = await self.get(f"{session}/rounds/{round_id}")
                if shown["status"] not in busy:
                    return shown
                await asyncio.sleep(0.02)

    async def sign_in(self) -> str:
        """The value of a fresh browser session's cookie header."""
        code = await self.runtime.authentication.new_sign_in_code()
        answer = await self.stranger.post("/api/v1/sign-in", json={"code": code})
        assert answer.status_code == 204, answer.text
        return answer.headers["set-cookie"].split(";")[0]

    @contextlib.asynccontextmanager
    async def socket(self, **kwargs: Any) -> AsyncGenerator[Tab]:
        headers = kwargs.pop("headers", {"Authorization": f"Bearer {self.token}"})
        url = f"ws://{self.host}/api/v1/stream"
        async with websocket_client.connect(
            url, additional_headers=headers, **kwargs
        ) as connection:
            yield Tab(connection)


async def until(condition: Callable[[], bool]) -> None:
    """Wait until it holds."""
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            if condition():
                return
            await asyncio.sleep(0.005)


class Tab:
    """One WebSocket as a browser tab uses it."""

    def __init__(self, connection: websocket_client.ClientConnection) -> None:
        self.connection = connection

    async def send(self, **message: Any) -> None:
        await self.connection.send(orjson.dumps(message).decode())

    async def frame(self) -> JsonObject:
        async with asyncio.timeout(WAIT_SECONDS):
            return orjson.loads(await self.connection.recv())

    async def until(self, type_: str) -> list[JsonObject]:
        """Events up to and with the first of this type."""
        events: list[JsonObject] = []
        while not any(event["type"] == type_ for event in events):
            frame = await self.frame()
            assert "events" in frame, frame
            events += frame["events"]
        return events


async def fetch(
    app: Any, path: str, method: str = "GET", *, port: int = 4000, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """One request without a network: status, headers, body. For walks over every route."""
    sent: list[dict[str, Any]] = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]):
        sent.append(message)

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    if "host" not in headers:
        raw.append((b"host", f"127.0.0.1:{port}".encode()))
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": raw,
        "query_string": b"",
        "server": ("127.0.0.1", port),
    }
    await app(scope, receive, send)
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(each.get("body", b"") for each in sent[1:])


@pytest.fixture(scope="module")
def answers() -> deque[Answer]:
    return deque()


@pytest.fixture(scope="module")
async def server(
    tmp_path_factory: pytest.TempPathFactory, answers: deque[Answer]
) -> AsyncGenerator[Server]:
    def script(_: Asked) -> Answer | None:
        return answers.popleft() if answers else None

    home = tmp_path_factory.mktemp("home")
    listener = socket.create_server(("127.0.0.1", 0))
    # Small, so that a client that reads nothing is noticed soon.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
    port = listener.getsockname()[1]
    environment = {"MANDRAKE_SERVER_CACHE": str(SERVER_CACHE), "OPENAI_API_KEY": "sk-from-env-1"}
    settings = read_settings(home=home, port=port, environment=environment)
    async with contextlib.AsyncExitStack() as stack:
        llm = await stack.enter_async_context(FakeLlmServer(script, api_key="sk-fake-key-1"))
        log = stack.enter_context((home / "log").open("w", encoding="utf-8"))
        runtime = await stack.enter_async_context(open_runtime(settings, log_stream=log))
        await _use_fake_model(runtime, llm)
        app = create_app(runtime)
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")
        served = uvicorn.Server(config)
        served.install_signal_handlers = lambda: None  # pyright: ignore[reportAttributeAccessIssue]
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        running = tasks.create_task(served._serve([listener]))
        token = (home / "keys" / "token").read_text(encoding="utf-8").strip()
        base = f"http://127.0.0.1:{port}"
        bearer = {"Authorization": f"Bearer {token}"}
        client = await stack.enter_async_context(httpx2.AsyncClient(base_url=base, headers=bearer))
        stranger = await stack.enter_async_context(httpx2.AsyncClient(base_url=base))
        # A stranger keeps no cookie: what is sent is what a test gives.
        stranger.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        await until(lambda: served.started)
        yield Server(runtime, port, token, answers, client, stranger, app)
        served.should_exit = True
        await running
    # Its log is closed by now, and later tests log as well.
    structlog.reset_defaults()


async def _use_fake_model(runtime: Runtime, llm: FakeLlmServer) -> None:
    grant = access_installation(OWNER)
    installation = await runtime.registry.get(grant.scope_id)
    await runtime.secrets.set(grant, "fake-key", "sk-fake-key-1")
    key = SecretReference(secret="fake-key")
    entry = ProviderEntry(kind="openai", base_url=llm.base_url, api_key=key)
    await installation.models.put_provider(grant, "fake", entry)
    model = ModelEntry(provider="fake", model="fake-model")
    await installation.models.put_model(grant, "fake", model)
    await installation.models.use(grant, "fake")


@pytest.fixture(autouse=True)
def _nothing_scripted(answers: deque[Answer]) -> None:
    answers.clear()
