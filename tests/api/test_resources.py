"""Documents, models, providers, tools and workspaces over HTTP, in both scopes."""

from __future__ import annotations

import json
import re

import pytest
from fastapi.routing import APIRoute

from mandrake.api.app import WORKSPACE_PREFIX, build_api
from mandrake.api.export import render_openapi
from mandrake.api.routes import SCOPED
from mandrake.testing.llm_server import Answer
from tests.api.conftest import Server

pytestmark = pytest.mark.anyio
BOTH = ("/api/v1", "/api/v1/workspaces/welcome")


@pytest.mark.requirement("A12")
def test_the_route_tree_is_the_same_in_both_scopes():
    paths = build_api().openapi()["paths"]
    scoped = {
        path.removeprefix(WORKSPACE_PREFIX): sorted(operations)
        for path, operations in paths.items()
        if path.startswith(f"{WORKSPACE_PREFIX}/") and path != f"{WORKSPACE_PREFIX}/source"
    }
    for path, methods in scoped.items():
        assert sorted(paths[f"/api/v1{path}"]) == methods, path
    declared = {
        re.sub(r":path\}", "}", route.path)
        for router in SCOPED
        for route in router.routes
        if isinstance(route, APIRoute)
    }
    assert declared == set(scoped)


@pytest.mark.requirement("A12")
async def test_the_same_work_is_done_in_both_scopes(server: Server):
    for prefix in BOTH:
        server.answers.append(Answer(text="Same."))
        session = await server.post(f"{prefix}/sessions", {})
        shown = await server.ask(f"{prefix}/sessions/{session['id']}", "hello")
        assert shown["status"] == "completed", (prefix, shown)
        for path in ("prompt/preview", "models", "models/active", "tools", "providers", "methods"):
            assert await server.get(f"{prefix}/{path}"), path


async def test_a_document_answers_with_its_revision_and_refuses_a_stale_one(server: Server):
    for prefix in BOTH:
        answer = await server.client.get(f"{prefix}/prompt")
        revision = answer.headers["etag"]
        document = answer.json() | {"instructions": f"In {prefix}"}
        first = await server.client.put(
            f"{prefix}/prompt", json=document, headers={"If-Match": revision}
        )
        assert first.status_code == 200
        assert first.headers["etag"] != revision
        stale = await server.client.put(
            f"{prefix}/prompt", json=document | {"parts": []}, headers={"If-Match": revision}
        )
        assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
        unchanged = await server.client.get(f"{prefix}/prompt")
        assert unchanged.headers["etag"] == first.headers["etag"]
    preview = await server.get(f"{BOTH[1]}/prompt/preview")
    assert [piece["origin"] for piece in preview["pieces"]] == [
        "built-in",
        "installation",
        "workspace",
    ]


async def test_a_broken_document_is_served_as_it_last_held_and_not_overwritten(server: Server):
    made = await server.post("/api/v1/workspaces", {"name": "broken"})
    path = server.runtime.layout.workspaces / "broken" / ".ws" / "config" / "prompt.json"
    before = (await server.client.get("/api/v1/workspaces/broken/prompt")).json()
    path.write_text('{"instructions": 3', encoding="utf-8")

    read = await server.client.get(f"/api/v1/workspaces/{made['id']}/prompt")
    written = await server.client.put(f"/api/v1/workspaces/{made['id']}/prompt", json=before)

    assert read.json() == before
    assert json.loads(read.headers["x-document-problems"])
    assert (written.status_code, written.json()["code"]) == (422, "invalid.document.broken")
    assert path.read_text(encoding="utf-8") == '{"instructions": 3'


async def test_settings_are_patched_and_refuse_what_they_do_not_know(server: Server):
    changed = await server.client.patch("/api/v1/config", json={"limits": {"max_turns": 7}})
    assert changed.json()["limits"]["max_turns"] == 7
    wrong = await server.client.patch("/api/v1/config", json={"limits": {"max_turns": 0}})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["path"] == "limits.max_turns"
    await server.client.patch("/api/v1/config", json={"limits": {"max_turns": 50}})


