"""What is set aside is never less than what an honest provider settles: over texts of many languages, code and noise."""

from __future__ import annotations

import base64
import json
import random
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.chat.escalating.counting import (
    estimated,
    of_texts,
    texts_of_messages,
    tokens_of_text,
)
from workbench.chat.escalating.counts import FRAMES_OF_HARMONY, FRAMES_OF_RULE, Count, Uncounted
from workbench.chat.escalating.pricing import priced
from workbench.cloud.provider import Billed, CloudModel, Price
from workbench.cloud.spending.pricing import cost_of
from workbench.cloud.tokens.pairing import PairEncoding
from workbench.cloud.tokens.vocabulary import published
from workbench.messages import ChatRequest, Message, Role, Text, user

MODEL = CloudModel("openai", "gpt-5-mini", context_tokens=400_000, price=Price(250_000, 2_000_000, 25_000))
KEPT = Path(__file__).parents[2] / "cloud" / "tokens" / "counts.json"
WRITTEN = [text for text, _tokens in json.loads(KEPT.read_text(encoding="utf-8"))[:71]]
HARMONY_HEAD = 70  # who it is, date, effort, channels
MOST_ANSWER = 512


@pytest.fixture(scope="module")
def encoding() -> PairEncoding:
    return published()


def billed(encoding: PairEncoding, request: ChatRequest, head: int) -> Billed:
    """Four tokens around each message, three for the answer, and what comes before all."""
    texts = sum(map(encoding.count, texts_of_messages(request)))
    return Billed(texts + 4 * len(request.messages) + 3 + head, completion_tokens=MOST_ANSWER)


def holds(count: Count, request: ChatRequest, told: Billed) -> bool:
    """Whether what is set aside is enough."""
    cost, charged = priced(MODEL, request, count).cost, cost_of(told, MODEL.price)
    assert cost is not None
    assert charged is not None
    return charged <= cost.high


@settings(deadline=None, max_examples=80)
@given(texts=st.lists(st.one_of(st.text(max_size=200), st.sampled_from(WRITTEN)), min_size=1, max_size=9))
def test_what_is_counted_is_enough(encoding: PairEncoding, texts: list[str]) -> None:
    roles = (Role.USER, Role.ASSISTANT)
    messages = tuple(Message(roles[number % 2], (Text(text),)) for number, text in enumerate(texts))
    request = ChatRequest(messages, max_tokens=MOST_ANSWER)
    counted = sum(map(encoding.count, texts_of_messages(request)))
    for frames, head in ((FRAMES_OF_RULE, 0), (FRAMES_OF_HARMONY, HARMONY_HEAD)):
        told = billed(encoding, request, head)
        count = of_texts(counted, 0, request, frames)
        assert holds(count, request, told)
        assert count.least <= (told.prompt_tokens or 0) <= count.most


@pytest.mark.parametrize("text", WRITTEN, ids=range(len(WRITTEN)))
def test_the_estimate_is_enough_for_what_people_write(encoding: PairEncoding, text: str) -> None:
    request = ChatRequest((user(text),), max_tokens=MOST_ANSWER)
    assert holds(estimated(request, Uncounted.UNPUBLISHED), request, billed(encoding, request, HARMONY_HEAD))
    if len(text) >= 20:
        assert tokens_of_text(text) >= encoding.count(text)


@pytest.mark.parametrize(
    "letters", [string.ascii_lowercase, string.ascii_uppercase, string.ascii_letters, "ACGT", "0123456789abcdef"]
)
def test_and_for_what_they_paste(encoding: PairEncoding, letters: str) -> None:
    """Keys, sequences and files as text are no words: vocabularies make twice as much of them."""
    noise = random.Random(letters)
    line = "".join(noise.choices(letters, k=6_000))
    for pasted in (line, "\n".join(line[at : at + 60] for at in range(0, len(line), 60)), line[:40]):
        assert tokens_of_text(pasted) >= encoding.count(pasted)


def test_and_for_a_picture_that_they_paste_as_text(encoding: PairEncoding) -> None:
    pasted = base64.b64encode(random.Random(1).randbytes(6_000)).decode()
    assert tokens_of_text(pasted) >= encoding.count(pasted)
