"""What the settings are made of: a row with its words, and a button that shows what is chosen."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.widgets.buttons import ICON_GAP, ElidedButton
from ui.widgets.labels import label
from ui.widgets.popover import Choice, Popover

ROW_GAP = 16
WORDS_CHARACTERS = 26  # that words get beside a control, at least
LEFT_TO_RIGHT_MARK = "\u200e"  # keeps the gap between words and sign where the layout is mirrored


class Picker(ElidedButton):
    """A button that shows what is chosen and opens the list of choices."""

    def __init__(self, name: str, appearance: Appearance) -> None:
        super().__init__("", appearance, icon_name="chevron-down", name=name)
        self.name = name
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the sign stands behind the words

    def show_choice(self, words: str) -> None:
        self.say(words)
        self.setAccessibleName(f"{self.name}: {words}")

    def offer(self, choices: Iterable[Choice]) -> None:
        """Open the list of ``choices`` at the button."""
        Popover(self.name, list(choices), self._appearance, self.window()).open_at(self)

    def _beside_icon(self, words: str) -> str:
        return f"{words}{ICON_GAP}{LEFT_TO_RIGHT_MARK}"


class SettingRow(QWidget):
    """What it is and what it does at the left, the control at the right; below each other where there is no room."""

    def __init__(self, title: str, words: str | QWidget, control: QWidget) -> None:
        super().__init__()
        self._control = control
        self._title = label(title, wrap=True)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(ROW_GAP)
        left = QVBoxLayout()
        left.setSpacing(2)
        left.addWidget(self._title)
        left.addWidget(label(words, "caption", wrap=True) if isinstance(words, str) else words)
        self._line.addLayout(left, 1)
        self._line.addWidget(control)

    def minimumSizeHint(self) -> QSize:
        """As narrow as its control alone."""
        return QSize(self._control.minimumSizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._turn(event.size().width())
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        """The control has other words or another size: it may need another place."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._turn(self.width())
        return super().event(event)

    @property
    def _start(self) -> Qt.AlignmentFlag:
        """Where lines begin; Qt mirrors it for a control that is laid out the other way round, as a `Picker` is."""
        mirrored = self._control.layoutDirection() != self.layoutDirection()
        return Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft

    def _turn(self, width: int) -> None:
        metrics = self._title.fontMetrics()
        words = max(WORDS_CHARACTERS * metrics.averageCharWidth(), metrics.horizontalAdvance(self._title.text()))
        beside = width >= words + ROW_GAP + self._control.sizeHint().width()
        wanted = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if wanted != self._line.direction():
            self._line.setDirection(wanted)
            self._line.setSpacing(ROW_GAP if beside else 6)
            self._line.setAlignment(self._control, Qt.AlignmentFlag(0) if beside else self._start)


def setting_row(title: str, words: str | QWidget, control: QWidget) -> QWidget:
    """A setting as a row of its card. ``words``: what it does, or what shows its value."""
    return SettingRow(title, words, control)
