"""Who gets in: identities, origins, hosts, and what strangers are told. Walks every route."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import httpx2
import orjson
import pytest

from mandrake.api.app import build_api
from mandrake.kit.clock import SystemClock
from mandrake.tenancy import authentication
from tests.api.conftest import Server, fetch

pytestmark = pytest.mark.anyio

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def every_route() -> list[tuple[str, str]]:
    """Method and path of every API route, with made-up ids."""
    paths = build_api().openapi()["paths"]
    return [
        (method.upper(), re.sub(r"\{[^}]+\}", "x", path))
        for path, operations in paths.items()
        for method in operations
        if path.startswith("/api/")
    ]


SIGN_IN = ("POST", "/api/v1/sign-in")


def test_the_walk_sees_every_route():
    routes = every_route()
    assert len(routes) > 100
    assert SIGN_IN in routes


@pytest.mark.requirement("S4")
async def test_every_route_but_the_sign_in_needs_an_identity(server: Server):
    paths = [each for each in every_route() if each != SIGN_IN]
    paths += [("GET", "/api/v1/openapi.json"), ("GET", "/api/v1/nothing"), ("GET", "/api/other")]
    for method, path in paths:
        for headers in ({}, {"authorization": "Bearer mdk_wrong"}, {"authorization": "Basic eDp5"}):
            status, sent, body = await fetch(server.app, path, method, port=server.port, **headers)
            assert status == 401, (method, path, body)
            assert sent["content-type"] == "application/problem+json"
            assert sent["www-authenticate"] == "Bearer"
            assert orjson.loads(body)["code"] == "unauthenticated"
    answer = await server.stranger.post(f"{server.scope}/sessions", content=b"{not json")
    assert answer.status_code == 401


@pytest.mark.requirement("S4")
async def test_a_foreign_origin_is_refused_on_every_unsafe_route(server: Server):
    cookie = await server.sign_in()
    foreign = [
        {"origin": "http://evil.example"},
        {"origin": f"http://127.0.0.1:{server.port + 1}"},
        {"origin": f"http://localhost:{server.port}"},
        {"origin": f"https://{server.host}"},
        {"origin": "null"},
        {"origin": f"http://{server.host}", "sec_fetch_site": "same-site"},
        {},
    ]
    bearer = {"authorization": f"Bearer {server.token}", "origin": "http://evil.example"}
    for method, path in every_route():
        if method not in UNSAFE:
            continue
        for headers in [*({**each, "cookie": cookie} for each in foreign), bearer]:
            status, _, body = await fetch(server.app, path, method, port=server.port, **headers)
            assert status == 403, (method, path, headers)
            assert orjson.loads(body)["code"] == "forbidden.origin"
    own = {"Origin": f"http://{server.host}", "Cookie": cookie}
    allowed = await server.stranger.post(f"{server.scope}/sessions", json={}, headers=own)
    assert allowed.status_code == 201
    refused = await server.stranger.post(
        f"{server.scope}/sessions", json={}, headers={**own, "Origin": "http://evil.example"}
    )
    assert refused.status_code == 403


@pytest.mark.requirement("S4")
async def test_a_foreign_host_is_refused_everywhere(server: Server):
    hosts = ("evil.example", f"evil.example:{server.port}", f"127.0.0.1:{server.port + 1}", "")
    bearer = {"Authorization": f"Bearer {server.token}"}
    for host in hosts:
        for path in ("/", "/live", "/api/v1/me", "/api/v1/workspaces"):
            answer = await server.stranger.get(path, headers={**bearer, "Host": host})
            # An empty Host is refused by the HTTP parser itself on some versions.
            assert answer.status_code in (400, 422), (host, path)
    for name in ("mandrake.localhost", "localhost", "127.0.0.1", "[::1]"):
        headers = {**bearer, "Host": f"{name}:{server.port}"}
        assert (await server.stranger.get("/api/v1/me", headers=headers)).status_code == 200


async def test_the_sign_in_link_works_once_and_its_cookie_stays_here(server: Server):
    code = await server.runtime.authentication.new_sign_in_code()
    body = {"code": code}
    origin = {"Origin": f"http://{server.host}"}

    first = await server.stranger.post("/api/v1/sign-in", json=body, headers=origin)
    again = await server.stranger.post("/api/v1/sign-in", json=body, headers=origin)

    assert (first.status_code, again.status_code) == (204, 401)
    cookie = first.headers["set-cookie"]
    assert cookie.startswith(f"mandrake_{server.port}=")
    for attribute in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert attribute.lower() in cookie.lower()
    assert "domain" not in cookie.lower()
    value = {"Cookie": cookie.split(";")[0]}
    me = await server.stranger.get("/api/v1/me", headers=value)
    assert me.json()["principal"]["id"] == "owner"
    out = await server.stranger.post("/api/v1/sign-out", headers={**value, **origin})
    assert out.status_code == 204
    assert (await server.stranger.get("/api/v1/me", headers=value)).status_code == 401


async def test_codes_end_after_ten_minutes_and_wrong_ones_say_the_same(
    server: Server, monkeypatch: pytest.MonkeyPatch
):
    code = await server.runtime.authentication.new_sign_in_code()
    late = SystemClock().now() + timedelta(minutes=11)

    class Later:
        def now(self):
            return late

    monkeypatch.setattr(server.runtime.authentication, "_clock", Later())
    expired = await server.stranger.post("/api/v1/sign-in", json={"code": code})
    wrong = await server.stranger.post("/api/v1/sign-in", json={"code": "x" * 32})
    assert expired.status_code == wrong.status_code == 401
    assert expired.json() == wrong.json()
    assert timedelta(minutes=10) == authentication.CODE_LIFETIME


async def test_two_tabs_with_one_code_are_one_sign_in(server: Server):
    code = await server.runtime.authentication.new_sign_in_code()
    async with asyncio.TaskGroup() as tasks:
        sent = [
            tasks.create_task(server.stranger.post("/api/v1/sign-in", json={"code": code}))
            for _ in range(4)
        ]
    assert sorted(task.result().status_code for task in sent) == [204, 401, 401, 401]


async def test_the_cookie_of_another_port_means_nothing_here(server: Server):
    cookie = await server.sign_in()
    other = cookie.replace(f"mandrake_{server.port}=", f"mandrake_{server.port + 1}=")
    assert (await server.stranger.get("/api/v1/me", headers={"Cookie": other})).status_code == 401
    both = {"Cookie": f"{other}; {cookie}"}
    assert (await server.stranger.get("/api/v1/me", headers=both)).status_code == 200


async def test_missing_and_hidden_answer_the_same(server: Server):
    for path in (
        "/api/v1/workspaces/nope",
        "/api/v1/workspaces/ws_00000000000000000000000000/sessions",
        f"{server.scope}/sessions/ses_00000000000000000000000000",
        f"{server.scope}/sessions/ses_00000000000000000000000000/rounds",
    ):
        answer = await server.client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    session = await server.session()
    elsewhere = session.replace(server.scope, "/api/v1")
    assert (await server.client.get(elsewhere)).status_code == 404


async def test_bodies_above_the_limit_are_refused_whether_announced_or_not(server: Server):
    async def endless():
        for _ in range(17):
            yield b" " * (1024 * 1024)

    announced = await server.client.post("/api/v1/sessions", content=b" " * (17 * 1024 * 1024))
    assert (announced.status_code, announced.json()["code"]) == (413, "limit_exceeded.body")
    try:
        streamed = await server.client.post("/api/v1/sessions", content=endless())
    except httpx2.WriteError:
        return
    assert (streamed.status_code, streamed.json()["code"]) == (413, "limit_exceeded.body")


async def test_answers_forbid_what_browsers_would_do_by_themselves(server: Server):
    answer = await server.client.get("/api/v1/me")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    preflight = await server.client.options(
        "/api/v1/me",
        headers={"Origin": "http://evil.example", "Access-Control-Request-Method": "GET"},
    )
    assert not [name for name in preflight.headers if name.startswith("access-control")]


async def test_secrets_are_masked_in_problems(server: Server):
    secret = "very-secret-value-0815"
    await server.post("/api/v1/secrets", {"name": "hidden", "value": secret})
    answer = await server.client.get(f"/api/v1/workspaces/{secret}")
    assert answer.status_code == 404
    assert secret not in answer.text
    assert "[secret]" in answer.text
    listed = await server.client.get("/api/v1/secrets")
    assert secret not in listed.text


async def test_what_nobody_meant_to_raise_tells_only_a_reference(
    server: Server, monkeypatch: pytest.MonkeyPatch
):
    async def defect(*_: object):
        raise ZeroDivisionError("internal detail")

    monkeypatch.setattr(type(server.runtime.index), "summaries", defect)
    answer = await server.client.get("/api/v1/workspaces")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "internal detail" not in answer.text
    reference = re.findall(r"`([0-9a-f]{12})`", answer.json()["detail"])[0]
    assert reference in (server.runtime.layout.home / "log").read_text(encoding="utf-8")
