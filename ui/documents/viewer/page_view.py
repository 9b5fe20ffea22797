"""A page of a PDF as it looks, and below it its text with the passage marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSplitter, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.documents.viewer.shown_text import ShownText
from ui.documents.viewer.text_view import TextView
from ui.theme import LIGHT
from ui.translation import tr
from ui.widgets.buttons import IconButton
from ui.widgets.labels import label

Box = tuple[float, float, float, float]  # left, top, right, bottom, as parts of the page
MOST_WIDE = 2_000  # pixels of a picture


def by_line(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """One box for each line, where a line has several fonts and a box for each."""
    lines: list[Box] = []
    for box in boxes:
        left, top, right, bottom = box
        last = lines[-1] if lines else None
        if last is not None and min(bottom, last[3]) - max(top, last[1]) > 0.5 * min(bottom - top, last[3] - last[1]):
            lines[-1] = (min(left, last[0]), min(top, last[1]), max(right, last[2]), max(bottom, last[3]))
        else:
            lines.append(box)
    return tuple(lines)


class PageView(QWidget):
    """``turned``: the person wants the page at this place, from 0. ``wanted``: a picture as wide as this, in pixels."""

    turned = Signal(int)
    wanted = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page, self._count = 0, 0
        self.text = TextView(appearance)
        self.picture = _Picture(appearance)
        self.before = IconButton("chevron-left", tr("Previous page"), appearance)
        self.after = IconButton("chevron-right", tr("Next page"), appearance)
        self.where = label("", "caption")
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(tr("Picture of the page"))
        scroll.setWidget(self.picture)
        self._scroll = scroll
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(scroll)
        split.addWidget(self.text)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        row = QHBoxLayout()
        row.addWidget(self.before)
        row.addWidget(self.where)
        row.addWidget(self.after)
        row.addStretch()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addLayout(row)
        lines.addWidget(split, 1)
        self.before.clicked.connect(lambda: self.turned.emit(self._page - 1))
        self.after.clicked.connect(lambda: self.turned.emit(self._page + 1))

    @property
    def picture_width(self) -> int:
        """In the screen's own pixels."""
        return max(200, min(MOST_WIDE, round(self._scroll.viewport().width() * self.devicePixelRatioF())))

    def show_page(self, page: int, count: int, shown: str, text: str) -> None:
        """``page``: from 0; ``shown``: what it is called; its text. The picture comes later."""
        self._page, self._count = page, count
        self.where.setText(tr("{page} of {count}").format(page=shown, count=count))
        self.before.setEnabled(page > 0)
        self.after.setEnabled(page + 1 < count)
        self.picture.boxes = ()
        self.picture.show_words(tr("Drawing the page…"))
        self.text.show_text(ShownText(text))

    def show_picture(self, png: bytes) -> None:
        """As the confined child drew it; what is no picture is said to be none."""
        image = QImage()
        if image.loadFromData(png, "PNG"):
            self.picture.show_image(image)
            QTimer.singleShot(0, self, self._show_first_box)  # once it has its height
        else:
            self.picture.show_words(tr("This page could not be drawn. Its text is below."))

    def show_boxes(self, boxes: Sequence[Box]) -> None:
        """Mark these parts of the picture, and bring the first one into view."""
        self.picture.boxes = by_line(boxes)
        self.picture.update()
        self._show_first_box()

    def _show_first_box(self) -> None:
        if self.picture.boxes and self.picture.is_drawn:
            left, top, _right, bottom = self.picture.boxes[0]
            tall = self.picture.minimumHeight()
            middle = round((top + bottom) / 2 * tall)
            self._scroll.ensureVisible(round(left * self.picture.width()), middle, 0, self._scroll.height() // 3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().isValid() and event.oldSize().width() < event.size().width():
            self.wanted.emit()


class _Picture(QWidget):
    """As wide as there is room."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._shown = QPixmap()
        self.boxes: tuple[Box, ...] = ()
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setProperty("tone", "caption")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def show_image(self, image: QImage) -> None:
        self._shown = QPixmap.fromImage(image)
        self._words.hide()
        self._fit()

    def show_words(self, words: str) -> None:
        self._words.setText(words)
        self._words.show()
        self._shown = QPixmap()
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._shown.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        ratio = self.devicePixelRatioF()
        target = QSize(round(self.width() * ratio), round(self._tall * ratio))
        scaled = self._shown.scaled(
            target, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        scaled.setDevicePixelRatio(ratio)
        painter.drawPixmap(QPointF(0, 0), scaled)
        self._paint_boxes(painter)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._appearance.colour("border"))
        painter.drawRect(0, 0, self.width() - 1, self._tall - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._words.setGeometry(self.rect())
        self._fit()

    @property
    def is_drawn(self) -> bool:
        return not self._shown.isNull()

    def _paint_boxes(self, painter: QPainter) -> None:
        """As a marker pen does: what is dark stays dark, in either theme, for a page is white in both."""
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LIGHT.selection))
        wide, tall = self.width(), self._tall
        for left, top, right, bottom in self.boxes:
            area = QRectF(left * wide, top * tall, (right - left) * wide, (bottom - top) * tall)
            painter.drawRect(area.adjusted(-2, -1, 2, 1))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)

    @property
    def _tall(self) -> int:
        return round(self.width() * self._shown.height() / max(1, self._shown.width()))

    def _fit(self) -> None:
        self.setMinimumHeight(self._tall if not self._shown.isNull() else 60)
        self.update()
