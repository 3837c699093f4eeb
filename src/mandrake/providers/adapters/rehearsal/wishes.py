"""What a message asks for, by a handful of fixed phrases. Pure; knows no tools.

Deliberately small: it recognises sentences like those in `EXAMPLES` and nothing else, so that
nobody takes it for a model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import JsonValue

MAX_COUNT = 100_000
MAX_WISHES = 20


@dataclass(frozen=True, slots=True)
class ListFolder:
    path: str
    deep: bool = False
    """As a tree."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    path: str
    start_line: int | None = None
    end_line: int | None = None


@dataclass(frozen=True, slots=True)
class Search:
    text: str
    path: str | None = None


@dataclass(frozen=True, slots=True)
class ReadHit:
    """Read the file that the search before it found first."""


@dataclass(frozen=True, slots=True)
class Git:
    command: str
    """`status`, `log` or `diff`."""


@dataclass(frozen=True, slots=True)
class WriteFile:
    path: str
    content: str


@dataclass(frozen=True, slots=True)
class EditFile:
    path: str
    old_text: str
    new_text: str


@dataclass(frozen=True, slots=True)
class RunTool:
    name: str
    arguments: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Count:
    to: int


Wish = ListFolder | ReadFile | Search | ReadHit | Git | WriteFile | EditFile | RunTool | Count

EXAMPLES: tuple[tuple[type[Wish], str], ...] = (
    (ListFolder, "list files in `src`"),
    (ReadFile, "read `README.md` lines 1-20"),
    (Search, "search for `TODO` and read that file"),
    (Git, "git status and git log"),
    (EditFile, "edit `notes.md`: replace `old` with `new`"),
    (WriteFile, "write `hello.txt` with ```Hello!```"),
    (RunTool, 'run tool `server.tool` {"argument": "value"}'),
    (Count, "count to 100"),
)
"""One sentence per kind of wish, in the order in which help shows them."""

_CONTEXT_BLOCK = re.compile(r"^<([a-zA-Z][\w-]*)\b[^>]*>.*?^</\1>\s*$", re.DOTALL | re.MULTILINE)
_FENCE = re.compile(r"(`{3,})([^\n`]*\n)?(.*?)\1", re.DOTALL)
_QUOTED = re.compile(r"`([^`]+)`|\"([^\"\n]+)\"|(?<![\w])'([^'\n]+)'(?![\w])")
_HELD = re.compile("\x00(\\d+)\x00")
_CLAUSES = re.compile(
    r"\s*(?:[;\n]|,?\s+\band\s+then\b|,?\s+\bthen\b|,?\s+\band\b|,\s)\s*|(?<=\w|\x00)[.!?](?:\s+|$)",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"^(?:please|now|first|also|can you|could you|would you|i want you to|let's|and|then)\b[\s,]*",
    re.IGNORECASE,
)
_WORD = r"(\x00\d+\x00|\S+)"


class _Holder:
    """Takes quoted pieces out of a text, so that their words are not read as commands."""

    def __init__(self) -> None:
        self.values: list[str] = []

    def hold(self, value: str) -> str:
        self.values.append(value)
        return f"\x00{len(self.values) - 1}\x00"

    def restore(self, text: str) -> str:
        while _HELD.search(text):
            # Again, as JSON in backticks is held twice.
            text = _HELD.sub(lambda match: self.values[int(match[1])], text)
        return text.strip()

    def word(self, text: str) -> str:
        """A path or name: as quoted, or without the punctuation that ends a sentence."""
        text = text.strip()
        if _HELD.fullmatch(text):
            return self.restore(text)
        return self.restore(text).rstrip(".,:;!?") or self.restore(text)


def own_words(text: str) -> str:
    """A message without the `<tag>…</tag>` blocks that Mandrake attaches."""
    return _CONTEXT_BLOCK.sub("", text)


