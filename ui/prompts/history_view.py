"""The versions of a prompt: what each one changed, word by word, and the way back to it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent, QTextCharFormat
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QHBoxLayout,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from ui.appearance import Appearance
from ui.prompts.words import version_words
from ui.translation import tr
from ui.widgets.buttons import ElidedButton, IconButton
from ui.widgets.flow import Flow
from ui.widgets.focus_ring import FocusRing
from ui.widgets.labels import ElidedLabel, label
from workbench.prompts.prompt import SavedPrompt, Version
from workbench.prompts.word_diff import Piece, PieceKind

BESIDE = 720
LIST_WIDTH = 270
ROW_ROOM = 14
MOST_SHOWN = 200_000  # characters of a comparison


class _Roomy(QStyledItemDelegate):
    """Rows with room above and below their words, which end in … where there is no room beside."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hint = super().sizeHint(option, index)
        return QSize(0, hint.height() + ROW_ROOM)


class HistoryView(QWidget):
    """``left``: back to the editor. ``compared`` carries two `Version`, the older first (or None); show what changed with
    `show_changes`. ``restored`` carries the number of a version."""

    left = Signal()
    compared = Signal(object, object)
    restored = Signal(int)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._versions: tuple[Version, ...] = ()
        self._wanted = 0
        self._pieces: tuple[Piece, ...] = ()
        self.setAccessibleName(tr("History of a prompt"))
        self.back = IconButton("chevron-left", tr("Back to the prompt"), appearance)
        self._called = ElidedLabel("", "title")
        self.list = QListView()
        self.list.setProperty("look", "commands")
        self.list.setAccessibleName(tr("Versions"))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_Roomy(self.list))
        self._model = QStringListModel(self)
        self.list.setModel(self._model)
        FocusRing(self.list, appearance)
        self.with_newest = ElidedButton(tr("Compare with the newest"), appearance, look="chip").gives_way()
        self.with_newest.setCheckable(True)
        self.restore = ElidedButton(tr("Restore this version"), appearance, icon_name="undo-2").gives_way()
        self._told = label("", "caption", wrap=True)
        self.text = QTextEdit()
        self.text.setProperty("look", "field")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(tr("What changed"))
        self._lay_out()
        self.back.clicked.connect(self.left)
        self.list.selectionModel().currentChanged.connect(lambda *_indexes: self._choose())
        self.with_newest.toggled.connect(lambda _on: self._choose())
        self.restore.clicked.connect(self._restore)
        appearance.changed.connect(self._paint)

    def show_versions(self, saved: SavedPrompt, versions: Sequence[Version]) -> None:
        """The newest is chosen, unless another one already is, or was asked for, that is still there."""
        wanted = self.version.number if self.version else self._wanted
        self._versions = tuple(versions)
        self._called.setText(tr("Versions of {title}").format(title=saved.prompt.title))
        now = time.time()
        self._model.setStringList(
            [version_words(one, now) + (f" · {one.note}" if one.note else "") for one in self._versions]
        )
        numbers = [one.number for one in self._versions]
        row = numbers.index(wanted) if wanted in numbers else 0
        self.list.setCurrentIndex(self._model.index(row))
        self._choose()

    def begin(self, number: int = 0) -> None:
        """Nothing is known yet. ``number``: the version to look at first; 0: the newest."""
        self._wanted = number
        self._versions = ()
        self._model.setStringList([])
        self.with_newest.setChecked(False)
        self._told.setText(tr("Reading…"))
        self.show_changes(())
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def version(self) -> Version | None:
        """The one that is looked at."""
        row = self.list.currentIndex().row()
        return self._versions[row] if 0 <= row < len(self._versions) else None

    def show_changes(self, pieces: Sequence[Piece]) -> None:
        self._pieces = tuple(pieces)
        self._paint()

    # Inside -----------------------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        version = self.version
        if version is None:
            return
        newest = self._versions[0]
        row = self.list.currentIndex().row()
        before = self._versions[row + 1] if row + 1 < len(self._versions) else None
        self.restore.setEnabled(version.number != newest.number)
        self.with_newest.setEnabled(version.number != newest.number)
        if self.with_newest.isChecked() and version.number != newest.number:
            self._told.setText(tr("What was changed since then.") + f" {self._legend}")
            self.compared.emit(version, newest)
        elif before is None:
            self._told.setText(tr("The first version, as it was written."))
            self.compared.emit(version, version)
        else:
            self._told.setText(tr("What this version changed.") + f" {self._legend}")
            self.compared.emit(before, version)

    @property
    def _legend(self) -> str:
        return tr("Struck through: what went. Underlined: what came.")

    def _restore(self) -> None:
        version = self.version
        if version is not None:
            self.restored.emit(version.number)

    def _paint(self) -> None:
        self.text.clear()
        cursor = self.text.textCursor()
        left = MOST_SHOWN
        for piece in self._pieces:
            cursor.insertText(piece.text[:left], self._look(piece.kind))
            left -= len(piece.text)
            if left <= 0:
                cursor.insertText("…", self._look(PieceKind.SAME))
                break
        self._go_to_first()

    def _go_to_first(self) -> None:
        """The first change comes into view."""
        position = 0
        for piece in self._pieces:
            if piece.kind is not PieceKind.SAME:
                break
            position += len(piece.text)
        else:
            position = 0
        cursor = self.text.textCursor()
        cursor.setPosition(min(position, max(0, self.text.document().characterCount() - 1)))
        self.text.setTextCursor(cursor)
        bar = self.text.verticalScrollBar()
        bar.setValue(bar.value() + self.text.cursorRect().top() - self.text.viewport().height() // 3)

    def _look(self, kind: PieceKind) -> QTextCharFormat:
        """Never told by the colour alone."""
        look = QTextCharFormat()
        look.setForeground(self._appearance.colour("text"))
        if kind is PieceKind.ADDED:
            look.setBackground(self._appearance.colour("accent_soft"))
            look.setForeground(self._appearance.colour("accent"))
            look.setFontUnderline(True)
        elif kind is PieceKind.REMOVED:
            ground = QColor(self._appearance.colour("danger"))
            ground.setAlpha(28)
            look.setBackground(ground)
            look.setForeground(self._appearance.colour("danger"))
            look.setFontStrikeOut(True)
        return look

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 0, 16, 6)
        bar.setSpacing(6)
        bar.addWidget(self.back)
        bar.addWidget(self._called, 1)
        tools = Flow(gap=8)
        tools.addWidget(self.with_newest)
        tools.addWidget(self.restore)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addLayout(tools)
        right.addWidget(self._told)
        right.addWidget(self.text, 1)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setContentsMargins(24, 0, 20, 16)
        self._body.setSpacing(16)
        self._body.addWidget(self.list)
        self._body.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addLayout(self._body, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        beside = event.size().width() >= BESIDE
        self._body.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        unlimited = 16_777_215
        self.list.setFixedWidth(self._appearance.pixels(LIST_WIDTH)) if beside else self.list.setMaximumWidth(unlimited)
        if not beside:
            self.list.setMinimumWidth(0)
        self.list.setMaximumHeight(unlimited if beside else self._appearance.pixels(150))
        super().resizeEvent(event)
