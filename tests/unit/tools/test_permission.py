"""The whole matrix: whatever a tool does, whatever was read, whatever stands, there is one answer, and it is a safe one."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from workbench.consents.consent import Scope
from workbench.tools.permission import (
    CHANGED,
    COMPOSED,
    LASTING,
    NOBODY,
    ONLY_ONCE,
    PRIVATE,
    REFUSED,
    UNTRUSTED,
    Allowed,
    Ask,
    Refused,
    can_carry_text,
    decide,
    leaves,
)
from workbench.tools.tool import BUILT_IN, Harm, ToolSpec

WORDS = {"type": "object", "properties": {"text": {"type": "string"}}}
CHOICES = {
    "type": "object",
    "properties": {"unit": {"enum": ["C", "F"]}, "long": {"type": "boolean"}},
    "additionalProperties": False,
}
BOTH = (False, True)


@dataclass(frozen=True)
class Case:
    harm: Harm
    source: str
    asks_first: bool
    parameters: Mapping[str, Any]
    tainted: bool
    private: bool
    standing: Scope | None
    changed: bool
    composed: bool
    refused: bool
    nobody: bool

    @property
    def spec(self) -> ToolSpec:
        return ToolSpec("it", "It", "", self.parameters, self.harm, self.source, asks_first=self.asks_first)

    @property
    def decided(self) -> Allowed | Ask | Refused:
        return decide(
            self.spec,
            tainted=self.tainted,
            private=self.private,
            standing=self.standing,
            changed=self.changed,
            composed=self.composed,
            refused=self.refused,
            nobody=self.nobody,
        )


EVERY = [
    Case(harm, source, asks_first, parameters, tainted, private, standing, *others)
    for harm in Harm
    for source in (BUILT_IN, "a server")
    for asks_first, tainted, private in itertools.product(BOTH, repeat=3)
    for parameters in (WORDS, CHOICES)
    for standing in (None, Scope.CHAT, Scope.ALWAYS)
    for others in itertools.product(BOTH, repeat=4)
]


def test_there_is_an_answer_in_every_case() -> None:
    assert len(EVERY) == 5 * 2 * 8 * 2 * 3 * 16
    assert {type(case.decided) for case in EVERY} == {Allowed, Ask, Refused}


def test_what_acts_after_strange_text_is_never_just_done_whatever_stands() -> None:
    cases = [case for case in EVERY if case.harm.acts and case.tainted]
    assert cases
    for case in cases:
        decided = case.decided
        assert not isinstance(decided, Allowed), case
        assert isinstance(decided, Refused) or decided.scopes == ONLY_ONCE, case


def test_what_acts_is_never_allowed_for_always_or_by_an_always() -> None:
    for case in (case for case in EVERY if case.harm.acts):
        decided = case.decided
        if isinstance(decided, Ask):
            assert Scope.ALWAYS not in decided.scopes, case
        if isinstance(decided, Allowed):
            assert case.standing is Scope.CHAT, case
            assert not case.tainted, case


def test_what_is_private_never_leaves_in_words_without_being_shown() -> None:
    cases = [case for case in EVERY if case.private and leaves(case.spec) and case.parameters is WORDS]
    assert {case.harm for case in cases} == set(Harm)  # of others' programs even what claims only to read
    for case in cases:
        assert case.decided in (Ask(ONLY_ONCE, PRIVATE), Refused(REFUSED), Refused(NOBODY)), case


def test_what_only_reads_here_and_came_with_the_program_is_never_asked_about() -> None:
    for case in EVERY:
        if case.harm is Harm.READ and case.source == BUILT_IN and not case.asks_first:
            assert case.decided == Allowed(), case


def test_fetching_is_allowed_unless_it_asks_first_and_nothing_stands() -> None:
    plain = [
        case
        for case in EVERY
        if case.harm is Harm.FETCH and case.source == BUILT_IN and not (case.private or case.composed)
    ]
    for case in plain:
        if case.asks_first and case.standing is None:
            because = CHANGED if case.changed else ""
            assert case.decided in (Ask(LASTING, because), Refused(REFUSED), Refused(NOBODY)), case
        else:
            assert case.decided == Allowed(), case


def test_an_address_of_the_models_own_making_is_shown_once_it_has_read_strange_text() -> None:
    cases = [case for case in EVERY if case.harm is Harm.FETCH and case.composed and case.tainted]
    for case in cases:
        decided = case.decided
        assert not isinstance(decided, Allowed), case
        if isinstance(decided, Ask):
            assert decided.scopes == ONLY_ONCE, case
            assert decided.because in (COMPOSED, PRIVATE), case


def test_programs_of_others_are_asked_about_before_their_first_call() -> None:
    for case in EVERY:
        if case.source != BUILT_IN and case.standing is None:
            assert not isinstance(case.decided, Allowed), case


def test_a_change_counts_only_where_it_is_told() -> None:
    """What was allowed before holds for the tool as it was: the caller looks up what stands for this one only."""
    for case in EVERY:
        if case.changed and isinstance(case.decided, Ask) and case.standing is None:
            assert case.decided.because in (CHANGED, UNTRUSTED, PRIVATE, COMPOSED), case


def test_nobody_is_asked_twice_or_where_nobody_is() -> None:
    for case in EVERY:
        if case.refused or case.nobody:
            assert not isinstance(case.decided, Ask), case
        elif isinstance(case.decided, Refused):
            pytest.fail(f"{case}: refused without a cause")


@pytest.mark.parametrize(
    ("schema", "can"),
    [
        (CHOICES, False),
        ({"type": "object", "additionalProperties": False}, False),
        ({"type": "object", "properties": {}}, True),  # whatever the model adds is taken
        (WORDS, True),
        ({**CHOICES, "additionalProperties": True}, True),
        ({**CHOICES, "patternProperties": {".*": {"type": "string"}}}, True),
        ({**CHOICES, "properties": {"n": {"type": "integer"}}}, True),  # a number of any length is a text
        ({**CHOICES, "properties": {"n": True}}, True),
        ({**CHOICES, "properties": "no"}, True),
        ({"$ref": "#/$defs/any", "additionalProperties": False}, True),
        ({}, True),
    ],
)
def test_only_a_closed_list_of_choices_carries_no_words(schema: dict[str, Any], *, can: bool) -> None:
    assert can_carry_text(schema) is can


def test_a_lasting_yes_is_for_one_tool_as_it_is() -> None:
    spec = ToolSpec("write", "Write", "", WORDS, Harm.READ, "notes", "example.org", "abc")
    others = (
        ToolSpec("write", "Write", "", WORDS, Harm.RUN, "notes", "example.org", "abc"),
        ToolSpec("write", "Write", "", WORDS, Harm.READ, "notes", "example.org", "abd"),
        ToolSpec("write", "Write", "", WORDS, Harm.READ, "notes", "example.com", "abc"),
        ToolSpec("write", "Write", "", WORDS, Harm.READ, "other", "example.org", "abc"),
        ToolSpec("erase", "Write", "", WORDS, Harm.READ, "notes", "example.org", "abc"),
    )
    assert len({spec.subject, *(other.subject for other in others)}) == 6
    assert spec.subject.rpartition("#")[0] == "notes/write@example.org"
