"""Adding another machine, inside the window: its address, then what the person agrees to, then the first question to it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.translation import marked, tr
from ui.widgets.buttons import Button
from ui.widgets.fields import line_edit
from ui.widgets.labels import label
from ui.widgets.step_dialog import StepDialog
from workbench.engine.remote.consent import Consent, make_consent
from workbench.engine.remote.errors import WrongKeyError
from workbench.errors import WorkbenchError

WIDTH = 520
MINE_WORDS = marked("This machine is mine")
MINE_NOTE = marked("Private documents may go there too.")


class ServerDialog(StepDialog):
    """``agreed`` carries the `Consent` and the key ("" for none). Nothing is sent before it.

    Whoever hears it calls `show_asking`, then `dismiss` or `show_failure`.
    """

    agreed = Signal(object, str)

    def __init__(self, appearance: Appearance, window: QWidget, *, address: str = "", name: str = "") -> None:
        super().__init__(tr("Add another machine"), window)
        self._consent: Consent | None = None
        self.address = line_edit(tr("Address"), "192.168.1.20:8080")
        self.name = line_edit(tr("Name"), tr("As its address says"))
        self.key = line_edit(tr("Key"), tr("Only where the server wants one"))
        self.address.setText(address)
        self.name.setText(name)
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.mine = Button(tr(MINE_WORDS), appearance, name=f"{tr(MINE_WORDS)}. {tr(MINE_NOTE)}")
        self.mine.setCheckable(True)
        self._question = label("", "strong", wrap=True)
        self._sentences = label("", wrap=True, selectable=True)
        self.next = Button(tr("Continue"), appearance, look="primary")
        self.agree = Button(tr("Let it answer"), appearance, look="primary")
        self.back = Button(tr("Back"), appearance)
        self._form, self._terms = self._form_widget(), self._terms_widget()
        close = Button(tr("Cancel"), appearance)
        self.lay_out((self._form, self._terms), (close, self.back, self.next, self.agree))
        for field in (self.address, self.name, self.key):
            field.returnPressed.connect(self._read)
        close.clicked.connect(self.dismiss)
        self.next.clicked.connect(self._read)
        self.back.clicked.connect(self.show_form)
        self.agree.clicked.connect(self._agree)

    def open(self) -> None:
        self.show_form()
        self.appear()
        self.address.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_form(self) -> None:
        self._show(form=True)
        self.address.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_asking(self) -> None:
        """The server is asked what it is."""
        if self._consent is not None:
            asking = tr("Asking {destination} which models it has…")
            self._show(asking=asking.format(destination=self._consent.address.destination))

    def show_failure(self, error: WorkbenchError) -> None:
        """It could not be added: the form again, with the reason."""
        self._show(form=True, problem=f"{error.message} {error.hint}")
        (self.key if isinstance(error, WrongKeyError) else self.address).setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self) -> None:
        try:
            self._consent = make_consent(
                self.address.text(),
                name=self.name.text(),
                mine=self.mine.isChecked(),
                has_key=bool(self.key.text().strip()),
            )
        except WorkbenchError as error:
            self._show(form=True, problem=f"{error.message} {error.hint}")
            return
        self._question.setText(self._consent.question)
        self._sentences.setText("\n\n".join(self._consent.sentences))
        self._show(terms=True)
        self.agree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _agree(self) -> None:
        if self._consent is not None:
            self.agreed.emit(self._consent, self.key.text().strip())

    def _show(self, *, form: bool = False, terms: bool = False, asking: str = "", problem: str = "") -> None:
        self._form.setVisible(form)
        self._terms.setVisible(terms)
        self.next.setVisible(form)
        self.agree.setVisible(terms)
        self.back.setVisible(terms)
        question = self._sentences.text() if terms else ""
        self.tell(problem=problem, waiting=asking, question=question, width=WIDTH)

    # Layout -----------------------------------------------------------------------------------------------------------

    def _form_widget(self) -> QWidget:
        form = QWidget()
        rows = QVBoxLayout(form)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        rows.addWidget(label(tr("Let another machine answer"), "strong"))
        words = tr("Any server that speaks OpenAI's HTTP: llama-server, vLLM, Ollama, LM Studio. Nothing is sent yet.")
        rows.addWidget(label(words, "caption", wrap=True))
        for field in (self.address, self.name, self.key):
            rows.addSpacing(4)
            rows.addWidget(label(field.accessibleName(), "caption"))
            rows.addWidget(field)
        rows.addSpacing(8)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self.mine)
        line.addWidget(label(tr(MINE_NOTE), "caption", wrap=True), 1)
        rows.addLayout(line)
        return form

    def _terms_widget(self) -> QWidget:
        terms = QWidget()
        rows = QVBoxLayout(terms)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        rows.addWidget(self._question)
        rows.addWidget(self._sentences)
        return terms
