"""`python -m mandrake.tool_servers.filesystem --root [NAME=]DIR [--read-only-root …] …`."""

from __future__ import annotations

import sys
from pathlib import Path

from mandrake import __version__
from mandrake.tool_servers.filesystem.paths import Root, Roots
from mandrake.tool_servers.filesystem.tools import filesystem_tools
from mandrake.tool_servers.stdio import StdioServer


def main(arguments: list[str]) -> int:
    """Serve until the end of input; 2 for a wrong command line."""
    roots: list[Root] = []
    flags = {"--root": True, "--read-only-root": False}
    for flag, value in zip(arguments[::2], arguments[1::2], strict=False):
        name, folder = _named(value)
        if flag not in flags or not Path(folder).is_dir():
            sys.stderr.write(f"`{flag} {folder}`: give --root or --read-only-root and a folder\n")
            return 2
        roots.append(Root(Path(folder).resolve(), writable=flags[flag], name=name))
    if not roots or len(arguments) % 2:
        sys.stderr.write("give at least one --root DIR or --read-only-root DIR\n")
        return 2
    places = Roots(tuple(roots))
    instructions = (
        f"Paths are relative to {roots[0].path}, or absolute below one of the allowed folders."
    )
    StdioServer("mandrake-filesystem", __version__, filesystem_tools(places), instructions).run()
    return 0


def _named(value: str) -> tuple[str, str]:
    name, equals, folder = value.partition("=")
    return (name, folder) if equals and name and "/" not in name else ("", value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
