"""What servers do to the wire: each case is a real process that does it."""

from __future__ import annotations

import asyncio
import json
import time

import pytest

from mandrake.errors import DeadlineExceeded, ServerUnavailable
from tests.mcp_host.support import spec, started, until

MEGABYTE = 1_048_576


def protocol_lines(host, key: str = "one") -> str:
    return "\n".join(line.text for line in host.logs(key, 500) if line.stream == "protocol")


async def test_text_on_standard_output_is_counted_and_shown_and_the_call_goes_on(host):
    await started(host, spec("one"))
    result = await host.call_tool("one", "garbage", {})
    assert result.text() == "after garbage"
    assert "Starting up ..." in protocol_lines(host)
    assert "warning 3" in protocol_lines(host)


async def test_invalid_utf8_on_standard_output_does_not_hang_the_connection(host):
    await started(host, spec("one"))
    result = await host.call_tool("one", "bad_utf8", {}, timeout_seconds=2)
    assert result.text() == "after bad bytes"
    assert "not JSON-RPC" in protocol_lines(host)


async def test_an_answer_to_nothing_is_a_warning(host):
    await started(host, spec("one"))
    assert (await host.call_tool("one", "wrong_id", {})).text() == "after a wrong id"
    assert "987654" in protocol_lines(host)


@pytest.mark.parametrize("size", [5 * MEGABYTE, 20 * MEGABYTE])
async def test_a_large_answer_below_the_cap_arrives_whole_and_linear_in_time(host, size):
    await started(host, spec("one"))
    began = time.monotonic()
    result = await host.call_tool("one", "big", {"bytes": size})
    assert len(result.text()) == size
    assert time.monotonic() - began < 5.0


@pytest.mark.parametrize("id_last", [False, True])
async def test_a_message_of_50_mb_is_refused_quickly_and_the_connection_goes_on(host, id_last):
    await started(host, spec("one"))
    hanging = asyncio.create_task(host.call_tool("one", "hang", {}, timeout_seconds=20))
    await host.call_tool("one", "echo", {})
    began = time.monotonic()
    result = await host.call_tool("one", "big", {"bytes": 50 * MEGABYTE, "id_last": id_last})
    assert time.monotonic() - began < 3.0
    assert result.is_error
    assert "larger than 32 MB" in result.text()
    assert (await host.call_tool("one", "echo", {"text": "still here"})).text() == "still here"
    assert "was skipped" in protocol_lines(host)
    assert not hanging.done()
    hanging.cancel()


async def test_order_holds_when_a_large_answer_is_followed_by_small_ones(host):
    await started(host, spec("one"))
    finished: list[str] = []

    async def call(tool: str, arguments: dict) -> None:
        await host.call_tool("one", tool, arguments)
        finished.append(tool)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(call("big", {"bytes": 8 * MEGABYTE}))
        tasks.create_task(call("echo", {"text": "x"}))
    assert finished == ["big", "echo"]


async def test_a_flood_of_list_changed_is_coalesced(host, heard):
    await started(host, spec("one"))
    heard.changed.clear()
    began = time.monotonic()
    await host.call_tool("one", "flood", {"count": 20_000})
    assert time.monotonic() - began < 2.0
    assert (await host.call_tool("one", "echo", {"text": "on"})).text() == "on"
    # Nothing changed, so nothing is told, however often the server says so.
    assert heard.changed == []


async def test_progress_without_end_is_bounded(host):
    await started(host, spec("one"))
    seen: list[float] = []
    result = await host.call_tool(
        "one", "progress", {"count": 20_000}, on_progress=lambda value, *_: seen.append(value)
    )
    assert result.text() == "done"
    assert len(seen) <= 20_000


async def test_a_server_that_closes_its_output_but_lives_is_taken_for_dead(host):
    await started(host, spec("one", stop_grace_seconds=0.2))
    pid = host.status("one").pid
    with pytest.raises(ServerUnavailable, match="died during"):
        await host.call_tool("one", "close_stdout", {}, timeout_seconds=5)
    await until(lambda: host.status("one").state == "ready" and host.status("one").pid != pid)


async def test_a_server_that_does_not_read_does_not_grow_our_buffers(host):
    await started(host, spec("one", "deaf", stop_grace_seconds=0.2))
    with pytest.raises(DeadlineExceeded):
        await host.call_tool("one", "echo", {"text": "x" * MEGABYTE}, timeout_seconds=0.3)
    refused = await host.call_tool("one", "echo", {"text": "x" * (33 * MEGABYTE)})
    assert refused.is_error
    assert "over the cap" in refused.text()


@pytest.mark.requirement("M4")
async def test_logs_are_bounded_rate_limited_and_decoded_with_replacement(host, heard):
    await started(host, spec("one"))
    await host.call_tool("one", "log", {"lines": 20_000})
    await until(lambda: any("line 0" in line.text for _, line in heard.lines))
    lines = host.logs("one", 100_000)
    assert sum(len(line.text) for line in lines) <= 65_536
    assert len([line for line in lines if line.stream == "stderr"]) < 2_000
    await asyncio.sleep(0.05)  # the allowance refills with time
    await host.call_tool("one", "log", {"lines": 1})
    await until(lambda: any("dropped" in line.text for line in host.logs("one", 100_000)))
    assert len(host.logs("one", 3)) == 3
    await host.stop("one")
    assert host.logs("one"), "the log outlives the server"


async def test_arguments_that_orjson_does_not_know_are_sent_all_the_same(host):
    await started(host, spec("one"))
    result = await host.call_tool("one", "meta", {"big": 2**80}, timeout_seconds=5)
    assert not result.is_error
    assert isinstance(json.loads(result.text()), dict | None)
