"""The work behind the dialog of one server of tools: kept, asked about, agreed to, started."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.bridge import Bridge
from ui.notify import Toasts
from ui.tools.adding import ServerDialog
from ui.translation import tr
from workbench.consents.consent import Consent
from workbench.errors import WorkbenchError
from workbench.jobs import Job
from workbench.tools.servers.definition import Definition

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.tools.servers.offer import Added, Offer


class Adding(QObject):
    """One dialog's way: kept, asked about, agreed to, started."""

    def __init__(
        self,
        bridge: Bridge,
        workbench: Workbench,
        dialog: ServerDialog,
        toasts: Toasts,
        name: str,
        done: Callable[[], None],
    ) -> None:
        super().__init__(dialog)
        self._bridge, self._workbench, self._dialog = bridge, workbench, dialog
        self._toasts, self._name, self._done = toasts, name, done
        self._gone: list[bool] = []
        gone = self._gone
        dialog.destroyed.connect(lambda: gone.append(True))

    def keep(self, name: str, definition: Definition) -> None:
        self._ask_after(lambda: self._workbench.tool_servers.add(name, definition))

    def change(self, definition: Definition) -> None:
        self._ask_after(lambda: self._workbench.tool_servers.change(self._name, definition))

    def _ask_after(self, work: Callable[[], Added]) -> None:
        """Define it, and show what would be started; where that was agreed to before, there is nothing to ask."""
        servers = self._workbench.tool_servers

        def add() -> tuple[str, Consent | None, tuple[str, ...]]:
            added = work()
            return added.server.name, servers.asked(added.server.name), added.notes

        def ask(kept: tuple[str, Consent | None, tuple[str, ...]]) -> None:
            self._name, consent, notes = kept
            if notes:
                self._toasts.show("\n".join(notes), seconds=15)
            self._done()
            if not self._gone and consent is not None:
                self._dialog.show_question(consent)
            elif not self._gone:
                self._dialog.dismiss()

        self._bridge.run(lambda _job: add(), on_done=ask, on_failed=partial(self._failed, form=True))

    def agree(self, consent: Consent) -> None:
        name, servers, consents = self._name, self._workbench.tool_servers, self._workbench.consents
        self._dialog.show_starting(tr("Starting {name}…").format(name=name))

        def start(job: Job) -> Offer:
            consents.accept(consent.id)
            return servers.start(name, job.cancel)

        def started(offer: Offer) -> None:
            if not self._gone:
                self._dialog.dismiss()
            count = len(offer.enabled_tools)
            told = (
                tr("{name} offers {count} tools now.")
                if count
                else tr("{name} runs; choose which of its tools to offer.")
            )
            self._toasts.show(told.format(name=name, count=count))
            self._done()

        job = self._bridge.run(
            start, on_done=started, on_failed=partial(self._failed, form=False), on_cancelled=self._done
        )
        # Not the bound method: that of an object which ends in another thread is disconnected there, and Qt deadlocks.
        self._dialog.destroyed.connect(lambda: job.cancel.cancel())

    def refuse(self, consent: Consent) -> None:
        """It stays in the list, off."""
        self._dialog.dismiss()
        self._bridge.run(lambda _job: self._workbench.consents.refuse(consent.id), on_failed=self._toasts.tell)

    def _failed(self, error: WorkbenchError, *, form: bool) -> None:
        self._done()
        if self._gone:
            self._toasts.tell(error)
        else:
            self._dialog.show_failure(error, form=form)
