"""The filesystem tools: what they do (T1) and what they keep away from (T4)."""

from __future__ import annotations

import os
import time

import pytest

from tests.tool_servers.conftest import connected

ESCAPES = [
    "../secret",
    "a/../../secret",
    "/etc/passwd",
    "link-to-file",
    "link-to-folder/secret",
    "link-to-link/secret",
    "a/up/secret",
    "dangling",
    "link-to-folder/new",
]


@pytest.fixture
def traps(root):
    """Links of every kind that lead out of the root."""
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret", encoding="utf-8")
    (root.parent / "secret").write_text("secret", encoding="utf-8")
    (root / "a").mkdir()
    (root / "link-to-file").symlink_to(outside / "secret")
    (root / "link-to-folder").symlink_to(outside)
    (root / "link-to-link").symlink_to("link-to-folder")
    (root / "a" / "up").symlink_to("../../outside")
    (root / "dangling").symlink_to(outside / "not-there-yet")
    return outside


@pytest.mark.requirement("T4")
@pytest.mark.parametrize("path", ESCAPES)
async def test_nothing_outside_the_allowed_folders_is_read_or_written(use, root, traps, path):
    before = {entry: entry.read_bytes() for entry in traps.iterdir()}
    for outcome in (
        await use("read_files", files=[{"path": path}]),
        await use("write_file", path=path, content="changed"),
        await use("edit_file", path=path, edits=[{"old_text": "secret", "new_text": "x"}]),
        await use("create_directory", path=f"{path}/new"),
        await use("search_files", path=path, query="secret"),
        await use("list_directory", path=path),
        await use("tree", path=path),
    ):
        assert outcome.is_error
        assert f"`{path}" in outcome.text
        assert "leads outside" in outcome.text
        assert str(root) in outcome.text
    assert {entry: entry.read_bytes() for entry in traps.iterdir()} == before
    assert (root.parent / "secret").read_text(encoding="utf-8") == "secret"


@pytest.mark.requirement("T4")
async def test_a_move_stays_inside_on_both_ends_and_moves_the_link_itself(use, root, traps):
    (root / "mine").write_text("mine", encoding="utf-8")
    for source, destination in (
        ("mine", "../out"),
        ("mine", "link-to-folder/out"),
        ("link-to-folder/secret", "in"),
        ("../secret", "in"),
        ("mine", "/tmp/out-of-root"),
    ):
        outcome = await use("move_file", source=source, destination=destination)
        assert outcome.is_error
        assert "leads outside" in outcome.text
    moved = await use("move_file", source="link-to-file", destination="renamed")
    assert not moved.is_error
    assert (root / "renamed").is_symlink()
    assert (traps / "secret").exists()
    assert (await use("read_files", files=[{"path": "renamed"}])).is_error


@pytest.mark.requirement("T4")
async def test_walks_do_not_follow_links_and_lists_only_show_them(use, root, traps):
    (root / "a" / "own").write_text("secret here", encoding="utf-8")
    found = await use("search_files", query="secret")
    assert found.text == "a/own:1:secret here"
    assert "link   " in (await use("list_directory")).text
    assert "secret" not in (await use("tree", depth=9)).text


@pytest.mark.requirement("T4")
@pytest.mark.parametrize("path", ["a\0b", "", "x" * 5000, "loop", "a" * 300])
async def test_odd_paths_are_errors_that_name_the_path(use, root, path):
    (root / "loop").symlink_to("loop")
    outcome = await use("read_files", files=[{"path": path}])
    assert outcome.is_error
    assert not (await use("list_directory")).is_error, "the server goes on"


@pytest.mark.requirement("T4")
async def test_the_read_only_folder_is_read_and_never_changed(use, root):
    other = root.parent / "readable"
    (other / "f").write_text("text", encoding="utf-8")
    assert "text" in (await use("read_files", files=[{"path": str(other / "f")}])).text
    (root / "mine").write_text("x", encoding="utf-8")
    for outcome in (
        await use("write_file", path=str(other / "f"), content="x"),
        await use("edit_file", path=str(other / "f"), edits=[{"old_text": "t", "new_text": "x"}]),
        await use("move_file", source=str(other / "f"), destination="f"),
        await use("move_file", source="mine", destination=str(other / "g")),
        await use("create_directory", path=str(other / "d")),
    ):
        assert outcome.is_error
        assert "read-only" in outcome.text
    assert [entry.name for entry in other.iterdir()] == ["f"]
    found = await use("search_files", path=str(other), query="text")
    assert found.text == f"{other / 'f'}:1:text"
    allowed = await use("list_allowed_directories")
    assert allowed.text.splitlines() == [str(root), f"{other} (read-only)"]


