"""The rows of the catalog, painted: forty of them open at once and follow the search without being made again."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.appearance import Appearance
from ui.fit_words import fit_words
from ui.icons import pixmap
from ui.models import words
from ui.models.items import ROW_ROLE, CatalogListModel, Index
from ui.models.parts import FIT_TONES, TONE_COLOURS
from ui.models.state import CatalogRow, sees
from ui.theme import RADIUS_SMALL, Tokens, TypeScale
from ui.translation import tr
from workbench.engine.runtimes.builds import EngineBuild
from workbench.sizes import size_words

ROW_HEIGHT, PADDING, GAP, ICON = 92, 16, 8, 15
PILLS = {"good": ("accent_soft", ""), "fair": ("bubble", ""), "bad": ("surface", "danger")}  # ground, outline
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
CENTRE = int(Qt.AlignmentFlag.AlignCenter)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of a row stand. ``button``: to download, or what has become of that."""

    name: QRect
    fit: QRect
    figures: QRect
    button: QRect


class CatalogDelegate(QStyledItemDelegate):
    """Name and maker, the fit and what it needs, the figures; at the right the size, which downloads."""

    def __init__(self, appearance: Appearance, view: QListView) -> None:
        super().__init__(view)
        self._appearance = appearance
        self.hovered: tuple[int, str] = (-1, "")

    def font(self, size: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        made = QFont(self._view_font)
        made.setPixelSize(self._appearance.pixels(size))
        made.setWeight(weight)
        return made

    @property
    def _view_font(self) -> QFont:
        view = self.parent()
        return view.font() if isinstance(view, QListView) else QFont()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(240, round(ROW_HEIGHT * max(1.0, self._appearance.scale)))

    def places(self, box: QRect, row: CatalogRow) -> Places:
        """The geometry of a row in ``box``; painting and clicking share it."""
        inside = box.adjusted(PADDING, 10, -PADDING, -10)
        third = inside.height() // 3
        interface = QFontMetrics(self.font(TypeScale().interface, QFont.Weight.Medium))
        words_ = words.state_words(row) or size_words(row.pick.download_bytes)
        width = interface.horizontalAdvance(words_) + ICON + 34
        height = interface.height() + 14
        button = QRect(inside.right() - width, inside.center().y() - height // 2, width, height)
        left = inside.adjusted(0, 0, -(width + PADDING), 0)
        pill = QFontMetrics(self.font(TypeScale().caption, QFont.Weight.DemiBold))
        fit_width = min(left.width(), pill.horizontalAdvance(fit_words(row.pick.estimate)) + ICON + 26)
        fit_height = pill.height() + 8
        fit = QRect(left.left(), inside.top() + third + (third - fit_height) // 2, fit_width, fit_height)
        return Places(
            QRect(left.left(), inside.top(), left.width(), third),
            fit,
            QRect(left.left(), inside.bottom() - third + 1, left.width(), third),
            button,
        )

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        view = self.parent()
        if not isinstance(row, CatalogRow) or not isinstance(view, CatalogList):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box: QRect = option.rect
        tokens = self._appearance.tokens
        self._paint_ground(painter, option, index.row(), box)
        places = self.places(box, row)
        left_width = places.name.width()
        self._paint_name(painter, places.name, row)
        self._paint_fit(painter, places.fit, row, hovered=self.hovered == (index.row(), "sum"))
        painter.setPen(self._appearance.colour("muted"))
        painter.setFont(self.font(TypeScale().caption))
        note = words.engine_note(row.pick.estimate, view.builds)
        room = left_width - places.fit.width() - GAP
        below = painter.fontMetrics().horizontalAdvance(note) > room
        if not below:
            _draw(painter, QRect(places.fit.right() + GAP, places.fit.top(), room, places.fit.height()), note)
        _draw(painter, places.figures, _figures(row, note if below else "", painter.fontMetrics(), left_width))
        self._paint_button(painter, places.button, row, tokens, hovered=self.hovered == (index.row(), "download"))
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, place: int, box: QRect) -> None:
        state: QStyle.StateFlag = option.state
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(self._appearance.colour("raised"))
            painter.drawRoundedRect(box.adjusted(3, 3, -3, -3), RADIUS_SMALL, RADIUS_SMALL)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(self._appearance.colour("accent"))
            painter.drawRoundedRect(QRect(box.left() + 3, box.top() + 12, 3, box.height() - 24), 1.5, 1.5)
        if place:
            painter.fillRect(
                QRect(box.left() + PADDING, box.top(), box.width() - 2 * PADDING, 1), self._appearance.colour("border")
            )
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(QPen(self._appearance.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(3, 3, -3, -3), RADIUS_SMALL, RADIUS_SMALL)

    def _paint_name(self, painter: QPainter, box: QRect, row: CatalogRow) -> None:
        painter.setFont(self.font(TypeScale().interface + 1, QFont.Weight.DemiBold))
        painter.setPen(self._appearance.colour("text"))
        x = box.left() + _draw(painter, box, row.model.name) + GAP + 2
        if row.recommended:
            x = self._paint_badge(painter, x, box, tr("Recommended")) + GAP + 2
        painter.setFont(self.font(TypeScale().caption))
        painter.setPen(self._appearance.colour("muted"))
        x += _draw(painter, QRect(x, box.top(), box.right() - x, box.height()), row.model.vendor) + GAP
        ratio = painter.device().devicePixelRatio()
        side = self._appearance.pixels(ICON)
        for icon_name, has in (("eye", sees(row.pick)), ("wrench", row.model.tools)):
            if has and x + side <= box.right():
                sign = pixmap(icon_name, self._appearance.tokens.muted, side, ratio)
                painter.drawPixmap(QPointF(x, box.center().y() - side / 2 + 1), sign)
                x += side + 6

    def _paint_badge(self, painter: QPainter, x: int, box: QRect, text: str) -> int:
        """Returns where it ends."""
        painter.setFont(self.font(TypeScale().caption, QFont.Weight.DemiBold))
        metrics = painter.fontMetrics()
        badge = QRect(x, 0, metrics.horizontalAdvance(text) + 18, metrics.height() + 4)
        badge.moveTop(box.center().y() - badge.height() // 2 + 1)
        if badge.right() > box.right():
            return x
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._appearance.colour("accent"))
        painter.drawRoundedRect(badge, badge.height() / 2, badge.height() / 2)
        painter.setPen(self._appearance.colour("on_accent"))
        painter.drawText(badge, CENTRE, text)
        return badge.right()

    def _paint_fit(self, painter: QPainter, box: QRect, row: CatalogRow, *, hovered: bool) -> None:
        fit = row.pick.estimate.fit
        tone = FIT_TONES[fit]
        ink, (ground, edge) = TONE_COLOURS[tone], PILLS[tone]
        radius = box.height() / 2
        outline = "accent" if hovered else edge
        painter.setPen(QPen(self._appearance.colour(outline), 1) if outline else Qt.PenStyle.NoPen)
        painter.setBrush(self._appearance.colour(ground))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        side = self._appearance.pixels(ICON - 1)
        sign = pixmap(
            words.FIT_ICONS[fit], getattr(self._appearance.tokens, ink), side, painter.device().devicePixelRatio()
        )
        painter.drawPixmap(QPointF(box.left() + 9, box.center().y() - side / 2 + 1), sign)
        painter.setFont(self.font(TypeScale().caption, QFont.Weight.DemiBold))
        painter.setPen(self._appearance.colour(ink))
        _draw(painter, box.adjusted(9 + side + 6, 0, -6, 0), fit_words(row.pick.estimate))

    def _paint_button(self, painter: QPainter, box: QRect, row: CatalogRow, tokens: Tokens, *, hovered: bool) -> None:
        state = words.state_words(row)
        painter.setFont(self.font(TypeScale().interface, QFont.Weight.Medium))
        ink = "muted" if state else "text"
        if not state:
            painter.setPen(QPen(self._appearance.colour("control_border"), 1))
            painter.setBrush(self._appearance.colour("active" if hovered else "raised"))
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_SMALL + 2, RADIUS_SMALL + 2)
        side = self._appearance.pixels(ICON)
        icon_name = "circle-check" if row.installed else "download"
        colour = tokens.accent if row.installed else getattr(tokens, ink)
        sign = pixmap(icon_name, colour, side, painter.device().devicePixelRatio())
        painter.drawPixmap(QPointF(box.left() + 11, box.center().y() - side / 2 + 1), sign)
        painter.setPen(self._appearance.colour(ink))
        _draw(painter, box.adjusted(11 + side + 7, 0, 0, 0), state or size_words(row.pick.download_bytes))


class CatalogList(QListView):
    """As tall as its rows: the page scrolls. ``asked``: details, sum or download, the model's id, and where."""

    asked = Signal(str, str, QRect)
    row_shown = Signal(QRect)

    def __init__(self, appearance: Appearance, model: CatalogListModel) -> None:
        super().__init__()
        self._model = model
        self._delegate = CatalogDelegate(appearance, self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(tr("Catalog of models"))
        self.setAccessibleDescription(tr("Enter opens the details, with the download and the sum of memory."))
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setUniformItemSizes(True)
        model.modelReset.connect(self._fit_height)
        appearance.follow(self._fit_height)

    @property
    def builds(self) -> tuple[EngineBuild, ...]:
        return tuple(self._model.builds)

    def show_model(self, model_id: str) -> None:
        """Make its row the current one, without asking for anything."""
        place = self._model.place_of(model_id)
        if place >= 0:
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(self._model.index(place), flag)

    def _fit_height(self) -> None:
        row = self._delegate.sizeHint(QStyleOptionViewItem(), QModelIndex()).height()
        self.setFixedHeight(row * self._model.rowCount())

    def _part_at(self, event: QMouseEvent) -> tuple[int, str, QRect]:
        """Row, what a click there asks for, and the rectangle of that part."""
        where = event.position().toPoint()
        index = self.indexAt(where)
        row = self._model.row_at(index)
        if row is None:
            return -1, "", QRect()
        box = self.visualRect(index)
        places = self._delegate.places(box, row)
        if places.fit.contains(where):
            return index.row(), "sum", places.fit
        if places.button.contains(where) and not words.state_words(row):
            return index.row(), "download", places.button
        return index.row(), "details", box

    # Qt ---------------------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        place, part, _box = self._part_at(event)
        if (place, part) != self._delegate.hovered:
            self._delegate.hovered = (place, part)
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if place >= 0 else Qt.CursorShape.ArrowCursor)
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        place, part, box = self._part_at(event)
        if event.button() == Qt.MouseButton.LeftButton and place >= 0 and place == self.currentIndex().row():
            self.asked.emit(part, self._model.rows[place].model.id, box)

    def leaveEvent(self, event: QEvent) -> None:
        self._delegate.hovered = (-1, "")
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self._model.row_at(self.currentIndex())
        if row is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.asked.emit("details", row.model.id, self.visualRect(self.currentIndex()))
            return
        super().keyPressEvent(event)
        if self.currentIndex().isValid():
            self.row_shown.emit(self.visualRect(self.currentIndex()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the page scrolls


def _figures(row: CatalogRow, note: str, metrics: QFontMetrics, width: int) -> str:
    """What has to be done for it, seconds, speed and size; what has no room is left out rather than cut."""
    estimate = row.pick.estimate
    pieces = [
        piece
        for piece in (
            note,
            words.answer_words(row.pick),
            words.rate_words(estimate.generation_tokens_per_second),
            words.size_line(row.model),
        )
        if piece
    ]
    while len(pieces) > 1 and metrics.horizontalAdvance(" · ".join(pieces)) > width:
        pieces.pop()
    return " · ".join(pieces)


def _draw(painter: QPainter, box: QRect, text: str) -> int:
    """One line, ending in … where there is no room; returns its width."""
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, LEFT, shown)
    return painter.fontMetrics().horizontalAdvance(shown)
