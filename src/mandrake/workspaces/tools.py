"""Verbs over `tools.json` of one scope: entries, import, review and resolution.

What is written here was written by a person and is accepted at once; what was found in the file
(edited by hand, adopted, restored) waits until `accept`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from pydantic import JsonValue, ValidationError

from mandrake.domain.documents import (
    SecretReference,
    ServerEntry,
    ToolsDocument,
    check_key,
    invalid_document,
    problems_of,
)
from mandrake.domain.documents.base import Reference
from mandrake.domain.principals import Grant
from mandrake.errors import Conflict, FieldProblem, InvalidInput, NotFound
from mandrake.kit.redaction import looks_secret
from mandrake.security.secrets import SecretStore
from mandrake.security.trust import DefinitionTrust
from mandrake.workspaces.documents import DocumentManager
from mandrake.workspaces.layout import ScopePaths
from mandrake.workspaces.resolution import (
    ResolvedServer,
    definition_hash,
    references_of,
    resolve_server,
)

_SECRET_NAME = re.compile(
    r"(^|[_-])(token|secret|password|passwd|pwd|apikey|api[_-]?key|access[_-]?key|private[_-]?key"
    r"|credential|credentials|auth|authorization|pat)([_-]|$)",
    re.IGNORECASE,
)
_MIN_SECRET_LENGTH = 8
_NAME_IN_STORE = re.compile(r"[^A-Za-z0-9_.-]")


@dataclass(frozen=True, slots=True)
class ServerDefinition:
    """One entry of the set in use, and whether it may start."""

    key: str
    entry: ServerEntry
    hash: str
    accepted: bool
    """Whether exactly this definition was accepted; else it waits as `needs_review`."""

    @property
    def references(self) -> dict[str, Reference]:
        """Secrets and variables it asks for, by where."""
        return references_of(self.entry)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did."""

    keys: tuple[str, ...]
    """Servers written, in the order of the block."""
    renamed: Mapping[str, str]
    """Old name to key, where a name was no key."""
    secret_names: tuple[str, ...]
    """Values that were moved into the secret store."""


