"""A round as a terminal shows it: the answer on standard output, the rest beside it.

Owns what was printed already, so that deltas, snapshots and completed parts can come in any mix
and repeat themselves after a broken connection. Pure but for the two streams it writes to.
"""

from __future__ import annotations

import sys
from typing import Any, TextIO

from mandrake.cli import wire
from mandrake.cli.output import compact_json, harmless, shown_to, styled

_DIM = "\x1b[2m"
_RESULT_LINES = 3
_RESULT_CHARACTERS = 400


class RoundView:
    """Prints one round's events. An `EventHandler`."""

    def __init__(self, *, answer: TextIO | None = sys.stdout, notes: TextIO = sys.stderr) -> None:
        self._answer = answer
        self._notes = notes
        self._printed: dict[tuple[str, int], str] = {}
        self._calls: dict[str, str] = {}
        self._at_line_start = True
        self._anything = False
        self._one_screen = answer is not None and answer.isatty() and notes.isatty()

    def handle_event(self, event: wire.Event) -> None:
        """Show what an event tells."""
        match event.type:
            case "part.delta" | "part.snapshot":
                self._text_event(event)
            case "part.completed" if isinstance(event.data.get("text"), str):
                self._whole(event, event.data["text"])
            case "tool.requested":
                self._requested(event.data)
            case "tool.completed":
                self._completed(event.data)
            case "turn.retrying":
                wait = event.data.get("wait_seconds")
                self.note(f"  {event.data.get('detail', '')} Trying again in {wait} s.")
            case "servers.waiting":
                self._waiting(event.data)
            case "turn.interrupted":
                self.note("  The turn was interrupted; what follows starts it anew.")
            case "tool.progress":
                message = event.data.get("message")
                if message:
                    self.note(f"  … {message}")
            case _:
                pass

    def _waiting(self, data: dict[str, Any]) -> None:
        servers = [
            f"{each['server']} ({each['detail']})" if each.get("detail") else str(each["server"])
            for each in data.get("servers", [])
        ]
        self.note(f"  … waiting for tool servers: {', '.join(servers)}")

    def show(self, found: wire.Round) -> None:
        """Print what a stored round has beyond what was printed."""
        for turn in found.response.turns:
            for part in turn.parts:
                if part.kind == "text" and part.text:
                    self._print((turn.id, part.index), part.text)
                elif part.kind == "tool_call" and part.tool_call_id:
                    data = {
                        "tool_call_id": part.tool_call_id,
                        "server": part.server,
                        "tool": part.tool,
                        "arguments": part.arguments,
                    }
                    self._requested(data)

    def skip(self, found: wire.Round) -> None:
        """Take what a stored round has as printed: it was seen before."""
        for turn in found.response.turns:
            for part in turn.parts:
                if part.tool_call_id:
                    self._calls[part.tool_call_id] = f"{part.server}.{part.tool}"
                self._printed[turn.id, part.index] = part.text or ""

    def note(self, text: str) -> None:
        """A line beside the answer."""
        if self._one_screen:
            self.end_line()
        print(styled(self._notes, harmless(text), _DIM), file=self._notes, flush=True)

    def end_line(self) -> None:
        """Finish a line of the answer that is open."""
        if not self._at_line_start and self._answer is not None:
            self._answer.write("\n")
            self._answer.flush()
            self._at_line_start = True

    def _text_event(self, event: wire.Event) -> None:
        if event.data.get("kind") != "text":
            return
        key = _part_key(event)
        text = str(event.data.get("text", ""))
        if event.type == "part.snapshot":
            self._print(key, text)
            return
        offset = event.data.get("offset")
        have = _utf16_length(self._printed.get(key, ""))
        if not isinstance(offset, int) or offset > have:
            return  # A piece is missing; `part.completed` brings the whole text.
        self._print(key, self._printed.get(key, "") + _utf16_skip(text, have - offset))

    def _whole(self, event: wire.Event, text: str) -> None:
        if event.data.get("kind") == "text":
            self._print(_part_key(event), text)

    def _print(self, key: tuple[str, int], text: str) -> None:
        """Print what `text` has beyond what was printed of this part."""
        before = self._printed.get(key)
        if before is None:
            if not text:
                return
            self.end_line()
            if self._anything:
                self._write("\n")
        piece = text[len(before or "") :]
        self._printed[key] = text if len(text) > len(before or "") else (before or "")
        if piece:
            self._anything = True
            self._write(piece)

    def _write(self, text: str) -> None:
        if self._answer is None:
            return
        self._answer.write(shown_to(self._answer, text))
        self._answer.flush()
        self._at_line_start = text.endswith("\n")

    def _requested(self, data: wire.JsonObject) -> None:
        call_id = str(data.get("tool_call_id"))
        if call_id in self._calls:
            return
        name = f"{data.get('server')}.{data.get('tool')}"
        self._calls[call_id] = name
        self.note(f"● {name} {compact_json(data.get('arguments') or {})}")

    def _completed(self, data: wire.JsonObject) -> None:
        name = self._calls.get(str(data.get("tool_call_id")), "tool")
        status = str(data.get("status", "done"))
        word = "failed" if status == "done" and data.get("is_error") else status
        took = data.get("duration_ms")
        duration = f" in {took:.0f} ms" if isinstance(took, int | float) else ""
        self.note(f"  {name}: {word}{duration}")
        if word == "failed":
            for line in result_text(data.get("result")).strip().splitlines()[:_RESULT_LINES]:
                self.note(f"    {line[:_RESULT_CHARACTERS]}")


def result_text(result: object) -> str:
    """The text of a tool's result, in full or as a preview."""
    if not isinstance(result, dict):
        return ""
    fields: wire.JsonObject = result  # pyright: ignore[reportUnknownVariableType] - decoded JSON
    if isinstance(fields.get("preview"), str):
        return str(fields["preview"])
    items = fields.get("content")
    if not isinstance(items, list):
        return ""
    content: list[wire.JsonObject] = items  # pyright: ignore[reportUnknownVariableType] - same
    return "\n".join(str(item["text"]) for item in content if item.get("type") == "text")


def _part_key(event: wire.Event) -> tuple[str, int]:
    turn_id = event.turn_id or str(event.data.get("turn_id"))
    return turn_id, int(event.data.get("index", 0))


def _utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _utf16_skip(text: str, units: int) -> str:
    """`text` without its first UTF-16 code units, as offsets count."""
    if units <= 0:
        return text
    return text.encode("utf-16-le")[units * 2 :].decode("utf-16-le", "replace")
