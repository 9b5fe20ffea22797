"""The right side of the window where documents are read: the viewer, or a list that leads to it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QWidget

from ui.appearance import Appearance
from ui.documents.viewer.viewer import Viewer
from ui.panel.edge import Edge
from ui.translation import tr

WIDTH, NARROWEST = 520, 320
KEPT = 360  # pixels that stay for the page beside it, at least; where there are none, the panel has all the room


class DocumentPanel(QFrame):
    """Hidden until something is opened. ``beside``: the pages, which give way in a narrow window. ``opened``: it is shown.
    ``closed``: the focus may go back."""

    opened = Signal()
    closed = Signal()

    def __init__(self, appearance: Appearance, beside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._beside = beside
        self._wanted = WIDTH
        self.setProperty("look", "page")
        self.setAccessibleName(tr("Documents beside the chat"))
        self.viewer = Viewer(appearance)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.viewer)
        self._edge = Edge(self, appearance)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._edge)
        row.addWidget(self.stack, 1)
        self.viewer.closed.connect(self.dismiss)
        self.hide()

    def open(self, inside: QWidget | None = None) -> None:
        """Show ``inside``, a list that was put into the stack; else the viewer."""
        self.stack.setCurrentWidget(inside or self.viewer)
        self.show()
        self.fit()
        self.opened.emit()

    def dismiss(self) -> None:
        if self.isHidden():
            return
        self.hide()
        self._beside.show()
        self.closed.emit()

    def as_widget(self) -> QWidget:
        return self

    def fit(self, wanted: int | None = None) -> None:
        """As wide as wished, with room for the page; in a narrow window it has all of it."""
        self._wanted = self._wanted if wanted is None else wanted
        room = self.window().width() - self._beside.x() - max(KEPT, self._beside.minimumSizeHint().width())
        alone = room < NARROWEST
        self._beside.setVisible(not alone or self.isHidden())
        self._edge.setVisible(not alone)
        if alone:
            self.setMinimumWidth(NARROWEST)
            self.setMaximumWidth(16_777_215)
        else:
            self.setFixedWidth(max(NARROWEST, min(self._wanted, room)))

    def follow(self, window: QWidget) -> None:
        """Make room when the window changes its size."""
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.window() and event.type() == QEvent.Type.Resize and not self.isHidden():
            self.fit()
        return False

    def event(self, event: QEvent) -> bool:
        """Claim Escape before the window's own shortcut gets it."""
        overrides = event.type() == QEvent.Type.ShortcutOverride
        if overrides and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, 0)
