"""Reading the documentation and the sources it speaks of."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
COMPONENTS = sorted((DOCS / "components").glob("*.md"))
DECISIONS = sorted((DOCS / "adr").glob("[0-9]*.md"))
SOURCES = ROOT / "src" / "mandrake"
AT_THE_ROOT = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
PAGES = [*(ROOT / name for name in AT_THE_ROOT), *sorted(DOCS.rglob("*.md"))]

_FENCE = re.compile(
    r"^ {0,3}(`{3,}|~{3,})[ ]*(\S*)[^\n]*\n(.*?)^ {0,3}\1[ ]*$", re.MULTILINE | re.DOTALL
)
_HEADING = re.compile(r"^#{1,6}[ ]+(.+?)[ ]*#*$", re.MULTILINE)


@dataclass(frozen=True)
class Fence:
    """One fenced block: its language word and its text."""

    language: str
    text: str


def name_of(page: Path) -> str:
    """A page as messages name it."""
    return page.relative_to(ROOT).as_posix()


@functools.cache
def text_of(page: Path) -> str:
    """The whole page."""
    return page.read_text(encoding="utf-8")


def fences_of(page: Path) -> list[Fence]:
    """Fenced blocks in order."""
    return [Fence(match[2], match[3]) for match in _FENCE.finditer(text_of(page))]


def prose_of(page: Path) -> str:
    """The page without its fenced blocks."""
    return _FENCE.sub("", text_of(page))


def section_of(page: Path, heading: str) -> str:
    """What stands under a heading of the second or third level, deeper levels included."""
    parts = re.split(
        rf"^(##+) {re.escape(heading)}$\n", text_of(page), maxsplit=1, flags=re.MULTILINE
    )
    if len(parts) != 3:
        return ""
    return re.split(rf"^#{{2,{len(parts[1])}}} ", parts[2], maxsplit=1, flags=re.MULTILINE)[0]


def anchors_of(page: Path) -> set[str]:
    """Names of headings as GitHub makes them."""
    found: set[str] = set()
    for heading in _HEADING.findall(prose_of(page)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        found.add(re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-"))
    return found


def rows_of(text: str) -> Iterator[list[str]]:
    """Cells of the rows of every table in a text, heads and rules left out."""
    lines = text.splitlines()
    for index, line in enumerate(lines):
        is_rule = re.fullmatch(r"\|[\s:|-]+\|?", line) is not None
        is_head = index + 1 < len(lines) and re.fullmatch(r"\|[\s:|-]+\|?", lines[index + 1])
        if line.startswith("|") and not is_rule and not is_head:
            yield [cell.strip() for cell in line.strip().strip("|").split("|")]


def words_in(text: str) -> list[str]:
    """Everything in single backticks."""
    return re.findall(r"`([^`\n]+)`", text)


@functools.cache
def module(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the package with its path inside it, doubles for tests left out."""
    for path in sorted(SOURCES.rglob("*.py")):
        inside = path.relative_to(SOURCES).as_posix()
        if not inside.startswith("testing/"):
            yield inside, module(path)


def strings_in(node: ast.AST) -> Iterator[str]:
    """Every text literal in a node."""
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value
