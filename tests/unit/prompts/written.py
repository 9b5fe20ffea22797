"""Prompts as anybody may write them, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from workbench.checks.check import Check, CheckKind
from workbench.messages import Effort
from workbench.prompts.prompt import (
    Output,
    OutputKind,
    Preferences,
    Prompt,
    Step,
    StepCase,
    Variable,
    VariableKind,
)

TEXTS = st.text(max_size=30)  # controls and marks too; no lone surrogates
WORDS = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)
LISTS = st.lists(TEXTS, max_size=3).map(tuple)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(TEXTS, inside, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(TEXTS, JSON, max_size=3)
NUMBERS = st.floats(0, 10, allow_nan=False)
PREFERENCES = st.builds(Preferences, TEXTS, st.none() | st.sampled_from(Effort), st.none() | NUMBERS)
OUTPUTS = st.builds(Output, st.sampled_from(OutputKind), st.none() | OBJECTS, LISTS)
CHECKS = st.builds(Check, st.sampled_from(CheckKind), TEXTS, NUMBERS)
CASES = st.lists(st.builds(StepCase, st.dictionaries(TEXTS, TEXTS, max_size=2), CHECKS, TEXTS), max_size=2).map(tuple)
VARIABLES = st.builds(Variable, TEXTS, st.sampled_from(VariableKind), TEXTS, TEXTS, TEXTS, st.booleans(), LISTS, TEXTS)
STEPS = st.builds(Step, TEXTS, TEXTS, TEXTS, TEXTS, PREFERENCES, OUTPUTS, CASES)
PROMPTS = st.builds(
    Prompt,
    TEXTS,
    TEXTS,
    TEXTS,
    TEXTS,
    st.lists(VARIABLES, max_size=2).map(tuple),
    LISTS,
    PREFERENCES,
    LISTS,
    OUTPUTS,
    TEXTS,
    st.lists(STEPS, max_size=2).map(tuple),
    CASES,
    OBJECTS,
)
