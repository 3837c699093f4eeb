"""`mandrake tool`: tool servers of a scope, and their tools."""

from __future__ import annotations

import json
import shlex
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from mandrake.cli.approvals import parse_arguments
from mandrake.cli.commands import tool_calls
from mandrake.cli.commands.question import text_or_file
from mandrake.cli.options import InstallationOption, JsonOption, WorkspaceOption, YesOption
from mandrake.cli.output import note, print_json, print_table, say, shown_time
from mandrake.cli.running import with_api
from mandrake.errors import InvalidInput

if TYPE_CHECKING:
    from mandrake.cli import wire
    from mandrake.cli.client import ApiClient

app = typer.Typer(
    name="tool",
    help="Tool servers: add, start, stop, call, look into.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
ServerArgument = Annotated[str, typer.Argument(metavar="SERVER", help="Key of the server.")]


@app.command("list")
def list_(
    workspace: WorkspaceOption = None,
    installation: InstallationOption = False,
    as_json: JsonOption = False,
) -> None:
    """The servers of a workspace and what they are doing.

    Example:
      mandrake tool list -w welcome
    """
    from mandrake.cli import wire
    from mandrake.cli.scopes import choose_scope

    async def work(api: ApiClient) -> None:
        scope = await choose_scope(api, workspace, installation=installation)
        if as_json:
            print_json((await api.get(scope.path("tools"), {"limit": 200})).content)
            return
        servers = await api.items(scope.path("tools"), wire.Server)
        rows = [
            (
                each.key,
                each.status,
                each.tool_count,
                each.box.label or each.box.kind if each.box else "–",
                each.last_error or each.detail or "",
            )
            for each in servers
        ]
        columns = ("SERVER", "STATUS", "TOOLS", "BOX", "DETAIL")
        print_table(columns, rows, empty="No servers: `mandrake tool add`.")
        for each in servers:
            if each.status == "needs_review":
                note(f"`{each.key}` waits: mandrake tool accept {each.key} {scope.option}")

    with_api(work)


@app.command(context_settings={"ignore_unknown_options": True})
def add(
    server: ServerArgument,
    command: Annotated[
        list[str] | None, typer.Argument(metavar="[--] COMMAND…", help="What starts it.")
    ] = None,
    *,
    definition: Annotated[
        str | None,
        typer.Option("--definition", metavar="JSON|@FILE", help="An entry as of `tools.json`."),
    ] = None,
    env: Annotated[
        list[str] | None,
        typer.Option("--env", metavar="NAME=VALUE", help="A plain variable; never a secret."),
    ] = None,
    workspace: WorkspaceOption = None,
    installation: InstallationOption = False,
    as_json: JsonOption = False,
) -> None:
    """Add a server. What you add yourself is accepted and may start.

    Examples:
      mandrake tool add clock -w demo -- uvx mcp-server-time
      mandrake tool add notes --definition @notes.json
    """
    from mandrake.cli import wire
    from mandrake.cli.scopes import choose_scope

    entry = _entry(command, definition, env)

    async def work(api: ApiClient) -> None:
        scope = await choose_scope(api, workspace, installation=installation)
        answer = await api.post(scope.path("tools"), {"key": server, "definition": entry})
        _report(answer.content, as_json=as_json, shown=answer.decode(wire.Server))

    with_api(work)


def _entry(
    command: list[str] | None, definition: str | None, env: list[str] | None
) -> wire.JsonObject:
    if (definition is None) == (not command):
        raise InvalidInput(
            "A server needs its command, or `--definition`.",
            hint="For example: mandrake tool add clock -- uvx mcp-server-time",
        )
    if definition is not None:
        return parse_arguments(text_or_file(definition))
    assert command
    entry: wire.JsonObject = {"command": command[0], "args": command[1:]}
    for pair in env or []:
        name, equals, value = pair.partition("=")
        if not name or not equals:
            raise InvalidInput(f"`--env {name}` has no value.", hint="Write `--env NAME=VALUE`.")
        entry.setdefault("env", {})[name] = value
    return entry


@app.command("import")
def import_(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A file with `mcpServers`; `-` reads stdin.")
    ],
    workspace: WorkspaceOption = None,
    installation: InstallationOption = False,
    as_json: JsonOption = False,
) -> None:
    """Take over the `mcpServers` of another program. Secrets in it go into the secret store.

    Examples:
      mandrake tool import ~/.config/Claude/claude_desktop_config.json -w demo
      mandrake tool import - -w demo < servers.json
    """
    from mandrake.cli.scopes import choose_scope

    block = parse_arguments(text_or_file(f"@{file}"))

    async def work(api: ApiClient) -> None:
        scope = await choose_scope(api, workspace, installation=installation)
        answer = await api.post(scope.path("tools", "import"), block)
        if as_json:
            print_json(answer.content)
            return
        report = json.loads(answer.content)
        say(f"Imported {', '.join(f'`{key}`' for key in report.get('keys', [])) or 'nothing'}.")
        for name, key in report.get("renamed", {}).items():
            note(f"`{name}` is called `{key}` here.")
        for name in report.get("secret_names", []):
            note(f"A value became the secret `{name}`.")
        note(f"See: mandrake tool list {scope.option}")

    with_api(work)


