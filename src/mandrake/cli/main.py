"""The entry: the tree of commands, what every invocation shares, and how errors end it."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

import mandrake
from mandrake.cli.commands import (
    ask,
    chat,
    doctor,
    model,
    provider,
    question,
    secret,
    session,
    sign_in,
    tool,
    up,
    workspace,
)
from mandrake.cli.exit_codes import ExitCode
from mandrake.cli.help import keep_examples
from mandrake.cli.options import HomeOption
from mandrake.cli.output import print_error
from mandrake.errors import MandrakeError

HELP = """\
A self-hosted agent workspace server, and the command line to it.

Start the server and open its page, or ask right here: commands attach to the running server, and
without one they open the home themselves for as long as they run.

\b
  mandrake up                                  start the server, print the sign-in link
  mandrake ask "list the files" -w welcome     one round, streamed
  git diff | mandrake ask "review this"        with standard input
  mandrake workspace create demo --source link --path .
  mandrake tool list -w demo                   tool servers and what they do
  mandrake question list                       what waits for your answer
  mandrake doctor                              checks, each with its cure

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a question waits, 130 interrupted.
"""

app = typer.Typer(
    name="mandrake",
    help=HELP,
    no_args_is_help=True,
    # Plain help needs no further imports: it is printed in a third of the time.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(mandrake.__version__)
        raise typer.Exit


@app.callback()
def everything(
    home: HomeOption = None,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """What every invocation shares."""


for _verbs in (up, sign_in, doctor, ask, chat):
    _verbs.register(app)
_nouns = (workspace, session, question, tool, model, provider, secret)
for _noun in _nouns:
    app.add_typer(_noun.app)
for _each in (app, *(noun.app for noun in _nouns)):
    keep_examples(_each)


def run() -> None:
    """The console script."""
    try:
        app(prog_name="mandrake")
    except MandrakeError as error:
        if os.environ.get("MANDRAKE_DEBUG") == "1":
            raise
        print_error(error)
        sys.exit(ExitCode.USAGE if error.kind == "invalid" else ExitCode.FAILED)
    except Exception as error:
        if os.environ.get("MANDRAKE_DEBUG") == "1":
            raise
        print_error(
            MandrakeError(
                f"Mandrake itself failed: {type(error).__name__}: {error}",
                hint="`MANDRAKE_DEBUG=1` in front of the command shows where.",
            )
        )
        sys.exit(ExitCode.FAILED)


if __name__ == "__main__":
    run()
