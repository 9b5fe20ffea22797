"""Versions of the panel come back after the window was closed, and go with their chat; a temporary chat keeps none."""

from __future__ import annotations

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.fakes.backend import ScriptedBackend
from tests.ui.conftest import MakeWindow, OpenWindow
from tests.ui.test_reading import panel_of, press
from ui.panel.documents import Document
from ui.widgets.popover import Popover

CODE = "Here:\n\n```python\nprint(1)\n```\n"


def answered(make_window: MakeWindow) -> OpenWindow:
    opened = make_window(ScriptedBackend(CODE))
    opened.send("Write a line")
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)
    return opened


def open_code(opened: OpenWindow) -> None:
    QApplication.processEvents()
    press(opened.window, "Open code in the panel")


def test_versions_are_there_when_the_window_is_opened_again(make_window: MakeWindow) -> None:
    opened = answered(make_window)
    open_code(opened)
    panel = panel_of(opened)
    assert panel.note.text() == "Versions are kept with this chat."
    panel.editor.setPlainText("print(2)")
    panel.keep_version()
    panel.editor.setPlainText("print(3)")
    (chat,) = opened.workbench.chat.list()
    answer = opened.page.transcript.items[-1].id
    opened.until(lambda: len(opened.workbench.versions.of_message(answer)) == 1)
    opened.window.close()  # what was typed last is kept too
    assert [one.text for one in opened.workbench.versions.of_message(answer)] == ["print(2)", "print(3)"]

    again = make_window()
    assert again.window.desk is not None
    again.window.desk.open_chat(chat.id)
    again.until(lambda: len(again.texts) == 2)
    open_code(again)
    panel = panel_of(again)
    again.until(lambda: panel.editor.toPlainText() == "print(3)")
    press(panel, "Compare with the version before")
    assert panel.editor.toPlainText() == "- print(2)\n+ print(3)"
    panel.versions.click()
    entries = again.window.findChildren(Popover)[-1]._entries
    assert [one.accessibleName() for one in entries] == ["As the model wrote it", "Version 2", "Version 3"]
    entries[1].click()
    assert panel.editor.toPlainText().splitlines()[-1] == "+ print(2)"  # still compared
    press(panel, "Compare with the version before")
    assert panel.editor.toPlainText() == "print(2)"


def test_a_temporary_chat_keeps_no_version(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(CODE))
    assert opened.window.desk is not None
    opened.window.desk.temporary_chat()
    opened.send("Write a line")
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)
    open_code(opened)
    panel = panel_of(opened)
    panel.editor.setPlainText("print(2)")
    panel.keep_version()
    assert "until Workbench is closed" in panel.note.text()
    opened.until(lambda: opened.window._bridge.idle)
    assert opened.workbench.database.rows("SELECT 1 FROM panel_versions") == []


def test_what_is_being_typed_stays_when_versions_arrive(make_window: MakeWindow) -> None:
    panel = panel_of(make_window())
    panel.show_document("k", "Text", "", "one", stays=True)
    QTest.keyClicks(panel.editor, "New ")
    panel.take_versions("k", ["two"])
    assert panel.editor.toPlainText() == "New one"
    panel.keep_version()
    assert panel.document is not None
    assert panel.document.versions == ("one", "two", "New one")


def test_a_text_that_is_only_read_is_no_version(make_window: MakeWindow) -> None:
    panel = panel_of(make_window())
    made: list[str] = []
    panel.version_made.connect(lambda _key, text: made.append(text))
    text = "Vraiment\u00a0?\r\nOui\u202f!\u2028Bien\u00a0: oui"
    panel.show_document("k", "Text", "", text, stays=True)
    assert not panel.keep.isEnabled()
    panel.take_versions("k", [text, text + "\u00a0."])
    panel.dismiss()
    assert made == []
    panel.show_document("k", "Text", "", text, stays=True)
    QTest.keyClicks(panel.editor, "Oh\u00a0: ")
    panel.keep_version()
    assert made == ["Oh\u00a0: Vraiment\u00a0?\nOui\u202f!\u2028Bien\u00a0: oui\u00a0."]


def test_kept_versions_stand_before_those_made_meanwhile() -> None:
    opened = Document("Text", "", ("a",))
    assert opened.with_kept(("b", "c")) == Document("Text", "", ("a", "b", "c"), 2)
    made = opened.with_version("d")
    assert made.with_kept(("b",)) == Document("Text", "", ("a", "b", "d"), 2)
    assert made.with_kept(("b", "d")).text == "d"
