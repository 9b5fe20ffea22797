"""The chips above the draft of folders and files that the chat asks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui.appearance import Appearance
from ui.chat.mentions import FolderChip
from ui.icons import pixmap
from ui.translation import tr
from ui.widgets.buttons import IconButton
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel

WIDEST = 260  # pixels at 100 %
ICON = 15


class FolderRow(QWidget):
    """``removed`` carries the word of one that the person took out; ``left``: the keyboard goes back to the draft."""

    removed = Signal(str)
    left = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._frames: list[FolderFrame] = []
        self._flow = Flow(self, gap=6)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(tr("Folders this chat asks"))
        self.hide()

    @property
    def chips(self) -> tuple[FolderChip, ...]:
        return tuple(frame.chip for frame in self._frames)

    def show_chips(self, chips: Sequence[FolderChip]) -> None:
        if tuple(chips) == self.chips:
            return
        for frame in self._frames:
            self._flow.removeWidget(frame)
            frame.hide()
            frame.deleteLater()
        self._frames = [FolderFrame(chip, self._appearance) for chip in chips]
        for frame in self._frames:
            frame.removed.connect(self._on_removed)
            self._flow.addWidget(frame)
            frame.show()
        self._flow.invalidate()
        self.setVisible(bool(self._frames))
        self.updateGeometry()

    def _on_removed(self, word: str) -> None:
        self.left.emit()
        self.removed.emit(word)


class FolderFrame(QFrame):
    """One chip. Del or Backspace on its button takes it out, as pressing it does; what the project brings has none."""

    removed = Signal(str)

    def __init__(self, chip: FolderChip, appearance: Appearance) -> None:
        super().__init__()
        self.chip = chip
        self._appearance = appearance
        self.setProperty("look", "card")
        self._icon = QLabel()
        self._name = ElidedLabel(chip.place.name, "muted" if chip.project or chip.problem else "")
        self._name.explain(chip.tip)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 10 if chip.project else 4, 3)
        row.setSpacing(7)
        row.addWidget(self._icon)
        row.addWidget(self._name, 1)
        self._remove: IconButton | None = None
        if chip.project:
            row.addWidget(ElidedLabel(chip.project, "caption"), 1)
        else:
            remove = IconButton("x", tr("Stop asking {name}").format(name=chip.place.name), appearance, size=13)
            remove.setAccessibleDescription(chip.tip.replace("\n", ", "))
            remove.clicked.connect(lambda: self.removed.emit(chip.place.word))
            remove.installEventFilter(self)
            row.addWidget(remove)
            self._remove = remove
        self.setAccessibleName(", ".join((chip.place.name, *chip.tip.split("\n"))))
        appearance.follow(self._dress)

    def sizeHint(self) -> QSize:
        metrics = self._name.fontMetrics()
        words = metrics.horizontalAdvance(self.chip.place.name) + 6
        project = metrics.horizontalAdvance(self.chip.project) + 14 if self.chip.project else 0
        beside = self._remove.sizeHint().width() if self._remove is not None else project
        wide = words + beside + self._appearance.pixels(ICON) + 34
        return QSize(min(wide, self._appearance.pixels(WIDEST)), super().sizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self.chip.place.word)
            return True
        return False

    def _dress(self) -> None:
        tokens = self._appearance.tokens
        size = self._appearance.pixels(ICON)
        name = "triangle-alert" if self.chip.problem else self.chip.place.icon
        tone = tokens.danger if self.chip.problem else tokens.muted
        self._icon.setPixmap(pixmap(name, tone, size, self.devicePixelRatioF()))
