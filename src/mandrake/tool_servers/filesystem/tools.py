"""The tools of the filesystem server: their schemas, and what each does with its arguments."""

from __future__ import annotations

from mandrake.tool_servers.arguments import Arguments, Json, ToolFailure
from mandrake.tool_servers.filesystem import searching, walking, writing
from mandrake.tool_servers.filesystem.paths import Place, Roots, explained
from mandrake.tool_servers.filesystem.reading import TOTAL_BYTES, read_excerpt, read_whole
from mandrake.tool_servers.stdio import Answer, Call, Hints, Tool

RESULTS = 200
RESULTS_CAP = 2_000

_READ = Hints(read_only=True)
_MAKES = Hints(read_only=False, idempotent=True, destructive=True)
_CHANGES = Hints(read_only=False, destructive=True)
_ADDS = Hints(read_only=False, idempotent=True)
_MOVES = Hints(read_only=False)


def _schema(required: tuple[str, ...] = (), **properties: dict[str, Json]) -> dict[str, Json]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def _text(description: str) -> dict[str, Json]:
    return {"type": "string", "description": description}


def _flag(description: str) -> dict[str, Json]:
    return {"type": "boolean", "description": description, "default": False}


def _number(description: str) -> dict[str, Json]:
    return {"type": "integer", "minimum": 1, "description": description}


def _objects(item: dict[str, Json], description: str) -> dict[str, Json]:
    return {"type": "array", "items": item, "minItems": 1, "description": description}


_PATH = _text("Relative to the first allowed folder, or absolute")
_FOLDER = _text("A folder; the first allowed one when left out")
_FILE_SCHEMA = _schema(
    ("path",),
    path=_PATH,
    start_line=_number("First line, from 1"),
    end_line=_number("Last line, included"),
)
_EDIT_SCHEMA = _schema(
    ("old_text", "new_text"),
    old_text=_text("Must be in the file exactly once, blanks and line ends included"),
    new_text=_text("What stands there afterwards"),
    replace_all=_flag("Replace every occurrence"),
)


def filesystem_tools(roots: Roots) -> tuple[Tool, ...]:
    """The tools, bound to the allowed folders."""
    return (*_reading_tools(roots), *_changing_tools(roots), *_finding_tools(roots))


def _reading_tools(roots: Roots) -> tuple[Tool, ...]:
    return (
        Tool(
            "read_files",
            "Read files",
            "Read one or more text files, whole or a range of lines. 256 KB in total; what was cut"
            " is said, with the line to go on from. Binary files are refused.",
            _schema(("files",), files=_objects(_FILE_SCHEMA, "The files to read")),
            _READ,
            lambda call: _read_files(roots, call),
        ),
        Tool(
            "list_directory",
            "List folder",
            "List one folder: kind, size and name of each entry, sorted by name.",
            _schema(path=_FOLDER),
            _READ,
            lambda call: _list_directory(roots, call),
        ),
        Tool(
            "list_allowed_directories",
            "List allowed folders",
            "The folders that these tools may touch.",
            _schema(),
            _READ,
            lambda _call: _list_allowed(roots),
        ),
    )


def _changing_tools(roots: Roots) -> tuple[Tool, ...]:
    return (
        Tool(
            "write_file",
            "Write file",
            "Make or replace a file with the given text. Its folder must exist.",
            _schema(("path", "content"), path=_PATH, content=_text("The whole new text")),
            _MAKES,
            lambda call: _write_file(roots, call),
        ),
        Tool(
            "edit_file",
            "Edit file",
            "Replace exact pieces of a text file, in the given order, all or none. Answers with a"
            " unified diff.",
            _schema(("path", "edits"), path=_PATH, edits=_objects(_EDIT_SCHEMA, "The edits")),
            _CHANGES,
            lambda call: _edit_file(roots, call),
        ),
        Tool(
            "move_file",
            "Move file",
            "Move or rename a file or folder. The destination must not exist.",
            _schema(("source", "destination"), source=_PATH, destination=_PATH),
            _MOVES,
            lambda call: _move_file(roots, call),
        ),
        Tool(
            "create_directory",
            "Create folder",
            "Make a folder and those above it; nothing happens if it exists.",
            _schema(("path",), path=_PATH),
            _ADDS,
            lambda call: _create_directory(roots, call),
        ),
    )


