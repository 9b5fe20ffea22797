"""How a prompt, or one of its steps, is answered: model, effort, temperature, and what form the answer has."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.prompts.editor.fields import COMMA, GrowingEdit, LineField, listed, titled
from ui.prompts.words import EFFORTS, OUTPUTS
from ui.settings.parts import Picker
from ui.translation import tr
from ui.widgets.flow import Flow
from ui.widgets.labels import label
from ui.widgets.popover import Choice, Popover
from workbench.checks.schema import check_schema
from workbench.errors import UsageError
from workbench.messages import Effort
from workbench.prompts.prompt import Output, OutputKind, Preferences

HOTTEST = 5.0
A_SCHEMA = (
    '{\n  "type": "object",\n  "properties": {\n    "title": {"type": "string"}\n  },\n  "required": ["title"]\n}'
)


class AnswerFields(QWidget):
    """``edited``: the person changed something. A schema or temperature that is wrong is told, and the last one that was
    right stays what is meant, so that nothing is lost while it is being written."""

    edited = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._models: tuple[str, ...] = ()
        self._model = ""
        self._effort: Effort | None = None
        self._kind = OutputKind.FREE
        self._schema: Mapping[str, Any] | None = None
        self._warmth: float | None = None
        self.model = Picker(tr("Model"), appearance)
        self.effort = Picker(tr("Effort"), appearance)
        self.temperature = LineField(tr("Temperature"), tr("as set"), appearance.pixels(110))
        self.kind = Picker(tr("Form of the answer"), appearance)
        self.schema = GrowingEdit(tr("JSON schema"), appearance, least=4, most=20, code=True)
        self.columns = LineField(tr("Columns"), tr("name, price"))
        self._wrong = label("", "danger", wrap=True)
        self._schema_row = titled(tr("JSON schema"), self.schema)
        self._columns_row = titled(tr("Columns, with commas between"), self.columns)
        self._lay_out()
        self._connect()
        self.show_answer(Preferences(), Output())

    def show_answer(self, preferences: Preferences, output: Output) -> None:
        if (preferences, output) == (self.preferences, self.output):
            return
        self._model, self._effort = preferences.model, preferences.effort
        self._warmth = preferences.temperature
        self.temperature.show_text("" if self._warmth is None else f"{self._warmth:g}")
        self._kind, self._schema = output.kind, output.schema
        self.schema.show_text("" if output.schema is None else json.dumps(output.schema, indent=2, ensure_ascii=False))
        self.columns.show_text(COMMA.join(output.columns))
        self._show_choices()
        self._check()

    def show_models(self, names: Sequence[str]) -> None:
        """Those that may be chosen here."""
        self._models = tuple(names)

    @property
    def preferences(self) -> Preferences:
        return Preferences(self._model, self._effort, self._warmth)

    @property
    def output(self) -> Output:
        if self._kind is OutputKind.SCHEMA:
            return Output(self._kind, self._schema)
        if self._kind is OutputKind.TABLE:
            return Output(self._kind, None, listed(self.columns.text()))
        return Output()

    @property
    def wrong(self) -> str:
        """What is wrong with the schema or the temperature, as sentences; empty: nothing."""
        return self._wrong.text()

    @property
    def summary(self) -> str:
        """What is said here, in a line."""
        pieces = [self._model]
        if self._effort is not None:
            pieces.append(tr("effort {effort}").format(effort=tr(EFFORTS[self._effort]).lower()))
        if self._warmth is not None:
            pieces.append(tr("temperature {value}").format(value=f"{self._warmth:g}"))
        if self._kind is not OutputKind.FREE:
            pieces.append(tr(OUTPUTS[self._kind]))
        return " · ".join(piece for piece in pieces if piece)

    # Inside -----------------------------------------------------------------------------------------------------------

    def _on_schema(self) -> None:
        self._check()
        self.edited.emit()

    def _on_temperature(self, _text: str) -> None:
        self._check()
        self.edited.emit()

    def _check(self) -> None:
        """Takes over what is right, and tells what is not."""
        told: list[str] = []
        try:
            self._warmth = _temperature(self.temperature.text())
        except ValueError:
            told.append(tr("The temperature is a number from 0 to {most}.").format(most=f"{HOTTEST:g}"))
        if self._kind is OutputKind.SCHEMA:
            try:
                self._schema = _schema(self.schema.text)
            except UsageError as error:
                told.append(error.message)
        self._wrong.setText("\n".join(told))
        self._wrong.setVisible(bool(told))

    def _show_choices(self) -> None:
        self.model.show_choice(self._model or tr("As in the chat"))
        self.effort.show_choice(tr(EFFORTS[self._effort]))
        self.kind.show_choice(tr(OUTPUTS[self._kind]))
        self._schema_row.setVisible(self._kind is OutputKind.SCHEMA)
        self._columns_row.setVisible(self._kind is OutputKind.TABLE)

    def _choose_model(self, name: str) -> None:
        self._model = name
        self._chosen()

    def _choose_effort(self, effort: Effort | None) -> None:
        self._effort = effort
        self._chosen()

    def _choose_kind(self, kind: OutputKind) -> None:
        self._kind = kind
        if kind is OutputKind.SCHEMA and not self.schema.text.strip():
            self.schema.show_text(A_SCHEMA)
        self._chosen()

    def _chosen(self) -> None:
        self._show_choices()
        self._check()
        self.edited.emit()

    def _offer_models(self) -> None:
        names = dict.fromkeys(("", *self._models, *((self._model,) if self._model else ())))
        self._offer(
            self.model,
            [(name or tr("As in the chat"), partial(self._choose_model, name), name == self._model) for name in names],
        )

    def _offer_efforts(self) -> None:
        self._offer(
            self.effort,
            [(tr(words), partial(self._choose_effort, one), one is self._effort) for one, words in EFFORTS.items()],
        )

    def _offer_kinds(self) -> None:
        self._offer(
            self.kind,
            [(tr(words), partial(self._choose_kind, one), one is self._kind) for one, words in OUTPUTS.items()],
        )

    def _offer(self, picker: Picker, entries: Sequence[tuple[str, Any, bool]]) -> None:
        choices = [Choice(words, act, checked=checked) for words, act, checked in entries]
        Popover(picker.name, choices, self._appearance, self.window()).open_at(picker)

    def _lay_out(self) -> None:
        beside = Flow(gap=12)
        for words, control in (
            (tr("Model"), self.model),
            (tr("Effort"), self.effort),
            (tr("Temperature"), self.temperature),
            (tr("Form of the answer"), self.kind),
        ):
            beside.addWidget(titled(words, control, wrap=False))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addLayout(beside)
        rows.addWidget(self._schema_row)
        rows.addWidget(self._columns_row)
        rows.addWidget(self._wrong)

    def _connect(self) -> None:
        self.model.clicked.connect(self._offer_models)
        self.effort.clicked.connect(self._offer_efforts)
        self.kind.clicked.connect(self._offer_kinds)
        self.temperature.textChanged.connect(self._on_temperature)
        self.schema.textChanged.connect(self._on_schema)
        self.columns.textChanged.connect(lambda _text: self.edited.emit())


def _temperature(text: str) -> float | None:
    """Raises `ValueError`."""
    if not text.strip():
        return None
    value = float(text.strip().replace(",", "."))
    if not math.isfinite(value) or not 0 <= value <= HOTTEST:
        raise ValueError(text)
    return value


def _schema(text: str) -> Mapping[str, Any]:
    """Raises `UsageError` that says what is wrong."""
    try:
        read = json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(tr("This is no JSON: line {line}, {why}.").format(line=error.lineno, why=error.msg)) from error
    except RecursionError as error:
        raise UsageError(tr("This is nested too deeply.")) from error
    if not isinstance(read, dict):
        raise UsageError(tr("A schema is a JSON object, in braces."))
    check_schema(read)
    return read
