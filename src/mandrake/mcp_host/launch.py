"""From a `ServerSpec` to a `Launch`: finds the program and gives it the least it needs.

Knows the servers that we ship (`@mandrake/filesystem`, `@mandrake/git`): how to start them, what
they must read, and which settings keep them within their box.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from mandrake.errors import InvalidInput, ServerUnavailable
from mandrake.mcp_host.environments import ServerEnvironments
from mandrake.mcp_host.ports import Launch
from mandrake.mcp_host.spec import ServerSpec

FILESYSTEM = "@mandrake/filesystem"
GIT = "@mandrake/git"
GIT_ENVIRONMENT = "mcp-server-git"
_SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_SOURCE_ROOT = Path(__file__).resolve().parents[2]


class Launcher:
    """Plans launches.

    Args:
        environments: Where the environments of shipped servers are; None when none is needed.
    """

    def __init__(self, environments: ServerEnvironments | None = None) -> None:
        self._environments = environments

    async def plan(self, spec: ServerSpec, on_progress: Callable[[str], None]) -> Launch:
        """Everything needed to start `spec`, with a fresh scratch folder.

        May take minutes on the first use of a server that needs an environment; says so through
        `on_progress`.

        Raises:
            ServerUnavailable: The program isn't there or its environment can't be made.
            InvalidInput: The command names a server that we don't ship.
        """
        name, *arguments = spec.command
        environment: dict[str, str] = {}
        readable: tuple[Path, ...] = ()
        if name == FILESYSTEM:
            argv = _filesystem_command(arguments)
            environment["PYTHONPATH"] = str(_SOURCE_ROOT)
            readable = (*_python_folders(), _SOURCE_ROOT)
        elif name == GIT:
            python = await self._environment(spec, on_progress)
            argv = (str(python), "-I", "-m", "mcp_server_git", *arguments)
            environment |= _git_environment(arguments, spec.env)
            readable = (*_python_folders(), python.parent.parent)
        elif name.startswith("@"):
            raise InvalidInput(
                f"server `{spec.key}`: there is no shipped server `{name}`",
                hint=f"use `{FILESYSTEM}`, `{GIT}` or the path of a program",
            )
        else:
            program = await asyncio.to_thread(_find, name, spec)
            argv = (str(program), *arguments)
            readable = (program.resolve(),)
        return await asyncio.to_thread(_prepare, spec, argv, environment, readable)

    async def _environment(self, spec: ServerSpec, on_progress: Callable[[str], None]) -> Path:
        if self._environments is None:
            raise ServerUnavailable(
                f"server `{spec.key}` needs an environment, and this host has nowhere to make one"
            )
        return await self._environments.ensure(GIT_ENVIRONMENT, on_progress)


def _prepare(
    spec: ServerSpec, argv: tuple[str, ...], environment: Mapping[str, str],
    readable: tuple[Path, ...],
) -> Launch:  # fmt: skip
    cwd = spec.cwd
    if cwd is not None and not cwd.is_dir():
        raise ServerUnavailable(
            f"server `{spec.key}`: its working folder `{cwd}` does not exist",
            hint="make the folder or change `cwd`",
        )
    for mount in spec.box.mounts:
        if not mount.source.exists():
            raise ServerUnavailable(
                f"server `{spec.key}`: the mounted `{mount.source}` does not exist",
                hint="make it or take the mount out of the definition",
            )
    scratch = Path(tempfile.mkdtemp(prefix=f"mandrake-{spec.key}-"))
    if spec.command[0] == GIT:
        # Below the repository's own configuration: used only when it names nobody.
        identity = "[user]\n\tname = Mandrake\n\temail = mandrake@localhost\n"
        (scratch / ".gitconfig").write_text(identity, encoding="utf-8")
    env = {
        "PATH": _path(spec),
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        **environment,
        **spec.env,
    }
    return Launch(
        argv=argv, env=env, cwd=cwd or scratch, box=spec.box, scratch=scratch, readable=readable
    )


def _path(spec: ServerSpec) -> str:
    # The search path is no secret, and commands such as `npx` are found by it; a confined server
    # can't read most of it anyway.
    if spec.box.kind == "process":
        return os.environ.get("PATH", _SYSTEM_PATH)
    return _SYSTEM_PATH


def _find(name: str, spec: ServerSpec) -> Path:
    search = spec.env.get("PATH") or os.environ.get("PATH", _SYSTEM_PATH)
    base = spec.cwd or Path("/")
    wanted = name if os.sep not in name else str(base / Path(name).expanduser())
    found = shutil.which(wanted, path=search)
    if found is None:
        raise ServerUnavailable(
            f"server `{spec.key}`: the program `{name}` was not found",
            hint="install it, or give its full path as `command`",
        )
    # Not resolved: the name a virtual environment's python is called by decides what it imports.
    return Path(found).absolute()


def _filesystem_command(arguments: Sequence[str]) -> tuple[str, ...]:
    # -P and -s: import from the given path only, never from the working folder or the home.
    options = ("-P", "-s", "-B", "-m", "mandrake.tool_servers.filesystem")
    return (sys.executable, *options, *arguments)


def _python_folders() -> tuple[Path, ...]:
    return tuple(sorted({Path(sys.prefix), Path(sys.base_prefix), Path(sys.exec_prefix)}))


def _git_environment(arguments: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    settings = [
        ("core.fsmonitor", "false"),
        ("core.hooksPath", os.devnull),
        ("protocol.ext.allow", "never"),
    ]
    for repository in _repositories(arguments):
        settings += [("safe.directory", path) for path in _spellings(repository)]
    environment = {
        # The machine's file can't be read in the box, and git stops at a file it can't read.
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_CONFIG_COUNT": str(len(settings)),
    }
    for index, (key, value) in enumerate(settings):
        environment[f"GIT_CONFIG_KEY_{index}"] = key
        environment[f"GIT_CONFIG_VALUE_{index}"] = value
    for field in ("NAME", "EMAIL"):
        if f"GIT_AUTHOR_{field}" in given:
            environment[f"GIT_COMMITTER_{field}"] = given[f"GIT_AUTHOR_{field}"]
    return environment


def _repositories(arguments: Sequence[str]) -> list[str]:
    found = [value for flag, value in pairwise(arguments) if flag in ("--repository", "-r")]
    prefix = "--repository="
    return found + [item.removeprefix(prefix) for item in arguments if item.startswith(prefix)]


def _spellings(path: str) -> list[str]:
    return sorted({path, str(Path(path).resolve())})
