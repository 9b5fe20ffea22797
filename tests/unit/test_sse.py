"""The decoder gives the same payloads however the bytes are cut."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.sse import SseDecoder

STREAM = (
    "\ufeffdata: first\n\n"
    ": a comment, kept alive\n\n"
    'data: {"text": "naïve ☀ \\n"}\r\n\r\n'
    "event: message\rid: 7\rdata:two\rdata:  lines\r\r"
    "data\n\n"
    "unknown: field\ndata: last\n\n"
    "data: unfinished"
).encode()
PAYLOADS = ["first", '{"text": "naïve ☀ \\n"}', "two\n lines", "", "last"]


def decoded(*chunks: bytes) -> list[str]:
    decoder = SseDecoder()
    return [payload for chunk in chunks for payload in decoder.feed(chunk)]


def test_whole_stream() -> None:
    assert decoded(STREAM) == PAYLOADS


def test_cut_at_every_byte() -> None:
    for cut in range(len(STREAM) + 1):
        assert decoded(STREAM[:cut], STREAM[cut:]) == PAYLOADS


def test_byte_by_byte() -> None:
    assert decoded(*(STREAM[i : i + 1] for i in range(len(STREAM)))) == PAYLOADS


@settings(max_examples=200, deadline=None)
@given(
    pieces=st.lists(st.sampled_from([b"data", b": ", b":", b"\r", b"\n", b"\r\n", b"x", b"\xc3\xa9", b"\xff", b""])),
    cuts=st.lists(st.integers(0, 80)),
)
def test_any_bytes_any_cuts(pieces: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(pieces)
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    chunks = [stream[a:b] for a, b in itertools.pairwise(edges)]
    # The byte order mark is not among the pieces, so only line ends and fields are at stake.
    assert decoded(*chunks) == decoded(stream)


def test_an_endless_event_is_refused() -> None:
    with pytest.raises(ValueError, match="larger than 1000"):
        SseDecoder(1000).feed(b"data: " + b"x" * 1001)
    decoder = SseDecoder(1000)
    decoder.feed(b"data: 12345\n" * 200)
    with pytest.raises(ValueError, match="larger than 1000"):
        decoder.feed(b"data: 12345\n")


def test_many_small_events_are_not_one_large_one() -> None:
    decoder = SseDecoder(1000)
    assert sum(len(decoder.feed(b"data: 12345\n\n")) for _ in range(200)) == 200