@app.command()
def remove(
    server: ServerArgument,
    workspace: WorkspaceOption = None,
    installation: InstallationOption = False,
    yes: YesOption = False,
) -> None:
    """Stop a server and remove its definition.

    Example:
      mandrake tool remove clock -w demo --yes
    """
    from mandrake.cli.confirm import confirm
    from mandrake.cli.scopes import choose_scope

    async def work(api: ApiClient) -> None:
        scope = await choose_scope(api, workspace, installation=installation)
        await confirm(f"Remove the server `{server}`?", yes=yes)
        await api.delete(scope.path("tools", server))
        note("Removed.")

    with_api(work)


@app.command()
def accept(
    server: ServerArgument,
    workspace: WorkspaceOption = None,
    installation: InstallationOption = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Accept a definition that waits for review; shows first what it would do.

    Definitions that came with a folder, an import or an edit by hand start nothing before that.

    Example:
      mandrake tool accept clock -w demo
    """
    from mandrake.cli import wire
    from mandrake.cli.confirm import confirm
    from mandrake.cli.scopes import choose_scope

    async def work(api: ApiClient) -> None:
        scope = await choose_scope(api, workspace, installation=installation)
        path = scope.path("tools", server)
        found = (await api.get(path)).decode(wire.Server)
        if found.review is None:
            note(f"`{server}` does not wait for a review; it is {found.status}.")
            return
        print(json.dumps(found.definition, indent=2, ensure_ascii=True), file=sys.stderr)
        for line in _review_lines(found.review):
            note(line)
        await confirm(f"Accept `{server}` as shown?", yes=yes)
        # The hash is of what was shown: a change in between is refused.
        answer = await api.post(f"{path}/accept", {"hash": found.review.hash})
        _report(answer.content, as_json=as_json, shown=answer.decode(wire.Server))

    with_api(work)


def _review_lines(review: wire.Review) -> list[str]:
    lines = [f"Waits because: {review.reason}"] if review.reason else []
    if review.command:
        lines.append(f"Runs: {shlex.join(review.command)}")
    lines += [f"Mounts: {json.dumps(mount, ensure_ascii=False)}" for mount in review.mounts]
    if review.network:
        lines.append(f"Network: {review.network}")
    if review.secrets:
        lines.append(f"Secrets: {', '.join(review.secrets)}")
    return lines


@app.command()
def start(
    server: ServerArgument,
    workspace: WorkspaceOption = None,
    installation: InstallationOption = False,
    as_json: JsonOption = False,
) -> None:
    """Start a server.

    Example:
      mandrake tool start git -w welcome
    """
    _operate("start", server, workspace, installation=installation, as_json=as_json)


@app.command()
def stop(
    server: ServerArgument,
    workspace: WorkspaceOption = None,
    installation: InstallationOption = False,
    as_json: JsonOption = False,
) -> None:
    """Stop a server, until it is started again.

    Example:
      mandrake tool stop git -w welcome
    """
    _operate("stop", server, workspace, installation=installation, as_json=as_json)


@app.command()
def restart(
    server: ServerArgument,
    workspace: WorkspaceOption = None,
    installation: InstallationOption = False,
    as_json: JsonOption = False,
) -> None:
    """Replace the running instance of a server.

    Example:
      mandrake tool restart git -w welcome
    """
    _operate("restart", server, workspace, installation=installation, as_json=as_json)


def _operate(
    verb: str, server: str, workspace: str | None, *, installation: bool, as_json: bool
) -> None:
    from mandrake.cli import wire
    from mandrake.cli.client import SLOW_TIMEOUT_SECONDS
    from mandrake.cli.scopes import choose_scope

    async def work(api: ApiClient) -> None:
        scope = await choose_scope(api, workspace, installation=installation)
        path = scope.path("tools", server, verb)
        answer = await api.post(path, timeout_seconds=SLOW_TIMEOUT_SECONDS)
        _report(answer.content, as_json=as_json, shown=answer.decode(wire.Server))

    with_api(work)


def _report(content: bytes, *, as_json: bool, shown: wire.Server) -> None:
    if as_json:
        print_json(content)
        return
    detail = shown.last_error or shown.detail
    say(f"`{shown.key}` is {shown.status}{f': {detail}' if detail else ''}.")


@app.command()
def logs(
    server: ServerArgument,
    workspace: WorkspaceOption = None,
    installation: InstallationOption = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1000)] = 100,
    as_json: JsonOption = False,
) -> None:
    """The newest lines of a server, oldest first.

    Example:
      mandrake tool logs git -w welcome -n 20
    """
    from mandrake.cli import wire
    from mandrake.cli.scopes import choose_scope

    async def work(api: ApiClient) -> None:
        scope = await choose_scope(api, workspace, installation=installation)
        answer = await api.get(scope.path("tools", server, "logs"), {"limit": limit})
        if as_json:
            print_json(answer.content)
            return
        for line in answer.decode(wire.Page[wire.ServerLogLine]).items:
            say(f"{shown_time(line.at)} {line.stream:8} {line.line}")

    with_api(work)


tool_calls.register(app)
