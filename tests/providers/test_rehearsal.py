"""The rehearsal drives real tools by fixed phrases, and says in every answer that it is no AI."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mandrake.domain.usage import Usage
from mandrake.providers.adapters.rehearsal import RehearsalProvider
from mandrake.providers.adapters.rehearsal.plan import first_hit
from mandrake.providers.adapters.rehearsal.wishes import (
    EXAMPLES,
    EditFile,
    ListFolder,
    ReadFile,
    ReadHit,
    RunTool,
    Search,
    WriteFile,
    parse_wishes,
)
from mandrake.providers.port import (
    AssistantMessage,
    Finished,
    Message,
    ModelEvent,
    ModelRequest,
    ModelSettings,
    PartDelta,
    PartStarted,
    Provider,
    ProviderConfig,
    ProviderError,
    TextContent,
    ToolCallContent,
    ToolResultMessage,
    UsageReported,
    UserMessage,
    WireTool,
)
from mandrake.testing.provider_contract import (
    WITHOUT_NETWORK,
    Check,
    Prepared,
    Scenario,
    check_lifecycle,
    collect,
    part_texts,
)

pytestmark = pytest.mark.anyio

CONFIG = ProviderConfig("rehearsal", "rehearsal")


def schema(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


STRING = {"type": "string"}
GIT = (
    WireTool("git__git_status", "", schema("repo_path", repo_path=STRING)),
    WireTool("git__git_log", "", schema(max_count={"type": "integer"})),
    WireTool("git__git_diff", "", schema("target", target=STRING)),
)
OTHER = (
    WireTool("disk__read_file", "", schema("path", path=STRING, offset=STRING, limit=STRING)),
    WireTool("srv__echo", "", schema("text", text=STRING)),
)


def asked(text: str, *tools: WireTool, then: Sequence[Message] = ()) -> ModelRequest:
    messages = (
        UserMessage((TextContent("git status"),)),
        AssistantMessage((TextContent("earlier"),)),
        UserMessage(
            (
                TextContent("count to 9"),  # of a round that was stopped before its answer
                TextContent(text),
                TextContent("<context>\nlist files\n</context>"),
            )
        ),
        *then,
    )
    return ModelRequest(
        "rehearsal", "You are helpful.", messages, tools, ModelSettings(extra={"pace_ms": 0})
    )


def calls_in(events: Sequence[ModelEvent]) -> list[ToolCallContent]:
    started = [e for e in events if isinstance(e, PartStarted) and e.kind == "tool_call"]
    texts = part_texts(events, "tool_call")
    return [
        ToolCallContent(str(start.call_id), str(start.wire_name), json.loads(text))
        for start, text in zip(started, texts, strict=True)
    ]


class RehearsalHarness:
    def __init__(self) -> None:
        self.provider: Provider = RehearsalProvider(CONFIG)

    def prepare(self, scenario: Scenario) -> Prepared | None:
        words: dict[Scenario, str] = {
            "text": "hello",
            "thinking": "hello",
            "parallel_calls": "git status and git log",
            "endless": "count to 100000",
        }
        request = asked(words[scenario], *GIT)
        if scenario == "endless":
            request = replace(request, settings=ModelSettings(extra={"pace_ms": 5}))
        calls: tuple[tuple[str, dict[str, object]], ...] = (
            ("git__git_status", {"repo_path": "."}),
            ("git__git_log", {}),
        )
        return Prepared(
            request, calls=calls if scenario == "parallel_calls" else None, usage_known=False
        )

    async def upstream_left(self) -> None:
        """There is no upstream."""


@pytest.mark.parametrize("check", WITHOUT_NETWORK, ids=lambda check: check.__name__)
async def test_the_rehearsal_keeps_the_contract(check: Check):
    await check(RehearsalHarness())


@pytest.mark.parametrize("text", ["hello", "git status", "count to 3", "read x.txt", ""])
async def test_every_answer_says_that_it_is_no_ai_and_how_to_add_a_provider(text: str):
    events = await collect(RehearsalProvider(CONFIG), asked(text, *GIT))
    check_lifecycle(events)
    said = "".join(part_texts(events, "text"))
    assert "Rehearsal, not an AI" in said
    assert "add a provider" in said
    assert "mandrake provider" in said


async def test_conversation_gets_examples_and_no_calls():
    events = await collect(RehearsalProvider(CONFIG), asked("How are you?", *GIT))
    said = "".join(part_texts(events, "text"))
    assert calls_in(events) == []
    assert all(example in said for _, example in EXAMPLES)


def test_every_example_is_understood():
    for kind, example in EXAMPLES:
        assert isinstance(parse_wishes(example)[0], kind), example


async def test_usage_is_unknown_as_no_model_worked():
    events = await collect(RehearsalProvider(CONFIG), asked("hello"))
    assert [e.usage for e in events if isinstance(e, UsageReported)] == [Usage()]


async def test_counting_is_the_same_every_time_and_can_be_left():
    provider = RehearsalProvider(CONFIG)
    first = await collect(provider, asked("count to 250"))
    second = await collect(provider, asked("count to 250"))
    said = "".join(part_texts(first, "text"))
    assert said.split()[-250:] == [str(n) for n in range(1, 251)]
    assert "".join(part_texts(second, "text")) == said
    seen = 0
    async with aclosing(provider.stream(asked("count to 100000"))) as events:
        async for event in events:
            seen += isinstance(event, PartDelta)
            if seen == 100:
                break
    assert seen == 100


async def test_a_wrong_pace_is_refused():
    request = replace(asked("hello"), settings=ModelSettings(extra={"pace_ms": "slow"}))
    with pytest.raises(ProviderError, match="pace_ms"):
        await collect(RehearsalProvider(CONFIG), request)


async def test_what_the_schema_requires_and_nobody_said_is_named():
    events = await collect(RehearsalProvider(CONFIG), asked("git diff", *GIT))
    said = "".join(part_texts(events, "text"))
    assert calls_in(events) == []
    assert "`git.git_diff` requires `target`" in said
    assert "run tool git.git_diff" in said


async def test_a_missing_tool_is_named():
    events = await collect(RehearsalProvider(CONFIG), asked("read `a.txt`", *GIT))
    assert "no tool like `read_files`" in "".join(part_texts(events, "text"))


@pytest.mark.parametrize("name", ["srv.echo", "srv__echo", "echo"])
async def test_a_tool_can_be_run_by_its_name(name: str):
    request = asked(f'run tool {name} {{"text": "a and b"}}', *OTHER)
    calls = calls_in(await collect(RehearsalProvider(CONFIG), request))
    assert [(c.wire_name, c.arguments) for c in calls] == [("srv__echo", {"text": "a and b"})]


async def test_other_servers_are_called_by_their_own_schema():
    request = asked("read a.txt lines 5-9", *OTHER)
    calls = calls_in(await collect(RehearsalProvider(CONFIG), request))
    assert calls[0].arguments == {"path": "a.txt", "offset": 5, "limit": 5}


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("List the files in `src` and read `a b.md`", (ListFolder("src"), ReadFile("a b.md"))),
        ("read a.py lines 3 to 9, then b.py", (ReadFile("a.py", 3, 9), ReadFile("b.py"))),
        ("Please search for `x and y` and read that file.", (Search("x and y"), ReadHit())),
        ("edit n.md: replace `a then b` with `c`", (EditFile("n.md", "a then b", "c"),)),
        ("replace old with new in a/b.txt", (EditFile("a/b.txt", "old", "new"),)),
        (
            "write x.py with\n```python\nprint(1)\n```\nand then read x.py",
            (WriteFile("x.py", "print(1)\n"), ReadFile("x.py")),
        ),
        ('use srv.echo with {"a": {"b": [1]}}', (RunTool("srv.echo", {"a": {"b": [1]}}),)),
        ("Tell me a story and read the news", ()),
        ("<dynamic name='log'>\ngit status\n</dynamic>\nhello", ()),
    ],
)
def test_sentences_are_read_as_meant(text: str, wishes: tuple[object, ...]):
    assert parse_wishes(text) == wishes


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("src/a b.py:12:  needle", "src/a b.py"),
        ('{"matches": [{"path": "x.md", "line": 3}]}', "x.md"),
        ("found 1 file\nsrc/app.py\n", "src/app.py"),
        ("nothing found in 12 files", None),
    ],
)
def test_the_first_hit_is_found_in_results_of_several_shapes(text: str, path: str | None):
    assert first_hit(text) == path


class FilesystemServer:
    """The shipped filesystem server as a process, spoken to in plain JSON-RPC."""

    def __init__(self, root: Path) -> None:
        module = "mandrake.tool_servers.filesystem"
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, "--root", str(root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        )
        self._number = 0
        client = {"name": "test", "version": "1"}
        version = "2025-11-25"
        self._ask("initialize", protocolVersion=version, capabilities={}, clientInfo=client)
        self._send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def tools(self) -> tuple[WireTool, ...]:
        return tuple(
            WireTool(f"files__{tool['name']}", tool["description"], tool["inputSchema"])
            for tool in self._ask("tools/list")["tools"]
        )

    def call(self, call: ToolCallContent) -> ToolResultMessage:
        name = call.wire_name.removeprefix("files__")
        result = self._ask("tools/call", name=name, arguments=call.arguments)
        text = "\n".join(item["text"] for item in result["content"])
        return ToolResultMessage(call.call_id, call.wire_name, text, bool(result.get("isError")))

    def close(self) -> None:
        self._process.communicate(timeout=5)

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        self._send({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        assert self._process.stdout is not None
        while True:
            message = json.loads(self._process.stdout.readline())
            if message.get("id") == self._number:
                return message["result"]

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()


@pytest.fixture
def files(tmp_path: Path) -> Iterator[FilesystemServer]:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text("one\nneedle here\nthree\n", encoding="utf-8")
    (tmp_path / "notes.md").write_text("old words\n", encoding="utf-8")
    server = FilesystemServer(tmp_path)
    yield server
    server.close()


async def play(text: str, server: FilesystemServer) -> tuple[list[list[ToolCallContent]], str]:
    """A whole round: the calls of each turn, and the last turn's text."""
    provider = RehearsalProvider(CONFIG)
    turns: list[list[ToolCallContent]] = []
    then: list[Message] = []
    for _ in range(10):
        events = await collect(provider, asked(text, *server.tools(), *GIT, then=then))
        check_lifecycle(events)
        calls = calls_in(events)
        if not calls:
            assert isinstance(events[-1], Finished)
            return turns, "".join(part_texts(events, "text"))
        turns.append(calls)
        then.append(AssistantMessage((TextContent("calling"), *calls)))
        then += [server.call(call) for call in calls]
    raise AssertionError("the round does not end")


