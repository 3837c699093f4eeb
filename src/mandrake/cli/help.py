"""Examples in help texts: shown as they stand in the docstring, not filled into a paragraph."""

from __future__ import annotations

import inspect

import typer

_AS_IT_STANDS = "\b\n"
"""Typer leaves a paragraph alone that starts with a backspace."""


def keep_examples(app: typer.Typer) -> None:
    """Mark the paragraph `Example:` or `Examples:` of every command of `app`."""
    for command in app.registered_commands:
        text = command.help or inspect.getdoc(command.callback)
        if text is not None:
            command.help = text.replace("\n\nExample", f"\n\n{_AS_IT_STANDS}Example")
