"""Answers to questions: checked, bound, stored once, and the round woken."""

from __future__ import annotations

import asyncio
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from mandrake.coordinator.arguments import argument_problems
from mandrake.coordinator.round_scope import RoundScope
from mandrake.coordinator.work_driver import WorkDriver
from mandrake.domain.conversation import Question
from mandrake.domain.principals import Grant, Right
from mandrake.domain.records import QuestionRecord
from mandrake.domain.tools import JsonObject
from mandrake.errors import Conflict, FieldProblem, InvalidInput, NotFound
from mandrake.persistence.stores.approvals import ApprovalStore
from mandrake.persistence.stores.questions import QuestionStore, shown
from mandrake.persistence.stores.sessions import SessionStore
from mandrake.persistence.stores.tool_calls import ToolCallStore


class ApprovalAnswer(BaseModel):
    """May this call run?"""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    decision: Literal["allow", "deny"]
    remember: Literal["once", "session", "always"] = "once"
    """`session`: this tool, until the session ends; `always`: written into `tools.json`."""
    arguments: JsonObject | None = None
    """Arguments to use instead; they must fit the tool's schema."""
    reason: str | None = Field(default=None, max_length=4000)
    """What the model is told when the call is denied."""


class UnknownOutcomeAnswer(BaseModel):
    """A call was sent and Mandrake ended before its answer came."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    decision: Literal["retry", "report"]
    """`retry` sends it again; `report` tells the model that the outcome is unknown."""


Answer = ApprovalAnswer | UnknownOutcomeAnswer


class QuestionCoordinator:
    """Lists and answers the questions of one scope."""

    def __init__(self, scope: RoundScope, driver: WorkDriver) -> None:
        self._scope = scope
        self._driver = driver

    async def all_open(self, grant: Grant) -> list[Question]:
        """Everything that waits in this scope, oldest first."""
        return await self._scope.database.read(
            lambda connection: [
                shown(question) for question in QuestionStore(connection, grant).all_open()
            ]
        )

    async def of_session(self, grant: Grant, session_id: str) -> list[Question]:
        """All questions of a session, answered ones too, oldest first."""

        def query(connection: Connection) -> list[Question]:
            SessionStore(connection, grant).row(session_id)
            store = QuestionStore(connection, grant)
            return [shown(question) for question in store.of_session(session_id)]

        return await self._scope.database.read(query)

    async def answer(
        self, grant: Grant, session_id: str, question_id: str, answer: Answer
    ) -> Question:
        """Answer an open question and let its round go on.

        Raises:
            InvalidInput: The answer doesn't fit the question, or the arguments don't fit the
                tool; the question stays open.
            Conflict: Already answered, or the tool's definition has changed meanwhile.
        """
        grant.require(Right.CONVERSE)
        question = await self._get(grant, session_id, question_id)
        _check_kind(question, answer)
        if isinstance(answer, ApprovalAnswer) and answer.decision == "allow":
            await self._check_approval(question, answer)

        def unit(connection: Connection) -> QuestionRecord:
            resolved = QuestionStore(connection, grant).resolve(
                question, "answered", answer.model_dump(mode="json", exclude_none=True)
            )
            if isinstance(answer, ApprovalAnswer):
                _apply_approval(connection, grant, question, answer)
            SessionStore(connection, grant).announce(session_id)
            return resolved

        resolved = await self._scope.database.write(unit)
        if isinstance(answer, ApprovalAnswer) and answer.remember == "always":
            await self._always(question, answer)
        self._driver.wake(session_id)
        return shown(resolved)

    async def _always(self, question: QuestionRecord, answer: ApprovalAnswer) -> None:
        if answer.decision == "allow":
            subject = question.subject
            await self._scope.documents.always_allow(str(subject["server"]), str(subject["tool"]))

    async def _get(self, grant: Grant, session_id: str, question_id: str) -> QuestionRecord:
        def query(connection: Connection) -> QuestionRecord:
            SessionStore(connection, grant).row(session_id)
            return QuestionStore(connection, grant).get(question_id)

        question = await self._scope.database.read(query)
        if question.session_id != session_id:
            raise NotFound(f"There is no question `{question_id}` in this session.")
        return question

    async def _check_approval(self, question: QuestionRecord, answer: ApprovalAnswer) -> None:
        server, tool = str(question.subject["server"]), str(question.subject["tool"])
        definition = self._scope.host.find_tool(server, tool)
        if definition is not None and definition.definition_hash() != question.definition_hash:
            raise Conflict(
                f"`{server}.{tool}` describes itself differently than when you were asked.",
                code="conflict.definition_changed",
                hint="Deny the call; the model will ask for the tool as it is now.",
            )
        if answer.arguments is None:
            return
        schema = question.subject["input_schema"]
        assert isinstance(schema, dict)
        problems = await asyncio.to_thread(argument_problems, schema, answer.arguments)
        if problems:
            raise InvalidInput(
                f"The changed arguments don't fit `{server}.{tool}`.",
                errors=[
                    FieldProblem(".".join(("arguments", each.path)).rstrip("."), each.message)
                    for each in problems
                ],
            )


def _check_kind(question: QuestionRecord, answer: Answer) -> None:
    if question.status != "open":
        raise Conflict(f"The question `{question.id}` is already {question.status}.")
    fits = isinstance(answer, ApprovalAnswer) == (question.kind == "approval")
    if not fits:
        raise InvalidInput(
            f"This question is of kind `{question.kind}`; the answer is for another kind.",
            errors=[FieldProblem("decision", f"see the answers of `{question.kind}`")],
        )


def _apply_approval(
    connection: Connection, grant: Grant, question: QuestionRecord, answer: ApprovalAnswer
) -> None:
    if answer.decision != "allow":
        return
    if answer.arguments is not None and question.tool_call_id is not None:
        calls = ToolCallStore(connection, grant)
        calls.replace_arguments(calls.get(question.tool_call_id), answer.arguments)
    if answer.remember == "session" and question.definition_hash is not None:
        ApprovalStore(connection, grant).remember(
            question.session_id,
            str(question.subject["server"]),
            str(question.subject["tool"]),
            question.definition_hash,
        )
