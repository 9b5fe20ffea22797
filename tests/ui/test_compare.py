"""Two models on one question, in a window over real chats."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.fakes.backend import ScriptedBackend, gate
from tests.fakes.models import model
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.chat.compare import CompareDesk
from ui.widgets.popover import Popover
from workbench.chat.feedback.feedback import PreferenceKind
from workbench.chat.tree import branch
from workbench.messages import TextDelta


def two_models(workbench: FakeWorkbench) -> None:
    workbench.models.installed = (model("Fake 1B"), model("Other 3B"))


def compared(make_window: MakeWindow, *answers: Any, scale: float = 1.0) -> tuple[OpenWindow, Any]:
    """A window where another model is asked beside the first answer, and the panel."""

    def prepare(workbench: FakeWorkbench) -> None:
        two_models(workbench)
        workbench.change_setting("appearance.text_scale", scale)

    window = make_window(ScriptedBackend(*answers), prepare)
    window.send("How deep is the sea?")
    window.until(lambda: window.idle() and len(window.texts) == 2)
    transcript = window.page.transcript
    transcript.action.emit(transcript.items[-1].id, "compare")
    (popover,) = window.window.findChildren(Popover)
    (entry,) = popover._entries
    assert entry.accessibleName() == "Other 3B"
    entry.click()
    desk = window.window.findChild(CompareDesk)
    assert desk is not None
    assert desk.panel is not None
    return window, desk.panel


def shown(panel: Any) -> list[str]:
    return [item.text for column in panel.columns for item in column.view.items]


def pairs(window: OpenWindow) -> list[tuple[PreferenceKind, str, str]]:
    kept = window.workbench.feedback.preferred()
    return [(one.preference.kind, one.chosen.text, one.rejected.text) for one in kept]


def test_the_answer_that_is_taken_stays_in_view_and_is_a_preference(make_window: MakeWindow) -> None:
    window, panel = compared(make_window, "Deep.", "Some 3,700 m.")
    window.until(lambda: panel.columns[1].use.isEnabled())
    assert shown(panel) == ["Deep.", "Some 3,700 m."]
    panel.columns[1].use.click()
    window.until(lambda: pairs(window) == [(PreferenceKind.COMPARE, "Some 3,700 m.", "Deep.")])
    window.until(lambda: window.texts == ["How deep is the sea?", "Some 3,700 m."])
    (chat,) = window.workbench.chat.list()
    last = branch(window.workbench.chat.open(chat.id))[-1]
    assert last.turn is not None
    assert last.turn.model == "Other 3B"


def test_the_first_answer_can_be_taken_too(make_window: MakeWindow) -> None:
    window, panel = compared(make_window, "Deep.", "Some 3,700 m.")
    window.until(lambda: panel.columns[1].use.isEnabled())
    panel.columns[0].use.click()
    window.until(lambda: pairs(window) == [(PreferenceKind.COMPARE, "Deep.", "Some 3,700 m.")])
    window.until(lambda: window.texts == ["How deep is the sea?", "Deep."])


def test_the_other_answer_is_shown_while_it_is_written(make_window: MakeWindow) -> None:
    held = gate()
    window, panel = compared(make_window, "Deep.", [TextDelta("Some "), held, TextDelta("3,700 m.")])
    window.until(lambda: shown(panel) == ["Deep.", "Some "])
    assert not panel.columns[1].use.isEnabled()
    held.opened.set()
    window.until(lambda: shown(panel) == ["Deep.", "Some 3,700 m."])
    window.until(lambda: panel.columns[1].use.isEnabled())


def test_closing_stops_the_other_model_and_the_first_answer_stays(make_window: MakeWindow) -> None:
    held = gate()
    window, panel = compared(make_window, "Deep.", [TextDelta("Some "), held])
    window.until(lambda: shown(panel) == ["Deep.", "Some "])
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    window.until(held.opened.is_set)  # by the cancelling
    window.until(lambda: window.idle() and window.texts == ["How deep is the sea?", "Deep."])
    assert pairs(window) == []


def test_without_another_model_it_is_said(make_window: MakeWindow) -> None:
    window = make_window(ScriptedBackend("Deep."))
    window.send("How deep is the sea?")
    window.until(lambda: window.idle() and len(window.texts) == 2)
    transcript = window.page.transcript
    transcript.action.emit(transcript.items[-1].id, "compare")
    assert window.window.findChildren(Popover) == []


@pytest.mark.parametrize(("width", "scale", "beside"), [(560, 2.0, False), (560, 1.0, True), (1100, 2.0, True)])
def test_answers_stand_below_each_other_where_their_lines_would_be_short(
    make_window: MakeWindow, width: int, scale: float, beside: bool
) -> None:
    window, panel = compared(make_window, "Deep.", "Some 3,700 m.", scale=scale)
    window.window.resize(width, 800)
    first, second = panel.columns
    window.until(lambda: (second.x() > first.geometry().right()) is beside)
    assert (second.y() > first.geometry().bottom()) is not beside
    assert panel.geometry().right() < window.window.width()
    assert first.use.width() >= first.use.sizeHint().width()
