"""The sheet in a narrow or low window, with large text and longer words: nothing is cut, and everything is reached."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.fakes.backend import ScriptedBackend
from tests.fakes.pseudo_locale import PseudoLocale
from tests.fakes.workbench import FakeWorkbench
from tests.ui.cloud.test_escalating import LOCAL, ask, asked, with_cloud
from tests.ui.conftest import MakeWindow
from tests.ui.test_translation import NARROW, cut, sideways
from ui.cloud.sheet.sheet import EscalationSheet
from workbench.chat.escalating.escalation import Mode
from workbench.cloud.spending.money import CapKind


@pytest.fixture
def pseudo_locale(qapp: QApplication) -> Iterator[None]:
    translator = PseudoLocale(qapp)
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)
    translator.deleteLater()


def settled(sheet: EscalationSheet) -> None:
    """What was just filled is laid out by and by."""
    for _ in range(40):
        if not cut(sheet) and not sideways(sheet):
            break
        QTest.qWait(25)
    assert cut(sheet) == []
    assert sideways(sheet) == []


@pytest.mark.parametrize("part", ["choices", "refused", "by hand", "low"])
def test_nothing_is_cut(pseudo_locale: None, make_window: MakeWindow, part: str) -> None:
    def prepare(workbench: FakeWorkbench) -> None:
        with_cloud(workbench)
        workbench.change_setting("appearance.text_scale", 2.0)
        if part == "refused":
            workbench.ledger.set_cap(CapKind.DAY, 10)

    opened = asked(make_window(ScriptedBackend(LOCAL), prepare))
    opened.window.resize(NARROW, 480 if part == "low" else 900)
    sheet = ask(opened)
    if part == "by hand":
        sheet.foot.hand.click()
        opened.until(sheet.by_hand.isVisible)
    settled(sheet)


def test_what_leaves_moves_below_the_choices_and_back(make_window: MakeWindow) -> None:
    opened = asked(make_window(ScriptedBackend(LOCAL), with_cloud))
    opened.window.resize(1200, 800)
    sheet = ask(opened)

    def beside() -> bool:
        return sheet.body.mapTo(sheet, sheet.body.rect().topLeft()).x() > sheet.width() // 3

    opened.until(beside)
    opened.window.resize(NARROW, 480)
    opened.until(lambda: not beside() and sheet.width() <= NARROW)
    assert sheet.host.rect().contains(sheet.geometry())
    opened.window.resize(1200, 800)
    opened.until(beside)
    assert sheet.choices.modes[Mode.QUESTION].isChecked()
    assert sheet.foot.send.isEnabled()
