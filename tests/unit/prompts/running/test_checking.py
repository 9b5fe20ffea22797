"""What keeps steps from being performed is told before the first is asked."""

from __future__ import annotations

import pytest

from workbench.errors import ModelError, UsageError
from workbench.prompts.prompt import Output, OutputKind, Preferences, Prompt, Step, Variable, VariableKind
from workbench.prompts.running.checking import Reference, check_line, references
from workbench.prompts.running.line import asked_of, main_variable, whole_line

CITY = Output(
    OutputKind.SCHEMA,
    {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "places": {"type": "array", "items": {"$ref": "#/$defs/place"}},
        },
        "$defs": {"place": {"type": "object", "properties": {"street": {"type": "string"}}}},
    },
)
TABLE = Output(OutputKind.TABLE, columns=("name", "price"))


def lookup(name: str) -> Prompt:
    known = {
        "summarise": Prompt(
            "Summarise", "summarise", "Sum up {{ text }}", variables=(Variable("text", VariableKind.LONG_TEXT),)
        ),
        "long": Prompt("Long", "long", steps=(Step("one", "x"), Step("two", "y"))),
        "back": Prompt("Back", "back", steps=(Step("one", prompt="it"),)),
    }
    if name not in known:
        raise UsageError(f"There is no prompt /{name}.")
    return known[name]


def told(*steps: Step) -> list[str]:
    def check_model(name: str) -> None:
        if name not in ("", "here"):
            raise ModelError(f"No model is called {name!r}.")

    found = check_line(Prompt("It", "it", steps=steps), lookup, check_model)
    return [f"{one.step}: {one.message}" for one in found]


def test_what_a_text_takes_from_steps() -> None:
    loop = "{% for x in steps.c.rows %}{{ mysteps.d }}{% endfor %}"
    text = "steps.no {{ steps.a }} {{ steps.b.items.0.name }} {{ steps.d.items[0].name | upper }}" + loop
    assert references(text) == (
        Reference("a"),
        Reference("b", ("items", 0, "name")),
        Reference("d", ("items",)),
        Reference("c", ("rows",)),
    )


def test_a_good_line_has_no_problem() -> None:
    assert not told(
        Step("extract", "Extract from {{ text }}", output=CITY),
        Step("sum", prompt="summarise"),
        Step("tell", "{{ steps.extract.name }} {{ steps.extract.places.0.street }} {{ steps.sum }}"),
        Step("list", "…", output=TABLE),
        Step("last", "{{ steps.list.0.price }}", preferences=Preferences("here")),
    )


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        ((Step("a", "{{ steps.b }}"), Step("b", "x")), "a: It takes steps.b, but the step 'b' comes later."),
        ((Step("a", "{{ steps.c }}"),), "a: It takes steps.c, but the step 'c' does not exist."),
        ((Step("a", "{{ steps.a }}"),), "a: It takes its own result, steps.a, which is not there yet."),
        ((Step("a", "x"), Step("a", "y")), "a: Two steps are called 'a'."),
        (
            (Step("1a", "x"),),
            "1a: '1a' is no name for a step: it needs a letter first, then letters, digits and underscores.",
        ),
        ((Step("a"),), "a: It has no text."),
        ((Step("a", prompt="gone"),), "a: There is no prompt /gone."),
        ((Step("a", prompt="it"),), "a: It uses the prompt /it, which it is a step of: that would never end."),
        ((Step("a", prompt="back"),), "a: It uses the prompt /back, which uses /it: that would never end."),
        (
            (Step("a", prompt="long"),),
            "a: It uses the prompt /long, which has steps itself; a step can use prompts without steps.",
        ),
        ((Step("a", "x", preferences=Preferences("none")),), "a: No model is called 'none'."),
        ((Step("a", "x", output=Output(OutputKind.TABLE)),), "a: The table needs the names of its columns."),
        ((Step("a", "x", output=Output(OutputKind.SCHEMA)),), "a: The JSON schema is missing."),
        (
            (Step("a", "x", output=Output(OutputKind.SCHEMA, {"typo": 1})),),
            "a: This JSON schema cannot be used: 'typo' is not understood here.",
        ),
        (
            (Step("a", "x"), Step("b", "{{ steps.a.items }}")),
            "b: It takes steps.a.items, but the step 'a' answers with text, which has no parts.",
        ),
        (
            (Step("a", "x", output=CITY), Step("b", "{{ steps.a.mayor }}")),
            "b: It takes steps.a.mayor, but the answer of 'a' has no 'mayor'; it has 'name', 'places'.",
        ),
        (
            (Step("a", "x", output=CITY), Step("b", "{{ steps.a.places.0.number }}")),
            "b: It takes steps.a.places.0.number, but the answer of 'a' has no 'number'; it has 'street'.",
        ),
        (
            (Step("a", "x", output=TABLE), Step("b", "{{ steps.a.price }}")),
            "b: It takes steps.a.price, but the answer of 'a' has no 'price': there it is array.",
        ),
        (
            (Step("a", "x", output=CITY), Step("b", "{{ steps.a.0 }}")),
            "b: It takes steps.a.0, but the answer of 'a' has no list at .0.",
        ),
    ],
)
def test_each_problem_is_told(steps: tuple[Step, ...], wrong: str) -> None:
    assert told(*steps) == [wrong]


def test_a_saved_prompt_is_given_what_the_step_before_answered() -> None:
    prompt = Prompt(
        "It", "it", variables=(Variable("topic"),), steps=(Step("a", "{{ topic }}"), Step("b", prompt="summarise"))
    )
    first, second = whole_line(prompt, lookup)
    assert (first.takes, second.takes, second.step.text) == ("", "text", "Sum up {{ text }}")
    assert [one.name for one in asked_of(prompt, lookup)] == ["topic"]
    alone = Prompt("It", "it", steps=(Step("b", prompt="summarise"),))
    assert [one.name for one in asked_of(alone, lookup)] == ["text"]


def test_a_text_without_a_name_fills_the_long_text_or_the_one_that_is_left() -> None:
    words, long = Variable("words"), Variable("letter", VariableKind.LONG_TEXT)
    tone = Variable("tone", default="kind")
    assert main_variable((words, long), {}) == long
    assert main_variable((words, long), {"letter": "x"}) == words
    assert main_variable((tone, words), {}) == words
    assert main_variable((tone,), {}) == tone
    assert main_variable((), {}) is None


def test_a_hostile_text_is_looked_through_at_once() -> None:
    for text in ("{{" * 2_000_000, "{{ steps.a " * 100_000, "{% for x in steps." * 50_000):
        check_line(Prompt("It", "it", text), lookup)
