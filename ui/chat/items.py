"""The chat list as an item model: day headers and chats, one flat list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.chat.days import PINNED, by_day
from ui.translation import tr
from workbench.chat.tree import ConversationSummary
from workbench.messages import Id

Index = QModelIndex | QPersistentModelIndex
CHAT_ROLE = int(Qt.ItemDataRole.UserRole) + 1
BUSY_ROLE = CHAT_ROLE + 1
WAITING_ROLE = CHAT_ROLE + 2
PAGE = 200  # rows that are laid out at once: a view asks each for its height
_NO_PARENT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Header:
    label: str


Row = Header | ConversationSummary


def untitled(chat: ConversationSummary) -> str:
    """The title to show."""
    return chat.title or tr("New chat")


class ChatListModel(QAbstractListModel):
    """Rows are day headers (not selectable) and chats."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chats: tuple[ConversationSummary, ...] = ()
        self._shown = 0
        self._busy: frozenset[Id] = frozenset()
        self._waiting: Mapping[Id, str] = {}
        self._rows: tuple[Row, ...] = ()
        self._places: dict[Id, int] = {}

    # What the window tells it ----------------------------------------------------------------------------------------

    def show_chats(self, chats: Iterable[ConversationSummary], now: datetime) -> None:
        self._chats = tuple(chats)
        self._arrange(now)

    def show_busy(self, busy: Collection[Id]) -> None:
        """Mark the chats whose answer is being written."""
        changed = self._busy ^ frozenset(busy)
        self._busy = frozenset(busy)
        self._repaint(changed)

    def show_waiting(self, waiting: Mapping[Id, str]) -> None:
        """Mark the chats in which something waits for the person, with the words that say what."""
        changed = {chat for chat, _words in self._waiting.items() ^ waiting.items()}
        self._waiting = dict(waiting)
        self._repaint(changed)

    def _repaint(self, changed: Collection[Id]) -> None:
        for row, item in enumerate(self._rows[: self._shown] if changed else ()):
            if isinstance(item, ConversationSummary) and item.id in changed:
                self.dataChanged.emit(self.index(row), self.index(row))

    # What views and the window ask -----------------------------------------------------------------------------------

    @property
    def chats(self) -> tuple[ConversationSummary, ...]:
        """All chats, top to bottom."""
        return tuple(row for row in self._rows if isinstance(row, ConversationSummary))

    @property
    def all_chats(self) -> tuple[ConversationSummary, ...]:
        """Newest first, pinned or not."""
        return tuple(sorted(self._chats, key=lambda chat: chat.updated_at, reverse=True))

    def chat(self, chat_id: Id | None) -> ConversationSummary | None:
        """A chat of the list by its id."""
        return next((chat for chat in self._chats if chat.id == chat_id), None)

    def row_of(self, chat_id: Id | None) -> int:
        """The row of a chat, also of one that the view has not come to; or -1."""
        return self._places.get(chat_id or "", -1)

    def reach(self, chat_id: Id | None) -> int:
        """The row of a chat, which the view has from now on; or -1."""
        row = self.row_of(chat_id)
        if row >= self._shown:
            self._show_rows(row + 1)
        return row

    def chat_at(self, index: Index) -> ConversationSummary | None:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        return row if isinstance(row, ConversationSummary) else None

    # QAbstractListModel ----------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else self._shown

    def canFetchMore(self, parent: Index = _NO_PARENT) -> bool:
        return not parent.isValid() and self._shown < len(self._rows)

    def fetchMore(self, parent: Index = _NO_PARENT) -> None:
        """The view has come to the end of what it has."""
        self._show_rows(self._shown + PAGE)

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
            state = [*(["pinned"] if chat.pinned_at else []), *(["answering"] if busy else [])]
            state += [words] if (words := self._waiting.get(chat.id)) else []
            return ", ".join([untitled(chat), *state])
        if role == CHAT_ROLE:
            return chat
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._waiting.get(chat.id)
        return {BUSY_ROLE: busy, WAITING_ROLE: chat.id in self._waiting}.get(role)

    def _arrange(self, now: datetime) -> None:
        rows: list[Row] = []
        pinned = sorted((chat for chat in self._chats if chat.pinned_at), key=lambda chat: -(chat.pinned_at or 0))
        if pinned:
            rows += [Header(tr(PINNED)), *pinned]
        for label, members in by_day((chat for chat in self._chats if not chat.pinned_at), now):
            rows += [Header(label), *members]
        before = self._rows[: self._shown]
        after = tuple(rows[: max(self._shown, PAGE)])
        in_place = len(after) == len(before) and _places(after) == _places(before)
        if not in_place:
            self.beginResetModel()
        self._rows, self._shown = tuple(rows), len(after)
        self._places = {row.id: place for place, row in enumerate(rows) if isinstance(row, ConversationSummary)}
        if not in_place:
            self.endResetModel()
        elif after != before:
            self.dataChanged.emit(self.index(0), self.index(len(after) - 1))

    def _show_rows(self, count: int) -> None:
        count = min(count, len(self._rows))
        if count > self._shown:
            self.beginInsertRows(QModelIndex(), self._shown, count - 1)
            self._shown = count
            self.endInsertRows()


def _places(rows: Iterable[Row]) -> list[str]:
    """What stands where, whatever it is called now."""
    return [row.label if isinstance(row, Header) else row.id for row in rows]
