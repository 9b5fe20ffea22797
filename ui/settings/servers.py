"""The section *Other machines* of the settings: servers that were added, those of this computer, adding, removing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.models.parts import empty
from ui.settings.server_dialog import ServerDialog
from ui.translation import marked, tr
from ui.widgets.buttons import Button, ElidedButton, IconButton
from ui.widgets.flow import Flow
from ui.widgets.focus_again import focus_again
from ui.widgets.labels import ElidedLabel, label
from workbench.engine.remote.consent import Consent
from workbench.engine.remote.server import Server
from workbench.errors import WorkbenchError
from workbench.events import Changed, Topic
from workbench.messages import Id

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.engine.remote.finding import Found
    from workbench.engine.remote.service import Added

EMPTY = marked("No other machine answers. One that you add is asked only when you choose one of its models.")
NOBODY = marked("No other program on this computer serves models now.")


class ServersSection(QWidget):
    """``told`` carries errors, ``said`` what there is to know."""

    told = Signal(object)
    said = Signal(str)

    def __init__(self, bridge: Bridge, workbench: Workbench, appearance: Appearance) -> None:
        super().__init__()
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._servers: tuple[Server, ...] = ()
        self._found: tuple[Found, ...] | None = None
        self._states: dict[Id, str] = {}  # of servers that are asked, or did not answer
        self._failed: set[Id] = set()
        self.setAccessibleName(tr("Other machines"))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(10)
        self.add = ElidedButton(tr("Add a machine…"), appearance, icon_name="plus")
        self.look = ElidedButton(tr("Look on this computer"), appearance, icon_name="search")
        self.add.clicked.connect(lambda: self.open_dialog())
        self.look.clicked.connect(self.look_around)
        buttons = Flow()
        for button in (self.add, self.look):
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # else nothing is elided
            buttons.addWidget(button)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(12)
        outside.addLayout(self._rows)
        outside.addLayout(buttons)
        bridge.listen(self._on_changed)
        self._rebuild()

    def refresh(self) -> None:
        """Show the servers as they are kept; none is asked."""
        self._bridge.run(lambda _job: self._workbench.servers.list(), on_done=self._show)

    def look_around(self) -> None:
        """Look for servers of other programs on this computer."""
        self.look.setEnabled(False)
        self.look.say(tr("Looking…"))
        self._bridge.run(
            lambda job: self._workbench.servers.find(job.cancel), on_done=self._take_found, on_failed=self._lost
        )

    def check(self, server: Server) -> None:
        """Ask it again which models it has."""
        self._state(server, tr("Asking {destination}…").format(destination=server.address.destination), failed=False)

        def failed(error: WorkbenchError) -> None:
            self._state(server, f"{error.message} {error.hint}", failed=True)

        def done(checked: Server) -> None:
            self._state(checked, "", failed=False)
            self.refresh()

        self._bridge.run(
            lambda job: self._workbench.servers.check(server.name, job.cancel), on_done=done, on_failed=failed
        )

    def open_dialog(self, address: str = "", name: str = "") -> ServerDialog:
        """Ask for the address, then for the consent."""
        dialog = ServerDialog(self._appearance, self.window(), address=address, name=name)
        dialog.agreed.connect(partial(self._add, dialog))
        dialog.open()
        return dialog

    # Inside -----------------------------------------------------------------------------------------------------------

    def _add(self, dialog: ServerDialog, consent: Consent, key: str) -> None:
        dialog.show_asking()
        gone: list[bool] = []
        dialog.destroyed.connect(lambda: gone.append(True))

        def failed(error: WorkbenchError) -> None:
            if not gone:
                dialog.show_failure(error)

        def done(added: Added) -> None:
            if not gone:
                dialog.dismiss()
            count = len(added.server.capabilities.models)
            told = tr("{server} can answer: {models}.").format(server=added.server.label, models=count_words(count))
            self.said.emit(added.note or told)
            self.refresh()

        job = self._bridge.run(
            lambda job: self._workbench.servers.add(consent, key or None, job.cancel),
            on_done=done,
            on_failed=failed,
        )
        # Not the bound method: that of an object which ends in another thread is disconnected there, and Qt deadlocks.
        dialog.destroyed.connect(lambda: job.cancel.cancel())

    def _remove(self, server: Server) -> None:
        self._bridge.run(
            lambda _job: self._workbench.servers.remove(server.name),
            on_done=lambda _gone: self.said.emit(tr("{name} is forgotten.").format(name=server.name)),
            on_failed=self.told.emit,
        )

    def _mark(self, server: Server) -> None:
        self._bridge.run(
            lambda _job: self._workbench.servers.mark(server.name, mine=not server.mine), on_failed=self.told.emit
        )

    def _take_found(self, found: tuple[Found, ...]) -> None:
        self._found = found
        self._looked()
        self._rebuild()

    def _lost(self, error: WorkbenchError) -> None:
        self._looked()
        self.told.emit(error)

    def _looked(self) -> None:
        self.look.setEnabled(True)
        self.look.say(tr("Look on this computer"))

    def _state(self, server: Server, words: str, *, failed: bool) -> None:
        self._states[server.id] = words
        (self._failed.add if failed else self._failed.discard)(server.id)
        self._rebuild()

    def _show(self, servers: tuple[Server, ...]) -> None:
        self._servers = servers
        known = {server.address.port for server in servers}
        if self._found is not None:
            self._found = tuple(one for one in self._found if one.address.port not in known) or None
        self._rebuild()

    def _on_changed(self, changed: Changed) -> None:
        if Topic.SERVERS in changed.topics:
            self.refresh()

    def _rebuild(self) -> None:
        focused = QApplication.focusWidget()
        name = focused.accessibleName() if focused is not None and self.isAncestorOf(focused) else ""
        empty(self._rows)
        if not self._servers:
            self._rows.addWidget(label(tr(EMPTY), "muted", wrap=True))
        for server in self._servers:
            self._rows.addWidget(self._row(server))
        for one in self._found or ():
            self._rows.addWidget(self._found_row(one))
        if self._found == ():
            self._rows.addWidget(label(tr(NOBODY), "caption", wrap=True))
        focus_again(self, name)

    def _row(self, server: Server) -> QWidget:
        row, words, line = _line(server.name)
        words.addWidget(ElidedLabel(server.label, "strong"))
        words.addWidget(label(server_words(server), "caption", wrap=True))
        state = self._states.get(server.id, "")
        if state:
            words.addWidget(
                label(state, "danger" if server.id in self._failed else "muted", wrap=True, selectable=True)
            )
        mine = Button(
            tr("Mine"),
            self._appearance,
            name=tr("{name} is mine: private documents may go there").format(name=server.name),
        )
        mine.setCheckable(True)
        mine.setChecked(server.mine)
        mine.setToolTip(tr("Private documents may go there"))
        mine.clicked.connect(lambda: self._mark(server))
        check = IconButton("refresh-cw", tr("Ask {name} again").format(name=server.name), self._appearance)
        check.clicked.connect(lambda: self.check(server))
        remove = IconButton("trash-2", tr("Forget {name}").format(name=server.name), self._appearance)
        remove.clicked.connect(lambda: self._remove(server))
        for control in (mine, check, remove):
            line.addWidget(control)
        return row

    def _found_row(self, one: Found) -> QWidget:
        row, words, line = _line(one.name)
        told = tr("{name} on this computer ({destination})")
        words.addWidget(ElidedLabel(told.format(name=one.name, destination=one.address.destination)))
        words.addWidget(label(tr("Wants a key") if one.models is None else count_words(one.models), "caption"))
        name = tr("Add {name} at {destination}").format(name=one.name, destination=one.address.destination)
        add = Button(tr("Add…"), self._appearance, name=name)
        add.clicked.connect(lambda: self.open_dialog(one.address.base_url, one.name))
        line.addWidget(add)
        return row


def server_words(server: Server) -> str:
    """What it runs, how much it has, and whose it is."""
    pieces = [str(server.capabilities.kind), count_words(len(server.capabilities.models))]
    if server.has_key:
        pieces.append(tr("with a key"))
    if server.address.scheme == "http" and not server.address.host.startswith(("127.", "localhost", "::1")):
        pieces.append(tr("not encrypted"))
    return " · ".join(pieces)


def count_words(models: int) -> str:
    return tr("1 model") if models == 1 else tr("{count} models").format(count=models)


def _line(name: str) -> tuple[QWidget, QVBoxLayout, QHBoxLayout]:
    """A row, the column for its words, and the line for its controls."""
    row = QWidget()
    row.setAccessibleName(name)
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    words = QVBoxLayout()
    words.setSpacing(2)
    line.addLayout(words, 1)
    return row, words, line
