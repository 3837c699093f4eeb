"""Answers that carry more than a body: an `ETag`, the head of a topic."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel
from starlette.responses import Response

from mandrake.domain.documents import Document
from mandrake.errors import FieldProblem
from mandrake.workspaces.documents import DocumentState

D = TypeVar("D", bound=Document)
EVENT_SEQ = "X-Event-Seq"
"""Durable head of the session's topic at the moment of the answer: subscribe with it as `after`."""
PROBLEMS = "X-Document-Problems"
"""JSON list of what is wrong with the file on disk; the body is then the last good version."""
MAX_PROBLEM_CHARACTERS = 4_000


def json_answer(
    body: BaseModel, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A body that is valid already: the framework would check it a second time."""
    return Response(body.model_dump_json(), status, headers, media_type="application/json")


def etag(revision: str) -> str:
    """A revision as it stands in `ETag` and `If-Match`."""
    return f'"{revision}"'


def with_seq(body: BaseModel, seq: int, *, status: int = 200) -> Response:
    """A body with the head of its topic."""
    return json_answer(body, status=status, headers={EVENT_SEQ: str(seq)})


def document_answer(state: DocumentState[D]) -> Response:
    """A document with its revision, and with what is wrong with its file."""
    headers = {"ETag": etag(state.revision)}
    if state.broken:
        headers[PROBLEMS] = _rendered(state.problems)
    return json_answer(state.document, headers=headers)


def _rendered(problems: Sequence[FieldProblem]) -> str:
    shown: list[dict[str, str]] = []
    for each in problems:
        shown.append({"path": each.path, "message": each.message})
        if len(json.dumps(shown)) > MAX_PROBLEM_CHARACTERS:
            shown.pop()
            break
    # ASCII only: a header can't carry anything else.
    return json.dumps(shown)
