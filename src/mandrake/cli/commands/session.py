"""`mandrake session`: the sessions of a scope."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from mandrake.cli.approvals import Approve
from mandrake.cli.exit_codes import ExitCode
from mandrake.cli.options import InstallationOption, JsonOption, WorkspaceOption, YesOption
from mandrake.cli.output import note, print_json, print_table, say, shown_time
from mandrake.cli.running import with_api

if TYPE_CHECKING:
    from mandrake.cli.client import ApiClient

app = typer.Typer(
    name="session",
    help="Sessions: see, rename, go on, delete.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
SessionArgument = Annotated[str, typer.Argument(metavar="ID", help="The session's id.")]


@app.command("list")
def list_(
    workspace: WorkspaceOption = None,
    installation: InstallationOption = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many.")] = 30,
    as_json: JsonOption = False,
) -> None:
    """The sessions of a workspace, the last used first.

    Examples:
      mandrake session list -w welcome
      mandrake session list --installation --json
    """
    from mandrake.cli import wire
    from mandrake.cli.scopes import choose_scope

    async def work(api: ApiClient) -> None:
        scope = await choose_scope(api, workspace, installation=installation)
        if as_json:
            query = {"limit": min(limit, 200)}
            print_json((await api.get(scope.path("sessions"), query)).content)
            return
        found = await api.items(scope.path("sessions"), wire.Session, limit=limit)
        rows = [
            (each.id, each.title, each.status, each.round_count, shown_time(each.updated_at))
            for each in found
        ]
        columns = ("ID", "TITLE", "STATUS", "ROUNDS", "UPDATED")
        print_table(columns, rows, empty="No sessions yet: `mandrake ask` starts one.")

    with_api(work)


@app.command()
def show(
    session_id: SessionArgument,
    workspace: WorkspaceOption = None,
    installation: InstallationOption = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Newest rounds.")] = 10,
    as_json: JsonOption = False,
) -> None:
    """The newest rounds of a session, as they would be read in a terminal.

    Examples:
      mandrake session show ses_…
      mandrake session show ses_… -n 1 --json
    """
    from mandrake.cli import wire
    from mandrake.cli.round_view import RoundView
    from mandrake.cli.scopes import find_session

    async def work(api: ApiClient) -> None:
        scope, session = await find_session(api, session_id, workspace, installation=installation)
        path = scope.path("sessions", session_id, "rounds")
        if as_json:
            print_json((await api.get(path, {"limit": min(limit, 200)})).content)
            return
        note(f"{session.title or 'Untitled'} ({session.status}, {session.round_count} rounds)")
        for found in reversed(await api.items(path, wire.Round, limit=limit)):
            say("")
            for item in found.request.content:
                say("\n".join(f"> {line}" for line in item.text.splitlines()))
            say("")
            view = RoundView(answer=sys.stdout)
            view.show(found)
            view.end_line()
            if found.status != "completed":
                note(f"[{found.status}] {found.error.detail if found.error else ''}")

    with_api(work)


@app.command("continue")
def continue_(
    session_id: SessionArgument,
    workspace: WorkspaceOption = None,
    installation: InstallationOption = False,
    approve: Annotated[Approve, typer.Option("--approve", help="As of `ask`.")] = Approve.ASK,
) -> None:
    """Go on with the newest round after a limit, a pause, a stop or a failure.

    Example:
      mandrake session continue ses_…
    """

    async def work(api: ApiClient) -> ExitCode:
        from mandrake.cli.commands.ask import finish, followed
        from mandrake.cli.round_view import RoundView
        from mandrake.cli.scopes import find_session
        from mandrake.cli.session_client import SessionClient
        from mandrake.errors import Conflict

        scope, session = await find_session(api, session_id, workspace, installation=installation)
        if session.head_round_id is None:
            raise Conflict("The session has no rounds yet.", hint="Ask something: `mandrake ask`.")
        client = SessionClient(api, scope, session_id)
        await client.connect()
        view = RoundView()
        view.skip(await client.round(session.head_round_id))
        await client.continue_round(session.head_round_id)
        outcome = await followed(client, session.head_round_id, approve, view)
        return finish(client, outcome)

    raise typer.Exit(with_api(work))


@app.command()
def rename(
    session_id: SessionArgument,
    title: Annotated[str, typer.Argument(help="The new title.")],
    workspace: WorkspaceOption = None,
    installation: InstallationOption = False,
    as_json: JsonOption = False,
) -> None:
    """Give a session another title.

    Example:
      mandrake session rename ses_… "Tides after midnight"
    """
    from mandrake.cli.scopes import find_session

    async def work(api: ApiClient) -> None:
        scope, _ = await find_session(api, session_id, workspace, installation=installation)
        answer = await api.patch(scope.path("sessions", session_id), {"title": title})
        if as_json:
            print_json(answer.content)

    with_api(work)


@app.command()
def delete(
    session_id: SessionArgument,
    workspace: WorkspaceOption = None,
    installation: InstallationOption = False,
    yes: YesOption = False,
) -> None:
    """Delete a session with all its rounds.

    Example:
      mandrake session delete ses_… --yes
    """
    from mandrake.cli.confirm import confirm
    from mandrake.cli.scopes import find_session

    async def work(api: ApiClient) -> None:
        scope, session = await find_session(api, session_id, workspace, installation=installation)
        await confirm(
            f"Delete `{session.title or session_id}` ({session.round_count} rounds)?", yes=yes
        )
        await api.delete(scope.path("sessions", session_id))
        note("Deleted.")

    with_api(work)
