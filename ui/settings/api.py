"""The section *Local API* of the settings: the switch, the address, the token, listed web pages, who has asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QIntValidator
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.settings.api_items import ActivityDelegate, ActivityModel
from ui.settings.parts import setting_row
from ui.translation import marked, tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, label, rule
from ui.widgets.notice import NoticeCard
from ui.widgets.switch import Switch
from workbench.events import Changed, Topic
from workbench.serving.activity import Exchange
from workbench.serving.switch import ApiState, ApiStatus, PortTakenError

if TYPE_CHECKING:
    from workbench.app import Workbench

HIDDEN = "•" * 24
WORDS = marked("Programs on this computer that know the token can use your models, as they use OpenAI.")
NOBODY = marked("No program has asked yet. Give one the address and the token.")
COPIED_SECONDS = 2
LIST_HEIGHT = 236


class ApiSection(QWidget):
    """``saved`` carries a key and its new value, ``told`` errors, ``said`` what there is to know."""

    saved = Signal(str, object)
    told = Signal(object)
    said = Signal(str)

    def __init__(self, bridge: Bridge, workbench: Workbench, appearance: Appearance) -> None:
        super().__init__()
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._problem: NoticeCard | None = None
        self._problem_text = ""
        self.setAccessibleName(tr("Local API"))
        self.switch = Switch(tr("Local API"), appearance)
        self.remote = Switch(tr("Models of other machines"), appearance)
        self.switch.clicked.connect(lambda: self.saved.emit("api.enabled", self.switch.isChecked()))
        self.remote.clicked.connect(lambda: self.saved.emit("api.remote_models", self.remote.isChecked()))
        self.address = ElidedLabel("", "muted")
        self.copy_address = _copy_button(tr("Copy the address"), appearance)
        self.copy_address.clicked.connect(lambda: self._copy(self.copy_address, self.address.text()))
        self.token = ElidedLabel(HIDDEN, "muted")
        self.show_token = Button(tr("Show"), appearance, name=tr("Show the token"))
        self.copy_token = _copy_button(tr("Copy the token"), appearance)
        self.new_token = Button(tr("New token"), appearance, icon_name="refresh-cw", name=tr("Replace the token"))
        self.port = _field(tr("Port"), 96)
        self.port.setValidator(QIntValidator(1024, 65535, self.port))
        self.origins = _field(tr("Web pages that may ask"), 240)
        self.origins.setPlaceholderText("https://notes.example")
        self.model = ActivityModel(self)
        self.list = _list(appearance, self.model)
        self.empty = label(tr(NOBODY), "muted", wrap=True)
        self._connect()
        self._lay_out()
        bridge.listen(self._on_changed)
        self.refresh()

    def refresh(self) -> None:
        """Show the settings and the state as they are; the token is not read before somebody asks for it."""
        wanted, status = self._workbench.settings.api, self._workbench.api.status()
        for button, value in ((self.switch, wanted.enabled), (self.remote, wanted.remote_models)):
            button.setChecked(value)
        for field, text in ((self.port, str(wanted.port)), (self.origins, wanted.origins)):
            if not field.hasFocus():
                field.setText(text)
        self.address.setText(status.address)
        self._when_on.setVisible(status.state is ApiState.ON)
        self._show_problem(status)
        self._show_requests(self._workbench.api.recent(), on=status.state is ApiState.ON)

    # Inside -----------------------------------------------------------------------------------------------------------

    def _on_changed(self, changed: Changed) -> None:
        if changed.topics & {Topic.API, Topic.SETTINGS} and self.isVisible():
            self.refresh()

    def _show_requests(self, rows: tuple[Exchange, ...], *, on: bool) -> None:
        self.model.show_requests(rows, datetime.now().astimezone())
        self.list.setVisible(bool(rows))
        self.empty.setVisible(on and not rows)
        self._heading.setVisible(on or bool(rows))

    def _show_problem(self, status: ApiStatus) -> None:
        text = "" if status.error is None else status.error.message
        if text == self._problem_text:
            return
        self._problem_text = text
        if self._problem is not None:
            self._problem.deleteLater()
            self._problem = None
        if status.error is not None:
            self._problem = NoticeCard(
                self._appearance,
                text,
                tr("Choose another port below.") if isinstance(status.error, PortTakenError) else status.error.hint,
                severe=True,
                steps=((tr("Try again"), lambda: self._run(self._workbench.api.apply)),),
            )
            self._place.addWidget(self._problem)

    def _toggle_token(self) -> None:
        if self.token.text() == HIDDEN:
            self._with_token(self._show_token)
        else:
            self._hide_token()

    def _show_token(self, token: str) -> None:
        self.token.setText(token)
        self.show_token.say(tr("Hide"))
        self.show_token.setAccessibleName(tr("Hide the token"))

    def _hide_token(self) -> None:
        self.token.setText(HIDDEN)
        self.show_token.say(tr("Show"))
        self.show_token.setAccessibleName(tr("Show the token"))

    def _renew(self) -> None:
        def done(_token: str) -> None:
            self._hide_token()
            self.said.emit(tr("Programs with the old token are refused from now on."))

        self._run(self._workbench.api.renew_token, done)

    def _with_token(self, use: Callable[[str], None]) -> None:
        self._run(self._workbench.api.token.current, use)

    def _run(self, work: Callable[[], Any], done: Callable[[Any], None] = lambda _result: None) -> None:
        self._bridge.run(lambda _job: work(), on_done=done, on_failed=self.told.emit)

    def _copy(self, button: IconButton, text: str, *, secret: bool = False) -> None:
        content = QMimeData()
        content.setText(text)
        if secret:
            content.setData(
                "x-kde-passwordManagerHint", b"secret"
            )  # what keeps a history of the clipboard leaves it out
        QGuiApplication.clipboard().setMimeData(content)
        button.show_icon("check")
        QTimer.singleShot(COPIED_SECONDS * 1000, button, lambda: button.show_icon("copy"))

    def _save_port(self) -> None:
        if self.port.hasAcceptableInput():
            self._save("api.port", int(self.port.text()), self._workbench.settings.api.port)

    def _save_origins(self) -> None:
        self._save("api.origins", " ".join(self.origins.text().split()), self._workbench.settings.api.origins)

    def _save(self, key: str, value: Any, before: Any) -> None:
        if value != before:
            self.saved.emit(key, value)

    def hideEvent(self, event: Any) -> None:
        super().hideEvent(event)
        self._hide_token()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.refresh()

    # Layout -----------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.show_token.clicked.connect(self._toggle_token)
        self.copy_token.clicked.connect(
            lambda: self._with_token(lambda token: self._copy(self.copy_token, token, secret=True))
        )
        self.new_token.clicked.connect(self._renew)
        self.port.editingFinished.connect(self._save_port)
        self.origins.editingFinished.connect(self._save_origins)

    def _lay_out(self) -> None:
        self._when_on = QWidget()
        inside = _column(self._when_on)
        inside.addWidget(_value_row(tr("Address"), self.address, self.copy_address))
        inside.addWidget(_value_row(tr("Token"), self.token, self.show_token, self.copy_token, self.new_token))
        self._place = QVBoxLayout()
        outside = _column(self)
        outside.addWidget(setting_row(tr("Answer other programs"), tr(WORDS), self.switch))
        outside.addLayout(self._place)
        outside.addWidget(self._when_on)
        outside.addWidget(
            setting_row(tr("Port"), tr("On this computer only; nothing is open to the network."), self.port)
        )
        outside.addWidget(
            setting_row(
                tr("Web pages that may ask"), tr("Exactly as a browser names them, with spaces between."), self.origins
            )
        )
        outside.addWidget(
            setting_row(
                tr("Models of other machines"), tr("Programs may use the machines that you added, too."), self.remote
            )
        )
        self._heading = QWidget()
        heading = _column(self._heading)
        heading.addWidget(rule())
        heading.addWidget(label(tr("Recent requests"), "strong"))
        outside.addWidget(self._heading)
        outside.addWidget(self.empty)
        outside.addWidget(self.list)
        in_turn = (
            *(self.switch, self.copy_address, self.show_token, self.copy_token, self.new_token),
            *(self.port, self.origins, self.remote, self.list),
        )
        for one, following in pairwise(in_turn):
            QWidget.setTabOrder(one, following)


def _column(widget: QWidget) -> QVBoxLayout:
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(12)
    return layout


def _copy_button(name: str, appearance: Appearance) -> IconButton:
    return IconButton("copy", name, appearance, size=16)


def _field(name: str, width: int) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setFixedWidth(width)
    return field


def _list(appearance: Appearance, model: ActivityModel) -> QListView:
    made = QListView()
    made.setModel(model)
    made.setItemDelegate(ActivityDelegate(appearance, made))
    made.setAccessibleName(tr("Recent requests"))
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setFixedHeight(LIST_HEIGHT)
    made.setUniformItemSizes(True)
    appearance.changed.connect(made.viewport().update)
    return made


def _value_row(title: str, value: ElidedLabel, *controls: QWidget) -> QWidget:
    beside = QWidget()
    line = Flow(beside, one_line=True)
    for control in controls:
        line.addWidget(control)
    return setting_row(title, value, beside)
