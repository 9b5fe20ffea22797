"""Buttons that know their icon, their accessible name and how to follow the colours."""

from __future__ import annotations

from typing import Self

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from ui.appearance import Appearance
from ui.icons import icon

ICON_SIZE = 16
MINIMUM_WIDTH = 72
ROUNDING = 3  # pixels: words in pieces are measured wider than as a whole
ICON_GAP = "\u2002"  # style sheets cannot set the room between icon and words


class Button(QPushButton):
    """A text button. ``look``: "", primary, quiet, chip, entry, suggestion (see `ui.style_sheet`)."""

    def __init__(
        self,
        text: str,
        appearance: Appearance,
        *,
        look: str = "",
        icon_name: str = "",
        tone: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._icon_name = icon_name
        self.setProperty("look", look)  # first: who measures it with a parent has its style chosen for good
        self.setProperty("tone", tone)
        self.say(text)
        self.setAccessibleName(name or text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        if icon_name:
            appearance.follow(self.recolour)

    def say(self, words: str) -> None:
        """Show ``words``: an ampersand is one, and beside an icon there is room."""
        self.setText(self._beside_icon(words).replace("&", "&&"))

    def _beside_icon(self, words: str) -> str:
        return f"{ICON_GAP}{words}" if self._icon_name else words

    def show_icon(self, name: str) -> None:
        if name != self._icon_name:
            self._icon_name = name
            self.recolour()

    def recolour(self) -> None:
        tokens = self._appearance.tokens
        colour = {"primary": tokens.on_accent, "cloud": tokens.background}.get(self.property("look"), tokens.text)
        if self.property("tone") == "danger":
            colour = tokens.danger
        size = self._appearance.pixels(ICON_SIZE)
        self.setIconSize(QSize(size, size))
        self.setIcon(icon(self._icon_name, colour, size, tokens.muted))


class ElidedButton(Button):
    """A button whose words end in … where there is no room for them; then they are its tooltip."""

    _words = _shown = ""

    def gives_way(self) -> Self:
        """It takes no more room than there is: else a layout gives it that of all its words."""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        return self

    def say(self, words: str) -> None:
        self._words = self._shown = words
        super().say(words)
        self._elide()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if self._shown == self._words:  # asked for many times in a list: measuring is dear
            return hint
        room = self.fontMetrics().horizontalAdvance(self._words) - self.fontMetrics().horizontalAdvance(self._shown)
        return QSize(hint.width() + max(0, room), hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(MINIMUM_WIDTH, self.sizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._elide()  # its size may have been set while it was hidden

    def _elide(self) -> None:
        taken = super().sizeHint().width() - self.fontMetrics().horizontalAdvance(self._shown)
        room = self.width() - taken + ROUNDING if self.isVisible() else 10_000
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, max(0, room))
        if shown != self._shown:
            self._shown = shown
            super().say(shown)
        self.setToolTip(self._words if shown != self._words else "")


class IconButton(QToolButton):
    """A square button with an icon only; ``name`` is its accessible name and tooltip. ``colour`` names a token."""

    def __init__(
        self,
        icon_name: str,
        name: str,
        appearance: Appearance,
        *,
        look: str = "",
        colour: str = "muted",
        size: int = 18,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._icon_name = icon_name
        self._colour = colour
        self._size = size
        self.setProperty("look", look)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.say(name)
        appearance.follow(self.recolour)

    def say(self, name: str, shortcut: str = "") -> None:
        """Set what it does, for screen readers and as its tooltip."""
        self.setAccessibleName(name)
        self.setToolTip(f"{name}  {shortcut}" if shortcut else name)

    def show_icon(self, name: str) -> None:
        if name != self._icon_name:
            self._icon_name = name
            self.recolour()

    def recolour(self) -> None:
        tokens = self._appearance.tokens
        size = self._appearance.pixels(self._size)
        self.setIconSize(QSize(size, size))
        self.setIcon(icon(self._icon_name, getattr(tokens, self._colour), size, tokens.muted))
