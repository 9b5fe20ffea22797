"""Messages as templates of several makers want them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from workbench.engine.worker.sandbox import TemplateError, TooMuchError
from workbench.engine.worker.template import CHATML, ChatTemplate, Prompt

pytestmark = pytest.mark.usefixtures("jinja")

ROOT = Path(__file__).parents[4]
HI = {"role": "user", "content": "Hi"}
RULE = {"role": "system", "content": "Be brief."}
CALL = {
    "role": "assistant",
    "content": "",
    "reasoning_content": "I must look.",
    "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}],
}
PLAIN = "{% for m in messages %}[{{ m.role }}:{{ m.content }}]{% endfor %}{% if add_generation_prompt %}>{% endif %}"


def rendered(source: str, *messages: dict[str, Any], **more: Any) -> str:
    return ChatTemplate(source, bos="<s>").render(Prompt(messages, **more))


def test_plain() -> None:
    assert rendered(PLAIN, RULE, HI) == "[system:Be brief.][user:Hi]>"
    assert rendered(PLAIN, HI, open_turn=False) == "[user:Hi]"
    assert rendered("", HI) == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    assert ChatTemplate("").source == CHATML


def test_the_turn_of_gemma_is_opened_again_behind_a_result() -> None:
    source = (ROOT / "tests/fakes/tiny_models/templates/gemma4.jinja").read_text(encoding="utf-8")
    said, result = {**CALL, "content": "I look."}, {"role": "tool", "tool_call_id": "1", "name": "f", "content": "4"}
    assert rendered(source, HI, said, result).endswith("<tool_response|>I look.<turn|>\n<|turn>model\n")
    assert rendered(source, HI, CALL, result).endswith("<tool_response|>")
    assert rendered(source, HI).count("<|turn>model") == 1
    assert rendered(source, HI, open_turn=False).endswith("<turn|>\n")


def test_a_partial_answer_stands_at_the_end() -> None:
    partial = {"role": "assistant", "content": "Hello "}
    assert rendered(PLAIN, HI, partial, continues=True, open_turn=False) == "[user:Hi]>Hello "
    template = ChatTemplate(PLAIN, continued="<final>")
    assert template.render(Prompt([HI, partial], continues=True)) == "[user:Hi]><final>Hello "


def test_without_a_place_for_instructions_they_stand_in_the_first_message() -> None:
    refusing = "{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}" + PLAIN
    silent = PLAIN.replace("[{{", "{% if m.role != 'system' %}[{{").replace("]{% end", "]{% endif %}{% end")
    for source in (refusing, silent):
        assert rendered(source, RULE, HI) == "[user:Be brief.\nHi]>"
        assert rendered(source, RULE) == "[user:Be brief.]>"


def test_parts_where_a_template_wants_parts() -> None:
    source = "{% for m in messages %}{% for p in m.content %}{{ p.text }}{% endfor %}{% endfor %}"
    assert rendered(source, HI) == "Hi"
    assert rendered(PLAIN, {"role": "user", "content": [{"type": "text", "text": "H"}, {"type": "text", "text": "i"}]})


def test_pictures_are_refused() -> None:
    with pytest.raises(TemplateError, match="only text"):
        rendered(PLAIN, {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]})


def test_arguments_are_an_object_or_text_as_the_template_takes_them() -> None:
    objects = "{% for c in messages[-1].tool_calls or [] %}{{ c.function.arguments | tojson }}{% endfor %}"
    texts = "{% for c in messages[-1].tool_calls or [] %}{{ '(' + c.function.arguments + ')' }}{% endfor %}"
    assert rendered(objects, HI, CALL) == '{"a": 1}'
    assert rendered(texts, HI, CALL) == '({"a": 1})'
    broken = json.loads(json.dumps(CALL).replace('\\"a\\": 1}', "oops"))
    assert rendered(texts, HI, broken) == "({oops)"


def test_thoughts_before_a_call_are_under_both_names() -> None:
    assert rendered("{{ messages[-1].thinking }}{{ messages[-1].reasoning_content }}", HI, CALL) == "I must look." * 2


def test_variables() -> None:
    source = "{{ bos_token }}{{ enable_thinking }}{{ reasoning_effort }}{{ tools | length if tools else 0 }}" + PLAIN
    assert rendered(source, HI) == "<s>True0[user:Hi]>"
    tools = ({"type": "function", "function": {"name": "f"}},)
    chosen = {"enable_thinking": False, "reasoning_effort": "low"}
    assert rendered(source, RULE, HI, tools=tools, arguments=chosen).startswith("<s>Falselow1")


def test_a_request_cannot_replace_the_messages() -> None:
    assert (
        rendered(PLAIN, HI, arguments={"messages": [], "bos_token": "x", "add_generation_prompt": False})
        == "[user:Hi]>"
    )


@pytest.mark.parametrize("source", ["{% if %}", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"])
def test_one_that_cannot_be_used_is_told_at_once(source: str) -> None:
    with pytest.raises(TemplateError):
        ChatTemplate(source)


def test_one_that_takes_too_much_only_sometimes_is_told_then() -> None:
    template = ChatTemplate(PLAIN + "{% if messages | length > 2 %}{{ 'a' * 10**9 }}{% endif %}")
    with pytest.raises(TooMuchError):
        template.render(Prompt([HI, HI, HI]))
