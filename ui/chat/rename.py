"""A title edited in its place in the list.

A child of the sidebar and not an item view's editor: screen readers do not find those.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.translation import tr

MAX_TITLE = 200


class TitleEdit(QLineEdit):
    """Enter and a click elsewhere keep the new title, Escape the old one."""

    def __init__(self, title: str, keep: Callable[[str], None], parent: QWidget) -> None:
        super().__init__(title, parent)
        self._title = title
        self._keep = keep
        self._over = False
        self.setProperty("look", "rename")
        self.setAccessibleName(tr("Chat title"))
        self.setMaxLength(MAX_TITLE)
        self.returnPressed.connect(lambda: self.finish(keep=True))

    def open_at(self, place: QRect) -> None:
        self.setGeometry(place)
        self.show()
        self.raise_()
        self.selectAll()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def finish(self, *, keep: bool) -> None:
        """Close, once."""
        if self._over:
            return
        self._over = True
        title = " ".join(self.text().split())
        self.hide()
        self.deleteLater()
        if keep and title and title != self._title:
            self._keep(title)

    def close_with_scrolling(self) -> None:
        """Its row has moved away."""
        self.finish(keep=True)

    def event(self, event: QEvent) -> bool:
        """Claim Escape before the window's own shortcut gets it."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.finish(keep=False)
                return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.finish(keep=True)
