"""Small tool servers for tests, good and bad, each run as a real process.

`server_command("echo")` gives the command line. This file is also the program itself: standard
library only, so that it starts in a few milliseconds and can misbehave below any library.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Message = dict[str, Any]

HANDSHAKE_VERSION = "2025-11-25"
MODERN_VERSION = "2026-07-28"
_OUT = sys.stdout.buffer


def server_command(*behaviours: str, name: str = "test", version: str = "1") -> tuple[str, ...]:
    """The command of a server with these behaviours.

    `modern` speaks 2026-07-28, `mute` never answers the probe. `ignore-eof`, `ignore-term`: goes
    on after the end of its input, after SIGTERM. `child`, `setsid-child`: leaves a sleeping
    process. `die-at-start`, `die-slowly`: ends before or 0.3 s after the handshake.
    `deaf`: reads nothing for 1.5 s after the handshake. `never`: answers nothing at all.
    """
    return (sys.executable, "-I", "-S", __file__, name, version, *behaviours)


def _schema(**properties: str) -> Message:
    return {
        "type": "object",
        "properties": {key: {"type": kind} for key, kind in properties.items()},
    }


_TOOLS: dict[str, Message] = {
    "echo": _schema(text="string"),
    "who": _schema(),
    "environment": _schema(),
    "read": _schema(path="string"),
    "write": _schema(path="string", text="string"),
    "connect": _schema(port="integer"),
    "unix_connect": _schema(path="string"),
    "udp": _schema(port="integer"),
    "signal": _schema(pid="integer"),
    "meta": _schema(),
    "fail": _schema(),
    "error": _schema(),
    "die": _schema(),
    "hang": _schema(),
    "cancelled": _schema(),
    "progress": _schema(count="integer"),
    "flood": _schema(count="integer"),
    "garbage": _schema(),
    "bad_utf8": _schema(),
    "big": _schema(bytes="integer", id_last="boolean"),
    "grow": _schema(),
    "log": _schema(lines="integer"),
    "close_stdout": _schema(),
    "wrong_id": _schema(),
    "pids": _schema(),
}


def _send(message: Message) -> None:
    _OUT.write(json.dumps(message).encode() + b"\n")
    _OUT.flush()


def _text(text: str, *, is_error: bool = False) -> Message:
    return {"content": [{"type": "text", "text": text}], "isError": is_error}


class _Server:
    def __init__(self, name: str, version: str, behaviours: list[str]) -> None:
        self.name, self.version, self.behaviours = name, version, behaviours
        self.tools = dict(_TOOLS)
        self.cancelled: list[object] = []
        self.children: list[int] = []

    def run(self) -> None:
        if "die-at-start" in self.behaviours:
            sys.stderr.write("no configuration found\n")
            sys.exit(3)
        if "ignore-term" in self.behaviours:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for behaviour in ("child", "setsid-child"):
            if behaviour in self.behaviours:
                setsid = behaviour == "setsid-child"
                command = [sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)"]
                child = subprocess.Popen(command, start_new_session=setsid)
                self.children.append(child.pid)
        for line in sys.stdin.buffer:
            self._take(json.loads(line))
        while "ignore-eof" in self.behaviours or "ignore-term" in self.behaviours:
            time.sleep(1)

    def _take(self, message: Message) -> None:
        if "never" in self.behaviours:
            return
        if "id" not in message:
            if message["method"] == "notifications/cancelled":
                self.cancelled.append(message["params"]["requestId"])
            return
        result = self._answer(message)
        if result is not None:
            _send({"jsonrpc": "2.0", "id": message["id"], **result})
        if "deaf" in self.behaviours and message["method"] == "tools/list":
            self.behaviours.remove("deaf")
            time.sleep(1.5)
        if "die-slowly" in self.behaviours and message["method"] == "tools/list":
            time.sleep(0.05)
            sys.stderr.write("lost the database\n")
            sys.stderr.flush()
            os._exit(5)

    def _answer(self, message: Message) -> Message | None:
        method = message["method"]
        capabilities = {"tools": {"listChanged": True}}
        info = {"name": self.name, "version": self.version}
        if method == "server/discover":
            if "mute" in self.behaviours:
                return None
            if "modern" in self.behaviours:
                found = {
                    "supportedVersions": [MODERN_VERSION],
                    "capabilities": capabilities,
                    "resultType": "complete",
                    "ttlMs": 0,
                    "cacheScope": "private",
                    "_meta": {"io.modelcontextprotocol/serverInfo": info},
                }
                return {"result": found}
        if method == "initialize" and "modern" not in self.behaviours:
            return {
                "result": {
                    "protocolVersion": HANDSHAKE_VERSION,
                    "capabilities": capabilities,
                    "serverInfo": info,
                }
            }
        extra: Message = {}
        if "modern" in self.behaviours:
            extra = {"resultType": "complete"}
        if method == "tools/list":
            if "modern" in self.behaviours:
                extra |= {"ttlMs": 0, "cacheScope": "private"}
            listed = [
                {"name": name, "description": f"{name} of {self.name}", "inputSchema": schema}
                for name, schema in self.tools.items()
            ]
            return {"result": {"tools": listed, **extra}}
        if method == "tools/call":
            result = self._call(message)
            return (
                None
                if result is None
                else result
                if "error" in result
                else {"result": {**result, **extra}}
            )
        if method == "ping":
            return {"result": extra}
        return {"error": {"code": -32601, "message": f"no method {method}"}}

    def _call(self, message: Message) -> Message | None:
        params = message["params"]
        arguments: Message = params.get("arguments") or {}
        special: dict[str, Callable[[], Message | None]] = {
            "who": lambda: _text(self.name),
            "meta": lambda: _text(json.dumps(params.get("_meta"))),
            "error": lambda: {"error": {"code": -32602, "message": "the arguments are wrong"}},
            "cancelled": lambda: _text(json.dumps(self.cancelled)),
            "progress": lambda: _progress(params, arguments["count"]),
            "big": lambda: _big(message, arguments),
            "grow": self._grow,
            "pids": lambda: _text(json.dumps([os.getpid(), *self.children])),
        }
        name = params["name"]
        if name in special:
            return special[name]()
        return _CALLS[name](arguments)

    def _grow(self) -> Message:
        self.tools[f"tool{len(self.tools)}"] = _schema()
        _send({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"})
        return _text("grown")


def _attempt(work: Callable[[], str]) -> Message:
    try:
        return _text(work())
    except OSError as error:
        return _text(f"{type(error).__name__}: {error}", is_error=True)


def _read(arguments: Message) -> Message:
    def work() -> str:
        with Path(arguments["path"]).open("rb") as file:
            return file.read(2000).decode("utf-8", "replace")

    return _attempt(work)


def _write(arguments: Message) -> Message:
    def work() -> str:
        with Path(arguments["path"]).open("w", encoding="utf-8") as file:
            return str(file.write(arguments["text"]))

    return _attempt(work)


def _connect(arguments: Message) -> Message:
    def work() -> str:
        socket.create_connection(("127.0.0.1", arguments["port"]), 2).close()
        return "connected"

    return _attempt(work)


def _unix_connect(arguments: Message) -> Message:
    def work() -> str:
        with socket.socket(socket.AF_UNIX) as link:
            link.connect(arguments["path"])
        return "connected"

    return _attempt(work)


def _udp(arguments: Message) -> Message:
    def work() -> str:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            return str(link.sendto(b"x", ("127.0.0.1", arguments["port"])))

    return _attempt(work)


def _signal(arguments: Message) -> Message:
    def work() -> str:
        os.kill(arguments["pid"], 0)
        return "may signal"

    return _attempt(work)


def _hang(_arguments: Message) -> None:
    return None


def _progress(params: Message, count: int) -> Message:
    token = params["_meta"]["progressToken"]
    for step in range(count):
        body = {"progressToken": token, "progress": step, "total": count}
        _send({"jsonrpc": "2.0", "method": "notifications/progress", "params": body})
    return _text("done")


def _flood(arguments: Message) -> Message:
    line = b'{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n'
    for _ in range(arguments["count"]):
        _OUT.write(line)
    return _text("flooded")


def _garbage(_arguments: Message) -> Message:
    _OUT.write(b"Starting up ...\n{not json\n[1]\n\n")
    return _text("after garbage")


def _bad_utf8(_arguments: Message) -> Message:
    _OUT.write(b'{"jsonrpc":"2.0","method":"\xff\xfe"}\n\xff\xfe\n')
    return _text("after bad bytes")


def _big(message: Message, arguments: Message) -> None:
    result = {"content": [{"type": "text", "text": "x" * arguments["bytes"]}]}
    if arguments.get("id_last"):
        _send({"result": result, "jsonrpc": "2.0", "id": message["id"]})
    else:
        _send({"jsonrpc": "2.0", "id": message["id"], "result": result})


def _die(_arguments: Message) -> None:
    sys.stderr.write("out of paper\n")
    sys.stderr.flush()
    os._exit(3)


def _log(arguments: Message) -> Message:
    for number in range(arguments["lines"]):
        sys.stderr.write(f"line {number}\n")
    sys.stderr.buffer.write(b"\xff not text\n")
    sys.stderr.flush()
    return _text("logged")


def _close_stdout(_arguments: Message) -> None:
    os.close(1)
    time.sleep(600)


def _wrong_id(_arguments: Message) -> Message:
    _send({"jsonrpc": "2.0", "id": 987654, "result": {}})
    return _text("after a wrong id")


_CALLS: dict[str, Callable[[Message], Message | None]] = {
    "echo": lambda arguments: _text(arguments.get("text", "")),
    "environment": lambda _arguments: _text(json.dumps(dict(os.environ))),
    "fail": lambda _arguments: _text("it failed", is_error=True),
    "read": _read,
    "write": _write,
    "connect": _connect,
    "unix_connect": _unix_connect,
    "udp": _udp,
    "signal": _signal,
    "die": _die,
    "hang": _hang,
    "flood": _flood,
    "garbage": _garbage,
    "bad_utf8": _bad_utf8,
    "log": _log,
    "close_stdout": _close_stdout,
    "wrong_id": _wrong_id,
}


if __name__ == "__main__":
    _Server(sys.argv[1], sys.argv[2], sys.argv[3:]).run()