async def test_a_providers_key_goes_in_and_never_comes_out(server: Server):
    key = "sk-live-0123456789abcdef"
    body = {"id": "mine", "kind": "openai", "base_url": "http://127.0.0.1:9/v1", "api_key": key}
    made = await server.client.post("/api/v1/providers", json=body)
    assert made.status_code == 201, made.text
    assert made.json()["api_key"] == {"set": True, "hint": "…cdef"}
    for path in ("/api/v1/providers", "/api/v1/providers/mine", "/api/v1/secrets"):
        assert key not in (await server.client.get(path)).text
    assert key not in (server.runtime.layout.home / "models.json").read_text(encoding="utf-8")

    kept = {"kind": "openai", "base_url": "http://127.0.0.1:9/v1"}
    put = await server.client.put("/api/v1/providers/mine", json=kept)
    assert put.json()["api_key"]["set"] is True
    moved = await server.client.put(
        "/api/v1/providers/mine", json={"kind": "openai", "base_url": "http://127.0.0.1:8/v1"}
    )
    assert moved.json()["api_key"]["set"] is False, "a key is for the address it was given for"

    failed = await server.post("/api/v1/providers/mine/test")
    assert failed["ok"] is False
    assert failed["code"].startswith("unavailable")
    works = await server.post("/api/v1/providers/fake/test")
    assert works["ok"] is True
    assert [each["name"] for each in works["models"]] == ["fake-model"]
    catalog = await server.get("/api/v1/models/catalog")
    assert {"fake"} <= {each["provider"] for each in catalog["items"]}
    assert [each["provider"] for each in catalog["problems"]] == ["mine"]
    assert (await server.client.delete("/api/v1/providers/mine")).status_code == 204
    assert (await server.client.get("/api/v1/providers/mine")).status_code == 404


async def test_models_are_added_chosen_and_removed_per_scope(server: Server):
    model = {"key": "second", "provider": "fake", "model": "fake-model"}
    assert (await server.post("/api/v1/models", model))["origin"] == "installation"
    again = await server.client.post("/api/v1/models", json=model)
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    chosen = await server.client.put(f"{server.scope}/models/active", json={"key": "second"})
    assert chosen.json()["origin"] == "workspace"
    assert (await server.get("/api/v1/models/active"))["key"] == "fake"
    assert (await server.get(f"{server.scope}/models/active"))["model"]["key"] == "second"
    await server.client.put(f"{server.scope}/models/active", json={"key": None})
    assert (await server.client.delete("/api/v1/models/second")).status_code == 204
    for reserved in ("active", "catalog", "test", "import"):
        refused = await server.client.post("/api/v1/models", json=model | {"key": reserved})
        assert refused.status_code == 422, reserved


async def test_servers_are_shown_started_stopped_and_called_directly(server: Server):
    listed = await server.get(f"{server.scope}/tools")
    keys = [each["key"] for each in listed["items"]]
    assert keys == ["filesystem", "git"]
    stopped = await server.post(f"{server.scope}/tools/filesystem/stop")
    assert stopped["status"] in ("stopped", "stopping")
    refused = await server.client.get(f"{server.scope}/tools/filesystem/methods")
    assert refused.status_code == 503
    await server.post(f"{server.scope}/tools/filesystem/start")
    path = f"{server.scope}/tools/filesystem/methods/list_directory"
    result = await server.post(path, {"arguments": {"path": "."}})
    assert result["is_error"] is False
    assert "README.md" in result["content"][0]["text"]
    method = await server.get(path)
    assert method["qualified"] == "filesystem.list_directory"
    assert (method["effects"], method["approval"]) == ("read", "auto")
    wrong = await server.client.post(path, json={"arguments": {"path": 3}})
    assert wrong.status_code == 422
    assert wrong.json()["errors"]
    missing = await server.client.post(path + "x", json={"arguments": {}})
    assert missing.status_code == 404
    assert (await server.get(f"{server.scope}/tools/filesystem/logs"))["items"] is not None


async def test_a_direct_call_with_one_key_is_made_once(server: Server):
    path = f"{server.scope}/tools/filesystem/methods/write_file"
    headers = {"Idempotency-Key": "write-once"}
    body = {"arguments": {"path": "once.txt", "content": "1"}}
    first = await server.client.post(path, json=body, headers=headers)
    assert first.is_success, first.text
    (server.runtime.layout.workspaces / "welcome" / "src" / "once.txt").unlink()
    again = await server.client.post(path, json=body, headers=headers)
    assert again.json() == first.json()
    assert not (server.runtime.layout.workspaces / "welcome" / "src" / "once.txt").exists()


