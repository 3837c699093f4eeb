"""Asking over HTTP: rounds, pages, idempotency, and what the answers carry."""

from __future__ import annotations

import asyncio

import pytest

from mandrake.testing.llm_server import Answer, ScriptedCall
from tests.api.conftest import Server

pytestmark = pytest.mark.anyio


async def test_a_round_is_accepted_answered_and_read_back(server: Server):
    server.answers.append(Answer(text="Hello there"))
    session = await server.session()

    shown = await server.ask(session, "Hi")

    assert shown["status"] == "completed"
    assert shown["request"] == {"content": [{"type": "text", "text": "Hi"}]}
    assert shown["response"]["turns"][0]["parts"][0]["text"] == "Hello there"
    assert (await server.get(session))["title"] == "Hi"


async def test_the_same_key_asks_once_and_another_body_is_refused(server: Server):
    server.answers.append(Answer(text="one"))
    session = await server.session()
    headers = {"Idempotency-Key": "key-1"}

    first = await server.client.post(f"{session}/rounds", json={"content": "a"}, headers=headers)
    again = await server.client.post(f"{session}/rounds", json={"content": "a"}, headers=headers)
    other = await server.client.post(f"{session}/rounds", json={"content": "b"}, headers=headers)

    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert (other.status_code, other.json()["code"]) == (409, "conflict.idempotency")
    await server.settled(session, first.json()["round_id"])
    assert len((await server.get(f"{session}/rounds"))["items"]) == 1


async def test_a_repeated_creation_answers_with_what_was_made(server: Server):
    headers = {"Idempotency-Key": "make-1"}
    paths_and_bodies = [
        ("/api/v1/sessions", {"title": "One"}),
        ("/api/v1/workspaces", {"name": "once"}),
        ("/api/v1/secrets", {"name": "once", "value": "a-long-secret-value"}),
    ]
    for path, body in paths_and_bodies:
        first = await server.client.post(path, json=body, headers=headers)
        again = await server.client.post(path, json=body, headers=headers)
        other = await server.client.post(path, json={**body, "x": 1}, headers=headers)
        assert first.status_code == again.status_code == 201, again.text
        assert first.json() == again.json()
        assert other.status_code in (409, 422)


async def test_two_commands_with_one_key_at_the_same_time_act_once(server: Server):
    headers = {"Idempotency-Key": "race-1"}
    body = {"name": "raced"}
    async with asyncio.TaskGroup() as tasks:
        sent = [
            tasks.create_task(server.client.post("/api/v1/workspaces", json=body, headers=headers))
            for _ in range(3)
        ]
    answers = [task.result() for task in sent]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_pages_of_rounds_go_from_the_head_to_the_root_without_gap(server: Server):
    session = await server.session()
    ids: list[str] = []
    for number in range(5):
        server.answers.append(Answer(text=f"answer {number}"))
        ids.append((await server.ask(session, f"question {number}"))["id"])

    found: list[str] = []
    cursor = None
    for _ in range(3):
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = await server.get(f"{session}/rounds", params=query)
        found += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]

    assert found == ids[::-1]
    assert cursor is None


async def test_a_branch_leaves_the_old_path_reachable(server: Server):
    session = await server.session()
    server.answers.extend([Answer(text="a"), Answer(text="b"), Answer(text="c")])
    first = await server.ask(session, "one")
    second = await server.ask(session, "two")
    branch = await server.post(
        f"{session}/rounds", {"content": "other two", "parent_round_id": first["id"]}
    )
    await server.settled(session, branch["round_id"])

    head = await server.get(f"{session}/rounds")
    every = await server.get(f"{session}/rounds", params={"path": "all"})

    assert [each["id"] for each in head["items"]] == [branch["round_id"], first["id"]]
    assert {each["id"] for each in every["items"]} == {
        first["id"],
        second["id"],
        branch["round_id"],
    }
    assert head["items"][0]["sibling_ids"] == [second["id"], branch["round_id"]]
    moved = await server.client.patch(session, json={"head_round_id": second["id"]})
    assert moved.json()["head_round_id"] == second["id"]


