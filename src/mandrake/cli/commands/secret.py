"""`mandrake secret`: names of secrets, and their values on the way in only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mandrake.cli.options import JsonOption, OverWorkspaceOption, YesOption
from mandrake.cli.output import note, print_json, print_table, shown_time
from mandrake.cli.running import with_api

if TYPE_CHECKING:
    from mandrake.cli.client import ApiClient
    from mandrake.cli.scopes import Scope

app = typer.Typer(
    name="secret",
    help="Secrets that servers and providers refer to. Values can be set, never read.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Name of the secret.")]


def scope_over(workspace: str | None) -> Scope:
    """The installation, unless a workspace is named."""
    from mandrake.cli.scopes import INSTALLATION, workspace_scope

    return INSTALLATION if workspace is None else workspace_scope(workspace)


@app.command("list")
def list_(workspace: OverWorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Names, and the last characters of long values.

    Example:
      mandrake secret list
    """
    from mandrake.cli import wire

    async def work(api: ApiClient) -> None:
        path = scope_over(workspace).path("secrets")
        if as_json:
            print_json((await api.get(path, {"limit": 200})).content)
            return
        rows = [
            (each.name, each.hint, shown_time(each.updated_at))
            for each in await api.items(path, wire.Secret)
        ]
        print_table(("NAME", "ENDS WITH", "SET"), rows, empty="No secrets.")

    with_api(work)


@app.command("set")
def set_(
    name: NameArgument, workspace: OverWorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Set a secret. The value is typed at a prompt that shows nothing, or piped in.

    Examples:
      mandrake secret set github-token
      pass show github | mandrake secret set github-token
    """
    from mandrake.cli.confirm import secret_value

    value = secret_value(f"Value of {name}")

    async def work(api: ApiClient) -> None:
        body = {"name": name, "value": value}
        answer = await api.post(scope_over(workspace).path("secrets"), body)
        if as_json:
            print_json(answer.content)
        else:
            note(f"`{name}` is set.")

    with_api(work)


@app.command()
def remove(
    name: NameArgument, workspace: OverWorkspaceOption = None, yes: YesOption = False
) -> None:
    """Erase a secret. What refers to it will say that it is missing.

    Example:
      mandrake secret remove github-token --yes
    """
    from mandrake.cli.confirm import confirm

    async def work(api: ApiClient) -> None:
        await confirm(f"Erase the secret `{name}`?", yes=yes)
        await api.delete(scope_over(workspace).path("secrets", name))
        note("Erased.")

    with_api(work)
