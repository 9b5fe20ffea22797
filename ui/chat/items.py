"""The chat list as an item model: day headers and chats, one flat list."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.chat.days import by_day, matching
from workbench.chat.tree import ConversationSummary
from workbench.messages import Id

Index = QModelIndex | QPersistentModelIndex
CHAT_ROLE = int(Qt.ItemDataRole.UserRole) + 1
BUSY_ROLE = CHAT_ROLE + 1
_NO_PARENT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Header:
    label: str


Row = Header | ConversationSummary


def untitled(chat: ConversationSummary) -> str:
    """The title to show."""
    return chat.title or "New chat"


class ChatListModel(QAbstractListModel):
    """Rows are day headers (not selectable) and chats."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chats: tuple[ConversationSummary, ...] = ()
        self._words = ""
        self._busy: frozenset[Id] = frozenset()
        self._rows: tuple[Row, ...] = ()

    # What the window tells it ----------------------------------------------------------------------------------------

    def show_chats(self, chats: Iterable[ConversationSummary], now: datetime) -> None:
        self._chats = tuple(chats)
        self._arrange(now)

    def show_matching(self, words: str, now: datetime) -> None:
        self._words = words
        self._arrange(now)

    def show_busy(self, busy: Collection[Id]) -> None:
        """Mark the chats whose answer is being written."""
        changed = self._busy ^ frozenset(busy)
        self._busy = frozenset(busy)
        for row, item in enumerate(self._rows):
            if isinstance(item, ConversationSummary) and item.id in changed:
                self.dataChanged.emit(self.index(row), self.index(row))

    # What views and the window ask -----------------------------------------------------------------------------------

    @property
    def chats(self) -> tuple[ConversationSummary, ...]:
        """The chats in view, top to bottom."""
        return tuple(row for row in self._rows if isinstance(row, ConversationSummary))

    @property
    def all_chats(self) -> tuple[ConversationSummary, ...]:
        """Newest first, whatever the filter says."""
        return tuple(sorted(self._chats, key=lambda chat: chat.updated_at, reverse=True))

    def row_of(self, chat_id: Id | None) -> int:
        """The row of a chat, or -1."""
        for row, item in enumerate(self._rows):
            if isinstance(item, ConversationSummary) and item.id == chat_id:
                return row
        return -1

    def chat_at(self, index: Index) -> ConversationSummary | None:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        return row if isinstance(row, ConversationSummary) else None

    # QAbstractListModel ----------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if isinstance(row, Header):
            return row.label if role == Qt.ItemDataRole.DisplayRole else None
        return self._of_chat(row, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if self.chat_at(index) is None:
            return Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def _of_chat(self, chat: ConversationSummary, role: int) -> Any:
        busy = chat.id in self._busy
        if role == Qt.ItemDataRole.DisplayRole:
            return untitled(chat)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{untitled(chat)}, answering" if busy else untitled(chat)
        if role == CHAT_ROLE:
            return chat
        return busy if role == BUSY_ROLE else None

    def _arrange(self, now: datetime) -> None:
        rows: list[Row] = []
        for label, members in by_day(matching(self._chats, self._words), now):
            rows += [Header(label), *members]
        if tuple(rows) == self._rows:
            return
        if _places(rows) == _places(self._rows):
            self._rows = tuple(rows)
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()


def _places(rows: Iterable[Row]) -> list[str]:
    """What stands where, whatever it is called now."""
    return [row.label if isinstance(row, Header) else row.id for row in rows]