async def test_an_approval_waits_and_its_answer_lets_the_round_go_on(server: Server):
    session = await server.session()
    call = ScriptedCall(
        name="filesystem__write_file", arguments={"path": "made.txt", "content": "x"}
    )
    server.answers.extend([Answer(tool_calls=[call]), Answer(text="Written.")])
    waiting = await server.ask(session, "write it")
    assert waiting["status"] == "waiting", waiting

    everywhere = (await server.get("/api/v1/questions"))["items"]
    question = (await server.get(f"{session}/questions"))["items"][0]
    assert question in everywhere
    assert question["workspace"]["name"] == "welcome"
    assert question["subject"]["effects"] != "read"
    path = f"{session}/questions/{question['id']}"
    wrong = await server.client.post(path, json={"decision": "perhaps"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")
    answered = await server.post(path, {"decision": "allow"})
    assert answered["status"] == "answered"
    late = await server.client.post(path, json={"decision": "deny"})
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    done = await server.settled(session, waiting["id"], ("waiting", "running"))
    assert done["status"] == "completed"


async def test_steering_says_that_it_is_not_possible_yet(server: Server):
    session = await server.session()
    answer = await server.client.post(
        f"{session}/rounds", json={"content": "go left", "mode": "steer"}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "mode"


async def test_a_large_result_is_a_preview_and_its_blob_the_whole(server: Server):
    source = server.runtime.layout.workspaces / "welcome" / "src" / "large.txt"
    source.write_text("0123456789\n" * 2_000, encoding="utf-8")
    call = ScriptedCall(name="filesystem__read_files", arguments={"files": [{"path": "large.txt"}]})
    server.answers.extend([Answer(tool_calls=[call]), Answer(text="Read.")])
    session = await server.session()

    shown = await server.ask(session, "read it")

    result = shown["response"]["turns"][0]["parts"][0]["result"]
    assert set(result) == {"preview", "blob_id", "bytes"}, result
    whole = await server.get(f"{server.scope}/blobs/{result['blob_id']}")
    assert "0123456789" in whole["content"][0]["text"]
    elsewhere = await server.client.get(f"/api/v1/blobs/{result['blob_id']}")
    assert elsewhere.status_code == 404


async def test_a_deleted_session_is_gone_and_what_ran_was_stopped(server: Server):
    server.answers.append(Answer(text=["word "] * 500, pace_ms=20))
    session = await server.session()
    await server.post(f"{session}/rounds", {"content": "talk"})
    answer = await server.client.delete(session)
    assert answer.status_code == 204, answer.text
    assert (await server.client.get(session)).status_code == 404
    listed = await server.get(f"{server.scope}/sessions", params={"limit": 200})
    assert session.rsplit("/", 1)[-1] not in [each["id"] for each in listed["items"]]


async def test_sessions_are_paged_searched_and_changed(server: Server):
    paths = [await server.session() for _ in range(3)]
    for number, path in enumerate(paths):
        changed = await server.client.patch(path, json={"title": f"Zebra {number}", "tags": ["z"]})
        assert changed.json()["tags"] == ["z"]
    query = {"query": "zebra", "tag": "z", "limit": 2}
    first = await server.get(f"{server.scope}/sessions", params=query)
    rest = await server.get(
        f"{server.scope}/sessions", params={**query, "cursor": first["next_cursor"]}
    )
    titles = [each["title"] for each in first["items"] + rest["items"]]
    assert titles == ["Zebra 2", "Zebra 1", "Zebra 0"]
    assert rest["next_cursor"] is None
    broken = await server.client.get(f"{server.scope}/sessions", params={"cursor": "nonsense"})
    assert (broken.status_code, broken.json()["code"]) == (422, "invalid")
