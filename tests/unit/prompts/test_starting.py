"""The prompts that come with the program: each can be rendered, its schemas and cases are sound."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from workbench import migrations
from workbench.checks.check import CheckKind, make_check
from workbench.checks.schema import check_schema
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.events import Bus
from workbench.paths import asset
from workbench.prompts.filling.builtin import WORDS
from workbench.prompts.filling.parsing import Kind, parse
from workbench.prompts.prompt import Prompt, VariableKind
from workbench.prompts.running.checking import check_line
from workbench.prompts.service import PromptLibrary
from workbench.prompts.starting import STARTERS, add_starters, missing, starters
from workbench.prompts.store import PromptStore

BY_NAME = {one.name: one for one in starters()}


@pytest.fixture
def library(tmp_path: Path) -> PromptLibrary:
    database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path / "backups")
    return PromptLibrary(PromptStore(database, SystemClock()), Bus())


def test_they_are_the_ones_that_are_promised() -> None:
    assert tuple(BY_NAME) == STARTERS
    assert {path.stem for path in asset("prompts").glob("*.md")} == set(STARTERS)


@pytest.mark.parametrize("name", STARTERS)
def test_each_says_what_it_fills_in_and_what_it_answers(name: str) -> None:
    prompt = BY_NAME[name]
    declared = {one.name for one in prompt.variables}
    used = set()
    for step in prompt.line:
        for text in (step.text, step.system):
            template = parse(text)
            assert not template.odd
            assert not template.needs_jinja  # so that each is filled in at once, without a worker
            used |= {one.says for one in template.segments if one.kind is Kind.VARIABLE}
        if step.output.schema is not None:
            check_schema(step.output.schema)
    assert used - set(WORDS) == declared
    assert check_line(prompt, lambda called: BY_NAME[called]) == ()
    assert prompt.system or prompt.steps
    assert prompt.tags
    for one in prompt.variables:
        assert one.kind is not VariableKind.CHOICE or one.default in one.choices
        assert one.required or one.default or one.help


@pytest.mark.parametrize("name", STARTERS)
def test_each_has_cases_that_can_pass_and_fail(name: str) -> None:
    prompt = BY_NAME[name]
    for step in prompt.line:
        assert 2 <= len(step.cases) <= 3
        for case in step.cases:
            assert case.title
            assert make_check(case.check.kind, case.check.expected, case.check.tolerance) == case.check
            assert case.check.kind not in (CheckKind.JUDGEMENT, CheckKind.REFERENCE)  # nobody has to decide
            assert set(case.values) <= {one.name for one in prompt.variables} | {one.name for one in prompt.line}
            assert case.check.passes("I cannot help with that." * 9).passed is False
            assert case.check.passes(GOOD[name, case.title]).passed is True


GOOD = {
    ("summarise", "names and figures stay"): "Maria Holt closes her bakery on 3 May.",
    ("summarise", "the figure that matters"): "Ferry staff get 7 percent more from July.",
    ("rewrite", "the facts stay"): "A water main burst, so the swimming hall is closed until 14 August.",
    ("rewrite", "it becomes shorter"): "Tuesday's meeting will be on Thursday at 3 pm.",
    ("translate", "a sentence into English"): "The train to Vienna leaves today at eight o'clock.",
    ("translate", "a question is translated, not answered"): "Wie viel Uhr ist es?",
    ("translate", "names and links stay"): "Écrivez à anna@example.org ou voyez https://example.org/help.",
    ("extract-json", "an invoice"): json.dumps({"kind": "invoice", "amounts": [{"value": 84.5, "unit": "EUR"}]}),
    ("extract-json", "it keeps to the schema"): '{"people": ["Ben", "Carla"], "places": ["Bremen"]}',
    ("extract-json", "nothing is made up"): '{"kind": "note", "people": [], "amounts": []}',
    ("explain-code", "what it does"): "It computes a Fibonacci number.",
    ("explain-code", "what can go wrong"): "It fails on an empty list.",
    ("meeting-notes", "who does what"): '{"tasks": [{"what": "order paper", "who": "Jonas", "until": "Friday"}]}',
    ("meeting-notes", "nothing is made up"): '{"people": [], "tasks": []}',
    ("meeting-notes", "tasks are boxes to tick"): "## Tasks\n- [ ] Order paper (Jonas, until Friday)",
    ("meeting-notes", "the heading is there"): "# Print shop\n\n## Decisions\nThe blue design.",
    ("reply-to-mail", "it says what was asked for"): "Dear Tom, gladly, but on 16 May.",
    ("reply-to-mail", "it speaks to the sender"): "Dear Ms Klein, tomorrow at noon.",
    ("critique", "it finds the claim without a reason"): "**Where:** “double your income”",
    ("critique", "it proposes something"): "**Instead:** Please have it repaired by Friday.",
    ("plan", "steps are numbered"): "## Steps\n1. Write the invitations (1 hour)",
    ("plan", "the limit is heeded"): "1. Go to the lake on Saturday.",
    ("compare-documents", "the price that changed"): '[{"topic": "Rent", "first": "700", "second": "750"}]',
    ("compare-documents", "what is missing"): '[{"topic": "Returns", "second": "nothing"}]',
}


def test_they_are_added_where_they_are_not_and_never_again_after_that(library: PromptLibrary) -> None:
    own = library.save(Prompt("My plan", "plan", "Mine."))
    added = add_starters(library)
    assert {one.prompt.name for one in added} == set(STARTERS) - {"plan"}
    assert library.get("plan").id == own.prompt.id
    assert add_starters(library) == ()
    library.remove(library.get("critique").id)
    rewrite = library.get("rewrite")
    library.save(replace(rewrite.prompt, name="rephrase"), rewrite.id)
    assert missing(library) == ()
    library.erase([library.bin()[0].id])
    assert [one.name for one in missing(library)] == ["critique"]  # asked for once more, it comes