@pytest.mark.requirement("T4")
@pytest.mark.parametrize("name", [".ws", ".WS", ".Ws"])
async def test_mandrakes_own_folder_is_invisible(use, root, name):
    hidden = root / name
    hidden.mkdir()
    (hidden / "session.db").write_text("secret history", encoding="utf-8")
    (root / "way-in").symlink_to(name)
    for path in (f"{name}/session.db", "way-in/session.db", name):
        outcome = await use("read_files", files=[{"path": path}])
        assert outcome.is_error
        assert "does not exist" in outcome.text
    assert (await use("write_file", path=f"{name}/x", content="x")).is_error
    assert (await use("move_file", source=name, destination="shown")).is_error
    assert name not in (await use("list_directory")).text.replace(f"-> {name}", "")
    for tool in ("tree", "search_files"):
        arguments = {"query": "history"} if tool == "search_files" else {}
        outcome = await use(tool, include_ignored=True, **arguments)
        assert "session.db" not in outcome.text


@pytest.mark.requirement("T4")
@pytest.mark.parametrize("name", [".git", ".GIT", ".Git"])
async def test_what_belongs_to_git_is_readable_and_never_written(use, root, name):
    (root / name / "hooks").mkdir(parents=True)
    (root / name / "config").write_text("[core]\n", encoding="utf-8")
    (root / "evil").write_text("x", encoding="utf-8")
    (root / "alias").symlink_to(name)
    assert "[core]" in (await use("read_files", files=[{"path": f"{name}/config"}])).text
    edits = [{"old_text": "[core]", "new_text": "x"}]
    for outcome in (
        await use("write_file", path=f"{name}/hooks/pre-commit", content="x"),
        await use("write_file", path="alias/hooks/pre-commit", content="x"),
        await use("edit_file", path=f"{name}/config", edits=edits),
        await use("move_file", source="evil", destination=f"{name}/hooks/pre-commit"),
        await use("move_file", source="evil", destination="alias/hooks/pre-commit"),
        await use("move_file", source=name, destination="other"),
        await use("create_directory", path=f"{name}/new"),
        await use("create_directory", path=f"sub/{name}"),
    ):
        assert outcome.is_error
        assert "belongs to git" in outcome.text
    assert sorted(path.name for path in (root / name).iterdir()) == ["config", "hooks"]


@pytest.mark.requirement("T4")
async def test_a_write_does_not_reach_another_name_of_the_same_file(use, root, traps):
    os.link(traps / "secret", root / "hard")
    assert not (await use("write_file", path="hard", content="changed")).is_error
    assert (traps / "secret").read_text(encoding="utf-8") == "secret"


@pytest.mark.requirement("T4")
async def test_a_pipe_or_folder_is_refused_and_does_not_hang(use, root):
    os.mkfifo(root / "pipe")
    assert "not a regular file" in (await use("read_files", files=[{"path": "pipe"}])).text
    assert (await use("write_file", path="pipe", content="x")).is_error
    assert (await use("write_file", path=".", content="x")).is_error
    assert "list_directory" in (await use("read_files", files=[{"path": "."}])).text


@pytest.mark.requirement("T1")
async def test_files_are_written_read_moved_listed_and_found(use, root):
    assert "made docs/de" in (await use("create_directory", path="docs/de")).text
    made = await use("write_file", path="docs/de/a.txt", content="één\ntwee\ndrie\n")
    assert made.structured == {"created": True}
    assert (root / "docs/de/a.txt").read_text(encoding="utf-8") == "één\ntwee\ndrie\n"
    replaced = await use("write_file", path="docs/de/a.txt", content="één\ntwee\ndrie\n")
    assert replaced.structured == {"created": False}
    read = await use(
        "read_files",
        files=[{"path": "docs/de/a.txt", "start_line": 2, "end_line": 2}, {"path": "missing"}],
    )
    assert not read.is_error
    assert "==> docs/de/a.txt (lines 2-2 of 3) <==\ntwee\n" in read.text
    assert "`missing` does not exist" in read.text
    assert "moved" in (await use("move_file", source="docs/de", destination="docs/nl")).text
    assert (await use("list_directory", path="docs")).text.split() == ["folder", "-", "nl/"]
    listed = await use("list_directory", path="docs/nl")
    size = (root / "docs/nl/a.txt").stat().st_size
    assert listed.structured["entries"] == [{"name": "a.txt", "kind": "file", "bytes": size}]
    assert (await use("tree")).text == "docs/\n  nl/\n    a.txt"
    assert (await use("search_files", pattern="*.txt")).text == "docs/nl/a.txt"
    assert (await use("search_files", query="TWEE")).text == "docs/nl/a.txt:2:twee"
    assert "nothing found" in (await use("search_files", query="TWEE", case_sensitive=True)).text


