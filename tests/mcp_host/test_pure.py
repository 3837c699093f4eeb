"""Wire names, effects and the log buffer: rules without processes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mandrake.domain.tools import Effects, JudgedEffects, ToolAnnotations, ToolDefinition
from mandrake.errors import InvalidInput
from mandrake.mcp_host.effects import judge
from mandrake.mcp_host.logs import CAPACITY_BYTES, LogBuffer
from mandrake.mcp_host.naming import wire_names

keys = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,31}", fullmatch=True)
tools = st.one_of(
    st.from_regex(r"[a-zA-Z0-9_.-]{1,20}", fullmatch=True),
    st.text(min_size=1, max_size=100),
    st.sampled_from(["_x", "x", "_", "__x", "a" * 90, "a" * 91]),
)


def tool(server: str, name: str, **hints) -> ToolDefinition:
    return ToolDefinition(server, name, "", {}, annotations=ToolAnnotations(**hints))


@pytest.mark.requirement("M8")
@given(st.lists(st.tuples(keys, tools), max_size=30))
def test_wire_names_are_allowed_and_injective_over_any_catalog(pairs):
    names = wire_names(tool(*pair) for pair in pairs)
    assert sorted(names.values()) == sorted(set(pairs))
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) for name in names)


@given(st.lists(st.tuples(keys, tools), max_size=15, unique=True), st.randoms())
def test_wire_names_do_not_depend_on_the_order_of_the_catalog(pairs, random):
    shuffled = list(pairs)
    random.shuffle(shuffled)
    assert wire_names(tool(*one) for one in pairs) == wire_names(tool(*one) for one in shuffled)


def test_ordinary_names_are_readable_and_only_colliding_ones_are_hashed():
    assert list(wire_names([tool("git", "status"), tool("fs", "read_files")])) == [
        "git__status",
        "fs__read_files",
    ]
    colliding = wire_names([tool("a", "_b"), tool("a_", "b"), tool("c", "d")])
    assert "c__d" in colliding
    assert len(colliding) == 3
    # Neither keeps the plain name, so that order doesn't decide who is meant by it.
    assert "a___b" not in colliding
    assert colliding == wire_names([tool("a_", "b"), tool("c", "d"), tool("a", "_b")])
    assert len(next(iter(wire_names([tool("s", "x" * 200)])))) == 64


def test_configured_effects_win_over_everything():
    read = tool("s", "t", read_only=True, open_world=False)
    assert judge(read, {"t": "write"}, trusted=True) == JudgedEffects(Effects.WRITE, network=False)
    assert judge(read, {"t": "read network"}, trusted=False) == JudgedEffects(
        Effects.READ, network=True
    )
    given_one = JudgedEffects(Effects.IDEMPOTENT, network=True)
    assert judge(read, {"t": given_one}, trusted=False) is given_one
    with pytest.raises(InvalidInput, match="harmless"):
        judge(read, {"t": "harmless"}, trusted=True)


@pytest.mark.parametrize(
    ("hints", "trusted", "effects", "network"),
    [
        ({"read_only": True, "open_world": False}, True, Effects.READ, False),
        ({"read_only": True}, True, Effects.READ, True),
        ({"idempotent": True, "open_world": False}, True, Effects.IDEMPOTENT, False),
        ({}, True, Effects.WRITE, True),
        ({"read_only": True, "open_world": False}, False, Effects.WRITE, True),
    ],
)
def test_annotations_count_only_for_trusted_servers(hints, trusted, effects, network):
    judged = judge(tool("s", "t", **hints), None, trusted=trusted)
    assert judged == JudgedEffects(effects, network=network)


@pytest.mark.requirement("M4")
@given(st.lists(st.binary(max_size=9000), max_size=40))
def test_the_log_buffer_never_holds_more_than_its_capacity(pieces):
    logs = LogBuffer(monotonic=lambda: 0.0)
    for piece in pieces:
        logs.feed(piece)
    logs.end()
    held = sum(len(line.text.encode()) for line in logs.tail(10**6))
    assert held <= CAPACITY_BYTES


@pytest.mark.requirement("M4")
def test_old_lines_leave_the_log_buffer_when_it_is_full():
    logs = LogBuffer(monotonic=lambda: 0.0)
    for number in range(100):
        logs.feed(f"{number} {'x' * 3000}\n".encode())
    lines = logs.tail(10**6)
    assert lines[-1].text.startswith("99 ")
    assert 15 <= len(lines) <= 22


def test_a_line_cut_between_two_reads_is_one_line():
    logs = LogBuffer()
    logs.feed(b"one li")
    logs.feed(b"ne\ntwo")
    assert [line.text for line in logs.tail(10)] == ["one line"]
    assert logs.error_tail() == "one line\ntwo"
    logs.end()
    assert [line.text for line in logs.tail(10)] == ["one line", "two"]
