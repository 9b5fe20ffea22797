"""Steps in a line: each a prompt of its own, fed by what those before it answered."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from ui.appearance import Appearance
from ui.prompts.editor.answer import AnswerFields
from ui.prompts.editor.cases import CasesFields
from ui.prompts.editor.fields import Fold, GrowingEdit, LineField, Section, titled
from ui.prompts.editor.marking import PromptHighlighter
from ui.translation import marked, tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import label
from workbench.prompts.filling.naming import uses
from workbench.prompts.filling.parsing import parse
from workbench.prompts.prompt import Output, Preferences, Prompt, Step

WHAT_FOR = (
    marked("Small steps on a small, fast model often beat one long prompt."),
    marked("A later step has what they answered: {{ steps.name }}, of JSON {{ steps.name.key }}."),
)


class StepFields(Fold):
    """``moved`` carries -1 or 1."""

    edited = Signal()
    dropped = Signal()
    moved = Signal(int)

    def __init__(self, step: Step, appearance: Appearance) -> None:
        self.up = IconButton("arrow-up", tr("Move the step up"), appearance, size=16)
        self.down = IconButton("arrow-down", tr("Move the step down"), appearance, size=16)
        self.drop = IconButton("trash-2", tr("Remove the step"), appearance, size=16)
        super().__init__(step.name, appearance, self.up, self.down, self.drop)
        self._place = 1
        self.name = LineField(tr("Name of the step"), "extract")
        self.prompt = LineField(tr("Saved prompt of the step"), tr("/name, or nothing"))
        self.text = GrowingEdit(tr("Text of the step"), appearance, least=3, most=20)
        self.system = GrowingEdit(tr("System part of the step"), appearance, least=1, most=10)
        self.answer = AnswerFields(appearance)
        self.cases = CasesFields(appearance)
        self._highlighters = [PromptHighlighter(one.document(), appearance) for one in (self.text, self.system)]
        for words, control in (
            (tr("Name, as later steps call its result"), self.name),
            (tr("A saved prompt whose text it takes where it has none itself"), self.prompt),
            (tr("Text"), self.text),
            (tr("System part"), self.system),
        ):
            self.rows.addWidget(titled(words, control))
        self.rows.addWidget(self.answer)
        self.rows.addWidget(label(tr("Tests of this step"), "strong", wrap=True))
        self.rows.addWidget(self.cases)
        self.show_step(step)
        self._connect()

    @property
    def step(self) -> Step:
        return Step(
            self.name.text().strip(),
            self.text.text,
            self.system.text,
            self.prompt.text().strip().removeprefix("/"),
            self.answer.preferences,
            self.answer.output,
            self.cases.cases,
        )

    def show_step(self, step: Step) -> None:
        self.name.show_text(step.name)
        self.prompt.show_text(step.prompt)
        self.text.show_text(step.text)
        self.system.show_text(step.system)
        self.answer.show_answer(step.preferences, step.output)
        self.cases.show_cases(step.cases)
        self.show_names()

    def show_place(self, place: int, count: int) -> None:
        """``place``: from 1."""
        self._place = place
        self.up.setEnabled(place > 1)
        self.down.setEnabled(place < count)
        self._tell()

    def show_names(self) -> None:
        """What a test of it fills in."""
        names = [
            use.name
            for text in (self.system.text, self.text.text)
            for used in (uses(parse(text)),)
            for use in (*used.variables, *used.steps)
        ]
        self.cases.show_names(tuple(dict.fromkeys(names)))

    def _tell(self) -> None:
        words = tr("{number}. {name}").format(number=self._place, name=self.name.text().strip() or tr("no name"))
        what = " ".join(self.text.text.split())[:80] or (f"/{self.prompt.text()}" if self.prompt.text() else "")
        self.say(words, " · ".join(piece for piece in (what, self.answer.summary) if piece))

    def _changed(self) -> None:
        self.show_names()
        self._tell()
        self.edited.emit()

    def _connect(self) -> None:
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))
        self.drop.clicked.connect(self.dropped)
        for line in (self.name, self.prompt):
            line.textChanged.connect(lambda _text: self._changed())
        for edit in (self.text, self.system):
            edit.textChanged.connect(self._changed)
        self.answer.edited.connect(self._changed)
        self.cases.edited.connect(self._changed)


class StepsSection(Section):
    """``begun``: the first step is to be made of what the prompt says until now; ``ended``: the last one is taken away, and
    what it says is the prompt's again."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.fields: list[StepFields] = []
        self._models: tuple[str, ...] = ()
        self.add = Button(tr("Add a step"), appearance, icon_name="plus")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(label(tr("Steps"), "strong"))
        for sentence in WHAT_FOR:
            layout.addWidget(label(tr(sentence), "caption", wrap=True))
        layout.addLayout(self._rows)
        layout.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def show_models(self, names: tuple[str, ...]) -> None:
        self._models = names
        for one in self.fields:
            one.answer.show_models(names)

    def show_prompt(self, prompt: Prompt) -> None:
        if tuple(one.step for one in self.fields) == prompt.steps:
            return
        while len(self.fields) > len(prompt.steps):
            self._forget(self.fields.pop())
        for fields, step in zip(self.fields, prompt.steps, strict=False):
            fields.show_step(step)
        for step in prompt.steps[len(self.fields) :]:
            self.fields.append(self._made(step))
        self._number()

    def written(self, prompt: Prompt) -> Prompt:
        return replace(prompt, steps=tuple(one.step for one in self.fields))

    def open_last(self) -> None:
        """The step that was just added, ready to be written."""
        if self.fields:
            self.fields[-1].open()
            self.fields[-1].text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _made(self, step: Step) -> StepFields:
        made = StepFields(step, self._appearance)
        made.answer.show_models(self._models)
        made.edited.connect(self.edited)
        made.moved.connect(partial(self._move, made))
        made.dropped.connect(partial(self._drop, made))
        self._rows.addWidget(made)
        return made

    def _move(self, fields: StepFields, by: int) -> None:
        """The texts change places, the fields stay: the keyboard follows the step."""
        place = self.fields.index(fields)
        other = self.fields[place + by]
        first, second = fields.step, other.step
        opened = fields.is_open
        fields.show_step(second)
        other.show_step(first)
        fields.open(opened=other.is_open)
        other.open(opened=opened)
        self._number()
        tool = other.up if by < 0 else other.down
        (tool if tool.isEnabled() else other.button).setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _drop(self, fields: StepFields) -> None:
        self.fields.remove(fields)
        self._forget(fields)
        self._number()
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _forget(self, fields: StepFields) -> None:
        self._rows.removeWidget(fields)
        fields.hide()
        fields.deleteLater()

    def _number(self) -> None:
        for place, one in enumerate(self.fields, 1):
            one.show_place(place, len(self.fields))


def with_one_more(prompt: Prompt) -> Prompt:
    """With another step, fed by the one before. The first one takes what the prompt itself says until now."""
    if not prompt.steps:
        text, system = prompt.text, prompt.system
        first = Step("first", text, system, "", prompt.preferences, prompt.output, prompt.cases)
        prompt = replace(
            prompt, text="", system="", preferences=Preferences(), output=Output(), cases=(), steps=(first,)
        )
    names = {one.name for one in prompt.steps}
    before, number = prompt.steps[-1].name, len(prompt.steps) + 1
    while f"step_{number}" in names:
        number += 1
    fed = f"{{{{ steps.{before} }}}}" if before else ""
    return replace(prompt, steps=(*prompt.steps, Step(f"step_{number}", fed)))


def without_steps(prompt: Prompt) -> Prompt:
    """A prompt whose only step says everything is a prompt without steps."""
    if len(prompt.steps) != 1 or prompt.text or prompt.steps[0].prompt:
        return prompt
    one = prompt.steps[0]
    return replace(
        prompt,
        text=one.text,
        system=one.system,
        preferences=one.preferences,
        output=one.output,
        cases=one.cases,
        steps=(),
    )
