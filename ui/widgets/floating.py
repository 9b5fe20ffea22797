"""What floats above the page inside the window: popovers, the command list, the list of shortcuts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsDropShadowEffect, QScrollArea, QWidget
from shiboken6 import isValid

LEAST_ROOM = 80  # pixels


class Floating(QFrame):
    """A frame over ``host``. Escape or a press outside dismisses it, and the focus returns to where it was."""

    def __init__(self, name: str, host: QWidget) -> None:
        super().__init__(host)
        self.host = host
        self.focus_before = QApplication.focusWidget()
        self.setProperty("look", "popover")
        self.setAccessibleName(name)
        shade(self)

    def appear(self) -> None:
        """Show it in front, in the place of the same one where it was open; the caller gives the focus to a control
        inside."""
        for other in self.host.findChildren(type(self), options=Qt.FindChildOption.FindDirectChildrenOnly):
            if other is not self and other.isVisible() and other.accessibleName() == self.accessibleName():
                self.focus_before = other.focus_before
                other.dismiss()
        self.show()
        self.raise_()
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def dismiss(self) -> None:
        """Remove it, and give the focus back."""
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        focused = QApplication.focusWidget()
        inside = focused is None or self.isAncestorOf(focused)
        self.hide()
        self.deleteLater()
        before = self.focus_before
        if inside and before is not None and isValid(before) and before.isVisible():  # it may have been made anew
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    def event(self, event: QEvent) -> bool:
        """Claim Escape before the window's own shortcut gets it."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays inside: behind it is what the person does not look at."""
        stops = [
            child
            for child in self.findChildren(QWidget)
            if child.isVisible() and child.isEnabled() and child.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        focused = QApplication.focusWidget()
        if not stops:
            return False
        place = stops.index(focused) + (1 if forward else -1) if focused in stops else 0
        stops[place % len(stops)].setFocus(
            Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        )
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press outside dismisses it; the press itself still does what it does."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            inside = self.rect().contains(self.mapFromGlobal(event.globalPosition().toPoint()))
            if isinstance(watched, QWidget) and not inside:
                self.dismiss()
        return False

    def place_at_top(self, width: int, top: int = 72) -> None:
        """Centre it horizontally near the top of the window."""
        self.setFixedWidth(min(width, self.host.width() - 48))
        self.fit_height()
        self.move(QPoint((self.host.width() - self.width()) // 2, min(top, self.host.height() // 8)))

    def fit_height(self) -> None:
        """As tall as its content is at this width."""
        self.adjustSize()
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():  # by itself Qt asks for the height at another width
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))


class Scrolled(QScrollArea):
    """What of a card may be longer than the window: as tall as it is, as far as there is room, else it scrolls."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        inside.setProperty("look", "column")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(inside.accessibleName())
        self.setWidget(inside)

    def fit(self, width: int, room: int) -> None:
        """``width`` it will have; ``room``: pixels from above to below that the window leaves it."""
        inside = self.widget()
        layout = inside.layout() if inside is not None else None
        if layout is None:
            return
        layout.activate()
        tall = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        tall = max(tall, layout.totalMinimumSize().height())  # which wrapped words ask for at any width
        self.setFixedHeight(max(LEAST_ROOM, min(tall, room)))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if tall > room else Qt.FocusPolicy.NoFocus)


def shade(widget: QWidget) -> None:
    """A soft shadow: this floats above the page."""
    shadow = QGraphicsDropShadowEffect(widget)
    shadow.setBlurRadius(28)
    shadow.setOffset(0, 6)
    shadow.setColor(QColor(0, 0, 0, 56))
    widget.setGraphicsEffect(shadow)
