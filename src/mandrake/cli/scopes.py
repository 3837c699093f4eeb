"""Which scope a command means: the installation, a workspace by name, or the one you stand in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from mandrake.cli import wire
from mandrake.cli.client import ApiClient
from mandrake.errors import InvalidInput, MandrakeError, NotFound

WELCOME = "welcome"


@dataclass(frozen=True, slots=True)
class Scope:
    """A place of the API."""

    prefix: str
    """What a route of the scope starts with; empty for the installation."""
    name: str | None = None
    """The workspace's name; None for the installation."""

    @property
    def option(self) -> str:
        """How a command names this scope."""
        return "--installation" if self.name is None else f"--workspace {self.name}"

    def path(self, *parts: str) -> str:
        """A route of the scope; the parts are quoted."""
        return "/".join((self.prefix, *(quote(part, safe="") for part in parts)))


INSTALLATION = Scope("")


def workspace_scope(name: str) -> Scope:
    """The scope of a workspace, by name or id."""
    return Scope(f"/workspaces/{quote(name, safe='')}", name)


async def choose_scope(
    api: ApiClient, workspace: str | None, *, installation: bool = False
) -> Scope:
    """What was named; else the workspace whose source the current folder lies in; else the only
    workspace there is, if it is the sample.

    Raises:
        InvalidInput: Both were named, or none and there is no such workspace; lists the names.
    """
    if installation:
        if workspace is not None:
            raise InvalidInput(
                "`--workspace` and `--installation` exclude each other.", hint="Keep one of them."
            )
        return INSTALLATION
    if workspace is not None:
        return workspace_scope(workspace)
    workspaces = await api.items("/workspaces", wire.Workspace)
    here = workspace_of_folder(workspaces, Path.cwd())
    if here is not None:
        return workspace_scope(here.name)
    if [each.name for each in workspaces] == [WELCOME]:
        return workspace_scope(WELCOME)
    raise unnamed_workspace([each.name for each in workspaces])


def workspace_of_folder(workspaces: list[wire.Workspace], folder: Path) -> wire.Workspace | None:
    """The workspace whose source is or holds `folder`; the deepest, when several do."""
    folder = folder.resolve()
    best: tuple[int, wire.Workspace] | None = None
    for workspace in workspaces:
        if not workspace.source.path:
            continue
        source = Path(workspace.source.path).resolve()
        depth = len(source.parts)
        if folder.is_relative_to(source) and (best is None or depth > best[0]):
            best = (depth, workspace)
    return best[1] if best else None


def unnamed_workspace(names: list[str]) -> InvalidInput:
    """The error when no workspace was named and none is meant by itself."""
    if not names:
        return InvalidInput(
            "There is no workspace yet.", hint="Make one: `mandrake workspace create NAME`."
        )
    listed = ", ".join(f"`{name}`" for name in sorted(names)[:20])
    return InvalidInput(
        f"Which workspace? There are {listed}.",
        hint=f"Add `--workspace {min(names)}`, or run the command in a linked folder.",
    )


async def find_session(
    api: ApiClient, session_id: str, workspace: str | None, *, installation: bool = False
) -> tuple[Scope, wire.Session]:
    """A session by its id, wherever it lives, or only in the scope that was named.

    Raises:
        NotFound: It is nowhere.
    """
    if workspace is not None or installation:
        scopes = [await choose_scope(api, workspace, installation=installation)]
    else:
        workspaces = await api.items("/workspaces", wire.Workspace)
        scopes = [*(workspace_scope(each.name) for each in workspaces), INSTALLATION]
    for scope in scopes:
        try:
            answer = await api.get(scope.path("sessions", session_id))
        except MandrakeError as error:
            if error.code.split(".")[0] != "not_found":
                raise
            continue
        return scope, answer.decode(wire.Session)
    raise NotFound(
        f"There is no session `{session_id}`.", hint="`mandrake session list` shows the sessions."
    )
