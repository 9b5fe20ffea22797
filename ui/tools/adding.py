"""Adding a server of tools, inside the window: what it is, exactly what would be started or reached, then its start."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.consents import because_of, request_of, title_of
from ui.tools.typed import definition_of, name_of, typed_of
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.fields import line_edit
from ui.widgets.labels import label
from ui.widgets.step_dialog import StepDialog
from workbench.consents.consent import Consent
from workbench.errors import WorkbenchError
from workbench.tools.servers.definition import Definition

WIDTH, REQUEST_HEIGHT = 560, 220


class ServerDialog(StepDialog):
    """``described`` carries name and `Definition`, ``changed`` the `Definition` of one that is there; nothing is started.
    ``agreed`` and ``refused`` carry the `Consent`.

    Whoever hears them calls `show_question`, `show_starting`, then `dismiss` or `show_failure`.
    """

    described = Signal(str, object)
    changed = Signal(object)
    agreed = Signal(object)
    refused = Signal(object)

    def __init__(self, appearance: Appearance, window: QWidget) -> None:
        super().__init__(tr("Add a server of tools"), window)
        self._appearance = appearance
        self._consent: Consent | None = None
        self._before: Definition | None = None
        self.where = line_edit(tr("Command or address"), "uvx mcp-server-time")
        self.name = line_edit(tr("Name"), tr("As its command or address says"))
        self.more = QPlainTextEdit()
        self.more.setProperty("look", "field")
        self.more.setAccessibleName(tr("Variables or headers"))
        self.more.setPlaceholderText(tr("NAME=value, one to a line. Keys go to the keychain."))
        self.more.setTabChangesFocus(True)
        self.more.setFixedHeight(72)
        self._title = label("", "strong", wrap=True)
        self._because = label("", "muted", wrap=True)
        self._request = label("", wrap=True, selectable=True)
        self.next = Button(tr("Continue"), appearance, look="primary")
        self.agree = Button(tr("Start it"), appearance, look="primary")
        self.refuse = Button(tr("Don't start"), appearance)
        self.cancel = Button(tr("Cancel"), appearance)
        self._form, self._question = self._form_widget(), self._question_widget()
        self.lay_out((self._form, self._question), (self.cancel, self.refuse, self.next, self.agree))
        for field in (self.where, self.name):
            field.returnPressed.connect(self._read)
        self.next.clicked.connect(self._read)
        self.cancel.clicked.connect(self.dismiss)
        self.agree.clicked.connect(lambda: self.agreed.emit(self._consent))
        self.refuse.clicked.connect(lambda: self.refused.emit(self._consent))

    def open(self) -> None:
        """Ask what it is."""
        self._show(form=True)
        self.appear()
        self.where.setFocus(Qt.FocusReason.PopupFocusReason)

    def open_change(self, name: str, definition: Definition) -> None:
        """Ask what a server that is there shall be from now on."""
        self._before = definition
        words = tr("Change {name}").format(name=name)
        self.setAccessibleName(words)
        self._heading.setText(words)
        self._told.setText(tr("It ends now, and starts when you have seen and agreed to what it is then."))
        where, more = typed_of(definition)
        self.where.setText(where)
        self.more.setPlainText(more)
        for part in (self._name_label, self.name):
            part.hide()
        self.open()

    def open_question(self, consent: Consent) -> None:
        """Ask whether a server that is there may be started."""
        self.show_question(consent)
        self.appear()
        self.refuse.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_question(self, consent: Consent) -> None:
        """Exactly what would be started or reached. Enter alone starts nothing: the focus is on the other button."""
        self._consent = consent
        self._title.setText(title_of(consent))
        self._because.setText(because_of(consent))
        self._request.setText(request_of(consent))
        self.agree.say(tr("Connect to it") if "address" in consent.request else tr("Start it"))
        self._show(question=True)
        self.refuse.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_starting(self, words: str) -> None:
        self._show(waiting=words)
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_failure(self, error: WorkbenchError, *, form: bool) -> None:
        """``form``: it was not added yet, so that what was typed can be changed."""
        self._show(form=form, problem=f"{error.message} {error.hint}".strip())
        (self.where if form else self.cancel).setFocus(Qt.FocusReason.OtherFocusReason)

    # Inside -----------------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        try:
            definition = definition_of(self.where.text(), self.more.toPlainText())
        except WorkbenchError as error:
            self.show_failure(error, form=True)
            return
        if self._before is not None:
            folder = self._before.folder if definition.is_program else ""
            self.changed.emit(replace(definition, folder=folder))
            return
        self.described.emit(self.name.text().strip() or name_of(definition), definition)

    def _show(self, *, form: bool = False, question: bool = False, waiting: str = "", problem: str = "") -> None:
        self._form.setVisible(form)
        self._question.setVisible(question)
        self.next.setVisible(form)
        self.agree.setVisible(question)
        self.refuse.setVisible(question)
        self.cancel.setVisible(not question)
        self.cancel.say(tr("Cancel") if form or waiting else tr("Close"))
        told = f"{self._title.text()} {self._because.text()} {self._request.text()}" if question else ""
        self.tell(problem=problem, waiting=waiting, question=told, width=self._appearance.pixels(WIDTH))

    def _form_widget(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._heading = label(tr("Add a server of tools"), "title")
        column.addWidget(self._heading)
        told = tr(
            "A program on this computer, or an address, that offers tools to models (MCP). "
            "Nothing is started before you have seen exactly what."
        )
        self._told = label(told, "caption", wrap=True)
        column.addWidget(self._told)
        self._name_label = label(tr("Name"), "strong")
        for words, field in (
            (label(tr("Command or address"), "strong"), self.where),
            (self._name_label, self.name),
            (label(tr("Variables of the program, or headers"), "strong"), self.more),
        ):
            column.addSpacing(4)
            column.addWidget(words)
            column.addWidget(field)
        return made

    def _question_widget(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._because)
        inside = QFrame()
        inside.setProperty("look", "card")
        box = QVBoxLayout(inside)
        box.setContentsMargins(12, 10, 12, 10)
        box.addWidget(self._request)
        scroll = QScrollArea()
        scroll.setAccessibleName(tr("The request in full"))
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inside)
        scroll.setFixedHeight(self._appearance.pixels(REQUEST_HEIGHT))
        column.addWidget(scroll)
        return made