async def test_independent_wishes_are_called_side_by_side(files: FilesystemServer):
    turns, said = await play("list files in src and read notes.md", files)
    assert [[c.wire_name for c in calls] for calls in turns] == [
        ["files__list_directory", "files__read_files"]
    ]
    assert "app.py" in said
    assert "old words" in said


async def test_searching_and_reading_the_hit_takes_two_steps(files: FilesystemServer):
    turns, said = await play("search for `needle` and read that file", files)
    assert [calls[0].wire_name for calls in turns] == ["files__search_files", "files__read_files"]
    assert turns[1][0].arguments == {"files": [{"path": "src/app.py"}]}
    assert "three" in said


async def test_a_search_without_a_hit_has_nothing_to_read(files: FilesystemServer):
    turns, said = await play("search for `absent` and read that file", files)
    assert len(turns) == 1
    assert "no search hit" in said


async def test_lines_of_a_file_are_read(files: FilesystemServer):
    _, said = await play("read src/app.py lines 2-2", files)
    assert "needle here" in said
    assert "three" not in said


async def test_a_file_is_edited_before_it_is_read(files: FilesystemServer, tmp_path: Path):
    turns, said = await play("edit notes.md: replace `old` with `new` and read notes.md", files)
    assert [len(calls) for calls in turns] == [1, 1]
    assert (tmp_path / "notes.md").read_text(encoding="utf-8") == "new words\n"
    assert "new words" in said


async def test_a_file_is_written_from_a_fence(files: FilesystemServer, tmp_path: Path):
    await play("write hello.txt with\n```\nHello and goodbye\n```", files)
    assert (tmp_path / "hello.txt").read_text(encoding="utf-8") == "Hello and goodbye\n"


async def test_a_failed_call_is_reported_as_failed(files: FilesystemServer):
    _, said = await play("read absent.txt", files)
    assert "`files.read_files` failed" in said
