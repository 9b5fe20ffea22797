"""What every engine promises of pictures: the model sees them, and what cannot be looked at is told.

The model says the colour that it sees: a picture which is not looked at, or another one's state, gives another word.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.contract.test_tiny_models import Asking, launcher_of, running
from tests.fakes.tiny_models.seeing import PLACES, part, picture
from workbench.cancel import CancelToken
from workbench.engine.asking.client import LlamaBackend
from workbench.errors import EngineError
from workbench.messages import ChatRequest, Finished, Image, Message, Role, StreamEvent, Text, fold_events
from workbench.ports import BackendInfo

pytestmark = pytest.mark.engine

ENGINES = ("native", "binary", "worker")
RED, GREEN, BLUE = picture(255, 0, 0), picture(0, 255, 0), picture(0, 0, 255, side=200)
BOMB = RED[:16] + (60_000).to_bytes(4, "big") * 2 + RED[24:]  # says that it has 3,600 million pixels


@contextmanager
def seeing(engine: str, home: Path, request: pytest.FixtureRequest, **plan: Any) -> Iterator[Asking]:
    model, projector = request.getfixturevalue("tiny_seeing")
    with running(launcher_of(engine, home, request), model, projector_path=projector, **plan) as asking:
        yield asking


@pytest.fixture(scope="module", params=ENGINES)
def eyes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    with seeing(request.param, tmp_path_factory.mktemp("eyes"), request) as asking:
        yield asking


def told(engine: Asking, *messages: Message) -> tuple[str, Finished]:
    backend = LlamaBackend(engine.endpoint, BackendInfo("real", "eyes", local=True, context_tokens=4096, vision=True))
    events: list[StreamEvent] = list(backend.stream(ChatRequest(messages, max_tokens=8), CancelToken()))
    assert isinstance(events[-1], Finished)
    return "".join(piece.text for piece in fold_events(events) if isinstance(piece, Text)), events[-1]


def question(*pictures: bytes, text: str = "Which colour is this?") -> Message:
    return Message(Role.USER, (*(Image("image/png", one) for one in pictures), Text(text)))


def answer(text: str) -> Message:
    return Message(Role.ASSISTANT, (Text(text),))


def test_it_sees_what_it_is_shown(eyes: Asking) -> None:
    for shown, colour in ((RED, "red"), (GREEN, "green"), (BLUE, "blue")):
        assert told(eyes, question(shown))[0] == colour


def test_without_a_picture_it_sees_nothing(eyes: Asking) -> None:
    assert told(eyes, question())[0] == "nothing"


def test_another_picture_in_the_same_place_is_another_picture(eyes: Asking) -> None:
    for shown, colour in ((RED, "red"), (GREEN, "green"), (RED, "red")):
        assert told(eyes, question(shown, text="Look at it well. " * 30))[0] == colour


def test_a_picture_of_an_earlier_turn_is_not_read_again(eyes: Asking) -> None:
    first = question(GREEN, text="Look at this. " * 40)
    said, end = told(eyes, first)
    alone = told(eyes, question(text="Look at this. " * 40))[1].usage
    assert end.usage.prompt_tokens
    assert alone.prompt_tokens
    assert end.usage.prompt_tokens - alone.prompt_tokens == PLACES
    told(eyes, first)
    again, end = told(eyes, first, answer(said), question(text="And now?"))
    assert again == "green"
    assert end.usage.cached_tokens
    assert end.usage.cached_tokens > PLACES + 100


def test_two_pictures_and_words_between_them(eyes: Asking) -> None:
    content = [{"type": "text", "text": "One"}, part(BLUE), {"type": "text", "text": "and two"}, part(BLUE)]
    choice = eyes.chat([{"role": "user", "content": content}])
    assert choice["message"]["content"] == "blue"


@pytest.mark.parametrize(
    "shown",
    [
        part(b"no picture at all"),
        part(b""),
        part(RED[:60]),
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,!!!!"}},
        {"type": "image_url", "image_url": {"url": "file:///etc/passwd"}},
        {"type": "image_url", "image_url": {}},
    ],
    ids=("words", "empty", "cut", "not base64", "a file", "no url"),
)
def test_what_is_no_picture_is_told_and_the_next_question_is_answered(eyes: Asking, shown: dict[str, Any]) -> None:
    messages = [{"role": "user", "content": [shown, {"type": "text", "text": "What is it?"}]}]
    refused = eyes.post("/v1/chat/completions", messages=messages, max_tokens=8)
    assert 400 <= refused.status_code <= 500
    assert refused.json()["error"]["message"]
    assert told(eyes, question(RED))[0] == "red"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_model_without_its_projector_says_so(engine: str, home: Path, request: pytest.FixtureRequest) -> None:
    model, _projector = request.getfixturevalue("tiny_seeing")
    with running(launcher_of(engine, home, request), model) as asking, pytest.raises(EngineError) as raised:
        told(asking, question(RED))
    assert "image input is not supported" in raised.value.message


@pytest.mark.parametrize("engine", ENGINES)
def test_another_models_projector_is_told_at_the_start(
    engine: str, home: Path, starter_model: Path, request: pytest.FixtureRequest
) -> None:
    _model, projector = request.getfixturevalue("tiny_seeing")
    with (
        pytest.raises(EngineError) as raised,
        running(launcher_of(engine, home, request), starter_model, projector_path=projector),
    ):
        pass
    assert raised.value.message == "The file that lets this model see cannot be loaded."


def test_the_worker_unpacks_no_bomb_and_reads_no_other_file(home: Path, request: pytest.FixtureRequest) -> None:
    with seeing("worker", home, request) as asking:
        for shown, words in (
            (part(BOMB), "million pixels"),
            (part(b"RIFF\0\0\0\0WEBPVP8 "), "no PNG, JPEG, GIF or BMP"),
            (part(b"RIFF\0\0\0\0WAVEfmt "), "no PNG, JPEG, GIF or BMP"),
            ({"type": "image_url", "image_url": {"url": "http://127.0.0.1:1/x.png"}}, "data URL"),
            ({"type": "image_url", "image_url": {"url": base64.b64encode(RED).decode()}}, "data URL"),
        ):
            messages = [{"role": "user", "content": [shown]}]
            refused = asking.post("/v1/chat/completions", messages=messages)
            assert refused.status_code == 400
            assert words in refused.json()["error"]["message"]
