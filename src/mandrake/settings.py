"""Settings of one process: flags and environment, read once, frozen, passed down."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mandrake.errors import InvalidInput

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 4000
CANONICAL_HOST = "mandrake.localhost"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a process was started with."""

    home: Path
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    """0 takes any free port."""
    key_file: Path | None = None
    """`MANDRAKE_KEY_FILE`: a key ring outside the home."""
    server_cache: Path | None = None
    """`MANDRAKE_SERVER_CACHE`: where environments of shipped servers are made; None is the home's
    `cache/servers`. Several homes may share one."""
    log_level: str = "INFO"
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    """The process's environment: only what `{"env": "NAME"}` names is ever taken from it."""

    @property
    def origin(self) -> str:
        """The canonical address of the page."""
        return f"http://{CANONICAL_HOST}:{self.port}"


def default_home(environment: Mapping[str, str]) -> Path:
    """`$MANDRAKE_HOME`, else `~/.mandrake`."""
    named = environment.get("MANDRAKE_HOME")
    return Path(named).expanduser() if named else Path.home() / ".mandrake"


def read_settings(
    *,
    home: Path | None = None,
    host: str | None = None,
    port: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """Flags first, then the environment, then defaults.

    Raises:
        InvalidInput: A port that is none, or an address other machines could reach.
    """
    env = dict(os.environ) if environment is None else dict(environment)
    chosen_host = host or env.get("MANDRAKE_HOST") or DEFAULT_HOST
    if chosen_host not in ("127.0.0.1", "::1", "localhost"):
        raise InvalidInput(
            f"`{chosen_host}` can be reached by other machines, and this version has no accounts.",
            hint="Leave `--host` at 127.0.0.1; use an SSH tunnel to reach it from elsewhere.",
        )
    key_file = env.get("MANDRAKE_KEY_FILE")
    server_cache = env.get("MANDRAKE_SERVER_CACHE")
    return Settings(
        home=(home or default_home(env)).expanduser(),
        host="127.0.0.1" if chosen_host == "localhost" else chosen_host,
        port=_port(port, env),
        key_file=Path(key_file) if key_file else None,
        server_cache=Path(server_cache) if server_cache else None,
        log_level=env.get("MANDRAKE_LOG_LEVEL", "INFO").upper(),
        environment=env,
    )


def _port(port: int | None, environment: Mapping[str, str]) -> int:
    text = str(port) if port is not None else environment.get("MANDRAKE_PORT", str(DEFAULT_PORT))
    if not text.isdigit() or not 0 <= int(text) <= 65535:
        raise InvalidInput(f"`{text}` is no port: use a number from 0 to 65535.")
    return int(text)
