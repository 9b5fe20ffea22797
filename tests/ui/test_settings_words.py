"""The settings, the command list and the list of shortcuts speak the person's language, and have room for its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QListWidget, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.fakes.pseudo_locale import PseudoLocale
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.appearance import Appearance
from ui.command_list import CommandList
from ui.settings.about import CREDITS
from ui.settings.api_items import detail_words, outcome_words, title_words
from ui.settings.keeping_words import backups_words, report_words
from ui.settings.page import SettingsPage
from ui.settings.parts import Picker
from ui.shortcut_list import ShortcutList
from ui.widgets.buttons import ElidedButton
from workbench import __version__
from workbench.chat.importing.service import ImportReport
from workbench.diagnostics.backup_making import BackupState
from workbench.engine.runtimes.builds import WORKER
from workbench.serving.activity import Exchange

NOW = datetime(2026, 11, 12, 15, 0, tzinfo=UTC)
NAMES = (*CREDITS, __version__, WORKER, "Workbench", "Fake 1B")  # in every language the same


@pytest.fixture
def pseudo_locale(qapp: QApplication) -> Iterator[None]:
    translator = PseudoLocale(qapp)
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)
    translator.deleteLater()


def untranslated(words: str) -> bool:
    """Whether something that is no name stands beside the brackets of what was translated."""
    for name in NAMES:
        words = words.replace(name, "")
    while (left := re.sub(r"\[[^\[\]]*[\]…]", "", words)) != words:
        words = left
    return not re.match("https?:|/|[A-Z]:", words) and re.search(r"[^\W\d_]{2}", words) is not None


def said_by(page: QWidget) -> set[str]:
    """What is seen or heard of a page and its parts, also of those that are folded."""
    said = set()
    for one in (page, *page.findChildren(QWidget)):
        said |= {one.accessibleName(), one.accessibleDescription(), one.toolTip()}
        if isinstance(one, ElidedButton):
            said.add(one.accessibleName())
        elif isinstance(one, QLabel | QAbstractButton):
            said.add(one.text())
        elif isinstance(one, QLineEdit | QPlainTextEdit):
            said.add(one.placeholderText())
        elif isinstance(one, QListWidget):
            said |= {one.item(row).text() for row in range(one.count())}
    return said


def open_settings(make_window: MakeWindow) -> tuple[OpenWindow, SettingsPage]:
    opened = make_window()
    opened.window.resize(1100, 900)
    opened.window.actions_["settings"].trigger()
    opened.until(opened.idle)
    page = opened.window.settings_page
    assert page is not None
    return opened, page


def test_the_settings_say_no_word_that_was_not_translated(pseudo_locale: None, make_window: MakeWindow) -> None:
    opened, page = open_settings(make_window)
    page.open_shortcuts()
    home = str(opened.workbench.paths.home)
    said = {words.replace(home, "") for words in said_by(page)}
    assert sum(words.startswith("[") for words in said) > 100
    assert [words for words in sorted(said) if untranslated(words)] == []


def test_lists_over_the_window_are_translated(pseudo_locale: None, make_window: MakeWindow) -> None:
    opened = make_window()
    for action, kind in (("commands", CommandList), ("shortcuts", ShortcutList)):
        opened.window.actions_[action].trigger()
        shown = opened.window.findChild(kind)
        assert shown is not None
        said = {one for one in said_by(shown) if not re.match(r"(Ctrl|Shift|Alt|Esc|Enter|Up|Del)\b|F\d", one)}
        assert len(said) > 5
        assert [words for words in sorted(said) if untranslated(words)] == []
        shown.dismiss()


def test_what_is_counted_is_translated(pseudo_locale: None) -> None:
    asked = Exchange(1, 0.0, "/v1/models", status=401, error="invalid_api_key", times=3, seconds=0.1)
    told = (
        title_words(asked),
        outcome_words(asked),
        detail_words(asked, NOW).partition(" · ")[2],
        report_words(ImportReport("", imported=2, updated=1, messages=5, skipped=())),
        backups_words(BackupState((), NOW.timestamp() + 60), NOW),
    )
    assert [words for words in told if untranslated(words)] == []


def test_the_settings_are_no_higher_than_what_they_hold(make_window: MakeWindow) -> None:
    opened, page = open_settings(make_window)
    inside = page._scroll.widget()
    assert inside is not None
    opened.until(lambda: inside.height() == inside.heightForWidth(inside.width()))


def test_what_is_chosen_is_cut_where_there_is_no_room(appearance: Appearance, qtbot: QtBot) -> None:
    picker = Picker("Model", appearance)
    qtbot.addWidget(picker)
    picker.show_choice("A & B with a long name")
    picker.resize(picker.sizeHint())
    picker.show()
    assert picker.text().startswith("A && B with a long name")
    picker.resize(120, picker.height())
    assert "…" in picker.text()
    assert (picker.toolTip(), picker.accessibleName()) == ("A & B with a long name", "Model: A & B with a long name")
