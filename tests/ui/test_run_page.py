"""A prompt with steps in the window: its form, each step with its answer, stop, go on, again from a step."""

from __future__ import annotations

from PySide6.QtTest import QTest

from tests.fakes.backend import Answer, ScriptedBackend, gate
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from tests.ui.test_batches import with_batches
from ui.prompts.batches.run_page import RunPage
from ui.prompts.batches.run_state import RunLook, StepLook, ended, reduce, step_look
from workbench.errors import EngineError
from workbench.messages import TextDelta, Usage
from workbench.prompts.prompt import Prompt, Step, Variable
from workbench.prompts.running.run import RunStarted, RunState, StepDone, StepResult, StepStarted, Telling

LINE = Prompt(
    "Plan and write",
    "plan-and-write",
    variables=(Variable("topic"),),
    steps=(Step("plan", "Plan {{ topic }}"), Step("write", "Write by this: {{ steps.plan }}")),
)


def test_news_are_folded_into_what_is_shown() -> None:
    look = RunLook()
    done = StepResult(
        0, "plan", RunState.DONE, model="m", text="A plan.", usage=Usage(1200, 0, 30), seconds=2.5, cost_micros=0
    )
    for news in (
        RunStarted("r", ("plan", "write")),
        Telling("Loading…"),
        StepStarted(1, 2, "plan", "m"),
        TextDelta("A "),
        TextDelta("plan."),
        StepDone(1, 2, done),
        StepStarted(2, 2, "write", "m"),
    ):
        look = reduce(look, news)
    assert look.running
    assert look.steps[0] == StepLook(
        "plan", RunState.DONE, "m", "A plan.", "1,200 tokens read · 30 written · 2.5 s · no cost"
    )
    assert look.steps[1].state is RunState.RUNNING
    stopped = ended(look)
    assert stopped.steps[1].state is RunState.INTERRUPTED
    assert stopped.can_go_on
    again = reduce(stopped, RunStarted("r", ("plan", "write")))
    assert [one.state for one in again.steps] == [RunState.DONE, RunState.WAITING]
    assert "not asked again" in step_look(StepResult(0, "plan", RunState.DONE, from_cache=True)).told


def begin(make_window: MakeWindow, *answers: Answer) -> tuple[OpenWindow, RunPage]:
    def prepare(workbench: FakeWorkbench) -> None:
        with_batches(workbench)
        workbench.prompts.save(LINE)

    opened = make_window(ScriptedBackend(*answers), prepare)
    desk = opened.window.desk
    assert desk is not None
    desk.prompts.use(opened.workbench.prompts.get("plan-and-write").id)
    opened.until(lambda: opened.window.pages.run is not None and opened.window.pages.run.form is not None)
    page = opened.window.pages.run
    assert page is not None
    return opened, page


def run(opened: OpenWindow, page: RunPage) -> None:
    assert page.form is not None
    QTest.keyClicks(page.form.fields[0].entry, "the sea")
    page.form.send_button.click()


def states(page: RunPage) -> list[str]:
    return [card.look.state.value for card in page.cards]


def test_each_step_is_shown_with_its_answer(make_window: MakeWindow) -> None:
    opened, page = begin(make_window, "Three parts.", "The sea is wide.")
    run(opened, page)
    opened.until(lambda: states(page) == ["done", "done"] and not page.stop.isVisible())
    assert [card.look.text for card in page.cards] == ["Three parts.", "The sea is wide."]
    assert page.cards[1].text.isVisible()
    asked = [request.messages[-1].text for request in opened.workbench.backend.requests]
    assert asked == ["Plan the sea", "Write by this: Three parts."]
    page.cards[1].again.click()
    opened.until(lambda: len(opened.workbench.backend.requests) == 3 and states(page) == ["done", "done"])


def test_what_fails_is_told_and_goes_on_from_there(make_window: MakeWindow) -> None:
    opened, page = begin(make_window, "Three parts.", [EngineError("It stumbled.")], "The sea.")
    run(opened, page)
    opened.until(lambda: states(page) == ["done", "failed"])
    assert "It stumbled." in page.cards[1].look.text
    opened.until(page.go_on.isVisible)
    page.go_on.click()
    opened.until(lambda: states(page) == ["done", "done"])
    assert len(opened.workbench.backend.requests) == 3


def test_it_can_be_stopped(make_window: MakeWindow) -> None:
    held = gate()
    opened, page = begin(make_window, [TextDelta("Half"), held, TextDelta(" done.")], "The sea.")
    run(opened, page)
    opened.until(held.reached.is_set)
    opened.until(page.stop.isVisible)
    page.stop.click()
    opened.until(lambda: states(page)[:1] == ["interrupted"])
    opened.until(page.go_on.isVisible)
