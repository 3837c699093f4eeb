"""What the pages say is so: links, commands, variables, routes, events, error codes."""

from __future__ import annotations

import ast
import contextvars
import functools
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args
from urllib.parse import unquote

import pytest
from fastapi.routing import APIRoute
from typer.main import get_command

from mandrake.api.app import PREFIX, WORKSPACE_PREFIX, build_api
from mandrake.api.event_models import Event
from mandrake.api.problems import STATUS
from mandrake.cli.main import app
from mandrake.domain.conversation import RoundStatus
from mandrake.providers.port import ProviderFailure
from tests.docs.pages import (
    DOCS,
    PAGES,
    ROOT,
    anchors_of,
    fences_of,
    module,
    modules,
    name_of,
    prose_of,
    rows_of,
    section_of,
    strings_in,
    text_of,
    words_in,
)

KINDS = "|".join(STATUS)
CODE = re.compile(rf"(?:{KINDS})\.[a-z]+(?:[._][a-z]+)*")
NOT_CODES = {"internal.md"}
EMITTERS = re.compile(r"append|append_event|_append|_append_to_scope|_announce|EphemeralEvent")
EVENT_TYPE = re.compile(r"[a-z]+\.[a-z]+")
SHELL = ("sh", "bash", "console", "shell")


# ---- links ----


@pytest.mark.parametrize("doc", PAGES, ids=name_of)
def test_every_relative_link_leads_somewhere(doc: Path) -> None:
    lost = [target for target in links_of(doc) if not resolves(doc, target)]
    assert lost == []


def links_of(page: Path) -> list[str]:
    """Targets of links and pictures that stay in the repository."""
    targets = re.findall(r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)", prose_of(page))
    return [target for target in targets if not re.match(r"[a-z][a-z0-9+.-]*:", target)]


def resolves(page: Path, target: str) -> bool:
    name, _, anchor = unquote(target).partition("#")
    there = (page.parent / name).resolve() if name else page
    if not there.is_relative_to(ROOT) or not there.exists():
        return False
    return not anchor or there.suffix != ".md" or anchor in anchors_of(there)


def test_every_page_can_be_reached_from_the_index() -> None:
    seen = {DOCS / "index.md"}
    waiting = list(seen)
    while waiting:
        page = waiting.pop()
        for target in links_of(page):
            there = (page.parent / target.partition("#")[0]).resolve()
            if there.suffix == ".md" and there.is_file() and there not in seen:
                seen.add(there)
                waiting.append(there)
    assert [name_of(page) for page in PAGES if page.is_relative_to(DOCS) and page not in seen] == []


# ---- commands ----


def shown_commands() -> Iterator[tuple[str, str]]:
    """Page and line of every shell line that calls `mandrake`."""
    for page in PAGES:
        for fence in fences_of(page):
            if fence.language in SHELL:
                joined = fence.text.replace("\\\n", " ")
                yield from ((name_of(page), line) for line in calls_in(joined))
        indented = re.findall(r"^ {4}(\S.*)$", prose_of(page), re.MULTILINE)
        yield from ((name_of(page), line) for line in calls_in("\n".join(indented)))


def calls_in(shell: str) -> list[str]:
    lines = (line.strip() for line in shell.splitlines())
    return [line for line in lines if re.search(r"(?:^|[\s/(])mandrake\s", line)]


COMMANDS = sorted(set(shown_commands()))


@pytest.mark.parametrize(("where", "line"), COMMANDS)
def test_every_command_that_is_shown_exists(where: str, line: str) -> None:
    for words in invocations(line):
        parse(words)


@pytest.mark.parametrize("doc", PAGES, ids=name_of)
def test_every_command_that_is_named_in_passing_exists(doc: Path) -> None:
    root = get_command(app)
    unknown: list[str] = []
    for words in (code.split() for code in words_in(prose_of(doc))):
        command: Any = root
        for word in words[1:] if words[:1] == ["mandrake"] else []:
            children: dict[str, Any] | None = getattr(command, "commands", None)
            if children is None or not re.fullmatch(r"[a-z]+", word):
                break
            if word not in children:
                unknown.append(" ".join(words))
                break
            command = children[word]
    assert unknown == []


def test_commands_are_shown_at_all_and_wrong_ones_would_be_seen() -> None:
    assert len(COMMANDS) > 20
    wrong = (
        "mandrake fly",
        "mandrake ask hello --no-such-option",
        "echo x | mandrake question answer qst_1 perhaps",
    )
    for line in wrong:
        with pytest.raises(Exception, match=r"(?i)no such|is not one of|perhaps"):
            parse(invocations(line)[0])