def _finding_tools(roots: Roots) -> tuple[Tool, ...]:
    return (
        Tool(
            "tree",
            "Show tree",
            "The folders and files below a folder, indented. Leaves out what .gitignore names.",
            _schema(
                path=_FOLDER,
                depth=_number("How many levels (default 3)"),
                include_ignored=_flag("Also what .gitignore names"),
            ),
            _READ,
            lambda call: _tree(roots, call),
        ),
        Tool(
            "search_files",
            "Search files",
            "Find files by name (`pattern`), lines by content (`query`), or both. Content matches"
            " come as path:line:text. Leaves out binary files and what .gitignore names.",
            _schema(
                path=_FOLDER,
                pattern=_text("A glob: `*.py` for names, `src/**/*.py` for paths"),
                query=_text("Text to find inside files"),
                regex=_flag("`query` is a regular expression (Python's)"),
                case_sensitive=_flag("Upper and lower case differ"),
                max_results=_number(f"Default {RESULTS}, at most {RESULTS_CAP}"),
                include_ignored=_flag("Also what .gitignore names"),
            ),
            _READ,
            lambda call: _search_files(roots, call),
        ),
    )


def _read_files(roots: Roots, call: Call) -> Answer:
    wanted = call.arguments.objects("files", _FILE_SCHEMA)
    blocks: list[str] = []
    facts: list[Json] = []
    budget = TOTAL_BYTES
    failures = 0
    for one in wanted:
        given = one.text("path")
        try:
            block, fact, used = _read_one(roots, one, budget)
        except ToolFailure as error:
            failures += 1
            block, fact, used = f"==> {given} <==\n[error: {error}]\n", {"error": str(error)}, 0
        budget -= used
        blocks.append(block)
        facts.append({"path": given, **fact})
    if failures == len(wanted):
        return Answer("\n".join(str(_error_of(fact)) for fact in facts), None, is_error=True)
    return Answer("\n".join(blocks), {"files": facts})


def _error_of(fact: Json) -> Json:
    return fact.get("error") if isinstance(fact, dict) else None


def _read_one(roots: Roots, one: Arguments, budget: int) -> tuple[str, dict[str, Json], int]:
    place = roots.resolve(one.text("path"))
    if budget <= 0:
        raise ToolFailure(f"`{place.given}` was not read: 256 KB were reached; read it alone")
    start = one.optional_number("start_line", low=1)
    end = one.optional_number("end_line", low=1)
    excerpt = read_excerpt(place, start, end, budget)
    text = excerpt.text if not excerpt.text or excerpt.text.endswith("\n") else f"{excerpt.text}\n"
    if excerpt.cut:
        text += f"[cut at 256 KB in total: go on with start_line={excerpt.last + 1}]\n"
    header = f"==> {place.given} ({excerpt.describe()}) <==\n"
    return header + text, excerpt.facts(), len(excerpt.text.encode("utf-8", "replace"))


def _list_directory(roots: Roots, call: Call) -> Answer:
    place = roots.resolve(call.arguments.text("path", "."))
    entries = walking.list_entries(place)
    shown = entries[: walking.LIST_ENTRIES]
    width = max((len(str(entry.bytes)) for entry in shown), default=1)
    lines = [f"{entry.kind:<6} {_size(entry):>{width}} {_named(entry)}" for entry in shown]
    if len(entries) > len(shown):
        lines.append(f"[cut: {len(entries)} entries, {len(shown)} shown; use search_files]")
    facts: list[Json] = [
        {"name": entry.name, "kind": entry.kind, "bytes": entry.bytes} for entry in shown
    ]
    return Answer("\n".join(lines) or "[empty]", {"path": place.shown, "entries": facts})


def _size(entry: walking.Entry) -> str:
    return str(entry.bytes) if entry.kind == "file" else "-"


def _named(entry: walking.Entry) -> str:
    if entry.kind == "folder":
        return f"{entry.name}/"
    return f"{entry.name} -> {entry.target}" if entry.target else entry.name


