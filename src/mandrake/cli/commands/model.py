"""`mandrake model`: which models there are, and which one is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mandrake.cli.commands.secret import scope_over
from mandrake.cli.options import JsonOption, OverWorkspaceOption, YesOption
from mandrake.cli.output import note, print_json, print_table, say
from mandrake.cli.running import with_api

if TYPE_CHECKING:
    from mandrake.cli.client import ApiClient

app = typer.Typer(
    name="model", help="Models: see, add, choose.", no_args_is_help=True, rich_markup_mode=None
)
KeyArgument = Annotated[str, typer.Argument(metavar="KEY", help="The model's key.")]


@app.command("list")
def list_(workspace: OverWorkspaceOption = None, as_json: JsonOption = False) -> None:
    """The models that can be used; `*` marks the active one.

    Example:
      mandrake model list -w welcome
    """
    from mandrake.cli import wire

    async def work(api: ApiClient) -> None:
        path = scope_over(workspace).path("models")
        if as_json:
            print_json((await api.get(path, {"limit": 200})).content)
            return
        rows = [
            (
                "*" if each.active else "",
                each.key,
                each.provider,
                each.model,
                each.enabled,
                each.origin,
            )
            for each in await api.items(path, wire.Model)
        ]
        columns = ("", "KEY", "PROVIDER", "MODEL", "ENABLED", "FROM")
        print_table(
            columns, rows, empty="No models: `mandrake provider add`, `mandrake model add`."
        )

    with_api(work)


@app.command()
def use(
    key: KeyArgument, workspace: OverWorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Make a model the active one: for all workspaces, or for one.

    Examples:
      mandrake model use fast
      mandrake model use careful -w demo
    """

    async def work(api: ApiClient) -> None:
        answer = await api.put(scope_over(workspace).path("models", "active"), {"key": key})
        if as_json:
            print_json(answer.content)
        else:
            say(f"`{key}` is active.")

    with_api(work)


@app.command()
def add(
    key: KeyArgument,
    provider: Annotated[str, typer.Option("--provider", help="Id of its provider.")],
    model: Annotated[str, typer.Option("--model", help="The provider's own name of it.")],
    workspace: OverWorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a model of a provider.

    Example:
      mandrake model add fast --provider openai --model gpt-5-mini
    """

    async def work(api: ApiClient) -> None:
        body = {"key": key, "provider": provider, "model": model}
        answer = await api.post(scope_over(workspace).path("models"), body)
        if as_json:
            print_json(answer.content)
        else:
            say(f"Added `{key}`.")
            note(f"Use it: mandrake model use {key}")

    with_api(work)


@app.command()
def remove(key: KeyArgument, workspace: OverWorkspaceOption = None, yes: YesOption = False) -> None:
    """Remove a model.

    Example:
      mandrake model remove fast --yes
    """
    from mandrake.cli.confirm import confirm

    async def work(api: ApiClient) -> None:
        await confirm(f"Remove the model `{key}`?", yes=yes)
        await api.delete(scope_over(workspace).path("models", key))
        note("Removed.")

    with_api(work)
