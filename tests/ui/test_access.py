"""Access: every control is reached by Tab, shows that it has the focus, has a name and a role; and text runs its way."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from tests.fakes.backend import ScriptedBackend
from tests.ui.conftest import MakeWindow, OpenWindow
from tests.ui.test_window import spoken

PAGES = ["chat", "settings", "models", "shortcuts", "commands"]
HEBREW, ARABIC = "שלום עולם, מה שלומך?", "مرحبا بالعالم، كيف حالك؟"
LINKS = 5  # in one text, at most


def open_page(make_window: MakeWindow, page: str, *, unfolded: bool = True) -> OpenWindow:
    opened = make_window(ScriptedBackend("An answer with [a link](https://a.b).\n\n```py\nx\n```"))
    opened.window.resize(1200, 2400)  # high: what scrolls away is another matter
    opened.send("A question")
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)
    opened.composer.show_text("text")
    opened.window.activateWindow()
    if page != "chat":
        opened.window.actions_[page].trigger()
    if page == "settings" and unfolded:
        settings = opened.window.settings_page
        assert settings is not None
        settings.open_shortcuts()
    opened.until(opened.idle)
    QTest.qWait(50)
    return opened


def stops(root: QWidget) -> list[QWidget]:
    """The controls that Tab should reach."""
    return [
        one
        for one in root.findChildren(QWidget)
        if one.isVisible()
        and one.isEnabled()
        and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.focusProxy() is None
    ]


def walk(opened: OpenWindow, most: int = 400) -> list[QWidget]:
    """Where Tab goes, until it comes round."""
    seen: list[QWidget] = []
    again = 0
    for _step in range(most):
        focused = opened.window.focusWidget()
        assert focused is not None
        again = again + 1 if seen and focused is seen[-1] else 0  # a text with links is a stop for each
        if focused in seen[:-1] or again > LINKS:
            return seen
        if not again:
            seen.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    pytest.fail("Tab does not come round")


def named(controls: list[QWidget]) -> list[str]:
    return [f"{type(one).__name__} {spoken(one)!r}" for one in controls]


@pytest.mark.parametrize("page", PAGES)
def test_tab_reaches_every_control(make_window: MakeWindow, page: str) -> None:
    opened = open_page(make_window, page)
    reached = walk(opened)
    floating: QWidget | None = opened.window.focusWidget()
    root: QWidget = opened.window
    while floating is not None and floating is not root:  # what floats keeps the focus inside
        if floating.property("look") == "popover":
            root = floating
        floating = floating.parentWidget()
    assert named([one for one in stops(root) if one not in reached]) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_control_has_a_name_and_a_role(make_window: MakeWindow, page: str) -> None:
    opened = open_page(make_window, page)
    for control in stops(opened.window):
        interface = QAccessible.queryAccessibleInterface(control)
        assert spoken(control), named([control])
        assert interface.role() != QAccessible.Role.NoRole, named([control])


def changed_pixels(before: QImage, after: QImage) -> int:
    assert before.size() == after.size()
    return sum(before.pixel(x, y) != after.pixel(x, y) for x in range(before.width()) for y in range(before.height()))


def marked(control: QWidget) -> QWidget:
    """What shows the focus of ``control``: the frame around it, or the control itself."""
    frame: QWidget | None = control.parentWidget()
    while frame is not None and frame.property("look") != "composer":
        frame = frame.parentWidget()
    return frame if frame is not None and isinstance(control, QPlainTextEdit) else control


@pytest.mark.parametrize("page", ["chat", "settings"])
def test_the_focus_can_be_seen(make_window: MakeWindow, page: str) -> None:
    """More than a caret: at least a line along the shorter side of the control."""
    opened = open_page(make_window, page, unfolded=False)
    unseen: list[QWidget] = []
    for _step in range(len(walk(opened))):
        control = opened.window.focusWidget()
        assert control is not None
        shows = marked(control)
        with_focus = shows.grab().toImage()
        QTest.keyClick(control, Qt.Key.Key_Tab)
        if opened.window.focusWidget() is control:  # a link of a text: the text itself is no control
            continue
        without = shows.grab().toImage()
        if changed_pixels(with_focus, without) < min(shows.width(), shows.height()):
            unseen.append(control)
    assert named(unseen) == []


def first_character_at(field: QTextEdit | QPlainTextEdit) -> float:
    """Where the first character stands, from 0 (left) to 1."""
    cursor = QTextCursor(field.document())
    cursor.movePosition(QTextCursor.MoveOperation.Start)
    return field.cursorRect(cursor).x() / max(1, field.viewport().width())


@pytest.mark.parametrize("text", [HEBREW, ARABIC, f"1. {HEBREW}"])
def test_the_composer_writes_in_the_direction_of_the_text(make_window: MakeWindow, text: str) -> None:
    opened = make_window()
    draft = opened.composer.draft
    opened.composer.show_text("Hello")
    assert first_character_at(draft) < 0.1
    opened.composer.show_text(text)
    assert first_character_at(draft) > 0.9


def test_the_transcript_reads_in_the_direction_of_each_paragraph(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(f"Hello.\n\n{HEBREW}\n\n- {ARABIC}\n\nEnd."))
    opened.send(ARABIC)
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)
    found: dict[str, Qt.LayoutDirection] = {}
    for field in opened.page.transcript.findChildren(QTextEdit):
        block = field.document().firstBlock()
        while block.isValid():
            found[block.text()] = block.textDirection()
            block = block.next()
    right, left = Qt.LayoutDirection.RightToLeft, Qt.LayoutDirection.LeftToRight
    assert {found[HEBREW], found[ARABIC]} == {right}
    assert {found["Hello."], found["End."]} == {left}
