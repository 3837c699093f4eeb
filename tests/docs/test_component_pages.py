"""Component pages and decisions are whole, and say what the code says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import (
    COMPONENTS,
    DECISIONS,
    DOCS,
    ROOT,
    SOURCES,
    fences_of,
    module,
    name_of,
    rows_of,
    section_of,
    text_of,
    words_in,
)

PAGES_OF = {page.stem: page for page in COMPONENTS}
WANTED = {
    "api", "cli", "coordinator", "domain", "errors", "events", "mcp-host", "packaging",
    "persistence", "providers", "rehearsal", "secrets", "security", "stream", "tenancy",
    "testing", "tool-servers", "web", "workspaces",
}  # fmt: skip
PLACES = ("src/", "web/", "tests/", "scripts/", "requirements/", "schemas/", "tools/", "docs/")
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def test_every_component_has_a_page() -> None:
    assert set(PAGES_OF) >= WANTED


@pytest.mark.parametrize("doc", COMPONENTS, ids=lambda doc: doc.stem)
@pytest.mark.requirement("Z1")
def test_a_component_page_has_interface_files_and_tests(doc: Path) -> None:
    assert "**Owns**" in text_of(doc)
    assert "**Does not know**" in text_of(doc)
    for heading in ("Interface", "Files", "Tests"):
        assert section_of(doc, heading).strip(), f"`{name_of(doc)}` lacks `## {heading}`"
    assert words_in(section_of(doc, "Files")), "the file layout names no file"
    assert "tests/" in section_of(doc, "Tests") or ".test.ts" in section_of(doc, "Tests")


@pytest.mark.parametrize("doc", COMPONENTS, ids=lambda doc: doc.stem)
@pytest.mark.requirement("Z3")
def test_a_component_page_cites_what_it_follows(doc: Path) -> None:
    sources = section_of(doc, "Sources")
    assert len(re.findall(r"^- ", sources, re.MULTILINE)) >= 2, f"`{name_of(doc)}` cites too little"
    assert re.search(r"^- Patterns?: ", sources, re.MULTILINE) or "no outside" in sources


@pytest.mark.requirement("Z1")
def test_the_commands_for_the_whole_repository_are_written_down() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)) - {"help"}
    named = set(re.findall(r"`make ([a-z]+)`", text_of(PAGES_OF["packaging"])))
    assert targets <= named


@pytest.mark.parametrize("doc", COMPONENTS, ids=lambda doc: doc.stem)
def test_every_file_that_a_component_page_names_is_there(doc: Path) -> None:
    # Sources name files of other projects.
    ours = text_of(doc).replace(section_of(doc, "Sources"), "")
    named = [word for word in words_in(ours) if word.startswith(PLACES)]
    missing = [
        word for word in named if not re.search(r"[*<{]", word) and not (ROOT / word).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("doc", COMPONENTS, ids=lambda doc: doc.stem)
def test_interfaces_on_a_page_are_those_of_the_code(doc: Path) -> None:
    wrong: list[str] = []
    for fence in fences_of(doc):
        if fence.language == "python":
            for path, shown in modules_in(fence.text):
                wrong += differences(path, shown)
    assert wrong == [], f"`{name_of(doc)}` shows something else than the code"


def test_a_changed_signature_would_be_seen() -> None:
    path = SOURCES / "persistence/database.py"
    shown = ast.parse("class Database:\n    async def write(self, unit: Unit[T]) -> int: ...")
    assert differences(path, shown) == [
        "persistence/database.py: `Database.write` is now "
        "`async def write(self, unit: Unit[T]) -> T`"
    ]
    gone = ast.parse("def no_such_function() -> None: ...")
    assert differences(path, gone) == ["persistence/database.py: no `no_such_function` any more"]


@pytest.mark.parametrize("doc", DECISIONS, ids=lambda doc: doc.stem)
def test_a_decision_has_its_four_parts_and_what_holds_it(doc: Path) -> None:
    number, title = doc.stem.split("-", 1)
    assert text_of(doc).startswith(f"# {number} ")
    assert title
    for heading in ("Context", "Decision", "Consequences", "Held by"):
        assert section_of(doc, heading).strip(), f"`{name_of(doc)}` lacks `## {heading}`"
    assert "**" in section_of(doc, "Decision"), "the decision has no line to quote"
    holders = [word for word in words_in(section_of(doc, "Held by")) if word.startswith(PLACES)]
    assert [word for word in holders if not (ROOT / word).exists()] == []
    assert holders or "import-linter" in section_of(doc, "Held by")


def test_decisions_are_numbered_without_gap_and_listed() -> None:
    numbers = [int(page.stem[:4]) for page in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))
    listed = text_of(DOCS / "adr/README.md")
    assert [page.name for page in DECISIONS if f"({page.name})" not in listed] == []


def test_the_architecture_page_is_short_and_shows_every_folder() -> None:
    page = DOCS / "architecture.md"
    assert len(text_of(page).splitlines()) <= 200
    assert sum(fence.language == "mermaid" for fence in fences_of(page)) == 1
    packages = {path.name for path in SOURCES.iterdir() if (path / "__init__.py").is_file()}
    tree = next(fence.text for fence in fences_of(page) if "src/mandrake/" in fence.text)
    assert {name for name in packages if f"─ {name}/" not in tree} == set()


def test_every_component_page_is_listed() -> None:
    rows = section_of(DOCS / "index.md", "Components")
    assert [page.name for page in COMPONENTS if f"components/{page.name}" not in rows] == []
    assert list(rows_of(rows))


def modules_in(text: str) -> Iterator[tuple[Path, ast.Module]]:
    """Parts of a block, each under the comment that names its file."""
    parts = re.split(r"^# mandrake/(\S+)$\n", text, flags=re.MULTILINE)
    for name, shown in zip(parts[1::2], parts[2::2], strict=True):
        yield SOURCES / name, ast.parse(shown)


def differences(path: Path, shown: ast.Module) -> list[str]:
    """What a page shows of a file and the file says differently, with the cure."""
    real = members(module(path))
    found: list[str] = []
    for name, node in members(shown).items():
        if name not in real:
            found.append(f"{path.relative_to(SOURCES)}: no `{name}` any more")
        elif header(node) != header(real[name]):
            found.append(f"{path.relative_to(SOURCES)}: `{name}` is now `{header(real[name])}`")
    return found


def members(tree: ast.Module | ast.ClassDef, prefix: str = "") -> dict[str, ast.stmt]:
    """Classes, functions and annotated fields by dotted name."""
    found: dict[str, ast.stmt] = {}
    for node in tree.body:
        if isinstance(node, Definition):
            found[prefix + node.name] = node
            if isinstance(node, ast.ClassDef):
                found |= members(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[prefix + node.target.id] = node
    return found


def header(node: ast.stmt) -> str:
    """A definition without its body, on one line."""
    if isinstance(node, ast.ClassDef):
        bases = ", ".join(ast.unparse(base) for base in node.bases)
        return f"class {node.name}({bases})"
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
        result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        return f"{word} {node.name}({ast.unparse(node.args)}){result}"
    return ast.unparse(node)
