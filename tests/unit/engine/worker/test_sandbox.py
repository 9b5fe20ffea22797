"""Templates from strangers: none reads anything, none runs for long, none takes much memory, and each ends in words."""

from __future__ import annotations

import resource
from typing import Any

import pytest

from workbench.engine.worker import sandbox
from workbench.engine.worker.sandbox import RefusedError, TemplateError, TooMuchError, compile_template

pytestmark = pytest.mark.usefixtures("jinja")

_DOUBLING = "{%% set ns = namespace(x=%s) %%}{%% for i in range(60) %%}%s{%% endfor %%}"
_LONG = "{% set x = 'a' * 1000000 %}"

TOO_MUCH = {
    "macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "macro that calls itself twice": (
        "{% macro d(n) %}{% if n %}{{ d(n-1) }}{{ d(n-1) }}{% else %}x{% endif %}{% endmacro %}{{ d(40) }}"
    ),
    "range": "{% for i in range(10**9) %}x{% endfor %}",
    "loops in loops": "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "output": "{% for i in range(99999) %}{% for j in range(99999) %}xxxxxxxxxx{% endfor %}{% endfor %}",
    "text times a number": "{{ 'a' * 10**9 }}",
    "a number times a list": "{{ 10**9 * [1] }}",
    "power": "{{ 10 ** (10 ** 10) }}",
    "product": "{% set ns = namespace(x=3) %}{% for i in range(99999) %}{% set ns.x = ns.x * ns.x %}{% endfor %}",
    "percent": "{{ '%999999999d' % 1 }}",
    "percent star": "{{ '%*d' % (999999999, 1) }}",
    "tilde": _DOUBLING % ("'aaaaaaaa'", "{% set ns.x = ns.x ~ ns.x %}"),
    "plus": _DOUBLING % ("'aaaaaaaa'", "{% set ns.x = ns.x + ns.x %}"),
    "lists": _DOUBLING % ("[1, 2, 3]", "{% set ns.x = ns.x + ns.x %}"),
    "block": _DOUBLING % ("'aaaaaaaa'", "{% set ns.x %}{{ ns.x }}{{ ns.x }}{% endset %}"),
    "replace method": _LONG + "{{ x.replace('a', x) }}",
    "replace filter": _LONG + "{{ x | replace('a', x) }}",
    "join method": _LONG + "{{ x.join([x] * 100000) }}",
    "join filter": _LONG + "{{ ([x] * 100000) | join(x) }}",
    "json": "{{ [1] | tojson(indent=1000000000) }}",
    "date": "{{ strftime_now('%999999999d') }}",
    "long source": "x" * (2 << 20),
    "brackets": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "nested blocks": "{% if 1 %}" * 3000 + "{% endif %}" * 3000,
}

FORBIDDEN = {
    "class": "{{ ''.__class__.__mro__ }}",
    "globals of a function": "{{ raise_exception.__globals__['x'] }}",
    "attr filter": "{{ '' | attr('__class__') }}",
    "map to attribute": "{{ [''] | map(attribute='__class__') | list | join | length / 0 }}",
    "format": "{{ '{0.__class__}'.format(1) }}",
    "format of a width": "{{ '{:999999999}'.format(1) }}",
    "padding": "{{ 'a'.ljust(1000000000) }}",
    "center": "{{ 'a' | center(1000000000) }}",
    "file": "{% include '/etc/passwd' %}",
    "import": "{% import 'os' as os %}{{ os }}",
    "list changed": "{{ [].append(1) }}",
    "lorem ipsum": "{{ lipsum(n=100000) }}",
    "self": "{{ self.__init__.__globals__ }}",
    "syntax": "{% if %}",
}


def run(source: str, **variables: Any) -> str:
    return compile_template(source)(variables)


@pytest.mark.parametrize("source", TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_too_much_ends_in_words_and_takes_little(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", 1.0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(TooMuchError) as raised:
        run(source)
    assert str(raised.value)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 << 10  # KiB


@pytest.mark.parametrize("source", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_what_is_not_for_templates(source: str) -> None:
    with pytest.raises(TemplateError):
        run(source)


def test_the_time_limit_strikes_only_inside() -> None:
    with pytest.raises(TooMuchError, match="has not ended"), sandbox._plain_errors(), sandbox.time_limit(0.05):
        while True:
            pass
    sum(range(1_000_000))  # nothing comes afterwards


def test_a_template_may_refuse() -> None:
    with pytest.raises(RefusedError, match="only turns"):
        run("{{ raise_exception('only turns') }}")


def test_what_templates_expect() -> None:
    assert run("{{ {'a': 'é<', 'b': [1, true, none]} | tojson }}") == '{"a": "é<", "b": [1, true, null]}'
    assert run("{{ [1, 2] | tojson(indent=2) }}") == "[\n  1,\n  2\n]"
    assert run("{{ strftime_now('%Y') }}").startswith("20")
    assert run("{% for m in l %}{% if m == 2 %}{% continue %}{% endif %}{{ m }}{% endfor %}", l=[1, 2, 3]) == "13"
    assert run("{% generation %}{{ 'x' }}{% endgeneration %}") == "x"
    assert run("{{ 'a,b'.split(',') | join('-') }} {{ ', '.join(['x', 'y']) }}") == "a-b x, y"
    assert run("{{ 'aXbX'.replace('X', '', 1) }}{{ 'aXbX' | replace('X', '') }}") == "abXab"
    assert run("{{ l | map(attribute='n') | join(', ') }}", l=[{"n": "a"}, {"n": "b"}]) == "a, b"
    assert run("{{ l | join(', ', attribute='n') }}", l=[{"n": "a"}, {"n": "b"}]) == "a, b"
    assert run("{{ 'a\nb' | indent(2) }}|{{ 'a\nb' | indent(2, first=true) }}") == "a\n  b|  a\n  b"
    assert (
        run("{% set ns = namespace(n=0) %}{% for i in range(3) %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}")
        == "3"
    )
