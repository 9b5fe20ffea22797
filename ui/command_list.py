"""The command list: type a few letters of an action or a chat, or of what was said in one, and press Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFont, QKeyEvent, QPainter
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
from ui.search.hit_painter import HitPainter, spoken
from ui.search.panel import SEARCHING
from ui.theme import TypeScale
from ui.translation import marked, tr
from ui.widgets.floating import Floating
from ui.widgets.found_list import FOUND_ROLE
from ui.widgets.labels import label, rule
from workbench.chat.searching.search import Hit

if TYPE_CHECKING:
    from ui.search.asking import ChatSearch

WIDTH, ROW_HEIGHT, MAX_ROWS = 560, 36, 11
BESIDE_WORDS, LEAST_WORDS = 44, 96  # pixels: margins and gaps of a row; what is left to its words at least
NOTHING = marked("Nothing here has these words.")
MOST, MOST_BESIDE_HITS = 60, 8  # rows of actions and titles
KEY_ROLE = FOUND_ROLE + 1


@dataclass(frozen=True, slots=True)
class Command:
    """``key``: stands at the right. ``also``: further words by which it is found."""

    text: str
    act: Callable[[], None]
    icon: str = ""
    key: str = ""
    also: str = ""

    @property
    def searched(self) -> str:
        return f"{self.text} {self.also}".casefold()


def found(commands: Sequence[Command], query: str) -> tuple[Command, ...]:
    """Commands holding every word of ``query``, those that begin with it first; order is kept otherwise."""
    words = query.casefold().split()
    hits = [command for command in commands if all(word in command.searched for word in words)]
    start = query.casefold().strip()
    return tuple(sorted(hits, key=lambda command: not _begins(command, start)))


def _begins(command: Command, start: str) -> bool:
    return command.searched.startswith(start) or (bool(command.also) and command.also.casefold().startswith(start))


class Found(Protocol):
    """The search over what was said in all chats."""

    @property
    def palette(self) -> ChatSearch: ...

    def go_to(self, hit: Hit) -> None: ...


class _RowDelegate(QStyledItemDelegate):
    """Adds the shortcut at the right of an action; paints what was said in a chat."""

    def __init__(self, appearance: Appearance, parent: QObject) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._hits = HitPainter(appearance, 1)

    def height(self, font: QFont, hit: Hit) -> int:
        return self._hits.height(font, hit)

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """The words leave room for the keys."""
        super().initStyleOption(option, index)
        if keys := index.data(KEY_ROLE):
            taken = option.decorationSize.width() + option.fontMetrics.horizontalAdvance(keys) + BESIDE_WORDS
            room = max(LEAST_WORDS, option.rect.width() - taken)
            option.text = option.fontMetrics.elidedText(option.text, Qt.TextElideMode.ElideRight, room)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if (hit := index.data(FOUND_ROLE)) is not None:
            painter.save()
            self._hits.paint(painter, option.font, option.rect, hit)
            painter.restore()
            return
        painter.setPen(self._appearance.colour("text"))
        box = option.rect.adjusted(LEAST_WORDS + BESIDE_WORDS, 0, -12, 0)
        keys = option.fontMetrics.elidedText(index.data(KEY_ROLE) or "", Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), keys)


class CommandList(Floating):
    """The field keeps the focus; arrow keys walk through the list below it."""

    def __init__(
        self,
        commands: Sequence[Command],
        appearance: Appearance,
        window: QWidget,
        search: Found | None = None,
        name: str = "",
    ) -> None:
        name = name or tr("Search chats and commands")
        super().__init__(name, window)
        self._commands = tuple(commands)
        self._appearance = appearance
        self._search = search
        self._hits: tuple[Command, ...] = ()
        self._said: tuple[Hit, ...] = ()
        self._awaited = self._walked = self._entered = (
            False  # hits of this text; a row was chosen; Enter came before them
        )
        self.field = QLineEdit()
        self.field.setProperty("look", "bare")
        self.field.setPlaceholderText(name)
        self.field.setAccessibleName(name)
        self.list = QListWidget()
        self.list.setProperty("look", "commands")
        self.list.setAccessibleName(tr("Results"))
        self._delegate = _RowDelegate(appearance, self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._row_height = max(ROW_HEIGHT, appearance.pixels(TypeScale().body) * 2)
        side = appearance.pixels(16)
        self.list.setIconSize(QSize(side, side))
        self._empty = label(tr(NOTHING), "muted")
        self._empty.setContentsMargins(12, 10, 12, 10)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.field)
        layout.addWidget(rule())
        layout.addWidget(self.list)
        layout.addWidget(self._empty)
        self.field.textChanged.connect(self._on_typed)
        if search is not None:
            search.palette.found.connect(self._show_said)
            search.palette.failed.connect(self._show_failure)
        self.field.installEventFilter(self)
        self.list.itemActivated.connect(lambda _item: self._choose())
        self.list.itemClicked.connect(lambda _item: self._choose())

    def open(self) -> None:
        self._show("")
        self.place_at_top(WIDTH)
        self.appear()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def add(self, commands: Sequence[Command]) -> None:
        """More of them, behind the others; what is chosen stays chosen."""
        self._commands += tuple(commands)
        row = self.list.currentRow()
        self._show(self.field.text())
        self.list.setCurrentRow(max(0, min(row, self.list.count() - 1)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
                self._walked = True
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._enter()
                return True
        return super().eventFilter(watched, event)

    def _on_typed(self, text: str) -> None:
        self._show(text)
        self._walked = self._entered = False
        self._awaited = self._search is not None and bool(text.strip())
        if self._search is not None:
            self._empty.setText(tr(SEARCHING))
            self._search.palette.ask(text)

    def _show(self, query: str) -> None:
        """The actions and titles at once; what was said follows, until then what was found before stays."""
        self._hits = found(self._commands, query)[: MOST_BESIDE_HITS if query.strip() else MOST]
        self._said = self._said if query.strip() else ()
        self.list.clear()
        colour = self._appearance.tokens.muted
        for command in self._hits:
            item = QListWidgetItem(
                icon(command.icon or "message-square", colour, self.list.iconSize().width()), command.text
            )
            item.setData(KEY_ROLE, command.key)
            item.setSizeHint(QSize(0, self._row_height))
            self.list.addItem(item)
        self._add_said()
        self.list.setCurrentRow(0)

    def _show_said(self, text: str, hits: tuple[Hit, ...]) -> None:
        """The person may have walked down meanwhile: the row stays."""
        if text != self.field.text():
            return
        self._awaited = False
        self._empty.setText(tr(NOTHING))
        row = self.list.currentRow()
        while self.list.count() > len(self._hits):
            self.list.takeItem(self.list.count() - 1)
        self._said = tuple(hit for hit in hits if hit.message is not None)
        self._add_said()
        self.list.setCurrentRow(max(0, min(row, self.list.count() - 1)))
        if self._entered:
            self._entered = False
            self._choose()

    def _show_failure(self, words: str) -> None:
        self._awaited = self._entered = False
        self._empty.setText(words)

    def _add_said(self) -> None:
        for hit in self._said:
            item = QListWidgetItem()
            item.setData(FOUND_ROLE, hit)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken(hit))
            item.setSizeHint(QSize(0, self._delegate.height(self.list.font(), hit)))
            self.list.addItem(item)
        any_rows = self.list.count() > 0
        self.list.setVisible(any_rows)
        self._empty.setVisible(not any_rows)
        tall = sum(self.list.item(row).sizeHint().height() for row in range(self.list.count()))
        self.list.setFixedHeight(max(self._row_height, min(tall, self._row_height * MAX_ROWS)) + 4)
        self.adjustSize()

    def _enter(self) -> None:
        """The row; where there are only hits of what was typed before, the best of those that are on their way."""
        if self._awaited and not self._hits and not self._walked:
            self._entered = True
        else:
            self._choose()

    def _choose(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._hits):
            command = self._hits[row]
            self.dismiss()
            command.act()
        elif 0 <= row - len(self._hits) < len(self._said) and self._search is not None:
            search, hit = self._search, self._said[row - len(self._hits)]
            self.dismiss()
            search.go_to(hit)
