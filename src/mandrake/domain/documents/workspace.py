"""`workspace.json`: what a workspace is called and where its source comes from."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field, field_serializer

from mandrake.domain.documents.base import Document, DocumentPart
from mandrake.domain.ids import is_id
from mandrake.kit.clock import format_instant

WORKSPACE_NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"
_DEVICE_NAMES = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{device}{number}" for device in ("com", "lpt") for number in range(10)}
)
"""Names that Windows keeps for devices: a home must be movable between machines."""


def check_workspace_name(name: str) -> str:
    """Pass a name that is a folder name on every system and can't be taken for an id.

    Raises:
        ValueError: With what is wrong, fit for a person.
    """
    if re.fullmatch(WORKSPACE_NAME_PATTERN, name) is None:
        raise ValueError(
            f"{name!r:.80} is not a workspace name: letters, digits, `-` and `_`, at most 64, "
            "starting with a letter or digit"
        )
    if name.lower().startswith("ws_"):
        raise ValueError(f"`{name}` would look like an id: names do not start with `ws_`")
    if name.lower() in _DEVICE_NAMES:
        raise ValueError(f"`{name}` is a device name on some systems; choose another")
    return name


def _check_workspace_id(text: str) -> str:
    if not is_id(text, "ws"):
        raise ValueError("a workspace id is `ws_` and 26 characters; it never changes")
    return text


WorkspaceName = Annotated[str, AfterValidator(check_workspace_name)]


class WorkspaceSource(DocumentPart):
    """Where `src/` comes from. The target of a link is read from the link itself."""

    kind: Literal["empty", "clone", "link"] = "empty"
    """`empty`: made here; `clone`: a git clone; `link`: a symbolic link to an existing folder."""
    url: str | None = None
    """For `clone`: what was cloned, without user names and passwords."""


class ContextFile(DocumentPart):
    """Whether a file of `.ws/files` goes into the prompt. Files not listed do."""

    name: str
    """File name, without folders."""
    enabled: bool = True
    """Whether it goes into the prompt."""


class WorkspaceDocument(Document):
    """Identity and description of a workspace."""

    id: Annotated[str, AfterValidator(_check_workspace_id)]
    """`ws_…`; never changes, also when the folder is renamed or moved."""
    name: WorkspaceName
    """Name of the folder; unique in the installation whatever the case."""
    description: str = Field(default="", max_length=2000)
    """One or two sentences for people and for the model."""
    created_at: AwareDatetime
    """When the workspace was made."""
    updated_at: AwareDatetime
    """When this document last changed."""
    metadata: dict[str, str] = {}
    """Free notes of the owner or of other programs."""
    source: WorkspaceSource = WorkspaceSource()
    """Where `src/` comes from."""
    context_files: list[ContextFile] = []
    """Order and switches of the context files."""

    @field_serializer("created_at", "updated_at")
    def _render_instant(self, instant: datetime) -> str:
        return format_instant(instant)
