"""The built page: what is served, with which headers, and what is never served."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from mandrake.asgi import Application
from mandrake.errors import Unavailable
from mandrake.web import WebApplication
from tests.api.conftest import fetch

pytestmark = pytest.mark.anyio


@pytest.fixture
def built(tmp_path: Path) -> WebApplication:
    static = tmp_path / "_static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<!doctype html><title>M</title>", encoding="utf-8")
    (static / "assets" / "app-1a2b.js").write_text("export {}", encoding="utf-8")
    (static / "assets" / "app-1a2b.js.gz").write_bytes(gzip.compress(b"export {}"))
    (static / "assets" / "app-1a2b.js.br").write_bytes(b"brotli")
    (static / "theme.js").write_text("1", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (static / "link.txt").symlink_to(tmp_path / "secret.txt")
    return WebApplication(static)


async def test_assets_stay_in_the_cache_for_ever_and_the_page_never(built: WebApplication):
    status, headers, body = await fetch(built, "/assets/app-1a2b.js")
    assert (status, body) == (200, b"export {}")
    assert "immutable" in headers["cache-control"]
    assert headers["content-type"].startswith("text/javascript")
    status, headers, _ = await fetch(built, "/")
    assert (status, headers["cache-control"]) == (200, "no-cache")
    again, _, body = await fetch(built, "/", if_none_match=headers["etag"])
    assert (again, body) == (304, b"")


async def test_the_best_accepted_encoding_is_sent(built: WebApplication):
    path = "/assets/app-1a2b.js"
    _, headers, body = await fetch(built, path, accept_encoding="gzip, br")
    assert (headers["content-encoding"], body) == ("br", b"brotli")
    _, headers, body = await fetch(built, path, accept_encoding="gzip, br;q=0")
    assert (headers["content-encoding"], gzip.decompress(body)) == ("gzip", b"export {}")
    assert headers["vary"] == "accept-encoding"
    _, headers, _ = await fetch(built, path)
    assert "content-encoding" not in headers


async def test_pages_are_the_index_only_for_browsers_and_never_below_the_api(built: WebApplication):
    status, _, body = await fetch(built, "/workspaces/x", accept="text/html,*/*")
    assert (status, b"<title>M</title>" in body) == (200, True)
    for path, accept in (
        ("/workspaces/x", "application/json"),
        ("/assets/gone.js", "text/html"),
        ("/api/v1/x", "text/html"),
    ):
        status, _, _ = await fetch(built, path, accept=accept)
        assert status == 404, path
    status, _, _ = await fetch(built, "/", method="POST")
    assert status == 405


async def test_no_path_leads_out_of_the_folder(built: WebApplication):
    for path in (
        "/../secret.txt",
        "/assets/../../secret.txt",
        "//etc/passwd",
        "/link.txt",
        "/assets/%2e%2e/secret.txt",
        "/assets/app-1a2b.js.gz",
        "/.",
        "/assets/",
        "/\x00",
    ):
        status, _, body = await fetch(built, path)
        assert status == 404, path
        assert b"secret" not in body


async def test_the_page_may_run_only_its_own_script(built: WebApplication):
    _, headers, _ = await fetch(built, "/")
    policy = headers["content-security-policy"]
    for part in ("script-src 'self'", "object-src 'none'", "base-uri 'none'"):
        assert part in policy
    assert "frame-ancestors 'none'" in policy
    assert "connect-src 'self' ws://127.0.0.1:4000" in policy
    _, headers, _ = await fetch(built, "/", host="evil; script-src *")
    assert "script-src *" not in headers["content-security-policy"]


async def test_without_a_build_a_person_is_told_what_to_do(tmp_path: Path):
    missing = WebApplication(tmp_path / "none")
    status, _, body = await fetch(missing, "/", accept="text/html")
    assert (status, b"not built" in body) == (503, True)
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "index.html").write_text("now", encoding="utf-8")
    assert (await fetch(missing, "/", accept="text/html"))[2] == b"now"


async def test_before_the_installation_is_open_only_life_and_the_page_answer():
    app = Application()
    assert (await fetch(app, "/live"))[::2] == (200, b'{"status":"ok"}')
    for path in ("/ready", "/health"):
        assert (await fetch(app, path))[0] == 503
    status, headers, body = await fetch(app, "/api/v1/me")
    assert (status, headers["content-type"]) == (503, "application/problem+json")
    assert b"unavailable.starting" in body
    app.fail(Unavailable("The home is broken.", code="unavailable.home"))
    assert b"unavailable.home" in (await fetch(app, "/api/v1/me"))[2]
    status, headers, _ = await fetch(app, "/live", host="evil.example:4000")
    assert status == 422
    assert headers["x-content-type-options"] == "nosniff"
