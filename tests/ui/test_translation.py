"""Words go through Qt Linguist and back; longer words and larger text are not cut in a narrow window."""

from __future__ import annotations

import ast
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

import translations
from tests.fakes.pseudo_locale import PseudoLocale, pseudo
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow
from ui.appearance import Appearance
from ui.documents.page import DocumentsPage
from ui.models.page import ModelsPage
from ui.projects.dialogs import NewProject
from ui.projects.list import ProjectList
from ui.projects.page import ProjectPage
from ui.quick_entry import QuickEntry
from ui.search.panel import SearchPanel
from ui.settings.at_hand import AtHandRows
from ui.settings.shortcuts import ShortcutsSection
from ui.translation import load_translation, tr
from ui.tray import TrayIcon
from ui.widgets.buttons import ROUNDING, ElidedButton
from ui.widgets.labels import ElidedLabel
from workbench.chat.projects.projects import PRIVATE_WORDS

NARROW = 560


@pytest.fixture
def pseudo_locale(qapp: QApplication) -> Iterator[None]:
    translator = PseudoLocale(qapp)
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)
    translator.deleteLater()


def literals() -> list[str]:
    """What the window's modules give to `tr` and `marked`. The tool does not look into f-strings."""
    calls = [
        node
        for file in translations.sources()
        for node in ast.walk(ast.parse(Path(file).read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("tr", "marked")
    ]
    given = [call.args[0] for call in calls]
    return [str(one.value) for one in given if isinstance(one, ast.Constant)]


@pytest.mark.skipif(sys.platform == "win32", reason="the scripts of PySide6 have other names there")
def test_a_language_is_collected_translated_and_loaded(qapp: QApplication, tmp_path: Path) -> None:
    file = tmp_path / "workbench_de.ts"
    translations.collect(file)
    collected = file.read_text(encoding="utf-8")
    assert "<source>Open at login</source>" in collected
    assert "<source>The answer is ready.</source>" in collected  # of a table
    sources = {message.findtext("source", "") for message in ET.fromstring(collected).iter("message")}
    assert [words for words in literals() if words not in sources] == []
    german = re.sub(
        r"(<source>Open at login</source>\s*)<translation type=\"unfinished\"></translation>",
        r"\1<translation>Beim Anmelden öffnen</translation>",
        collected,
    )
    file.write_text(german, encoding="utf-8")
    translations.release(file)
    assert not load_translation(qapp, QLocale("fr_FR"), str(tmp_path))
    assert load_translation(qapp, QLocale("de_DE"), str(tmp_path))
    assert (tr("Open at login"), tr("Quick entry")) == ("Beim Anmelden öffnen", "Quick entry")
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    assert tr("Open at login") == "Open at login"


def test_the_longer_language_keeps_what_is_put_in() -> None:
    assert pseudo("After {n} s") == "[Äfter {n} s~~~~]"
    assert len(pseudo("Notification")) >= 1.35 * len("Notification")


def test_what_says_words_at_hand_says_them_in_the_persons_language(
    pseudo_locale: None, appearance: Appearance, qapp: QApplication, qtbot: QtBot
) -> None:
    shortcuts = ShortcutsSection(appearance)
    shortcuts.open()
    tray = TrayIcon(qapp)
    for widget in (AtHandRows(appearance, tray=True, global_keys=True), shortcuts, QuickEntry(appearance)):
        qtbot.addWidget(widget)
        said = [one.text() for one in widget.findChildren(QLabel) if one.text()]
        assert said
        assert [words for words in said if not words.startswith("[")] == []
    assert all(action.text().startswith("[") for action in (tray.show_action, tray.quick_action, tray.quit_action))
    tray.close()
    tray.deleteLater()


def said_by(page: QWidget) -> list[str]:
    """What is seen or heard of a page and its parts."""
    said = [page.accessibleName()]
    for one in page.findChildren(QWidget):
        said += [one.accessibleName(), one.accessibleDescription(), one.toolTip()]
        if isinstance(one, QLabel | QAbstractButton):
            said.append(one.text())
        elif isinstance(one, QLineEdit):
            said.append(one.placeholderText())
    return said


FROM_THE_CORE = (PRIVATE_WORDS,)  # which speaks English
PAGES: dict[str, Callable[[Appearance, QWidget], QWidget]] = {
    "documents": lambda appearance, _window: DocumentsPage(appearance),
    "models": lambda appearance, _window: ModelsPage(appearance),
    "project": lambda appearance, _window: ProjectPage(appearance),
    "projects": lambda appearance, _window: ProjectList(appearance),
    "new project": lambda appearance, window: NewProject(appearance, window),
    "search": lambda appearance, window: SearchPanel(appearance, QLineEdit(window)),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_no_word_that_was_not_translated(
    pseudo_locale: None, appearance: Appearance, qtbot: QtBot, page: str
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    made = PAGES[page](appearance, window)
    qtbot.addWidget(made)
    said = [words for words in said_by(made) if words not in FROM_THE_CORE]
    assert sum(words.startswith("[") for words in said) > 3
    assert [words for words in said if re.search("[a-z]{2}", words) and "[" not in words] == []


def cut(page: QWidget) -> list[str]:
    """What stands on the page with words that have no room and no tooltip."""
    found: list[str] = []
    for one in page.findChildren(QWidget):
        if not one.isVisible() or isinstance(one, ElidedLabel):
            continue
        if isinstance(one, QLabel) and not one.wordWrap() and one.text():
            needed = one.fontMetrics().horizontalAdvance(max(one.text().splitlines(), key=len))
        elif isinstance(one, QAbstractButton) and one.text() and not one.toolTip():
            needed = one.sizeHint().width()
        else:
            continue
        if one.width() < needed - (ROUNDING if isinstance(one, ElidedButton) else 1):
            found.append(f"{type(one).__name__} {one.text()!r}: {one.width()} of {needed}")
    return found


def needed(area: QScrollArea) -> int:
    inside = area.widget()
    return inside.minimumSizeHint().width() if inside is not None else 0


def sideways(page: QWidget) -> list[str]:
    """Areas of the page that would have to be scrolled sideways."""
    return [
        f"{area.accessibleName()}: {area.horizontalScrollBar().maximum()}"
        for area in page.findChildren(QScrollArea)
        if area.isVisible() and needed(area) > area.viewport().width()
    ]


@pytest.mark.parametrize("page", ["chat", "settings", "tools"])
def test_nothing_is_cut_in_a_narrow_window_with_large_text(
    pseudo_locale: None, make_window: MakeWindow, page: str, tmp_path: Path
) -> None:
    def prepare(workbench: FakeWorkbench) -> None:
        workbench.change_setting("appearance.text_scale", 2.0)

    opened = make_window(prepare=prepare)
    opened.window.resize(NARROW, 900)
    if page != "chat":
        opened.window.actions_[page].trigger()
    opened.until(opened.idle)
    QTest.qWait(50)
    opened.window.grab().save(str(tmp_path / f"{page}.png"))
    for _ in range(40):  # a page that was just filled is laid out by and by
        if not cut(opened.window) and not sideways(opened.window):
            break
        QTest.qWait(50)
    assert cut(opened.window) == []
    assert sideways(opened.window) == []
