"""The tiny mixture-of-experts models in the real engines: reasoning, tool calls, experts on the processor, broken formats.

What they say is known, so each test compares whole texts. The engines are asked over plain HTTP: it is their answers that
are looked at here, not our reading of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes.tiny_models import FAMILIES, Script
from tests.fakes.tiny_models.chain import Path as Way
from tests.fakes.tiny_models.chain import codes, output_rows
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.launching.binary_launcher import BinaryLauncher
from workbench.engine.launching.launcher import NativeLauncher
from workbench.engine.runtimes.probe_engine import probe
from workbench.engine.worker.worker_launcher import WorkerLauncher
from workbench.models.gguf.header import read_header
from workbench.models.gguf.kind import Kind, kind_of
from workbench.models.gguf.templates import fingerprint, published
from workbench.models.sizing.shape import CacheKind
from workbench.models.sizing.shapes import from_header
from workbench.paths import Paths
from workbench.ports import Endpoint, EngineLauncher, LaunchPlan

TEXTS = Script()
HELLO = [{"role": "user", "content": "Hi"}]
QUESTION = [{"role": "user", "content": "What is the weather in Paris?"}]
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
MISMATCH = "The model produced output that does not match the expected peg-native format"
ENGINES = ("native", "binary")


@dataclass(frozen=True, slots=True)
class Asking:
    """An engine that is asked over plain HTTP, each time on a connection of its own."""

    endpoint: Endpoint

    def post(self, path: str, **body: Any) -> httpx.Response:
        with self._client() as client:
            return client.post(path, json=body)

    def chat(self, messages: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        """The first choice of a whole answer; hot, as the script must be walked at any temperature."""
        answer = self.post("/v1/chat/completions", messages=messages, max_tokens=400, temperature=1.5, **more)
        assert answer.status_code == 200, answer.text
        choice: dict[str, Any] = answer.json()["choices"][0]
        return choice

    def events(self, messages: list[dict[str, Any]], **more: Any) -> list[str]:
        """The data of each event of a streamed answer."""
        body = {"messages": messages, "max_tokens": 400, "stream": True, **more}
        with self._client() as client, client.stream("POST", "/v1/chat/completions", json=body) as answer:
            return [line.removeprefix("data: ") for line in answer.iter_lines() if line]

    def _client(self) -> httpx.Client:
        socket, key = self.endpoint.socket_path, self.endpoint.key
        return httpx.Client(
            base_url=self.endpoint.base_url,
            transport=httpx.HTTPTransport(uds=str(socket)) if socket else None,
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=60,
        )


@contextmanager
def running(launcher: EngineLauncher, model: Path, **plan: Any) -> Iterator[Asking]:
    usual = LaunchPlan(model, context_tokens=4096, slots=1, threads=2, batch_tokens=256, cache_ram_bytes=0)
    engine = launcher.start(replace(usual, **plan), CancelToken())
    try:
        yield Asking(engine.endpoint)
    finally:
        engine.stop()


def launcher_of(engine: str, home: Path, request: pytest.FixtureRequest) -> EngineLauncher:
    paths = Paths(home)
    paths.prepare()
    if engine == "native":
        return NativeLauncher(paths, SystemClock())
    if engine == "worker":
        return WorkerLauncher(paths, SystemClock(), request.getfixturevalue("worker_site"))
    file: Path = request.getfixturevalue("llama_server")
    return BinaryLauncher(paths, SystemClock(), file, probe(file, CancelToken()))


def model_of(family: str, request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(f"tiny_{family}")
    return path


@pytest.fixture(scope="module", params=[f"{engine} {family}" for engine in (*ENGINES, "worker") for family in FAMILIES])
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Asking]]:
    """(family, engine): every family in every engine."""
    engine, family = request.param.split()
    with running(launcher_of(engine, tmp_path_factory.mktemp("tiny"), request), model_of(family, request)) as asking:
        yield family, asking


@pytest.mark.engine
def test_reasoning_and_answer_come_apart(asked: tuple[str, Asking]) -> None:
    _, engine = asked
    choice = engine.chat(HELLO)
    assert choice["finish_reason"] == "stop"
    assert choice["message"]["content"] == TEXTS.answer
    assert choice["message"]["reasoning_content"].strip() == TEXTS.thought


@pytest.mark.engine
def test_the_same_streamed(asked: tuple[str, Asking]) -> None:
    _, engine = asked
    *events, done = engine.events(HELLO, temperature=1.5)
    deltas = [choice["delta"] for event in events for choice in json.loads(event)["choices"]]
    assert done == "[DONE]"
    assert "".join(delta.get("content") or "" for delta in deltas) == TEXTS.answer
    assert "".join(delta.get("reasoning_content") or "" for delta in deltas).strip() == TEXTS.thought
    assert len(deltas) > 10


@pytest.mark.engine
def test_tools_are_called_and_their_results_answered_in_each_turn(asked: tuple[str, Asking]) -> None:
    _, engine = asked
    chat = list(QUESTION)
    for result in ('{"sky":"clear"}', "rain " * 200):
        choice = engine.chat(chat, tools=[TOOL])
        call = choice["message"]["tool_calls"][0]
        assert choice["finish_reason"] == "tool_calls"
        assert choice["message"]["reasoning_content"].strip() == TEXTS.thought
        assert (call["function"]["name"], json.loads(call["function"]["arguments"])) == (
            "get_weather",
            {"city": "Paris"},
        )
        chat += [choice["message"], {"role": "tool", "tool_call_id": call["id"], "content": result}]
        choice = engine.chat(chat, tools=[TOOL])
        assert choice["finish_reason"] == "stop"
        assert choice["message"]["content"] == TEXTS.told
        chat += [{"role": "assistant", "content": TEXTS.told}, *QUESTION]


@pytest.mark.engine
def test_a_long_question_loses_no_marker(asked: tuple[str, Asking]) -> None:
    _, engine = asked
    choice = engine.chat([{"role": "user", "content": "word " * 3000}])
    assert choice["message"]["content"] == TEXTS.answer


@pytest.mark.engine
def test_thinking_can_be_switched_off_where_the_template_knows_how(asked: tuple[str, Asking]) -> None:
    family, engine = asked
    quiet = {"chat_template_kwargs": {"enable_thinking": False}}
    prompts = [engine.post("/apply-template", messages=HELLO, **more).json()["prompt"] for more in ({}, quiet)]
    message = engine.chat(HELLO, **quiet)["message"]
    assert message["content"] == TEXTS.answer
    if family == "gpt_oss":
        assert prompts[0] == prompts[1]
    else:
        assert prompts[0] != prompts[1]
        assert not message.get("reasoning_content")


@pytest.mark.engine
def test_the_effort_of_gpt_oss_is_in_the_prompt(asked: tuple[str, Asking]) -> None:
    family, engine = asked
    effort = {"chat_template_kwargs": {"reasoning_effort": "high"}}
    prompt = engine.post("/apply-template", messages=HELLO, **effort).json()["prompt"]
    assert ("Reasoning: high" in prompt) == (family == "gpt_oss")


@pytest.mark.engine
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("engine", [*ENGINES, "worker"])
def test_experts_on_the_processor(engine: str, family: str, home: Path, request: pytest.FixtureRequest) -> None:
    """The engine remarks once that experts were moved; where all is on the processor anyway it tells no more."""
    launcher = launcher_of(engine, home, request)
    log = Paths(home).logs / "engine.log"
    with running(launcher, model_of(family, request), gpu_layers=0):
        assert "tensor overrides to CPU" not in log.read_text("utf-8")
    with running(launcher, model_of(family, request), expert_layers_on_cpu=2, gpu_layers=0) as asking:
        assert asking.chat(HELLO)["message"]["content"] == TEXTS.answer
    assert "tensor overrides to CPU" in log.read_text("utf-8")


@pytest.mark.engine
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("fault", "thought"), [("channel", TEXTS.thought), ("header", TEXTS.thought), ("plain", "")])
def test_harmony_that_is_none_is_refused(
    engine: str,
    fault: str,
    thought: str,
    home: Path,
    request: pytest.FixtureRequest,
    tiny_model: Callable[..., Path],
) -> None:
    """The error has no word of the answer; a stream ends with it, after what could be read; the raw text is to be had."""
    with running(launcher_of(engine, home, request), tiny_model("gpt_oss", broken=fault)) as asking:
        answer = asking.post("/v1/chat/completions", messages=HELLO, max_tokens=200)
        error = {"code": 500, "message": MISMATCH, "type": "server_error"}
        assert (answer.status_code, answer.json()) == (500, {"error": error})

        *events, last = asking.events(HELLO)
        deltas = [choice["delta"] for event in events for choice in json.loads(event)["choices"]]
        assert json.loads(last) == {"error": error}
        assert "".join(delta.get("reasoning_content") or "" for delta in deltas) == thought
        assert not any(delta.get("content") for delta in deltas)

        prompt = asking.post("/apply-template", messages=HELLO).json()["prompt"]
        raw = asking.post("/completion", prompt=prompt, n_predict=200).json()["content"]
        assert raw.endswith(TEXTS.answer)
        assert "<|message|>" in raw or fault == "plain"


@pytest.mark.engine
@pytest.mark.parametrize(("family", "fault"), [("gpt_oss", "analysis"), ("qwen3moe", "thought"), ("gemma4", "thought")])
@pytest.mark.parametrize("engine", ["native", "worker"])
def test_a_thought_without_an_end_is_no_answer(
    engine: str, family: str, fault: str, home: Path, request: pytest.FixtureRequest, tiny_model: Callable[..., Path]
) -> None:
    with running(launcher_of(engine, home, request), tiny_model(family, broken=fault)) as asking:
        choice = asking.chat(HELLO)
        assert choice["finish_reason"] == "stop"
        assert choice["message"]["content"] == ""
        assert choice["message"]["reasoning_content"] == TEXTS.thought


@pytest.mark.engine
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("engine", ["native", "worker"])
def test_a_call_cut_short_is_told_as_such(engine: str, family: str, home: Path, request: pytest.FixtureRequest) -> None:
    with running(launcher_of(engine, home, request), model_of(family, request)) as asking:
        tokens = asking.post("/v1/chat/completions", messages=QUESTION, tools=[TOOL], max_tokens=400).json()
        used = tokens["usage"]["completion_tokens"]
        cut = [asking.chat(QUESTION, tools=[TOOL], n_predict=count) for count in range(used - 9, used)]
    calls = [choice["message"].get("tool_calls", []) for choice in cut if choice["finish_reason"] == "length"]
    arguments = [call["function"]["arguments"] for some in calls for call in some]
    assert len(calls) > 3
    if engine == "native":
        assert any(text and not text.endswith("}") for text in arguments)
    else:  # arguments are told whole, or not at all
        assert all(json.loads(text) == {"city": "Paris"} for text in arguments if text)


@pytest.mark.engine
def test_a_long_answer_has_as_many_words_as_were_ordered(
    home: Path, request: pytest.FixtureRequest, tiny_model: Callable[..., Path]
) -> None:
    with running(launcher_of("native", home, request), tiny_model("gpt_oss", long=500)) as asking:
        answer = asking.post("/v1/chat/completions", messages=HELLO, max_tokens=2000).json()
    words = answer["choices"][0]["message"]["content"].removeprefix(TEXTS.answer).split()
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert len(set(words)) == len(words) == 500


@pytest.mark.parametrize("family", FAMILIES)
def test_our_header_reader_and_sizes_know_them(family: str, request: pytest.FixtureRequest) -> None:
    model = model_of(family, request)
    header = read_header(model)
    shape = from_header(header)
    windows = {group.kind: group.layers for group in shape.cache}
    assert kind_of(header) is Kind.WRITER
    assert (header.expert_count, header.expert_used_count) == (8, 2)
    assert shape.exact
    assert shape.weights_bytes < model.stat().st_size < 6_000_000
    assert len(shape.expert_layer_bytes) == shape.layers == 4
    assert shape.active_bytes < shape.weights_bytes
    assert windows == ({CacheKind.FULL: 4} if family == "qwen3moe" else {CacheKind.FULL: 2, CacheKind.SLIDING: 2})


def test_gpt_oss_has_mxfp4_experts_and_sinks(tiny_gpt_oss: Path) -> None:
    types = {tensor.name: tensor.type for tensor in read_header(tiny_gpt_oss).tensors}
    assert {kind for name, kind in types.items() if name.endswith("_exps.weight")} == {"MXFP4"}
    assert sum("attn_sinks" in name for name in types) == 4


@pytest.mark.parametrize(("family", "published_as"), [("gpt_oss", "gpt-oss-20b"), ("gemma4", "gemma-4-26b-a4b")])
def test_the_chat_templates_are_the_published_ones(
    family: str, published_as: str, request: pytest.FixtureRequest
) -> None:
    template = read_header(model_of(family, request)).chat_template
    assert template
    assert fingerprint(template) in published()[published_as].sha256


def test_a_script_that_leads_astray_is_refused() -> None:
    code = codes(50, (), range(50), seed=1)
    apart = [Way((0, 1), (2, 3)), Way((4, 1), (5, 6))]
    output_rows(code, apart, ())
    with pytest.raises(ValueError, match=r"after tokens 0, 1: \d leads \d by 0\.00"):
        output_rows(code, [*apart, Way((0, 1), (7,))], ())
