"""An answer becomes a test case, in the window: how answers are checked, and whether this one would pass."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.feedback_card import TextField
from ui.chat.feedback_words import KINDS, case_line, result_line
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.floating import Floating
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, label
from workbench.chat.cases.cases import Asked
from workbench.checks.check import Check, CheckKind, Result, make_check
from workbench.errors import UsageError

WIDTH, LINES, WAIT_MILLISECONDS = 640, 4, 200


class CaseCard(Floating):
    """``tried``: the `Check` as it is written now; whoever hears it tells with `show_result` whether the answer passes.

    ``saved``: the `Check` and the case's name. ``closed``: it is gone; True: it had the focus.
    """

    tried = Signal(object)
    saved = Signal(object, str)
    closed = Signal(bool)

    def __init__(self, asked: Asked, appearance: Appearance, window: QWidget, check: Check | None = None) -> None:
        """``check``: of a case that is there already."""
        heading = tr("Save as test case") if check is None else tr("Change the test case")
        super().__init__(heading, window)
        self.kind = CheckKind.CONTAINS
        self.title = QLineEdit(asked.title)
        self.title.setAccessibleName(tr("Name of the case"))
        self.kinds = {kind: self._choice(kind, appearance) for kind in KINDS}
        self.expected = TextField(tr("What is checked"), "", LINES)
        self.tolerance = QLineEdit()
        self.tolerance.setAccessibleName(tr("How far the number may be off"))
        self.tolerance.setPlaceholderText(tr("May be off by 0"))
        self.tolerance.setFixedWidth(150)
        self.note = label("", "caption", wrap=True)
        self.result = label("", "muted", wrap=True)
        self.result.setAccessibleName(tr("Whether this answer would pass"))
        self.save = Button(tr("Save"), appearance, look="primary")
        self.close_button = IconButton("x", tr("Close"), appearance)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(WAIT_MILLISECONDS)
        self._soon.timeout.connect(self._try)
        self._lay_out(heading, case_line(asked))
        self.expected.textChanged.connect(self._soon.start)
        self.tolerance.textChanged.connect(self._soon.start)
        self.expected.submitted.connect(self._save)
        self.save.clicked.connect(self._save)
        self.close_button.clicked.connect(self.dismiss)
        if check is not None:
            self.expected.setPlainText(check.expected)
            self.tolerance.setText(f"{check.tolerance:g}" if check.tolerance else "")
        self.choose(self.kind if check is None else check.kind)

    def open(self) -> None:
        self.appear()
        self.expected.fit()
        self.place_at_top(WIDTH)
        self.expected.setFocus(Qt.FocusReason.PopupFocusReason)

    def choose(self, kind: CheckKind) -> None:
        """This kind of check; what was written stays."""
        self.kind = kind
        for other, button in self.kinds.items():
            button.setChecked(other is kind)
        words = KINDS[kind]
        self.note.setText(tr(words.note))
        self.expected.setPlaceholderText(tr(words.hint))
        self.expected.setAccessibleDescription(tr(words.note))
        self.tolerance.setVisible(kind is CheckKind.NUMBER)
        self._try()

    def check(self) -> Check:
        """What is written. Raises `UsageError` for what cannot be checked."""
        return make_check(self.kind, self.expected.toPlainText(), self._tolerance())

    def show_result(self, check: Check, result: Result) -> None:
        """Whether the answer passes ``check``; an older one is dropped."""
        if check == self._checked:
            self._tell(*result_line(result))

    def dismiss(self) -> None:
        self._soon.stop()
        inside = self.isAncestorOf(QApplication.focusWidget() or self.host)
        super().dismiss()
        self.closed.emit(inside)

    def _try(self) -> None:
        self._checked: Check | None = None
        if not self.expected.toPlainText().strip() and self.kind is not CheckKind.JUDGEMENT:
            self.save.setEnabled(False)
            self._tell("", "muted")
            return
        try:
            self._checked = self.check()
        except UsageError as error:
            self._tell(error.message, "danger")
        self.save.setEnabled(self._checked is not None)
        if self._checked is not None:
            self.tried.emit(self._checked)

    def _tell(self, text: str, tone: str) -> None:
        self.result.setText(text)
        if self.result.property("tone") != tone:
            self.result.setProperty("tone", tone)
            self.result.style().unpolish(self.result)
            self.result.style().polish(self.result)
        if self.isVisible():
            self.place_at_top(WIDTH)  # more lines, another height

    def _save(self) -> None:
        self._try()
        if self._checked is not None:
            self.saved.emit(self._checked, self.title.text())
            self.dismiss()

    def _tolerance(self) -> float:
        text = self.tolerance.text().strip() if self.kind is CheckKind.NUMBER else ""
        try:
            return float(text or 0)
        except ValueError:
            hint = tr("Write it with a point, for example 0.01.")
            raise UsageError(tr("{text} is no number.").format(text=repr(text)), hint=hint) from None

    def _choice(self, kind: CheckKind, appearance: Appearance) -> Button:
        name = tr(KINDS[kind].name)
        button = Button(name, appearance, look="chip", name=tr("Check: {kind}").format(kind=name))
        button.setCheckable(True)
        button.setAccessibleDescription(tr(KINDS[kind].note))
        button.clicked.connect(partial(self._chosen, kind))
        return button

    def _chosen(self, kind: CheckKind, _checked: bool = False) -> None:
        self.choose(kind)

    def _lay_out(self, heading: str, line: str) -> None:
        head = QHBoxLayout()
        head.addWidget(label(heading, "title", wrap=True), 1)
        head.addWidget(self.close_button)
        choices = QWidget()
        flow = Flow(choices, gap=6)
        for button in self.kinds.values():
            flow.addWidget(button)
        below = QHBoxLayout()
        below.addWidget(self.note, 1)
        below.addWidget(self.tolerance, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.addWidget(self.result, 1)
        foot.addWidget(self.save, 0, Qt.AlignmentFlag.AlignBottom)
        self.result.setMinimumHeight(self.fontMetrics().lineSpacing() * 3)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(18, 12, 14, 14)
        outside.setSpacing(10)
        outside.addLayout(head)
        outside.addWidget(self.title)
        outside.addWidget(ElidedLabel(line, "caption"))
        outside.addWidget(choices)
        outside.addWidget(self.expected)
        outside.addLayout(below)
        outside.addLayout(foot)
