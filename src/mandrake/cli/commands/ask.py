"""`mandrake ask`: one round, streamed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from mandrake.cli.approvals import Approve
from mandrake.cli.exit_codes import ExitCode
from mandrake.cli.options import InstallationOption, WorkspaceOption
from mandrake.cli.running import with_api
from mandrake.errors import InvalidInput

if TYPE_CHECKING:
    from mandrake.cli.client import ApiClient
    from mandrake.cli.follow import Outcome
    from mandrake.cli.round_view import RoundView
    from mandrake.cli.session_client import SessionClient

MAX_INPUT_CHARACTERS = 2_000_000


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(ask)


def ask(
    prompt: Annotated[
        str | None, typer.Argument(help="What to do. Standard input is added when piped.")
    ] = None,
    *,
    workspace: WorkspaceOption = None,
    installation: InstallationOption = False,
    session: Annotated[
        str | None,
        typer.Option("--session", "-s", metavar="ID", help="Go on in this session."),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", "-m", metavar="KEY", help="Model for this round only."),
    ] = None,
    approve: Annotated[
        Approve,
        typer.Option(
            "--approve",
            help="What runs without asking: nothing more, tools that only read, or everything.",
        ),
    ] = Approve.ASK,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the finished round as JSON, not its stream.")
    ] = False,
) -> None:
    """Ask for something and watch it being done: one round.

    The answer goes to standard output, tool calls and states to standard error. Exit code 0: the
    round completed; 1: it failed; 3: a question waits, and the commands that answer it are shown.
    Ctrl-C stops the round.

    Examples:
      mandrake ask "list the files in src and show the git log" -w welcome
      git diff | mandrake ask "review this" --approve read-only
      mandrake ask "and now the tests" --session ses_…
      mandrake ask "what changed?" --json | jq -r '.status'
    """
    content = request_text(prompt)

    async def work(api: ApiClient) -> ExitCode:
        from mandrake.cli.scopes import choose_scope, find_session
        from mandrake.cli.session_client import SessionClient

        if session is None:
            scope = await choose_scope(api, workspace, installation=installation)
        else:
            scope, _ = await find_session(api, session, workspace, installation=installation)
        client = SessionClient(api, scope, session)
        return await one_round(client, content, model=model, approve=approve, as_json=as_json)

    raise typer.Exit(with_api(work))


def request_text(prompt: str | None) -> str:
    """The prompt, with standard input behind it when something is piped in.

    Raises:
        InvalidInput: There is nothing to ask, or too much.
    """
    piped = ""
    if not sys.stdin.isatty():
        try:
            piped = sys.stdin.read(MAX_INPUT_CHARACTERS + 1)
        except UnicodeDecodeError:
            raise InvalidInput(
                "Standard input is no text.", hint="Pipe text in, or close it with `</dev/null`."
            ) from None
    content = "\n\n".join(text for text in (prompt or "", piped) if text.strip())
    if not content:
        raise InvalidInput(
            "There is nothing to ask.", hint='Write it behind the command: mandrake ask "…".'
        )
    if len(content) > MAX_INPUT_CHARACTERS:
        raise InvalidInput(
            f"The request is longer than {MAX_INPUT_CHARACTERS} characters.",
            hint="Put the material into a file of the workspace and name it in the request.",
        )
    return content


async def one_round(
    client: SessionClient, content: str, *, model: str | None, approve: Approve, as_json: bool
) -> ExitCode:
    """Ask in a session and follow the round; prints all there is to print."""
    from mandrake.cli.output import note, print_json
    from mandrake.cli.round_view import RoundView

    view = RoundView(answer=None if as_json else sys.stdout)
    session = await client.connect()
    round_id = await client.send(content, model=model)
    outcome = await followed(client, round_id, approve, view)
    if as_json:
        print_json((await client.round_document(round_id)).content)
    elif session.round_count == 0 and outcome.status == "completed" and sys.stderr.isatty():
        note(f'Go on with: mandrake ask --session {client.session_id} "…"')
    return finish(client, outcome)


async def followed(
    client: SessionClient, round_id: str, approve: Approve, view: RoundView
) -> Outcome:
    """Follow a round of a connected session; Ctrl-C stops it."""
    from mandrake.cli.follow import RoundFollower, stoppable

    follower = RoundFollower(client, round_id, view, approve)
    try:
        return await stoppable(client, round_id, follower.run())
    except KeyboardInterrupt:
        view.end_line()
        view.note("Stopped.")
        raise


def finish(client: SessionClient, outcome: Outcome) -> ExitCode:
    """Say what is left to do, and give the exit code."""
    from mandrake.cli.follow import report_outcome

    report_outcome(outcome, client.session_id)
    return outcome.exit_code
