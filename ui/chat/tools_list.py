"""The list that the composer's tools button opens: the tools of one chat with ticks. It stays open while they change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.direction import leave_room
from ui.widgets.floating import Floating
from ui.widgets.labels import ElidedLabel, label, rule
from ui.widgets.scrolling import scrolling

WIDTH, GAP = 430, 6
TEXT_LEFT = 38


@dataclass(frozen=True, slots=True)
class ToolChoice:
    """``note``: where it reaches. Without ``enabled`` it is there to be read."""

    name: str
    title: str
    note: str
    on: bool
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class ToolChoices:
    """``why``: what keeps all of them from this chat; ``automatic``: the chat says nothing of its own."""

    tools: tuple[ToolChoice, ...]
    automatic: bool
    why: str = ""
    memory: bool = True


class ToolsList(Floating):
    """``toggled`` (name, on), ``automatic_asked``, ``memory_toggled``, ``page_asked``. Arrow keys walk."""

    toggled = Signal(str, bool)
    automatic_asked = Signal()
    memory_toggled = Signal(bool)
    page_asked = Signal()

    def __init__(self, choices: ToolChoices, appearance: Appearance, window: QWidget) -> None:
        super().__init__(tr("Tools of this chat"), window)
        self._appearance = appearance
        self._entries: list[Button] = []
        self._ticks: dict[str, Button] = {}
        self.setFixedWidth(min(appearance.pixels(WIDTH), window.width() - 2 * GAP))
        inside = QWidget()
        inside.setProperty("look", "column")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._fill(choices)
        self._scroll = scrolling(inside)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(GAP, GAP, GAP, GAP)
        outside.addWidget(self._scroll)
        self._inside = inside

    def show_choices(self, choices: ToolChoices) -> None:
        """The same tools with other ticks."""
        for one in choices.tools:
            if one.name in self._ticks:
                self._tick(self._ticks[one.name], on=one.on)
        self._tick(self._automatic, on=choices.automatic)
        self._tick(self._memory, on=choices.memory)

    def open_above(self, anchor: QWidget) -> None:
        inside, room = self._inside.sizeHint().height(), self.host.height() - 2 * GAP
        corner = anchor.mapTo(self.host, QPoint(0, 0))
        self.setFixedHeight(min(inside + 2 * GAP + 4, room, max(200, corner.y() - 2 * GAP)))
        left = max(GAP, min(corner.x(), self.host.width() - self.width() - GAP))
        self.move(left, max(GAP, corner.y() - self.height() - GAP))
        self.appear()
        if self._entries:
            self._entries[0].setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None and self._entries:
            focused = QApplication.focusWidget()
            place = self._entries.index(focused) + step if focused in self._entries else 0
            entry = self._entries[place % len(self._entries)]
            entry.setFocus(Qt.FocusReason.TabFocusReason)
            self._scroll.ensureWidgetVisible(entry)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            for entry in self._entries:
                if entry.hasFocus():
                    entry.click()
                    return
        else:
            super().keyPressEvent(event)

    # Inside -----------------------------------------------------------------------------------------------------------

    def _fill(self, choices: ToolChoices) -> None:
        if choices.why:
            why = label(choices.why, "caption", wrap=True)
            why.setContentsMargins(12, 6, 12, 6)
            self._column.addWidget(why)
        for one in choices.tools:
            entry = self._entry(one.title, one.note, on=one.on, enabled=one.enabled)
            entry.clicked.connect(lambda on, name=one.name: self.toggled.emit(name, on))
            self._ticks[one.name] = entry
        self._column.addWidget(rule())
        self._automatic = self._entry(
            tr("As the settings say"),
            tr("Tools for models that were seen to call them properly."),
            on=choices.automatic,
        )
        self._automatic.clicked.connect(self.automatic_asked)
        self._memory = self._entry(
            tr("Tell what is remembered"), tr("What you told once is told in this chat too."), on=choices.memory
        )
        self._memory.clicked.connect(self.memory_toggled)
        page = Button(tr("Tools page…"), self._appearance, look="entry", icon_name="wrench", name=tr("Tools page"))
        page.clicked.connect(self._open_page)
        self._column.addWidget(rule())
        self._column.addWidget(page)
        self._entries.append(page)

    def _entry(self, title: str, note: str, *, on: bool, enabled: bool = True) -> Button:
        entry = Button("", self._appearance, look="tick", icon_name="square-check" if on else "square", name=title)
        entry.setCheckable(True)
        entry.setChecked(on)
        entry.setEnabled(enabled)
        entry.setAccessibleDescription(note)
        entry.toggled.connect(lambda checked: entry.show_icon("square-check" if checked else "square"))
        lines = QVBoxLayout(entry)
        leave_room(lines, TEXT_LEFT, 6, 12, 6)
        lines.setSpacing(1)
        for words in (ElidedLabel(title, "" if enabled else "muted"), ElidedLabel(note, "caption")):
            words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            lines.addWidget(words)
        entry.setMinimumHeight(lines.sizeHint().height())
        self._column.addWidget(entry)
        if enabled:
            self._entries.append(entry)
        return entry

    def _tick(self, entry: Button, *, on: bool) -> None:
        if entry.isChecked() is not on:
            entry.setChecked(on)

    def _open_page(self) -> None:
        self.dismiss()
        self.page_asked.emit()


def effective(chosen: Sequence[str] | None, offered: Sequence[str]) -> tuple[str, ...]:
    """The names with a tick: what the chat chose, else what the settings offer its model."""
    return tuple(offered if chosen is None else chosen)
