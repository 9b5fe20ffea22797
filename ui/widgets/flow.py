"""A layout that puts its widgets beside each other and goes on in the next line where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget


class Flow(QLayout):
    """Along the line as one reads, then down, ``gap`` pixels between; hidden widgets take no room. ``centred``: lines
    stand in the middle; ``trailing``: at the end. ``one_line``: it asks for the width of all of them, and makes do with
    less."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        gap: int = 8,
        centred: bool = False,
        one_line: bool = False,
        trailing: bool = False,
    ) -> None:
        super().__init__(parent)
        self._one_line = one_line
        self._gap = gap
        self._before = 1.0 if trailing else 0.5 if centred else 0.0  # of what a line leaves free
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}  # by width: Qt asks for the same ones many times while it lays a page out
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def invalidate(self) -> None:
        self._heights.clear()
        super().invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            lines = self._lines(width)
            self._heights[width] = sum(_height(line) for line in lines) + self._gap * max(0, len(lines) - 1)
        return self._heights[width]

    def sizeHint(self) -> QSize:
        shown = [item for item in self._items if not item.isEmpty()]
        if not self._one_line or not shown:
            return self.minimumSize()
        return QSize(self._width(shown), _height(shown))

    def minimumSize(self) -> QSize:
        """As wide as the widest widget: the rest is a matter of lines."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        holder = self.parentWidget()
        direction = holder.layoutDirection() if holder else QGuiApplication.layoutDirection()
        y = rect.y()
        for line in self._lines(rect.width()):
            x = rect.x() + int(self._before * max(0, rect.width() - self._width(line)))
            tall = _height(line)
            for item in line:
                hint = item.sizeHint()
                hint.setWidth(min(hint.width(), rect.width()))  # one that can be elided is
                place = QRect(QPoint(x, y + (tall - hint.height()) // 2), hint)
                item.setGeometry(QStyle.visualRect(direction, rect, place))
                x += hint.width() + self._gap
            y += tall + self._gap

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        for item in self._items:
            if item.isEmpty():
                continue
            if lines and self._width([*lines[-1], item]) <= width:
                lines[-1].append(item)
            else:
                lines.append([item])
        return lines

    def _width(self, line: list[QLayoutItem]) -> int:
        return sum(item.sizeHint().width() for item in line) + self._gap * (len(line) - 1)


def _height(line: list[QLayoutItem]) -> int:
    return max(item.sizeHint().height() for item in line)
