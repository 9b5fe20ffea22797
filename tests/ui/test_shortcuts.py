"""Shortcuts: every action's keys work, can be changed, conflicts are told, and the lists show the person's keys."""

from __future__ import annotations

from functools import partial
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcutEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.fakes.backend import ScriptedBackend
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.actions import ACTIONS, CHANGEABLE, DEFAULT_KEYS, Actions, shortcut_rows
from ui.appearance import Appearance
from ui.command_list import CommandList
from ui.keys import in_use, owner, parsed, problem
from ui.settings.shortcuts import ShortcutsSection
from ui.shortcut_list import ShortcutList
from workbench.settings import Settings, with_value

CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("ctrl+n Ctrl+Shift+o", ("Ctrl+N", "Ctrl+Shift+O")),
        ("", ()),
        ("Ctrl+,", ("Ctrl+,",)),
        ("Ctrl+Nonsense", None),
        ("Ctrl+N nonsense", None),
    ],
)
def test_keys_are_read(words: str, keys: tuple[str, ...] | None) -> None:
    assert parsed(words) == keys


@pytest.mark.parametrize(
    "keys", ["A", "Shift+A", "Space", "Ctrl+C", "Esc", "Return", "Tab", "Nonsense", "Ctrl+N Ctrl+O"]
)
def test_what_writing_needs_is_refused(keys: str) -> None:
    assert problem(keys)


@pytest.mark.parametrize("keys", ["Ctrl+J", "Alt+Shift+P", "F7", "Shift+Esc", "Meta+Space", "Ctrl++"])
def test_what_can_be_a_shortcut(keys: str) -> None:
    assert problem(keys) == ""


@pytest.mark.parametrize("action", CHANGEABLE, ids=lambda action: action.id)
def test_the_usual_keys_could_be_chosen_again(action: object) -> None:
    assert all(problem(keys) == "" for keys in action.keys)  # type: ignore[attr-defined]


def test_own_keys_win_and_what_cannot_be_used_is_ignored() -> None:
    used = in_use(DEFAULT_KEYS, {"models": "Ctrl+N", "find": "nonsense", "sidebar": "", "effort": "A", "gone": "F5"})
    assert used["models"] == ("Ctrl+N",)
    assert used["new_chat"] == ("Ctrl+Shift+O",)
    assert used["find"] == ("Ctrl+F",)
    assert used["sidebar"] == ()
    assert used["effort"] == DEFAULT_KEYS["effort"]
    assert owner("ctrl+n", used) == "models"
    assert owner("Ctrl+N", used, besides="models") == ""


def test_the_list_shows_the_persons_keys() -> None:
    rows = dict(shortcut_rows({"find": "F3", "sidebar": ""}))
    assert rows["Find in this chat"] == ("F3",)
    assert "Show or hide the sidebar" not in rows


@pytest.fixture
def section(appearance: Appearance, qtbot: QtBot) -> ShortcutsSection:
    made = ShortcutsSection(appearance)
    qtbot.addWidget(made)
    made.resize(640, 1600)
    made.show()
    made.show_keys({})
    made.open()
    return made


def press(section: ShortcutsSection, action: str, key: Qt.Key, modifiers: Qt.KeyboardModifier = CONTROL) -> None:
    button = section.rows[action].keys
    button.click()
    assert button.waiting
    QTest.keyClick(button, key, modifiers)


def test_every_action_is_there_but_the_fixed_ones(section: ShortcutsSection) -> None:
    assert set(section.rows) == {
        action.id for action in ACTIONS if action.id != "stop" and not action.id.startswith("chat_")
    }


def test_new_keys_are_pressed_and_saved(section: ShortcutsSection) -> None:
    saved: list[tuple[str, object]] = []
    section.saved.connect(lambda key, value: saved.append((key, value)))
    press(section, "find", Qt.Key.Key_J)
    press(section, "models", Qt.Key.Key_F7, Qt.KeyboardModifier.NoModifier)
    assert saved == [
        ("shortcuts.keys", {"find": "Ctrl+J"}),
        ("shortcuts.keys", {"find": "Ctrl+J", "models": "F7"}),
    ]
    with_value(Settings(), *saved[-1])
    assert section.rows["models"].keys.accessibleName() == "Models: F7"
    assert not section.rows["find"].reset.isHidden()
    section.rows["find"].reset.click()
    assert saved[-1] == ("shortcuts.keys", {"models": "F7"})
    section.reset_all.click()
    assert saved[-1] == ("shortcuts.keys", {})
    assert section.rows["models"].keys.accessibleName() == "Models: No keys"


def test_conflicts_are_told_and_nothing_is_saved(section: ShortcutsSection) -> None:
    saved: list[object] = []
    section.saved.connect(lambda _key, value: saved.append(value))
    press(section, "find", Qt.Key.Key_N)
    row = section.rows["find"]
    assert "is already “New chat”" in row.refused.text()
    assert row.refused.isVisible()
    press(section, "find", Qt.Key.Key_C)
    assert "needed for editing text" in row.refused.text()
    assert saved == []
    press(section, "find", Qt.Key.Key_J)
    assert not row.refused.isVisible()


def test_keys_that_went_elsewhere_stay_there_on_the_way_back(section: ShortcutsSection) -> None:
    press(section, "find", Qt.Key.Key_J)
    press(section, "models", Qt.Key.Key_F)
    section.rows["find"].reset.click()
    assert "stays with “Models”" in section.rows["find"].refused.text()


