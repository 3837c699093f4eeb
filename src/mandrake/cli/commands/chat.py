"""`mandrake chat`: round after round in one session, on a terminal."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from mandrake.cli.approvals import Approve
from mandrake.cli.options import InstallationOption, WorkspaceOption
from mandrake.cli.output import note, print_error, print_table, shown_time
from mandrake.cli.running import settings_of, with_api
from mandrake.errors import InvalidInput, MandrakeError

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession

    from mandrake.cli.client import ApiClient
    from mandrake.cli.scopes import Scope
    from mandrake.cli.session_client import SessionClient

_COMMANDS = """\
/new            a new session
/sessions       the last sessions; /open ID goes on in one
/help           this
/exit           leave (or Ctrl-D)
Enter sends; Alt-Enter starts a new line. Ctrl-C stops what runs."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(chat)


def chat(
    workspace: WorkspaceOption = None,
    installation: InstallationOption = False,
    session: Annotated[
        str | None, typer.Option("--session", "-s", metavar="ID", help="Go on in this session.")
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", "-m", metavar="KEY", help="Model for these rounds.")
    ] = None,
    approve: Annotated[
        Approve, typer.Option("--approve", help="What runs without asking, as of `ask`.")
    ] = Approve.ASK,
) -> None:
    """Round after round in one session, with history, streaming and approvals in place.

    Examples:
      mandrake chat -w welcome
      mandrake chat --session ses_…
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InvalidInput(
            "`chat` needs a terminal.", hint='Without one: mandrake ask "…" --session ID.'
        )

    async def work(api: ApiClient) -> None:
        from mandrake.cli.scopes import choose_scope, find_session

        if session is None:
            scope = await choose_scope(api, workspace, installation=installation)
        else:
            scope, _ = await find_session(api, session, workspace, installation=installation)
        await Repl(api, scope, session, model=model, approve=approve).run()

    with_api(work)


@dataclass(slots=True)
class Repl:
    """One run of the command. The session is made when there is something to ask."""

    api: ApiClient
    scope: Scope
    session_id: str | None
    model: str | None
    approve: Approve

    async def run(self) -> None:
        """Read and answer until the person leaves."""
        prompt = _prompt_session()
        note(f"{self.scope.name or 'Installation'}: ask for something, or /help.")
        while True:
            try:
                text = (await prompt.prompt_async("› ")).strip()
            except KeyboardInterrupt:
                continue
            except EOFError:
                return
            if not text:
                continue
            try:
                if text.startswith("/"):
                    if not await self._command(text):
                        return
                else:
                    await self._ask(text)
            except MandrakeError as error:
                print_error(error)
            except KeyboardInterrupt:
                note("The round was stopped; ask for something else, or leave with Ctrl-D.")

    async def _ask(self, text: str) -> None:
        from mandrake.cli.commands.ask import followed
        from mandrake.cli.follow import report_outcome
        from mandrake.cli.round_view import RoundView

        client = await self._client()
        round_id = await client.send(text, model=self.model)
        outcome = await followed(client, round_id, self.approve, RoundView())
        report_outcome(outcome, client.session_id)

    async def _client(self) -> SessionClient:
        from mandrake.cli.session_client import SessionClient

        client = SessionClient(self.api, self.scope, self.session_id)
        await client.connect()
        self.session_id = client.session_id
        return client

    async def _command(self, text: str) -> bool:
        """Do what a line with a slash says; False to leave."""
        name, _, rest = text[1:].partition(" ")
        match name:
            case "exit" | "quit":
                return False
            case "new":
                self.session_id = None
                note("The next request starts a new session.")
            case "open" if rest.strip():
                await self._open(rest.strip())
            case "sessions":
                await self._sessions()
            case "help":
                note(_COMMANDS)
            case _:
                raise InvalidInput(f"There is no `/{name}`.", hint="/help lists what there is.")
        return True

    async def _open(self, session_id: str) -> None:
        from mandrake.cli import wire

        answer = await self.api.get(self.scope.path("sessions", session_id))
        self.session_id = session_id
        note(f"Going on in `{answer.decode(wire.Session).title or session_id}`.")

    async def _sessions(self) -> None:
        from mandrake.cli import wire

        found = await self.api.items(self.scope.path("sessions"), wire.Session, limit=15)
        rows = [
            (
                "*" if each.id == self.session_id else "",
                each.id,
                each.title,
                each.status,
                shown_time(each.updated_at),
            )
            for each in found
        ]
        print_table(("", "ID", "TITLE", "STATUS", "UPDATED"), rows, empty="No sessions yet.")


def _prompt_session() -> PromptSession[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

    path = settings_of().home / "cache" / "prompt_history"
    path.touch(mode=0o600)
    bindings = KeyBindings()

    def send(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    def new_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    bindings.add("enter")(send)
    bindings.add("escape", "enter")(new_line)
    bindings.add("c-j")(new_line)
    return PromptSession(history=FileHistory(str(path)), key_bindings=bindings, multiline=True)
