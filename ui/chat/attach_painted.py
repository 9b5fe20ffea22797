"""The rows of the transcript about attachments: what a question has, and what of it an answer was given."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.chat.attach import chips_text, size_caption
from ui.chat.transcript_items import FilesRow, GivenRow, Row
from ui.chat.transcript_row import Host, RowWidget
from ui.icons import pixmap
from ui.theme import RADIUS_MEDIUM
from ui.translation import tr
from ui.widgets.look import TYPE, Look
from workbench.messages import Attachment

WIDEST, GAP = 280, 8  # pixels at 100 %
PADDING, ICON, ICON_GAP = 12, 18, 10
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop


class Files(RowWidget):
    """The attachments of a question, at the right above its text."""

    def __init__(self, look: Look, item_id: str, host: Host, parent: QWidget) -> None:
        super().__init__(look, item_id, host, parent)
        self._files: tuple[Attachment, ...] = ()
        self._areas: list[QRectF] = []

    def show_row(self, row: Row) -> None:
        if isinstance(row, FilesRow):
            self._files = row.files
            self.setAccessibleName(tr("Attached: {files}").format(files=chips_text(row.files)))
            self.setToolTip("\n".join(filter(None, (one.note for one in row.files))))
            self.update()

    def height_for(self, width: int) -> int:
        tall, gap = self.look.px(44), self.look.px(GAP)
        lines: list[list[int]] = [[]]
        for file in self._files:
            wide = min(width, self._width(file))
            if lines[-1] and sum(lines[-1]) + gap * len(lines[-1]) + wide > width:
                lines.append([])
            lines[-1].append(wide)
        self._areas = []
        for number, line in enumerate(lines):
            x = float(width - sum(line) - gap * (len(line) - 1))
            for wide in line:
                self._areas.append(QRectF(x, number * (tall + gap), wide, tall).adjusted(0.5, 0.5, -0.5, -0.5))
                x += wide + gap
        return len(lines) * (tall + gap) - gap

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for file, area in zip(self._files, self._areas, strict=False):
            painter.setPen(QPen(self.look.colour("border"), 1))
            painter.setBrush(self.look.colour("surface"))
            painter.drawRoundedRect(area, RADIUS_MEDIUM, RADIUS_MEDIUM)
            self._paint(painter, file, area)

    def _paint(self, painter: QPainter, file: Attachment, area: QRectF) -> None:
        icon, pad = self.look.px(ICON), self.look.px(PADDING)
        name = "image" if file.is_image else "file-text"
        shown = pixmap(name, self.look.tokens.muted, icon, self.devicePixelRatioF())
        painter.drawPixmap(round(area.x()) + pad, round(area.center().y() - icon / 2), shown)
        left = area.x() + pad + icon + self.look.px(ICON_GAP)
        room = area.right() - pad - left
        half = area.height() / 2
        for words, size, colour, top in (
            (file.name, TYPE.interface, "text", area.y() + 4),
            (size_caption(file), TYPE.caption, "muted", area.y() + half - 1),
        ):
            font = self.look.font(size)
            painter.setFont(font)
            painter.setPen(self.look.colour(colour))
            elided = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideMiddle, round(room))
            painter.drawText(QRectF(left, top, room + 1, half - 3), Qt.AlignmentFlag.AlignVCenter, elided)

    def _width(self, file: Attachment) -> int:
        words = max(
            QFontMetrics(self.look.font(TYPE.interface)).horizontalAdvance(file.name),
            QFontMetrics(self.look.font(TYPE.caption)).horizontalAdvance(size_caption(file)),
        )
        room = 2 * self.look.px(PADDING) + self.look.px(ICON) + self.look.px(ICON_GAP)
        return min(self.look.px(WIDEST), words + room + 2)


class Given(RowWidget):
    """That only parts of what was attached were given to the model, and which."""

    _text = ""

    def show_row(self, row: Row) -> None:
        if isinstance(row, GivenRow):
            self._text = row.text
            self.setAccessibleName(row.text)
            self.update()

    def height_for(self, width: int) -> int:
        metrics = QFontMetrics(self.look.font(TYPE.caption))
        left = self._left
        wanted = metrics.boundingRect(0, 0, max(40, width - left), 10_000, int(_WRAPPED), self._text)
        return max(self.look.px(18), wanted.height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icon = self.look.px(14)
        painter.drawPixmap(0, 1, pixmap("info", self.look.tokens.muted, icon, self.devicePixelRatioF()))
        painter.setFont(self.look.font(TYPE.caption))
        painter.setPen(self.look.colour("muted"))
        area = QRectF(self._left, 0, self.width() - self._left, self.height())
        painter.drawText(area, int(_WRAPPED), self._text)

    @property
    def _left(self) -> int:
        return self.look.px(22)