def test_escape_tab_and_looking_elsewhere_leave_the_keys_backspace_takes_them_away(section: ShortcutsSection) -> None:
    saved: list[object] = []
    section.saved.connect(lambda _key, value: saved.append(value))
    none = Qt.KeyboardModifier.NoModifier
    press(section, "find", Qt.Key.Key_Escape, none)
    press(section, "find", Qt.Key.Key_Tab, none)
    section.rows["find"].keys.setFocus()
    press(section, "find", Qt.Key.Key_Control, none)
    section.rows["find"].keys.clearFocus()
    assert not section.rows["find"].keys.waiting
    assert saved == []
    press(section, "find", Qt.Key.Key_Backspace, none)
    assert saved == [{"find": ""}]
    assert section.rows["find"].keys.accessibleName() == "Find in this chat: No keys"


def test_changed_keys_work_and_show_at_once(make_window: MakeWindow) -> None:
    opened = make_window()
    window = opened.window
    window.activateWindow()
    opened.workbench.change_setting(
        "shortcuts.keys", {"settings": "Ctrl+Shift+G", "new_chat": "F4", "find_previous": ""}
    )
    opened.until(lambda: window.actions_.shown_keys("new_chat") == "F4")
    assert window.sidebar.new_button.toolTip().endswith("F4")
    QTest.keyClick(opened.composer.draft, Qt.Key.Key_G, CONTROL | SHIFT)
    opened.until(lambda: window.settings_page is not None and window.settings_page.isVisible())
    window.actions_["shortcuts"].trigger()
    shown = [one.text() for one in found(window, ShortcutList).findChildren(QLabel)]
    assert "F4" in shown
    assert "Ctrl+N" not in shown
    found(window, ShortcutList).dismiss()
    window.actions_["commands"].trigger()
    listed = {command.text: command.key for command in found(window, CommandList)._commands}
    assert listed["New chat"] == "F4"


def test_every_action_is_wired_and_listed(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("An answer."))
    ask(opened, "One")
    opened.window.actions_["commands"].trigger()
    palette = found(opened.window, CommandList)
    listed = {command.text for command in palette._commands}
    assert {action.text for action in ACTIONS if action.listed} <= listed
    palette.dismiss()
    for action in ACTIONS:
        if action.id not in ("quit", "delete_chat"):
            opened.window.actions_[action.id].trigger()
    opened.until(opened.idle)


Child = TypeVar("Child", bound=QWidget)


def found(parent: QWidget, kind: type[Child]) -> Child:
    child = parent.findChild(kind)
    assert child is not None
    return child


def ask(opened: OpenWindow, text: str) -> None:
    opened.send(text)
    opened.until(lambda: opened.idle() and opened.texts[:1] == [text] and len(opened.texts) == 2)


def test_the_next_and_the_former_chat(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("1", "2", "3"))
    window = opened.window
    for number, text in enumerate(("One", "Two", "Three"), 1):
        window.actions_["new_chat"].trigger()
        ask(opened, text)
        opened.until(partial(lambda count: len(window.sidebar.model.chats) == count, number))
    opened.until(lambda: [chat.title for chat in window.sidebar.model.chats] == ["Three", "Two", "One"])
    opened.until(lambda: opened.idle() and opened.page.title.text() == "Three")
    window.activateWindow()
    shown = opened.page.title

    def go(key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        QTest.keyClick(window.focusWidget() or window, key, modifiers)

    go(Qt.Key.Key_Tab, CONTROL)
    opened.until(lambda: shown.text() == "Two")
    go(Qt.Key.Key_PageDown, CONTROL)
    opened.until(lambda: shown.text() == "One")
    go(Qt.Key.Key_Tab, CONTROL)  # round
    opened.until(lambda: shown.text() == "Three")
    go(Qt.Key.Key_Backtab, CONTROL | SHIFT)  # what a keyboard sends for Ctrl+Shift+Tab
    opened.until(lambda: shown.text() == "One")
    go(Qt.Key.Key_PageUp, CONTROL)
    opened.until(lambda: shown.text() == "Two")


def test_shift_escape_leads_to_the_composer(make_window: MakeWindow) -> None:
    opened = make_window()
    window = opened.window
    window.activateWindow()
    window.sidebar.list.setFocus()
    QTest.keyClick(window.sidebar.list, Qt.Key.Key_Escape, SHIFT)
    assert window.focusWidget() is opened.composer.draft
    window.pages.open_settings()
    field: QWidget = window.focusWidget()
    QTest.keyClick(field, Qt.Key.Key_Escape, SHIFT)
    assert window.focusWidget() is opened.composer.draft
    assert opened.page.isVisible()


def test_ctrl_g_goes_on_in_what_was_found(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("tea and tea"))
    ask(opened, "No coffee")
    window = opened.window
    window.activateWindow()
    window.actions_["find_next"].trigger()  # without a search there is nothing to do
    window.actions_["find"].trigger()
    bar = opened.page.find_bar
    QTest.keyClicks(bar.field, "tea")
    QTest.keyClick(bar.field, Qt.Key.Key_G, CONTROL)
    QTest.keyClick(bar.field, Qt.Key.Key_G, CONTROL)
    assert bar._count.text() == "2 of 2"
    QTest.keyClick(bar.field, Qt.Key.Key_G, CONTROL | SHIFT)
    assert bar._count.text() == "1 of 2"


def test_two_keys_of_one_action_that_are_one_press_are_no_doubt(qtbot: QtBot) -> None:
    window, done = QWidget(), list[str]()
    qtbot.addWidget(window)
    actions = Actions(window, {text.id: partial(done.append, text.id) for text in ACTIONS})
    doubted = QShortcutEvent(QKeySequence('Ctrl+"'), 1, ambiguous=True)
    QApplication.sendEvent(actions["temporary_chat"], doubted)
    assert done == ["temporary_chat"]
