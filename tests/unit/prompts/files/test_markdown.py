"""Prompts as Markdown: pleasant to read, nothing lost, and what is wrong is told with its line."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.prompts.files.made import TRICKY, prompts, texts
from workbench.checks.check import Check, CheckKind
from workbench.messages import Effort
from workbench.prompts.files.front_matter import _CASE, _STEP, _VARIABLE, KNOWN
from workbench.prompts.files.markdown import (
    MOST_BYTES,
    UnreadablePrompt,
    merge_mark,
    read_markdown,
    title_of,
    write_markdown,
)
from workbench.prompts.prompt import Output, OutputKind, Preferences, Prompt, Step, StepCase, Variable, VariableKind

FULL = Prompt(
    title="Meeting notes",
    name="meeting-notes",
    text="Write the minutes.\n\n{{ notes }}",
    system="You write minutes.\nNothing is invented.",
    variables=(
        Variable("notes", VariableKind.LONG_TEXT, "Notes", "What was said, in any order"),
        Variable("tone", VariableKind.CHOICE, default="plain", required=False, choices=("plain", "warm")),
    ),
    tags=("work", "writing"),
    preferences=Preferences("Qwen3 30B", Effort.OFF, 0.2),
    folders=("Papers",),
    output=Output(OutputKind.SCHEMA, {"type": "object", "properties": {"who": {"type": "string"}}}),
    notes="Works best with short notes.",
    cases=(StepCase({"notes": "Anna: yes.\nBen: no."}, Check(CheckKind.CONTAINS, "Anna"), "names stay"),),
    extra={"reviewed": "2026-11-01", "stars": 5},
)
WRITTEN = """\
---
title: Meeting notes
tags: [work, writing]
model: Qwen3 30B
effort: 'off'
temperature: 0.2
folders: [Papers]
variables:
  - name: notes
    type: long_text
    label: Notes
    help: What was said, in any order
  - name: tone
    type: choice
    default: plain
    choices: [plain, warm]
    required: false
output:
  schema:
    type: object
    properties:
      who:
        type: string
system: |-
  You write minutes.
  Nothing is invented.
cases:
  - title: names stay
    values:
      notes: |-
        Anna: yes.
        Ben: no.
    check:
      contains: Anna
notes: Works best with short notes.
reviewed: '2026-11-01'
stars: 5
id: 3f2a
---

Write the minutes.

{{ notes }}
"""


def read(text: str, stem: str = "a-name") -> Prompt:
    return read_markdown(text.encode(), stem).prompt


def problem(text: str) -> tuple[int, str]:
    with pytest.raises(UnreadablePrompt) as caught:
        read_markdown(text.encode(), "x", "folder/x.md")
    assert caught.value.message == f"folder/x.md, line {caught.value.line}: {caught.value.what}."
    return caught.value.line, caught.value.what


def test_it_is_written_as_a_person_would() -> None:
    assert write_markdown(FULL, "3f2a", "meeting-notes") == WRITTEN
    found = read_markdown(WRITTEN.encode(), "meeting-notes")
    assert (found.prompt, found.id, found.warnings) == (FULL, "3f2a", ())


def test_a_short_prompt_is_a_short_file() -> None:
    assert write_markdown(Prompt("Ask", "ask", "Why?"), stem="ask") == "---\ntitle: Ask\n---\n\nWhy?\n"
    assert write_markdown(Prompt("Ask", "ask", "Why?"), stem="other").splitlines()[2] == "name: ask"


@settings(max_examples=30, deadline=None)
@given(prompt=prompts, prompt_id=st.sampled_from(["", "3f2a", "0042", "1e5"]), stem=st.sampled_from(["", "a", "b c"]))
def test_nothing_is_lost(prompt: Prompt, prompt_id: str, stem: str) -> None:
    found = read_markdown(write_markdown(prompt, prompt_id, stem).encode(), stem)
    assert (found.prompt, found.id) == (prompt, prompt_id)


@pytest.mark.parametrize("text", TRICKY)
def test_no_text_is_lost_wherever_it_stands(text: str) -> None:
    prompt = Prompt(text, "a", text, text, extra={"x": {"y": [text]}}, steps=(Step("s", text, text),), notes=text)
    assert read(write_markdown(prompt)) == prompt


@settings(max_examples=20, deadline=None)
@given(prompt=prompts)
def test_line_ends_and_marks_of_other_editors_change_nothing(prompt: Prompt) -> None:
    written = write_markdown(prompt, stem="a")
    for changed in (written.replace("\n", "\r\n"), "\ufeff" + written):
        assert read_markdown(changed.encode(), "a").prompt == prompt


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=80) | texts.map(str.encode) | texts.map(lambda text: f"---\n{text}\n---\n".encode()))
def test_any_file_is_a_prompt_or_told(content: bytes) -> None:
    try:
        line = 1
        read_markdown(content, "x")
    except UnreadablePrompt as error:
        line = error.line
    assert 1 <= line <= content.count(b"\n") + 2


# Written by hand ------------------------------------------------------------------------------------------------------


def test_a_file_with_nothing_but_text() -> None:
    found = read("Say it\nshorter.\n", "make-it_short er")
    assert found == Prompt("Make it short er", "make-it_short-er", "Say it\nshorter.")


def test_what_people_write_by_hand() -> None:
    found = read(
        """--- \ntitle: Ask\ntags: one, two\neffort: off\nvariables:\n- name: count\n  type: number\n  default: 010
  required: no\n- {name: day, type: date, default: 2026-01-01}\noutput: free\ncases:
