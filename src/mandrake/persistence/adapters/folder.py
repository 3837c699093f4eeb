"""Documents as files of the home folder.

Every step from the root to the file is opened without following links, so a prepared folder can't
make Mandrake read or write elsewhere. Change detection is a stat signature, taken at each read.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import secrets
import stat
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

from mandrake.domain.documents import DocumentName, invalid_document
from mandrake.domain.documents.parsing import MAX_DOCUMENT_BYTES
from mandrake.domain.ids import ScopeId
from mandrake.errors import FieldProblem, InvalidDocument, NotFound, PreconditionFailed
from mandrake.persistence.ports import ABSENT, DocumentPlace, Locate, StoredDocument

_SETTLED_SECONDS = 0.1
"""A file changed more recently may change again within the same time stamp: read it again."""
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


_Signature = tuple[int, int, int, int]


class FolderDocumentStore:
    """Documents in the folders that `locate` names."""

    def __init__(self, locate: Locate) -> None:
        self._locate = locate
        self._lock = threading.Lock()
        self._cache: dict[tuple[ScopeId, DocumentName], tuple[_Signature, StoredDocument]] = {}

    async def read(self, scope_id: ScopeId, name: DocumentName) -> StoredDocument | None:
        """See `DocumentStore.read`."""
        return await asyncio.to_thread(self._read, scope_id, name)

    async def write(
        self, scope_id: ScopeId, name: DocumentName, content: bytes, *, expected: str | None
    ) -> str:
        """See `DocumentStore.write`."""
        return await asyncio.to_thread(self._write, scope_id, name, content, expected)

    async def set_aside(self, scope_id: ScopeId, name: DocumentName, stamp: str) -> str:
        """See `DocumentStore.set_aside`."""
        return await asyncio.to_thread(self._set_aside, scope_id, name, stamp)

    def label(self, scope_id: ScopeId, name: DocumentName) -> str:
        """See `DocumentStore.label`."""
        return self._locate(scope_id, name).label

    def _read(self, scope_id: ScopeId, name: DocumentName) -> StoredDocument | None:
        place = self._locate(scope_id, name)
        try:
            with _open_folder(place) as folder:
                return self._read_in(folder, place, (scope_id, name))
        except FileNotFoundError:
            return None

    def _read_in(
        self, folder: int, place: DocumentPlace, key: tuple[ScopeId, DocumentName]
    ) -> StoredDocument | None:
        status = os.stat(place.file_name, dir_fd=folder, follow_symlinks=False)
        _require_regular(status, place)
        cached = self._cache.get(key)
        if cached is not None and cached[0] == _signature(status):
            return cached[1]
        # O_NONBLOCK: a named pipe put there after the check must not hang us.
        descriptor = os.open(
            place.file_name,
            os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK,
            dir_fd=folder,
        )
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(file.fileno())
            _require_regular(status, place)
            content = file.read(MAX_DOCUMENT_BYTES + 1)
        stored = StoredDocument(content, hashlib.sha256(content).hexdigest())
        if time.time() - status.st_mtime > _SETTLED_SECONDS:
            self._cache[key] = (_signature(status), stored)
        return stored

    def _write(
        self, scope_id: ScopeId, name: DocumentName, content: bytes, expected: str | None
    ) -> str:
        place = self._locate(scope_id, name)
        with self._lock, _folder_for_writing(place) as folder:
            try:
                current = self._read_in(folder, place, (scope_id, name))
            except FileNotFoundError:
                current = None
            revision = ABSENT if current is None else current.revision
            if expected is not None and revision != expected:
                raise PreconditionFailed(
                    f"`{place.label}` has changed since you read it.",
                    hint="Read it again, redo your change on the new one, and send that.",
                )
            _replace(folder, place.file_name, content)
        return hashlib.sha256(content).hexdigest()

    def _set_aside(self, scope_id: ScopeId, name: DocumentName, stamp: str) -> str:
        place = self._locate(scope_id, name)
        kept = f"{name}.broken-{stamp}.json"
        with self._lock, _folder_for_writing(place) as folder:
            try:
                os.rename(place.file_name, kept, src_dir_fd=folder, dst_dir_fd=folder)
            except FileNotFoundError:
                raise NotFound(f"There is no `{place.label}` to set aside.") from None
            os.fsync(folder)
        return place.label.removesuffix(place.file_name) + kept


@contextmanager
def _open_folder(place: DocumentPlace) -> Generator[int]:
    """The folder of a document, no step through a link."""
    descriptor = os.open(place.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for step in place.folders:
            try:
                inner = os.open(step, _FOLDER_FLAGS, dir_fd=descriptor)
            except NotADirectoryError:
                # Linux answers so for a link too, when O_DIRECTORY and O_NOFOLLOW meet.
                raise _no_document(
                    place, f"`{step}` on the way to it is a link or a file, not a folder"
                ) from None
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _folder_for_writing(place: DocumentPlace) -> Generator[int]:
    try:
        with _open_folder(place) as folder:
            yield folder
    except FileNotFoundError:
        raise NotFound(f"The folder of `{place.label}` does not exist.") from None


def _replace(folder: int, file_name: str, content: bytes) -> None:
    """Temporary file, flush, rename, flush the folder: a crash leaves the old or the new."""
    prefix = f".{file_name}."
    for leftover in os.listdir(folder):
        if leftover.startswith(prefix) and leftover.endswith(".tmp"):
            os.unlink(leftover, dir_fd=folder)
    temporary = f"{prefix}{secrets.token_hex(6)}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, 0o600, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.rename(temporary, file_name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)
        raise
    os.fsync(folder)


def _signature(status: os.stat_result) -> _Signature:
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def _require_regular(status: os.stat_result, place: DocumentPlace) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise _no_document(place, "not a regular file: links and folders are not read")


def _no_document(place: DocumentPlace, problem: str) -> InvalidDocument:
    return invalid_document(place.label, [FieldProblem("", problem)])
