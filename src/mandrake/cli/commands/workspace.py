"""`mandrake workspace`: the workspaces of the installation."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mandrake.cli.options import JsonOption, YesOption, workspace_names
from mandrake.cli.output import note, print_fields, print_json, print_table, say, shown_time
from mandrake.cli.running import with_api
from mandrake.errors import InvalidInput

if TYPE_CHECKING:
    from mandrake.cli import wire
    from mandrake.cli.client import ApiClient

app = typer.Typer(
    name="workspace",
    help="Workspaces: make, see, delete.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
NameArgument = Annotated[
    str,
    typer.Argument(metavar="NAME", help="Name or id.", autocompletion=workspace_names),
]


class SourceKind(StrEnum):
    """Where the source tree of a workspace comes from."""

    EMPTY = "empty"
    CLONE = "clone"
    LINK = "link"


class FilesChoice(StrEnum):
    """What becomes of the files of a deleted workspace."""

    KEEP = "keep"
    REMOVE = "remove"


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """All workspaces.

    Example:
      mandrake workspace list
    """
    from mandrake.cli import wire

    async def work(api: ApiClient) -> None:
        if as_json:
            print_json((await api.get("/workspaces", {"limit": 200})).content)
            return
        rows = [
            (
                each.name,
                each.source.kind,
                each.source.url or each.source.path,
                each.session_count,
                shown_time(each.last_activity_at),
                each.description,
            )
            for each in await api.items("/workspaces", wire.Workspace)
        ]
        columns = ("NAME", "SOURCE", "FROM", "SESSIONS", "LAST USED", "DESCRIPTION")
        print_table(columns, rows, empty="No workspaces: `mandrake workspace create NAME`.")

    with_api(work)


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Lower-case letters, digits and dashes.")],
    description: Annotated[str, typer.Option("--description", "-d", help="What it is for.")] = "",
    source: Annotated[
        SourceKind | None,
        typer.Option("--source", help="Start empty, clone a repository, or link a folder."),
    ] = None,
    path: Annotated[
        Path | None, typer.Option("--path", metavar="FOLDER", help="link: the folder.")
    ] = None,
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="clone: the repository.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a workspace.

    A linked folder stays where it is and is never deleted with the workspace.

    Examples:
      mandrake workspace create notes
      mandrake workspace create demo --source link --path .
      mandrake workspace create tool --source clone --url https://example.org/tool.git
    """
    from mandrake.cli import wire
    from mandrake.cli.client import SLOW_TIMEOUT_SECONDS

    body: wire.JsonObject = {"name": name, "description": description}
    body["source"] = _source(source, path, url)

    async def work(api: ApiClient) -> None:
        answer = await api.post("/workspaces", body, timeout_seconds=SLOW_TIMEOUT_SECONDS)
        if as_json:
            print_json(answer.content)
            return
        made = answer.decode(wire.Workspace)
        say(f"Made `{made.name}`.")
        note(f'Ask in it: mandrake ask "…" --workspace {made.name}')

    with_api(work)


def _source(kind: SourceKind | None, path: Path | None, url: str | None) -> wire.JsonObject:
    """The source as the API takes it; `--path` and `--url` say the kind by themselves."""
    if path is not None and url is not None:
        raise InvalidInput("`--path` and `--url` exclude each other.", hint="Keep one of them.")
    if kind is None:
        kind = SourceKind.LINK if path else SourceKind.CLONE if url else SourceKind.EMPTY
    if kind is SourceKind.LINK and path is None:
        raise InvalidInput(
            "`--source link` needs the folder.", hint="Add `--path .` for the one you stand in."
        )
    if kind is SourceKind.CLONE and url is None:
        raise InvalidInput("`--source clone` needs the repository.", hint="Add `--url URL`.")
    if (path is not None and kind is not SourceKind.LINK) or (
        url is not None and kind is not SourceKind.CLONE
    ):
        raise InvalidInput("`--path` belongs to `--source link`, `--url` to `--source clone`.")
    source: wire.JsonObject = {"kind": kind.value}
    if path is not None:
        source["path"] = str(path.expanduser().absolute().resolve())
    if url is not None:
        source["url"] = url
    return source


@app.command()
def show(name: NameArgument, as_json: JsonOption = False) -> None:
    """One workspace: where its source is, and what is wrong with it.

    Example:
      mandrake workspace show welcome
    """
    from mandrake.cli import wire
    from mandrake.cli.scopes import workspace_scope

    async def work(api: ApiClient) -> None:
        answer = await api.get(workspace_scope(name).prefix)
        if as_json:
            print_json(answer.content)
            return
        found = answer.decode(wire.Workspace)
        print_fields(
            [
                ("name", found.name),
                ("id", found.id),
                ("description", found.description),
                ("source", f"{found.source.kind} {found.source.url or ''}".strip()),
                ("path", found.source.path),
                ("sessions", found.session_count),
                ("created", shown_time(found.created_at)),
                ("last used", shown_time(found.last_activity_at)),
                ("problems", "\n".join(each.detail for each in found.problems)),
            ]
        )

    with_api(work)


@app.command()
def delete(
    name: NameArgument,
    files: Annotated[
        FilesChoice,
        typer.Option("--files", help="Keep the source where it is, or delete it as well."),
    ] = FilesChoice.KEEP,
    yes: YesOption = False,
) -> None:
    """Move a workspace to the trash, where it stays for 30 days. A linked folder is not touched.

    Examples:
      mandrake workspace delete notes
      mandrake workspace delete notes --files remove --yes
    """
    from mandrake.cli.confirm import confirm
    from mandrake.cli.scopes import workspace_scope

    async def work(api: ApiClient) -> None:
        path = workspace_scope(name).prefix
        await api.get(path)
        await confirm(f"Delete the workspace `{name}` with its sessions?", yes=yes)
        await api.delete(path, {"files": files.value})
        note("Deleted.")

    with_api(work)
