"""What is filled in at each ``{{ name }}``: its kind, default, help and choices. Names of the text appear by themselves."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout

from ui.appearance import Appearance
from ui.prompts.editor.fields import COMMA, Fold, GrowingEdit, LineField, Section, listed, titled
from ui.prompts.editor.folders import FolderField
from ui.prompts.words import KINDS
from ui.settings.parts import Picker
from ui.translation import marked, tr
from ui.widgets.buttons import IconButton
from ui.widgets.flow import Flow
from ui.widgets.labels import label
from ui.widgets.popover import Choice, Popover
from workbench.prompts.filling.fill import asked
from workbench.prompts.prompt import Prompt, Variable, VariableKind

FIELD_WIDTH = 240
NONE = marked("Write {{ name }} in the text for what is filled in each time.")


class VariableFields(Fold):
    """One variable. ``edited``: the person changed it; ``dropped``: it is to go."""

    edited = Signal()
    dropped = Signal()

    def __init__(self, variable: Variable, appearance: Appearance) -> None:
        self.drop = IconButton(
            "trash-2", tr("Remove the variable {name}").format(name=variable.name), appearance, size=16
        )
        super().__init__(variable.name, appearance, self.drop)
        self._appearance = appearance
        self._variable = variable
        self.kind = Picker(tr("Kind of {name}").format(name=variable.name), appearance)
        self.required = QCheckBox(tr("Must be filled in"))
        wide = appearance.pixels(FIELD_WIDTH)
        self.label = LineField(tr("How the form calls {name}").format(name=variable.name), variable.name, wide)
        self.default = GrowingEdit(tr("Default of {name}").format(name=variable.name), appearance, most=6)
        self.help = LineField(tr("Help for {name}").format(name=variable.name), "", wide)
        self.choices = LineField(tr("Choices of {name}").format(name=variable.name), tr("formal, friendly"))
        folder = tr("Document folder of {name}").format(name=variable.name)
        self.folder = FolderField(folder, "", appearance, several=False)
        self._choices_row = titled(tr("Choices, with commas between"), self.choices)
        self._folder_row = titled(tr("Name of the document folder"), self.folder)
        self._lay_out()
        self._connect()
        self.show_variable(variable, used=True)

    @property
    def variable(self) -> Variable:
        return self._variable

    def show_variable(self, variable: Variable, *, used: bool) -> None:
        """``used``: it stands in the text."""
        self._variable = variable
        self.drop.setVisible(not used)
        self.required.blockSignals(True)
        self.required.setChecked(variable.required)
        self.required.blockSignals(False)
        self.label.show_text(variable.label)
        self.default.show_text(variable.default)
        self.help.show_text(variable.help)
        if listed(self.choices.text()) != variable.choices:
            self.choices.show_text(COMMA.join(variable.choices))
        self.folder.line.show_text(variable.folder)
        self._show(used=used)

    def _show(self, *, used: bool) -> None:
        one = self._variable
        self.kind.show_choice(tr(KINDS[one.kind]))
        self._choices_row.setVisible(one.kind is VariableKind.CHOICE)
        self._folder_row.setVisible(one.kind is VariableKind.FOLDER_SEARCH)
        pieces = (
            tr(KINDS[one.kind]),
            COMMA.join(one.choices) if one.kind is VariableKind.CHOICE else "",
            one.folder if one.kind is VariableKind.FOLDER_SEARCH else "",
            tr("default: {value}").format(value=" ".join(one.default.split())[:60]) if one.default else "",
            "" if one.required else tr("may stay empty"),
            "" if used else tr("not in the text"),
        )
        self.say(one.name, " · ".join(piece for piece in pieces if piece))

    def _take(self) -> None:
        self._variable = replace(
            self._variable,
            required=self.required.isChecked(),
            label=self.label.text(),
            default=self.default.text,
            help=self.help.text(),
            choices=listed(self.choices.text()),
            folder=self.folder.line.text().strip(),
        )
        self._show(used=self.drop.isHidden())
        self.edited.emit()

    def _choose(self, kind: VariableKind) -> None:
        self._variable = replace(self._variable, kind=kind)
        self._take()

    def _offer(self) -> None:
        choices = [
            Choice(tr(words), partial(self._choose, kind), checked=kind is self._variable.kind)
            for kind, words in KINDS.items()
        ]
        Popover(self.kind.name, choices, self._appearance, self.window()).open_at(self.kind)

    def _lay_out(self) -> None:
        first = Flow(gap=12)
        first.addWidget(titled(tr("Kind"), self.kind, wrap=False))
        for words, field in ((tr("Called in the form"), self.label), (tr("Help below the field"), self.help)):
            first.addWidget(titled(words, field, wrap=False))
        self.rows.addLayout(first)
        self.rows.addWidget(self._choices_row)
        self.rows.addWidget(self._folder_row)
        self.rows.addWidget(titled(tr("Default"), self.default))
        self.rows.addWidget(self.required, 0, Qt.AlignmentFlag.AlignLeft)

    def _connect(self) -> None:
        self.kind.clicked.connect(self._offer)
        self.drop.clicked.connect(self.dropped)
        self.required.toggled.connect(lambda _on: self._take())
        self.default.textChanged.connect(self._take)
        self.folder.edited.connect(self._take)
        for field in (self.label, self.help, self.choices):
            field.textChanged.connect(lambda _text: self._take())


class VariablesSection(Section):
    """The declared variables, and the names that stand in the text without being declared. ``folders_asked``: the field
    that wants to offer the attached document folders."""

    folders_asked = Signal(FolderField)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.fields: dict[str, VariableFields] = {}
        self._declared: set[str] = set()
        self._told = label(tr(NONE), "caption", wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(label(tr("Variables"), "strong"))
        layout.addWidget(self._told)
        layout.addLayout(self._rows)

    def show_prompt(self, prompt: Prompt) -> None:
        """Fields that stay keep what is open and the keyboard."""
        declared = {one.name for one in prompt.variables}
        used = {one.name for one in asked(replace(prompt, variables=()))}
        wanted = {one.name: one for one in asked(prompt)}
        self._declared = declared
        for gone in [name for name in self.fields if name not in wanted]:
            self._forget(self.fields.pop(gone))
        for place, (name, variable) in enumerate(wanted.items()):
            if name not in self.fields:
                self.fields[name] = self._made(variable)
            fields = self.fields[name]
            if self._rows.indexOf(fields) != place:
                self._rows.insertWidget(place, fields)
            fields.show_variable(variable, used=name in used)
        self._told.setVisible(not wanted)

    def written(self, prompt: Prompt) -> Prompt:
        """A name of the text that says nothing but its name stays undeclared."""
        told = [fields.variable for fields in self.fields.values()]
        kept = [one for one in told if one.name in self._declared or one != Variable(one.name)]
        by_name = {one.name: one for one in kept}
        before = [one.name for one in prompt.variables if one.name in by_name]
        names = dict.fromkeys((*before, *by_name))
        return replace(prompt, variables=tuple(by_name[name] for name in names))

    def _made(self, variable: Variable) -> VariableFields:
        made = VariableFields(variable, self._appearance)
        made.edited.connect(self.edited)
        made.dropped.connect(partial(self._drop, variable.name))
        made.folder.asked.connect(lambda: self.folders_asked.emit(made.folder))
        return made

    def _drop(self, name: str) -> None:
        self._forget(self.fields.pop(name))
        self.edited.emit()

    def _forget(self, fields: VariableFields) -> None:
        self._rows.removeWidget(fields)
        fields.hide()
        fields.deleteLater()
