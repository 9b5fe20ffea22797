"""An in-window list of choices: what a menu is elsewhere. A real widget of the window, so screen readers find it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.widgets.buttons import Button, ElidedButton
from ui.widgets.floating import Floating
from ui.widgets.labels import ElidedLabel, label, rule

GAP = 6
ENTRY_WIDTH, NOTED_WIDTH = 220, 420
TEXT_LEFT, ICON_LEFT = 38, 20  # behind the icon, and what of it is no icon
BESIDE = 88  # pixels of an entry with a detail that are neither its text nor the detail
LEAST_HEIGHT = 24  # pixels: no entry is lower
PORTION = 12  # entries that are made at once behind those in view: a frame holds them


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry. ``detail`` or ``key`` (its shortcut) stands muted at the right, ``note`` on a second line.

    Without ``enabled`` it is there to be read, not chosen: the note says why.
    """

    text: str
    act: Callable[[], None]
    icon: str = ""
    detail: str = ""
    key: str = ""
    checked: bool = False
    danger: bool = False
    separated: bool = False
    note: str = ""
    enabled: bool = True


class Popover(Floating):
    """Choices beside the control that opened it. Arrow keys walk, Enter chooses, Escape or a click elsewhere closes.

    Of many, those that the window can show and those up to the checked one are there at once, the others a moment later.
    """

    def __init__(self, name: str, choices: Sequence[Choice], appearance: Appearance, window: QWidget) -> None:
        super().__init__(name, window)
        self._appearance = appearance
        self._inside = QWidget()
        self._inside.setProperty("look", "column")
        self._scroll: QScrollArea | None = None
        self._outside = outside = QVBoxLayout(self)
        outside.setContentsMargins(GAP, GAP, GAP, GAP)
        outside.addWidget(self._inside)
        self._rows = QVBoxLayout(self._inside)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(2)
        self._entries: list[Button] = []
        self._notes: dict[str, tuple[Button, Choice, QLabel]] = {}
        self._later = list(choices)
        self._soon = QTimer(self)
        self._soon.setInterval(0)
        self._soon.timeout.connect(lambda: self._make(PORTION))
        self._make(_at_once(choices, window.height()))

    def open_at(self, anchor: QWidget, *, above: bool = False) -> None:
        """Show it beside ``anchor``, inside the window, and give it the focus."""
        self._fit()
        corner = anchor.mapTo(self.host, QPoint(0, 0))
        top = corner.y() - self.height() - GAP if above else corner.y() + anchor.height() + GAP
        left = corner.x()
        if left + self.width() > self.host.width() - GAP:
            left = corner.x() + anchor.width() - self.width()
        self.open_with_corner(QPoint(left, top))

    def open_with_corner(self, corner: QPoint) -> None:
        """Show it with its upper left corner at ``corner`` of the window, moved as far as needed to fit."""
        self._fit()
        left = max(GAP, min(corner.x(), self.host.width() - self.width() - GAP))
        top = max(GAP, min(corner.y(), self.host.height() - self.height() - GAP))
        self.move(left, top)
        self.appear()
        if self._entries:
            current = next((entry for entry in self._entries if entry.isChecked()), self._entries[0])
            self._focus(current, Qt.FocusReason.PopupFocusReason)
        if self._later:
            self._soon.start()

    def dismiss(self) -> None:
        self._soon.stop()
        super().dismiss()

    def show_note(self, text: str, note: str) -> None:
        """What stands below the entry ``text`` is known now."""
        self._later = [replace(choice, note=note) if choice.text == text else choice for choice in self._later]
        if text in self._notes:
            entry, choice, words = self._notes[text]
            words.setText(note)
            _describe(entry, replace(choice, note=note))

    def _make(self, count: int) -> None:
        """The entries of the next ``count`` choices."""
        now, self._later = self._later[:count], self._later[count:]
        for choice in now:
            if choice.separated:
                self._rows.addWidget(rule())
            entry = self._entry(choice)
            self._rows.addWidget(entry)
            if self.isVisible():
                entry.show()  # by itself only when the event loop is reached
        if not self._later:
            self._soon.stop()

    def _fit(self) -> None:
        """As wide and tall as its entries, but no wider than the window; more than it holds scroll."""
        self.setMaximumWidth(max(ENTRY_WIDTH, self.host.width() - 2 * GAP))
        if self._later:
            self._inside.setMinimumWidth(min(self._wide_as_later(), self.maximumWidth() - 4 * GAP))
        self.adjustSize()
        room = self.host.height() - 2 * GAP
        if self.height() <= room or self._scroll is not None:
            return
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        wide = max(self._inside.width(), self._inside.sizeHint().width())  # it may not be laid out yet
        self._scroll.setFixedSize(wide + self._scroll.verticalScrollBar().sizeHint().width(), room - 16)
        self._scroll.setWidget(self._inside)
        self._outside.addWidget(self._scroll)
        self.adjustSize()

    def _wide_as_later(self) -> int:
        """Pixels that the entries ask for that are not there yet."""
        metrics = self.fontMetrics()
        asked = [
            NOTED_WIDTH if one.note else BESIDE + metrics.horizontalAdvance(f"{one.text}{one.detail or one.key}")
            for one in self._later
        ]
        return max(ENTRY_WIDTH, *asked)

    def _focus(self, entry: QWidget, reason: Qt.FocusReason) -> None:
        entry.setFocus(reason)
        if self._scroll is not None:
            self._scroll.ensureWidgetVisible(entry)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """The arrow keys of an entry come here, too."""
        if not forward:
            self._make_all()
        return super().focusNextPrevChild(forward)

    def _make_all(self) -> None:
        """The way up from the first one leads to the last."""
        if self._later:
            self._make(len(self._later))
            self._inside.adjustSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None and self._entries:
            if step < 0:
                self._make_all()
            places = [place for place, entry in enumerate(self._entries) if entry.hasFocus()]
            place = (places[0] + step) if places else 0
            self._focus(self._entries[place % len(self._entries)], Qt.FocusReason.TabFocusReason)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            for entry in self._entries:
                if entry.hasFocus():
                    entry.click()
                    return
        else:
            super().keyPressEvent(event)

    def _entry(self, choice: Choice) -> Button:
        entry = ElidedButton(
            "" if choice.note else choice.text,
            self._appearance,
            look="entry",
            icon_name="check" if choice.checked else choice.icon,
            tone="danger" if choice.danger else "",
            name=choice.text,
            parent=self._inside,
        )
        entry.setMinimumWidth(ENTRY_WIDTH)
        entry.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # else nothing is elided
        entry.setCheckable(choice.checked)
        entry.setChecked(choice.checked)
        entry.setEnabled(choice.enabled)
        _describe(entry, choice)
        if choice.note:
            self._notes[choice.text] = (entry, choice, _in_two_lines(entry, choice))
        elif choice.detail or choice.key:
            _beside(entry, choice)
        entry.clicked.connect(lambda: self._choose(choice))
        if choice.enabled:
            self._entries.append(entry)
        return entry

    def _choose(self, choice: Choice) -> None:
        self.dismiss()
        choice.act()


