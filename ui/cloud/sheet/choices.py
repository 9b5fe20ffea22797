"""The left side of the sheet: which model, how much of the chat, what of it, what is hidden, how long an answer."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.effort_words import effort_name
from ui.cloud.sheet.lists import PieceList, RedactionList, Tick
from ui.cloud.sheet.pictures import leaving
from ui.cloud.sheet.state import SheetState, asking, kept, offering, rewritten, showing
from ui.cloud.sheet.tool_list import ToolList
from ui.cloud.sheet.words import (
    ANSWER_LENGTHS,
    MODES,
    RUNG_ICONS,
    in_order,
    mode_words,
    model_name,
    model_note,
    price_in_short,
    provider_name,
)
from ui.settings.parts import Picker
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from ui.widgets.labels import label
from ui.widgets.popover import Choice, Popover
from workbench.chat.escalating.escalation import Draft, Mode, PieceKind
from workbench.cloud.provider import CloudModel
from workbench.messages import Effort


class Choices(QWidget):
    """``changed``: the draft as the person wants it. ``mode_asked``: another `Mode`, which is another draft."""

    changed = Signal(object)
    mode_asked = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._state = SheetState()
        self.setProperty("look", "column")
        self.model = Picker(tr("Model"), appearance)
        self._price = label("", "caption", wrap=True)
        self.modes: dict[Mode, Button] = {}
        self._group = QButtonGroup(self)
        self._meaning = label("", "caption", wrap=True)
        self.pieces = PieceList(appearance)
        self.tools = ToolList(appearance)
        self._none_hidden = label(tr("Nothing was found that would be hidden."), "caption", wrap=True)
        self.redactions = RedactionList(appearance)
        self.redact = Tick(
            appearance,
            tr("Hide names, addresses, numbers and keys"),
            tr("They are put back into the answer here."),
            on=True,
        )
        self.length = Picker(tr("Longest answer"), appearance)
        self.effort = Picker(tr("Effort"), appearance)
        self._read_from = ""  # the hash of the bytes whose pictures are shown
        self._lines = QVBoxLayout(self)
        self._lay_out()
        self.model.clicked.connect(self.choose_model)
        self.length.clicked.connect(self._choose_length)
        self.effort.clicked.connect(self._choose_effort)
        self.pieces.cut.connect(self._cut)
        self.pieces.edited.connect(self._rewrite)
        self.tools.cut.connect(self._cut)
        self.tools.offered.connect(self._offer)
        self.redactions.shown.connect(self._show_original)
        self.redact.clicked.connect(self._switch_redaction)

    def show_state(self, state: SheetState) -> None:
        self._state = state
        draft = state.draft
        for button in self.modes.values():
            button.setEnabled(not state.fixed and not state.grows)
        self._say_mode(draft.mode if draft is not None else None)
        for one in (self.model, self.length, self.effort, self.redact):
            one.setEnabled(draft is not None and not state.fixed)
        self.model.setEnabled(self.model.isEnabled() and not state.grows)
        if draft is not None:
            self._show_draft(draft, state)

    def choose_model(self) -> None:
        """The list of models: those that can be asked at once, then the open families."""
        draft = self._state.draft
        if draft is None:
            return
        from ui.command_list import Command, CommandList  # a provider may have hundreds: they are found by typing

        commands = [
            Command(
                f"{model_name(one)} · {provider_name(one.provider, self._state.providers)}",
                partial(self._choose, one),
                "check" if one.full_name == draft.model.full_name else RUNG_ICONS[one.rung],
                f"{price_in_short(one.price)}  {title}",
                also=f"{one.full_name} {title}",
            )
            for one, title in in_order(self._state.models, self._state.askable)
        ]
        CommandList(commands, self._appearance, self.window(), name=tr("Find a model")).open()

    # Inside -----------------------------------------------------------------------------------------------------------

    def _show_draft(self, draft: Draft, state: SheetState) -> None:
        provider = provider_name(draft.model.provider, state.providers)
        self.model.show_choice(f"{model_name(draft.model)} · {provider}")
        self._price.setText(model_note(draft.model))
        self.pieces.show_pieces([one for one in draft.pieces if one.kind is not PieceKind.TOOL], fixed=state.fixed)
        self.tools.show_draft(draft, fixed=state.fixed)
        self._show_pictures(state)
        if self.redact.isChecked() is not draft.redact:
            self.redact.setChecked(draft.redact)
        found = state.preview.redactions if state.preview is not None and draft.redact else ()
        self.redactions.show_redactions(found, draft.shown if draft.redact else (), fixed=state.fixed)
        self._none_hidden.setVisible(draft.redact and not found and not draft.shown and state.fresh is not None)
        self.length.show_choice(tr("{count} tokens").format(count=f"{draft.most_tokens:,}"))
        self.effort.setVisible(bool(draft.model.efforts))
        self.effort.show_choice(effort_name(draft.effort) if draft.effort is not None else tr("Effort as it likes"))

    def _show_pictures(self, state: SheetState) -> None:
        """Read out of the bytes that leave, so that they are these."""
        preview = state.preview
        if preview is not None and preview.outgoing.hash != self._read_from:
            self._read_from = preview.outgoing.hash
            self.pieces.show_pictures(leaving(preview.body, preview.draft.pieces))

    def _say_mode(self, mode: Mode | None) -> None:
        for known, button in self.modes.items():
            if button.isChecked() is not (known is mode):
                self._group.setExclusive(False)
                button.setChecked(known is mode)
                self._group.setExclusive(True)
        self._meaning.setText(mode_words(mode)[1] if mode is not None else "")

    def _choose(self, model: CloudModel) -> None:
        if self._state.draft is not None:
            self.changed.emit(asking(self._state.draft, model))

    def _choose_length(self) -> None:
        draft = self._state.draft
        if draft is None:
            return
        most = draft.model.most_output_tokens
        lengths = sorted({*(one for one in ANSWER_LENGTHS if most is None or one <= most), draft.most_tokens})
        choices = [
            Choice(
                tr("{count} tokens").format(count=f"{one:,}"),
                lambda one=one: self._change(most_tokens=one),  # type: ignore[misc]
                checked=one == draft.most_tokens,
            )
            for one in lengths
        ]
        Popover(tr("Longest answer"), choices, self._appearance, self.window()).open_at(self.length)

    def _choose_effort(self) -> None:
        draft = self._state.draft
        if draft is None:
            return
        efforts: tuple[Effort | None, ...] = (None, *draft.model.efforts)
        choices = [
            Choice(
                effort_name(one) if one is not None else tr("As the model likes"),
                lambda one=one: self._change(effort=one),  # type: ignore[misc]
                checked=one is draft.effort,
            )
            for one in efforts
        ]
        Popover(tr("Effort"), choices, self._appearance, self.window()).open_at(self.effort)

    def _change(self, **values: object) -> None:
        if self._state.draft is not None:
            self.changed.emit(replace(self._state.draft, **values))  # type: ignore[arg-type]

    def _cut(self, piece_id: str, keep: bool) -> None:
        if self._state.draft is not None:
            self.changed.emit(kept(self._state.draft, piece_id, keep=keep))

    def _offer(self, on: bool) -> None:
        if self._state.draft is not None:
            self.changed.emit(offering(self._state.draft, on=on))

    def _rewrite(self, piece_id: str, text: str) -> None:
        if self._state.draft is not None:
            self.changed.emit(rewritten(self._state.draft, piece_id, text))

    def _show_original(self, original: str, shown: bool) -> None:
        if self._state.draft is not None:
            self.changed.emit(showing(self._state.draft, original, shown=shown))

    def _switch_redaction(self, on: bool) -> None:
        self._change(redact=on)

    def _lay_out(self) -> None:
        lines = self._lines
        lines.setContentsMargins(0, 0, 12, 4)
        lines.setSpacing(6)
        lines.addWidget(label(tr("Who is asked"), "strong", wrap=True))
        lines.addWidget(_at_left(self.model))
        lines.addWidget(self._price)
        self._head(tr("How much of the chat"))
        modes = QWidget()
        flow = Flow(modes, gap=6)
        for mode in MODES:
            name, meaning = mode_words(mode)
            button = Button(name, self._appearance, look="filter", name=name)
            button.setCheckable(True)
            button.setAccessibleDescription(meaning)
            button.setToolTip(meaning)
            button.clicked.connect(lambda _on, mode=mode: self.mode_asked.emit(mode))
            self._group.addButton(button)
            self.modes[mode] = button
            flow.addWidget(button)
        lines.addWidget(modes)
        lines.addWidget(self._meaning)
        self._head(tr("What of it"))
        lines.addWidget(self.pieces)
        lines.addWidget(self.tools)
        self._head(tr("What is hidden"))
        lines.addWidget(self.redact)
        lines.addWidget(self._none_hidden)
        lines.addWidget(self.redactions)
        self._head(tr("What comes back, at most"))
        lines.addWidget(_at_left(self.length, self.effort))
        lines.addStretch(1)

    def _head(self, words: str) -> None:
        head = label(words, "strong", wrap=True)
        head.setContentsMargins(0, 10, 0, 0)
        self._lines.addWidget(head)


def _at_left(*controls: QWidget) -> QWidget:
    """As wide as they are, in as many lines as they need."""
    row = QWidget()
    flow = Flow(row, gap=8)
    for control in controls:
        flow.addWidget(control)
    return row
