"""The lists of the sheet: the pieces that may be cut, and what is hidden in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.cloud.sheet.thumbnail import Thumbnail, thumbnail
from ui.cloud.sheet.words import hidden_words, piece_icon, piece_title, piece_words
from ui.translation import tr
from ui.widgets.buttons import Button, ElidedButton
from ui.widgets.direction import leave_room
from ui.widgets.labels import ElidedLabel, label
from workbench.chat.escalating.escalation import Piece, PieceKind
from workbench.cloud.hiding.redaction import Redaction

TEXT_LEFT = 38  # pixels at 100 %: behind the tick
BRIEF_LINES = 6
THUMBNAIL = 72  # pixels at 100 %: the longest side of a picture


class Tick(Button):
    """A line with a tick: its title, and muted below it what else is to be told. What cannot be changed says so by its
    sign."""

    def __init__(
        self, appearance: Appearance, title: str, note: str, *, on: bool, sign: str = "", stays: bool = False
    ) -> None:
        """``sign``: an icon instead of the tick: it is told, not chosen. ``stays``: it does not leave."""
        super().__init__(
            "", appearance, look="tick", icon_name=sign or ("square-check" if on else "square"), name=title
        )
        self._sign = sign
        self.setCheckable(not sign)
        self.setChecked(on and not sign)
        self.setAccessibleDescription(note)
        self.setToolTip(note if len(note) > 60 else "")
        row = QHBoxLayout(self)
        leave_room(row, appearance.pixels(TEXT_LEFT), 5, 10, 5)
        row.setSpacing(10)
        lines = QVBoxLayout()
        lines.setSpacing(1)
        row.addLayout(lines, 1)
        self.picture = QLabel()
        self.picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.picture.hide()
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignVCenter)
        self._note = ElidedLabel(note, "caption")
        for words in (ElidedLabel(title, "muted" if stays else ""), self._note):
            words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            lines.addWidget(words)
        self.setMinimumHeight(row.sizeHint().height())
        self.toggled.connect(lambda checked: self.show_icon("square-check" if checked else "square"))

    def tell(self, note: str) -> None:
        if note != self._note.text():
            self._note.setText(note)
            self.setAccessibleDescription(note)

    def show_picture(self, pixmap: QPixmap) -> None:
        """At the right of the words."""
        self.picture.setPixmap(pixmap)
        self.picture.setVisible(not pixmap.isNull())
        row = self.layout()
        if row is not None:
            row.activate()
            self.setMinimumHeight(row.sizeHint().height())


class PieceList(QWidget):
    """``cut``: a piece's id, and whether it is kept. ``edited``: its id, and its text as the person wants it."""

    cut = Signal(str, bool)
    edited = Signal(str, str)

    def __init__(self, appearance: Appearance, name: str = "") -> None:
        super().__init__()
        self._appearance = appearance
        self._shown: tuple[tuple[object, ...], ...] = ()
        self.ticks: dict[str, Tick] = {}
        self.fields: dict[str, QPlainTextEdit] = {}
        self._pictures: dict[str, tuple[bytes, Thumbnail]] = {}
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(1)
        self.setAccessibleName(name or tr("What leaves, in pieces"))

    def show_pieces(self, pieces: Sequence[Piece], *, fixed: bool) -> None:
        """The same pieces keep their rows: whoever types into one goes on."""
        now = tuple((one.id, one.title, one.needed, one.private, fixed) for one in pieces)
        if now != self._shown:
            self._shown = now
            self._fill(pieces, fixed=fixed)
        for one in pieces:
            self._follow(one)

    def show_pictures(self, pictures: Mapping[str, bytes]) -> None:
        """What leaves of them, by piece. One that does not leave now keeps what was seen of it."""
        side, ratio = self._appearance.pixels(THUMBNAIL), self.devicePixelRatioF()
        for piece_id, content in pictures.items():
            tick = self.ticks.get(piece_id)
            before = self._pictures.get(piece_id)
            if tick is None or (before is not None and before[0] == content):
                continue
            made = thumbnail(content, side, ratio)
            self._pictures[piece_id] = (content, made)
            tick.show_picture(made.pixmap)
            tick.tell(made.words)

    def _follow(self, piece: Piece) -> None:
        tick = self.ticks.get(piece.id)
        if tick is not None:
            seen = self._pictures.get(piece.id)
            tick.tell(seen[1].words if seen is not None and not piece.note else piece_words(piece))
            if tick.isCheckable() and tick.isChecked() is not piece.kept:
                tick.blockSignals(True)  # it is told, not chosen
                tick.setChecked(piece.kept)
                tick.blockSignals(False)
                tick.show_icon("square-check" if piece.kept else "square")
        field = self.fields.get(piece.id)
        if field is not None and not field.hasFocus() and field.toPlainText() != piece.text:
            field.blockSignals(True)
            field.setPlainText(piece.text)
            field.blockSignals(False)

    def _fill(self, pieces: Sequence[Piece], *, fixed: bool) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        self.ticks, self.fields = {}, {}
        for piece in pieces:
            self._lines.addWidget(self._tick(piece, fixed=fixed))
            if piece.id in self._pictures:
                self.ticks[piece.id].show_picture(self._pictures[piece.id][1].pixmap)
            if piece.kind is PieceKind.BRIEF and not fixed:
                self._lines.addWidget(self._field(piece))

    def _tick(self, piece: Piece, *, fixed: bool) -> Tick:
        told = piece.private or piece.needed or fixed
        sign = piece_icon(piece) if told else ""
        if fixed and not piece.kept and not piece.private:
            sign = "ban"
        stays = piece.private or (fixed and not piece.kept)
        title = piece_title(piece)
        tick = Tick(self._appearance, title, piece_words(piece), on=piece.kept, sign=sign, stays=stays)
        if piece.private:
            tick.setAccessibleName(tr("{piece}, stays here").format(piece=title))
        elif piece.needed:
            tick.setAccessibleName(tr("{piece}, always goes").format(piece=title))
        if not told:
            tick.clicked.connect(lambda on: self.cut.emit(piece.id, on))
        self.ticks[piece.id] = tick
        return tick

    def _field(self, piece: Piece) -> QPlainTextEdit:
        field = QPlainTextEdit(piece.text)
        field.setProperty("look", "field")
        field.setTabChangesFocus(True)
        field.setAccessibleName(tr("The brief, to be changed"))
        field.setFixedHeight(field.fontMetrics().lineSpacing() * BRIEF_LINES + 24)
        field.textChanged.connect(lambda: self.edited.emit(piece.id, field.toPlainText()))
        self.fields[piece.id] = field
        return field


