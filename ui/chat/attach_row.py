"""The chips above the draft: what is attached, how large it is, and a button to take it out again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.attach import Chip, ChipState, caption, icon_of, spoken
from ui.icons import pixmap
from ui.translation import tr
from ui.widgets.buttons import IconButton
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, label

CHIP_WIDTH, FAILED_WIDTH = 236, 420
ICON_SIZE = 18


class AttachRow(QWidget):
    """``removed`` carries a chip that the person took out; ``left``: the keyboard goes back to the draft."""

    removed = Signal(object)
    left = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._frames: dict[Chip, ChipFrame] = {}
        self._flow = Flow(self, gap=8)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(tr("Attachments"))
        self.hide()

    @property
    def chips(self) -> tuple[Chip, ...]:
        return tuple(self._frames)

    def show_chips(self, chips: Sequence[Chip]) -> None:
        """These and no others."""
        for chip in self.chips:
            if chip not in chips:
                self._drop(chip)
        for chip in chips:
            self.show_chip(chip)
        self.setVisible(bool(self._frames))

    def show_chip(self, chip: Chip) -> None:
        """Add it, or show its new state."""
        if chip in self._frames:
            self._frames[chip].refresh()
        else:
            frame = ChipFrame(chip, self._appearance)
            frame.remove_asked.connect(self._on_remove)
            self._frames[chip] = frame
            self._flow.addWidget(frame)
            frame.show()
        self._flow.invalidate()
        self.setVisible(True)
        self.updateGeometry()

    def point_at_failed(self) -> bool:
        """Give the keyboard to the first chip that cannot be sent; False: there is none."""
        for chip, frame in self._frames.items():
            if chip.state is ChipState.FAILED:
                frame.remove.setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return False

    def _on_remove(self, chip: object) -> None:
        assert isinstance(chip, Chip)  # noqa: S101 - what our own frames send
        place = self.chips.index(chip)
        self._drop(chip)
        self.setVisible(bool(self._frames))
        rest = self.chips
        if rest:
            self._frames[rest[min(place, len(rest) - 1)]].remove.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.left.emit()
        self.removed.emit(chip)

    def _drop(self, chip: Chip) -> None:
        frame = self._frames.pop(chip)
        self._flow.removeWidget(frame)
        frame.hide()
        frame.deleteLater()
        self.updateGeometry()


class ChipFrame(QFrame):
    """One chip. Del or Backspace on its button takes it out, as pressing it does."""

    remove_asked = Signal(object)

    def __init__(self, chip: Chip, appearance: Appearance) -> None:
        super().__init__()
        self._chip = chip
        self._appearance = appearance
        self.setProperty("look", "card")
        self._icon = QLabel()
        self._name = ElidedLabel(chip.name)
        self._caption = ElidedLabel("", "caption")
        self._reason = label("", "danger", wrap=True)
        self.remove = IconButton("x", tr("Remove {name}").format(name=chip.name), appearance, size=14)
        words = QVBoxLayout()
        words.setSpacing(1)
        for line in (self._name, self._caption, self._reason):
            words.addWidget(line)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        row.addWidget(self.remove)
        self.remove.clicked.connect(self._on_remove)
        self.remove.installEventFilter(self)
        appearance.follow(self.refresh)

    def refresh(self) -> None:
        """The state has changed, or the colours have."""
        chip, failed = self._chip, self._chip.state is ChipState.FAILED
        size = self._appearance.pixels(ICON_SIZE)
        tokens = self._appearance.tokens
        self._icon.setPixmap(
            pixmap(icon_of(chip), tokens.danger if failed else tokens.muted, size, self.devicePixelRatioF())
        )
        self._caption.setVisible(not failed)
        self._reason.setVisible(failed)
        (self._reason if failed else self._caption).setText(caption(chip))
        self.setAccessibleName(spoken(chip))
        self.remove.setAccessibleDescription(caption(chip))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Failed ones are wider: their reason is to be read."""
        width = self._appearance.pixels(FAILED_WIDTH if self._chip.state is ChipState.FAILED else CHIP_WIDTH)
        parent = self.parentWidget()
        if parent is not None and parent.width() > 0:
            width = min(width, max(self._appearance.pixels(CHIP_WIDTH), parent.width()))
        layout = self.layout()
        tall = layout.totalHeightForWidth(width) if layout is not None and layout.hasHeightForWidth() else -1
        return QSize(width, tall if tall > 0 else super().sizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._on_remove()
            return True
        return False

    def _on_remove(self) -> None:
        self.remove_asked.emit(self._chip)
