"""The form that asks for a prompt's variables: fields, a folded preview, and what to do with the filled prompt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.notify import announce
from ui.prompts.filled_text import FilledText
from ui.prompts.form_fields import Field, LongField, field_for
from ui.prompts.form_filling import FilledPrompt
from ui.prompts.form_values import given, missing, missing_words
from ui.translation import tr
from ui.widgets.buttons import Button, ElidedButton, IconButton
from ui.widgets.labels import ElidedLabel, label
from workbench.prompts.prompt import SavedPrompt, Variable

PREVIEW_MILLISECONDS = 150
MOST_OF_THE_WINDOW = 0.42  # of its height, for the fields; more scroll
PREVIEW_LINES = 8
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PromptForm(QFrame):
    """``sent``, ``inserted`` and ``copied`` carry the values by name, once all that is required is there. ``left``: Escape.
    ``previewed`` carries the values whenever the person pauses, for `show_preview`."""

    sent = Signal(dict)
    inserted = Signal(dict)
    copied = Signal(dict)
    left = Signal()
    previewed = Signal(dict)

    def __init__(
        self,
        appearance: Appearance,
        saved: SavedPrompt,
        variables: Sequence[Variable],
        values: Mapping[str, str],
        *,
        send: str = "",
    ) -> None:
        """``variables``: all to be asked; ``values``: what they begin with; ``send``: on the button, empty: Send."""
        super().__init__()
        self._appearance = appearance
        self.saved = saved
        self.variables = tuple(variables)
        self.setProperty("look", "notice")
        self.setAccessibleName(tr("Prompt {title}").format(title=saved.prompt.title))
        self.fields = [field_for(one, appearance) for one in self.variables]
        self.close_button = IconButton("x", tr("Leave the form"), appearance, size=16)
        self.close_button.say(tr("Leave the form"), tr("Esc"))
        self.preview_button = ElidedButton(tr("Preview"), appearance, look="quiet", icon_name="chevron-right")
        self.copy_button = IconButton("copy", tr("Copy the filled prompt"), appearance)
        self.insert_button = Button(tr("Insert"), appearance, name=tr("Insert into the message"))
        self.send_button = Button(send or tr("Send"), appearance, look="primary")
        self.preview = FilledText(appearance, tr("Preview of the filled prompt"))
        self._problem = label("", "danger", wrap=True)
        self._scroll = QScrollArea()
        self._inside = QWidget()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PREVIEW_MILLISECONDS)
        self._told = ""
        self._most = 0
        self._dress()
        self._lay_out()
        for field in self.fields:
            field.show_value(values.get(field.variable.name, ""))
        self._connect()
        self._soon.start(0)

    @property
    def values(self) -> dict[str, str]:
        return {field.variable.name: field.value for field in self.fields}

    def take_focus(self) -> None:
        """The first field that is to be filled in."""
        empty = {one.name for one in missing(self.variables, self.values)}
        first = next((field for field in self.fields if field.variable.name in empty), None)
        target = first or (self.fields[0] if self.fields else None)
        (target.entry if target is not None else self.send_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_preview(self, filled: FilledPrompt) -> None:
        """The filled prompt as it would be sent now."""
        self._told = "" if filled.tokens is None else tr("{count} tokens").format(count=f"{filled.tokens:,}")
        self._say_preview()
        self.preview.show_filled(filled)
        self.show_problem("")

    def show_problem(self, words: str) -> None:
        """Why it cannot be filled in; empty: it can."""
        self._problem.setText(words)
        self._problem.setVisible(bool(words))

    @property
    def problem(self) -> str:
        return self._problem.text()

    def show_busy(self, busy: bool) -> None:
        """It is being filled in, to be sent."""
        for button in (self.send_button, self.insert_button, self.copy_button):
            button.setEnabled(not busy)

    def fit(self, window_height: int) -> None:
        """As tall as its fields, as far as the window has room; then they scroll."""
        self._most = max(120, int(window_height * MOST_OF_THE_WINDOW))
        self._refit()

    def _refit(self) -> None:
        """Fields are as tall as what is written in them, once they are laid out."""
        layout = self._inside.layout()
        width = self._scroll.viewport().width()
        wanted = layout.totalHeightForWidth(width) if layout is not None else self._inside.sizeHint().height()
        height = min(max(wanted, self._inside.minimumSizeHint().height()) + 2, self._most)
        if height != self._scroll.height():
            self._scroll.setFixedHeight(height)

    # Inside -----------------------------------------------------------------------------------------------------------

    def _dress(self) -> None:
        self.preview.setProperty("look", "field")
        self.preview.hide()
        self.preview_button.setCheckable(True)
        self.insert_button.setToolTip("  ".join((tr("Insert into the message, to edit it first"), "Ctrl+Enter")))
        self.send_button.setToolTip(tr("Enter"))
        self._problem.hide()
        self._appearance.follow(self._fit_preview)

    def _fit_preview(self) -> None:
        self.preview.setFixedHeight(PREVIEW_LINES * self.preview.fontMetrics().lineSpacing() + 20)

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 10, 12, 12)
        rows.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(ElidedLabel(self.saved.prompt.title, "title"), 1)
        head.addWidget(label(f"/{self.saved.prompt.name}", "caption"))
        head.addWidget(self.close_button)
        rows.addLayout(head)
        inside = QVBoxLayout(self._inside)
        self._inside.setProperty("look", "column")
        inside.setContentsMargins(2, 0, 8, 2)
        inside.setSpacing(12)
        for field in self.fields:
            inside.addWidget(field)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._inside)
        rows.addWidget(self._scroll)
        rows.addWidget(self._problem)
        rows.addWidget(self.preview)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        self.preview_button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)  # else it is not elided
        foot.addWidget(self.preview_button)
        foot.addStretch(1)
        for button in (self.copy_button, self.insert_button, self.send_button):
            foot.addWidget(button)
        rows.addLayout(foot)

    def _connect(self) -> None:
        self.close_button.clicked.connect(self.left)
        self.preview_button.toggled.connect(self._unfold)
        self.send_button.clicked.connect(lambda: self._finish(self.sent.emit))
        self.insert_button.clicked.connect(lambda: self._finish(self.inserted.emit))
        self.copy_button.clicked.connect(lambda: self._finish(self.copied.emit))
        self._soon.timeout.connect(lambda: self.previewed.emit(given(self.variables, self.values)))
        for field in self.fields:
            field.edited.connect(lambda field=field: self._on_edited(field))
            if isinstance(field, LongField):
                field.submitted.connect(lambda: self._finish(self.sent.emit))
        for child in self.findChildren(QWidget):
            child.installEventFilter(self)

    def _on_edited(self, field: Field) -> None:
        field.show_problem("")
        self._soon.start()
        if isinstance(field, LongField):
            self.fit(self.window().height())

    def _unfold(self, shown: bool) -> None:
        self.preview.setVisible(shown)
        self.preview_button.show_icon("chevron-down" if shown else "chevron-right")

    def _say_preview(self) -> None:
        words = tr("Preview")
        self.preview_button.say(f"{words} · {self._told}" if self._told else words)
        self.preview_button.setAccessibleName(f"{words}, {self._told}" if self._told else words)

    def _finish(self, hand_over: Callable[[dict[str, str]], None]) -> None:
        """Hand over the values, unless something required is missing: then the keyboard goes there."""
        empty = missing(self.variables, self.values)
        for field in self.fields:
            field.show_problem(tr("Fill this in.") if field.variable in empty else "")
        if empty:
            announce(self, missing_words(empty))
            self.take_focus()
        elif self.send_button.isEnabled():
            hand_over(given(self.variables, self.values))

    def event(self, event: QEvent) -> bool:
        """Claim Escape before the window's own shortcut gets it."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (event.key() == Qt.Key.Key_Escape or event.key() in _ENTER)
        ):
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._inside and event.type() == QEvent.Type.LayoutRequest and self._most:
            QTimer.singleShot(0, self, self._refit)  # a field grew, or has its words laid out now
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return True
        if event.key() not in _ENTER or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return False
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._finish(self.inserted.emit)
            return True
        if isinstance(watched, Button | IconButton):
            watched.click()
            return True
        if isinstance(watched, QPlainTextEdit) and watched is not self.preview:
            return False  # it tells by itself
        self._finish(self.sent.emit)
        return True
