"""Options that several commands share: one spelling and one help text each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mandrake.cli.running import chosen_home


def workspace_names(incomplete: str) -> list[str]:
    """Names for shell completion: folders of the home, without asking a server."""
    from mandrake.cli.running import settings_of

    folder: Path = settings_of().home / "workspaces"
    try:
        names = sorted(entry.name for entry in folder.iterdir() if entry.is_dir())
    except OSError:
        return []
    return [name for name in names if name.startswith(incomplete) and not name.startswith(".")]


def choose_home(home: Path | None) -> Path | None:
    """Callback of `--home`: remember it for this invocation."""
    if home is not None:
        chosen_home.set(home)
    return home


WorkspaceOption = Annotated[
    str | None,
    typer.Option(
        "--workspace",
        "-w",
        metavar="NAME",
        help="Workspace by name or id. Default: the one whose source you stand in.",
        autocompletion=workspace_names,
    ),
]
InstallationOption = Annotated[
    bool, typer.Option("--installation", help="The installation itself instead of a workspace.")
]
OverWorkspaceOption = Annotated[
    str | None,
    typer.Option(
        "--workspace",
        "-w",
        metavar="NAME",
        help="Only for this workspace. Default: the installation, for all workspaces.",
        autocompletion=workspace_names,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the API's JSON.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]
HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="FOLDER",
        help="The home folder. Default: $MANDRAKE_HOME, else ~/.mandrake.",
        callback=choose_home,
        file_okay=False,
    ),
]
