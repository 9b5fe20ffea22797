"""The foot of the sheet: what stands in the way, what it costs, what is left, and the buttons."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.cloud.sheet.state import SheetState
from ui.cloud.sheet.words import caps_words, range_words, remaining_words, send_words, step_words, token_words
from ui.icons import pixmap
from ui.translation import tr
from ui.widgets.buttons import Button, ElidedButton, IconButton
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.popover import Choice, Popover
from workbench.chat.escalating.escalation import Preview
from workbench.cloud.asking import NextStep
from workbench.consents.consent import Scope


class Reasons(QFrame):
    """Why it cannot be sent, and what helps. ``chosen`` carries the `NextStep`."""

    chosen = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._told: tuple[str, tuple[NextStep, ...]] = ("", ())
        self.buttons: dict[NextStep, Button] = {}
        self.setProperty("look", "notice")
        self.setProperty("tone", "danger")
        self._sign = QLabel()
        self.words = label("", wrap=True)
        self._steps = QWidget()
        self._flow = Flow(self._steps, gap=8)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self.words)
        column.addWidget(self._steps)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(10)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        appearance.follow(self._dress)
        self.hide()

    def show_reasons(self, words: str, steps: tuple[NextStep, ...]) -> None:
        if (words, steps) == self._told:
            return
        self._told = (words, steps)
        self.words.setText(words)
        self.setAccessibleName(words)
        for button in self.buttons.values():
            button.hide()
            button.deleteLater()
        while self._flow.takeAt(0) is not None:
            pass
        self.buttons = {}
        for step in dict.fromkeys(steps):
            text, icon = step_words(step)
            button = ElidedButton(text, self._appearance, icon_name=icon)
            button.setAccessibleDescription(words)
            button.clicked.connect(partial(self._choose, step))
            self.buttons[step] = button
            self._flow.addWidget(button)
        self._steps.setVisible(bool(steps))
        self.setVisible(bool(words))

    def _choose(self, step: NextStep, _checked: bool = False) -> None:
        self.chosen.emit(step)

    def _dress(self) -> None:
        side = self._appearance.pixels(16)
        self._sign.setPixmap(pixmap("circle-alert", self._appearance.tokens.danger, side, self.devicePixelRatioF()))


class Foot(QWidget):
    """``sent`` carries the `Scope` of the yes. ``left``: not now. ``by_hand``: over the person's own subscription."""

    sent = Signal(object)
    left = Signal()
    by_hand = Signal()
    step_asked = Signal(object)
    change_asked = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._state = SheetState()
        self.reasons = Reasons(appearance)
        self.price = ElidedLabel("", "title")
        self.tokens = ElidedLabel("", "caption")
        self.remaining = ElidedLabel("", "caption")
        self.hand = ElidedButton(tr("Use my own subscription…"), appearance, look="quiet", icon_name="external-link")
        self.change = Button(tr("Change it…"), appearance, look="quiet", icon_name="pencil")
        self.change.hide()
        self.leave = Button(tr("Not now"), appearance)
        self.leave.setToolTip("Esc")
        self.send = ElidedButton(tr("Send"), appearance, look="cloud", icon_name="cloud")
        self.ways = IconButton("chevron-down", tr("More ways to send"), appearance, colour="text", size=16)
        self._lay_out()
        self.reasons.chosen.connect(self.step_asked)
        self.hand.clicked.connect(self.by_hand)
        self.change.clicked.connect(self.change_asked)
        self.leave.clicked.connect(self.left)
        self.send.clicked.connect(lambda: self.sent.emit(Scope.ONCE))
        self.ways.clicked.connect(self._offer_ways)

    def show_state(self, state: SheetState) -> None:
        self._state = state
        known, fresh = state.preview, state.fresh
        self.price.setText(range_words(known.cost) if known is not None else "")
        self.tokens.setText(token_words(known) if known is not None else state.busy)
        self.remaining.setText(remaining_words(known.remaining) if known is not None else "")
        if known is not None:
            self.price.setAccessibleName(tr("It costs {price}").format(price=range_words(known.cost)))
        refused = " ".join(fresh.refused) if fresh is not None else ""
        self.reasons.show_reasons(state.problem or refused, fresh.steps if fresh is not None else ())
        self._show_buttons(state, known)

    def arrange(self, *, beside: bool) -> None:
        """Price and budget beside each other, or below where there is no room; so the ways out."""
        wide, tall = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._told.setDirection(wide if beside else tall)
        self._told.setSpacing(16 if beside else 1)
        self.remaining.setAlignment(Qt.AlignmentFlag.AlignRight if beside else Qt.AlignmentFlag.AlignLeft)
        self._buttons.setDirection(wide if beside else tall)

    def _show_buttons(self, state: SheetState, known: Preview | None) -> None:
        self.send.setEnabled(state.can_send)
        self.ways.setEnabled(state.can_send and known is not None and not known.standing)
        self.ways.setVisible(len(self._scopes) > 1)
        self.change.setVisible(state.fixed)
        self.leave.say(tr("Don't send") if state.fixed else tr("Not now"))
        self.hand.setVisible(not state.fixed and not state.grows)
        self.hand.setEnabled(state.draft is not None and not state.busy)
        if known is not None:
            self.send.say(tr("Send to {name}").format(name=known.provider.name))
            self.send.setAccessibleName(
                tr("Send to {host}, {price}").format(host=known.provider.host, price=range_words(known.cost))
            )

    @property
    def _scopes(self) -> tuple[Scope, ...]:
        consent = self._state.consent
        return consent.question.scopes if consent is not None else tuple(Scope)

    def _offer_ways(self) -> None:
        preview = self._state.fresh
        if preview is None:
            return
        caps = caps_words([one for one in self._state.caps if one.name in ("", preview.provider.id)])
        choices = []
        for scope in self._scopes:
            words, meaning = send_words(scope, preview, caps)
            choices.append(Choice(words, partial(self.sent.emit, scope), icon="cloud", note=meaning))
        Popover(tr("More ways to send"), choices, self._appearance, self.window()).open_at(self.ways, above=True)

    def _lay_out(self) -> None:
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(10)
        lines.addWidget(self.reasons)
        self._told = told = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        told.setSpacing(16)
        costs = QVBoxLayout()
        costs.setSpacing(1)
        costs.addWidget(self.price)
        costs.addWidget(self.tokens)
        told.addLayout(costs, 1)
        self.remaining.setAlignment(Qt.AlignmentFlag.AlignRight)
        told.addWidget(self.remaining, 1, Qt.AlignmentFlag.AlignBottom)
        lines.addLayout(told)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(8)
        self._buttons.addWidget(self.hand, 0, Qt.AlignmentFlag.AlignLeft)
        self._buttons.addWidget(self.change, 0, Qt.AlignmentFlag.AlignLeft)
        self._buttons.addStretch(1)
        answers = QHBoxLayout()
        answers.setSpacing(8)
        answers.addStretch(1)
        answers.addWidget(self.leave)
        answers.addWidget(self.send)
        answers.addWidget(self.ways)
        self._buttons.addLayout(answers)
        lines.addLayout(self._buttons)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())