def invocations(line: str) -> list[list[str]]:
    """The words after `mandrake`, for each time that a shell line calls it."""
    # A command in `$(…)` is a command too.
    inner = re.findall(r"\$\(([^()]*)\)", line)
    found: list[list[str]] = []
    for piece in [re.sub(r"\$\([^()]*\)", "value", line), *inner]:
        lexer = shlex.shlex(piece, posix=True, punctuation_chars="|&;<>")
        lexer.whitespace_split = True
        lexer.commenters = "#"
        command: list[str] = []
        for word in [*lexer, ";"]:
            if re.fullmatch(r"[|&;]+", word):
                found += words_of(command)
                command = []
            else:
                command.append(word)
    return found


def words_of(command: list[str]) -> list[list[str]]:
    words = [word for word in command if not re.fullmatch(r"[A-Z_]+=.*", word)]
    if not words or Path(words[0]).name != "mandrake":
        return []
    redirected = [index for index, word in enumerate(words) if re.fullmatch(r"[<>]+", word)]
    dropped = {each for index in redirected for each in (index, index + 1)}
    return [[word for index, word in enumerate(words) if index not in dropped][1:]]


def parse(words: list[str]) -> None:
    """Parse as the program does, and run nothing."""
    # Options remember what was chosen in context variables: a copy forgets it again.
    contextvars.copy_context().run(descend, get_command(app), "mandrake", words, None)


def descend(command: Any, name: str, words: list[str], parent: Any) -> None:
    context = command.make_context(name, list(words), parent=parent)
    if hasattr(command, "commands"):
        # `_protected_args` holds the name of the subcommand, `args` what follows it.
        rest = [*getattr(context, "_protected_args", ()), *context.args]
        assert rest, f"`{name}` needs a command"
        _, child, following = command.resolve_command(context, rest)
        descend(child, rest[0], following, context)


# ---- environment, make ----


def test_every_environment_variable_is_documented() -> None:
    used = {
        name
        for _, tree in modules()
        for text in strings_in(tree)
        for name in re.findall(r"\bMANDRAKE_[A-Z]+(?:_[A-Z]+)*\b", text)
    }
    settings = (ROOT / "src/mandrake/settings.py").read_text(encoding="utf-8")
    assert set(re.findall(r"\"(MANDRAKE_[A-Z_]+)\"", settings)) <= used
    rows = rows_of(section_of(DOCS / "operations.md", "Environment variables"))
    documented = {name for row in rows for name in words_in(row[0])}
    assert used - documented == set()