@pytest.mark.requirement("T1")
async def test_an_edit_must_match_once_and_answers_with_a_diff(use, root):
    path = root / "f.py"
    path.write_text("def one():\n    pass\n\ndef two():\n    pass\n", encoding="utf-8")
    path.chmod(0o755)
    twice = await use("edit_file", path="f.py", edits=[{"old_text": "pass", "new_text": "x"}])
    assert "occurs 2 times" in twice.text
    assert "lines 2, 5" in twice.text
    edits = [
        {"old_text": "def two", "new_text": "def three"},
        {"old_text": "def tree():", "new_text": ""},
    ]
    missing = await use("edit_file", path="f.py", edits=edits)
    assert missing.is_error
    assert "`edits[1].old_text` is not in" in missing.text
    assert "the nearest line is 4: `def three():`" in missing.text
    assert "def two" in path.read_text(encoding="utf-8"), "all or none"
    done = await use(
        "edit_file",
        path="f.py",
        edits=[
            {"old_text": "two", "new_text": "three"},
            {"old_text": "pass", "new_text": "...", "replace_all": True},
        ],
    )
    assert not done.is_error
    assert {"-def two():", "+def three():"} <= set(done.text.splitlines())
    assert path.read_text(encoding="utf-8").count("...") == 2
    assert path.stat().st_mode & 0o777 == 0o755


@pytest.mark.requirement("T1")
async def test_an_edit_keeps_windows_line_ends_and_refuses_other_encodings(use, root):
    (root / "w.txt").write_bytes(b"one\r\ntwo\r\nthree\r\n")
    edits = [{"old_text": "one\ntwo\n", "new_text": "1\n2\n"}]
    assert not (await use("edit_file", path="w.txt", edits=edits)).is_error
    assert (root / "w.txt").read_bytes() == b"1\r\n2\r\nthree\r\n"
    (root / "latin").write_bytes(b"caf\xe9 one\n")
    outcome = await use("edit_file", path="latin", edits=[{"old_text": "one", "new_text": "1"}])
    assert "not UTF-8" in outcome.text


@pytest.mark.requirement("T1")
async def test_binary_and_huge_files_are_refused_or_cut_with_a_note(use, root):
    (root / "image").write_bytes(b"\x89PNG\0" * 100)
    refused = await use("read_files", files=[{"path": "image"}])
    assert "binary file of 500 bytes" in refused.text
    (root / "long").write_text("0123456789\n" * 50_000, encoding="utf-8")
    cut = await use("read_files", files=[{"path": "long"}, {"path": "image"}])
    assert len(cut.text) < 270_000
    last = cut.structured["files"][0]["end_line"]
    assert f"go on with start_line={last + 1}" in cut.text
    rest = await use("read_files", files=[{"path": "long", "start_line": 49_999}])
    assert "(lines 49999-50000 of 50000)" in rest.text
    (root / "one-line").write_text("x" * 1_000_000, encoding="utf-8")
    assert len((await use("read_files", files=[{"path": "one-line"}])).text) < 270_000


