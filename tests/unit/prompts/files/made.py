"""Prompts of every shape, for property tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from workbench.checks.check import Check, CheckKind
from workbench.messages import Effort
from workbench.prompts.files.front_matter import KNOWN
from workbench.prompts.names import slug
from workbench.prompts.prompt import (
    FREE,
    Output,
    OutputKind,
    Preferences,
    Prompt,
    Step,
    StepCase,
    Variable,
    VariableKind,
)

TRICKY = (
    "",
    " ",
    "\n",
    "yes",
    "off",
    "null",
    "~",
    "1e3",
    "0x1F",
    "2026-01-01",
    "12:30:00",
    "- item",
    "# no comment",
    "a: b",
    "key: |",
    "---",
    "---\ntitle: x\n---\n",
    "{{ name }}",
    "two  \nlines  ",
    "  begins with spaces\nand goes on",
    "\n\nbegins empty",
    "ends empty\n\n",
    "tab\tand\r\nreturn",
    "next\x85line\u2028separated",
    "\ufeffmarked",
    "bell\x07",
    "👩\u200d💻 joined\nلغة",
    "'quoted' \"twice\"",
    "&anchor *alias !tag",
    "%directive\n...\n",
    "<<: merged",
)
texts = st.one_of(st.sampled_from(TRICKY), st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
words = st.text("abcdefghij_0123456789äß", min_size=1, max_size=8)
lists = st.lists(texts, max_size=3).map(tuple)
numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=6,
)
objects = st.dictionaries(texts, json_values, max_size=3)
preferences = st.builds(Preferences, texts, st.none() | st.sampled_from(list(Effort)), st.none() | numbers)
outputs = st.builds(Output, st.sampled_from(list(OutputKind)), st.none() | objects, lists) | st.just(FREE)
checks = st.builds(Check, st.sampled_from(list(CheckKind)), texts, numbers.map(abs))
cases = st.builds(StepCase, st.dictionaries(texts, texts, max_size=2), checks, texts)
steps = st.builds(Step, words, texts, texts, texts, preferences, outputs, st.lists(cases, max_size=2).map(tuple))
variables = st.builds(
    Variable, words, st.sampled_from(list(VariableKind)), texts, texts, texts, st.booleans(), lists, texts
)
prompts = st.builds(
    Prompt,
    texts,
    words.map(slug),
    texts,
    texts,
    st.lists(variables, max_size=2).map(tuple),
    lists,
    preferences,
    lists,
    outputs,
    texts,
    st.lists(steps, max_size=2).map(tuple),
    st.lists(cases, max_size=2).map(tuple),
    objects.map(lambda extra: {key: value for key, value in extra.items() if key not in KNOWN}),
)


def titled(prompt: Prompt) -> Prompt:
    """As the library takes it: with a title."""
    return replace(prompt, title=" ".join(prompt.title.split()) or "Untitled")
