"""An answer on its way, wherever its bytes are cut and whatever becomes of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.fakes import cloud_words as say
from tests.unit.cloud.protocols.asking import said
from workbench.cancel import CancelToken
from workbench.cloud.protocols.answers import AnswerReader
from workbench.cloud.protocols.anthropic_answer import AnthropicReader
from workbench.cloud.protocols.openai_answer import OpenAiReader
from workbench.cloud.protocols.reply import ProviderReply
from workbench.cloud.protocols.scrubbing import Scrubber
from workbench.cloud.provider import Billed, Dialect, Provider

TEXT = "Die See ist weit – und blau. 🌊"
DIALECTS = tuple(Dialect)


class _Pieces(httpx.SyncByteStream):
    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)


def reply(dialect: Dialect, *pieces: bytes) -> ProviderReply:
    provider = Provider("some", "Somebody", "https://x.example/v1", dialect)
    reader: AnswerReader = AnthropicReader(provider) if dialect is Dialect.ANTHROPIC else OpenAiReader(provider)
    headers = {"content-type": "text/event-stream"}
    response = httpx.Response(200, headers=headers, stream=_Pieces([piece for piece in pieces if piece]))
    return ProviderReply(
        provider, response, reader, Scrubber("sk-key-of-a-test"), ExitStack(), CancelToken(), time.monotonic(), 9.0
    )  # fmt: skip


def stream(dialect: Dialect, text: str = TEXT) -> bytes:
    if dialect is Dialect.ANTHROPIC:
        return b"".join(say.anthropic_events(say.Said(text, "Hm.", usage=say.ANTHROPIC_USAGE)))
    return b"".join(say.openai_events(say.Said(text, "Hm.", usage=say.OPENAI_USAGE), with_usage=True))


@pytest.mark.parametrize("dialect", DIALECTS)
@given(data=some.data())
def test_it_does_not_matter_where_bytes_are_parted(dialect: Dialect, data: some.DataObject) -> None:
    whole = stream(dialect)
    places = sorted(data.draw(some.lists(some.integers(0, len(whole)), max_size=9)))
    pieces = [whole[start:end] for start, end in zip([0, *places], [*places, len(whole)], strict=True)]
    heard = reply(dialect, *pieces)
    assert said(heard.events()) == (TEXT, None)
    assert heard.billed is not None


@pytest.mark.parametrize("dialect", DIALECTS)
def test_cut_anywhere_what_came_stays(dialect: Dialect) -> None:
    whole = stream(dialect)
    lengths = []
    for end in range(0, len(whole), 7):
        heard = reply(dialect, whole[:end])
        text, error = said(heard.events())
        assert TEXT.startswith(text)
        # OpenAI says why it ended before it counts
        assert error is not None or text == TEXT
        assert error is None or "broke off" in error.message
        lengths.append(len(text))
    assert lengths == sorted(lengths)


def test_a_count_on_the_way_of_an_answer_that_is_cut_is_none_of_the_end() -> None:
    running = {"prompt_tokens": 10, "completion_tokens": 0, "total_tokens": 10}
    heard = reply(Dialect.OPENAI, say.sse({"choices": [{"delta": {"content": "Half"}}], "usage": running}))
    text, error = said(heard.events())
    assert (text, error is not None) == ("Half", True)
    assert (heard.billed, heard.so_far) == (None, Billed(10, None, None, 0))


@pytest.mark.parametrize("dialect", DIALECTS)
@given(data=some.data())
def test_broken_bytes_are_an_answer_or_an_error(dialect: Dialect, data: some.DataObject) -> None:
    whole = bytearray(stream(dialect))
    for place, byte in data.draw(
        some.lists(some.tuples(some.integers(0, len(whole) - 1), some.integers(0, 255)), max_size=6)
    ):
        whole[place] = byte
    said(reply(dialect, bytes(whole)).events())


@pytest.mark.parametrize("dialect", DIALECTS)
@given(some.binary(max_size=300))
def test_any_bytes_are_an_error(dialect: Dialect, content: bytes) -> None:
    _text, error = said(reply(dialect, content).events())
    assert error is not None


@pytest.mark.parametrize("dialect", DIALECTS)
def test_long_answers_are_read_quickly(dialect: Dialect) -> None:
    text = "word " * 20_000
    began = time.perf_counter()
    assert said(reply(dialect, stream(dialect, text)).events()) == (text, None)
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_read_twice_is_empty(dialect: Dialect) -> None:
    heard = reply(dialect, stream(dialect))
    list(heard.events())
    _text, error = said(heard.events())
    assert error is not None or not _text