@pytest.mark.requirement("T1")
async def test_gitignore_is_honoured_unless_told(use, root):
    for name in ("keep.log", "drop.log", "src/build/x.log", "src/a.log", "src/sub/b.txt"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("needle\n", encoding="utf-8")
    (root / ".gitignore").write_text("*.log\n!keep.log\nbuild/\n", encoding="utf-8")
    (root / "src" / ".gitignore").write_text("!a.log\n/sub/\n", encoding="utf-8")
    found = await use("search_files", query="needle")
    assert sorted(line.split(":")[0] for line in found.text.splitlines()) == [
        "keep.log",
        "src/a.log",
    ]
    below = await use("search_files", path="src", query="needle")
    assert below.text.startswith("src/a.log:1")
    everything = await use("search_files", query="needle", include_ignored=True)
    assert len(everything.text.splitlines()) == 5
    assert "drop.log" not in (await use("tree", depth=5)).text
    assert (await use("search_files", pattern="src/**/*.txt", include_ignored=True)).text == (
        "src/sub/b.txt"
    )


@pytest.mark.requirement("T1")
async def test_a_search_over_ten_thousand_files_is_quick_and_bounded(use, root):
    for folder in range(100):
        path = root / f"d{folder:02}"
        path.mkdir()
        for number in range(100):
            text = f"line one\nvalue {number}\n"
            (path / f"f{number}.txt").write_text(text, encoding="utf-8")
    began = time.monotonic()
    found = await use("search_files", query="value 77")
    assert len(found.text.splitlines()) == 100
    assert time.monotonic() - began < 4.0
    cut = await use("search_files", query="value", max_results=10)
    assert len(cut.text.splitlines()) == 11
    assert "cut at 10 results" in cut.text
    assert "cut: more than" in (await use("tree")).text


@pytest.mark.requirement("T1")
async def test_regular_expressions_work_and_bad_ones_are_explained(use, root):
    (root / "f").write_text("alpha 1\nbeta 22\ngröße 333\n", encoding="utf-8")
    assert (await use("search_files", query=r"\b\d{2}$", regex=True)).text == "f:2:beta 22"
    assert (await use("search_files", query="GRÖSSE|GRÖßE", regex=True)).text == "f:3:größe 333"
    assert "not a regular expression" in (await use("search_files", query="(", regex=True)).text
    assert "give `pattern`" in (await use("search_files")).text


async def test_wrong_arguments_are_errors_that_name_the_argument(use):
    assert "unknown argument `paht`" in (await use("list_directory", paht=".")).text
    assert "`files`" in (await use("read_files")).text
    assert "`files[0].path`" in (await use("read_files", files=[{"start_line": 1}])).text
    assert "`path` must be text" in (await use("list_directory", path=7)).text


@pytest.mark.parametrize("modern", [False, True])
async def test_the_server_speaks_both_revisions_and_marks_its_tools_truthfully(root, modern):
    async with connected("--root", str(root), modern=modern) as session:
        assert session.protocol_version == ("2026-07-28" if modern else "2025-11-25")
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        assert set(tools) == {
            "read_files", "write_file", "edit_file", "move_file", "create_directory",
            "list_directory", "tree", "search_files", "list_allowed_directories",
        }  # fmt: skip
        hints = {name: tool.annotations for name, tool in tools.items() if tool.annotations}
        assert set(hints) == set(tools)
        reading = {name for name, one in hints.items() if one.read_only_hint}
        assert reading == {
            "read_files", "list_directory", "tree", "search_files", "list_allowed_directories",
        }  # fmt: skip
        assert all(one.open_world_hint is False for one in hints.values())
        result = await session.call_tool("write_file", {"path": "x", "content": "y"})
        assert not result.is_error
        assert (root / "x").read_text(encoding="utf-8") == "y"


async def test_a_catastrophic_regular_expression_is_ended(root, monkeypatch):
    from mandrake.tool_servers.arguments import Arguments
    from mandrake.tool_servers.filesystem import searching, tools
    from mandrake.tool_servers.filesystem.paths import Root, Roots
    from mandrake.tool_servers.stdio import Call

    monkeypatch.setattr(searching, "SEARCH_SECONDS", 0.3)
    (root / "f").write_text("a" * 40 + "b\n", encoding="utf-8")
    search = next(
        tool
        for tool in tools.filesystem_tools(Roots((Root(root.resolve(), writable=True),)))
        if tool.name == "search_files"
    )
    began = time.monotonic()
    answer = search.handle(Call(Arguments({"query": "(a+)+$", "regex": True})))
    assert "stopped after" in answer.text
    assert time.monotonic() - began < 3.0


async def test_a_named_folder_is_reached_by_its_name_unless_it_has_such_an_entry(root):
    (root / "a.txt").write_text("outer", encoding="utf-8")

    async def read(path: str) -> str:
        async with connected("--root", f"src={root}") as session:
            result = await session.call_tool("read_files", {"files": [{"path": path}]})
            return "".join(item.text for item in result.content if item.type == "text")

    assert "outer" in await read("src/a.txt")
    assert "leads outside" in await read("src/../../secret")
    (root / "src").mkdir()
    (root / "src" / "a.txt").write_text("inner", encoding="utf-8")
    assert "inner" in await read("src/a.txt")
