"""The Prompts page by keyboard and screen reader, and in a narrow window with large text in a longer language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.fakes.pseudo_locale import PseudoLocale
from tests.fakes.workbench import FakeWorkbench
from tests.ui.prompts.conftest import PROMPTS, OpenPage, OpenPrompts
from tests.ui.test_access import named, stops, walk
from tests.ui.test_translation import NARROW, cut, sideways
from tests.ui.test_window import spoken
from workbench.checks.check import Check, CheckKind
from workbench.prompts.prompt import Output, OutputKind, Prompt, Step, StepCase, Variable, VariableKind

VIEWS = ["empty", "list", "editor", "steps", "history", "bin"]
REPLY = replace(
    PROMPTS[0],
    variables=(Variable("tone", VariableKind.CHOICE, choices=("warm", "dry")),),
    cases=(StepCase({"mail": "Hello"}, Check(CheckKind.CONTAINS, "Dear"), "Polite"),),
    output=Output(OutputKind.SCHEMA, {"type": "object"}),
)
LINE = Prompt("A line", "line", steps=(Step("extract", "From {{ text }}"), Step("judge", "{{ steps.extract }}")))


def prepared(workbench: FakeWorkbench) -> None:
    one = workbench.prompts.get("reply")
    workbench.prompts.save(replace(one.prompt, text="{{ tone }} {{ mail }} {{ wrong"), one.id, instead_of=1)
    workbench.prompts.remove(workbench.prompts.save(Prompt("Gone", "gone", "text")).prompt.id)


def large(workbench: FakeWorkbench) -> None:
    workbench.change_setting("appearance.text_scale", 2.0)


def open_view(opened: OpenPrompts, view: str) -> None:
    page, desk = opened.prompts, opened.desk_
    if view in ("editor", "history", "steps"):
        desk.open(opened.workbench.prompts.get("line" if view == "steps" else "reply").id)
        opened.until(lambda: page.in_editor and bool(page.editor.problems.problems))
        page.editor.steps.fields[0].open() if view == "steps" else None
        for fold in (page.editor.system_fold, page.editor.answer_fold, page.editor.cases_fold, page.editor.notes_fold):
            fold.open()
        for fields in page.editor.variables.fields.values():
            fields.open()
    if view == "history":
        page.editor.history.click()
        opened.until(lambda: bool(page.history._pieces))
    elif view == "bin":
        page.show_bin_button.click()
        opened.until(lambda: bool(page.bin._prompts))
    opened.window.activateWindow()
    opened.until(opened.idle)
    QTest.qWait(50)


def opened_with(open_prompts: OpenPage, view: str, *, big: bool = False) -> OpenPrompts:
    def prepare(workbench: FakeWorkbench) -> None:
        if view != "empty":
            prepared(workbench)
        if big:
            large(workbench)

    return open_prompts(*(() if view == "empty" else (REPLY, LINE)), prepare=prepare)


@pytest.fixture
def pseudo_locale(qapp: QApplication) -> Iterator[None]:
    translator = PseudoLocale(qapp)
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)
    translator.deleteLater()


@pytest.mark.parametrize("view", VIEWS)
def test_every_control_is_reached_and_has_a_name_and_a_role(open_prompts: OpenPage, view: str) -> None:
    opened = opened_with(open_prompts, view)
    opened.window.resize(1200, 3200)
    open_view(opened, view)
    controls = stops(opened.window)
    for control in controls:
        assert spoken(control), named([control])
        assert QAccessible.queryAccessibleInterface(control).role() != QAccessible.Role.NoRole, named([control])
    reached = walk(opened)
    assert named([one for one in controls if one not in reached]) == []


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_cut_in_a_narrow_window_with_large_text(
    pseudo_locale: None, open_prompts: OpenPage, tmp_path: Path, view: str
) -> None:
    opened = opened_with(open_prompts, view, big=True)
    opened.window.resize(NARROW, 900)
    open_view(opened, view)
    opened.window.grab().save(str(tmp_path / f"{view}.png"))
    assert cut(opened.prompts) == []
    assert sideways(opened.prompts) == []
