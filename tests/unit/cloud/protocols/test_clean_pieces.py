"""The key comes back in no answer and no failure, however a provider writes it or parts it."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.fakes import cloud_words as say
from tests.fakes.cloud_servers import KEY, CloudServer, faults
from tests.unit.cloud.protocols.asking import said, sent
from workbench.cloud.asking import CloudError
from workbench.cloud.protocols.answers import Piece
from workbench.cloud.protocols.clean_pieces import CleanPieces
from workbench.cloud.protocols.scrubbing import Scrubber
from workbench.messages import ReasoningDelta, Text, TextDelta, ToolCall, ToolCallDelta, fold_events

ESCAPED = "".join(f"\\u{ord(sign):04x}" for sign in KEY)
SLASHED = KEY.replace("/", "\\/")


def clean(*pieces: Piece) -> list[Piece]:
    stream = CleanPieces(Scrubber(KEY))
    return [*stream.of(pieces), *stream.rest()]


def streamed(*payloads: bytes) -> faults.Fault:
    return faults.body(200, b"".join(payloads), "text/event-stream")


def chunk(text: str) -> bytes:
    return say.sse({"choices": [{"delta": {"content": text}}]})


@given(some.lists(some.integers(0, len(KEY)), max_size=40))
def test_wherever_the_key_is_parted_it_is_gone(places: list[int]) -> None:
    cuts = [0, *sorted(places), len(KEY)]
    pieces = [TextDelta(KEY[start:end]) for start, end in pairwise(cuts)]
    (text,) = fold_events([TextDelta("a "), *clean(*pieces, TextDelta(" b"))])
    assert text == Text("a ••• b")


@given(some.lists(some.text(alphabet="sk-canry01 /+Z", max_size=9), max_size=9))
def test_all_else_comes_as_it_was(texts: list[str]) -> None:
    heard = clean(*map(TextDelta, texts))
    assert "".join(one.text for one in heard if isinstance(one, TextDelta)) == "".join(texts)


def test_kinds_are_apart_and_in_order() -> None:
    pieces: list[Piece] = [ReasoningDelta("so sk-"), TextDelta("is s"), ToolCallDelta(0, "1", KEY, '{"a": "s'),
                           ToolCallDelta(0, arguments='ea"}'), ToolCallDelta(1, "2", "y")]  # fmt: skip
    heard = fold_events(clean(*pieces))
    assert heard[1] == Text("is s")
    assert heard[2:] == (ToolCall("1", "•••", '{"a": "sea"}'), ToolCall("2", "y", ""))
    parted = clean(ToolCallDelta(0, "1", "x", KEY[:9]), ToolCallDelta(0, arguments=KEY[9:]))
    assert KEY not in "".join(one.arguments for one in parted if isinstance(one, ToolCallDelta))


@pytest.mark.parametrize("written", [ESCAPED, SLASHED])
def test_an_answer_with_the_key_written_otherwise(written: str) -> None:
    payload = b'data: {"choices": [{"delta": {"content": "It is ' + written.encode() + b'."}}]}\n\n'
    with CloudServer() as server:
        server.faults.append(streamed(payload, b"data: [DONE]\n\n"))
        assert said(sent(server).events()) == ("It is •••.", None)


def test_an_answer_with_the_key_sign_by_sign_and_a_cut_one_whose_end_waited() -> None:
    with CloudServer() as server:
        server.faults += [streamed(*map(chunk, KEY), b"data: [DONE]\n\n"), streamed(chunk("The end of this"))]
        assert said(sent(server).events()) == ("•••", None)
        text, error = said(sent(server).events())
        assert (text, error is not None) == ("The end of this", True)


@pytest.mark.parametrize("written", [ESCAPED, SLASHED])
def test_a_failure_with_the_key_written_otherwise(written: str) -> None:
    body = b'{"error": {"message": "bad key ' + written.encode() + b'"}}'
    with CloudServer() as server:
        server.faults += [faults.body(401, body), streamed(chunk("Yes"), b"data: " + body + b"\n\n")]
        with pytest.raises(CloudError) as caught:
            sent(server)
        text, error = said(sent(server).events())
    assert text == "Yes"
    assert error is not None
    for one in (caught.value, error):
        told = f"{one.message} {one.detail}"
        assert "bad key" in told
        for part in (KEY, KEY[-12:], ESCAPED[-36:]):
            assert part not in told


@given(some.text())
def test_what_has_no_key_stays_the_same(text: str) -> None:
    written = json.dumps({"a": text})
    assert Scrubber(KEY)(written) == written
