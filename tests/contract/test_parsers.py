"""Our parsers beside the native server's: the same raw text gives the same reasoning, answer and calls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.test_tiny_models import HELLO, QUESTION, TOOL, Asking, launcher_of, model_of, running
from tests.fakes.tiny_models import FAMILIES
from tests.unit.engine.parsing.reading import Told, gathered, making, pieces_of
from workbench.models.gguf.header import read_header

pytestmark = pytest.mark.engine

SAMPLING = {"temperature": 0.0, "seed": 1}


class Beside:
    """One engine with one model, asked for raw text and for an answer."""

    def __init__(self, engine: Asking, template: str) -> None:
        self._engine = engine
        self._template = template

    def prompt(self, body: dict[str, Any]) -> str:
        rendered: str = self._engine.post("/apply-template", **body).json()["prompt"]
        return rendered

    def raw(self, prompt: str, tokens: int) -> str:
        body = {"prompt": prompt, "n_predict": tokens, "special": True, **SAMPLING}
        written: str = self._engine.post("/completion", **body).json()["content"]
        return written

    def theirs(self, body: dict[str, Any], tokens: int) -> Told:
        answer = self._engine.post("/v1/chat/completions", **body, max_tokens=tokens, **SAMPLING)
        assert answer.status_code == 200, answer.text
        message = answer.json()["choices"][0]["message"]
        calls = [call["function"] for call in message.get("tool_calls") or ()]
        return Told(
            (message.get("reasoning_content") or "").strip(),
            message.get("content") or "",
            tuple((call["name"], call["arguments"]) for call in calls),
        )

    def ours(self, body: dict[str, Any], tokens: int, size: int) -> Told:
        prompt = self.prompt(body)
        raw = self.raw(prompt, tokens)
        parser = making(self._template, body.get("tools", ()), prompt_tail=prompt[-200:])()
        pieces, fault = pieces_of(parser, [raw[at : at + size] for at in range(0, len(raw), size)], cut=True)
        told = gathered(pieces, fault.reason if fault else "")
        return Told(told.reasoning.strip(), told.answer, told.calls, told.fault)


@pytest.fixture(scope="module", params=FAMILIES)
def beside(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    model = model_of(request.param, request)
    template = read_header(model).chat_template
    assert template
    with running(launcher_of("native", tmp_path_factory.mktemp("parsers"), request), model) as engine:
        yield Beside(engine, template)


def compared(beside: Beside, body: dict[str, Any], tokens: int = 400) -> Told:
    """What both told; the arguments of calls as values, as the server writes them in its own way."""
    theirs = told_as_values(beside.theirs(body, tokens))
    for size in (1, 7, 10_000):
        assert told_as_values(beside.ours(body, tokens, size)) == theirs
    return theirs


def told_as_values(told: Told) -> Told:
    calls = tuple((name, json.dumps(json.loads(arguments))) for name, arguments in told.calls if arguments)
    return Told(told.reasoning, told.answer, calls, told.fault)


def test_reasoning_and_answer(beside: Beside) -> None:
    told = compared(beside, {"messages": HELLO})
    assert told.reasoning
    assert told.answer


@pytest.mark.parametrize("thinking", [True, False])
def test_with_and_without_thinking(beside: Beside, thinking: bool) -> None:
    compared(beside, {"messages": HELLO, "chat_template_kwargs": {"enable_thinking": thinking}})


def test_calls(beside: Beside) -> None:
    told = compared(beside, {"messages": QUESTION, "tools": [TOOL]})
    assert told.calls == (("get_weather", '{"city": "Paris"}'),)


def test_the_answer_after_a_result(beside: Beside) -> None:
    call = {"name": "get_weather", "arguments": '{"city":"Paris"}'}
    chat = [
        *QUESTION,
        {"role": "assistant", "content": "", "tool_calls": [{"id": "a", "type": "function", "function": call}]},
        {"role": "tool", "tool_call_id": "a", "name": "get_weather", "content": '{"sky": "clear"}'},
    ]
    assert compared(beside, {"messages": chat, "tools": [TOOL]}).answer


@pytest.mark.parametrize("tokens", [9, 17, 30])
def test_an_answer_cut_short(beside: Beside, tokens: int) -> None:
    compared(beside, {"messages": HELLO}, tokens)


def test_an_answer_cut_in_its_header(beside: Beside) -> None:
    """The server shows the markers then; we show nothing."""
    assert "<" not in beside.ours({"messages": HELLO}, tokens=2, size=100).answer
