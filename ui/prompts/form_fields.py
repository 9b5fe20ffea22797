"""The fields of a prompt's form, one kind of widget for each kind of variable."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDate, QDir, QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.composer import DraftEdit, local_files
from ui.prompts.form_values import copied_words, label_of
from ui.settings.parts import Picker
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.labels import label
from ui.widgets.popover import Choice, Popover
from workbench.prompts.prompt import Variable, VariableKind

CLIPBOARD_LINES = 3


class Field(QWidget):
    """One variable: its name, the control, its help and what is wrong with it. ``edited``: its value is another one."""

    edited = Signal()

    def __init__(self, variable: Variable, appearance: Appearance) -> None:
        super().__init__()
        self.variable = variable
        self._appearance = appearance
        name = label_of(variable)
        self.said_name = name if not variable.required else tr("{name}, required").format(name=name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(label(name, "strong"))
        if not variable.required:
            head.addWidget(label(tr("optional"), "caption"))
        head.addStretch()
        column.addLayout(head)
        self.control = self._made()
        column.addWidget(self.control)
        self._column = column
        if variable.help:
            column.addWidget(label(variable.help, "caption", wrap=True))
        self._problem = label("", "danger", wrap=True)
        self._problem.hide()
        column.addWidget(self._problem)
        self.entry.setAccessibleName(self.said_name)
        self._describe("")

    @property
    def entry(self) -> QWidget:
        """What takes the keyboard."""
        return self.control

    @property
    def value(self) -> str:
        raise NotImplementedError

    def show_value(self, text: str) -> None:
        raise NotImplementedError

    def show_problem(self, words: str) -> None:
        """What is wrong with the value; empty: nothing is."""
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
        self._describe(words)

    @property
    def problem(self) -> str:
        return self._problem.text()

    def _describe(self, problem: str) -> None:
        self.entry.setAccessibleDescription(" ".join(words for words in (problem, self.variable.help) if words))

    def _made(self) -> QWidget:
        raise NotImplementedError


class TextField(Field):
    """One line; also numbers, dates as text, and what is searched for in a folder."""

    _line: QLineEdit

    def _made(self) -> QWidget:
        self._line = QLineEdit()
        self._line.setPlaceholderText(self._placeholder())
        self._line.textChanged.connect(lambda _text: self.edited.emit())
        return self._line

    def _placeholder(self) -> str:
        if self.variable.kind is VariableKind.NUMBER:
            return tr("A number")
        if self.variable.kind is VariableKind.FOLDER_SEARCH:
            return tr("What to look for in {folder}").format(folder=self.variable.folder or tr("the folder"))
        return ""

    @property
    def value(self) -> str:
        return self._line.text()

    def show_value(self, text: str) -> None:
        self._line.setText(text)


class LongField(Field):
    """Grows with its text. Enter sends as in the composer, Shift+Enter breaks the line. ``submitted``: it was pressed."""

    submitted = Signal()
    _draft: DraftEdit

    def _made(self) -> QWidget:
        self._draft = DraftEdit()
        self._draft.setPlaceholderText("")
        self._draft.setTabChangesFocus(True)
        self._draft.textChanged.connect(self.edited)
        self._draft.submitted.connect(self.submitted)
        self._draft.pasted.connect(self._draft.insertPlainText)
        self._draft.focused.connect(self._show_focus)
        frame = QFrame()
        frame.setProperty("look", "composer")
        inside = QHBoxLayout(frame)
        inside.setContentsMargins(9, 6, 6, 6)
        inside.addWidget(self._draft)
        return frame

    @property
    def entry(self) -> QWidget:
        return self._draft

    @property
    def value(self) -> str:
        return self._draft.toPlainText()

    def show_value(self, text: str) -> None:
        self._draft.setPlainText(text)

    def _show_focus(self, focused: bool) -> None:
        self.control.setProperty("focused", "true" if focused else "false")
        self.control.style().polish(self.control)


class ChoiceField(Field):
    _picker: Picker
    _value = ""

    def _made(self) -> QWidget:
        self._picker = Picker(label_of(self.variable), self._appearance)
        self._picker.clicked.connect(self._open)
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._picker)
        row.addStretch()
        return made

    @property
    def entry(self) -> QWidget:
        return self._picker

    @property
    def value(self) -> str:
        return self._value

    def show_value(self, text: str) -> None:
        self._value = text
        self._picker.show_choice(text or tr("Choose…"))

    def _open(self) -> None:
        choices = [Choice(one, partial(self._take, one), checked=one == self._value) for one in self.variable.choices]
        if not self.variable.required:
            choices.append(Choice(tr("Nothing"), lambda: self._take(""), separated=True))
        Popover(label_of(self.variable), choices, self._appearance, self.window()).open_at(self._picker)

    def _take(self, one: str) -> None:
        self.show_value(one)
        self.edited.emit()


class DateField(Field):
    """Typed as 2026-11-23, or chosen of the days that are asked for most."""

    _line: QLineEdit

    def _made(self) -> QWidget:
        self._line = QLineEdit()
        self._line.setPlaceholderText(tr("Year-month-day, or today"))
        self._line.textChanged.connect(lambda _text: self.edited.emit())
        pick = Button(tr("Pick…"), self._appearance, icon_name="clock", name=self._picking())
        pick.clicked.connect(lambda: self._open(pick))
        return _beside(self._line, pick)

    def _picking(self) -> str:
        return tr("Pick a day for {name}").format(name=label_of(self.variable))

    @property
    def entry(self) -> QWidget:
        return self._line

    @property
    def value(self) -> str:
        return self._line.text().strip()

    def show_value(self, text: str) -> None:
        self._line.setText(text)

    def _open(self, anchor: QWidget) -> None:
        today = QDate.currentDate()
        to_monday = 8 - today.dayOfWeek()
        days = (
            (tr("Today"), 0),
            (tr("Yesterday"), -1),
            (tr("Tomorrow"), 1),
            (tr("Next Monday"), to_monday),
            (tr("In a week"), 7),
        )
        choices = [
            Choice(name, partial(self.show_value, day), detail=day, checked=day == self.value)
            for name, day in ((name, today.addDays(by).toString(Qt.DateFormat.ISODate)) for name, by in days)
        ]
        Popover(self._picking(), choices, self._appearance, self.window()).open_at(anchor)


class FileField(Field):
    """A path: typed, chosen, or dropped onto the field."""

    _line: QLineEdit

    def _made(self) -> QWidget:
        self._line = QLineEdit()
        self._line.setPlaceholderText(tr("Drop a file here, or choose one"))
        self._line.setAcceptDrops(False)
        self._line.textChanged.connect(lambda _text: self.edited.emit())
        self.setAcceptDrops(True)
        name = tr("Choose a file for {name}").format(name=label_of(self.variable))
        choose = Button(tr("Choose…"), self._appearance, icon_name="file-text", name=name)
        choose.clicked.connect(self._choose)
        return _beside(self._line, choose)

    @property
    def entry(self) -> QWidget:
        return self._line

    @property
    def value(self) -> str:
        return self._line.text().strip()

    def show_value(self, text: str) -> None:
        self._line.setText(text)

    def _choose(self) -> None:
        before = Path(self.value).parent if self.value else None
        start = str(before) if before is not None and before.is_dir() else QDir.homePath()
        dialog = QFileDialog(self.window(), tr("Choose a file"), start)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.show_value(QDir.toNativeSeparators(path)))
        dialog.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _one_file(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if file := _one_file(event.mimeData()):
            self.show_value(QDir.toNativeSeparators(file))
            event.acceptProposedAction()


class ClipboardField(Field):
    """Shows what was copied last, as long as the form is open: that is what is sent."""

    def _made(self) -> QWidget:
        self._words = label("", "caption", wrap=True)
        self._words.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._words.setMaximumHeight(CLIPBOARD_LINES * self._words.fontMetrics().lineSpacing() + 4)
        self._clipboard = QGuiApplication.clipboard()
        self._clipboard.dataChanged.connect(self._on_copied)
        self._on_copied()
        return self._words

    @property
    def value(self) -> str:
        return self._clipboard.text()

    def show_value(self, text: str) -> None:
        """What was copied before is not brought back."""

    def _on_copied(self) -> None:
        self._words.setText(copied_words(self._clipboard.text()))
        self.edited.emit()


def field_for(variable: Variable, appearance: Appearance) -> Field:
    return _FIELDS.get(variable.kind, TextField)(variable, appearance)


_FIELDS: dict[VariableKind, Callable[[Variable, Appearance], Field]] = {
    VariableKind.LONG_TEXT: LongField,
    VariableKind.CHOICE: ChoiceField,
    VariableKind.DATE: DateField,
    VariableKind.FILE: FileField,
    VariableKind.CLIPBOARD: ClipboardField,
}


def _beside(entry: QWidget, button: QWidget) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(entry, 1)
    row.addWidget(button)
    return made


def _one_file(source: QMimeData) -> str:
    files = local_files(source)
    return files[0] if len(files) == 1 and Path(files[0]).is_file() else ""
