"""A fake model server: real HTTP, the wire of a real provider, and as strict as it.

`FakeLlmServer` runs it in a thread of the test's process; `python -m mandrake.testing.llm_server
--port 0 --script file.json` runs it as a process of its own and prints `{"base_url": …}` when it
listens. Speaks OpenAI Chat Completions (`/v1/chat/completions`, `/v1/models`); what a request must
look like and how an answer is written is `llm_openai_wire`, what is answered is `llm_script`.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self, cast

import orjson
import uvicorn

from mandrake.testing.llm_http import (
    START_SECONDS,
    Client,
    PromptServer,
    Receive,
    Send,
    left_within,
    read_request,
    start_response,
)
from mandrake.testing.llm_openai_checks import Refused, check_request
from mandrake.testing.llm_openai_wire import (
    asked_of,
    error_json,
    stream_events,
    whole_answer,
)
from mandrake.testing.llm_script import (
    Answer,
    Asked,
    JsonObject,
    QueueScript,
    Quirks,
    RecordedRequest,
    Rule,
    RuleScript,
    Script,
    ScriptedCall,
    ScriptFile,
    WireUsage,
    load_script,
)

__all__ = [
    "Answer",
    "Asked",
    "FakeLlmServer",
    "QueueScript",
    "Quirks",
    "RecordedRequest",
    "Rule",
    "RuleScript",
    "ScriptFile",
    "ScriptedCall",
    "WireUsage",
    "load_script",
]


class _Cut(Exception):
    """The script wants the connection to break here."""


class FakeLlmServer:
    """A fake provider at `base_url`. Use as `async with FakeLlmServer(...) as server`.

    `script` is a function of `Asked`, a `RuleScript`, or a sequence of answers given in order.
    Every request is in `requests`, also refused ones. A request that the script has no answer for
    gets status 500 with code `script_exhausted`.
    """

    def __init__(
        self,
        script: Script | Sequence[Answer] = (),
        *,
        models: Sequence[str] = ("fake-model",),
        api_key: str | None = "test-key",
        port: int = 0,
    ) -> None:
        self.queue: QueueScript | None = None
        if isinstance(script, Sequence):
            self.queue = QueueScript(script)
            self._script: Script = self.queue
        else:
            self._script = script
        self.models = tuple(models)
        self.api_key = api_key
        self.requests: list[RecordedRequest] = []
        self._port = port
        self._ids = itertools.count(1)
        self._changed = threading.Condition()
        self._server: PromptServer | None = None
        self._thread: threading.Thread | None = None
        self._failures: list[Exception] = []

    @property
    def base_url(self) -> str:
        """Where the API is, with `/v1`; only while it runs."""
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def chats(self) -> list[RecordedRequest]:
        """The chat requests that were not refused, in order of arrival."""
        return [
            request
            for request in self.requests
            if request.path.endswith("/chat/completions") and request.refused is None
        ]

    def answer(self, *answers: Answer) -> None:
        """Queue more answers; only for a server made with a sequence."""
        if self.queue is None:
            raise RuntimeError("this server answers by a script, not by a queue")
        self.queue.add(*answers)

    async def wait_until(
        self, condition: Callable[[FakeLlmServer], bool], *, seconds: float = 5.0
    ) -> None:
        """Wait for a state of the records, for example that a client has left.

        Raises:
            TimeoutError: It did not come about.
        """

        def wait() -> bool:
            with self._changed:
                return self._changed.wait_for(lambda: condition(self), seconds)

        if not await asyncio.to_thread(wait):
            raise TimeoutError(f"the fake server saw {self.requests!r}")

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.stop)

    def start(self) -> None:
        """Listen, in a thread of its own; returns when requests are taken."""
        config = self.config()
        listener = config.bind_socket()
        self._port = listener.getsockname()[1]
        server = self._server = PromptServer(config)
        self._thread = threading.Thread(
            target=lambda: server.run(sockets=[listener]), name="fake-llm-server", daemon=True
        )
        self._thread.start()
        if not server.listening.wait(START_SECONDS):
            raise RuntimeError("the fake server did not start")

    def stop(self) -> None:
        """Break what still runs and join the thread.

        Raises:
            ExceptionGroup: The fake itself or its script failed; the client saw status 500.
        """
        if self._server is not None and self._thread is not None:
            self._server.end()
            self._thread.join(START_SECONDS)
        if self._failures:
            raise ExceptionGroup("the fake server failed", self._failures)

    def config(self) -> uvicorn.Config:
        return uvicorn.Config(
            self.app,
            host="127.0.0.1",
            port=self._port,
            log_config=None,
            log_level="critical",
            interface="asgi3",
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=0,
        )

    async def app(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """The ASGI application."""
        request = await read_request(scope, receive)
        self._note(lambda: self.requests.append(request))
        try:
            await self._respond(request, receive, send)
        except _Cut:
            self._outcome(request, "cut")
            raise
        except Exception as error:
            self._failures.append(error)
            raise
        finally:
            if request.outcome == "running":
                self._outcome(request, "disconnected")

    def _note(self, change: Callable[[], object]) -> None:
        with self._changed:
            change()
            self._changed.notify_all()

    def _outcome(self, request: RecordedRequest, outcome: str) -> None:
        self._note(lambda: setattr(request, "outcome", outcome))

    async def _respond(self, request: RecordedRequest, receive: Receive, send: Send) -> None:
        refusal = self._refusal(request)
        if refusal is None and request.path == "/v1/models":
            listed = [{"id": name, "object": "model", "owned_by": "fake"} for name in self.models]
            await self._send_json(request, send, 200, {"object": "list", "data": listed})
            return
        asked = None if refusal else asked_of(request.json, request)
        answer = self._script(asked) if asked is not None else None
        if asked is None or answer is None:
            status, body = refusal or (
                500,
                error_json("the script has no answer left", "script_exhausted", "server_error"),
            )
            error = body["error"]
            request.refused = str(cast("JsonObject", error)["message"])
            await self._send_json(request, send, status, body)
            return
        await self._answer(request, asked, answer, receive, send)

    def _refusal(self, request: RecordedRequest) -> tuple[int, JsonObject] | None:
        """Checks in the real server's order: key, path, shape, model."""
        if self.api_key is not None:
            given = request.headers.get("authorization", "")
            if given != f"Bearer {self.api_key}":
                return 401, error_json("Incorrect API key provided.", "invalid_api_key")
        if (request.method, request.path) == ("GET", "/v1/models"):
            return None
        if (request.method, request.path) != ("POST", "/v1/chat/completions"):
            text = f"Invalid URL ({request.method} {request.path})"
            return 404, error_json(text, None)
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return 400, error_json("the content type must be application/json", None)
        try:
            parsed: object = orjson.loads(request.body)
        except orjson.JSONDecodeError:
            return 400, error_json("We could not parse the JSON body of your request.", None)
        if not isinstance(parsed, dict):
            return 400, error_json("The body must be a JSON object.", None)
        request.json = cast("JsonObject", parsed)
        try:
            check_request(request.json)
        except Refused as refused:
            return 400, error_json(str(refused), None)
        model = request.json["model"]
        if model not in self.models:
            text = f"The model `{model}` does not exist or you do not have access to it."
            return 404, error_json(text, "model_not_found")
        return None

    async def _answer(
        self,
        request: RecordedRequest,
        asked: Asked,
        answer: Answer,
        receive: Receive,
        send: Send,
    ) -> None:
        answer_id = f"chatcmpl-{next(self._ids):06d}"
        if answer.first_delay_ms and await left_within(receive, answer.first_delay_ms / 1000):
            return
        if answer.body is not None or answer.status != 200:
            body = (answer.body or "").encode("utf-8")
            if answer.body is None:
                text = answer.error or f"scripted failure {answer.status}"
                body = orjson.dumps(error_json(text, answer.error_code, "scripted"))
            content_type = answer.content_type or "application/json"
            await self._send_body(
                request, send, answer.status, body, {"content-type": content_type, **answer.headers}
            )
            return
        if not request.json.get("stream"):
            await self._send_json(request, send, 200, whole_answer(answer, asked, answer_id))
            return
        await start_response(send, 200, {"content-type": "text/event-stream", **answer.headers})
        client = Client(receive, send)
        left = asyncio.get_running_loop().create_task(client.watch())
        try:
            await self._stream(request, stream_events(answer, asked, answer_id), answer, client)
        finally:
            left.cancel()
            with suppress(asyncio.CancelledError):
                await left

    async def _stream(
        self,
        request: RecordedRequest,
        events: Iterator[tuple[bytes, bool]],
        answer: Answer,
        client: Client,
    ) -> None:
        kept = b""
        for count, (event, is_piece) in enumerate(events):
            if is_piece:
                await self._before_piece(request.pieces_sent, answer, client)
            if client.left.is_set():
                return
            if answer.chunk_bytes is None:
                await client.send_part(event)
            else:
                kept = await client.send_cut(kept + event, answer.chunk_bytes)
            request.pieces_sent += is_piece
            if count % 32 == 31:
                # Lets the disconnect of a client be seen within a stream without pace.
                await asyncio.sleep(0)
        await self._before_piece(request.pieces_sent, answer, client, at_end=True)
        if not client.left.is_set():
            await client.send({"type": "http.response.body", "body": kept, "more_body": False})
            self._outcome(request, "completed")

    async def _before_piece(
        self, sent: int, answer: Answer, client: Client, *, at_end: bool = False
    ) -> None:
        if sent == answer.hang_after:
            await client.left.wait()
        if sent == answer.cut_after or (at_end and answer.cut_after is not None):
            raise _Cut
        if answer.pace_ms and sent and not at_end:
            await client.wait(answer.pace_ms / 1000)

    async def _send_json(
        self, request: RecordedRequest, send: Send, status: int, body: object
    ) -> None:
        headers = {"content-type": "application/json"}
        await self._send_body(request, send, status, orjson.dumps(body), headers)

    async def _send_body(
        self,
        request: RecordedRequest,
        send: Send,
        status: int,
        body: bytes,
        headers: Mapping[str, str],
    ) -> None:
        await start_response(send, status, {"content-length": str(len(body)), **headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})
        self._outcome(request, "completed")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run until interrupted; the first line of output says where."""
    parser = argparse.ArgumentParser(prog="python -m mandrake.testing.llm_server")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", type=Path, help="JSON file, see `ScriptFile`")
    parser.add_argument("--requests", type=Path, help="append every chat request's body here")
    options = parser.parse_args(arguments)
    script_file = load_script(options.script) if options.script else ScriptFile()
    script = script_file.script()
    log: Path | None = options.requests

    def decide(asked: Asked) -> Answer | None:
        if log is not None:
            with log.open("ab") as file:
                file.write(asked.request.body + b"\n")
        return script(asked)

    server = FakeLlmServer(
        decide, models=script_file.models, api_key=script_file.api_key, port=options.port
    )
    config = server.config()
    listener = config.bind_socket()
    # Clients that come before the server runs wait in the queue instead of being refused.
    listener.listen(128)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    sys.stdout.write(json.dumps({"base_url": address, "models": script_file.models}) + "\n")
    sys.stdout.flush()
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