class ToolsManager:
    """The server definitions of one scope."""

    def __init__(
        self,
        documents: DocumentManager[ToolsDocument],
        trust: DefinitionTrust,
        secrets: SecretStore,
        paths: ScopePaths,
        environment: Mapping[str, str],
    ) -> None:
        self.documents = documents
        self._trust = trust
        self._secrets = secrets
        self._paths = paths
        self._environment = environment

    async def list(self, grant: Grant) -> tuple[ServerDefinition, ...]:
        """The set in use, in the document's order."""
        state = await self.documents.get(grant)
        accepted = {(row.name, row.hash) for row in await self._trust.list(grant, "server")}
        found: list[ServerDefinition] = []
        for key, entry in state.document.servers.items():
            entry_hash = definition_hash(entry)
            found.append(ServerDefinition(key, entry, entry_hash, (key, entry_hash) in accepted))
        return tuple(found)

    async def get(self, grant: Grant, key: str) -> ServerDefinition:
        """One definition.

        Raises:
            NotFound: The set in use has no such server.
        """
        for definition in await self.list(grant):
            if definition.key == key:
                return definition
        raise _missing(key)

    async def put(
        self,
        grant: Grant,
        key: str,
        entry: ServerEntry,
        *,
        if_match: str | None = None,
        must: Literal["exist", "be new"] | None = None,
    ) -> ServerDefinition:
        """Write and accept one entry.

        Raises:
            InvalidInput: The key can't be used.
            Conflict: It `must` be new and is not.
            NotFound: It `must` exist and does not.
            PreconditionFailed: The document has another revision than `if_match`.
        """
        _require_key(key)

        def change(document: ToolsDocument) -> ToolsDocument:
            if must == "be new" and key in document.servers:
                raise Conflict(f"There is already a server `{key}`; change it instead.")
            if must == "exist" and key not in document.servers:
                raise _missing(key)
            return document.with_servers({**document.servers, key: entry})

        # Before it is written: whoever looks at the new document finds it accepted already.
        await self._trust.accept(grant, "server", {key: definition_hash(entry)})
        state = await self.documents.edit(grant, change, if_match=if_match)
        # As it was read back, so that the hash is the one that the next look computes.
        written = state.document.servers[key]
        entry_hash = definition_hash(written)
        await self._trust.accept(grant, "server", {key: entry_hash})
        return ServerDefinition(key, written, entry_hash, accepted=True)

    async def remove(self, grant: Grant, key: str, *, if_match: str | None = None) -> None:
        """Remove one entry; its data folder stays.

        Raises:
            NotFound: The set in use has no such server.
        """

        def change(document: ToolsDocument) -> ToolsDocument:
            if key not in document.servers:
                raise _missing(key)
            servers = {name: entry for name, entry in document.servers.items() if name != key}
            return document.with_servers(servers)

        await self.documents.edit(grant, change, if_match=if_match)

    async def set_enabled(self, grant: Grant, key: str, *, enabled: bool) -> ServerDefinition:
        """Switch one server on or off. Its acceptance stays as it is.

        Raises:
            NotFound: The set in use has no such server.
        """

        def change(document: ToolsDocument) -> ToolsDocument:
            entry = document.servers.get(key)
            if entry is None:
                raise _missing(key)
            changed = entry.model_copy(update={"enabled": enabled})
            return document.with_servers({**document.servers, key: changed})

        await self.documents.edit(grant, change)
        return await self.get(grant, key)

    async def set_approval(
        self, grant: Grant, key: str, tool: str, approval: Literal["auto", "ask", "deny"] | None
    ) -> ServerDefinition:
        """Remember an answer for one tool; None forgets it. An accepted definition stays accepted,
        one that waits goes on waiting.

        Raises:
            NotFound: The set in use has no such server.
        """
        before = await self.get(grant, key)

        def change(document: ToolsDocument) -> ToolsDocument:
            entry = document.servers.get(key)
            if entry is None:
                raise _missing(key)
            approvals = {name: kept for name, kept in entry.tools.approval.items() if name != tool}
            if approval is not None:
                approvals[tool] = approval
            tools = entry.tools.model_copy(update={"approval": approvals})
            changed = entry.model_copy(update={"tools": tools})
            return document.with_servers({**document.servers, key: changed})

        if before.accepted:
            # Before it is written, or the server would be stopped as one that waits for review.
            planned = change((await self.documents.get(grant)).document).servers[key]
            await self._trust.accept(grant, "server", {key: definition_hash(planned)})
        state = await self.documents.edit(grant, change)
        if before.accepted:
            changed_hash = definition_hash(state.document.servers[key])
            await self._trust.accept(grant, "server", {key: changed_hash})
        return await self.get(grant, key)

    async def accept(self, grant: Grant, key: str, *, hash: str) -> ServerDefinition:  # noqa: A002 - the contract's word
        """Accept a definition that waits: exactly the one that was shown, named by its hash.

        Raises:
            NotFound: The set in use has no such server.
            Conflict: It changed since it was shown.
        """
        definition = await self.get(grant, key)
        if definition.hash != hash:
            raise Conflict(
                f"The definition of `{key}` changed since you looked at it.",
                code="conflict.definition",
                hint="Look at it again, then accept what you see.",
            )
        await self._trust.accept(grant, "server", {key: hash})
        return await self.get(grant, key)

    async def import_block(
        self, grant: Grant, block: JsonValue, *, replace: bool = False
    ) -> ImportReport:
        """Take over servers from another program's configuration.

        Understands `{"mcpServers": …}`, `{"servers": …}`, `{"mcp": {"servers": …}}` and the bare
        map. Literals that look like secrets go into the secret store first; nothing is written
        unless everything holds. What is imported waits for review.

        Raises:
            InvalidDocument: Not such a block, or an entry does not hold; names the field.
            Conflict: A server of that key exists and `replace` is not set.
        """
        entries, renamed, found_secrets = parse_import(block)

        def change(document: ToolsDocument) -> ToolsDocument:
            taken = sorted(set(entries) & set(document.servers))
            if taken and not replace:
                raise Conflict(
                    f"There is already a server `{taken[0]}`.",
                    hint="Rename it in the block, or import with `replace`.",
                )
            return document.with_servers({**document.servers, **entries})

        # First a trial: a refused import leaves no secrets behind.
        change((await self.documents.get(grant)).document)
        for name, value in found_secrets.items():
            await self._secrets.set(grant, name, value)
        await self.documents.edit(grant, change)
        return ImportReport(tuple(entries), renamed, tuple(found_secrets))

    async def resolve(self, grant: Grant, key: str) -> ResolvedServer:
        """What is started or reached for one server.

        Raises:
            NotFound: No such server, or a secret, variable or mounted path is missing.
            Conflict: Its definition was not accepted: `conflict.needs_review`.
            InvalidInput: A mount may not be made.
        """
        definition = await self.get(grant, key)
        if not definition.accepted:
            raise Conflict(
                f"The definition of `{key}` was not accepted yet.",
                code="conflict.needs_review",
                hint=f"Look at it and accept it: `mandrake tool accept {key}`.",
            )

        return await self.resolve_entry(grant, key, definition.entry)

    async def resolve_entry(self, grant: Grant, key: str, entry: ServerEntry) -> ResolvedServer:
        """`resolve` for an entry that a person is trying out and that stands in no document."""

        async def secret(name: str) -> str:
            return await self._secrets.resolve(grant, name)

        return await resolve_server(key, entry, self._paths, secret, self._environment)


