"""The command list: type a few letters of an action or a chat, press Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.appearance import Appearance
from ui.icons import icon
from ui.widgets.floating import Floating
from ui.widgets.labels import label, rule

WIDTH, ROW_HEIGHT, MAX_ROWS = 560, 36, 9
KEY_ROLE = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(frozen=True, slots=True)
class Command:
    text: str
    act: Callable[[], None]
    icon: str = ""
    key: str = ""


def found(commands: Sequence[Command], query: str) -> tuple[Command, ...]:
    """Commands holding every word of ``query``, those that begin with it first; order is kept otherwise."""
    words = query.casefold().split()
    hits = [command for command in commands if all(word in command.text.casefold() for word in words)]
    start = query.casefold().strip()
    return tuple(sorted(hits, key=lambda command: not command.text.casefold().startswith(start)))


class _KeyDelegate(QStyledItemDelegate):
    """Adds the shortcut at the right."""

    def __init__(self, appearance: Appearance, parent: QObject) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        painter.setPen(self._appearance.colour("text"))
        box = option.rect.adjusted(0, 0, -12, 0)
        painter.drawText(
            box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), index.data(KEY_ROLE) or ""
        )


class CommandList(Floating):
    """The field keeps the focus; arrow keys walk through the list below it."""

    def __init__(self, commands: Sequence[Command], appearance: Appearance, window: QWidget) -> None:
        super().__init__("Search chats and commands", window)
        self._commands = tuple(commands)
        self._appearance = appearance
        self._hits: tuple[Command, ...] = ()
        self.field = QLineEdit()
        self.field.setProperty("look", "bare")
        self.field.setPlaceholderText("Search chats and commands")
        self.field.setAccessibleName("Search chats and commands")
        self.list = QListWidget()
        self.list.setProperty("look", "commands")
        self.list.setAccessibleName("Results")
        self.list.setItemDelegate(_KeyDelegate(appearance, self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setIconSize(QSize(16, 16))
        self._empty = label("Nothing here has these words.", "muted")
        self._empty.setContentsMargins(12, 10, 12, 10)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.field)
        layout.addWidget(rule())
        layout.addWidget(self.list)
        layout.addWidget(self._empty)
        self.field.textChanged.connect(self._show)
        self.field.installEventFilter(self)
        self.list.itemActivated.connect(lambda _item: self._choose())
        self.list.itemClicked.connect(lambda _item: self._choose())

    def open(self) -> None:
        self._show("")
        self.place_at_top(WIDTH)
        self.appear()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self._hits:
                self.list.setCurrentRow((self.list.currentRow() + step) % len(self._hits))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose()
                return True
        return super().eventFilter(watched, event)

    def _show(self, query: str) -> None:
        self._hits = found(self._commands, query)
        self.list.clear()
        colour = self._appearance.tokens.muted
        for command in self._hits:
            item = QListWidgetItem(icon(command.icon or "message-square", colour), command.text)
            item.setData(KEY_ROLE, command.key)
            item.setSizeHint(QSize(0, ROW_HEIGHT))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(self._hits))
        self._empty.setVisible(not self._hits)
        self.list.setFixedHeight(ROW_HEIGHT * min(MAX_ROWS, max(1, len(self._hits))) + 4)
        self.adjustSize()

    def _choose(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._hits):
            command = self._hits[row]
            self.dismiss()
            command.act()
