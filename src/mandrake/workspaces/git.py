"""Run `git` on repositories that nobody vouches for.

Hooks, file-system monitors, filters, signature programs and foreign transports named by a
repository's own configuration never run; nothing asks for a password; output and time are bounded.
Knows git, not workspaces.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mandrake.errors import DeadlineExceeded, LimitExceeded, Unavailable

READ_SECONDS = 10.0
MAX_OUTPUT_BYTES = 1024 * 1024
_MAX_LINE_BYTES = 16 * 1024
_STOP_SECONDS = 2.0

_HARDENING = (
    ("core.fsmonitor", "false"),
    ("core.hooksPath", "/dev/null"),
    ("core.sshCommand", ""),
    ("core.gitProxy", ""),
    ("core.pager", "cat"),
    ("core.attributesFile", "/dev/null"),
    ("core.alternateRefsCommand", "true"),
    ("diff.external", ""),
    ("log.showSignature", "false"),
    ("gpg.program", "false"),
    ("submodule.recurse", "false"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("protocol.ext.allow", "never"),
    ("advice.detachedHead", "false"),
)
_RUNS_PROGRAMS = re.compile(
    r"^(filter\..*\.(clean|smudge|process)|diff\..*\.(command|textconv)|merge\..*\.driver)$",
    re.IGNORECASE,
)
_PASSED_VARIABLES = ("PATH", "LANG", "TMPDIR", "SSH_AUTH_SOCK", "XDG_CONFIG_HOME")
OnProgress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class GitResult:
    """What a finished `git` left."""

    status: int
    output: bytes
    errors: str
    truncated: bool
    """Whether the output met its bound; what is there is its beginning."""


@dataclass(frozen=True, slots=True)
class Git:
    """The installed program."""

    program: str

    @classmethod
    def find(cls) -> Git | None:
        """The `git` in the path, or None."""
        program = shutil.which("git")
        return None if program is None else cls(program)

    async def read(self, repository: Path, *arguments: str) -> GitResult:
        """Run a reading command in `repository`, without any transport and any user's settings.

        Raises:
            DeadlineExceeded: Not done within 10 seconds; it was ended.
        """
        settings = [("protocol.allow", "never"), *await self._disarming(repository)]
        environment = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        return await self._run(
            ["-C", str(repository), *arguments], repository, settings, environment
        )

    async def make(
        self, folder: Path, *arguments: str, variables: Mapping[str, str] | None = None
    ) -> None:
        """Run a writing command in a repository of our own making.

        Raises:
            Unavailable: It failed; the message holds git's own.
        """
        environment = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        result = await self._run(
            ["-C", str(folder), *arguments],
            folder,
            [("protocol.allow", "never"), ("commit.gpgSign", "false")],
            {**environment, **(variables or {})},
        )
        if result.status != 0:
            raise _failed(arguments[0], result)

    async def clone(
        self,
        url: str,
        target: Path,
        *,
        local: bool,
        deadline_seconds: float,
        on_progress: OnProgress | None = None,
    ) -> None:
        """Clone into `target`, which does not exist. The user's own git settings apply (their
        credential helper, proxy and keys); the repository's never run a program.

        Cancelling ends git and everything it started. `url` was judged by the caller.

        Raises:
            Unavailable: It failed; the message holds the end of git's own.
            DeadlineExceeded: Not done in time; it was ended.
        """
        allowed = ("file",) if local else ("https", "http", "ssh", "git")
        settings = [("protocol.allow", "never")]
        settings += [(f"protocol.{name}.allow", "always") for name in allowed]
        # No copied templates (they bring hooks), no hard links into somebody else's repository.
        options = ["--progress", "--template=", "--no-recurse-submodules"]
        options += ["--no-hardlinks"] if local else []
        result = await self._run(
            ["clone", *options, "--", url, str(target)],
            target.parent,
            settings,
            {"HOME": str(Path.home())},
            deadline_seconds=deadline_seconds,
            on_progress=on_progress,
            keep=("core.sshCommand", "core.gitProxy"),
        )
        if result.status != 0:
            raise _failed("clone", result)

    async def _disarming(self, repository: Path) -> list[tuple[str, str]]:
        """Settings that switch off every program the repository's own configuration names."""
        result = await self._run(
            ["-C", str(repository), "config", "--null", "--name-only", "--list"],
            repository,
            [],
            {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
        )
        if result.truncated:
            raise LimitExceeded("The repository's configuration is too large to be read safely.")
        settings: list[tuple[str, str]] = []
        for name in result.output.decode("utf-8", "surrogateescape").split("\0"):
            if _RUNS_PROGRAMS.match(name):
                settings.append((name, ""))
                if name.lower().startswith("filter."):
                    settings.append((name.rpartition(".")[0] + ".required", "false"))
        return settings

    async def _run(
        self,
        arguments: Sequence[str],
        folder: Path,
        settings: Sequence[tuple[str, str]],
        variables: Mapping[str, str],
        *,
        deadline_seconds: float = READ_SECONDS,
        on_progress: OnProgress | None = None,
        keep: tuple[str, ...] = (),
    ) -> GitResult:
        hardening = [pair for pair in _HARDENING if pair[0] not in keep]
        hardening.append(("safe.directory", "*"))
        environment = _environment([*hardening, *settings], variables)
        process = await asyncio.create_subprocess_exec(
            self.program,
            "--no-pager",
            "--no-optional-locks",
            *arguments,
            cwd=folder,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(deadline_seconds), asyncio.TaskGroup() as group:
                output = group.create_task(_collect(process.stdout))
                errors = group.create_task(_follow(process.stderr, on_progress))
                status = await process.wait()
        except TimeoutError:
            raise DeadlineExceeded(
                f"`git {_verb(arguments)}` took longer than {deadline_seconds:.0f} seconds "
                "and was ended."
            ) from None
        finally:
            await _end(process)
        content, truncated = output.result()
        return GitResult(status, content, errors.result(), truncated)


def _environment(
    settings: Sequence[tuple[str, str]], variables: Mapping[str, str]
) -> dict[str, str]:
    passed = {name: os.environ[name] for name in _PASSED_VARIABLES if name in os.environ}
    environment = {
        "HOME": os.devnull,
        **passed,
        "LC_ALL": "C.UTF-8",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "false",
        "SSH_ASKPASS_REQUIRE": "never",
        "GIT_PAGER": "cat",
        "GIT_EDITOR": "false",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_CONFIG_COUNT": str(len(settings)),
        **variables,
    }
    # Not `-c`: a name with `=` in it (a filter may be called so) would be cut there.
    for index, (name, value) in enumerate(settings):
        environment[f"GIT_CONFIG_KEY_{index}"] = name
        environment[f"GIT_CONFIG_VALUE_{index}"] = value
    return environment


async def _collect(stream: asyncio.StreamReader | None) -> tuple[bytes, bool]:
    """Everything up to the bound; the rest is read and dropped, so that git can end."""
    if stream is None:
        return b"", False
    kept = bytearray()
    truncated = False
    while piece := await stream.read(65536):
        room = MAX_OUTPUT_BYTES - len(kept)
        kept += piece[:room]
        truncated = truncated or len(piece) > room
    return bytes(kept), truncated


async def _follow(stream: asyncio.StreamReader | None, on_progress: OnProgress | None) -> str:
    """The last lines of the error stream; progress lines (ended by CR or LF) are passed on."""
    if stream is None:
        return ""
    tail = bytearray()
    line = bytearray()
    while piece := await stream.read(4096):
        tail += piece
        del tail[:-_MAX_LINE_BYTES]
        line += piece
        del line[:-_MAX_LINE_BYTES]
        *complete, rest = re.split(rb"[\r\n]", bytes(line))
        line = bytearray(rest)
        if on_progress is not None:
            for text in complete:
                if text.strip():
                    on_progress(text.decode("utf-8", "replace").strip())
    return tail.decode("utf-8", "replace").strip()


async def _end(process: asyncio.subprocess.Process) -> None:
    """Make sure that git and what it started are gone; they are one process group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.returncode is None:
        async with asyncio.timeout(_STOP_SECONDS):
            await asyncio.shield(process.wait())


def _verb(arguments: Sequence[str]) -> str:
    return next((a for a in arguments if not a.startswith(("-", "/"))), "")


def _failed(verb: str, result: GitResult) -> Unavailable:
    lines = [line for line in re.split(r"[\r\n]+", result.errors) if line.strip()]
    return Unavailable(
        f"`git {verb}` failed: {' '.join(lines[-3:])[:600] or f'exit status {result.status}'}",
        code="unavailable.git",
        hint=(
            "Check address and access with `git` on a terminal; Mandrake never asks for a password."
            if verb == "clone"
            else None
        ),
    )