async def test_an_imported_server_waits_until_exactly_it_is_accepted(server: Server):
    block = {"mcpServers": {"Echo Tool": {"command": "true", "env": {"API_TOKEN": "tok-12345678"}}}}
    report = await server.post(f"{server.scope}/tools/import", block)
    assert report["keys"] == ["echo-tool"]
    shown = await server.get(f"{server.scope}/tools/echo-tool")
    assert shown["status"] == "needs_review"
    assert shown["review"]["secrets"] == report["secret_names"]
    assert "tok-12345678" not in json.dumps(shown)
    wrong = await server.client.post(
        f"{server.scope}/tools/echo-tool/accept", json={"hash": "other"}
    )
    assert (wrong.status_code, wrong.json()["code"]) == (409, "conflict.definition")
    start = await server.client.post(f"{server.scope}/tools/echo-tool/start")
    assert (start.status_code, start.json()["code"]) == (409, "conflict.needs_review")
    body = {"hash": shown["review"]["hash"]}
    accepted = await server.post(f"{server.scope}/tools/echo-tool/accept", body)
    assert accepted["review"] is None
    assert (await server.client.delete(f"{server.scope}/tools/echo-tool")).status_code == 204


async def test_workspaces_are_made_shown_renamed_and_deleted(server: Server):
    made = await server.client.post(
        "/api/v1/workspaces", json={"name": "Alpha", "description": "First"}
    )
    assert made.status_code == 201, made.text
    shown = made.json()
    assert shown["source"]["kind"] == "empty"
    taken = await server.client.post("/api/v1/workspaces", json={"name": "alpha"})
    assert (taken.status_code, taken.json()["code"]) == (409, "conflict.name")
    bad = await server.client.post("/api/v1/workspaces", json={"name": "../up"})
    assert (bad.status_code, bad.json()["errors"][0]["path"]) == (422, "name")
    renamed = await server.client.patch("/api/v1/workspaces/alpha", json={"name": "Beta"})
    assert renamed.json()["id"] == shown["id"]
    source = await server.get("/api/v1/workspaces/Beta/source")
    assert source["kind"] in ("repository", "folder")
    assert (await server.client.delete("/api/v1/workspaces/Beta")).status_code == 204
    assert (await server.client.get(f"/api/v1/workspaces/{shown['id']}")).status_code == 404


async def test_lists_are_paged_with_opaque_cursors(server: Server):
    for name in ("page-a", "page-b", "page-c"):
        await server.post("/api/v1/workspaces", {"name": name})
    names: list[str] = []
    cursor = None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = await server.get("/api/v1/workspaces", params=query)
        names += [each["name"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert names == sorted(names, key=str.casefold)
    assert {"page-a", "page-b", "page-c", "welcome"} <= set(names)


async def test_wrong_input_names_its_place(server: Server):
    answer = await server.client.post("/api/v1/workspaces", json={"nam": "x"})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "invalid")
    assert {each["path"] for each in problem["errors"]} == {"name", "nam"}
    not_json = await server.client.post(
        "/api/v1/workspaces", content=b"{", headers={"Content-Type": "application/json"}
    )
    assert not_json.status_code == 422
    assert (await server.client.put("/api/v1/me", json={})).status_code == 405
    assert (await server.client.get("/api/v1/nothing")).json()["code"] == "not_found"


async def test_health_is_one_word_and_the_system_page_says_why(server: Server):
    for path in ("/live", "/ready", "/health"):
        answer = await server.stranger.get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"}), path
    system = await server.get("/api/v1/system")
    assert {each["status"] for each in system["checks"]} <= {"ok", "warning"}
    assert system["rehearsal_active"] is False
    assert system["providers_found"] == [{"kind": "openai", "variable": "OPENAI_API_KEY"}]
    assert "sk-from-env-1" not in json.dumps(system)
    assert {each["kind"] for each in system["box_drivers"]} >= {"process", "landlock"}


def test_the_openapi_document_is_the_same_each_time_and_names_what_clients_need():
    text = render_openapi()
    assert text == render_openapi()
    document = json.loads(text)
    schemas = document["components"]["schemas"]
    for name in ("Problem", "StreamEvent", "StreamServerFrame", "StreamClientMessage", "Round"):
        assert name in schemas
    references = set(re.findall(r"#/components/schemas/([^\"]+)", text))
    assert references <= set(schemas)
    identifiers = [
        operation["operationId"]
        for operations in document["paths"].values()
        for operation in operations.values()
    ]
    assert len(identifiers) == len(set(identifiers))
    types = set(schemas["StreamEvent"]["discriminator"]["mapping"])
    contract = """session.updated round.queued round.started context.built turn.started
        part.started part.completed part.delta part.snapshot tool.requested tool.started
        tool.progress tool.completed question.asked question.resolved turn.completed
        turn.interrupted turn.failed round.waiting round.paused round.completed round.stopped
        round.failed document.changed server.status server.log tools.changed"""
    assert set(contract.split()) <= types
