"""Where a batch begins: what the inputs are, what each fills in, how many there are and how long they may take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QDir, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.composer import local_files
from ui.models.parts import empty, section
from ui.prompts.batches.words import (
    HINTS,
    KINDS,
    Kind,
    columns_words,
    estimate_words,
    first_words,
    still_missing,
)
from ui.prompts.form_fields import Field, field_for
from ui.prompts.form_values import given, label_of, missing_words
from ui.settings.parts import Picker
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from ui.widgets.labels import label
from ui.widgets.popover import Choice, Popover
from workbench.prompts.prompt import SavedPrompt, Variable, VariableKind
from workbench.prompts.running.batches.batch import Input

TYPING_MILLISECONDS = 250


class StartView(QWidget):
    """``looked_for`` carries kind, path and the name of the variable (empty: of a table) whenever another source is chosen;
    `show_inputs` or `show_problem` answers. ``begun`` carries the inputs with all values. ``left``: back."""

    looked_for = Signal(object, str, str)
    begun = Signal(tuple)
    left = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.kind = Kind.FILES
        self._variables: tuple[Variable, ...] = ()
        self._variable = ""
        self._inputs: tuple[Input, ...] = ()
        self._fields: list[Field] = []
        self._values: dict[str, str] = {}
        self._seconds_each: float | None = None
        self.setAcceptDrops(True)
        self.title = label("", "heading", wrap=True)
        self._kinds = QButtonGroup(self)
        self.kind_buttons = {kind: self._kind_button(kind) for kind in Kind}
        self.path = QLineEdit()
        self.path.setAccessibleName(tr("Where the inputs are"))
        self.choose = Button(tr("Choose…"), appearance, icon_name="folder-open", name=tr("Choose where the inputs are"))
        self.fills = Picker(tr("Each input fills"), appearance)
        self.start = Button(tr("Start"), appearance, look="primary", icon_name="play")
        self.back = Button(tr("All batches"), appearance, look="quiet", icon_name="chevron-left")
        self._hint = label("", "caption", wrap=True)
        self._found = label("", "strong", wrap=True)
        self._first = label("", "caption", wrap=True)
        self._columns = label("", "caption", wrap=True)
        self._problem = label("", "danger", wrap=True)
        self._common = QWidget()
        self._common_rows = QVBoxLayout(self._common)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(TYPING_MILLISECONDS)
        self._lay_out()
        self._connect()

    def begin(
        self,
        saved: SavedPrompt,
        variables: Sequence[Variable],
        variable: str,
        values: Mapping[str, str],
        seconds_each: float | None,
    ) -> None:
        """For this prompt. ``variable``: the one that each input fills at first; ``values``: what the others begin with;
        ``seconds_each``: how long earlier inputs took."""
        self.title.setText(tr("Run “{title}” on many inputs").format(title=saved.prompt.title))
        self._variables, self._seconds_each = tuple(variables), seconds_each
        self._values = dict(values)
        self._fields = []  # those of another prompt
        empty(self._common_rows)
        self.path.clear()
        self._take_variable(variable)
        self.kind_buttons[Kind.FILES].setChecked(True)
        self._turn(Kind.FILES)

    def show_inputs(self, inputs: tuple[Input, ...]) -> None:
        """What was found."""
        self._inputs = inputs
        self._problem.hide()
        self._found.setText(estimate_words(len(inputs), self._seconds_each))
        self._first.setText(first_words(inputs))
        self._columns.setText(columns_words(inputs, self._variables) if self.kind is Kind.CSV else "")
        self._hide_empty()
        self._show_common()
        self._settle()

    def show_problem(self, words: str) -> None:
        self._inputs = ()
        for told in (self._found, self._first, self._columns):
            told.clear()
        self._hide_empty()
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
        self._settle()

    @property
    def inputs(self) -> tuple[Input, ...]:
        return self._inputs

    # Inside -----------------------------------------------------------------------------------------------------------

    def _kind_button(self, kind: Kind) -> Button:
        made = Button(tr(KINDS[kind]), self._appearance, look="chip")
        made.setCheckable(True)
        made.clicked.connect(partial(self._turn, kind))
        self._kinds.addButton(made)
        return made

    def _turn(self, kind: Kind, _checked: bool = True) -> None:
        self.kind = kind
        self._hint.setText(tr(HINTS[kind]))
        self.path.setPlaceholderText(
            tr("Drop a folder here, or choose one") if kind is Kind.FILES else tr("Drop a file here, or choose one")
        )
        self.fills.setVisible(kind is not Kind.CSV and len(self._variables) > 1)
        self.show_problem("")
        self._show_common()
        self._look()

    def _take_variable(self, name: str) -> None:
        self._variable = name
        found = next((one for one in self._variables if one.name == name), None)
        self.fills.show_choice(tr("Each input fills: {name}").format(name=label_of(found) if found else name))

    def _offer_variables(self) -> None:
        choices = [
            Choice(label_of(one), partial(self._choose_variable, one.name), checked=one.name == self._variable)
            for one in self._variables
            if one.kind is not VariableKind.CLIPBOARD
        ]
        Popover(tr("Each input fills"), choices, self._appearance, self.window()).open_at(self.fills)

    def _choose_variable(self, name: str) -> None:
        self._take_variable(name)
        self._show_common()
        self._look()

    def _show_common(self) -> None:
        """Fields for what is the same for all inputs."""
        self._values.update({one.variable.name: one.value for one in self._fields})
        filled = {self._variable}
        if self.kind is Kind.CSV:
            filled = set(self._inputs[0].values) if self._inputs else {one.name for one in self._variables}
        rest = [one for one in self._variables if one.name not in filled]
        if rest == [one.variable for one in self._fields]:
            return
        empty(self._common_rows)
        self._fields = [field_for(one, self._appearance) for one in rest]
        for field in self._fields:
            field.show_value(self._values.get(field.variable.name, field.variable.default))
            field.edited.connect(self._settle)
            self._common_rows.addWidget(field)
        self._common_box.setVisible(bool(self._fields))

    def _hide_empty(self) -> None:
        for told in (self._found, self._first, self._columns):
            told.setVisible(bool(told.text()))

    def _look(self) -> None:
        path = self.path.text().strip()
        if path:
            self.looked_for.emit(self.kind, path, "" if self.kind is Kind.CSV else self._variable)
        else:
            self.show_problem("")

    def _settle(self) -> None:
        """Whether it can begin, and why not."""
        absent = still_missing(self._inputs, self._variables, self._given())
        if self._inputs:
            self._problem.setText(missing_words(absent))
            self._problem.setVisible(bool(absent))
        self.start.setEnabled(bool(self._inputs) and not absent)

    def _given(self) -> dict[str, str]:
        return given(self._variables, {one.variable.name: one.value for one in self._fields})

    def _begin(self) -> None:
        common = self._given()
        self.begun.emit(tuple(Input(one.label, {**common, **_filled(one.values)}, one.files) for one in self._inputs))

    def _choose(self) -> None:
        dialog = QFileDialog(self.window(), tr("Choose where the inputs are"), QDir.homePath())
        files = self.kind is Kind.FILES
        dialog.setFileMode(QFileDialog.FileMode.Directory if files else QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.path.setText(QDir.toNativeSeparators(path)))
        dialog.open()

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 4, 0, 32)
        rows.setSpacing(16)
        rows.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addWidget(self.title)
        source, inside = section(tr("Inputs"))
        kinds = Flow(gap=6)
        for button in self.kind_buttons.values():
            kinds.addWidget(button)
        inside.addLayout(kinds)
        inside.addWidget(self._hint)
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.path, 1)
        where.addWidget(self.choose)
        inside.addLayout(where)
        fills = QHBoxLayout()
        fills.addWidget(self.fills)
        fills.addStretch()
        inside.addLayout(fills)
        for told in (self._found, self._columns, self._first):
            inside.addWidget(told)
        rows.addWidget(source)
        self._common_box, common = section(tr("The same for all"))
        self._common_rows.setContentsMargins(0, 0, 0, 0)
        self._common_rows.setSpacing(12)
        common.addWidget(self._common)
        rows.addWidget(self._common_box)
        rows.addWidget(self._problem)
        rows.addWidget(self.start, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addStretch(1)

    def _connect(self) -> None:
        self.choose.clicked.connect(self._choose)
        self.fills.clicked.connect(self._offer_variables)
        self.start.clicked.connect(self._begin)
        self.back.clicked.connect(self.left)
        self.path.textChanged.connect(lambda _text: self._soon.start())
        self.path.returnPressed.connect(self._look)
        self._soon.timeout.connect(self._look)

    # Qt ---------------------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if len(local_files(event.mimeData())) == 1:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = local_files(event.mimeData())
        if len(files) == 1:
            self.path.setText(QDir.toNativeSeparators(files[0]))
            event.acceptProposedAction()


def _filled(values: Mapping[str, str]) -> dict[str, str]:
    """An empty cell says nothing: what is the same for all holds."""
    return {name: value for name, value in values.items() if value.strip()}