- values: {count: 3}\n  check: {number: 3, tolerance: 1}\n- check: {schema: {type: object}}\n- check: {judgement: }
folders:\nmodel: ~\n---\nHello\n""",
        "x",
    )
    assert found.tags == ("one", "two")
    assert found.preferences == Preferences("", Effort.OFF)
    assert [(one.default, one.required) for one in found.variables] == [("010", False), ("2026-01-01", True)]
    assert [case.check for case in found.cases] == [
        Check(CheckKind.NUMBER, "3", 1.0),
        Check(CheckKind.SCHEMA, '{"type": "object"}'),
        Check(CheckKind.JUDGEMENT, ""),
    ]
    assert (found.cases[0].values, found.text) == ({"count": "3"}, "Hello")


def test_a_key_that_is_nearly_known_is_told_and_kept() -> None:
    found = read_markdown(b"---\ntitle: x\nvarables: []\nowner: me\n---\n", "x")
    assert found.prompt.extra == {"varables": [], "owner": "me"}
    assert found.warnings == ((3, "'varables' is not known (did you mean 'variables'?); it is kept"),)


@pytest.mark.parametrize(
    ("front", "line", "what"),
    [
        ("title: a\neffort: huge", 3, "this must be one of off, low, medium, high, on, not 'huge'"),
        ("title: [a", 3, "this is not valid YAML: "),
        ("title: a\ntitle: b", 3, "'title' is there twice"),
        ("variables:\n  - name: x\n    colour: red", 4, "'colour' is not known in a variable"),
        ("variables:\n  - name: x\n    requird: no", 4, "'requird' is not known in a variable (did you mean 'required'?)"),
        ("variables:\n  - type: date", 3, "a variable needs a name"),
        ("variables: x", 2, "this must be a list, each with a - before it"),
        ("temperature: warm", 2, "this must be a number"),
        ("steps:\n  - text: x", 3, "a step needs a name"),
        ("cases:\n  - values: {a: b}", 3, "a case needs a check"),
        ("cases:\n  - check: {contains: a, regex: b}", 3, "a check must be one of "),
        ("cases:\n  - check: {tolerance: 1}", 3, "a check must be one of "),
        ("output:\n  schema: text", 3, "this must be a mapping"),
        ("title: {a: b}", 2, "this must be text"),
        ("just words", 2, "what stands between the lines of dashes must be keys with values"),
        ("- a\n- b", 2, "what stands between the lines of dashes must be keys with values"),
        ("a: &x 1\nb: *x", 2, "anchors and aliases"),
        ("a: !!python/object/apply:os.system [ls]", 2, "the tag "),
        ("? [a]\n: b", 2, "a key must be a word"),
        ("a: 1\n--- \nb: 2\n...\nc: 3", 5, ""),
        ("extra: " + "[" * 200 + "]" * 200, 2, "it is nested deeper than 100 levels"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(front: str, line: int, what: str) -> None:
    if not what:  # the first line of dashes ends the front matter
        assert read(f"---\n{front}\n---\n").text == "b: 2\n...\nc: 3\n---"
        return
    found = problem(f"---\n{front}\n---\nText\n")
    assert found[0] == line
    assert found[1].startswith(what)


def test_files_that_are_no_prompts() -> None:
    assert problem("---\ntitle: a\n") == (1, "the line of dashes that ends the front matter is missing")
    assert problem("---\ntext: a\n---\nb")[0] == 2
    with pytest.raises(UnreadablePrompt, match=r"x\.md, line 2: it is not UTF-8 text"):
        read_markdown(b"fine\n\xff\xfe", "x")
    with pytest.raises(UnreadablePrompt, match=r"larger than"):
        read_markdown(b" " * (MOST_BYTES + 1), "x")


def test_front_matter_made_to_hurt_ends_quickly() -> None:
    began = time.process_time()
    bombs = ("a: " + "[" * 100_000, "- " * 200_000, "{a: " * 50_000, "a: [" + "1, " * 400_000 + "]", "? " * 100_000)
    for bomb in bombs:
        problem(f"---\n{bomb}\n---\n")
    assert time.process_time() - began < 20  # minutes, without bounds


def test_a_merge_that_was_not_finished() -> None:
    marked = "one\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> main\n"
    assert merge_mark(marked) == 2
    assert merge_mark("a\n=======\nb") == 0
    assert title_of("a_b--c") == "A b c"


# The page on open formats ---------------------------------------------------------------------------------------------

PAGE = (Path(__file__).parents[4] / "docs" / "formats.md").read_text(encoding="utf-8")


def test_the_example_of_the_page_is_a_whole_prompt() -> None:
    found = re.search(r"```markdown\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert found
    example = read_markdown(found[1].encode(), "reply-to-mail")
    assert example.warnings == ()
    assert write_markdown(example.prompt, example.id, "reply-to-mail") == found[1]


def test_every_key_is_on_the_page() -> None:
    readers = (*KNOWN, *_VARIABLE, *_STEP, *_CASE, *CheckKind, *VariableKind)
    assert {key for key in readers if f"`{key}`" not in PAGE} == set()