def parse_wishes(text: str) -> tuple[Wish, ...]:
    """The wishes of a message in order; empty when none is recognised.

    Blocks in XML-like tags at line starts (context that Mandrake attached) are not read.
    """
    holder = _Holder()
    text = own_words(text.replace("\x00", ""))
    # A newline beside a fence belongs to the sentence around it, not to a next one.
    text = re.sub(r"[ \t]*\n?(\x00\d+\x00)", r" \1", _FENCE.sub(lambda m: holder.hold(m[3]), text))
    text = _hold_json(text, holder)
    text = _QUOTED.sub(lambda m: holder.hold(m[1] or m[2] or m[3]), text)
    wishes: list[Wish] = []
    for piece in _CLAUSES.split(text):
        clause = _without_politeness(piece.strip())
        wish = _wish(clause, wishes[-1] if wishes else None, holder) if clause else None
        if wish is not None:
            wishes.append(wish)
    return tuple(wishes[:MAX_WISHES])


def _without_politeness(clause: str) -> str:
    while (shorter := _POLITE.sub("", clause)) != clause:
        clause = shorter
    return clause


def _hold_json(text: str, holder: _Holder) -> str:
    decoder = json.JSONDecoder()
    pieces: list[str] = []
    position = 0
    while (start := text.find("{", position)) >= 0:
        try:
            _, end = decoder.raw_decode(text, start)
        except ValueError:
            end = start + 1
            pieces.append(text[position:end])
        else:
            pieces += [text[position:start], holder.hold(text[start:end])]
        position = end
    return "".join(pieces) + text[position:]


def _wish(clause: str, previous: Wish | None, holder: _Holder) -> Wish | None:
    for pattern, build in _PATTERNS:
        match = pattern.match(clause)
        if match is not None:
            wish = build(match, holder)
            if wish is not None:
                return wish
    if isinstance(previous, (ReadFile, ListFolder)) and _looks_like_path(clause):
        path = holder.word(clause)
        # "read a.py and b.py": the second has no verb of its own.
        return ReadFile(path) if isinstance(previous, ReadFile) else ListFolder(path, previous.deep)
    return None


def _looks_like_path(clause: str) -> bool:
    return " " not in clause and bool(_HELD.fullmatch(clause) or re.search(r"[./]\w", clause))


def _list(match: re.Match[str], holder: _Holder) -> Wish | None:
    path = holder.word(match["path"]) if match["path"] else "."
    if match["what"].lower().startswith("content") and re.search(r"\w\.\w+$", path):
        return ReadFile(path)
    return ListFolder("." if path.lower() in {"here", "it", "there"} else path)


def _tree(match: re.Match[str], holder: _Holder) -> Wish | None:
    return ListFolder(holder.word(match["path"]) if match["path"] else ".", deep=True)


def _read(match: re.Match[str], holder: _Holder) -> Wish | None:
    path = holder.word(match["path"])
    if not _HELD.match(match["path"]) and not re.search(r"[./]|^[A-Z]{3,}$", path):
        # "show me", "open questions": a bare word is a file only when it looks like one.
        return None
    start = int(match["start"]) if match["start"] else None
    end = int(match["end"]) if match["end"] else start
    return ReadFile(path, start, end)


def _search(match: re.Match[str], holder: _Holder) -> Wish | None:
    text = holder.restore(match["text"])
    return Search(text, holder.word(match["path"]) if match["path"] else None)


def _edit(match: re.Match[str], holder: _Holder) -> Wish | None:
    return EditFile(
        holder.word(match["path"]), holder.restore(match["old"]), holder.restore(match["new"])
    )


def _write(match: re.Match[str], holder: _Holder) -> Wish | None:
    return WriteFile(holder.word(match["path"]), _content(match["content"], holder))


def _content(text: str, holder: _Holder) -> str:
    held = _HELD.fullmatch(text.strip())
    return holder.values[int(held[1])] if held else holder.restore(text)


def _run(match: re.Match[str], holder: _Holder) -> Wish | None:
    name = holder.word(match["name"])
    raw = holder.restore(match["arguments"] or "")
    if not match["tool"] and not re.search(r"\.|__", name):
        return None
    try:
        arguments: JsonValue = json.loads(raw) if raw else {}
    except ValueError:
        return None
    return RunTool(name, arguments) if isinstance(arguments, dict) else None


