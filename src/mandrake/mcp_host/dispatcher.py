"""Our JSON-RPC dispatcher over a boxed server's byte streams, under the SDK's `ClientSession`.

Owns correlation of calls and answers, order of notifications, bounds, and what happens to bytes
that are not JSON-RPC. It knows neither MCP's methods nor the process behind the bytes.

Source: `mcp.shared.dispatcher.Dispatcher` of mcp 2.3.0. Its `run` is declared provisional, so the
version is pinned and a test runs this class under `ClientSession`.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import anyio
import anyio.abc
from mcp.shared.dispatcher import CallOptions, coerce_request_id, run_notify_intercept
from mcp.shared.exceptions import MCPError
from mcp.shared.transport_context import TransportContext
from mcp_types import INTERNAL_ERROR, RequestId

from mandrake.mcp_host.framing import MESSAGE_CAP_BYTES, SKIP_CAP_BYTES, LineSplitter, TooLong
from mandrake.mcp_host.inbound import InboundContext, NotificationQueue
from mandrake.mcp_host.wire import (
    CallTimedOut,
    ConnectionLost,
    MessageTooLarge,
    answered_id,
    encode_message,
    parse_message,
    protocol_error,
)

if TYPE_CHECKING:
    from mcp.shared.dispatcher import OnNotify, OnNotifyIntercept, OnRequest, ProgressFnT

    from mandrake.mcp_host.ports import BoxedServer

PARSE_IN_THREAD_BYTES = 1_048_576
DRAIN_ABOVE_BYTES = 65_536
UNSENT_CAP_BYTES = MESSAGE_CAP_BYTES
ABANDONED_CAP = 1_024
INBOUND_REQUEST_CAP = 16
_COALESCED = frozenset(
    f"notifications/{kind}/list_changed" for kind in ("tools", "prompts", "resources")
)
_TRANSPORT = TransportContext(kind="stdio", can_send_request=True)

JsonMap = Mapping[str, Any]


@dataclass(slots=True)
class _Pending:
    answer: asyncio.Future[dict[str, Any]]
    on_progress: ProgressFnT | None


class StdioDispatcher:
    """A `Dispatcher` of the SDK and the `OutputSink` of a box, in one object.

    Args:
        warn: Gets a line for everything a server does that its protocol doesn't allow.
        stderr: Gets the server's standard error.
    """

    def __init__(self, warn: Callable[[str], None], stderr: Callable[[bytes], None]) -> None:
        self._warn = warn
        self._stderr = stderr
        self._server: BoxedServer | None = None
        self._splitter = LineSplitter()
        self._last_id = 0
        self._pending: dict[RequestId, _Pending] = {}
        self._closed: str | None = None
        self._closed_event = asyncio.Event()
        self._backlog: deque[bytes | TooLong] = deque()
        self._backlog_added = asyncio.Event()
        self._notifications = NotificationQueue(warn)
        self._coalescing: set[str] = set()
        self._inbound: dict[RequestId, anyio.CancelScope] = {}
        self._tasks: anyio.abc.TaskGroup | None = None
        self._on_request: OnRequest | None = None
        self._on_notify: OnNotify | None = None
        self._intercept: OnNotifyIntercept | None = None
        self._abandoned: dict[RequestId, str] = {}
        self.late_answers: set[str] = set()
        """Methods that were answered after their caller had given up."""
        self.deadlines: dict[str, float] = {}
        """Seconds allowed to a method, where less than its caller allows."""

    def attach(self, server: BoxedServer) -> None:
        """Name the process to write to."""
        self._server = server

    @property
    def alive(self) -> bool:
        return self._closed is None

    # The SDK's side ---------------------------------------------------------------------------

    async def send_raw_request(
        self, method: str, params: JsonMap | None, opts: CallOptions | None = None
    ) -> dict[str, Any]:
        options: CallOptions = opts or {}
        on_progress = options.get("on_progress")
        timeout = options.get("timeout")
        if method in self.deadlines:
            timeout = min(timeout or math.inf, self.deadlines[method])
        request_id, key = self._next_id(options)
        message: dict[str, Any] = {"jsonrpc": "2.0", "id": request_id, "method": method}
        if on_progress is not None:
            meta: JsonMap = {**((params or {}).get("_meta") or {}), "progressToken": request_id}
            params = {**(params or {}), "_meta": meta}
        if params is not None:
            message["params"] = params
        loop = asyncio.get_running_loop()
        pending = _Pending(loop.create_future(), on_progress)
        cancel = options.get("cancel_on_abandon", True)
        self._write(message)
        self._pending[key] = pending
        timer = (
            None
            if timeout is None
            else loop.call_later(timeout, self._expire, key, method, request_id, cancel)
        )
        try:
            if self._unsent() > DRAIN_ABOVE_BYTES:
                pending.answer.add_done_callback(_read_exception)
                await self._drain(method, timeout)
            return await pending.answer
        except asyncio.CancelledError:
            _read_exception(pending.answer)
            self._abandon(key, method, request_id, cancel=cancel)
            raise
        finally:
            if timer is not None:
                timer.cancel()
            self._pending.pop(key, None)

    async def notify(
        self, method: str, params: JsonMap | None, opts: CallOptions | None = None
    ) -> None:
        del opts
        if self._closed is not None:
            return
        message: dict[str, Any] = {"jsonrpc": "2.0", "method": method}
        if params is not None:
            message["params"] = params
        self._write(message)

    async def run(
        self,
        on_request: OnRequest,
        on_notify: OnNotify,
        on_notify_intercept: OnNotifyIntercept | None = None,
        *,
        task_status: anyio.abc.TaskStatus[None] = anyio.TASK_STATUS_IGNORED,
    ) -> None:
        self._on_request, self._on_notify = on_request, on_notify
        self._intercept = on_notify_intercept
        try:
            async with anyio.create_task_group() as tasks:
                self._tasks = tasks
                tasks.start_soon(self._notifications.consume)
                tasks.start_soon(self._consume_backlog)
                task_status.started()
                await self._closed_event.wait()
                tasks.cancel_scope.cancel()
        finally:
            self._tasks = None
            self.close("the connection was closed")

    # The box's side ---------------------------------------------------------------------------

    def stdout_received(self, data: bytes) -> None:
        for item in self._splitter.feed(data):
            if self._backlog or (isinstance(item, bytes) and len(item) > PARSE_IN_THREAD_BYTES):
                # Order holds: what comes after a large message waits for it.
                self._backlog.append(item)
                self._backlog_added.set()
                if self._server is not None:
                    self._server.pause_reading()
            else:
                self._take(item)
        if self._splitter.skipped_bytes > SKIP_CAP_BYTES:
            self.close(f"the server sent a line of more than {SKIP_CAP_BYTES >> 20} MB")

    def stdout_ended(self) -> None:
        self.close("the server closed its output")

    def stderr_received(self, data: bytes) -> None:
        self._stderr(data)

    def close(self, reason: str) -> None:
        """Fail every call in flight and refuse later ones; the first reason stays."""
        if self._closed is not None:
            return
        self._closed = reason
        self._closed_event.set()
        for pending in self._pending.values():
            if not pending.answer.done():
                pending.answer.set_exception(ConnectionLost(reason, sent=True))

    async def closed(self) -> str:
        """Wait for the end of the connection: its reason."""
        await self._closed_event.wait()
        return self._closed or ""

    # Outgoing ---------------------------------------------------------------------------------

    def _next_id(self, options: CallOptions) -> tuple[RequestId, RequestId]:
        given = options.get("request_id")
        if given is not None:
            key = coerce_request_id(given)
            if key in self._pending:
                raise ValueError(f"request id {given!r} is in flight")
            return given, key
        while True:
            self._last_id += 1
            if self._last_id not in self._pending:
                return self._last_id, self._last_id

    def _write(self, message: dict[str, Any]) -> None:
        if self._closed is not None or self._server is None:
            raise ConnectionLost(self._closed or "not connected", sent=False)
        data = encode_message(message)
        if len(data) > MESSAGE_CAP_BYTES:
            raise MessageTooLarge(f"the request has {len(data)} bytes, over the cap of 32 MB")
        if self._server.unsent_bytes > UNSENT_CAP_BYTES:
            raise MessageTooLarge("the server does not read: over 32 MB wait to be sent")
        self._server.write(data + b"\n")

    def _unsent(self) -> int:
        return 0 if self._server is None else self._server.unsent_bytes

    async def _drain(self, method: str, seconds: float | None) -> None:
        assert self._server is not None
        try:
            async with asyncio.timeout(seconds):
                await self._server.drain()
        except TimeoutError:
            raise CallTimedOut(method) from None

    def _expire(self, key: RequestId, method: str, request_id: RequestId, cancel: bool) -> None:
        pending = self._pending.get(key)
        if pending is None or pending.answer.done():
            return
        pending.answer.set_exception(CallTimedOut(method))
        self._abandon(key, method, request_id, cancel=cancel)

    def _abandon(self, key: RequestId, method: str, request_id: RequestId, *, cancel: bool) -> None:
        if len(self._abandoned) < ABANDONED_CAP:
            self._abandoned[key] = method
        if cancel and self._closed is None:
            params = {"requestId": request_id, "reason": "nobody waits for the answer any more"}
            # A courtesy: a server that doesn't read can't be told.
            with contextlib.suppress(MCPError):
                self._write(
                    {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params}
                )

    # Incoming ---------------------------------------------------------------------------------

    async def _consume_backlog(self) -> None:
        while True:
            await self._backlog_added.wait()
            self._backlog_added.clear()
            while self._backlog:
                item = self._backlog[0]
                if isinstance(item, bytes) and len(item) > PARSE_IN_THREAD_BYTES:
                    parsed = await asyncio.to_thread(parse_message, item)
                    self._route(parsed, item)
                else:
                    self._take(item)
                self._backlog.popleft()
            if self._server is not None:
                self._server.resume_reading()

    def _take(self, item: bytes | TooLong) -> None:
        if isinstance(item, TooLong):
            self._refuse(item)
        else:
            self._route(parse_message(item), item)

    def _route(self, message: dict[str, Any] | None, line: bytes) -> None:
        if message is None:
            if line.strip():
                self._warn(f"not JSON-RPC on standard output: {line[:200]!r}")
        elif "method" not in message:
            self._answer(message)
        elif "id" in message:
            self._request(message)
        else:
            self._notification(message)

    def _answer(self, message: dict[str, Any]) -> None:
        request_id = message.get("id")
        if not isinstance(request_id, int | str):
            self._warn(f"an answer without id: {str(message)[:200]}")
            return
        key = coerce_request_id(request_id)
        pending = self._pending.get(key)
        if pending is None or pending.answer.done():
            if (method := self._abandoned.pop(key, None)) is not None:
                self.late_answers.add(method)
            else:
                self._warn(f"an answer to nothing that was asked: id {request_id!r}")
            return
        error = message.get("error")
        result = message.get("result")
        if isinstance(error, dict):
            pending.answer.set_exception(protocol_error(cast("dict[str, Any]", error)))
        elif isinstance(result, dict):
            pending.answer.set_result(cast("dict[str, Any]", result))
        else:
            pending.answer.set_exception(
                MCPError(code=INTERNAL_ERROR, message="the server's answer has no result object")
            )

    def _refuse(self, item: TooLong) -> None:
        """Fail the call that a too long line answers; kill the connection if nobody can tell."""
        named = answered_id(item)
        candidates: list[RequestId] = [] if named is None else [named]
        if not candidates and item.ended and len(self._pending) == 1:
            candidates = list(self._pending)
        for key in candidates:
            pending = self._pending.get(key)
            if pending is not None and not pending.answer.done():
                text = "the answer is larger than 32 MB and was refused; ask for less"
                pending.answer.set_exception(MessageTooLarge(text))
                self._abandoned[key] = "oversize"
        if item.ended:
            self._warn(f"a message of {item.skipped_bytes} bytes was skipped (cap 32 MB)")
            if not candidates and self._pending:
                self.close("the server sent a message above 32 MB that answers no known call")

    def _notification(self, message: dict[str, Any]) -> None:
        method = str(message["method"])
        params = message.get("params")
        params = cast("dict[str, Any]", params) if isinstance(params, dict) else None
        if method == "notifications/progress" and self._progress(params):
            return
        if method == "notifications/cancelled" and params is not None:
            scope = self._inbound.get(params.get("requestId", ""))
            if scope is not None:
                scope.cancel()
        if run_notify_intercept(self._intercept, method, params):
            return
        if method in _COALESCED and params is None:
            if method in self._coalescing:
                return
            self._coalescing.add(method)
        self._notifications.put(lambda: self._deliver(method, params))

    def _progress(self, params: dict[str, Any] | None) -> bool:
        token = (params or {}).get("progressToken")
        if params is None or not isinstance(token, int | str):
            return False
        pending = self._pending.get(coerce_request_id(token))
        if pending is None or pending.on_progress is None:
            return True
        callback = pending.on_progress
        progress, total, text = params.get("progress"), params.get("total"), params.get("message")
        if not isinstance(progress, int | float):
            return True
        self._notifications.put(lambda: callback(progress, total, text))
        return True

    async def _deliver(self, method: str, params: dict[str, Any] | None) -> None:
        self._coalescing.discard(method)
        if self._on_notify is not None:
            await self._on_notify(InboundContext(self, _TRANSPORT, None), method, params)

    def _request(self, message: dict[str, Any]) -> None:
        request_id = message["id"]
        if not isinstance(request_id, int | str):
            self._warn("a request with an id that is neither number nor text")
        elif self._tasks is None or len(self._inbound) >= INBOUND_REQUEST_CAP:
            self._reply(request_id, {"error": {"code": INTERNAL_ERROR, "message": "too busy"}})
        else:
            scope = self._inbound[request_id] = anyio.CancelScope()
            self._tasks.start_soon(self._serve, request_id, message, scope)

    async def _serve(
        self, request_id: RequestId, message: dict[str, Any], scope: anyio.CancelScope
    ) -> None:
        assert self._on_request is not None
        answer: dict[str, Any] = {"error": {"code": INTERNAL_ERROR, "message": "cancelled"}}
        try:
            with scope:
                context = InboundContext(self, _TRANSPORT, request_id)
                method = str(message["method"])
                answer = {"result": await self._on_request(context, method, message.get("params"))}
        except MCPError as error:
            answer = {"error": error.error.model_dump(exclude_none=True)}
        except Exception as error:  # noqa: BLE001 - the server gets an answer whatever fails here
            answer = {"error": {"code": INTERNAL_ERROR, "message": str(error)}}
        finally:
            self._inbound.pop(request_id, None)
        if not scope.cancelled_caught:
            self._reply(request_id, answer)

    def _reply(self, request_id: RequestId, answer: dict[str, Any]) -> None:
        if self._closed is None:
            self._write({"jsonrpc": "2.0", "id": request_id, **answer})


def _read_exception(answer: asyncio.Future[dict[str, Any]]) -> None:
    """Mark a failure as seen where the caller learns of it in another way."""
    if answer.done() and not answer.cancelled():
        answer.exception()
