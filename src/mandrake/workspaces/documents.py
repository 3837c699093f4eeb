"""The life of one document of one scope: read, write, history, undo, and what is broken.

The file is the truth; the last 50 accepted revisions in the scope's database are its history, the
undo, and the last good version. A file that does not hold is never overwritten: the last good
version is served read-only until the file is mended by hand or `restore` is asked for.

Knows no paths (the store does) and no document's meaning (the verbs beside it do).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar, cast

from pydantic import JsonValue
from sqlalchemy import ColumnElement, Connection, delete, insert, select

from mandrake.domain.documents import (
    Document,
    DocumentKind,
    DocumentName,
    parse_document,
    render_document,
)
from mandrake.domain.events import workspace_topic
from mandrake.domain.ids import ScopeId
from mandrake.domain.principals import Grant, Right
from mandrake.errors import Conflict, FieldProblem, InvalidDocument, NotFound, PreconditionFailed
from mandrake.kit.clock import Clock, SystemClock, format_instant
from mandrake.persistence import journal
from mandrake.persistence.database import Database
from mandrake.persistence.ports import ABSENT, DocumentStore, StoredDocument
from mandrake.persistence.schema import document_revisions
from mandrake.telemetry.logging import get_logger

D = TypeVar("D", bound=Document)

KEPT_REVISIONS: Final = 50
HAND_EDIT: Final = "hand edit"
"""Actor of a revision that was found in the file, not written through us."""
FIRST_SEEN: Final = "first seen"
"""Actor of the first revision of a document that was there before its history."""

_log = get_logger(__name__)
_rows = document_revisions.c


@dataclass(frozen=True, slots=True)
class DocumentState(Generic[D]):
    """A document as it is now."""

    document: D
    """When `broken`: the last good version, or the default when there never was one."""
    revision: str
    """ETag of `document`; `absent` when it has no file and this is the default."""
    broken: bool = False
    """Whether the file on disk does not hold; then writes are refused."""
    problems: tuple[FieldProblem, ...] = ()
    """What is wrong with the file on disk, with lines."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One accepted version of a document."""

    number: int
    """Counts from 1 and is never reused."""
    revision: str
    at: str
    actor: str
    """Id of a principal, `hand edit` or `first seen`."""


@dataclass(slots=True)
class _Seen(Generic[D]):
    """The answer for one revision of the file, so that an unchanged file is parsed once."""

    file_revision: str = ""
    state: DocumentState[D] | None = field(default=None)


