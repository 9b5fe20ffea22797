"""Requests of other programs, as a list: what a row says, and how it is painted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.appearance import Appearance
from ui.dates import moment_words
from ui.theme import RADIUS_SMALL, TypeScale
from ui.translation import marked, tr
from workbench.serving.activity import GONE, Exchange

Index = QModelIndex | QPersistentModelIndex
TITLE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
DETAIL_ROLE, OUTCOME_ROLE, TONE_ROLE = TITLE_ROLE + 1, TITLE_ROLE + 2, TITLE_ROLE + 3
ROUTES = {
    "/v1/chat/completions": marked("Chat"),
    "/v1/embeddings": marked("Embeddings"),
    "/v1/models": marked("List of models"),
    "/v1/models/…": marked("One model"),
    "/health": marked("Health"),
}
REASONS = {
    "invalid_api_key": marked("wrong token"),
    "forbidden_host": marked("wrong name of this computer"),
    "forbidden_origin": marked("a web page that is not listed"),
    "context_length_exceeded": marked("too long for the model"),
    "model_not_found": marked("no such model"),
    "unknown_route": marked("no such path"),
    "engine_failed": marked("the engine failed"),
    "timeout": marked("took too long"),
    "body_too_large": marked("too large"),
}
UNKNOWN_PATH = marked("Unknown path")
ROW_PADDING = 6


def title_words(one: Exchange) -> str:
    """What was asked for, of which model."""
    what = tr(ROUTES.get(one.route, UNKNOWN_PATH))
    return f"{what} · {one.model}" if one.model else what


def outcome_words(one: Exchange) -> str:
    """How it goes or ended: its speed when it was answered with tokens, else in a word why not."""
    if one.running:
        return tr("Running")
    if one.status == GONE:
        return tr("Client left")
    if one.status is not None and one.status >= 400:
        words = tr("Refused, {status}") if one.status < 500 else tr("Failed, {status}")
        return words.format(status=one.status)
    if one.tokens_per_second is None:
        return tr("Answered")
    return tr("{rate} tokens/s").format(rate=f"{one.tokens_per_second:.1f}")


def detail_words(one: Exchange, now: datetime) -> str:
    """When, by whom, how much, how long."""
    at = datetime.fromtimestamp(one.at).astimezone()
    words = [f"{at:%H:%M:%S}" if at.date() == now.date() else moment_words(at, "dd MMM, HH:mm")]
    words.append(one.client or tr("Unnamed program"))
    if one.error and one.status != GONE:
        words.append(tr(REASONS[one.error]) if one.error in REASONS else one.error.replace("_", " "))
    if one.times > 1:
        words.append(tr("{count} times").format(count=one.times))
    if one.completion_tokens is not None:
        words.append(tr("{count} tokens").format(count=f"{one.completion_tokens:,}"))
    if one.seconds is not None:
        words.append(tr("{seconds} s").format(seconds=f"{one.seconds:.1f}"))
    return " · ".join(words)


class ActivityModel(QAbstractListModel):
    """The last requests, newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Exchange, ...] = ()
        self._now = datetime.now().astimezone()

    def show_requests(self, rows: tuple[Exchange, ...], now: datetime) -> None:
        """Rows that are still there stay where a reader has scrolled to."""
        self._now = now
        if [one.id for one in rows] == [one.id for one in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        one = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return f"{title_words(one)}, {outcome_words(one)}, {detail_words(one, self._now)}"
            case _ if role == TITLE_ROLE:
                return title_words(one)
            case _ if role == DETAIL_ROLE:
                return detail_words(one, self._now)
            case _ if role == OUTCOME_ROLE:
                return outcome_words(one)
            case _ if role == TONE_ROLE:
                return (
                    "danger" if (one.status or 0) >= 400 and one.status != GONE else "accent" if one.running else "text"
                )
        return None


class ActivityDelegate(QStyledItemDelegate):
    """Two lines: what and how fast, then when and by whom."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = self._appearance.pixels(TypeScale().interface) + self._appearance.pixels(TypeScale().caption)
        return QSize(0, round(lines * 1.4) + 2 * ROW_PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._appearance.colour("active"))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), RADIUS_SMALL, RADIUS_SMALL)
        inside = box.adjusted(8, ROW_PADDING, -8, -ROW_PADDING)
        middle = inside.top() + round(inside.height() * 0.54)
        upper, lower = QRect(inside), QRect(inside)
        upper.setBottom(middle)
        lower.setTop(middle)
        outcome = str(index.data(OUTCOME_ROLE))
        font = QFont(option.font)
        painter.setFont(font)
        painter.setPen(self._appearance.colour(str(index.data(TONE_ROLE))))
        painter.drawText(upper, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), outcome)
        upper.setRight(upper.right() - painter.fontMetrics().horizontalAdvance(outcome) - 12)
        self._line(painter, upper, str(index.data(TITLE_ROLE)), "text")
        font.setPixelSize(self._appearance.pixels(TypeScale().caption))
        painter.setFont(font)
        self._line(painter, lower, str(index.data(DETAIL_ROLE)), "muted")
        painter.restore()

    def _line(self, painter: QPainter, box: QRect, words: str, colour: str) -> None:
        painter.setPen(self._appearance.colour(colour))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
