"""`mandrake open`, `token` and `version`: how to get in, and what this is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

import mandrake
from mandrake.cli.options import JsonOption
from mandrake.cli.output import note, print_json, say
from mandrake.cli.running import settings_of, with_api

if TYPE_CHECKING:
    from mandrake.cli.client import ApiClient


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("open")(open_page)
    app.command()(token)
    app.command()(version)


class _SignInLink(msgspec.Struct):
    url: str


def open_page(
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the link.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a new sign-in link to the running server and open it.

    The link works once, within ten minutes. It needs `mandrake up`, which serves the page.

    Examples:
      mandrake open
      mandrake open --no-browser
    """
    from mandrake.errors import Unavailable
    from mandrake.workspaces.home_lock import find_running
    from mandrake.workspaces.layout import HomeLayout

    settings = settings_of()
    running = find_running(HomeLayout.at(settings.home, key_file=settings.key_file))
    if running is None or running.port is None:
        raise Unavailable(
            f"No server runs on the home `{settings.home}`.", hint="Start it: `mandrake up`."
        )

    async def new_link(api: ApiClient) -> str:
        return (await api.post("/sign-in/codes")).decode(_SignInLink).url

    link = with_api(new_link)
    if as_json:
        print_json({"link": link})
        return
    say(link)
    if not no_browser:
        import webbrowser

        if not webbrowser.open(link):
            note("No browser was found; open the link yourself.")


def token(as_json: JsonOption = False) -> None:
    """Print the token that programs sign in with.

    Whoever has it may do everything here that you may: treat it as a password.

    Example:
      curl -H "Authorization: Bearer $(mandrake token)" http://127.0.0.1:4000/api/v1/system
    """
    from mandrake.cli.attach import read_token
    from mandrake.workspaces.layout import HomeLayout

    settings = settings_of()
    found = read_token(HomeLayout.at(settings.home, key_file=settings.key_file))
    if as_json:
        print_json({"token": found})
    else:
        print(found)


def version(as_json: JsonOption = False) -> None:
    """Print the version of this command, and of the server when one runs.

    Example:
      mandrake version --json
    """
    from mandrake.workspaces.home_lock import find_running
    from mandrake.workspaces.layout import HomeLayout

    running = find_running(HomeLayout.at(settings_of().home))
    server = running.version if running else None
    if as_json:
        print_json({"version": mandrake.__version__, "server_version": server})
        return
    say(f"mandrake {mandrake.__version__}")
    if server and server != mandrake.__version__:
        note(f"The running server is {server}: stop it and start `mandrake up` again.")
