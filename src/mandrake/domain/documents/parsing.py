"""Bytes to documents and back, and problems that name line and field.

Owns the JSON dialect of documents: UTF-8, no comments, no key twice, no NaN. Knows no files: a
caller passes the name under which the document is shown to a person.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mandrake.domain.documents.base import Document
from mandrake.domain.documents.tools import FILE_FORM
from mandrake.errors import FieldProblem, InvalidDocument

MAX_DOCUMENT_BYTES = 4 * 1024 * 1024
_MAX_PROBLEMS = 20

D = TypeVar("D", bound=Document)
Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None


def parse_document(model: type[D], content: bytes, *, label: str) -> D:
    """Read a document strictly: no value is converted to fit.

    `label` is the file as a person knows it (`tools.json`); it stands in the error's message.

    Raises:
        InvalidDocument: `errors` holds at most 20 problems, each with its line.
    """
    text = _decode(content, label)
    data = _load(text, label)
    if not isinstance(data, dict):
        raise invalid_document(label, [FieldProblem("", "line 1: an object `{…}` is expected")])
    version = data.get("schema_version", 1)
    if isinstance(version, int) and version > model.CURRENT_VERSION:
        line = _line_at(text, _find(text, ["schema_version"]))
        message = (
            f"line {line}: written by a newer Mandrake (version {version}, this one knows "
            f"{model.CURRENT_VERSION}); update Mandrake to use it"
        )
        raise invalid_document(label, [FieldProblem("schema_version", message)])
    try:
        return model.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise invalid_document(label, problems_of(error, data, text)) from None


def render_document(document: Document) -> bytes:
    """The file form: two spaces, keys in the order of the model, only what was set, one last
    newline. Equal documents give equal bytes.

    Raises:
        InvalidDocument: It can't be written, or what would be written could not be read again.
    """
    data = document.model_dump(mode="json", exclude_unset=True, context=FILE_FORM)
    data = {"schema_version": document.schema_version, **data}
    try:
        text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
        content = (text + "\n").encode("utf-8")
    except ValueError:
        problem = FieldProblem("", "a text or number in it has no JSON form")
        raise invalid_document("the new document", [problem]) from None
    parse_document(type(document), content, label="the new document")
    return content


def problems_of(
    error: ValidationError, data: Json, text: str | None = None
) -> tuple[FieldProblem, ...]:
    """Translate Pydantic's errors: real paths (without the tags of unions), lines when known."""
    problems: list[FieldProblem] = []
    for detail in error.errors(include_url=False, include_input=False)[:_MAX_PROBLEMS]:
        path = _true_path(detail, data)
        message = _message(detail)
        if text is not None:
            message = f"line {_line_at(text, _find(text, path))}: {message}"
        problems.append(FieldProblem(".".join(str(step) for step in path), message))
    return tuple(problems)


def invalid_document(label: str, problems: Sequence[FieldProblem]) -> InvalidDocument:
    """The error for a document with `problems`; the first one stands in its message."""
    first = problems[0]
    place = f", `{first.path}`" if first.path else ""
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return InvalidDocument(f"`{label}`{place}: {first.message}{more}", errors=problems)


def _message(detail: ErrorDetails) -> str:
    if detail["type"] == "at":
        return str(detail.get("ctx", {}).get("problem", detail["msg"]))
    message = detail["msg"].removeprefix("Value error, ")
    return message[:400]


def _true_path(detail: ErrorDetails, data: Json) -> list[str | int]:
    if detail["type"] == "at":
        found = str(detail.get("ctx", {}).get("path", ""))
        inner: list[str | int] = [int(s) if s.isdigit() else s for s in found.split(".")]
        return [*_steps(detail["loc"], data), *inner]
    path = _steps(detail["loc"], data)
    if detail["type"] == "missing":
        path.append(detail["loc"][-1])
    return path


def _steps(location: Sequence[str | int], data: Json) -> list[str | int]:
    """Follow a location through the data; steps that are no keys there are tags of unions."""
    path: list[str | int] = []
    current = data
    for step in location:
        inner = _child(current, step)
        if inner is not None:
            path.append(step)
            current = inner[0]
    return path


def _child(value: Json, step: str | int) -> tuple[Json] | None:
    """The value at one step, in a tuple because it may itself be null."""
    if isinstance(value, dict) and isinstance(step, str) and step in value:
        return (value[step],)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return (value[step],)
    return None


def _decode(content: bytes, label: str) -> str:
    if len(content) > MAX_DOCUMENT_BYTES:
        problem = f"larger than {MAX_DOCUMENT_BYTES // 1024 // 1024} MB; is this the right file?"
        raise invalid_document(label, [FieldProblem("", problem)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = f"line {line}: not UTF-8; save the file as UTF-8"
        raise invalid_document(label, [FieldProblem("", problem)]) from None


class _Refused(ValueError):
    """A text that is JSON to a lenient reader and not to us."""


def _load(text: str, label: str) -> Json:
    try:
        return json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except json.JSONDecodeError as error:
        problem = _explain(error, text)
    except _Refused as error:
        problem = str(error)
    except RecursionError:
        problem = "nested too deeply"
    except ValueError:
        problem = "a number in it is too long"
    raise invalid_document(label, [FieldProblem("", problem)])


_TRAILING_COMMA = re.compile(r",\s*([}\]])")


def _explain(error: json.JSONDecodeError, text: str) -> str:
    """Place and cause. Pythons differ in where they see a comma too many: it is at the comma."""
    position, cause = error.pos, error.msg[0].lower() + error.msg[1:]
    comma = len(text[:position].rstrip()) - 1
    for start in (comma, position):
        found = _TRAILING_COMMA.match(text, start) if start >= 0 else None
        if found is not None:
            position, cause = start, f"a comma stands before `{found.group(1)}`; remove it"
            break
    if text[position : position + 2] in ("//", "/*") or text[position : position + 1] == "#":
        cause = "comments are not allowed in JSON"
    column = position - text.rfind("\n", 0, position)
    return f"line {_line_at(text, position)}, column {column}: {cause}"


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _Refused(f"the key `{key:.64}` stands twice in one object; keep one")
            seen.add(key)
    return found


def _refuse_constant(name: str) -> float:
    raise _Refused(f"`{name}` is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _Refused(f"`{text:.40}` is too large a number")
    return number


_DECODER = json.JSONDecoder()
_SPACE = " \t\r\n"


def _find(text: str, path: Sequence[str | int]) -> int:
    """Offset of the value at `path` in valid JSON, or of the innermost one around it."""
    position = _skip(text, 0)
    for step in path:
        found = _enter(text, position, step)
        if found is None:
            break
        position = found
    return position


def _enter(text: str, position: int, step: str | int) -> int | None:
    opening = text[position]
    if opening not in "{[":
        return None
    cursor = _skip(text, position + 1)
    index = 0
    while text[cursor] not in "}]":
        key: object = index
        if opening == "{":
            key, cursor = _DECODER.raw_decode(text, cursor)
            cursor = _skip(text, _skip(text, cursor) + 1)
        if key == step:
            return cursor
        _, cursor = _DECODER.raw_decode(text, cursor)
        cursor = _skip(text, cursor)
        if text[cursor] == ",":
            cursor = _skip(text, cursor + 1)
        index += 1
    return None


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in _SPACE:
        position += 1
    return position


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
