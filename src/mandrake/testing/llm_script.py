"""What a fake model answers: answers, scripts of rules, and what was asked of them.

Knows no wire format: `llm_openai_wire` writes these answers as OpenAI chunks, another module may
write them as another protocol.
"""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import msgspec

JsonObject = dict[str, object]


class WireUsage(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens the fake reports; input includes cached ones."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    reasoning_tokens: int = 0


class ScriptedCall(msgspec.Struct, frozen=True, kw_only=True):
    """A tool call the fake model makes. `raw_arguments` replaces the JSON of `arguments`."""

    name: str
    arguments: dict[str, object] = {}
    id: str | None = None
    raw_arguments: str | None = None


class Quirks(msgspec.Struct, frozen=True, kw_only=True):
    """How a server of the same protocol may differ from the original."""

    thinking_field: Literal["reasoning_content", "reasoning"] = "reasoning_content"
    call_ids: bool = True
    call_indexes: bool = True
    arguments_in_one: bool = False
    interleave_calls: bool = False
    done_marker: bool = True
    finish_reason: bool = True
    newline: str = "\n"
    comments: bool = False
    last_blank_line: bool = True
    """False: the stream ends without the newline of its last event."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of the fake model, or one failure.

    `text` and `thinking` are cut into words, or are pieces already when given as a list. `{tool}`
    in the text stands for the newest tool result, `{user}` for the newest user text.
    """

    text: str | list[str] = ""
    thinking: str | list[str] = ""
    tool_calls: list[ScriptedCall] = []
    usage: WireUsage | Literal["auto"] | None = "auto"
    finish: str | None = None
    """The wire's finish reason; None: `stop`, or `tool_calls` when there are some."""
    first_delay_ms: float = 0
    pace_ms: float = 0
    """Between two pieces. 0: as fast as the socket takes them."""
    hang_after: int | None = None
    """Send this many pieces, then nothing, until the client leaves."""
    cut_after: int | None = None
    """Send this many pieces, then break the connection."""
    chunk_bytes: int | None = None
    """Cut the bytes of the stream at every multiple of this, whatever it splits."""
    status: int = 200
    headers: dict[str, str] = {}
    error: str | None = None
    """Message of the error: the body for a failing status, else inside the stream at its end."""
    error_code: str | None = None
    body: str | None = None
    """The whole body as it is, instead of everything above but status and headers."""
    content_type: str | None = None
    quirks: Quirks = Quirks()


@dataclass(slots=True)
class RecordedRequest:
    """One request as it came in, and what became of its answer."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    json: JsonObject = field(default_factory=dict[str, object])
    refused: str | None = None
    """Why it was refused as malformed, or None."""
    pieces_sent: int = 0
    outcome: Literal["running", "completed", "disconnected", "cut"] = "running"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request in neutral words, for scripts that decide by it."""

    model: str
    instructions: str
    user_text: str
    """Text of the newest user message."""
    tool_turns: int
    """Assistant messages since the newest user message."""
    tool_results: tuple[str, ...]
    """Texts of the tool results since the newest user message."""
    tool_names: tuple[str, ...]
    request: RecordedRequest


class Script(Protocol):
    """Decides the answer to a valid request; None: it has none left, which is an error."""

    def __call__(self, asked: Asked, /) -> Answer | None: ...


class QueueScript:
    """Answers in order, whatever is asked. Safe to fill from another thread."""

    def __init__(self, answers: Sequence[Answer] = (), *, then: Answer | None = None) -> None:
        self._answers = deque(answers)
        self._then = then
        self._lock = threading.Lock()

    def add(self, *answers: Answer) -> None:
        with self._lock:
            self._answers.extend(answers)

    def __call__(self, _asked: Asked, /) -> Answer | None:
        with self._lock:
            return self._answers.popleft() if self._answers else self._then


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """Answers to a user message: the first before any tool result, the second after the first
    turn of calls, and so on; the last one stays.
    """

    answers: list[Answer]
    contains: str = ""
    """Must be in the newest user text, in any case of letters."""
    pattern: str | None = None
    """A regular expression that must be found in it."""
    needs_tool: str | None = None
    """A tool name that must be offered."""

    def matches(self, asked: Asked) -> bool:
        if self.contains.lower() not in asked.user_text.lower():
            return False
        if self.pattern is not None and re.search(self.pattern, asked.user_text) is None:
            return False
        return self.needs_tool is None or self.needs_tool in asked.tool_names


class RuleScript(msgspec.Struct, frozen=True, kw_only=True):
    """The first rule that matches decides; `default` if none does."""

    rules: list[Rule] = []
    default: Answer | None = Answer(text="You said: {user}")

    def __call__(self, asked: Asked) -> Answer | None:
        for rule in self.rules:
            if rule.answers and rule.matches(asked):
                return rule.answers[min(asked.tool_turns, len(rule.answers) - 1)]
        return self.default


class ScriptFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The JSON form of a whole fake server, for `--script`."""

    models: tuple[str, ...] = ("fake-model",)
    api_key: str | None = None
    rules: list[Rule] = []
    default: Answer | None = Answer(text="You said: {user}")
    queue: list[Answer] = []
    """When given, these answers in order come before rules and default."""

    def script(self) -> Script:
        rules = RuleScript(rules=self.rules, default=self.default)
        queue = QueueScript(self.queue)

        def decide(asked: Asked) -> Answer | None:
            return queue(asked) or rules(asked)

        return decide


def load_script(path: Path) -> ScriptFile:
    """Read a script file.

    Raises:
        msgspec.ValidationError: It is not one; the message names the place.
    """
    return msgspec.json.decode(path.read_bytes(), type=ScriptFile)


def pieces_of(text: str | list[str], asked: Asked) -> list[str]:
    """The pieces a text is streamed in, with its placeholders filled."""
    if isinstance(text, list):
        return text
    newest = asked.tool_results[-1] if asked.tool_results else ""
    filled = text.replace("{tool}", newest).replace("{user}", asked.user_text)
    return re.findall(r"\s*\S+|\s+$", filled)


def argument_pieces(call: ScriptedCall, *, in_one: bool) -> list[str]:
    """The JSON text of a call's arguments, in pieces of 7 characters or in one."""
    text = call.raw_arguments
    if text is None:
        text = json.dumps(call.arguments, ensure_ascii=False)
    if in_one:
        return [text] if text else []
    return [text[start : start + 7] for start in range(0, len(text), 7)]


ScriptLike = Script | Callable[[Asked], Answer | None]
