"""Where the source of a new workspace comes from: what is asked, and whether it may be.

Judges addresses and paths; making the source is the manager's part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from mandrake.errors import FieldProblem, InvalidInput

_SCHEMES = ("https", "http", "ssh", "git")
_SCP_FORM = re.compile(r"^(?:[A-Za-z0-9_.-]+@)?[A-Za-z0-9][A-Za-z0-9_.-]*:(?!/?/)[^\s]+$")


@dataclass(frozen=True, slots=True)
class SourceRequest:
    """`empty` needs nothing, `clone` a `url`, `link` a `path`."""

    kind: Literal["empty", "clone", "link"] = "empty"
    url: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class CloneAddress:
    """A judged address."""

    url: str
    """What git is given."""
    shown: str
    """Without user name and password: what is stored and shown."""
    local: bool


def judge_request(request: SourceRequest) -> None:
    """Whether the fields fit the kind.

    Raises:
        InvalidInput: One is missing, or one too many is there.
    """
    needed = {"empty": None, "clone": "url", "link": "path"}[request.kind]
    for name, value in (("url", request.url), ("path", request.path)):
        if name == needed and not value:
            raise _invalid(name, f"a source of kind `{request.kind}` needs `{name}`")
        if name != needed and value is not None:
            raise _invalid(name, f"a source of kind `{request.kind}` has no `{name}`")


def judge_clone_url(url: str) -> CloneAddress:
    """What may be cloned: https, http, ssh and git addresses, `user@host:path`, and folders of
    this machine by absolute path.

    Raises:
        InvalidInput: Anything else: other transports can run programs.
    """
    if any(ord(character) < 0x21 or ord(character) == 0x7F for character in url):
        raise _invalid("url", "the address holds spaces or control characters")
    if url.startswith(("/", "~/", "file://")):
        path = Path(url.removeprefix("file://")).expanduser()
        if not path.is_absolute():
            raise _invalid("url", "a local path must be absolute")
        if not path.is_dir():
            raise _invalid("url", f"`{path}` is not a folder")
        return CloneAddress(str(path), str(path), local=True)
    if "::" in url or url.startswith("-"):
        raise _invalid("url", "this kind of address is not allowed")
    if "://" in url:
        return _judge_network_url(url)
    if _SCP_FORM.match(url) is None:
        raise _invalid("url", "not an address git can clone: https://…, ssh://… or host:path")
    return CloneAddress(url, url, local=False)


def _judge_network_url(url: str) -> CloneAddress:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise _invalid("url", "not a valid address") from None
    if parts.scheme not in _SCHEMES or not host or host.startswith("-"):
        raise _invalid("url", f"only {', '.join(_SCHEMES)} addresses can be cloned")
    if parts.password is not None:
        raise _invalid(
            "url",
            "the address holds a password, which would be kept in the repository; "
            "use git's credential helper or an ssh key",
        )
    bare = parts.netloc.rpartition("@")[2]
    # A token may stand where a user name does; only ssh needs the name to be shown.
    shown = url if parts.scheme == "ssh" else urlunsplit(parts._replace(netloc=bare))
    return CloneAddress(url, shown, local=False)


def judge_link_path(text: str, home: Path) -> Path:
    """The folder that `src` may link to. Blocking.

    Raises:
        InvalidInput: Not an existing folder, or one that holds or lies in the home.
    """
    path = Path(text).expanduser()
    if "\0" in text or not path.is_absolute():
        raise _invalid("path", "the path must be absolute, or start with `~`")
    try:
        resolved = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise _invalid("path", f"`{path}` does not exist") from None
    if not resolved.is_dir():
        raise _invalid("path", f"`{path}` is not a folder")
    if resolved == home or home in resolved.parents:
        raise _invalid("path", f"`{path}` lies in Mandrake's home")
    if resolved in home.parents:
        raise _invalid("path", f"`{path}` holds Mandrake's home; link a folder beside or below it")
    return resolved


def _invalid(field: str, message: str) -> InvalidInput:
    return InvalidInput(
        f"`source.{field}`: {message}.", errors=[FieldProblem(f"source.{field}", message)]
    )
