"""`mandrake question`: what waits for a person, and the answers."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mandrake.cli.approvals import Approve, parse_arguments
from mandrake.cli.exit_codes import ExitCode
from mandrake.cli.options import JsonOption
from mandrake.cli.output import compact_json, print_json, print_table, shown_time
from mandrake.cli.running import with_api
from mandrake.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from mandrake.cli import wire
    from mandrake.cli.client import ApiClient

app = typer.Typer(
    name="question",
    help="What waits for a person: see and answer.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Decision(StrEnum):
    """What a person may say."""

    ALLOW = "allow"
    DENY = "deny"
    RETRY = "retry"
    REPORT = "report"


class Remember(StrEnum):
    """How long an `allow` holds."""

    ONCE = "once"
    SESSION = "session"
    ALWAYS = "always"


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Everything that waits, in all workspaces, oldest first.

    Example:
      mandrake question list
    """
    from mandrake.cli import wire

    async def work(api: ApiClient) -> None:
        if as_json:
            print_json((await api.get("/questions", {"limit": 200})).content)
            return
        rows = [
            (
                each.id,
                each.workspace.name if each.workspace else "–",
                each.tool,
                compact_json(each.arguments, 60),
                each.kind,
                shown_time(each.asked_at),
            )
            for each in await api.items("/questions", wire.Question)
        ]
        columns = ("ID", "WORKSPACE", "TOOL", "ARGUMENTS", "KIND", "ASKED")
        print_table(columns, rows, empty="Nothing waits.")

    with_api(work)


@app.command()
def answer(
    question_id: Annotated[str, typer.Argument(metavar="ID", help="The question's id.")],
    decision: Annotated[
        Decision,
        typer.Argument(
            help="allow or deny a call; for one whose outcome is unknown, retry it or report that."
        ),
    ],
    *,
    remember: Annotated[
        Remember,
        typer.Option("--remember", help="allow: once, for the session, or always for this tool."),
    ] = Remember.ONCE,
    arguments: Annotated[
        str | None,
        typer.Option(
            "--arguments", metavar="JSON|@FILE", help="allow: with these arguments instead."
        ),
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", help="deny: what the model is told.")
    ] = None,
    follow: Annotated[
        bool,
        typer.Option("--follow/--no-follow", help="Watch the round go on, or return at once."),
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Answer a question; its round goes on, and you see how.

    Exit code as of `ask`: 3 when the round comes to the next question.

    Examples:
      mandrake question answer qst_… allow
      mandrake question answer qst_… allow --remember session
      mandrake question answer qst_… allow --arguments '{"path": "src/a.py"}'
      mandrake question answer qst_… deny --reason "not in this branch"
    """
    body = _answer(decision, remember, arguments, reason)

    async def work(api: ApiClient) -> ExitCode:
        from mandrake.cli.commands.ask import finish, followed
        from mandrake.cli.output import note
        from mandrake.cli.round_view import RoundView
        from mandrake.cli.scopes import INSTALLATION, workspace_scope
        from mandrake.cli.session_client import SessionClient

        question = await _find(api, question_id)
        scope = workspace_scope(question.workspace.name) if question.workspace else INSTALLATION
        client = SessionClient(api, scope, question.session_id)
        await client.connect()
        view = RoundView(answer=None if as_json else sys.stdout)
        view.skip(await client.round(question.round_id))
        await client.answer(question_id, body)
        others = [
            each for each in await client.open_questions() if each.round_id == question.round_id
        ]
        if others or not follow:
            note(f"Answered; {len(others)} more in this round." if others else "Answered.")
            return ExitCode.WAITING if others else ExitCode.DONE
        outcome = await followed(client, question.round_id, Approve.ASK, view)
        if as_json:
            print_json((await client.round_document(question.round_id)).content)
        return finish(client, outcome)

    raise typer.Exit(with_api(work))


async def _find(api: ApiClient, question_id: str) -> wire.Question:
    from mandrake.cli import wire

    for question in await api.items("/questions", wire.Question):
        if question.id == question_id:
            return question
    raise NotFound(
        f"No open question is called `{question_id}`.",
        hint="`mandrake question list` shows what waits; it may have been answered elsewhere.",
    )


def _answer(
    decision: Decision, remember: Remember, arguments: str | None, reason: str | None
) -> wire.JsonObject:
    if decision is not Decision.ALLOW and (arguments is not None or remember is not Remember.ONCE):
        raise InvalidInput("`--arguments` and `--remember` belong to `allow`.")
    if decision is not Decision.DENY and reason is not None:
        raise InvalidInput("`--reason` belongs to `deny`.")
    body: wire.JsonObject = {"decision": decision.value}
    if decision is Decision.ALLOW:
        body["remember"] = remember.value
        if arguments is not None:
            body["arguments"] = parse_arguments(text_or_file(arguments))
    if reason is not None:
        body["reason"] = reason
    return body


def text_or_file(text: str) -> str:
    """The text itself, or what the file behind an `@` holds; `@-` is standard input.

    Raises:
        InvalidInput: The file can't be read.
    """
    if not text.startswith("@"):
        return text
    if text == "@-":
        return sys.stdin.read()
    try:
        return Path(text[1:]).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"`{text[1:]}` can't be read: {error}.") from None
