"""Tests of a prompt or of one of its steps: what its names are filled with, and how the answer is checked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.prompts.editor.fields import Fold, GrowingEdit, LineField, titled
from ui.settings.parts import Picker
from ui.translation import marked, tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import label
from ui.widgets.popover import Choice, Popover
from workbench.checks.check import Check, CheckKind, make_check
from workbench.errors import UsageError
from workbench.prompts.prompt import StepCase

CHECKS = {
    CheckKind.CONTAINS: marked("Contains these words"),
    CheckKind.REGEX: marked("A pattern matches"),
    CheckKind.SCHEMA: marked("JSON that keeps to this schema"),
    CheckKind.NUMBER: marked("Ends with this number"),
    CheckKind.REFERENCE: marked("Says the same as this answer"),
    CheckKind.JUDGEMENT: marked("I look at it myself"),
}


class CaseFields(Fold):
    edited = Signal()
    dropped = Signal()

    def __init__(self, case: StepCase, appearance: Appearance) -> None:
        self.drop = IconButton("trash-2", tr("Remove this test"), appearance, size=16)
        super().__init__(tr("Test"), appearance, self.drop)
        self._appearance = appearance
        self._kind = case.check.kind
        self._tolerance = case.check.tolerance
        self._values = dict(case.values)
        self.values: dict[str, GrowingEdit] = {}
        self.title = LineField(tr("Name of the test"))
        self.kind = Picker(tr("What is checked"), appearance)
        self.expected = GrowingEdit(tr("Expected"), appearance, most=10)
        self._wrong = label("", "danger", wrap=True)
        self._names = QVBoxLayout()
        self._names.setSpacing(6)
        self.title.show_text(case.title)
        self.expected.show_text(case.check.expected)
        self.rows.addWidget(titled(tr("Name of the test"), self.title))
        self.rows.addLayout(self._names)
        self.rows.addWidget(titled(tr("What is checked"), self.kind))
        self.rows.addWidget(self.expected)
        self.rows.addWidget(self._wrong)
        self.drop.clicked.connect(self.dropped)
        self.kind.clicked.connect(self._offer)
        self.title.textChanged.connect(lambda _text: self._changed())
        self.expected.textChanged.connect(self._changed)
        self._tell()

    @property
    def case(self) -> StepCase:
        """As it is written: what cannot be checked is kept too, and told."""
        check = Check(self._kind, self.expected.text, self._tolerance)
        return StepCase(dict(self._values), check, self.title.text().strip())

    def show_names(self, names: Sequence[str]) -> None:
        """A field for each name to fill in; what a name had that is gone stays where it has something in it."""
        wanted = list(dict.fromkeys((*names, *(name for name, text in self._values.items() if text))))
        for gone in [name for name in self.values if name not in wanted]:
            edit = self.values.pop(gone)
            parent = edit.parentWidget()
            if parent is not None:
                self._names.removeWidget(parent)
                parent.hide()
                parent.deleteLater()
        for name in wanted:
            if name not in self.values:
                self.values[name] = edit = GrowingEdit(tr("{name} in the test").format(name=name), self._appearance)
                edit.show_text(self._values.get(name, ""))
                edit.textChanged.connect(partial(self._fill, name))
                self._names.addWidget(titled(name, edit))

    def _fill(self, name: str) -> None:
        self._values[name] = self.values[name].text
        self._changed()

    def _changed(self) -> None:
        self._tell()
        self.edited.emit()

    def _tell(self) -> None:
        self.kind.show_choice(tr(CHECKS[self._kind]))
        try:
            make_check(self._kind, self.expected.text, self._tolerance)
            wrong = ""
        except UsageError as error:
            wrong = error.message
        self._wrong.setText(wrong)
        self._wrong.setVisible(bool(wrong))
        first = next((" ".join(text.split()) for text in self._values.values() if text.strip()), "")
        expected = f"{tr(CHECKS[self._kind])}: {' '.join(self.expected.text.split())[:40]}"
        self.say(self.title.text().strip() or tr("Test"), " → ".join(one for one in (first[:40], expected) if one))

    def _offer(self) -> None:
        choices = [
            Choice(tr(words), partial(self._choose, kind), checked=kind is self._kind) for kind, words in CHECKS.items()
        ]
        Popover(self.kind.name, choices, self._appearance, self.window()).open_at(self.kind)

    def _choose(self, kind: CheckKind) -> None:
        self._kind = kind
        self._changed()


class CasesFields(QWidget):
    edited = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._fields: list[CaseFields] = []
        self._shown: tuple[str, ...] = ()
        self.add = Button(tr("Add a test"), appearance, look="quiet", icon_name="plus")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self._rows)
        layout.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.add.clicked.connect(self._add)

    @property
    def cases(self) -> tuple[StepCase, ...]:
        return tuple(one.case for one in self._fields)

    def show_cases(self, cases: Sequence[StepCase]) -> None:
        if tuple(cases) == self.cases:
            return
        for one in self._fields:
            self._forget(one)
        self._fields = [self._made(one) for one in cases]

    def show_names(self, names: tuple[str, ...]) -> None:
        """What a test fills in."""
        self._shown = names
        for one in self._fields:
            one.show_names(names)

    def _add(self) -> None:
        self._fields.append(self._made(StepCase({}, Check(CheckKind.CONTAINS, ""))))
        self._fields[-1].open()
        self._fields[-1].title.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _made(self, case: StepCase) -> CaseFields:
        made = CaseFields(case, self._appearance)
        made.show_names(self._shown)
        made.edited.connect(self.edited)
        made.dropped.connect(partial(self._drop, made))
        self._rows.addWidget(made)
        return made

    def _drop(self, one: CaseFields) -> None:
        self._fields.remove(one)
        self._forget(one)
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _forget(self, one: CaseFields) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and one.isAncestorOf(focused):
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)
        self._rows.removeWidget(one)
        one.hide()
        one.deleteLater()
