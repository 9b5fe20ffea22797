"""The most exact that there is counts; what fails gives way to the next, and at last to an estimate that says why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.fakes.counting import Words, counts_of
from workbench.chat.escalating.counting import PICTURE_TOKENS, tokens_from_above
from workbench.chat.escalating.counts import FRAMES_OF_HARMONY, Count, CountedBy, Uncounted
from workbench.chat.escalating.tokenizing import Found, TokenCounts
from workbench.cloud.provider import CloudModel, Provider
from workbench.errors import EngineError, ModelError, StorageError
from workbench.messages import ChatRequest, Image, Message, Role, Text, Tool, user

PROVIDER = Provider("groq", "Groq", "https://api.groq.com/openai/v1")
GPT_OSS = CloudModel("groq", "openai/gpt-oss-120b", family="gpt-oss", open_model="gpt-oss-120b")
QWEN = CloudModel("groq", "qwen/qwen3-235b", family="qwen3-moe", open_model="qwen3-235b-a22b-2507")
REQUEST = ChatRequest((user("One two three"),))
BROKEN = StorageError("The vocabulary that counts tokens is damaged.")
KIN = Found("qwen3", "qwen3-30b-a3b-instruct-2507", Path("/models/30b.gguf"))
VERY = Found("qwen3", "qwen3-235b-a22b-2507", Path("/models/z-235b.gguf"))


class Broken(ScriptedBackend):
    def count_tokens(self, request: ChatRequest, cancel: object) -> int:
        raise EngineError("The model is not loaded.")


class Seen(Words):
    """Keeps what it was asked with."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[Path] = []

    def count(self, question: object, cancel: object) -> int:
        assert isinstance(question, tuple)
        self.paths.append(question[0])
        return super().count(question, cancel)  # type: ignore[arg-type]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as kept:
        yield kept


def closing(stack: ExitStack, counts: TokenCounts) -> TokenCounts:
    stack.callback(counts.close)
    return counts


def test_a_model_in_memory_comes_first(stack: ExitStack) -> None:
    backend = ScriptedBackend()
    counts = closing(stack, counts_of(lambda: ("gpt-oss", backend)))
    assert counts(PROVIDER, GPT_OSS, REQUEST, wait=False) == Count(1 + 4 + 3, 1 + 4 + 3 + 12, CountedBy.LOADED)


def test_then_the_very_model_on_this_disk_before_its_kin(stack: ExitStack) -> None:
    seen = Seen()
    counts = closing(stack, counts_of(found=(KIN, VERY), vocabulary=seen))
    assert counts(PROVIDER, QWEN, REQUEST, wait=True) == Count(3, 3 + 12, CountedBy.VOCABULARY)
    assert seen.paths == [VERY.path]


def test_nothing_is_begun_for_who_does_not_wait(stack: ExitStack) -> None:
    seen = Seen()
    counts = closing(stack, counts_of(found=(KIN,), vocabulary=seen))
    count = counts(PROVIDER, QWEN, REQUEST, wait=False)
    assert (count.most, count.why) == (tokens_from_above(REQUEST), Uncounted.COMING)
    assert seen.paths == []
    counts(PROVIDER, QWEN, REQUEST, wait=True)
    assert counts(PROVIDER, QWEN, REQUEST, wait=False).by is CountedBy.VOCABULARY, "it is warm now"


def test_then_what_is_published(stack: ExitStack) -> None:
    counts = closing(stack, counts_of(found=(KIN,)))
    expected = Count(3 + 3, 3 + 12 + FRAMES_OF_HARMONY, CountedBy.PUBLISHED)
    assert counts(PROVIDER, GPT_OSS, REQUEST, wait=True) == expected


def test_tools_and_pictures_are_counted_from_above(stack: ExitStack) -> None:
    counts = closing(stack, counts_of())
    bare = counts(PROVIDER, GPT_OSS, REQUEST, wait=True)
    tool = Tool("add", "Adds two numbers.", {})
    tooled = counts(PROVIDER, GPT_OSS, ChatRequest(REQUEST.messages, tools=(tool,)), wait=True)
    assert tooled.least == bare.least
    assert tooled.most > bare.most + 700
    seen = Message(Role.USER, (Text("One two three"), Image("image/png", b"p")))
    pictured = counts(PROVIDER, GPT_OSS, ChatRequest((seen,)), wait=True)
    assert (pictured.least, pictured.most) == (bare.least, bare.most + PICTURE_TOKENS)


def test_what_fails_gives_way_to_the_next(stack: ExitStack) -> None:
    backend = Broken()
    found = (Found("gpt-oss", "gpt-oss-20b", Path("/models/20b.gguf")),)
    broken = Words(ModelError("The model file is gone."))
    counts = closing(stack, counts_of(lambda: ("gpt-oss", backend), found, broken))
    assert counts(PROVIDER, GPT_OSS, REQUEST, wait=True).by is CountedBy.PUBLISHED


def test_where_all_fail_an_estimate_says_why(stack: ExitStack) -> None:
    counts = closing(stack, counts_of(published=Words(BROKEN)))
    count = counts(PROVIDER, GPT_OSS, REQUEST, wait=True)
    assert (count.by, count.why, count.said) == (CountedBy.ESTIMATE, Uncounted.FAILED, BROKEN.message)
    assert count.most == tokens_from_above(REQUEST)
    gone = closing(stack, counts_of(found=(KIN,), vocabulary=Words(ModelError("It is gone."))))
    assert gone(PROVIDER, QWEN, REQUEST, wait=True).said == "It is gone."


def test_after_the_end_there_is_an_estimate_and_nothing_starts() -> None:
    counts = counts_of()
    counts.close()
    assert counts(PROVIDER, GPT_OSS, REQUEST, wait=True).why is Uncounted.COMING
    counts.close()


def test_no_disk_is_looked_at_for_a_frontier_model(stack: ExitStack) -> None:
    def looked() -> None:
        raise AssertionError("looked")

    counts = closing(stack, counts_of(looked))
    model = CloudModel("anthropic", "claude-opus-5-5")
    anthropic = Provider("anthropic", "Anthropic", "https://api.anthropic.com/v1")
    assert counts(anthropic, model, REQUEST, wait=True).why is Uncounted.UNPUBLISHED
