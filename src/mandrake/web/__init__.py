"""Serves the built web application from `_static`.

Only files that were found when the folder was scanned are served, by their exact path: there is no
way from a URL to any other file. Pages of the application are all `index.html`. Pure ASGI.
"""

from __future__ import annotations

import asyncio
import hashlib
import mimetypes
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STATIC_FOLDER = Path(__file__).with_name("_static")
IMMUTABLE = "public, max-age=31536000, immutable"
"""For names that contain a hash of their content."""
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'{sockets}; font-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_NOT_BUILT = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Mandrake</title>
<p>The web application is not built. In a checkout run <code>make run</code>; the command line works
without it: <code>mandrake chat</code>.</p></html>
"""
_NOT_FOUND = b"Not found\n"

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    media_type: str
    etag: str
    encoded: Mapping[str, Path]
    """By content coding."""


class WebApplication:
    """The page, its assets, and nothing else."""

    def __init__(self, folder: Path = STATIC_FOLDER) -> None:
        self._folder = folder
        self._files: dict[str, _File] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive  # requests here have no body that means anything
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        answer = _Answer(scope, send)
        if scope["method"] not in ("GET", "HEAD"):
            await answer.text(405, _NOT_FOUND, "text/plain; charset=utf-8")
            return
        if "/index.html" not in self._files:
            # Also later on: the application may be built while the server runs.
            self._files = await asyncio.to_thread(_scan, self._folder)
        path = str(scope["path"])
        file = self._files.get("/index.html" if path == "/" else path)
        if file is not None:
            await answer.file(file, immutable=path.startswith("/assets/"))
        elif not answer.wants_page:
            await answer.text(404, _NOT_FOUND, "text/plain; charset=utf-8")
        elif (page := self._files.get("/index.html")) is not None:
            await answer.file(page, immutable=False)
        else:
            await answer.text(503, _NOT_BUILT, "text/html; charset=utf-8")


class _Answer:
    """One answer to one request."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._headers = {
            bytes(name): bytes(value).decode("latin-1") for name, value in scope["headers"]
        }

    @property
    def wants_page(self) -> bool:
        """Whether a person asks for a page of the application rather than a program for a file."""
        path = str(self._scope["path"])
        is_ours = not path.startswith(("/api/", "/assets/"))
        return is_ours and "text/html" in self._headers.get(b"accept", "")

    async def file(self, file: _File, *, immutable: bool) -> None:
        headers = {"etag": file.etag, "vary": "accept-encoding"}
        headers["cache-control"] = IMMUTABLE if immutable else "no-cache"
        known = self._headers.get(b"if-none-match", "")
        if file.etag in [each.strip().removeprefix("W/") for each in known.split(",")]:
            await self._answer(304, b"", headers)
            return
        chosen, coding = file.path, None
        accepted = _accepted_codings(self._headers.get(b"accept-encoding", ""))
        for name, path in file.encoded.items():
            if name in accepted:
                chosen, coding = path, name
                break
        if coding is not None:
            headers["content-encoding"] = coding
        headers["content-type"] = file.media_type
        try:
            content = await asyncio.to_thread(chosen.read_bytes)
        except OSError:
            await self.text(404, _NOT_FOUND, "text/plain; charset=utf-8")
            return
        await self._answer(200, content, headers)

    async def text(self, status: int, body: bytes, media_type: str) -> None:
        await self._answer(status, body, {"content-type": media_type, "cache-control": "no-store"})

    async def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        host = self._headers.get(b"host", "")
        # Older browsers do not count WebSockets of the same origin as `'self'`. The name was
        # checked before; the unix socket takes any, so only plain ones are repeated.
        plain = host.replace(".", "").replace(":", "").replace("-", "").isalnum()
        headers["content-security-policy"] = CONTENT_SECURITY_POLICY.format(
            sockets=f" ws://{host}" if plain else ""
        )
        if status != 304:
            headers["content-length"] = str(len(body))
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})
        shown = b"" if self._scope["method"] == "HEAD" else body
        await self._send({"type": "http.response.body", "body": shown})


def _accepted_codings(header: str) -> set[str]:
    """Content codings that the client takes. Source: RFC 9110, section 12.5.3."""
    accepted: set[str] = set()
    for each in header.split(","):
        name, _, weight = each.strip().partition(";")
        if weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            accepted.add(name.strip().lower())
    return accepted


def _scan(folder: Path) -> dict[str, _File]:
    """Every plain file below `folder`, by its URL path. Blocking."""
    found: dict[str, _File] = {}
    if not folder.is_dir():
        return found
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink() or path.suffix in (".br", ".gz"):
            continue
        encoded = {
            name: beside
            for name, suffix in _ENCODINGS
            if (beside := path.with_name(path.name + suffix)).is_file()
        }
        etag = hashlib.sha256(path.read_bytes()).hexdigest()[:32]
        url = "/" + path.relative_to(folder).as_posix()
        found[url] = _File(path, _media_type(path), f'"{etag}"', encoded)
    return found


def _media_type(path: Path) -> str:
    # Not left to the machine's registry: a wrong type for scripts means an empty page.
    known = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css"}
    guessed = known.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    media_type = guessed or "application/octet-stream"
    is_text = media_type.startswith("text/") or media_type == "application/json"
    return f"{media_type}; charset=utf-8" if is_text else media_type
