"""Rules files: read, told what is wrong in them, and which rule holds."""

from __future__ import annotations

import string
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.messages import Effort, user
from workbench.paths import asset
from workbench.routing.facts import Facts, Task, facts_of
from workbench.routing.models import Local, Model, choice_of, nearest
from workbench.routing.reading import Read, read
from workbench.routing.rules import BOUNDS, FLAGS, OTHERWISE, Rule, Rules, Then, Use, When, because, decided

FILE = Path("routing.toml")
SHIPPED = read(asset("routing/rules.toml").read_text(encoding="utf-8"), FILE).over(Rules())
GPT = Model("gpt-oss-20b", "gpt-oss-20b", (Effort.LOW, Effort.MEDIUM, Effort.HIGH))
SMALL = Model("small", "Small 4B", (Effort.OFF, Effort.ON))


def notices(text: str) -> list[str]:
    return [str(one) for one in read(text, FILE).notices]


def test_the_rules_of_the_program_are_sound() -> None:
    told = read(asset("routing/rules.toml").read_text(encoding="utf-8"), FILE)
    assert told.notices == ()
    assert told.rules is not None
    assert len(told.rules) >= 10


@pytest.mark.parametrize(
    ("question", "rule", "use"),
    [
        ("Hi there!", "", Use.FAST),
        ("Write a Python function that sorts a list.", "code", Use.DEEP),
        ("Solve 3x + 7 = 22 for x.", "maths", Use.DEEP),
        ("Plan a trip to Lisbon.", "planning", Use.DEEP),
        ("Translate this to German: I am here.", "work on a text", Use.FAST),
        ("What is the weather in Berlin today?", "fresh facts", Use.PROPOSE),
        ("Fix this code:\n" + "def f(x):\n    return x + 1\n" * 900, "long code", Use.PROPOSE),
    ],
)
def test_what_they_decide(question: str, rule: str, use: Use) -> None:
    found = decided(SHIPPED, facts_of(user(question)))
    assert (found.name, found.then.use) == (rule, use)