@pytest.mark.parametrize("doc", PAGES, ids=name_of)
def test_every_make_target_that_is_named_exists(doc: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    shell = "\n".join(fence.text for fence in fences_of(doc) if fence.language in SHELL)
    named = set(re.findall(r"`make ([a-z]+)", prose_of(doc)))
    named |= set(re.findall(r"^make ([a-z]+)", shell, re.MULTILINE))
    assert named - targets == set()


# ---- routes ----


def documented_routes() -> set[tuple[str, str]]:
    rows = rows_of(section_of(DOCS / "components/api.md", "Routes"))
    return {
        (method, path) for row in rows for path in words_in(row[0]) for method in row[1].split()
    }


@functools.cache
def api_document() -> dict[str, Any]:
    """The application's own description."""
    return build_api().openapi()


def real_routes() -> set[tuple[str, str]]:
    """Every route with its methods; what is the same in every scope stands once."""
    found: set[tuple[str, str]] = set()
    paths: dict[str, set[str]] = {}
    for path, operations in api_document()["paths"].items():
        paths[path] = {method.upper() for method in operations if method != "parameters"}
    for path, methods in paths.items():
        inner = path.removeprefix(WORKSPACE_PREFIX)
        if inner != path and inner and f"{PREFIX}{inner}" in paths:
            name = f"{{scope}}{inner}"
        elif f"{WORKSPACE_PREFIX}{path.removeprefix(PREFIX)}" in paths and path != PREFIX:
            name = f"{{scope}}{path.removeprefix(PREFIX)}"
        else:
            name = path.removeprefix(PREFIX)
        found |= {(method, name) for method in methods}
    return found


def test_every_route_is_documented_and_every_documented_route_is_there() -> None:
    assert real_routes() - documented_routes() == set(), "not on docs/components/api.md"
    assert documented_routes() - real_routes() == set(), "on docs/components/api.md only"


def test_the_committed_api_document_has_no_other_routes() -> None:
    committed = json.loads((ROOT / "schemas/openapi.json").read_text(encoding="utf-8"))
    assert set(committed["paths"]) == set(api_document()["paths"])


def test_no_route_is_left_out_of_the_api_document() -> None:
    in_document = set(api_document()["paths"])
    mounted = {
        re.sub(r":path\}", "}", route.path)
        for route in build_api().routes
        if isinstance(route, APIRoute)
    }
    assert mounted - in_document == set()


def test_statuses_of_kinds_are_those_of_the_code() -> None:
    cells = [
        cell for row in rows_of(section_of(DOCS / "components/api.md", "Errors")) for cell in row
    ]
    shown = {
        words_in(kind)[0]: int(re.findall(r"\d{3}", status)[0])
        for kind, status in zip(cells[::2], cells[1::2], strict=True)
        if words_in(kind)
    }
    assert shown == dict(STATUS)


# ---- events ----


def event_rows() -> dict[str, list[str]]:
    rows = rows_of(section_of(DOCS / "components/events.md", "Interface"))
    return {words_in(row[0])[0]: row for row in rows if words_in(row[0])}


def emitted_types() -> set[str]:
    """Types that the sources append to the journal or publish to watchers."""
    found: set[str] = set()
    for path, tree in modules():
        if path.startswith("cli/"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and EMITTERS.fullmatch(called(node)):
                values = [*node.args, *(each.value for each in node.keywords if each.arg == "type")]
                for value in values:
                    found |= types_in(value)
            elif isinstance(node, ast.Call) and called(node) == "_text_event":
                found |= types_in(node.args[1])
    return found


def called(node: ast.Call) -> str:
    function = node.func
    return getattr(function, "attr", None) or getattr(function, "id", "")


def types_in(value: ast.expr) -> set[str]:
    if isinstance(value, ast.JoinedStr) and ast.unparse(value) == "f'round.{status}'":
        return {f"round.{each}" for each in get_args(RoundStatus)} - {"round.running"}
    if isinstance(value, ast.IfExp):
        return types_in(value.body) | types_in(value.orelse)
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return {value.value} if EVENT_TYPE.fullmatch(value.value) else set()
    return set()


def test_every_event_that_is_emitted_is_documented_and_the_other_way_round() -> None:
    emitted = emitted_types()
    assert len(emitted) > 20
    assert emitted - set(event_rows()) == set(), "not on docs/components/events.md"
    assert set(event_rows()) - emitted == set(), "on docs/components/events.md only"


def test_every_field_of_an_event_is_documented() -> None:
    union = get_args(get_args(Event)[0])
    models = {get_args(each.model_fields["type"].annotation)[0]: each for each in union}
    assert set(models) == set(event_rows())
    for type_, model in models.items():
        data = model.model_fields["data"].annotation
        fields = set(data.model_fields)
        shown = set(words_in(event_rows()[type_][3]))
        assert fields == shown, f"`{type_}` has {sorted(fields)}"


# ---- error codes ----


def codes_in_sources() -> set[str]:
    codes = set(STATUS) | {f"unavailable.provider.{each}" for each in get_args(ProviderFailure)}
    for _, tree in modules():
        codes |= {text for text in strings_in(tree) if CODE.fullmatch(text)}
    return codes - NOT_CODES


def test_every_error_code_has_a_cure_on_the_troubleshooting_page() -> None:
    rows = rows_of(section_of(DOCS / "troubleshooting.md", "Error codes"))
    documented = {words_in(row[0])[0] for row in rows if words_in(row[0])}
    assert codes_in_sources() - documented == set(), "not on docs/troubleshooting.md"
    assert documented - codes_in_sources() == set(), "on docs/troubleshooting.md only"


# ---- words ----


def test_pages_do_not_use_words_that_the_glossary_rules_out() -> None:
    ruled_out = re.compile(
        r"\b(?:thread id|conversation id|chat session|tool use)\b", re.IGNORECASE
    )
    found = [
        f"{name_of(page)}: {match.group()}"
        for page in PAGES
        for match in ruled_out.finditer(text_of(page))
    ]
    assert found == []


def test_every_document_that_a_person_may_edit_is_described() -> None:
    kinds = module(ROOT / "src/mandrake/domain/documents/kinds.py")
    literal = next(
        node.value
        for node in kinds.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DocumentName"
    )
    names = {f"{name}.json" for name in strings_in(literal)}
    rows = rows_of(section_of(DOCS / "workspaces.md", "Documents"))
    assert {words_in(row[0])[0] for row in rows} == names
