"""The tools of servers: `mandrake tool methods` and `mandrake tool call`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mandrake.cli.approvals import parse_arguments
from mandrake.cli.commands.question import text_or_file
from mandrake.cli.exit_codes import ExitCode
from mandrake.cli.options import InstallationOption, JsonOption, WorkspaceOption
from mandrake.cli.output import print_json, print_table, say
from mandrake.cli.running import with_api
from mandrake.errors import InvalidInput

if TYPE_CHECKING:
    from mandrake.cli.client import ApiClient


def register(app: typer.Typer) -> None:
    """Add the commands to the noun."""
    app.command()(methods)
    app.command()(call)


def methods(
    server: Annotated[
        str | None, typer.Argument(metavar="[SERVER]", help="Only of this server.")
    ] = None,
    workspace: WorkspaceOption = None,
    installation: InstallationOption = False,
    as_json: JsonOption = False,
) -> None:
    """The tools of one server or of all that run: what they change, and whether they ask.

    Example:
      mandrake tool methods git -w welcome
    """
    from mandrake.cli import wire
    from mandrake.cli.scopes import choose_scope

    async def work(api: ApiClient) -> None:
        scope = await choose_scope(api, workspace, installation=installation)
        path = scope.path("methods") if server is None else scope.path("tools", server, "methods")
        if as_json:
            print_json((await api.get(path, {"limit": 200})).content)
            return
        rows = [
            (
                each.qualified or f"{each.server}.{each.tool}",
                f"{each.effects}{', network' if each.network else ''}",
                each.approval,
                (each.description.strip().splitlines() or [""])[0],
            )
            for each in await api.items(path, wire.Method)
        ]
        columns = ("TOOL", "EFFECTS", "APPROVAL", "DESCRIPTION")
        print_table(columns, rows, empty="No tools: is the server running? `mandrake tool list`.")

    with_api(work)


def call(
    tool: Annotated[str, typer.Argument(metavar="SERVER.TOOL", help="Qualified name.")],
    arguments: Annotated[
        str, typer.Argument(metavar="[JSON|@FILE]", help="Arguments; `@-` reads stdin.")
    ] = "{}",
    workspace: WorkspaceOption = None,
    installation: InstallationOption = False,
    as_json: JsonOption = False,
) -> None:
    """Call a tool yourself. Exit code 1 when the tool says that it failed.

    Examples:
      mandrake tool call filesystem.list_directory '{"path": "src"}' -w welcome
      mandrake tool call notes.add @arguments.json --json
    """
    server, dot, name = tool.partition(".")
    if not (server and dot and name):
        raise InvalidInput(
            f"`{tool}` is no name of a tool.",
            hint="Write SERVER.TOOL; `mandrake tool methods` lists them.",
        )
    given = parse_arguments(text_or_file(arguments))

    async def work(api: ApiClient) -> ExitCode:
        from mandrake.cli import wire
        from mandrake.cli.client import SLOW_TIMEOUT_SECONDS
        from mandrake.cli.scopes import choose_scope

        scope = await choose_scope(api, workspace, installation=installation)
        answer = await api.post(
            scope.path("tools", server, "methods", name),
            {"arguments": given},
            timeout_seconds=SLOW_TIMEOUT_SECONDS,
        )
        result = answer.decode(wire.CallResult)
        if as_json:
            print_json(answer.content)
        else:
            for item in result.content:
                text = item.get("text")
                say(str(text) if item.get("type") == "text" else f"[{item.get('type')}]")
        return ExitCode.FAILED if result.is_error else ExitCode.DONE

    raise typer.Exit(with_api(work))
