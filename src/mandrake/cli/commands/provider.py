"""`mandrake provider`: LLM services and their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mandrake.cli.commands.secret import scope_over
from mandrake.cli.options import JsonOption, OverWorkspaceOption, YesOption
from mandrake.cli.output import note, print_json, print_table, say
from mandrake.cli.running import with_api

if TYPE_CHECKING:
    from mandrake.cli import wire
    from mandrake.cli.client import ApiClient

app = typer.Typer(
    name="provider",
    help="LLM services: add with a key, test, remove.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The provider's id.")]


@app.command("list")
def list_(workspace: OverWorkspaceOption = None, as_json: JsonOption = False) -> None:
    """The providers. Keys are never shown, only their last characters.

    Example:
      mandrake provider list
    """
    from mandrake.cli import wire

    async def work(api: ApiClient) -> None:
        path = scope_over(workspace).path("providers")
        if as_json:
            print_json((await api.get(path, {"limit": 200})).content)
            return
        rows = [
            (each.id, each.kind, each.base_url, _key(each), each.origin)
            for each in await api.items(path, wire.Provider)
        ]
        columns = ("ID", "KIND", "ADDRESS", "KEY", "FROM")
        print_table(columns, rows, empty="No providers: `mandrake provider add`.")

    with_api(work)


def _key(provider: wire.Provider) -> str:
    if provider.api_key is None or not provider.api_key.set:
        return "–"
    return provider.api_key.hint or "set"


@app.command()
def add(
    provider_id: IdArgument,
    kind: Annotated[str, typer.Option("--kind", help="Which service: openai, …")] = "openai",
    base_url: Annotated[
        str | None, typer.Option("--base-url", metavar="URL", help="Another address of it.")
    ] = None,
    no_key: Annotated[bool, typer.Option("--no-key", help="It needs no key.")] = False,
    workspace: OverWorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a provider. The key is typed at a prompt that shows nothing, or piped in.

    Examples:
      mandrake provider add openai
      mandrake provider add local --base-url http://127.0.0.1:8080/v1 --no-key
      mandrake provider add openai < key.txt
    """
    from mandrake.cli.confirm import secret_value

    body: wire.JsonObject = {"id": provider_id, "kind": kind}
    if base_url is not None:
        body["base_url"] = base_url
    if not no_key:
        body["api_key"] = secret_value(f"Key of {provider_id}")

    async def work(api: ApiClient) -> None:
        answer = await api.post(scope_over(workspace).path("providers"), body)
        if as_json:
            print_json(answer.content)
        else:
            say(f"Added `{provider_id}`.")
            note(f"Test it: mandrake provider test {provider_id}")

    with_api(work)


@app.command()
def remove(
    provider_id: IdArgument, workspace: OverWorkspaceOption = None, yes: YesOption = False
) -> None:
    """Remove a provider and its key.

    Example:
      mandrake provider remove openai --yes
    """
    from mandrake.cli.confirm import confirm

    async def work(api: ApiClient) -> None:
        await confirm(f"Remove the provider `{provider_id}` and its key?", yes=yes)
        await api.delete(scope_over(workspace).path("providers", provider_id))
        note("Removed.")

    with_api(work)


def try_out(
    provider_id: IdArgument, workspace: OverWorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Reach a provider with its key and list what it offers. Exit code 1 when that fails.

    Examples:
      mandrake provider test openai
    """
    from mandrake.cli import wire
    from mandrake.cli.exit_codes import ExitCode
    from mandrake.errors import ProviderUnavailable

    async def work(api: ApiClient) -> ExitCode:
        answer = await api.post(scope_over(workspace).path("providers", provider_id, "test"))
        tried = answer.decode(wire.ProviderTrial)
        if as_json:
            print_json(answer.content)
            return ExitCode.DONE if tried.ok else ExitCode.FAILED
        if not tried.ok:
            detail = tried.detail or f"The provider `{provider_id}` does not answer."
            raise ProviderUnavailable(detail, hint=tried.hint)
        note(f"`{provider_id}` answers, in {tried.duration_ms:.0f} ms.")
        rows = [(each.name, each.context_tokens, each.tools) for each in tried.models]
        print_table(("MODEL", "CONTEXT", "TOOLS"), rows, empty="It lists no models.")
        return ExitCode.DONE

    raise typer.Exit(with_api(work))


app.command("test")(try_out)
