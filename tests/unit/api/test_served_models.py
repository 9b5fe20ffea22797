"""The local API over the whole program with real engines: tools, thoughts and efforts, vectors, other machines."""

from __future__ import annotations

import json
import math
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import OpenAI

from tests.fakes.openai_servers import OpenAiServer, vllm
from workbench.api.served_models import fitting
from workbench.app import Workbench, build
from workbench.cancel import CancelToken
from workbench.engine.remote.consent import make_consent
from workbench.entry import open_api
from workbench.messages import Effort
from workbench.paths import Paths
from workbench.settings import with_value

HI: list[Any] = [{"role": "user", "content": "What is the weather in Paris?"}]
WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
DEGREES = (Effort.LOW, Effort.MEDIUM, Effort.HIGH)


@contextmanager
def serving(home: Path, *models: Path) -> Iterator[tuple[Workbench, OpenAI]]:
    """The program on a home with these models, its API open, and the official client."""
    paths = Paths(home)
    paths.prepare()
    for model in models:
        os.link(model, paths.models / model.name)
    workbench = build(paths, open_api=open_api)
    try:
        workbench.settings = with_value(workbench.settings, "api.port", _free_port())
        status = workbench.api.open()
        with OpenAI(base_url=status.address, api_key=workbench.api.token.current(), max_retries=0, timeout=100) as ai:
            yield workbench, ai
    finally:
        workbench.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.mark.engine
@pytest.mark.parametrize("stream", [True, False])
def test_a_real_tool_round_trip_with_thoughts(tmp_path: Path, tiny_gpt_oss: Path, stream: bool) -> None:
    with serving(tmp_path / "home", tiny_gpt_oss) as (_workbench, ai):
        if stream:
            with ai.chat.completions.stream(
                model="default", messages=HI, tools=[WEATHER], reasoning_effort="low"
            ) as events:
                message: Any = events.get_final_completion().choices[0].message
        else:
            answer = ai.chat.completions.create(model="default", messages=HI, tools=[WEATHER], reasoning_effort="low")
            assert answer.choices[0].finish_reason == "tool_calls"
            message = answer.choices[0].message
            assert message.reasoning_content
        (call,) = message.tool_calls
        assert (call.function.name, json.loads(call.function.arguments)) == ("get_weather", {"city": "Paris"})
        function = {"name": call.function.name, "arguments": call.function.arguments}
        said = {"role": "assistant", "tool_calls": [{"id": call.id, "type": "function", "function": function}]}
        told = {"role": "tool", "tool_call_id": call.id, "content": "sunny"}
        answer = ai.chat.completions.create(model="default", messages=[*HI, said, told], tools=[WEATHER])  # type: ignore[list-item]
        assert answer.choices[0].message.content == "It is sunny there."


@pytest.mark.engine
def test_an_effort_that_the_model_does_not_know_is_refused(tmp_path: Path, tiny_gpt_oss: Path) -> None:
    with serving(tmp_path / "home", tiny_gpt_oss) as (_workbench, ai):
        with pytest.raises(openai.BadRequestError) as refused:
            ai.chat.completions.create(model="default", messages=HI, reasoning_effort="none")
        assert refused.value.param == "reasoning_effort"


@pytest.mark.engine
def test_thinking_is_switched_off(tmp_path: Path, tiny_qwen3moe: Path) -> None:
    with serving(tmp_path / "home", tiny_qwen3moe) as (_workbench, ai):
        for arguments, thinks in (({"enable_thinking": False}, False), ({"enable_thinking": True}, True)):
            body = {"chat_template_kwargs": arguments}
            said: Any = ai.chat.completions.create(model="default", messages=HI, extra_body=body).choices[0].message
            assert bool(getattr(said, "reasoning_content", None)) is thinks
            assert said.content


