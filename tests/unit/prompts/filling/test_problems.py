"""What is wrong with a prompt is told where it is, in words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.prompts.filling import engine
from workbench.prompts.filling.parsing import MOST_CHARACTERS
from workbench.prompts.filling.problems import FILTERS, MOST, TESTS, Problem, Room, problems
from workbench.prompts.prompt import Output, OutputKind, Prompt, Step, Variable, VariableKind

TODAY = date(2026, 11, 23)
CHOICE, NUMBER, DATE = VariableKind.CHOICE, VariableKind.NUMBER, VariableKind.DATE


def told(prompt: Prompt, room: Room | None = None) -> tuple[Problem, ...]:
    return problems(prompt, TODAY, room)


def of(text: str, *variables: Variable) -> list[tuple[str, bool, str]]:
    """The characters, whether it is severe, and what is said."""
    return [(text[one.start : one.end], one.severe, one.message) for one in told(Prompt("T", "t", text, "", variables))]


def only(text: str, *variables: Variable) -> tuple[str, bool, str]:
    (found,) = of(text, *variables)
    return found


NAME, TONE = Variable("name"), Variable("tone")


def test_a_sound_prompt_has_none() -> None:
    text = "{% if tone %}{{ name | upper }} on {{ date }}{% else %}-{% endif %}"
    assert of(text + "{{ '{{' }}{# x #}{% raw %}{{ z }}{% endraw %}", NAME, TONE) == []
    assert of('{"a": {"b": 1}} \\frac{a}{b} {#1}') == []


def test_unknown_names() -> None:
    assert only("{{ nmae }} {{ name }}", NAME) == ("nmae", False, "nmae is not among its variables: did you mean name?")
    assert only("{{ other }}")[2].endswith("it is asked for as a text.")
    assert only("{{ clipbord }}")[2].endswith("did you mean clipboard?")


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("a {{ your name }}", "{{ your name }}", "is no variable and stays"),
        ("a {{ x", "{{", "Nothing closes"),
        ("{{#if x}}", "{{#if x}}", "is no variable"),
        ("{% assign x = 1 %}", "{% assign", "is not known here"),
        ("{% if x", "{% if", "Nothing closes"),
    ],
)
def test_braces_that_look_meant(text: str, place: str, says: str) -> None:
    where, severe, message = only(text)
    assert (where, severe) == (place, False)
    assert says in message


@pytest.mark.parametrize("written", ["{name}", "{{ name }", "{ name }}"])
def test_braces_that_are_almost_right(written: str) -> None:
    found = of(f"{written}\n{{{{ name }}}}", NAME)
    assert len(found) == 1
    assert "stays as it is" in found[0][2]


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("{{ name | uper }}", "uper", "no filter uper. Did you mean upper?"),
        ("{{ name is evn }}", "evn", "no test evn. Did you mean even?"),
        ("{% if name %}", "{% if name %}", "No {% endif %} closes this."),
        ("{{ name }}{% endfor %}", "{% endfor %}", "closes nothing"),
        ("{{ name }}{% else %}", "{% else %}", "outside of a condition"),
        ("{{ name }}{% include 'a' %}", "{% include 'a' %}", "stands by itself"),
        ("{{ name }}{{ steps.one }}", "steps.one", "No step comes before this."),
    ],
)
def test_what_cannot_be_rendered(text: str, place: str, says: str) -> None:
    where, severe, message = only(text, NAME)
    assert (where, severe) == (place, True)
    assert says in message


@pytest.mark.parametrize(
    ("variable", "says"),
    [
        (Variable("x", CHOICE), "“x” has no choices."),
        (Variable("x", CHOICE, default="c", choices=("a", "b")), "The default of “x” has no choice 'c'."),
        (Variable("x", NUMBER, "Size", default="big"), "The default of “Size” is no number: 'big'."),
        (Variable("x", DATE, default="soon"), "The default of “x” is no date: 'soon'."),
        (Variable("x", VariableKind.FOLDER_SEARCH), "“x” does not say which folder it searches."),
    ],
)
def test_variables(variable: Variable, says: str) -> None:
    assert [(one.part, one.severe, one.message) for one in told(Prompt("T", "t", "{{ x }}", "", (variable,)))] == [
        ("variables.1", True, says)
    ]


def test_names_of_variables() -> None:
    variables = (Variable("a b"), Variable("steps"), Variable("x"), Variable("x"), Variable("unused"))
    found = told(Prompt("T", "t", "{{ x }}", "", variables))
    assert [(one.part, one.message.split(":")[0]) for one in found] == [
        ("variables.1", "“a b” is no name"),
        ("variables.2", "“steps” cannot be a variable's name"),
        ("variables.3", "There are 2 variables x."),
        ("variables.4", "There are 2 variables x."),
        ("variables.2", "“steps” is not used"),
        ("variables.5", "“unused” is not used"),
    ]


def test_steps() -> None:
    schema = Output(OutputKind.SCHEMA, {"type": "nothing"})
    steps = (
        Step("one", "{{ steps.two }}"),
        Step("two", "{{ steps.one.a }}", output=schema),
        Step("two", "a"),
        Step("a b", "c"),
    )
    found = {(one.part, one.severe): one.message for one in told(Prompt("T", "t", steps=steps))}
    assert found["steps.1.text", True].endswith("has no earlier step “two”. No step comes before this.")
    assert found["steps.2.name", True] == "2 steps are called “two”."
    assert "steps.2.output" in {part for part, _severe in found}
    assert "is no name for a step" in found["steps.4.name", True]


def test_a_variable_may_be_used_by_a_prompt_that_a_step_names() -> None:
    assert not told(Prompt("T", "t", variables=(NAME,), steps=(Step("one", prompt="other"),)))


def test_too_long_for_the_model() -> None:
    room = Room(10, lambda text: len(text.split()))
    assert not told(Prompt("T", "t", "words " * 5, "words " * 4), room)
    (found,) = told(Prompt("T", "t", "words " * 5, "words " * 5), room)
    assert (found.part, found.severe) == ("text", True)
    assert found.message == "It takes 10 tokens; the model's context has 10."


def test_too_long_for_a_prompt() -> None:
    assert "too long" in only("{{ x }}" * (MOST_CHARACTERS // 7 + 1))[2]


def test_no_more_than_a_hundred() -> None:
    assert len(of("{{ x }}{{ y | z }}{{ a b }}" * 1_500)) == MOST


def test_the_names_are_those_of_the_engine() -> None:
    assert engine.filters() == FILTERS
    assert {one for one in engine.tests() if one.isidentifier()} == TESTS


TEXTS = st.text(st.sampled_from("{}%#'\"ab |.()[-\n") | st.characters(), max_size=60)


@given(TEXTS, TEXTS, TEXTS)
def test_nothing_that_is_written_breaks_it(text: str, name: str, default: str) -> None:
    variables = tuple(Variable(name, kind, default=default, choices=(default,)) for kind in VariableKind)
    steps = (Step(name, text, default), Step(name, default))
    for prompt in (Prompt("T", "t", text, default, variables), Prompt("T", "t", "", "", variables, steps=steps)):
        assert all(0 <= one.start <= one.end <= max(len(text), len(default)) for one in told(prompt))
