"""What managers ask of storage that is not the database, by role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from mandrake.domain.documents import DocumentName
from mandrake.domain.ids import ScopeId

ABSENT: Final = "absent"
"""The revision of a document that has no file."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """The bytes of a document as they are now, and their revision."""

    content: bytes
    revision: str
    """SHA-256 of `content` in hex: the ETag."""


@dataclass(frozen=True, slots=True)
class DocumentPlace:
    """Where a document lies: a folder that is trusted, and the steps from there."""

    root: Path
    folders: tuple[str, ...]
    file_name: str
    label: str
    """The path as a person finds it, relative to the home."""


Locate = Callable[[ScopeId, DocumentName], DocumentPlace]
"""Raises `NotFound` for a scope that does not exist."""


class DocumentStore(Protocol):
    """Bytes of documents by scope and name. Knows no document's meaning.

    Safe for concurrent use. Changes made behind its back are seen at the next `read`.
    """

    async def read(self, scope_id: ScopeId, name: DocumentName) -> StoredDocument | None:
        """The document as it is now, or None when there is none.

        Raises:
            InvalidDocument: What is there is no document: a link, a folder, or far too large.
        """
        ...

    async def write(
        self, scope_id: ScopeId, name: DocumentName, content: bytes, *, expected: str | None
    ) -> str:
        """Replace the document atomically and durably; gives its new revision.

        `expected` is the revision it must have now (`ABSENT` for none); None writes regardless.

        Raises:
            PreconditionFailed: It has another revision; nothing was written.
            InvalidDocument: What is there is no document, or the way to it leads through a link.
        """
        ...

    async def set_aside(self, scope_id: ScopeId, name: DocumentName, stamp: str) -> str:
        """Rename the document to `<name>.broken-<stamp>.json` beside it; gives the new label.

        Raises:
            NotFound: There is nothing to set aside.
        """
        ...

    def label(self, scope_id: ScopeId, name: DocumentName) -> str:
        """The document as a person finds it, such as `workspaces/alpha/.ws/config/tools.json`."""
        ...
