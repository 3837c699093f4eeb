"""Wishes, tools on offer and results so far: which calls come next. Pure.

Tools are found by the end of their wire name and called by what their `input_schema` says, so any
server with such tools will do. What can't be filled is said in words, never guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from mandrake.providers.adapters.rehearsal.arguments import (
    JsonObject,
    arguments_for,
    properties_of,
)
from mandrake.providers.adapters.rehearsal.wishes import (
    Count,
    EditFile,
    Git,
    ListFolder,
    ReadFile,
    ReadHit,
    RunTool,
    Search,
    Wish,
    WriteFile,
    own_words,
)
from mandrake.providers.port import (
    AssistantMessage,
    Message,
    TextContent,
    ToolCallContent,
    ToolResultMessage,
    UserMessage,
    WireTool,
)


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call to make."""

    wish: Wish
    wire_name: str
    arguments: JsonObject


@dataclass(frozen=True, slots=True)
class Done:
    """A call that was made, with its result."""

    wish: Wish
    wire_name: str
    text: str
    is_error: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """A wish that can't be turned into a call, and why."""

    wish: Wish
    reason: str


@dataclass(frozen=True, slots=True)
class Situation:
    """The part of a history that matters: the newest user text and the results since, one tuple
    per turn, in the order of the calls.
    """

    user_text: str
    results: tuple[tuple[ToolResultMessage, ...], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What to do now: `calls` if there are any, else the answer about `done` and `problems`."""

    calls: tuple[PlannedCall, ...]
    done: tuple[Done, ...]
    problems: tuple[Problem, ...]


def situation_of(messages: Sequence[Message]) -> Situation:
    """Read the history backwards to the newest user message."""
    newest = max(
        (place for place, message in enumerate(messages) if isinstance(message, UserMessage)),
        default=-1,
    )
    text = ""
    if newest >= 0:
        # The last of several: an earlier one is of a round that was stopped before its answer,
        # and what Mandrake attaches is no request.
        for item in cast("UserMessage", messages[newest]).content:
            if isinstance(item, TextContent) and own_words(item.text).strip():
                text = item.text
    turns: list[tuple[ToolResultMessage, ...]] = []
    results = {
        message.call_id: message
        for message in messages[newest + 1 :]
        if isinstance(message, ToolResultMessage)
    }
    for message in messages[newest + 1 :]:
        if isinstance(message, AssistantMessage):
            calls = [item for item in message.content if isinstance(item, ToolCallContent)]
            if calls:
                turns.append(tuple(results[c.call_id] for c in calls if c.call_id in results))
    return Situation(text, tuple(turns))


def next_step(wishes: Sequence[Wish], tools: Sequence[WireTool], situation: Situation) -> Step:
    """Go through the stages of the plan; the first one without results is next."""
    remaining = list(situation.results)
    done: list[Done] = []
    problems: list[Problem] = []
    for stage in _stages(wishes):
        calls: list[PlannedCall] = []
        for wish in stage:
            outcome = _call_for(wish, tools, done)
            if isinstance(outcome, Problem):
                problems.append(outcome)
            elif outcome is not None:
                calls.append(outcome)
        if not calls:
            continue
        if not remaining:
            return Step(tuple(calls), tuple(done), tuple(problems))
        for call, result in zip(calls, remaining.pop(0), strict=False):
            done.append(Done(call.wish, call.wire_name, result.text, result.is_error))
    return Step((), tuple(done), tuple(problems))


def _stages(wishes: Sequence[Wish]) -> list[list[Wish]]:
    """Wishes that do not touch each other's files go together; the others wait."""
    stages: list[list[Wish]] = [[]]
    for wish in wishes:
        if any(_conflict(wish, other) for other in stages[-1]):
            stages.append([])
        stages[-1].append(wish)
    return [stage for stage in stages if stage]


def _conflict(wish: Wish, earlier: Wish) -> bool:
    if isinstance(wish, ReadHit):
        return isinstance(earlier, (Search, EditFile, WriteFile, RunTool))
    writers = (EditFile, WriteFile, RunTool)
    if not isinstance(wish, writers) and not isinstance(earlier, writers):
        return False
    if isinstance(wish, RunTool) and isinstance(earlier, RunTool):
        # Nobody knows what they do, but the person named them side by side.
        return wish.name == earlier.name and wish.arguments == earlier.arguments
    with_path = (EditFile, WriteFile, ReadFile)
    if isinstance(wish, with_path) and isinstance(earlier, with_path):
        return wish.path == earlier.path
    return True


def _call_for(
    wish: Wish, tools: Sequence[WireTool], done: Sequence[Done]
) -> PlannedCall | Problem | None:
    if isinstance(wish, Count):
        return None
    if isinstance(wish, ReadHit):
        hit = next((first_hit(d.text) for d in reversed(done) if isinstance(d.wish, Search)), None)
        if hit is None:
            return Problem(wish, "there is no search hit to read")
        found = _call_for(ReadFile(hit), tools, done)
        if isinstance(found, PlannedCall):
            return PlannedCall(wish, found.wire_name, found.arguments)
        return Problem(wish, found.reason) if isinstance(found, Problem) else None
    if isinstance(wish, RunTool):
        return _named_tool(wish, tools)
    tool = _find(tools, *_tool_names(wish))
    if tool is None:
        kind = _tool_names(wish)[0]
        return Problem(wish, f"no tool like `{kind}` is on offer: start its server under Tools")
    return _filled(wish, tool, arguments_for(wish, properties_of(tool.input_schema)))


def _tool_names(wish: Wish) -> tuple[str, ...]:
    match wish:
        case ListFolder(deep=True):
            return ("tree", "directory_tree", "list_directory", "list_files")
        case ListFolder():
            return ("list_directory", "list_files", "list_dir", "ls", "tree", "directory_tree")
        case ReadFile():
            return ("read_files", "read_file", "read_text_file", "read_multiple_files", "view_file")
        case Search():
            return ("search_files", "search_content", "grep", "search", "find_in_files")
        case Git():
            return (f"git_{wish.command}",)
        case WriteFile():
            return ("write_file", "create_file")
        case EditFile():
            return ("edit_file", "str_replace", "replace_in_file")
        case _:
            return ("",)


def _find(tools: Sequence[WireTool], *names: str) -> WireTool | None:
    for name in names:
        for tool in tools:
            if tool.name == name or tool.name.endswith(f"__{name}"):
                return tool
    return None


def _named_tool(wish: RunTool, tools: Sequence[WireTool]) -> PlannedCall | Problem:
    wanted = wish.name.replace(".", "__", 1)
    tool = next((tool for tool in tools if tool.name in {wish.name, wanted}), None)
    if tool is None:
        tool = _find(tools, wish.name)
    if tool is None:
        return Problem(wish, f"no tool `{wish.name}` is on offer")
    return _filled(wish, tool, wish.arguments)


def _filled(wish: Wish, tool: WireTool, arguments: JsonObject) -> PlannedCall | Problem:
    """Add defaults for what the schema requires; a gap that is left is a problem."""
    filled = dict(arguments)
    required = tool.input_schema.get("required")
    properties = properties_of(tool.input_schema)
    missing: list[str] = []
    for name in required if isinstance(required, list) else []:
        if not isinstance(name, str) or name in filled:
            continue
        schema = properties.get(name, {})
        options = schema.get("enum")
        if "default" in schema:
            filled[name] = schema["default"]
        elif isinstance(options, list) and len(options) == 1:
            filled[name] = options[0]
        else:
            missing.append(f"`{name}`")
    if missing:
        shown = shown_name(tool.name)
        return Problem(
            wish,
            f"`{shown}` requires {', '.join(missing)}, which I can't fill; "
            f'write it out: run tool {shown} {{"…": "…"}}',
        )
    return PlannedCall(wish, tool.name, filled)


def shown_name(wire_name: str) -> str:
    """A wire name as people write it; only for display."""
    return wire_name.replace("__", ".", 1)


def first_hit(text: str) -> str | None:
    """The path of the first hit in a search result: JSON with a path, `path:line: …`, or a path
    alone on a line.
    """
    try:
        path = _path_in(json.loads(text))
    except ValueError:
        path = None
    if path is not None:
        return path
    for line in text.splitlines():
        match = re.match(r"\s*[-*]?\s*`?(?P<path>[^\s:`][^:`\n]*?)`?:\d+\b", line)
        if match is None:
            match = re.match(r"\s*[-*]?\s*`?(?P<path>[^\s:`]*[./][^\s:`]+)`?:?\s*$", line)
        if match is not None:
            return match["path"]
    return None


def _path_in(value: object) -> str | None:
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        for name in ("path", "file", "file_path", "filename"):
            found = fields.get(name)
            if isinstance(found, str) and found:
                return found
        children: list[object] = list(fields.values())
    elif isinstance(value, list):
        children = cast("list[object]", value)
    else:
        return None
    return next((path for path in map(_path_in, children) if path is not None), None)
