"""What the sidebar shows while its field has words: filters as chips, what was found, or why there is nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.notify import announce
from ui.search.filters import value_of, with_value, without, words_of
from ui.search.hit_list import HitList
from ui.search.hit_painter import spoken
from ui.translation import marked, tr
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from ui.widgets.labels import label

if TYPE_CHECKING:
    from workbench.chat.searching.search import Hit  # only its type: the window is painted first

SLOW_MILLISECONDS = 250  # before this nobody wants to be told that a search goes on
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
NOTHING = marked("Nothing was found in any chat.")
NOTHING_LEFT = marked("Nothing was found with these filters.")
SEARCHING = marked("Searching…")


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter: its ``key`` in the text. ``value``: the only one it has; empty: the person chooses."""

    key: str
    words: str
    value: str = ""
    tip: str = ""


CHIPS = (
    Chip("model", marked("Model"), tip=marked("Only what one model answered, and what it was asked")),
    Chip("after", marked("Date"), tip=marked("Only since a day")),
    Chip("project", marked("Project"), tip=marked("Only chats of one project")),
    Chip("has", marked("Attachment"), "attachment", tip=marked("Only messages with an attachment")),
    Chip("in", marked("Reasoning"), "reasoning", tip=marked("Search what models thought, too")),
)


class SearchPanel(QWidget):
    """``field`` keeps the focus: arrow keys walk through the hits, Enter chooses. ``choices_asked``: a filter's key, and
    the chip beside which its values are to be offered."""

    hit_chosen = Signal(object)
    choices_asked = Signal(str, QWidget)

    def __init__(self, appearance: Appearance, field: QLineEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._left = 0
        self._answered = ""
        self._awaited = self._walked = self._entered = (
            False  # hits of this text; a hit was chosen; Enter came before them
        )
        self.setAccessibleName(tr("Search results"))
        self.list = HitList(appearance)
        self.told = label("", "muted", wrap=True)
        self.told.setContentsMargins(12, 10, 12, 0)
        self.note = label("", "caption", wrap=True)
        self.note.setContentsMargins(12, 0, 12, 0)
        self.note.hide()
        self.chips = {chip.key: self._chip(chip, appearance) for chip in CHIPS}
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(SLOW_MILLISECONDS)
        self._slow.timeout.connect(lambda: self._tell(tr(SEARCHING)))
        filters = Flow(gap=5)
        for made in self.chips.values():
            filters.addWidget(made)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(filters)
        layout.addWidget(self.note)
        layout.addWidget(self.told)
        layout.addWidget(self.list, 1)
        self.told.hide()
        self.list.chosen.connect(self.hit_chosen)
        self.watch_field()

    def choose(self) -> None:
        """Go to the hit that Enter would choose, as soon as it is known."""
        if not self._field.text().strip():
            return
        if self._awaited and not self._walked:  # what is shown was found for other words
            self._entered = True
        else:
            self.list.choose()

    def watch_field(self) -> None:
        """Hear of its keys before all that have asked for them until now."""
        self._field.installEventFilter(self)

    def await_hits(self, text: str) -> None:
        """``text`` is being searched for; what was found before stays until then."""
        for chip in CHIPS:
            value = value_of(text, chip.key)
            made = self.chips[chip.key]
            made.setChecked(bool(value))
            words = tr(chip.words)
            made.say(f"{words}: {value}" if value and not chip.value else words)
        self._walked = self._entered = False
        self._awaited = text != self._answered
        if self._awaited:
            self._slow.start()

    def show_hits(self, text: str, hits: tuple[Hit, ...]) -> None:
        self._answered = text
        self._slow.stop()
        self.list.show_hits(hits)
        self._tell("" if hits else tr(NOTHING_LEFT) if words_of(text) != text.strip() else tr(NOTHING))
        if text.strip():
            announce(self, tr("{count} found").format(count=len(hits)) if hits else self.told.text())
        entered, self._awaited, self._entered = self._entered, False, False
        if entered and hits:
            self.list.go_to(0)
            self.list.choose()

    def show_failure(self, words: str) -> None:
        self._slow.stop()
        self._awaited = self._entered = False
        self.list.show_hits(())
        self._tell(words)

    def show_left(self, messages: int) -> None:
        """How many messages are not searched yet."""
        self._left = messages
        self.note.setText(tr("{count} older messages are still being read.").format(count=f"{messages:,}"))
        self.note.setVisible(messages > 0)

    def choose_value(self, key: str, value: str) -> None:
        """A filter's value, or none; the person goes on typing behind it."""
        text = self._field.text()
        self._field.setText(with_value(text, key, value) if value else without(text, key))
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and event.type() == QEvent.Type.FocusOut:
            self._entered = False  # the person went elsewhere
        if watched is not self._field or not isinstance(event, QKeyEvent) or not self._field.text().strip():
            return super().eventFilter(watched, event)
        if event.key() == Qt.Key.Key_Escape:
            return self._on_escape(event)
        if event.type() == QEvent.Type.KeyPress and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            key = Qt.Key(event.key())
            if key in STEPS:
                self._walk(STEPS[key])
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.choose()
                return True
        return super().eventFilter(watched, event)

    def _walk(self, by: int) -> None:
        """The focus stays in the field, so the hit is said."""
        self._walked = True
        self.list.step(by)
        hit = self.list.current
        if hit is not None:
            announce(self, spoken(hit))

    def _on_escape(self, event: QKeyEvent) -> bool:
        """Claimed before the window's own shortcut gets it: it empties the field."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress:
            self._field.clear()
        return True

    def _chip(self, chip: Chip, appearance: Appearance) -> Button:
        words = tr(chip.words)
        name = tr("Filter by {what}").format(what=words.lower())
        made = Button(words, appearance, look="filter", name=name)
        made.setCheckable(True)
        made.setToolTip(tr(chip.tip))
        made.clicked.connect(lambda: self._press(chip))
        return made

    def _press(self, chip: Chip) -> None:
        active = bool(value_of(self._field.text(), chip.key))
        self.chips[chip.key].setChecked(active)  # the text decides
        if active:
            self.choose_value(chip.key, "")
        elif chip.value:
            self.choose_value(chip.key, chip.value)
        else:
            self.choices_asked.emit(chip.key, self.chips[chip.key])

    def _tell(self, words: str) -> None:
        if words == tr(SEARCHING) and self.list.hits:
            return
        self.told.setText(words)
        self.told.setVisible(bool(words))
