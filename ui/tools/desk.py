"""The work of the Tools page: reads what there is, and does what the person asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.notify import Toasts
from ui.tools.adding import ServerDialog
from ui.tools.adding_desk import Adding
from ui.tools.keys import KeysDialog
from ui.tools.page import ToolsPage
from ui.tools.standing import revoked_words
from ui.translation import tr
from ui.widgets.popover import Choice, Popover
from workbench.consents.consent import Consent, ConsentKind, Standing
from workbench.errors import WorkbenchError
from workbench.events import Changed, Topic
from workbench.jobs import Job
from workbench.messages import Id

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.tools.desk import Listed
    from workbench.tools.servers.offer import Offer

TOPICS = frozenset({Topic.TOOLS, Topic.CONSENTS, Topic.SETTINGS})


@dataclass(frozen=True, slots=True)
class Read:
    """All that the page shows."""

    tools: tuple[Listed, ...]
    offers: tuple[Offer, ...]
    standing: tuple[Standing, ...]
    chats: dict[Id, str]


class ToolsDesk(QObject):
    """``settings_asked``: the settings of the web search. ``text_asked`` (title, text): to be read beside the page."""

    settings_asked = Signal()
    text_asked = Signal(str, str)

    def __init__(
        self, bridge: Bridge, workbench: Workbench, appearance: Appearance, page: ToolsPage, toasts: Toasts
    ) -> None:
        super().__init__(page)
        self._bridge, self._workbench, self._appearance = bridge, workbench, appearance
        self._page, self._toasts = page, toasts
        self._loads = 0
        page.looked_at.connect(self.load)
        page.own.saved.connect(self._save)
        page.own.switched.connect(
            lambda name, on: self._do(lambda _job: self._workbench.tools.switch(name, on=on), then=self.load)
        )
        page.own.web_asked.connect(self.settings_asked)
        page.standing.revoked.connect(self._revoke)
        servers = page.servers
        servers.add_asked.connect(self.add)
        servers.import_asked.connect(self._choose_file)
        servers.asked.connect(self._on_server)
        servers.switched.connect(self._switch_tool)
        servers.marked.connect(self._mark_tool)
        bridge.listen(self._on_changed)

    def load(self) -> None:
        """Read all of it; nothing is started by that."""
        self._loads += 1
        this, workbench = self._loads, self._workbench
        self._page.own.show_settings(workbench.settings.tools)

        def read() -> Read:
            standing = tuple(one for one in workbench.consents.standing() if one.kind is not ConsentKind.CLOUD)
            chats = {chat.id: chat.title for chat in workbench.chat.list()} if standing else {}
            return Read(workbench.tools.known(), workbench.tool_servers.list(), standing, chats)

        self._bridge.run(
            lambda _job: read(),
            on_done=lambda found: self._show(found) if this == self._loads else None,
            on_failed=self._toasts.tell,
        )

    def add(self) -> ServerDialog:
        """Ask for a command or an address, then whether it may be started."""
        dialog = self._dialog()
        dialog.open()
        return dialog

    def take_over(self, file: Path) -> None:
        """The servers that another program's file names: they are off."""
        workbench = self._workbench

        def read() -> tuple[int, tuple[str, ...]]:
            from workbench.tools.servers.importing import read_file, renamed

            taken = {offer.server.name.lower() for offer in workbench.tool_servers.list()}
            found = renamed(read_file(file), taken)
            added = workbench.tool_servers.add_imported(found.servers)
            notes = (note for one in added for note in one.notes)
            return len(added), (*found.problems, *notes)

        def told(done: tuple[int, tuple[str, ...]]) -> None:
            count, notes = done
            words = tr("1 server was taken over. It is off until you start it.")
            if count != 1:
                words = tr("{count} servers were taken over. They are off until you start them.").format(count=count)
            self._toasts.show("\n".join((words, *notes[:4])), seconds=15 if notes else 8)

        self._bridge.run(lambda _job: read(), on_done=told, on_failed=self._toasts.tell)

    # Inside -----------------------------------------------------------------------------------------------------------

    def _show(self, found: Read) -> None:
        self._page.own.show_tools(found.tools)
        self._page.servers.show_offers(found.offers)
        self._page.standing.show_standing(found.standing, found.chats)

    def _on_changed(self, changed: Changed) -> None:
        if self._page.isVisible() and TOPICS & changed.topics:
            self.load()

    def _save(self, key: str, value: Any) -> None:
        self._do(lambda _job: self._workbench.change_setting(key, value), then=self.load)

    def _revoke(self, one: Standing) -> None:
        self._bridge.run(
            lambda _job: self._workbench.consents.revoke(one.kind, one.subject, one.conversation_id),
            on_done=lambda recalled: self._toasts.show(revoked_words(one.kind, recalled)),
            on_failed=self._failed,
        )

    def _switch_tool(self, server: str, tool: str, on: bool) -> None:
        self._do(lambda _job: self._workbench.tool_servers.switch_tool(server, tool, enabled=on))

    def _mark_tool(self, server: str, tool: str, reads: bool) -> None:
        def mark(_job: Job) -> None:
            servers = self._workbench.tool_servers
            now = next(one for one in servers.get(server).tools if one.name == tool)
            servers.switch_tool(server, tool, enabled=now.enabled, reads=reads)

        self._do(mark)

    def _on_server(self, what: str, name: str) -> None:
        servers = self._workbench.tool_servers
        steps: dict[str, Callable[[], None]] = {
            "start": lambda: self._start(name),
            "restart": lambda: self._work(name, tr("Starting…"), lambda job: servers.restart(name, job.cancel)),
            "stop": lambda: self._work(name, tr("Ending…"), lambda _job: servers.stop(name)),
            "change": lambda: self._change(name),
            "log": lambda: self._read_log(name),
            "remove": lambda: self._ask_to_remove(name),
        }
        steps[what]()

    def _start(self, name: str) -> None:
        """Ask first for keys that it needs, and what was never agreed to; else start it."""
        servers = self._workbench.tool_servers

        def go_on(found: tuple[tuple[str, ...], Consent | None]) -> None:
            missing, consent = found
            if missing:
                self._ask_for_keys(name, missing)
            elif consent is None:
                self._work(name, tr("Starting…"), lambda job: servers.start(name, job.cancel))
            else:
                self._dialog(name).open_question(consent)

        self._bridge.run(
            lambda _job: (servers.missing_keys(name), servers.asked(name)), on_done=go_on, on_failed=self._toasts.tell
        )

    def _change(self, name: str) -> None:
        """What it is, to be changed; then it is asked about like a new one."""
        self._bridge.run(
            lambda _job: self._workbench.tool_servers.get(name).server.definition,
            on_done=lambda definition: self._dialog(name).open_change(name, definition),
            on_failed=self._toasts.tell,
        )

    def _ask_for_keys(self, name: str, missing: Sequence[str]) -> None:
        servers = self._workbench.tool_servers
        dialog = KeysDialog(name, missing, self._appearance, self._page.window())

        def keep(keys: dict[str, str]) -> None:
            def give(_job: Job) -> tuple[str, ...]:
                return tuple(note for key_name, key in keys.items() if (note := servers.give_key(name, key_name, key)))

            def kept(notes: tuple[str, ...]) -> None:
                if notes:
                    self._toasts.show(notes[0], seconds=15)
                self._start(name)

            self._bridge.run(give, on_done=kept, on_failed=self._toasts.tell)

        dialog.given.connect(keep)
        dialog.open()

    def _work(self, name: str, words: str, work: Callable[[Job], Any]) -> None:
        self._page.servers.show_busy(name, words)

        def ended(error: WorkbenchError | None) -> None:
            self._page.servers.show_busy(name, "")
            self.load()
            if error is not None:
                self._toasts.tell(error)

        self._bridge.run(work, on_done=lambda _done: ended(None), on_failed=ended, on_cancelled=lambda: ended(None))

    def _read_log(self, name: str) -> None:
        def show(text: str) -> None:
            if text.strip():
                self.text_asked.emit(tr("What {name} said").format(name=name), text)
            else:
                self._toasts.show(tr("{name} has said nothing yet.").format(name=name))

        self._bridge.run(lambda _job: self._workbench.tool_servers.log(name), on_done=show, on_failed=self._toasts.tell)

    def _ask_to_remove(self, name: str) -> None:
        def remove() -> None:
            told = tr("{name} is gone, and its keys with it.").format(name=name)
            self._do(lambda _job: self._workbench.tool_servers.remove(name), then=lambda: self._toasts.show(told))

        anchor = self._page.findChild(QObject, f"remove:{name}")
        words = tr("Remove {name}, and its keys").format(name=name)
        popover = Popover(
            words, [Choice(words, remove, icon="trash-2", danger=True)], self._appearance, self._page.window()
        )
        popover.open_at(anchor if isinstance(anchor, type(self._page.close_button)) else self._page.servers.add)

    def _choose_file(self) -> None:
        dialog = QFileDialog(
            self._page.window(), tr("Which list of servers?"), str(Path.home()), tr("Lists of servers (*.json)")
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.take_over(Path(chosen)))
        dialog.open()

    def _do(self, work: Callable[[Job], Any], then: Callable[[], None] | None = None) -> None:
        self._bridge.run(work, on_done=lambda _done: then() if then is not None else None, on_failed=self._failed)

    def _failed(self, error: WorkbenchError) -> None:
        self._toasts.tell(error)
        self.load()

    # A server is added, or asked about --------------------------------------------------------------------------------

    def _dialog(self, name: str = "") -> ServerDialog:
        dialog = ServerDialog(self._appearance, self._page.window())
        adding = Adding(self._bridge, self._workbench, dialog, self._toasts, name, self.load)
        dialog.described.connect(adding.keep)
        dialog.changed.connect(adding.change)
        dialog.agreed.connect(adding.agree)
        dialog.refused.connect(adding.refuse)
        return dialog