def test_nothing_private_is_ever_proposed() -> None:
    for task in Task:
        facts = Facts(task=task, code=True, fresh=True, question_tokens=9999, private=True)
        for rule in SHIPPED.rules:
            assert not choice_of(rule, SHIPPED, facts, Local(GPT, GPT)).propose


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rule = 3", "routing.toml, line 1: a rule begins with [[rule]]"),
        ("[[rule]\n", "routing.toml, line 1: this is not valid TOML"),
        ('a = 1\n[modles]\nfast = ""', "line 2: unknown key 'modles' (did you mean 'models'?)"),
        ('[[rule]]\nname = "x"\nwhen = { cod = true }\nthen = {}', "line 3: unknown key 'cod' (did you mean 'code'?)"),
        ('[[rule]]\nname = "x"\n[rule.when]\ncode = 1\n[rule.then]', "line 4: code must be true or false, not 1; rule 'x'"),
        ('[[rule]]\nname = "x"\nthen = { use = "depp" }', "line 3: use must be one of fast, deep, propose, not 'depp'"),
        ('[[rule]]\nname = "x"\nthen = { use = "deep", effort = "hihg" }', "(did you mean 'high'?)"),
        ('[[rule]]\nthen = {}\n\n[[rule]]\nname = "y"', "line 1: name must be a few words"),
        ('[[rule]]\nname = "a"\nthen={}\n\n[[rule]]\nname = "y"', "line 5: then is missing"),
        ('[[rule]]\nname = "a"\nwhen = { question_at_least = -1 }\nthen={}', "must be a whole number from 0 to 1,048,576"),
        ('[[rule]]\nname = "a"\nwhen = { task = ["code", "cooking"] }\nthen={}', "task must be one of chat, rewriting"),
        ('[[rule]]\nname = "a"\nwhen = { language = "klingon" }\nthen={}', "language must be one of ar, cs" ),
        ("[budgets.low]\nmost_seconds = nan", "line 2: most_seconds must be a number from 1 to 86,400"),
        ("[budgets.huge]\nmost_seconds = 1", "line 1: huge must be one of off, low"),
        ("[models]\nfast = 3", "line 2: fast must be the name of a model in quotes"),
        ('[[rule]]\nname = "a"\nthen = { most_tokens = true }', "most_tokens must be a whole number"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(text: str, told: str) -> None:
    assert any(told.replace("ar, cs", "ar, da") in one for one in notices(text)), notices(text)


def test_a_rule_with_a_mistake_does_not_hold_and_the_others_do() -> None:
    found = read('[[rule]]\nname="a"\nwhen={cdoe=true}\nthen={use="deep"}\n[[rule]]\nname="b"\nthen={use="deep"}', FILE)
    assert found.rules is not None
    assert [rule.name for rule in found.rules] == ["b"]


def test_a_file_that_is_no_toml_leaves_the_rules_of_the_program() -> None:
    assert read("=", FILE).over(SHIPPED) == SHIPPED


def test_budgets_and_models_alone_leave_the_rules() -> None:
    own = read('[models]\ndeep = "big"\n[budgets.high]\nmost_seconds = 60', FILE).over(SHIPPED)
    assert own.rules == SHIPPED.rules
    assert own.deep == "big"
    assert own.budgets[Effort.HIGH].most_seconds == 60
    assert own.budgets[Effort.LOW] == SHIPPED.budgets[Effort.LOW]


def test_effort_is_the_nearest_that_the_model_knows() -> None:
    assert nearest(Effort.HIGH, (Effort.OFF, Effort.ON), up=True) is Effort.ON
    assert nearest(Effort.LOW, (Effort.OFF, Effort.ON), up=False) is Effort.OFF
    assert nearest(Effort.MEDIUM, (Effort.OFF, Effort.ON), up=True) is Effort.ON
    assert nearest(Effort.OFF, (Effort.LOW, Effort.HIGH), up=False) is Effort.LOW
    assert nearest(Effort.HIGH, (), up=True) is None
    assert nearest(Effort.HIGH, None, up=True) is None


def test_a_choice_explains_itself_in_one_line() -> None:
    facts = facts_of(user("Write a Python function that sorts a list."))
    choice = choice_of(decided(SHIPPED, facts), SHIPPED, facts, Local(SMALL, GPT))
    assert choice.why == "gpt-oss-20b, high effort, because there is code (rule code)"
    assert (choice.model, choice.effort, choice.most_seconds) == ("gpt-oss-20b", Effort.HIGH, 1800.0)
    plain = choice_of(OTHERWISE, SHIPPED, Facts(), Local(SMALL, GPT))
    assert plain.why == "Small 4B, without thinking, because no rule says otherwise"
    assert plain.most_seconds == 300.0


def test_the_persons_effort_counts() -> None:
    choice = choice_of(OTHERWISE, SHIPPED, Facts(), Local(GPT, GPT), Effort.HIGH)
    assert choice.effort is Effort.HIGH
    assert "high effort as you asked" in choice.why
    assert choice.most_seconds == 1800.0


def test_a_picture_goes_to_a_model_that_sees() -> None:
    facts = Facts(picture=True)
    assert choice_of(OTHERWISE, SHIPPED, facts, Local(SMALL, GPT, (GPT,))).model == GPT.id
    assert choice_of(OTHERWISE, SHIPPED, facts, Local(SMALL, GPT, (SMALL, GPT))).model == SMALL.id
    assert choice_of(OTHERWISE, SHIPPED, facts, Local(SMALL, GPT)).model == SMALL.id


def test_why_is_told_by_what_a_rule_asks_for() -> None:
    rule = Rule("x", When((Task.CODE, Task.MATHS), ("de",), {"private": False}, {"branch_at_least": 9000}), Then())
    assert because(rule) == (
        "it is not private and the task is code or maths and the language is de "
        "and the chat before it has at least 9,000 tokens"
    )


_WORDS = st.sampled_from(
    [
        *FLAGS,
        *BOUNDS,
        "task",
        "use",
        "effort",
        "name",
        "when",
        "then",
        "rule",
        "budgets",
        "models",
        "fast",
        "low",
        "x",
        "",
    ]
)
_VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(), st.floats(), st.text(string.printable, max_size=12), _WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_WORDS, inner, max_size=4)),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(_WORDS, _VALUES, max_size=4))
def test_no_table_is_an_error(tree: dict[str, object]) -> None:
    import tomlkit

    try:
        text = tomlkit.dumps(tree)
        tomllib.loads(text)
    except Exception:  # noqa: BLE001 - what cannot be written is no test
        return
    _sound(read(text, FILE), text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_no_text_is_an_error(text: str) -> None:
    _sound(read(text, FILE), text)


@pytest.mark.parametrize(
    "text", ["a=" + "[" * 100_000, "a=" + "9" * 10_000, "[[rule]]\n" * 2000, "\x00", "a.b." * 5000]
)
def test_no_monster_is_an_error(text: str) -> None:
    _sound(read(text, FILE), text)


def _sound(found: Read, text: str) -> None:
    lines = max(1, len(text.splitlines()))
    assert all(1 <= one.line <= lines + 1 for one in found.notices)
    rules = found.over(SHIPPED)
    assert decided(rules, Facts()).then.use in Use
