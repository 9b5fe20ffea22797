"""Conditions and loops, by a real child: templates hurt nobody but themselves, and the next one is rendered."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.cancel import CancelToken
from workbench.errors import Cancelled, UsageError
from workbench.prompts.filling import rendering as words
from workbench.prompts.filling.fill import Filler, Ground
from workbench.prompts.filling.naming import uses
from workbench.prompts.filling.parsing import escaped, jinja_source, parse
from workbench.prompts.filling.problems import FILTERS
from workbench.prompts.filling.rendering import BOUNDS, Rendering
from workbench.prompts.filling.values import NO_SOURCES
from workbench.prompts.filling.worker import Renderer
from workbench.prompts.prompt import Prompt, Variable, VariableKind

pytestmark = pytest.mark.keeps_children  # one child for all of them

NUMBER = VariableKind.NUMBER
linux = pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory is Linux's")


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    made = Renderer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def filler(renderer: Renderer) -> Filler:
    return Filler(lambda: Ground(datetime(2026, 11, 23, 14, 5, tzinfo=UTC), "Ada", "de"), NO_SOURCES, renderer)


def prompt(text: str, *variables: Variable) -> Prompt:
    return Prompt("Title", "title", text, "", variables)


def fill(
    filler: Filler, text: str, values: Mapping[str, str] | None = None, *variables: Variable, steps: Any = None
) -> str:
    return filler.fill(prompt(text, *variables), values or {}, CancelToken(), steps).text


def rendered(renderer: Renderer, text: str, **values: object) -> str:
    return renderer.render(Rendering(parse(text), jinja_source(parse(text)), values, {}), CancelToken())


def refused(renderer: Renderer, text: str, **values: object) -> str:
    """What is told, in one sentence."""
    with pytest.raises(UsageError) as told:
        rendered(renderer, text, **values)
    assert told.value.message.endswith(".")
    assert "\n" not in told.value.message
    return told.value.message


def outcome(renderer: Renderer, text: str) -> str:
    """What comes out, or what is told."""
    try:
        return rendered(renderer, text)
    except UsageError as told:
        return told.message


def test_conditions_and_loops(filler: Filler) -> None:
    text = "{% if tone %}In a {{ tone }} tone.{% endif %}"
    text += "{% for one in lines.splitlines() %} {{ loop.index }}:{{ one }}{% endfor %}"
    assert fill(filler, text, {"tone": "kind", "lines": "a\nb"}) == "In a kind tone. 1:a 2:b"
    assert fill(filler, text, {"lines": "a"}) == " 1:a"


def test_numbers_are_numbers(filler: Filler) -> None:
    count = Variable("count", NUMBER)
    assert fill(filler, "{% if count > 3 %}{{ count }}{% endif %}", {"count": "1 234,50"}, count) == "1234.5"
    assert fill(filler, "{{ count }}", {"count": "1 234,50"}, count) == "1234.5"


def test_results_of_steps_are_what_they_are_in_plain_texts(filler: Filler) -> None:
    steps = {"extract": {"items": ["a", "ü"], "keys": True}, "first": "words", "none": None}
    text = "{{ steps.extract.items }} {{ steps.extract.keys }} {{ steps.first }} {{ steps.none }}"
    assert fill(filler, text + "{% if 1 %}{% endif %}", steps=steps) == fill(filler, text, steps=steps)
    assert fill(filler, "{% for x in steps.extract.items %}{{ x }}{% endfor %}", steps=steps) == "aü"
    assert (
        fill(filler, "{% for k, v in steps.extract.items() %}{{ k }}{% endfor %}", steps={"extract": {"a": 1}}) == "a"
    )
    with pytest.raises(UsageError, match="known only when the prompt runs"):
        fill(filler, "{{ steps.extract | length }}")
    with pytest.raises(UsageError, match="no attribute 'gone'"):
        fill(filler, "{{ steps.extract.gone | upper }}", steps=steps)


@pytest.mark.parametrize(
    "value", ["{{ name }}", "{% if x %}", "{{ ''.__class__ }}", "{#", "\ud800", "a\0b", "<b>&amp;", "\r\n"]
)
def test_values_are_data(filler: Filler, value: str) -> None:
    text = "{% if name %}<{{ name }}>{% endif %}{{ name | upper | lower | replace('{', '{') }}"
    assert fill(filler, text, {"name": f"a{value}"}).startswith(f"<a{value}>")


def test_what_is_missing_stays(filler: Filler) -> None:
    filled = filler.fill(
        prompt("{{ name }}{% if count < 5 %}!{% endif %}", Variable("count", NUMBER)), {}, CancelToken()
    )
    assert (filled.text, [one.name for one in filled.missing]) == ("{{ name }}!", ["name", "count"])


def test_windows_line_ends_stay(filler: Filler) -> None:
    assert fill(filler, "a\r\n{% if 1 %}b\r\n{% endif %}c\r\n") == "a\r\nb\r\nc\r\n"
    assert fill(filler, "a\n{% if 1 %}b\n{% endif %}c\n") == "a\nb\nc\n"


def test_braces_that_are_words_stay_beside_code(filler: Filler) -> None:
    words = '{"a": {"b": 1}} {{#if x}} {{your name}} {{{ \\f{{}} {#1} {%x'
    assert fill(filler, words + "{% if 1 %}{% endif %}") == words
    assert fill(filler, "{{{ 'a' | upper }}}{% raw %}{{ x }}{% endraw %}{{ '{{' }}{# x #}") == "{A}{{ x }}{{"


def test_every_filter_works_after_the_doors_were_closed(renderer: Renderer) -> None:
    for name in sorted(FILTERS):
        for value in ("'a b'", "[{'a': 1}]", "2"):
            assert "open or import" not in outcome(renderer, f"{{{{ {value} | {name} }}}}"), name


# Templates of strangers -----------------------------------------------------------------------------------------------

WALKS = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ x.__init__.__globals__ }}",
    "{{ self.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ range.__class__.__base__ }}",
    "{{ '{0.__class__}'.format(1) }}",
    "{% set f = '{x.__class__}'.format_map({'x': 1}) %}{{ f }}",
    "{{ ''|attr('__class__') }}",
    "{{ ''['__class__'] | upper }}",
    "{{ (x|attr('__add__')).__self__ }}",
    "{% set a = x.upper %}{{ a.__self__.__class__ }}",
    "{{ lipsum.__globals__['os'] }}",
    "{{ cycler.__init__ }}",
    "{{ joiner('a').__init__ }}",
    "{{ dict.fromkeys.__func__ }}",
    "{{ [].append(1) }}",
    "{% set l = [1] %}{{ l.clear() }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ config | upper }}",
]
BOMBS = [
    "{{ 'a' * 10**9 }}",
    "{{ 10**9 * 'a' }}",
    "{{ [1] * 10**9 }}",
    "{{ 9**9**9 }}",
    "{{ 'a'.ljust(10**9) }}",
    "{{ 'a'.ljust(10**8) | length }}",
    "{{ ('%100000000d' | format(1)) | length }}",
    "{{ 'a' | center(10**9) }}",
    "{{ '%1000000000d' | format(1) }}",
    "{{ '{:>1000000000}'.format(1) }}",
    "{{ 'a' | indent(10**9) }}",
    "{% for i in range(10**9) %}{% endfor %}",
    "{% for i in range(99999) %}aaaaaaaaaaaaaaaa{% endfor %}",
    "{% set n = namespace(x='a') %}{% for i in range(40) %}{% set n.x = n.x ~ n.x %}{% endfor %}{{ n.x }}",
    "{% macro f(n) %}{{ f(n) }}{% endmacro %}{{ f(1) }}",
    "{{ " + "(" * 4_000 + "1" + ")" * 4_000 + " | upper }}",
    "{{ " + "[" * 4_000 + "]" * 4_000 + " | upper }}",
    "{{ " + "not " * 8_000 + "x }}",
    "{{ x" + " ~ x" * 9_000 + " }}",
    "{% for i in range(2) %}" * 30 + "{% endfor %}" * 30,
    "{{ x | join }}" * 4_900,
]
ENDLESS = [
    "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "{% for i in range(999) %}{{ ('a ' * 9999) | wordwrap(1) | length }}{% endfor %}",
]
WRONG = [
    "{% if %}",
    "{% if 1 %}",
    "{{ x | nothing }}",
    "{% include 'a' %}",
    "{% import 'a' as b %}",
    "{% extends 'a' %}",
    "{{ 1 / 0 }}",
]


@pytest.mark.parametrize("text", [*WALKS, *WRONG])
def test_walks_and_mistakes_are_refused(renderer: Renderer, text: str) -> None:
    assert "The prompt cannot be filled in" in refused(renderer, text, x="v")
    assert rendered(renderer, "{{ x | upper }}", x="v") == "V"


@linux
@pytest.mark.parametrize("text", BOMBS)
def test_bombs_are_refused(renderer: Renderer, text: str) -> None:
    before = psutil.Process().memory_info().rss
    assert "The prompt cannot be filled in" in refused(renderer, text, x="v")
    assert psutil.Process().memory_info().rss - before < 30 << 20
    assert rendered(renderer, "{{ x | upper }}", x="v") == "V"


def test_more_conditions_than_a_prompt_may_have(filler: Filler) -> None:
    with pytest.raises(UsageError, match="too long"):
        filler.fill(prompt("{% if 1 %}" * 3_000 + "{% endif %}" * 3_000), {}, CancelToken())


@pytest.mark.parametrize("text", ENDLESS)
def test_what_takes_longer_than_a_second_is_ended(renderer: Renderer, text: str) -> None:
    assert refused(renderer, text, x="v").endswith("it takes longer than 1 s.")
    assert rendered(renderer, "{{ x | upper }}", x="v") == "V"


def test_the_place_of_a_mistake(renderer: Renderer) -> None:
    assert "(line 3)" in refused(renderer, "a\n{% if x %}\n{{ x.gone | upper }}\n{% endif %}", x="v")
    template = parse("a\n{% if x %}{{ x }}\nb")
    assert words.place_of(template, 2) == (2, 12)
    assert words.place_of(template, 99) == (20, 21)


def test_what_only_the_engine_can_tell(filler: Filler) -> None:
    (found,) = filler.syntax_problems(prompt("a\n{{ name | upper( }}{% if not %}{% endif %}\n"), CancelToken())
    assert (found.part, found.start, found.severe) == ("text", found.start, True)
    assert not filler.syntax_problems(prompt("{{ name | upper }}{{ x.y }}"), CancelToken())


def test_too_much_to_send(renderer: Renderer) -> None:
    assert "too long for a prompt" in refused(renderer, "{{ x | upper }}", x="a" * BOUNDS.order_bytes)


def test_cancelling_ends_it(renderer: Renderer) -> None:
    cancel = CancelToken()
    threading.Timer(0.1, cancel.cancel).start()
    template = parse(ENDLESS[0])
    with pytest.raises(Cancelled):
        renderer.render(Rendering(template, jinja_source(template), {}, {}), cancel)
    assert rendered(renderer, "{{ x | upper }}", x="v") == "V"


def test_one_child_renders_many_and_a_new_one_comes_after_a_death(renderer: Renderer) -> None:
    rendered(renderer, "{{ 1 | abs }}")
    assert renderer._child is not None
    first = renderer._child._process.pid
    for number in range(50):
        assert rendered(renderer, "{{ x | abs }}", x=number) == str(number)
    assert renderer._child._process.pid == first
    renderer._child.kill()  # as one that waited too long ends by itself
    assert rendered(renderer, "{{ x | upper }}", x="v") == "V"
    assert renderer._child._process.pid != first


def test_the_child_can_open_nothing(renderer: Renderer) -> None:
    assert "may not open or import anything" in refused(renderer, "{{ x.encode('cp037') }}", x="v")
    rendered(renderer, "{{ 1 | abs }}")
    assert renderer._child is not None
    process = psutil.Process(renderer._child._process.pid)
    assert not process.net_connections()
    assert all("/proc/" in one.path for one in process.open_files())


def test_it_ends_with_its_renderer() -> None:
    made = Renderer()
    made.warm(CancelToken())
    assert made._child is not None
    child = psutil.Process(made._child._process.pid)
    made.close()
    assert not child.is_running()
    with pytest.raises(Cancelled):
        made.warm(CancelToken())


# What goes to and fro --------------------------------------------------------------------------------------------------


ANSWERS = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["text", "error", "line"]), inner),
    max_leaves=5,
)


@given(st.binary(max_size=200) | ANSWERS.map(lambda value: json.dumps(value).encode()))
def test_a_child_that_lies_is_told(said: bytes) -> None:
    with suppress(UsageError):
        assert isinstance(words.rendered(said, parse("{{ x | y }}")), str)


@pytest.mark.parametrize("said", [b"[" * 100_000, b'{"text": ' * 50_000, b'{"error": "x", "line": 1e999}'])
def test_an_answer_that_is_a_bomb(said: bytes) -> None:
    with pytest.raises(UsageError, match="cut off"):
        words.rendered(said, parse(""))


PIECES = "{{ x }} {{x|upper}} {%if+x%} {%endif%} {%for+i+in+x%} {%endfor%} {{i}} {{ }} {% %} {# #} {%raw%} {%endraw%}"
CODE = st.lists(
    st.sampled_from(
        [*(one.replace("+", " ") for one in PIECES.split()), "{{ '{{' }}", "'", "(", "|", ".", "\n", "{{ x["]
    )
    | st.text(max_size=5),
    max_size=12,
).map("".join)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CODE, st.text(max_size=10))
def test_any_text_is_rendered_or_refused(filler: Filler, text: str, value: str) -> None:
    with suppress(UsageError):
        fill(filler, text, {one.name: value for one in uses(parse(text)).variables})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from("{}%#'\" x\n") | st.characters(exclude_characters="\r"), max_size=40))
def test_what_is_escaped_comes_out_as_it_was(filler: Filler, text: str) -> None:
    assert fill(filler, escaped(text) + "{% if 1 %}{% endif %}") == text
