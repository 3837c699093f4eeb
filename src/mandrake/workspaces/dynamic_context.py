"""Verbs over `dynamic.json` of one scope. Running the calls is the coordinator's part.

As with servers: what is written here is accepted, what was found in the file waits.
"""

from __future__ import annotations

from dataclasses import dataclass

from mandrake.domain.documents import DynamicDocument, DynamicEntry
from mandrake.domain.principals import Grant
from mandrake.errors import Conflict, NotFound
from mandrake.kit.canonical import digest
from mandrake.security.trust import DefinitionTrust
from mandrake.workspaces.documents import DocumentManager


@dataclass(frozen=True, slots=True)
class DynamicDefinition:
    """One saved call, and whether it may be made."""

    entry: DynamicEntry
    hash: str
    accepted: bool


class DynamicContextManager:
    """The saved calls of one scope."""

    def __init__(self, documents: DocumentManager[DynamicDocument], trust: DefinitionTrust) -> None:
        self.documents = documents
        self._trust = trust

    async def list(self, grant: Grant) -> tuple[DynamicDefinition, ...]:
        """Saved calls in the document's order."""
        state = await self.documents.get(grant)
        accepted = {(row.name, row.hash) for row in await self._trust.list(grant, "dynamic")}
        found: list[DynamicDefinition] = []
        for entry in state.document.entries:
            entry_hash = dynamic_hash(entry)
            found.append(DynamicDefinition(entry, entry_hash, (entry.id, entry_hash) in accepted))
        return tuple(found)

    async def get(self, grant: Grant, entry_id: str) -> DynamicDefinition:
        """One saved call.

        Raises:
            NotFound: There is none of that id.
        """
        for definition in await self.list(grant):
            if definition.entry.id == entry_id:
                return definition
        raise _missing(entry_id)

    async def put(
        self, grant: Grant, entry: DynamicEntry, *, if_match: str | None = None
    ) -> DynamicDefinition:
        """Write and accept one saved call: in place of the one with its id, or at the end."""

        def change(document: DynamicDocument) -> DynamicDocument:
            entries = [entry if kept.id == entry.id else kept for kept in document.entries]
            if all(kept.id != entry.id for kept in document.entries):
                entries.append(entry)
            return document.model_copy(update={"entries": entries})

        state = await self.documents.edit(grant, change, if_match=if_match)
        written = next(kept for kept in state.document.entries if kept.id == entry.id)
        await self._trust.accept(grant, "dynamic", {entry.id: dynamic_hash(written)})
        return DynamicDefinition(written, dynamic_hash(written), accepted=True)

    async def remove(self, grant: Grant, entry_id: str, *, if_match: str | None = None) -> None:
        """Remove one saved call.

        Raises:
            NotFound: There is none of that id.
        """

        def change(document: DynamicDocument) -> DynamicDocument:
            entries = [kept for kept in document.entries if kept.id != entry_id]
            if len(entries) == len(document.entries):
                raise _missing(entry_id)
            return document.model_copy(update={"entries": entries})

        await self.documents.edit(grant, change, if_match=if_match)

    async def accept(self, grant: Grant, entry_id: str, *, hash: str) -> DynamicDefinition:  # noqa: A002 - the contract's word
        """Accept a saved call that waits: exactly the one that was shown, named by its hash.

        Raises:
            NotFound: There is none of that id.
            Conflict: It changed since it was shown.
        """
        definition = await self.get(grant, entry_id)
        if definition.hash != hash:
            raise Conflict(
                f"The saved call `{entry_id}` changed since you looked at it.",
                code="conflict.definition",
                hint="Look at it again, then accept what you see.",
            )
        await self._trust.accept(grant, "dynamic", {entry_id: hash})
        return await self.get(grant, entry_id)


def dynamic_hash(entry: DynamicEntry) -> str:
    """Hash of a saved call as a person accepts it: server, tool and arguments. How often it runs
    and how much of it is kept doesn't matter.
    """
    return digest([entry.server, entry.tool, entry.arguments])


def _missing(entry_id: str) -> NotFound:
    return NotFound(f"There is no saved call `{entry_id:.64}` here.")
