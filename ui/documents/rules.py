"""Which files of a folder are read: patterns, kinds of files, and whether anything of it may leave this computer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.models.parts import section
from ui.settings.parts import setting_row
from ui.translation import marked, tr
from ui.widgets.buttons import Button, ElidedButton
from ui.widgets.flow import Flow
from ui.widgets.labels import label
from ui.widgets.scrolling import scrolling
from ui.widgets.switch import Switch
from workbench.documents.collection import Collection, Rules
from workbench.documents.formats import FORMATS

LINES = 4
PATTERNS = marked("One pattern a line, in the manner of .gitignore: *.pdf, drafts/, /2019/**")
PRIVATE = marked("Nothing of it is ever sent to another machine, whatever model is chosen.")
IGNORE = marked("What .gitignore and .workbenchignore in the folder name is not read.")
HIDDEN = marked("Names that begin with a dot.")


class RulesView(QWidget):
    """``changed`` carries the new name, `Rules` and whether it is private. Nothing holds before that is saved."""

    changed = Signal(str, object, bool)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._collection: Collection | None = None
        self.name = QLineEdit()
        self.include, self.exclude = self._patterns(tr("Only these")), self._patterns(tr("Not these"))
        self.formats = {name: self._toggle(tr(one.shown)) for name, one in FORMATS.items()}
        self.private = self._switch(tr("Private"))
        self.ignore_files = self._switch(tr("Ignore files"))
        self.hidden = self._switch(tr("Hidden files"))
        self.save = Button(tr("Save"), appearance, look="primary")
        self.undo = Button(tr("Undo changes"), appearance, look="quiet")
        self._problem = label("", "danger", wrap=True)
        self._problem.hide()
        self._lay_out()
        self._connect()
        appearance.follow(self._fit)

    def show_collection(self, collection: Collection) -> None:
        """As it is kept. What is being changed stays, unless it is another folder."""
        before = self._collection
        dirty = before is not None and before.id == collection.id and self.dirty
        self._collection = collection
        if not dirty and (before != collection or not self.name.text()):
            self._fill(collection)
        self._show_dirty()

    def show_failure(self, words: str) -> None:
        """Why it was not saved; empty: nothing is wrong."""
        self._problem.setText(words)
        self._problem.setVisible(bool(words))

    @property
    def dirty(self) -> bool:
        """Something is changed and not saved."""
        kept = self._collection
        return kept is not None and (self.name.text().strip(), self.rules, self.private.isChecked()) != (
            kept.name,
            kept.rules,
            kept.private,
        )

    @property
    def rules(self) -> Rules:
        """As they stand in the fields."""
        off = frozenset(name for name, chip in self.formats.items() if not chip.isChecked())
        known = self._collection.rules.formats_off - FORMATS.keys() if self._collection else frozenset()
        return Rules(
            patterns(self.include.toPlainText()),
            patterns(self.exclude.toPlainText()),
            off | known,
            self.ignore_files.isChecked(),
            self.hidden.isChecked(),
        )

    def _fill(self, collection: Collection) -> None:
        rules = collection.rules
        self.name.setText(collection.name)
        self.include.setPlainText("\n".join(rules.include))
        self.exclude.setPlainText("\n".join(rules.exclude))
        for name, chip in self.formats.items():
            chip.setChecked(name not in rules.formats_off)
        self.private.setChecked(collection.private)
        self.ignore_files.setChecked(rules.ignore_files)
        self.hidden.setChecked(rules.hidden)
        self.show_failure("")

    def _show_dirty(self) -> None:
        self.save.setEnabled(self.dirty and bool(self.name.text().strip()))
        self.undo.setEnabled(self.dirty)

    def _save(self) -> None:
        self.changed.emit(self.name.text().strip(), self.rules, self.private.isChecked())

    def _undo(self) -> None:
        if self._collection is not None:
            self._fill(self._collection)
            self._show_dirty()

    def _patterns(self, name: str) -> QPlainTextEdit:
        field = QPlainTextEdit()
        field.setProperty("look", "field")
        field.setAccessibleName(name)
        field.setAccessibleDescription(tr(PATTERNS))
        field.setTabChangesFocus(True)
        field.textChanged.connect(self._show_dirty)
        return field

    def _toggle(self, words: str) -> Button:
        chip = ElidedButton(words, self._appearance, look="filter", name=tr("Read {format}").format(format=words))
        chip.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        chip.setCheckable(True)
        chip.setChecked(True)
        chip.toggled.connect(lambda _on: self._show_dirty())
        return chip

    def _switch(self, name: str) -> Button:
        button = Switch(name, self._appearance)
        button.toggled.connect(lambda _on: self._show_dirty())
        return button

    def _fit(self) -> None:
        for field in (self.include, self.exclude):
            field.setFixedHeight(LINES * field.fontMetrics().lineSpacing() + 24)

    def _lay_out(self) -> None:
        self.name.setAccessibleName(tr("Name of the folder"))
        self.include.setPlaceholderText(tr("All files"))
        self.exclude.setPlaceholderText(tr("None"))
        inside = QWidget()
        inside.setProperty("look", "column")
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 4, 4, 24)
        rows.setSpacing(20)
        for title, parts in (
            (tr("Name"), (self.name,)),
            (tr("Only these"), (self.include, label(tr(PATTERNS), "caption", wrap=True))),
            (tr("Not these"), (self.exclude,)),
        ):
            made, column = section(title)
            for part in parts:
                column.addWidget(part)
            rows.addWidget(made)
        kinds, column = section(tr("Kinds of files"))
        chips = Flow(gap=5)
        for chip in self.formats.values():
            chips.addWidget(chip)
        column.addLayout(chips)
        rows.addWidget(kinds)
        for title, told, switch in (
            (tr("Private"), PRIVATE, self.private),
            (tr("Ignore files"), IGNORE, self.ignore_files),
            (tr("Hidden files"), HIDDEN, self.hidden),
        ):
            rows.addWidget(setting_row(title, tr(told), switch))
        rows.addStretch(1)
        self._scroll = scrolling(inside)
        buttons = Flow(gap=8)
        buttons.addWidget(self.save)
        buttons.addWidget(self.undo)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(10)
        outside.addWidget(self._scroll, 1)
        outside.addWidget(self._problem)
        outside.addLayout(buttons)

    def _connect(self) -> None:
        self.name.textEdited.connect(lambda _text: self._show_dirty())
        self.save.clicked.connect(lambda: self._save())
        self.undo.clicked.connect(lambda: self._undo())


def patterns(text: str) -> tuple[str, ...]:
    """A pattern a line, without empty ones. Pure."""
    lines: Sequence[str] = [line.strip() for line in text.splitlines()]
    return tuple(line for line in lines if line)
