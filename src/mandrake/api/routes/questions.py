"""What waits for a person: everywhere, and in one session."""

from __future__ import annotations

from fastapi import APIRouter

from mandrake.api.commands import CommandRoute
from mandrake.api.deps import (
    CurrentPrincipal,
    CurrentRuntime,
    Cursor,
    Installation,
    Limit,
    OpenScope,
    Scope,
)
from mandrake.api.paging import Page, page_of
from mandrake.bootstrap import Runtime
from mandrake.coordinator.questions import Answer
from mandrake.domain.conversation import Question, WorkspaceRef
from mandrake.domain.ids import INSTALLATION_SCOPE
from mandrake.domain.principals import Grant, Principal

router = APIRouter(tags=["questions"])
scoped = APIRouter(tags=["questions"], route_class=CommandRoute)


@router.get("/questions")
async def list_open_questions(
    runtime: CurrentRuntime,
    principal: CurrentPrincipal,
    installation: Installation,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[Question]:
    """Every open question of every scope, oldest first."""
    found = await _all_open(runtime, principal, installation)
    return page_of(sorted(found, key=lambda each: each.asked_at), limit, cursor)


@scoped.get("/sessions/{session_id}/questions")
async def list_session_questions(
    session_id: str, scope: Scope, limit: Limit = 50, cursor: Cursor = None
) -> Page[Question]:
    """A session's questions, answered ones too, oldest first."""
    found = await scope.runtime.questions.of_session(scope.grant, session_id)
    return page_of([_placed(each, scope) for each in found], limit, cursor)


@scoped.post("/sessions/{session_id}/questions/{question_id}")
async def answer_question(
    session_id: str, question_id: str, answer: Answer, scope: Scope
) -> Question:
    """Answer an open question; its round goes on."""
    questions = scope.runtime.questions
    return _placed(await questions.answer(scope.grant, session_id, question_id, answer), scope)


def _placed(question: Question, scope: OpenScope) -> Question:
    return question.model_copy(update={"workspace": scope.workspace})


async def _all_open(runtime: Runtime, principal: Principal, installation: Grant) -> list[Question]:
    found: list[Question] = []
    names = {each.id: each.name for each in await runtime.workspaces.list(installation)}
    for scope_id in await runtime.index.scopes_with_questions():
        if scope_id != INSTALLATION_SCOPE and scope_id not in names:
            continue
        grant, scope = await runtime.registry.access(principal, scope_id)
        workspace = None
        if scope_id in names:
            workspace = WorkspaceRef(id=scope_id, name=names[scope_id])
        found += [
            _placed(each, OpenScope(grant, scope, workspace))
            for each in await scope.questions.all_open(grant)
        ]
    return found
