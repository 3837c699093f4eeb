"""Questions: what waits for a person, and what was answered."""

from __future__ import annotations

from typing import cast

from sqlalchemy import RowMapping

from mandrake.domain.conversation import Question, QuestionKind, QuestionStatus
from mandrake.domain.events import session_topic
from mandrake.domain.ids import SessionId, new_id
from mandrake.domain.principals import Right
from mandrake.domain.records import QuestionRecord, ToolCallRecord
from mandrake.domain.tools import JsonObject
from mandrake.errors import Conflict, NotFound
from mandrake.persistence import journal, schema
from mandrake.persistence.stores.base import ScopedStore, now

_table = schema.questions


class QuestionStore(ScopedStore):
    """Rows of `questions` in the grant's scope."""

    def ask(
        self,
        call: ToolCallRecord,
        kind: QuestionKind,
        subject: JsonObject,
        *,
        definition_hash: str | None,
    ) -> QuestionRecord:
        """Open a question about a tool call, bound to its arguments and definition."""
        self.grant.require(Right.CONVERSE)
        question_id = new_id("qst")
        self._insert(
            _table,
            id=question_id,
            session_id=call.session_id,
            round_id=call.round_id,
            turn_id=call.turn_id,
            tool_call_id=call.id,
            kind=kind,
            status="open",
            subject_hash=self.blobs.put_value(subject, SessionId(call.session_id)),
            argument_digest=call.argument_digest,
            definition_hash=definition_hash,
            asked_at=now(),
        )
        question = self.get(question_id)
        self._append(
            question, "question.asked", {"question": shown(question).model_dump(mode="json")}
        )
        return question

    def get(self, question_id: str) -> QuestionRecord:
        """One question.

        Raises:
            NotFound: It isn't in this scope.
        """
        self.grant.require(Right.READ)
        row = self._row(_table, _table.c.id == question_id)
        if row is None:
            raise NotFound(f"There is no question `{question_id}` here.")
        return self._record(row)

    def of_session(
        self, session_id: str, *, status: QuestionStatus | None = None
    ) -> list[QuestionRecord]:
        """Questions of a session, oldest first."""
        conditions = [_table.c.session_id == session_id]
        if status is not None:
            conditions.append(_table.c.status == status)
        rows = self._rows(_table, *conditions, order_by=_table.c.id)
        return [self._record(row) for row in rows]

    def of_round(self, round_id: str) -> list[QuestionRecord]:
        """Questions of a round, oldest first."""
        rows = self._rows(_table, _table.c.round_id == round_id, order_by=_table.c.id)
        return [self._record(row) for row in rows]

    def all_open(self) -> list[QuestionRecord]:
        """Everything that waits in this scope, oldest first."""
        self.grant.require(Right.READ)
        rows = self._rows(_table, _table.c.status == "open", order_by=_table.c.id)
        return [self._record(row) for row in rows]

    def resolve(
        self, question: QuestionRecord, status: QuestionStatus, answer: JsonObject | None
    ) -> QuestionRecord:
        """Answer or cancel an open question, once.

        Raises:
            Conflict: It is no longer open.
        """
        self.grant.require(Right.CONVERSE)
        answer_hash = None
        if answer is not None:
            answer_hash = self.blobs.put_value(answer, SessionId(question.session_id))
        changed = self._update(
            _table,
            _table.c.id == question.id,
            _table.c.status == "open",
            status=status,
            answer_hash=answer_hash,
            answered_at=now(),
            answered_by=self.grant.principal.id,
        )
        if changed != 1:
            state = self.get(question.id).status
            raise Conflict(f"The question `{question.id}` is already {state}.")
        resolved = self.get(question.id)
        self._append(
            resolved,
            "question.resolved",
            {"answer": answer},
            {"status": status, "answer_hash": answer_hash},
        )
        return resolved

    def _append(
        self,
        question: QuestionRecord,
        type_: str,
        transient: JsonObject,
        data: JsonObject | None = None,
    ) -> None:
        journal.append(
            self.connection,
            self.grant,
            topic=session_topic(SessionId(question.session_id)),
            type=type_,
            data={
                "session_id": question.session_id,
                "round_id": question.round_id,
                "turn_id": question.turn_id,
                "question_id": question.id,
                **(data or {}),
            },
            transient=transient,
        )

    def _record(self, row: RowMapping) -> QuestionRecord:
        answer_hash = row["answer_hash"]
        return QuestionRecord(
            id=row["id"],
            session_id=row["session_id"],
            round_id=row["round_id"],
            turn_id=row["turn_id"],
            tool_call_id=row["tool_call_id"],
            kind=row["kind"],
            status=row["status"],
            subject=cast("JsonObject", self.blobs.value(row["subject_hash"])),
            answer=None
            if answer_hash is None
            else cast("JsonObject", self.blobs.value(answer_hash)),
            argument_digest=row["argument_digest"],
            definition_hash=row["definition_hash"],
            asked_at=row["asked_at"],
            answered_at=row["answered_at"],
        )


def shown(question: QuestionRecord) -> Question:
    """The question as the API shows it, without its workspace."""
    return Question.model_validate(
        {
            "id": question.id,
            "kind": question.kind,
            "status": question.status,
            "session_id": question.session_id,
            "round_id": question.round_id,
            "turn_id": question.turn_id,
            "tool_call_id": question.tool_call_id,
            "subject": question.subject,
            "answer": question.answer,
            "asked_at": question.asked_at,
            "answered_at": question.answered_at,
        }
    )
