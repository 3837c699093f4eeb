"""Starting, stopping and calling real servers through `McpHost`."""

from __future__ import annotations

import asyncio
import json
import time

import pytest

from mandrake.errors import DeadlineExceeded, InvalidInput, NotFound, ServerUnavailable
from mandrake.mcp_host import connection, eras, link
from tests.mcp_host.support import alive, spec, started, until, wait_dead


@pytest.mark.requirement("M2")
async def test_servers_start_side_by_side_and_one_failure_does_not_stop_the_rest(host, heard):
    await started(
        host,
        spec("good"),
        spec("modern", "modern"),
        spec("broken", "die-at-start"),
        spec("absent", command=("no-such-program-anywhere",)),
    )
    states = {one.key: one.state for one in host.statuses()}
    assert states == {"good": "ready", "modern": "ready", "broken": "failed", "absent": "failed"}
    assert "no configuration found" in (host.status("broken").last_error or "")
    assert "no-such-program-anywhere" in (host.status("absent").last_error or "")
    first_ready = next(i for i, one in enumerate(heard.statuses) if one.state == "ready")
    begun = {one.key for one in heard.statuses[:first_ready] if one.state == "starting"}
    assert {"good", "modern"} <= begun


@pytest.mark.requirement("M3")
async def test_one_server_is_stopped_and_started_while_the_others_go_on(host):
    await started(host, spec("one"), spec("two"))
    pid, other = host.status("one").pid, host.status("two").pid
    assert (await host.stop("one")).state == "stopped"
    assert not alive(pid)
    assert alive(other)
    with pytest.raises(ServerUnavailable, match="stopped"):
        await host.call_tool("one", "echo", {}, timeout_seconds=1)
    assert (await host.start("one")).state == "starting"
    assert (await host.call_tool("one", "echo", {"text": "back"})).text() == "back"
    assert host.status("two").pid == other


@pytest.mark.requirement("M5")
async def test_a_restart_replaces_the_old_instance_with_all_that_it_started(host):
    await started(host, spec("one", "setsid-child", "child"))
    old = json.loads((await host.call_tool("one", "pids", {})).text())
    assert len(old) == 3
    await host.restart("one")
    assert not any(alive(pid) for pid in old)
    new = json.loads((await host.call_tool("one", "pids", {})).text())
    assert not set(new) & set(old)
    assert host.status("one").restart_count == 1


@pytest.mark.requirement("M6")
async def test_status_follows_a_server_through_its_life(host, heard):
    await started(host, spec("one"), spec("bad", "die-at-start"))
    ready = host.status("one")
    assert ready.state == "ready"
    assert alive(ready.pid)
    assert ready.tool_count > 10
    assert ready.protocol_version == "2025-11-25"
    assert ready.box is not None
    assert not ready.box.isolated
    await host.stop("one")
    assert heard.states("one") == ["starting", "ready", "stopping", "stopped"]
    assert heard.states("bad") == ["starting", "failed"]
    with pytest.raises(NotFound):
        host.status("nobody")


@pytest.mark.requirement("M7")
async def test_tools_of_equal_name_are_called_on_the_server_that_was_named(host):
    await started(host, spec("red", name="RED"), spec("blue", "modern", name="BLUE"))
    answers = [(await host.call_tool(key, "who", {})).text() for key in ("red", "blue", "red")]
    assert answers == ["RED", "BLUE", "RED"]
    with pytest.raises(NotFound, match="no tool"):
        await host.call_tool("red", "nothing", {})
    with pytest.raises(NotFound, match="green"):
        await host.call_tool("green", "who", {})


@pytest.mark.requirement("M8")
async def test_the_catalog_holds_all_tools_of_ready_servers_sorted_and_without_collision(host):
    await started(host, spec("red"), spec("blue"), spec("bad", "die-at-start"))
    names = [tool.qualified for tool in host.catalog()]
    assert names == sorted(set(names))
    assert {name.partition(".")[0] for name in names} == {"red", "blue"}
    assert [tool.tool for tool in await host.list_tools("red")] == sorted(
        name.partition(".")[2] for name in names if name.startswith("red.")
    )
    assert host.find_tool("red", "who") is not None
    assert host.find_tool("bad", "who") is None


