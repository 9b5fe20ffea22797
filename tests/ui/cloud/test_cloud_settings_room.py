"""*Cloud* in the settings in a narrow window, with large text and longer words: nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.fakes.pseudo_locale import PseudoLocale
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow
from tests.ui.test_translation import NARROW, cut, sideways
from ui.cloud.settings.section import CloudSection

CARD = 80  # pixels beside what stands in a card of the settings
KEY = "sk-canary-0123456789wxyz"


@pytest.fixture
def pseudo_locale(qapp: QApplication) -> Iterator[None]:
    translator = PseudoLocale(qapp)
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)
    translator.deleteLater()


def settled(part: QWidget) -> bool:
    """What was just filled is laid out by and by."""
    for _ in range(40):
        if not cut(part) and not sideways(part):
            return True
        QTest.qWait(50)
    return False


@pytest.mark.parametrize("part", ["section", "login", "address", "models", "side by side"])
def test_nothing_is_cut(pseudo_locale: None, make_window: MakeWindow, part: str) -> None:
    def prepare(workbench: FakeWorkbench) -> None:
        workbench.change_setting("appearance.text_scale", 2.0)
        workbench.change_setting("cloud.enabled", True)  # noqa: FBT003 - the value of a setting
        workbench.change_setting("cloud.addresses", {"mine": "https://models.example.org/v1"})
        workbench.cloud.login("groq", KEY)

    opened = make_window(prepare=prepare)
    opened.window.resize(NARROW, 900)
    opened.window.pages.open_cloud()
    settings = opened.window.pages.settings
    assert settings is not None
    section: CloudSection = settings.cloud
    opened.until(lambda: section.model.isVisible())
    shown: QWidget = section
    groq = opened.workbench.cloud.provider("groq")
    if part == "login":
        shown = section.desk.ask_key(groq)
    elif part == "address":
        shown = section.desk.ask_address(None)
    elif part == "models":
        shown = section.desk.open_models(groq)
    elif part == "side by side":
        shown = section.open_side_by_side()
    assert settled(shown), (cut(shown), sideways(shown))
    if shown is section:
        assert section.minimumSizeHint().width() <= NARROW - CARD
    else:
        assert opened.window.rect().contains(shown.geometry())


def test_what_has_the_focus_is_scrolled_into_view(make_window: MakeWindow) -> None:
    def prepare(workbench: FakeWorkbench) -> None:
        workbench.change_setting("appearance.text_scale", 2.0)
        workbench.change_setting("cloud.enabled", True)  # noqa: FBT003 - the value of a setting
        workbench.cloud.login("groq", KEY)

    opened = make_window(prepare=prepare)
    opened.window.resize(NARROW, 640)
    opened.window.activateWindow()
    opened.window.pages.open_cloud()
    settings = opened.window.pages.settings
    assert settings is not None
    opened.until(lambda: settings.cloud.model.isVisible())
    dialog = settings.cloud.desk.open_models(opened.workbench.cloud.provider("groq"))
    assert settled(dialog)
    inside = dialog.body.parentWidget()
    assert inside is not None
    opened.until(lambda: inside.height() == dialog.body.totalHeightForWidth(inside.width()))  # it is laid out
    seen: list[QWidget] = []
    for _step in range(30):
        focused = opened.window.focusWidget()
        assert focused is not None
        if focused in seen:
            break
        seen.append(focused)
        assert dialog.isAncestorOf(focused)
        assert focused.accessibleName() or focused.property("text")
        assert not focused.visibleRegion().isEmpty()
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert {dialog.filter, dialog.refresh, dialog.table.view, dialog.propose, dialog.price.read} <= set(seen)