def parse_import(
    block: JsonValue,
) -> tuple[dict[str, ServerEntry], dict[str, str], dict[str, str]]:
    """Entries by key, renamed keys, and secrets by name. Pure.

    Raises:
        InvalidDocument: Not an importable block, or an entry does not hold.
    """
    entries: dict[str, ServerEntry] = {}
    renamed: dict[str, str] = {}
    secrets: dict[str, str] = {}
    for name, raw in _servers_in(block).items():
        key = _key_for(name, set(entries))
        if key != name:
            renamed[name] = key
        if not isinstance(raw, dict):
            raise _import_problem(name, "an object is expected")
        try:
            entries[key] = ServerEntry.model_validate(_moved_secrets(key, _adapted(raw), secrets))
        except ValidationError as error:
            problems = problems_of(error, raw)
            raise invalid_document(
                "the imported block",
                [FieldProblem(f"{name}.{p.path}".rstrip("."), p.message) for p in problems],
            ) from None
    return entries, renamed, secrets


def _servers_in(block: JsonValue) -> dict[str, JsonValue]:
    candidate = block
    if isinstance(block, dict):
        inner = block.get("mcp")
        for holder in (block, inner if isinstance(inner, dict) else {}):
            for word in ("mcpServers", "servers"):
                if isinstance(holder.get(word), dict):
                    candidate = holder[word]
    if not isinstance(candidate, dict) or not candidate:
        raise _import_problem("", 'an object like {"mcpServers": {…}} with a server is expected')
    return candidate


def _adapted(raw: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Other programs' names: `type` is told by the fields anyway, `serverUrl` is `url`."""
    entry = dict(raw)
    if entry.get("type") in ("stdio", "http", "sse", "streamable-http", "streamableHttp"):
        del entry["type"]
    if "serverUrl" in entry and "url" not in entry:
        entry["url"] = entry.pop("serverUrl")
    return entry


def _moved_secrets(
    key: str, raw: dict[str, JsonValue], secrets: dict[str, str]
) -> dict[str, JsonValue]:
    entry = dict(raw)
    for area in ("env", "headers"):
        values = entry.get(area)
        if not isinstance(values, dict):
            continue
        moved = dict(values)
        for name, value in values.items():
            if isinstance(value, str) and is_secret_literal(name, value):
                stored_as = _NAME_IN_STORE.sub("-", f"{key}.{name}")[:64]
                secrets[stored_as] = value
                moved[name] = SecretReference(secret=stored_as).model_dump()
        entry[area] = cast("JsonValue", moved)
    return entry


def is_secret_literal(name: str, value: str) -> bool:
    """Whether a literal belongs into the secret store, by its name or by its shape."""
    if not value or "${" in value:
        return False
    if looks_secret(value):
        return True
    return len(value) >= _MIN_SECRET_LENGTH and _SECRET_NAME.search(name) is not None


def _key_for(name: str, taken: set[str]) -> str:
    """The name as a key: as it is when it is one, else the nearest that is free."""
    slug = re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-_")[:28] or "server"
    candidate = name if _is_key(name) else slug
    number = 2
    while not _is_key(candidate) or candidate in taken:
        candidate = f"{slug}-{number}"
        number += 1
    return candidate


def _is_key(text: str) -> bool:
    try:
        check_key(text)
    except ValueError:
        return False
    return True


def _require_key(key: str) -> None:
    try:
        check_key(key)
    except ValueError as error:
        raise InvalidInput(f"{error}.", errors=[FieldProblem("key", str(error))]) from None


def _import_problem(path: str, message: str) -> Exception:
    return invalid_document("the imported block", [FieldProblem(path, message)])


def _missing(key: str) -> NotFound:
    return NotFound(f"There is no server `{key:.64}` here.", hint="See `mandrake tool list`.")
