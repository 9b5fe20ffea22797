"""Grammars for calls: llama.cpp reads them, they hold what a model may write, and our parsers read it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.unit.engine.parsing.reading import GEMMA, GLM, HARMONY, LFM, QWEN3, QWEN35, gathered, making, pieces_of
from workbench.engine.parsing.formats import CallFormat
from workbench.engine.worker.call_grammar import call_grammar

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("jinja")]

_NO = False  # arguments of C have no names
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "days": {"type": "integer"},
        "unit": {"enum": ["C", "F"]},
        "near": {"type": "array", "items": {"$ref": "#/$defs/place"}},
        "when": {"type": "object", "properties": {"from": {"type": "number"}}, "required": ["from"]},
        "sure": {"type": "boolean"},
    },
    "required": ["city"],
    "$defs": {"place": {"type": "string"}},
}
TOOLS = [
    {"type": "function", "function": {"name": "weather", "parameters": SCHEMA}},
    {"type": "function", "function": {"name": "now"}},
]
FORMATS: dict[CallFormat, tuple[str, str, str]] = {
    "json": (
        QWEN3,
        "</think>",
        '<tool_call>\n{"name": "weather", "arguments": {"city": "Rome", "days": 2}}\n</tool_call>',
    ),
    "harmony": (
        HARMONY,
        "",
        (
            "<|channel|>analysis<|message|>x < 2.<|end|><|start|>assistant<|channel|>commentary to=functions.weather"
            ' <|constrain|>json<|message|>{"city": "Rome", "days": 2}'
        ),
    ),
    "gemma": (GEMMA, "", '<|tool_call>call:weather{city:<|"|>Rome<|"|>,days:2}<tool_call|>'),
    "functions": (
        QWEN35,
        "</think>",
        (
            "<tool_call>\n<function=weather>\n<parameter=city>\nRome\n</parameter>\n<parameter=days>\n2\n</parameter>\n"
            "</function>\n</tool_call>"
        ),
    ),
    "keys": (
        GLM,
        "</think>",
        (
            "<tool_call>weather\n<arg_key>city</arg_key>\n<arg_value>Rome</arg_value>\n<arg_key>days</arg_key>\n"
            "<arg_value>2</arg_value>\n</tool_call>"
        ),
    ),
    "python": (LFM, "", '<|tool_call_start|>[weather(city="Rome", days=2)]<|tool_call_end|>'),
}
EMPTY: dict[CallFormat, str] = {
    "json": '<tool_call>\n{"name": "now", "arguments": {}}\n</tool_call>',
    "harmony": "<|channel|>commentary to=functions.now <|constrain|>json<|message|>{}",
    "gemma": "<|tool_call>call:now{}<tool_call|>",
    "functions": "<tool_call>\n<function=now>\n</function>\n</tool_call>",
    "keys": "<tool_call>now\n</tool_call>",
    "python": "<|tool_call_start|>[now()]<|tool_call_end|>",
}
SHUT: dict[CallFormat, str] = {
    "json": '<tool_call>\n{"name": "other"',
    "harmony": "<|channel|>final<|message|>Hello",
    "gemma": "<|tool_call>call:weather{days:2}",
    "functions": "<tool_call>\n<function=weather>\n<parameter=days>",
    "keys": "Hello",
    "python": '<|tool_call_start|>[weather(city="Rome", days="two"',
}


class Matcher:
    """llama.cpp's grammar, fed with text by way of SmolLM2's vocabulary."""

    def __init__(self, site: Path, model: Path) -> None:
        self._api: Any = import_module("llama_cpp.llama_cpp")
        api = self._api
        parameters = api.llama_model_default_params()
        parameters.vocab_only = True
        self._model = api.llama_model_load_from_file(str(model).encode(), parameters)
        self._vocab = api.llama_model_get_vocab(self._model)

    def takes(self, grammar: str, text: str) -> tuple[bool, bool]:
        """Whether every part of ``text`` may be written, and whether an end may follow."""
        import ctypes

        sampler = self._api.llama_sampler_init_grammar(self._vocab, grammar.encode(), b"root")
        assert sampler, grammar
        try:
            for character in text:
                for token in self._tokens(character):
                    if not self._allowed(sampler, token, ctypes):
                        return False, False
                    self._api.llama_sampler_accept(sampler, token)
            return True, self._allowed(sampler, self._api.llama_vocab_eos(self._vocab), ctypes)
        finally:
            self._api.llama_sampler_free(sampler)

    def _tokens(self, text: str) -> list[int]:
        room = (self._api.llama_token * 8)()
        return list(room[: self._api.llama_tokenize(self._vocab, text.encode(), len(text), room, 8, _NO, _NO)])

    def _allowed(self, sampler: Any, token: int, ctypes: Any) -> bool:
        one = self._api.llama_token_data(token, 1.0, 0.0)
        only = self._api.llama_token_data_array(ctypes.pointer(one), 1, -1, _NO)
        self._api.llama_sampler_apply(sampler, ctypes.byref(only))
        return bool(only.data[0].logit != float("-inf"))

    def close(self) -> None:
        self._api.llama_model_free(self._model)


@pytest.fixture(scope="module")
def matcher(jinja: None, worker_site: Path, starter_model: Path) -> Any:
    found = Matcher(worker_site, starter_model)
    yield found
    found.close()


@pytest.mark.parametrize("syntax", FORMATS)
def test_a_call_is_taken_and_read_and_all_else_is_shut_out(matcher: Matcher, syntax: CallFormat) -> None:
    template, tail, text = FORMATS[syntax]
    grammar = call_grammar(syntax, TOOLS, parallel=True)
    assert matcher.takes(grammar, text) == (True, True)
    assert matcher.takes(grammar, EMPTY[syntax]) == (True, True)
    assert matcher.takes(grammar, text[:-3]) == (True, False)
    assert matcher.takes(grammar, SHUT[syntax]) == (False, False)
    pieces, fault = pieces_of(making(template, TOOLS, prompt_tail=tail)(), [text], cut=False)
    assert fault is None
    assert gathered(pieces, "").calls[0][0] == "weather"


@pytest.mark.parametrize("syntax", ["json", "gemma", "functions", "keys"])
def test_several_calls_at_once_are_taken_unless_one_is_wanted(matcher: Matcher, syntax: CallFormat) -> None:
    twice = FORMATS[syntax][2] + "\n" + EMPTY[syntax]
    assert matcher.takes(call_grammar(syntax, TOOLS, parallel=True), twice) == (True, True)
    assert matcher.takes(call_grammar(syntax, TOOLS, parallel=False), twice) == (False, False)


def test_where_no_way_to_call_is_known_there_is_no_grammar() -> None:
    assert call_grammar("", TOOLS, parallel=True) == ""
    assert call_grammar("json", [], parallel=True) == ""
