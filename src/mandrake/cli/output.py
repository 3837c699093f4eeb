"""What people and programs read: tables, JSON, notes, errors.

Standard output carries the answer and nothing else; all the rest goes to standard error. Text
from models, tools and servers loses its control characters before it reaches a terminal, so that
nobody can draw over the screen or write to the clipboard from there.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TextIO

from mandrake.errors import MandrakeError

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_WIDE = 4_000
_DIM, _RED, _PLAIN = "\x1b[2m", "\x1b[31m", "\x1b[0m"


def harmless(text: str) -> str:
    """The text without control characters, tabs and line ends excepted."""
    return _CONTROL.sub("", text)


def shown_to(stream: TextIO, text: str) -> str:
    """The text as it may be written to `stream`: unaltered into files and pipes."""
    return harmless(text) if stream.isatty() else text


def say(text: str) -> None:
    """One line of the answer."""
    print(shown_to(sys.stdout, text), flush=True)


def note(text: str) -> None:
    """A line beside the answer, dim on a terminal."""
    print(styled(sys.stderr, harmless(text), _DIM), file=sys.stderr, flush=True)


def styled(stream: TextIO, text: str, style: str) -> str:
    """`text` in a style where the stream is a terminal."""
    return f"{style}{text}{_PLAIN}" if stream.isatty() else text


def dim(text: str) -> str:
    """Dim on standard error, when that is a terminal."""
    return styled(sys.stderr, text, _DIM)


def print_json(value: bytes | object) -> None:
    """A JSON value, as the API gave it, indented."""
    content: object = json.loads(value) if isinstance(value, bytes) else value
    # Escapes in JSON strings are harmless already: control characters are written as \u00XX.
    print(json.dumps(content, indent=2, ensure_ascii=False).translate(_C1), flush=True)


_C1 = {code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """Rows under their column names; `empty` on standard error when there are none."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, no_wrap=not sys.stdout.isatty(), overflow="fold")
    for row in rows:
        table.add_row(*(Text(harmless(_cell(value))) for value in row))
    if not table.row_count:
        note(empty)
        return
    if sys.stdout.isatty():
        Console().print(table)
        return
    # Into a pipe nothing is cut, wrapped or padded.
    console = Console(width=_WIDE, color_system=None)
    with console.capture() as capture:
        console.print(table)
    for line in capture.get().splitlines():
        print(line.rstrip())


def print_fields(fields: Iterable[tuple[str, object]]) -> None:
    """One thing: a line for each field that is known."""
    known = [(name, _cell(value)) for name, value in fields if value not in (None, "", [], {})]
    width = max((len(name) for name, _ in known), default=0)
    for name, value in known:
        lines = harmless(value).splitlines() or [""]
        say(f"{name.ljust(width)}  {lines[0]}")
        for line in lines[1:]:
            say(f"{'':{width}}  {line}")


def print_error(error: MandrakeError) -> None:
    """What happened in one line, the fields it is about, the next step in another."""
    mark = styled(sys.stderr, "Error:", _RED)
    print(f"{mark} {harmless(error.detail)}", file=sys.stderr)
    for problem in error.errors:
        place = f"{problem.path}: " if problem.path else ""
        print(f"  {harmless(place + problem.message)}", file=sys.stderr)
    if error.hint:
        print(f"  {dim('→')} {harmless(error.hint)}", file=sys.stderr)
    sys.stderr.flush()


def shown_time(text: str | None) -> str:
    """A time of the API in the local zone, to the minute; `–` when there is none."""
    if not text:
        return "–"
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def compact_json(value: object, limit: int = 160) -> str:
    """JSON on one line, cut at `limit` characters."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _cell(value: object) -> str:
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(str(item) for item in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - any values print
        case _:
            return str(value)