def _git(match: re.Match[str], _: _Holder) -> Wish | None:
    return Git(match["command"].lower())


def _read_hit(_: re.Match[str], __: _Holder) -> Wish | None:
    return ReadHit()


def _count(match: re.Match[str], _: _Holder) -> Wish | None:
    return Count(min(int(match["to"].replace(",", "").replace("_", "")), MAX_COUNT))


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("WORD", _WORD), re.IGNORECASE | re.DOTALL)


_Builder = Callable[[re.Match[str], _Holder], Wish | None]
_PATTERNS: tuple[tuple[re.Pattern[str], _Builder], ...] = (
    (_compile(r"count (?:up )?(?:from 1 )?to (?P<to>\d[\d,_]{0,9})"), _count),
    (
        _compile(r"(?:show |run |do )?(?:me )?(?:the )?git (?P<command>status|log|diff)\b"),
        _git,
    ),
    (
        _compile(
            r"(?:run|call|use|invoke) (?:the )?(?P<tool>tool )?(?P<name>WORD)"
            r"(?:\s+with)?\s*(?P<arguments>\x00\d+\x00)?\s*$"
        ),
        _run,
    ),
    (
        _compile(
            r"(?:read|open|show) (?:me )?(?:that file|the file|it|that|the first (?:hit|match|one)"
            r"|the (?:hit|match|result))\s*$"
        ),
        _read_hit,
    ),
    (
        _compile(
            r"(?:edit|change) (?:the )?(?:file )?(?P<path>WORD)\s*:?\s*(?:by |to )?"
            r"(?:replace|replacing) (?P<old>.+?) (?:with|by) (?P<new>.+)$"
        ),
        _edit,
    ),
    (
        _compile(
            r"replace (?P<old>.+?) (?:with|by) (?P<new>.+?) in (?:the )?(?:file )?"
            r"(?P<path>WORD)$"
        ),
        _edit,
    ),
    (
        _compile(
            r"(?:write|create|make) (?:a |the )?(?:new )?(?:file )?(?:named |called )?"
            r"(?P<path>WORD)"
            r"\s*:?\s*(?:with (?:the )?(?:content|contents|text)?|containing|saying)?\s*:?\s*"
            r"(?P<content>\x00\d+\x00|(?<=with ).+|(?<=containing ).+|(?<=saying ).+)$"
        ),
        _write,
    ),
    (
        _compile(
            r"(?:show |print |draw )?(?:me )?(?:the |a )?(?:directory |folder |file )?tree"
            r"(?: (?:of|in|under|for) (?:the )?(?P<path>WORD))?"
        ),
        _tree,
    ),
    (
        _compile(
            r"(?:list|show|what|which|what are|which are|ls)\b ?(?:me )?"
            r"(?:all )?(?:the )?(?:of )?"
            r"(?P<what>files|folders?|director(?:y|ies)|contents?|entries|everything)\b"
            r"(?: (?:are|is))?(?: (?:in|of|under|from|inside|at))?(?: the)?"
            r"(?: (?:folder|directory))?"
            r"(?: (?P<path>WORD))?"
        ),
        _list,
    ),
    (_compile(r"(?:ls|list)(?P<what>)(?: (?P<path>WORD))?\s*$"), _list),
    (
        _compile(
            r"(?:search|find|grep|look)(?: the (?:files|code|source))?(?: for)? "
            r"(?:the (?:text|word) )?"
            r"(?P<text>\x00\d+\x00|.+?)"
            r"(?: (?:in|under|inside) (?:the )?(?:folder )?(?P<path>WORD))?$"
        ),
        _search,
    ),
    (
        _compile(
            r"(?:read|open|show|cat|print|display) (?:me )?(?:the )?"
            r"(?:file |contents? of )?(?P<path>WORD)"
            r"(?:,? (?:from )?lines? (?P<start>\d+)"
            r"(?:\s*(?:-|–|to|until|through)\s*(?P<end>\d+))?)?"
        ),
        _read,
    ),
)