def _list_allowed(roots: Roots) -> Answer:
    lines = [f"{root.path}" + ("" if root.writable else " (read-only)") for root in roots.roots]
    facts: list[Json] = [
        {"path": str(root.path), "writable": root.writable} for root in roots.roots
    ]
    return Answer("\n".join(lines), {"directories": facts})


def _write_file(roots: Roots, call: Call) -> Answer:
    place = roots.for_writing(roots.resolve(call.arguments.text("path")))
    content = _encoded("content", call.arguments.text("content"))
    is_new = writing.write_file(place, content)
    verb = "made" if is_new else "replaced"
    return Answer(f"{verb} {place.given}: {len(content)} bytes", {"created": is_new})


def _edit_file(roots: Roots, call: Call) -> Answer:
    place = roots.for_writing(roots.resolve(call.arguments.text("path")))
    edits = [
        writing.Edit(one.text("old_text"), one.text("new_text"), one.flag("replace_all"))
        for one in call.arguments.objects("edits", _EDIT_SCHEMA)
    ]
    content, mode = read_whole(place)
    after = writing.apply_edits(place, content, edits)
    encoded = _encoded("new_text", after)
    if encoded != content:
        writing.write_file(place, encoded, mode)
    return Answer(writing.unified_diff(place.shown, content.decode("utf-8"), after))


def _encoded(name: str, text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ToolFailure(f"`{name}` holds half a character at {error.start}") from None


def _move_file(roots: Roots, call: Call) -> Answer:
    source = roots.for_writing(roots.resolve_entry(call.arguments.text("source")))
    target = roots.for_writing(roots.resolve_entry(call.arguments.text("destination")))
    writing.move(source, target)
    return Answer(f"moved {source.given} to {target.given}")


def _create_directory(roots: Roots, call: Call) -> Answer:
    place = roots.for_writing(roots.resolve(call.arguments.text("path")))
    made = writing.create_folder(place)
    return Answer(f"made {place.given}" if made else f"{place.given} exists already")


def _tree(roots: Roots, call: Call) -> Answer:
    place = _folder(roots, call)
    depth = call.arguments.number("depth", 3, low=1, high=50)
    ignored_too = call.arguments.flag("include_ignored")
    lines: list[str] = []
    found = walking.walk(place, ignored_too=ignored_too, depth=depth, stop=lambda: call.cancelled)
    for entry in found:
        if len(lines) >= walking.TREE_ENTRIES:
            lines.append(f"[cut: more than {walking.TREE_ENTRIES} entries; give a path or depth]")
            break
        mark = "/" if entry.is_folder else ""
        lines.append(f"{'  ' * (entry.depth - 1)}{entry.name}{mark}")
    return Answer("\n".join(lines) or "[empty]")


def _search_files(roots: Roots, call: Call) -> Answer:
    arguments = call.arguments
    place = _folder(roots, call)
    pattern, query = arguments.optional_text("pattern"), arguments.optional_text("query")
    if not pattern and not query:
        raise ToolFailure("give `pattern`, `query` or both")
    limit = arguments.number("max_results", RESULTS, low=1, high=RESULTS_CAP)
    wanted = walking.glob_matcher(pattern) if pattern else None
    lines_of = None
    if query:
        lines_of = walking.line_matcher(
            query,
            is_regex=arguments.flag("regex"),
            case_sensitive=arguments.flag("case_sensitive"),
        )
    ignored_too = arguments.flag("include_ignored")
    search = searching.Search(call, place, roots.prefix(place), ignored_too=ignored_too)
    note = ""
    with searching.time_limit(search):
        search.run(wanted, lines_of, limit)
    if len(search.results) >= limit:
        note = f"\n[cut at {limit} results; narrow the search or raise max_results]"
    elif search.timed_out:
        note = f"\n[stopped after {searching.SEARCH_SECONDS:g} s; narrow the search]"
    text = "\n".join(search.results[:limit]) or f"nothing found in {search.seen} files"
    return Answer(text + note, {"count": len(search.results), "files_seen": search.seen})


def _folder(roots: Roots, call: Call) -> Place:
    place = roots.resolve(call.arguments.text("path", "."))
    with explained(place):
        if not place.path.is_dir():
            missing = "is not a folder" if place.path.exists() else "does not exist"
            raise ToolFailure(f"`{place.given}` {missing}")
    return place