class RedactionList(QWidget):
    """``shown``: an original, and whether it leaves as it is."""

    shown = Signal(str, bool)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._rows: tuple[tuple[str, str, str, bool], ...] = ()
        self._fixed = False
        self.toggles: dict[str, Button] = {}
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(6)
        self.setAccessibleName(tr("What is hidden"))

    def show_redactions(self, redactions: Sequence[Redaction], shown: Sequence[str], *, fixed: bool) -> None:
        """What is hidden, and what the person wants to leave as it is."""
        rows = [(one.original, one.placeholder, _told(one), False) for one in redactions]
        known = {one.original for one in redactions}
        rows += [(original, "", tr("Leaves as it is"), True) for original in shown if original not in known]
        now = tuple(rows)
        if (now, fixed) != (self._rows, self._fixed):
            self._rows, self._fixed = now, fixed
            self._fill()

    def _fill(self) -> None:
        focused = next((original for original, one in self.toggles.items() if one.hasFocus()), None)
        while (item := self._lines.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        self.toggles = {}
        for original, placeholder, told, as_it_is in self._rows:
            self._lines.addWidget(self._row(original, placeholder, told, as_it_is=as_it_is))
        if focused in self.toggles:
            self.toggles[focused].setFocus(Qt.FocusReason.OtherFocusReason)

    def _row(self, original: str, placeholder: str, told: str, *, as_it_is: bool) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        leave_room(line, TEXT_LEFT, 0, 0, 0)
        line.setSpacing(10)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedLabel(original))
        words.addWidget(ElidedLabel(told, "caption"))
        line.addLayout(words, 1)
        if placeholder:
            line.addWidget(label(placeholder, "warning-badge"), 0, Qt.AlignmentFlag.AlignVCenter)
        toggle = ElidedButton(
            tr("Hide it") if as_it_is else tr("Let it leave"), self._appearance, look="quiet",
            icon_name="eye-off" if as_it_is else "cloud",
            name=(tr("Hide {what} again") if as_it_is else tr("Let {what} leave as it is")).format(what=original),
        )  # fmt: skip
        toggle.gives_way()
        if self._fixed:
            toggle.hide()
        toggle.clicked.connect(lambda: self.shown.emit(original, not as_it_is))
        self.toggles[original] = toggle
        line.addWidget(toggle)
        return row


def _told(redaction: Redaction) -> str:
    kind = hidden_words(redaction.kind)
    return kind if redaction.count == 1 else tr("{kind}, {count} times").format(kind=kind, count=redaction.count)
