"""Variables are filled in where they stand, braces that are none stay, and values are never looked into."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.cancel import CancelToken
from workbench.errors import UsageError
from workbench.prompts.filling.fill import Filler, Ground, asked, result, stable_prefix
from workbench.prompts.filling.filled import Filled
from workbench.prompts.filling.naming import uses, variable_names
from workbench.prompts.filling.parsing import MOST_CHARACTERS, MOST_TOKENS, Kind, Oddity, escaped, parse
from workbench.prompts.filling.rendering import Rendering
from workbench.prompts.filling.values import NO_SOURCES, Sources
from workbench.prompts.prompt import Prompt, Step, Variable, VariableKind

NOW = datetime(2026, 11, 23, 14, 5)  # noqa: DTZ001 - what the person's clock says


class NoJinja:
    """Plain variables never come here."""

    def render(self, rendering: Rendering, _cancel: CancelToken) -> str:
        raise AssertionError(rendering)

    def warm(self, _cancel: CancelToken) -> None:
        raise AssertionError

    def close(self) -> None: ...


def filler(sources: Sources = NO_SOURCES) -> Filler:
    return Filler(lambda: Ground(NOW, "Ada", "de_AT.UTF-8"), sources, NoJinja())


def fill(text: str, values: dict[str, str] | None = None, *variables: Variable, **more: Any) -> Filled:
    prompt = Prompt("Title", "title", text, more.get("system", ""), variables)
    return filler(more.get("sources", NO_SOURCES)).fill(prompt, values or {}, CancelToken(), more.get("steps"))


def test_variables_are_filled_in_and_told_where() -> None:
    filled = fill("Hi {{ name }}, {{name}}!", {"name": "Zoë"}, system="For {{ name }}")
    assert (filled.text, filled.system) == ("Hi Zoë, Zoë!", "For Zoë")
    whole = {"text": filled.text, "system": filled.system}
    assert [(one.part.value, whole[one.part][one.start : one.end]) for one in filled.stretches] == [
        ("system", "Zoë"),
        ("text", "Zoë"),
        ("text", "Zoë"),
    ]


@pytest.mark.parametrize("value", ["{{ name }}", "{% if x %}", "{{ '{{' }}", "{{ ''.__class__ }}", "{# x #}"])
def test_values_are_data(value: str) -> None:
    assert fill("<{{ name }}>{{ other }}", {"name": value, "other": "{{ name }}"}).text == f"<{value}>{{{{ name }}}}"


@pytest.mark.parametrize(
    "text",
    [
        '{"a": {"b": 1}}',
        r"\newcommand{\f}[1]{#1} \frac{a}{b}} {#1}{#2} {%",
        "{{#if a}}x{{/if}} {{> partial}} {{your name}} {{ a, b }}",
        "{% assign x = 1 %}{{ x",
        "{{ else }}{{ true }}{% endraw %}",
        "{{}} {{ }} {",
    ],
)
def test_braces_that_are_no_variables_stay(text: str) -> None:
    assert fill(text).text == text
    assert fill(text + "{{ name }}", {"name": "x"}).text == text + "x"


def test_a_variable_may_stand_in_braces() -> None:
    assert fill('{"name": {{ name }}} \\textbf{{{name}}}', {"name": "7"}).text == '{"name": 7} \\textbf{7}'


def test_braces_are_written_in_quotes_or_raw() -> None:
    text = "{{ '{{' }} name {{ \"}}\" }}{% raw %}{{ name }}{% if %}{% endraw %}{# not said #}"
    assert fill(text).text == "{{ name }}{{ name }}{% if %}"


def test_names_of_any_script() -> None:
    assert fill("{{ имя }} {{ 名 }}", {"имя": "a", "名": "b"}).text == "a b"


def test_what_is_missing_is_told_by_its_label_and_stays() -> None:
    who = Variable("who", label="Who is it for?")
    optional = Variable("tone", required=False)
    filled = fill("{{ who }}{{ tone }} {{ what }}", {}, who, optional)
    assert (filled.text, [one.name for one in filled.missing]) == ("{{ who }} {{ what }}", ["who", "what"])
    with pytest.raises(UsageError, match=r"“Who is it for\?”, “what”"):
        filled.whole()


def test_an_empty_value_is_not_the_default() -> None:
    tone = Variable("tone", default="kind", required=False)
    assert fill("<{{ tone }}>", {}, tone).text == "<kind>"
    assert fill("<{{ tone }}>", {"tone": ""}, tone).text == "<>"


def test_what_every_prompt_may_use() -> None:
    text = "{{ date }} {{ time }} {{ weekday }} {{ year }} {{ user_name }} {{ language }} {{ clipboard }}"
    filled = fill(text, sources=Sources(clipboard=lambda: "copied"))
    assert filled.text == "2026-11-23 14:05 Monday 2026 Ada German copied"
    assert not filled.missing
    assert fill("{{ date }}", {"date": "mine"}, Variable("date")).text == "mine"
    assert fill("{{ clipboard }}", {"clipboard": "theirs"}).text == "theirs"
    assert not fill("{{ clipboard }}").missing
    mail = Variable("mail", VariableKind.CLIPBOARD)
    assert fill("{{ mail }}", {"clipboard": "theirs"}, mail).text == "theirs"


def test_results_of_steps() -> None:
    steps = {"extract": {"items": [{"name": "a"}, "б"], "none": None}, "first": "words"}
    assert fill("{{ steps.first }}: {{ steps.extract.items.0.name }}", steps=steps).text == "words: a"
    assert fill("{{ steps.extract.items }}", steps=steps).text == '[{"name": "a"}, "б"]'
    assert fill("{{ steps.first }}").text == "{{ steps.first }}"
    with pytest.raises(UsageError, match=r"no result “steps\.extract\.gone”") as told:
        result(steps, "extract.gone")
    assert told.value.hint == "There is: items, none."


def test_what_a_form_asks_for() -> None:
    steps = (
        Step("one", "{{ mail }} {{ date }}"),
        Step("two", "{% for x in lines %}{{ x }}{{ steps.one }}{% endfor %}"),
    )
    declared = Variable("tone", VariableKind.CHOICE, choices=("kind",))
    prompt = Prompt("Title", "title", variables=(declared,), steps=steps)
    assert asked(prompt) == (declared, Variable("mail"), Variable("lines"))


def test_what_a_condition_asks_for_may_stay_empty() -> None:
    text = "{% if tone %}{{ tone }}{% elif kind is defined %}{% endif %}{{ topic }}"
    assert [(one.name, one.required) for one in asked(Prompt("T", "t", text))] == [
        ("tone", False),
        ("kind", False),
        ("topic", True),
    ]


def test_names_in_code() -> None:
    template = parse("{{ a | join(b) }}{% set c = d %}{{ c }}{{ e is f }}{{ g(h=i) }}{{ j.k }}{{ steps.l.m[0] }}")
    assert variable_names(template) == ("a", "b", "d", "e", "g", "i", "j")
    assert [one.name for one in uses(template).filters] == ["join"]
    assert [one.name for one in uses(template).tests] == ["f"]
    assert [one.name for one in uses(template).steps] == ["l.m"]


def test_the_stable_prefix() -> None:
    assert stable_prefix(Prompt("T", "t", "Say {{ x }}", "Be kind.")) == ("Be kind.", "Say ")
    assert stable_prefix(Prompt("T", "t", "Say {{ x }}", "On {{ date }}")) == ("On ", "")
    assert stable_prefix(Prompt("T", "t", "Say  {%- if x %}{% endif %}")) == ("", "Say")
    assert stable_prefix(Prompt("T", "t", "{{ '{{' }}{% raw %}{{ x }}{% endraw %}")) == ("", "{{{{ x }}")


def test_what_looks_meant_is_told() -> None:
    told = parse("{{ name\n {{your name}} {% assign x %} {% if x").odd
    assert [one.why for one in told] == [Oddity.OPEN, Oddity.OTHER, Oddity.TAG, Oddity.OPEN]


@pytest.mark.parametrize(
    "piece", ["{{ ", "{% if '", "{{ '", "{# ", "{{ a + ", "{% raw %}", "{{ a|b }}", "{{ (", "{{ a["]
)
def test_texts_that_are_no_prompts_are_not_looked_into(piece: str) -> None:
    template = parse(piece * 5_001)
    assert template.too_long
    with pytest.raises(UsageError, match="too long"):
        fill(piece * 5_001)


def test_lengths_that_are_no_prompts() -> None:
    assert parse("x" * (MOST_CHARACTERS + 1)).too_long
    assert parse("{{ x" + " ~ x" * MOST_TOKENS + " }}").too_long
    assert parse("{% if x" + " or x" * MOST_TOKENS + " %}").too_long
    assert parse("{% if x" + " or x" * (MOST_TOKENS // 2 - 2) + " %}").needs_jinja


WORDS = st.text(st.sampled_from("{}%#'\"ab |.()[-\n\\") | st.characters(), max_size=60)


@given(WORDS)
def test_the_pieces_are_the_text(text: str) -> None:
    template = parse(text)
    assert "".join(text[one.start : one.end] for one in template.segments) == text
    if all(one.kind is Kind.TEXT for one in template.segments):
        assert fill(text).text == text


@given(WORDS, WORDS)
def test_what_is_escaped_comes_out_as_it_was(text: str, value: str) -> None:
    assert fill(escaped(text)).text == text
    assert fill(escaped(text) + "{{ name }}", {"name": f"!{value}"}).text == f"{text}!{value}"


def test_a_text_cut_anywhere_is_read() -> None:
    text = "{% if a is not none and b[1:] %}{{ steps.x.y }}{{ c | d('\\'') }}{% raw %}{{{% endraw %}{# x #}{{ '{{' }}{{ ü }"
    for cut in range(len(text) + 1):
        assert "".join(text[:cut][one.start : one.end] for one in parse(text[:cut]).segments) == text[:cut]
        uses(parse(text[:cut]))
