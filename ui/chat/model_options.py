"""The options of one model: sampling and the limit of thoughts, each with what counts while the person says nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.model_options_words import OPTIONS, Field
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.floating import Floating
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.scrolling import scrolling

WIDTH, FIELD_WIDTH = 520, 170
MARGIN = 18

Keep = Callable[[str, str], None]


class ModelOptionsPanel(Floating):
    """``keep`` is told the key and text of a field that was changed; an empty text takes the choice back."""

    dismissed = Signal()

    def __init__(
        self, model: str, appearance: Appearance, host: QWidget, keep: Keep, reset: Callable[[], None]
    ) -> None:
        super().__init__(tr("Options of {model}").format(model=model), host)
        self._appearance = appearance
        self._keep = keep
        self._fields: dict[str, QLineEdit] = {}
        self._kept: dict[str, str] = {}
        self._inside = QWidget()
        self._inside.setProperty("look", "column")
        self._rows = QVBoxLayout(self._inside)
        self._rows.setContentsMargins(MARGIN, 4, MARGIN, 4)
        self._rows.setSpacing(10)
        self.problem = label("", "danger", wrap=True)
        self.problem.hide()
        self.defaults = Button(tr("Use the defaults"), appearance, look="quiet", icon_name="undo-2")
        self.defaults.clicked.connect(reset)
        self._close = IconButton("x", tr("Close options"), appearance)
        self._close.clicked.connect(self.dismiss)
        self._lay_out(model)

    def show_fields(self, fields: tuple[Field, ...]) -> None:
        """What counts now. A field that is being written in keeps its text."""
        for field in fields:
            edit = self._fields.get(field.key) or self._add(field.key)
            edit.setPlaceholderText(field.placeholder)
            without = tr("Without a value: {value}").format(value=field.placeholder)
            edit.setAccessibleDescription(f"{tr(OPTIONS[field.key].note)}. {without}")
            if not edit.hasFocus() or edit.text() == self._kept.get(field.key, ""):
                edit.setText(field.text)
            self._kept[field.key] = field.text
        self.defaults.setEnabled(any(field.text for field in fields))
        self.show_problem("")

    def show_problem(self, text: str) -> None:
        """Why the last change was not kept; empty: it was."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def open_first(self) -> None:
        """Show it, and give the first field the focus."""
        self.appear()
        self._fit()  # sizes are known once the style is on
        if self._fields:
            next(iter(self._fields.values())).setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """What is still being written counts too."""
        for key in self._fields:
            self._changed(key)
        self.dismissed.emit()
        super().dismiss()

    def field(self, key: str) -> QLineEdit:
        """The field of an option that is shown."""
        return self._fields[key]

    def _lay_out(self, model: str) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(MARGIN, 12, 10, 0)
        head.addWidget(ElidedLabel(tr("Options of {model}").format(model=model), "title"), 1)
        head.addWidget(self._close)
        words = label(
            tr("An empty field takes what stands in it. Changes count from your next question on."),
            "caption",
            wrap=True,
        )
        words.setContentsMargins(MARGIN, 0, MARGIN, 4)
        self._scroll = scrolling(self._inside)
        foot = QHBoxLayout()
        foot.setContentsMargins(10, 0, MARGIN, 12)
        foot.addWidget(self.defaults)
        foot.addWidget(self.problem, 1)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(6)
        outside.addLayout(head)
        outside.addWidget(words)
        outside.addWidget(self._scroll, 1)
        outside.addLayout(foot)

    def _add(self, key: str) -> QLineEdit:
        words = OPTIONS[key]
        edit = QLineEdit()
        edit.setFixedWidth(FIELD_WIDTH)
        edit.setAccessibleName(tr(words.name))
        edit.editingFinished.connect(partial(self._changed, key))
        row = QHBoxLayout()
        row.setSpacing(16)
        left = QVBoxLayout()
        left.setSpacing(1)
        left.addWidget(label(tr(words.name)))
        left.addWidget(ElidedLabel(tr(words.note), "caption"))
        row.addLayout(left, 1)
        row.addWidget(edit, 0, Qt.AlignmentFlag.AlignVCenter)
        self._rows.addLayout(row)
        self._fields[key] = edit
        return edit

    def _changed(self, key: str) -> None:
        text = self._fields[key].text().strip()
        if text != self._kept.get(key, ""):
            self._kept[key] = text
            self._keep(key, text)

    def _fit(self) -> None:
        """As tall as its fields, up to the window; then they scroll."""
        width = min(WIDTH, self.host.width() - 32)
        self.setFixedWidth(width)
        self._inside.setFixedWidth(width - 2)
        self._inside.adjustSize()
        around = self.sizeHint().height() - self._scroll.sizeHint().height()
        self._scroll.setMinimumHeight(0)
        self.setFixedHeight(min(around + self._inside.sizeHint().height() + 8, self.host.height() - 32))
        self.move((self.host.width() - width) // 2, max(16, (self.host.height() - self.height()) // 2))