class DocumentManager(Generic[D]):
    """One document of one scope. Several managers of the same document may stand side by side."""

    def __init__(
        self,
        kind: DocumentKind[D],
        scope_id: ScopeId,
        store: DocumentStore,
        database: Database,
        clock: Clock | None = None,
    ) -> None:
        self.kind = kind
        self.scope_id = scope_id
        self._store = store
        self._database = database
        self._clock = clock or SystemClock()
        self._lock = asyncio.Lock()
        self._seen = _Seen[D]()

    @property
    def name(self) -> DocumentName:
        """`tools`, `models`, …: as in routes and events."""
        return self.kind.name

    @property
    def label(self) -> str:
        """The file as a person finds it, relative to the home."""
        return self._store.label(self.scope_id, self.name)

    async def get(self, grant: Grant) -> DocumentState[D]:
        """The document now; hand edits since the last look are accepted and recorded.

        Raises:
            InvalidDocument: It is broken, has no last good version and no default.
            NotFound: It has no file and no default.
        """
        self._require(grant, Right.READ)
        async with self._lock:
            return await self._look(grant)

    async def put(
        self, grant: Grant, document: D, *, if_match: str | None = None
    ) -> DocumentState[D]:
        """Replace the document. `if_match` is the revision the caller read; None writes anyway.

        Raises:
            PreconditionFailed: It has another revision by now.
            InvalidDocument: The new one does not hold, or the file on disk is broken.
        """
        return await self.edit(grant, lambda _: document, if_match=if_match)

    async def edit(
        self, grant: Grant, change: Callable[[D], D], *, if_match: str | None = None
    ) -> DocumentState[D]:
        """Read, change, write, as one step. `change` is pure; returning an equal document writes
        nothing.

        Raises:
            PreconditionFailed: It has another revision than `if_match`.
            InvalidDocument: The changed one does not hold, or the file on disk is broken.
        """
        self._require(grant, Right.CONFIGURE)
        async with self._lock:
            state = await self._look(grant)
            self._refuse_broken(state)
            if if_match is not None and if_match != state.revision:
                raise PreconditionFailed(
                    f"`{self.label}` has changed since you read it.",
                    hint="Read it again, redo your change on the new one, and send that.",
                )
            changed = change(state.document)
            if changed == state.document and state.revision != ABSENT:
                return state
            return await self._write(grant, changed, expected=state.revision)

    async def patch(
        self, grant: Grant, changes: Mapping[str, JsonValue], *, if_match: str | None = None
    ) -> DocumentState[D]:
        """Merge `changes` into the file's form: objects merge, `null` removes a key.

        Source: RFC 7396, "JSON Merge Patch".

        Raises:
            PreconditionFailed: It has another revision than `if_match`.
            InvalidDocument: The result does not hold, or the file on disk is broken.
        """

        def change(document: D) -> D:
            data = cast("JsonValue", json.loads(render_document(document)))
            content = json.dumps(merge_patch(data, dict(changes))).encode("utf-8")
            return parse_document(self.kind.model, content, label=f"{self.name}.json, as changed")

        return await self.edit(grant, change, if_match=if_match)

    async def history(self, grant: Grant) -> list[Revision]:
        """Accepted revisions, newest first, at most 50."""
        self._require(grant, Right.READ)
        columns = (_rows.number, _rows.revision, _rows.at, _rows.actor)
        query = select(*columns).where(*self._mine(grant)).order_by(_rows.number.desc())
        found = await self._database.read(lambda connection: connection.execute(query).all())
        return [Revision(row.number, row.revision, row.at, row.actor) for row in found]

    async def get_revision(self, grant: Grant, number: int) -> D:
        """An old version.

        Raises:
            NotFound: It is not among the kept ones.
            InvalidDocument: It does not hold by today's rules.
        """
        self._require(grant, Right.READ)
        query = select(_rows.content).where(*self._mine(grant)).where(_rows.number == number)
        content = await self._database.read(
            lambda connection: connection.execute(query).scalar_one_or_none()
        )
        if content is None:
            raise NotFound(f"`{self.label}` has no kept revision {number}.")
        return parse_document(self.kind.model, content, label=f"{self.label}, revision {number}")

    async def undo(
        self, grant: Grant, *, to: int | None = None, if_match: str | None = None
    ) -> DocumentState[D]:
        """Make an old revision the newest: number `to`, or the one before the current.

        Raises:
            NotFound: There is no such revision.
            InvalidDocument: The file on disk is broken: mend or restore it first.
        """
        if to is None:
            revisions = await self.history(grant)
            if len(revisions) < 2:
                raise NotFound(f"`{self.label}` has no earlier revision to go back to.")
            to = revisions[1].number
        document = await self.get_revision(grant, to)
        return await self.put(grant, document, if_match=if_match)

    async def restore(self, grant: Grant) -> DocumentState[D]:
        """Give up a broken file: it is kept as `<name>.broken-<stamp>.json`, and the last good
        version (or the default) takes its place.

        Raises:
            Conflict: The file is not broken.
            InvalidDocument: Nothing is there to take its place.
        """
        self._require(grant, Right.CONFIGURE)
        async with self._lock:
            state = await self._look(grant)
            if not state.broken:
                raise Conflict(f"`{self.label}` is not broken; there is nothing to restore.")
            stamp = self._clock.now().strftime("%Y%m%dT%H%M%SZ")
            kept = await self._store.set_aside(self.scope_id, self.name, stamp)
            _log.warning("broken document set aside", document=self.label, kept_as=kept)
            return await self._write(grant, state.document, expected=ABSENT)

    # ---- looking ----

    async def _look(self, grant: Grant) -> DocumentState[D]:
        try:
            stored = await self._store.read(self.scope_id, self.name)
        except InvalidDocument as error:
            return await self._serve_last_good(grant, error)
        if stored is None:
            return await self._look_at_nothing(grant)
        if self._seen.state is not None and self._seen.file_revision == stored.revision:
            return self._seen.state
        try:
            document = parse_document(self.kind.model, stored.content, label=self.label)
        except InvalidDocument as error:
            state = await self._serve_last_good(grant, error)
        else:
            await self._record_found(grant, stored)
            state = DocumentState(document, stored.revision)
        self._seen = _Seen(stored.revision, state)
        return state

    async def _look_at_nothing(self, grant: Grant) -> DocumentState[D]:
        if self.kind.make_default is None:
            raise NotFound(f"`{self.label}` does not exist.")
        if self._seen.state is not None and self._seen.file_revision != ABSENT:
            await self._database.write(lambda connection: self._announce(connection, grant, ABSENT))
        state = DocumentState(self.kind.make_default(), ABSENT)
        self._seen = _Seen(ABSENT, state)
        return state

    async def _serve_last_good(self, grant: Grant, error: InvalidDocument) -> DocumentState[D]:
        _log.warning("document does not hold", document=self.label, problem=error.detail)
        query = select(_rows.content, _rows.revision).where(*self._mine(grant))
        query = query.order_by(_rows.number.desc())
        found = await self._database.read(lambda connection: connection.execute(query).all())
        for row in found:
            try:
                document = parse_document(self.kind.model, row.content, label=self.label)
            except InvalidDocument:
                # Accepted by an older Mandrake with other rules; an earlier one may still hold.
                continue
            return DocumentState(document, row.revision, broken=True, problems=error.errors)
        if self.kind.make_default is None:
            raise error
        return DocumentState(self.kind.make_default(), ABSENT, broken=True, problems=error.errors)

    def _refuse_broken(self, state: DocumentState[D]) -> None:
        if not state.broken:
            return
        problem = state.problems[0] if state.problems else FieldProblem("", "does not hold")
        place = f", `{problem.path}`" if problem.path else ""
        raise InvalidDocument(
            f"`{self.label}`{place}: {problem.message}. Nothing was written.",
            code="invalid.document.broken",
            hint=(
                "Mend the file by hand; or restore the last good version, "
                "which keeps the broken file beside it."
            ),
            errors=state.problems,
        )

    # ---- writing ----

    async def _write(self, grant: Grant, document: D, *, expected: str) -> DocumentState[D]:
        content = render_document(document)
        # By the kind's own rules, and as the next reader gets it: the form that was written.
        written = parse_document(self.kind.model, content, label=f"{self.name}.json, as changed")
        revision = await self._store.write(self.scope_id, self.name, content, expected=expected)

        def unit(connection: Connection) -> None:
            self._insert(connection, grant, StoredDocument(content, revision), grant.principal.id)
            self._announce(connection, grant, revision)

        await self._database.write(unit)
        state = DocumentState(written, revision)
        self._seen = _Seen(revision, state)
        return state

    async def _record_found(self, grant: Grant, stored: StoredDocument) -> None:
        query = (
            select(_rows.revision).where(*self._mine(grant)).order_by(_rows.number.desc()).limit(1)
        )
        newest = await self._database.read(
            lambda connection: connection.execute(query).scalar_one_or_none()
        )
        if newest == stored.revision:
            return

        def unit(connection: Connection) -> None:
            actor = FIRST_SEEN if newest is None else HAND_EDIT
            self._insert(connection, grant, stored, actor)
            self._announce(connection, grant, stored.revision)

        await self._database.write(unit)

    def _insert(
        self, connection: Connection, grant: Grant, stored: StoredDocument, actor: str
    ) -> None:
        query = select(_rows.number, _rows.revision).where(*self._mine(grant))
        newest = connection.execute(query.order_by(_rows.number.desc()).limit(1)).first()
        if newest is not None and newest.revision == stored.revision:
            # A second manager of the same document recorded it first.
            return
        number = 1 if newest is None else int(newest.number) + 1
        connection.execute(
            insert(document_revisions).values(
                organization_id=grant.organization_id,
                scope_id=self.scope_id,
                name=self.name,
                number=number,
                revision=stored.revision,
                content=stored.content,
                at=format_instant(self._clock.now()),
                actor=actor,
            )
        )
        connection.execute(
            delete(document_revisions).where(
                *self._mine(grant), _rows.number <= number - KEPT_REVISIONS
            )
        )

    def _announce(self, connection: Connection, grant: Grant, revision: str) -> None:
        journal.append(
            connection,
            grant,
            topic=workspace_topic(self.scope_id),
            type="document.changed",
            data={"name": self.name, "revision": revision},
        )

    def _require(self, grant: Grant, right: Right) -> None:
        grant.require(right)
        if grant.scope_id != self.scope_id:
            raise NotFound("There is no such thing, or it is not yours to use.")

    def _mine(self, grant: Grant) -> tuple[ColumnElement[bool], ...]:
        return (
            _rows.organization_id == grant.organization_id,
            _rows.scope_id == self.scope_id,
            _rows.name == self.name,
        )


def merge_patch(target: JsonValue, patch: JsonValue) -> JsonValue:
    """Source: RFC 7396, section 2."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged
