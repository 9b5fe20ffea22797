"""One prompt on many inputs in the window: choose, run, pause, go on, results, export."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.fakes.backend import Answer, ScriptedBackend, gate
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.prompts.batches.desk import BatchesDesk
from ui.prompts.batches.items import PAGE, RUN_ROLE, ResultModel
from ui.prompts.batches.page import BatchesPage
from ui.prompts.batches.words import (
    Kind,
    answer_line,
    can_go_on,
    can_pause,
    columns_words,
    counts_words,
    estimate_words,
    first_words,
    progress_words,
    seconds_words,
    still_missing,
)
from workbench.clock import SystemClock
from workbench.errors import EngineError
from workbench.messages import TextDelta
from workbench.prompts.prompt import Prompt, Variable, VariableKind
from workbench.prompts.running.batches.batch import Batch, BatchProgress, BatchState, Input
from workbench.prompts.running.batches.service import Batches
from workbench.prompts.running.batches.store import BatchStore
from workbench.prompts.running.ports import Surroundings
from workbench.prompts.running.run import Run, RunOptions, RunState, StepResult
from workbench.prompts.running.runner import PromptRunner
from workbench.prompts.running.store import RunStore

TEXT = Variable("text", VariableKind.LONG_TEXT, "Text")
SUM_UP = Prompt("Sum up", "sum-up", "Sum up for {{ reader }}: {{ text }}", variables=(TEXT, Variable("reader")))


# Pure --------------------------------------------------------------------------------------------------------------------


def batch(state: BatchState = BatchState.PAUSED, total: int = 10, done: int = 4, failed: int = 1) -> Batch:
    return Batch("b", "Sum up", SUM_UP, "p", RunOptions(), state, total, done, failed)


def run(row: int, answer: str = "", error: str = "") -> Run:
    state = RunState.FAILED if error else RunState.DONE if answer else RunState.WAITING
    steps = (StepResult(0, "answer", state, text=answer, error=error, seconds=1.5),) if answer or error else ()
    return Run(f"r{row}", SUM_UP, {}, state=state, steps=steps, batch_id="b", position=row, label=f"line {row}")


def test_how_far_a_batch_is() -> None:
    assert counts_words(batch()) == "4 of 10 answered, 1 failed"
    assert counts_words(batch(failed=0)) == "4 of 10 answered"
    progress = BatchProgress("b", 10, 4, 1, "line 5", 2.0, 600.0)
    assert progress_words(progress) == "line 5 · 2.0 s each · about 10 min left"
    assert progress_words(None) == ""
    assert [seconds_words(one) for one in (None, 4.25, 45.4, 720.0, 11_100.0)] == [
        "",
        "4.2 s",
        "45 s",
        "12 min",
        "3 h 5 min",
    ]


@pytest.mark.parametrize(
    ("state", "working", "pause", "go_on"),
    [
        (BatchState.WAITING, False, False, True),
        (BatchState.RUNNING, True, True, False),
        (BatchState.RUNNING, False, True, False),  # another process is at it
        (BatchState.PAUSED, False, False, True),
        (BatchState.INTERRUPTED, False, False, True),
    ],
)
def test_what_can_be_done_with_a_batch(state: BatchState, working: bool, pause: bool, go_on: bool) -> None:
    assert can_pause(batch(state), working=working) is pause
    assert can_go_on(batch(state), working=working) is go_on
    assert not can_go_on(batch(BatchState.DONE, done=9), working=False)


def test_what_is_told_before_it_begins() -> None:
    assert estimate_words(0, None) == ""
    assert estimate_words(120, 3.0) == "120 inputs · about 6 min"
    assert "after the first ones" in estimate_words(1, None)
    inputs = tuple(Input(f"line {number}", {"text": "x", "note": "y"}) for number in range(7))
    assert first_words(inputs).splitlines()[-2:] == ["line 4", "and 2 more"]
    assert columns_words(inputs, SUM_UP.variables) == "Filled by columns: text · Left out: note"
    assert [one.name for one in still_missing(inputs, SUM_UP.variables, {})] == ["reader"]
    assert still_missing(inputs, SUM_UP.variables, {"reader": "Ada"}) == ()


def test_a_row_tells_the_answer_or_why_there_is_none() -> None:
    assert answer_line(run(0, "Two\nlines")) == "Two lines"
    assert answer_line(run(0, error="It was too long.")) == "It was too long."


def test_only_what_is_looked_at_is_read() -> None:
    model = ResultModel()
    wanted: list[int] = []
    model.asked.connect(wanted.append)
    model.begin(10_000)
    assert (model.rowCount(), wanted) == (10_000, [])
    assert model.index(9_999, 0).data() == ""
    assert model.index(9_998, 0).data() == ""
    assert wanted == [9_800]
    model.show_page(9_800, [run(row, "An answer.") for row in range(9_800, 9_800 + PAGE)])
    assert [model.index(9_999, column).data() for column in range(4)] == [
        "line 9999",
        "Answered",
        "An answer.",
        "1.5 s",
    ]
    assert model.index(9_999, 0).data(RUN_ROLE).label == "line 9999"
    assert model.index(3, 2).data(Qt.ItemDataRole.AccessibleTextRole) == "Row 4"
    assert model.pages == (9_800,)


# In the window ------------------------------------------------------------------------------------------------------------


def with_batches(workbench: FakeWorkbench) -> None:
    """The real batches, over the scripted model."""
    clock = SystemClock()
    around = Surroundings(
        workbench.route,
        cast("Any", workbench.filler.fill),
        lambda name: workbench.prompts.get(name).prompt,
        clock,
        workbench.bus,
        read=lambda path, _cancel: path.read_text(),
    )
    runs = RunStore(workbench.database, clock)
    batches = Batches(BatchStore(workbench.database, clock), runs, PromptRunner(runs, around), around)
    workbench.batches = batches
    workbench.prompt_runs = PromptRunner(runs, around)
    workbench.prompts.save(SUM_UP)


def begin(make_window: MakeWindow, *answers: Answer) -> tuple[OpenWindow, BatchesPage, BatchesDesk]:
    opened = make_window(ScriptedBackend(*answers), with_batches)
    opened.window.pages.begin_batch(opened.workbench.prompts.get("sum-up").id)
    page, desk = opened.window.pages.batches, opened.window.pages.batches_desk
    assert page is not None
    assert desk is not None
    opened.until(lambda: "Sum up" in page.start.title.text())
    return opened, page, desk


def lines(folder: Path, count: int) -> Path:
    file = folder / "lines.txt"
    file.write_text("".join(f"line {number}\n" for number in range(count)))
    return file


def choose_lines(opened: OpenWindow, page: BatchesPage, file: Path, reader: str = "Ada") -> None:
    page.start.kind_buttons[Kind.LINES].click()
    page.start.path.setText(str(file))
    opened.until(lambda: bool(page.start.inputs))
    (field,) = page.start._fields
    field.show_value(reader)
    assert page.start.start.isEnabled()


def shown(opened: OpenWindow) -> Batch:
    return opened.workbench.batches.list()[0]


def test_lines_are_run_and_their_answers_are_in_the_table(make_window: MakeWindow, tmp_path: Path) -> None:
    opened, page, desk = begin(make_window, "Short.")
    page.start.kind_buttons[Kind.LINES].click()
    page.start.path.setText(str(lines(tmp_path, 3)))
    opened.until(lambda: len(page.start.inputs) == 3)
    assert not page.start.start.isEnabled(), "the reader is still missing"
    choose_lines(opened, page, tmp_path / "lines.txt")
    page.start.start.click()
    opened.until(lambda: page.in_batch and not desk.working and shown(opened).state is BatchState.DONE)
    view = page.batch
    opened.until(lambda: view.model.index(2, 2).data() == "Short.")
    assert view.state.text() == "Done"
    assert not view.pause.isVisible()
    assert not view.go_on.isVisible()
    view.table.selectRow(1)
    opened.until(lambda: view.result.toPlainText() == "Short.")
    assert "line 1" in view.result_title.text()
    asked = [request.messages[-1].text for request in opened.workbench.backend.requests]
    assert asked == [f"Sum up for Ada: line {number}" for number in range(3)]
    desk.export_to(str(tmp_path / "out.csv"), "csv")
    opened.until((tmp_path / "out.csv").exists)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[:2] for row in csv.reader(file)] == [
            ["input", "answer"],
            *(["line " + str(n), "Short."] for n in range(3)),
        ]


@pytest.mark.parametrize("stays", [True, False], ids=["looked at", "left"])
def test_that_it_is_done_is_told_where_it_is_not_seen(make_window: MakeWindow, tmp_path: Path, stays: bool) -> None:
    held = gate()
    opened, page, desk = begin(make_window, [held, TextDelta("Short.")])
    choose_lines(opened, page, lines(tmp_path, 1))
    page.start.start.click()
    opened.until(lambda: held.reached.is_set() and page.in_batch)
    if not stays:
        page.batch.back.click()
        opened.until(lambda: not page.in_batch)
    held.opened.set()
    opened.until(lambda: not desk.working and opened.window._bridge.idle)
    toast = opened.window.toasts._toast
    assert (toast is None) is stays
    if toast is not None:
        assert "is done" in toast.accessibleName()


def test_it_pauses_and_goes_on_and_nothing_is_asked_twice(make_window: MakeWindow, tmp_path: Path) -> None:
    held = gate()
    opened, page, desk = begin(make_window, "One.", [held, TextDelta("Two.")], "Rest.")
    choose_lines(opened, page, lines(tmp_path, 4))
    page.start.start.click()
    opened.until(held.reached.is_set)
    opened.until(page.batch.pause.isVisible)
    page.batch.pause.click()
    opened.until(lambda: not desk.working)
    opened.until(lambda: shown(opened).state is BatchState.PAUSED and page.batch.state.text() == "Paused")
    assert shown(opened).done == 1
    opened.until(page.batch.go_on.isVisible)
    page.batch.go_on.click()
    opened.until(lambda: shown(opened).state is BatchState.DONE and not desk.working)
    asked = [request.messages[-1].text[-1] for request in opened.workbench.backend.requests]
    assert asked == ["0", "1", "1", "2", "3"], "only what was half answered is asked again"


def test_a_failed_input_is_told_and_tried_again(make_window: MakeWindow, tmp_path: Path) -> None:
    opened, page, desk = begin(make_window, "One.", [EngineError("It stumbled.")], "Three.", "Two at last.")
    choose_lines(opened, page, lines(tmp_path, 3))
    page.start.start.click()
    opened.until(lambda: shown(opened).failed == 1 and not desk.working if page.in_batch else False)
    view = page.batch
    opened.until(lambda: "It stumbled." in (view.model.index(1, 2).data() or ""))
    opened.until(view.again.isVisible)
    view.again.click()
    opened.until(lambda: shown(opened).failed == 0 and shown(opened).done == 3 and not desk.working)
    opened.until(lambda: view.model.index(1, 2).data() == "Two at last.")


def test_a_table_names_its_columns_and_a_bad_one_is_told(make_window: MakeWindow, tmp_path: Path) -> None:
    opened, page, _desk = begin(make_window)
    page.start.kind_buttons[Kind.CSV].click()
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    page.start.path.setText(str(tmp_path / "bad.csv"))
    opened.until(lambda: "No column is a variable" in page.start._problem.text())
    (tmp_path / "good.csv").write_text("text,reader,note\nsea,Ada,x\nland,Bo,y\n")
    page.start.path.setText(str(tmp_path / "good.csv"))
    opened.until(lambda: len(page.start.inputs) == 2)
    assert "Left out: note" in page.start._columns.text()
    assert page.start.start.isEnabled()


def test_an_interrupted_batch_stands_in_the_list_and_goes_on(make_window: MakeWindow) -> None:
    opened, page, desk = begin(make_window, "Short.")
    batches = opened.workbench.batches
    made = batches.start(opened.workbench.prompts.get("sum-up"), [Input("a", {"text": "a", "reader": "Ada"})])
    with opened.workbench.database.write() as tx:
        tx.execute("UPDATE batches SET state = 'running', owner = 'gone' WHERE id = ?", (made.id,))
    page.show_list()
    opened.until(lambda: any("Go on with Sum up" in one.accessibleName() for one in buttons(page)))
    next(one for one in buttons(page) if "Go on with" in one.accessibleName()).click()
    opened.until(lambda: shown(opened).state is BatchState.DONE and not desk.working)


def test_without_any_the_page_says_what_it_is_for(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(), with_batches)
    opened.window.actions_["batches"].trigger()
    page = opened.window.pages.batches
    assert page is not None
    opened.until(page.list.library.isVisible)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    opened.window.pages.step_back()
    assert not page.isVisible()


def buttons(page: BatchesPage) -> list[Any]:
    from ui.widgets.buttons import Button

    return page.list.findChildren(Button)