def _at_once(choices: Sequence[Choice], room: int) -> int:
    """How many entries are there when the list opens: as many as ``room`` pixels show, and all up to the checked one."""
    checked = next((place for place, choice in enumerate(choices) if choice.checked), 0)
    return max(room // LEAST_HEIGHT, checked) + 2


def _describe(entry: Button, choice: Choice) -> None:
    entry.setAccessibleDescription(", ".join(piece for piece in (choice.detail, choice.note) if piece))


def _beside(entry: Button, choice: Choice) -> None:
    """Detail and shortcut at the right of the entry's own text."""
    text_width = entry.fontMetrics().horizontalAdvance(choice.text)
    row = QHBoxLayout(entry)
    row.setContentsMargins(56 + text_width, 0, 10, 0)
    row.addStretch()
    side = label(choice.detail or choice.key, "" if choice.checked else "caption")  # muted is too pale when checked
    side.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    row.addWidget(side)
    entry.setMinimumWidth(max(ENTRY_WIDTH, BESIDE + text_width + side.sizeHint().width()))
    entry.setMinimumHeight(entry.fontMetrics().height() + 16)


def _in_two_lines(entry: Button, choice: Choice) -> QLabel:
    """Text and detail, and below them the note; returns the note's label."""
    name = ElidedLabel(choice.text, "" if choice.enabled else "muted")
    detail = label(choice.detail, "" if choice.checked else "caption")
    note = ElidedLabel(choice.note, "small" if choice.checked else "caption")
    head = QHBoxLayout()
    head.setSpacing(12)
    head.addWidget(name, 1)
    head.addWidget(detail)
    lines = QVBoxLayout(entry)
    lines.setContentsMargins(max(TEXT_LEFT, ICON_LEFT + entry.iconSize().width()), 7, 12, 7)
    lines.setSpacing(1)
    lines.addLayout(head)
    lines.addWidget(note)
    for words in (name, detail, note):
        words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    entry.setMinimumSize(NOTED_WIDTH, lines.sizeHint().height())
    return note