async def test_apply_stops_removed_restarts_changed_and_keeps_unchanged_servers(host):
    await started(host, spec("keep"), spec("change"), spec("remove"))
    kept, changed, removed = (host.status(key).pid for key in ("keep", "change", "remove"))
    await started(host, spec("keep"), spec("change", name="CHANGED"), spec("new"))
    assert host.status("keep").pid == kept
    assert host.status("change").pid != changed
    assert not alive(removed)
    assert (await host.call_tool("change", "who", {})).text() == "CHANGED"
    assert [one.key for one in host.statuses()] == ["change", "keep", "new"]


async def test_many_calls_in_flight_each_get_their_own_answer(host):
    await started(host, spec("one"))

    async def one(number: int) -> tuple[str, str]:
        text = f"{number} " * 50
        return text, (await host.call_tool("one", "echo", {"text": text})).text()

    async with asyncio.TaskGroup() as tasks:
        answers = [tasks.create_task(one(number)) for number in range(500)]
    assert all(asked == got for asked, got in (answer.result() for answer in answers))


async def test_a_server_that_dies_in_a_call_fails_it_at_once_with_its_last_words(host, heard):
    await started(host, spec("one"))
    began = time.monotonic()
    with pytest.raises(ServerUnavailable, match="died during `die`") as caught:
        await host.call_tool("one", "die", {})
    assert time.monotonic() - began < 1.0
    assert caught.value.code == "unavailable.server.died_in_call"
    assert "out of paper" in (caught.value.hint or "")
    assert "status 3" in (caught.value.hint or "")
    # The next call waits for the restart.
    assert (await host.call_tool("one", "echo", {"text": "again"})).text() == "again"
    assert host.status("one").restart_count == 1
    assert "failed" not in heard.states("one")


async def test_a_server_that_keeps_dying_is_given_up_with_the_next_step(host, monkeypatch):
    monkeypatch.setattr(connection, "FIRST_BACKOFF_SECONDS", 0.01)
    await host.apply({"one": spec("one", "die-slowly")})
    await until(lambda: host.status("one").state == "failed", 15)
    status = host.status("one")
    assert status.restart_count == 3
    assert "lost the database" in (status.last_error or "")
    assert "mandrake tool restart one" in (status.last_error or "")
    with pytest.raises(ServerUnavailable, match="failed"):
        await host.call_tool("one", "echo", {}, timeout_seconds=1)


async def test_a_hanging_call_ends_at_its_deadline_and_the_server_is_told(host):
    await started(host, spec("one"))
    with pytest.raises(DeadlineExceeded, match=r"within 0\.2 seconds"):
        await host.call_tool("one", "hang", {}, timeout_seconds=0.2)
    cancelled = json.loads((await host.call_tool("one", "cancelled", {})).text())
    assert len(cancelled) == 1


async def test_a_cancelled_caller_cancels_the_call_on_the_server(host):
    await started(host, spec("one"))
    call = asyncio.create_task(host.call_tool("one", "hang", {}))
    await asyncio.sleep(0)
    # The call is on its way when a later one was answered.
    await host.call_tool("one", "echo", {})
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert json.loads((await host.call_tool("one", "cancelled", {})).text())
    assert host.status("one").state == "ready"


async def test_a_stopped_server_ends_its_calls_with_an_error(host):
    await started(host, spec("one"))
    call = asyncio.create_task(host.call_tool("one", "hang", {}))
    await host.call_tool("one", "echo", {})
    await host.stop("one")
    with pytest.raises(ServerUnavailable) as caught:
        await call
    assert "stopped" in (caught.value.hint or "")


async def test_the_idempotency_key_reaches_the_server(host):
    await started(host, spec("one"), spec("two", "modern"))
    for key in ("one", "two"):
        result = await host.call_tool(key, "meta", {}, idempotency_key="tc_1")
        assert json.loads(result.text())["mandrake/idempotency_key"] == "tc_1"


async def test_progress_comes_in_order(host):
    await started(host, spec("one"))
    seen: list[float] = []
    await host.call_tool(
        "one",
        "progress",
        {"count": 50},
        on_progress=lambda value, _total, _text: seen.append(value),
    )
    await until(lambda: len(seen) == 50)
    assert seen == sorted(seen)


