"""The line splitter against any cut of any stream."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mandrake.mcp_host.framing import LineSplitter, TooLong

lines = st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"")), max_size=20)


def feed(splitter: LineSplitter, stream: bytes, cuts: list[int]) -> list[bytes | TooLong]:
    found: list[bytes | TooLong] = []
    start = 0
    for cut in [*sorted(cuts), len(stream)]:
        end = max(start, min(cut, len(stream)))
        found += splitter.feed(stream[start:end])
        start = end
    return found


@given(lines, st.lists(st.integers(0, 900), max_size=30))
def test_every_cut_of_a_stream_gives_the_same_lines(content, cuts):
    stream = b"".join(line + b"\n" for line in content)
    assert feed(LineSplitter(), stream, cuts) == [line for line in content if line]


@given(lines, st.lists(st.integers(0, 900), max_size=30))
def test_lines_above_the_cap_are_reported_and_all_others_arrive(content, cuts):
    stream = b"".join(line + b"\n" for line in content)
    found = feed(LineSplitter(cap_bytes=10), stream, cuts)
    assert [one for one in found if isinstance(one, bytes)] == [
        line for line in content if 0 < len(line) <= 10
    ]
    ended = [one for one in found if isinstance(one, TooLong) and one.ended]
    begun = [one for one in found if isinstance(one, TooLong) and not one.ended]
    too_long = [line for line in content if len(line) > 10]
    assert [one.skipped_bytes for one in ended] == [len(line) for line in too_long]
    assert len(begun) == len(too_long)
    for one, line in zip(ended, too_long, strict=True):
        assert line.startswith(one.head)
        assert line.endswith(one.tail)