@pytest.mark.engine
def test_real_vectors(tmp_path: Path, starter_model: Path) -> None:
    (tmp_path / "made").mkdir()
    model = _as_embedder(starter_model, tmp_path / "made" / "vectors.gguf")
    with serving(tmp_path / "home", model) as (_workbench, ai):
        (listed,) = ai.models.list()
        made = ai.embeddings.create(model=listed.id, input=["the sea", "the sea", "a tax form"])
        first, same, other = (one.embedding for one in made.data)
        assert math.isclose(sum(value * value for value in first), 1.0, abs_tol=1e-3)
        assert _alike(first, same) > _alike(first, other)
        with pytest.raises(openai.NotFoundError):
            ai.chat.completions.create(model=listed.id, messages=HI)


@pytest.mark.engine
def test_auto_is_listed_first_and_chooses_among_the_models_here(tmp_path: Path, tiny_qwen3moe: Path) -> None:
    with serving(tmp_path / "home", tiny_qwen3moe) as (_workbench, ai):
        auto, listed = ai.models.list()
        assert (auto.id, auto.owned_by) == ("auto", "this-machine")
        assert "by the rules of this machine" in auto.description  # type: ignore[attr-defined]
        assert ai.models.retrieve("auto") == auto
        assert ai.chat.completions.create(model=auto.id, messages=HI, max_tokens=8).model == listed.id


def test_other_machines_answer_only_where_that_is_switched_on(tmp_path: Path) -> None:
    with OpenAiServer(vllm()) as other, serving(tmp_path / "home") as (workbench, ai):
        workbench.servers.add(make_consent(other.url, name="studio"), None, CancelToken())
        asked = len(other.questions)
        assert list(ai.models.list()) == []
        with pytest.raises(openai.NotFoundError):
            ai.chat.completions.create(model="Qwen/Qwen3-8B@studio", messages=HI)
        assert len(other.questions) == asked
        workbench.change_setting("api.remote_models", value=True)
        (listed,) = ai.models.list()
        answer = ai.chat.completions.create(model=listed.id, messages=HI)
        assert (answer.choices[0].message.content, answer.model) == ("The sea is wide and blue.", listed.id)
        assert len(other.questions) > asked


def test_a_name_is_never_taken_for_a_path(tmp_path: Path, starter_model: Path) -> None:
    with serving(tmp_path / "home") as (_workbench, ai), pytest.raises(openai.NotFoundError):
        ai.chat.completions.create(model=str(starter_model), messages=HI)


@pytest.mark.parametrize(
    ("wanted", "efforts", "fits"),
    [
        (None, DEGREES, None),
        (Effort.LOW, DEGREES, Effort.LOW),
        (Effort.ON, DEGREES, Effort.MEDIUM),
        (Effort.OFF, DEGREES, Effort.OFF),  # refused by name, later
        (Effort.HIGH, (Effort.OFF, Effort.ON), Effort.ON),
        (Effort.OFF, (Effort.OFF, Effort.ON), Effort.OFF),
        (Effort.OFF, (), None),
        (Effort.HIGH, (), Effort.HIGH),
    ],
)
def test_the_nearest_effort(wanted: Effort | None, efforts: tuple[Effort, ...], fits: Effort | None) -> None:
    assert fitting(wanted, efforts) is fits


def _alike(one: list[float], other: list[float]) -> float:
    return sum(left * right for left, right in zip(one, other, strict=True))


def _as_embedder(model: Path, place: Path) -> Path:
    """The same model with a header that says it makes vectors. What is put in is three times the alignment long."""
    content = model.read_bytes()
    version, tensors, values = struct.unpack_from("<IQQ", content, 4)
    key, padding = b"llama.pooling_type", b"general.pad"
    more = struct.pack("<Q", len(key)) + key + struct.pack("<II", 4, 1)
    rest = 96 - len(more) - 8 - len(padding) - 4 - 8
    more += struct.pack("<Q", len(padding)) + padding + struct.pack("<IQ", 8, rest) + b" " * rest
    assert len(more) % 32 == 0
    place.write_bytes(content[:4] + struct.pack("<IQQ", version, tensors, values + 2) + more + content[24:])
    return place