async def test_failing_tools_and_refused_calls_are_results(host):
    await started(host, spec("one"))
    failed = await host.call_tool("one", "fail", {})
    assert failed.is_error
    assert failed.text() == "it failed"
    refused = await host.call_tool("one", "error", {})
    assert refused.is_error
    assert "the arguments are wrong" in refused.text()


async def test_a_changed_tool_list_is_listed_again_and_told(host, heard):
    await started(host, spec("one"))
    before = host.status("one").tool_count
    heard.changed.clear()
    await host.call_tool("one", "grow", {})
    await until(lambda: host.status("one").tool_count == before + 1)
    assert heard.changed == ["one"]


async def test_a_server_that_does_not_answer_is_degraded_until_it_does(host, monkeypatch):
    monkeypatch.setattr(link, "HEALTH_CHECK_SECONDS", 0.3)
    await started(host, spec("one", "deaf", stop_grace_seconds=0.2))
    with pytest.raises(DeadlineExceeded):
        await host.call_tool("one", "echo", {}, timeout_seconds=0.1)
    await until(lambda: host.status("one").state == "degraded", 10)
    await until(lambda: host.status("one").state == "ready", 10)


async def test_a_server_that_never_answers_fails_in_bounded_time(host):
    began = time.monotonic()
    await started(host, spec("one", "never", connect_timeout_seconds=1.0, stop_grace_seconds=0.2))
    assert time.monotonic() - began < 4.0
    assert host.status("one").state == "failed"
    assert "no MCP answer within 1 seconds" in (host.status("one").last_error or "")


async def test_a_server_silent_on_the_probe_costs_the_probe_once(host, monkeypatch):
    monkeypatch.setattr(eras, "PROBE_TIMEOUT_SECONDS", 0.8)
    began = time.monotonic()
    await started(host, spec("one", "mute"))
    first = time.monotonic() - began
    assert host.status("one").protocol_version == "2025-11-25"
    began = time.monotonic()
    await host.restart("one")
    assert await host.wait_settled(timeout_seconds=5)
    second = time.monotonic() - began
    assert 0.8 <= first < 3.0
    assert second < 0.7


async def test_stopping_is_bounded_also_for_a_server_that_ignores_everything(host):
    await started(
        host, spec("one", "ignore-eof", "ignore-term", "setsid-child", stop_grace_seconds=0.4)
    )
    pids = json.loads((await host.call_tool("one", "pids", {})).text())
    began = time.monotonic()
    await host.stop("one")
    assert time.monotonic() - began < 2.0
    wait_dead(pids, 0.0)


async def test_closing_the_host_stops_all_servers_at_once(make_host):
    keys = [f"s{number}" for number in range(5)]
    async with make_host() as host:
        specs = [spec(key, "ignore-eof", stop_grace_seconds=0.5) for key in keys]
        await started(host, *specs)
        pids = [host.status(key).pid for key in keys]
        began = time.monotonic()
    assert time.monotonic() - began < 2.5
    assert not any(alive(pid) for pid in pids)


async def test_a_server_can_be_stopped_while_it_is_starting(host):
    await host.apply({"one": spec("one", "never")})
    await until(lambda: host.status("one").pid is not None)
    pid = host.status("one").pid
    assert (await host.stop("one")).state == "stopped"
    assert not alive(pid)


async def test_a_listener_that_raises_does_no_harm(make_host, heard, monkeypatch):
    def bad(_status: object) -> None:
        raise RuntimeError("listener")

    monkeypatch.setattr(heard, "statuses", type("Bad", (list,), {"append": lambda *_: bad(0)})())
    async with make_host() as host:
        await started(host, spec("one"))
        assert (await host.call_tool("one", "echo", {"text": "x"})).text() == "x"


async def test_a_box_that_is_not_built_yet_is_a_clear_failure(host):
    await started(host, spec("one", kind="engine"))
    assert "not built yet" in (host.status("one").last_error or "")


def test_a_key_with_a_dot_or_capitals_is_refused():
    for key in ("a.b", "A", "-a", "", "a" * 33):
        with pytest.raises(InvalidInput):
            spec(key)
