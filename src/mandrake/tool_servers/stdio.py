"""A small MCP server over standard input and output, for the servers we ship.

Speaks 2026-07-28 and the handshake revisions, tools only, without the SDK: its import alone costs
half a second at each start of each server (measured 2026-11-20), this file a few milliseconds.

Calls run one after the other in the main thread, in the order they came; a reader thread answers
everything else meanwhile and notes cancellations. Knows nothing of what the tools do.

Source: MCP specification 2026-07-28 and 2025-11-25, "Transports: stdio", "Tools".
"""

from __future__ import annotations

import json
import queue
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from mandrake.tool_servers.arguments import Arguments, Json, ToolFailure

MODERN_VERSIONS = ("2026-07-28",)
HANDSHAKE_VERSIONS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
_VERSION_META_KEY = "io.modelcontextprotocol/protocolVersion"
_SERVER_INFO_META_KEY = "io.modelcontextprotocol/serverInfo"
_PARSE_ERROR, _INVALID_REQUEST, _NO_METHOD, _INVALID_PARAMS = -32700, -32600, -32601, -32602
_UNSUPPORTED_VERSION = -32022

Message = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Hints:
    """What a tool says of its effects. None of ours reaches beyond this machine."""

    read_only: bool
    idempotent: bool = False
    destructive: bool = False

    def render(self, title: str) -> Message:
        return {
            "title": title,
            "readOnlyHint": self.read_only,
            "destructiveHint": self.destructive,
            "idempotentHint": self.idempotent or self.read_only,
            "openWorldHint": False,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """A tool's result."""

    text: str
    structured: Message | None = None
    is_error: bool = False


class Call:
    """One call under way: its arguments, and whether anybody still waits."""

    def __init__(self, arguments: Arguments) -> None:
        self.arguments = arguments
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()


@dataclass(frozen=True, slots=True)
class Tool:
    """A method of the server. `handle` raises `ToolFailure` for what the caller got wrong."""

    name: str
    title: str
    description: str
    input_schema: Message
    hints: Hints
    handle: Callable[[Call], Answer] = field(repr=False)

    def render(self) -> Message:
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "inputSchema": self.input_schema,
            "annotations": self.hints.render(self.title),
        }


class StdioServer:
    """Serves `tools` until the end of input."""

    def __init__(self, name: str, version: str, tools: Sequence[Tool], instructions: str) -> None:
        self._info: Message = {"name": name, "version": version}
        self._tools = {tool.name: tool for tool in tools}
        self._instructions = instructions
        self._calls: queue.SimpleQueue[tuple[Json, Tool, Call, bool] | None] = queue.SimpleQueue()
        self._open: dict[Json, Call] = {}
        self._lock = threading.Lock()

    def run(self) -> None:
        """Blocks; returns when the input ended and the calls taken before it are answered."""
        threading.Thread(target=self._read, name="reader", daemon=True).start()
        while (item := self._calls.get()) is not None:
            request_id, tool, call, modern = item
            if call.cancelled:
                continue
            result = _perform(tool, call)
            with self._lock:
                self._open.pop(request_id, None)
            if not call.cancelled:
                self._send_result(request_id, result, modern=modern)

    def _read(self) -> None:
        for line in sys.stdin.buffer:
            if line.strip():
                self._take(line)
        self._calls.put(None)

    def _take(self, line: bytes) -> None:
        try:
            message: Json = json.loads(line)
        except ValueError:
            self._send_error(None, _PARSE_ERROR, "not JSON")
            return
        if not isinstance(message, dict) or not isinstance(message.get("method"), str):
            return  # an answer to nothing we ever ask, or a batch, which no revision has
        params = message.get("params")
        body: Message = params if isinstance(params, dict) else {}
        if "id" in message:
            self._request(message["id"], str(message["method"]), body)
        elif message["method"] == "notifications/cancelled":
            with self._lock:
                call = self._open.pop(body.get("requestId"), None)
            if call is not None:
                call.cancel()

    def _request(self, request_id: Json, method: str, params: Message) -> None:
        meta = params.get("_meta")
        version = meta.get(_VERSION_META_KEY) if isinstance(meta, dict) else None
        if not isinstance(request_id, int | str):
            self._send_error(None, _INVALID_REQUEST, "the id must be a number or text")
        elif version is not None and version not in MODERN_VERSIONS:
            data: Message = {"supported": list(MODERN_VERSIONS), "requested": version}
            self._send_error(request_id, _UNSUPPORTED_VERSION, "unsupported protocol version", data)
        elif method == "tools/call":
            self._call(request_id, params, modern=version is not None)
        elif (result := self._describe(method, params, modern=version is not None)) is not None:
            self._send_result(request_id, result, modern=version is not None)
        else:
            self._send_error(request_id, _NO_METHOD, f"there is no method `{method}`")

    def _describe(self, method: str, params: Message, *, modern: bool) -> Message | None:
        cache: Message = {"ttlMs": 3_600_000, "cacheScope": "private"} if modern else {}
        if method == "ping":
            return {}
        if method == "tools/list":
            return {"tools": [tool.render() for tool in self._tools.values()], **cache}
        if method == "server/discover" and modern:
            return {
                "supportedVersions": list(MODERN_VERSIONS),
                "capabilities": {"tools": {}},
                "instructions": self._instructions,
                "_meta": {_SERVER_INFO_META_KEY: self._info},
                **cache,
            }
        if method == "initialize":
            asked = params.get("protocolVersion")
            return {
                "protocolVersion": asked if asked in HANDSHAKE_VERSIONS else HANDSHAKE_VERSIONS[-1],
                "capabilities": {"tools": {}},
                "serverInfo": self._info,
                "instructions": self._instructions,
            }
        return None

    def _call(self, request_id: int | str, params: Message, *, modern: bool) -> None:
        name = params.get("name")
        arguments = params.get("arguments")
        tool = self._tools.get(name) if isinstance(name, str) else None
        if tool is None:
            self._send_error(request_id, _INVALID_PARAMS, f"there is no tool `{name}`")
            return
        call = Call(Arguments(arguments if isinstance(arguments, dict) else {}))
        with self._lock:
            self._open[request_id] = call
        self._calls.put((request_id, tool, call, modern))

    def _send_result(self, request_id: Json, result: Mapping[str, Json], *, modern: bool) -> None:
        marked: Message = {**result, "resultType": "complete"} if modern else dict(result)
        self._send({"jsonrpc": "2.0", "id": request_id, "result": marked})

    def _send_error(
        self, request_id: Json, code: int, text: str, data: Message | None = None
    ) -> None:
        error: Message = {"code": code, "message": text}
        if data is not None:
            error["data"] = data
        self._send({"jsonrpc": "2.0", "id": request_id, "error": error})

    def _send(self, message: Message) -> None:
        data = json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n"
        with self._lock:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()


def _perform(tool: Tool, call: Call) -> Message:
    try:
        call.arguments.check(tool.input_schema)
        answer = tool.handle(call)
    except ToolFailure as error:
        answer = Answer(str(error), is_error=True)
    except Exception as error:  # noqa: BLE001 - one failed call must not end the server
        print(f"{tool.name}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)  # noqa: T201 - standard error is this server's log
        answer = Answer(f"`{tool.name}` failed: {error}", is_error=True)
    result: Message = {
        "content": [{"type": "text", "text": answer.text}],
        "isError": answer.is_error,
    }
    if answer.structured is not None:
        result["structuredContent"] = answer.structured
    return result
