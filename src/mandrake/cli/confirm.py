"""Asking before something is lost, and taking values that must not stand on a command line."""

from __future__ import annotations

import sys

import typer

from mandrake.cli.exit_codes import ExitCode
from mandrake.cli.output import note
from mandrake.errors import InvalidInput

MAX_VALUE_CHARACTERS = 64 * 1024


async def prompt_text(label: str, *, default: str = "") -> str:
    """One line from the person at the terminal; written to standard error, so that the answer on
    standard output stays clean.

    Raises:
        KeyboardInterrupt: Ctrl-C.
        EOFError: Ctrl-D.
    """
    from prompt_toolkit import PromptSession
    from prompt_toolkit.output import create_output

    session: PromptSession[str] = PromptSession(output=create_output(stdout=sys.stderr))
    return await session.prompt_async(label, default=default)


async def confirm(question: str, *, yes: bool) -> None:
    """Ask and go on, or end the command.

    Raises:
        InvalidInput: Nobody sits there to answer, and `--yes` was not given.
    """
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise InvalidInput(
            f"{question} Nobody is here to answer.", hint="Say so beforehand with `--yes`."
        )
    answer = await prompt_text(f"{question} [y/N] ")
    if answer.strip().lower() not in ("y", "yes"):
        note("Nothing was changed.")
        raise typer.Exit(ExitCode.FAILED)


def secret_value(label: str) -> str:
    """A secret from a prompt that shows nothing, or from standard input when piped.

    Never from an argument: those are visible to every process of the machine and kept in the
    shell's history.

    Raises:
        InvalidInput: Nothing came, or too much.
    """
    if sys.stdin.isatty():
        text = str(typer.prompt(label, hide_input=True, err=True, default="", show_default=False))
    else:
        text = sys.stdin.read(MAX_VALUE_CHARACTERS + 2)
    # Shells and editors end a text with one line end that nobody means.
    value = text.removesuffix("\n").removesuffix("\r")
    if not value.strip():
        raise InvalidInput(
            f"{label}: nothing came.", hint="Type it at the prompt, or pipe it in: `… < key.txt`."
        )
    if len(value) > MAX_VALUE_CHARACTERS:
        raise InvalidInput(f"{label}: longer than {MAX_VALUE_CHARACTERS} characters.")
    return value
