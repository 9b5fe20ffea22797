"""Leads through the first run: looks at this computer once, offers what fits, and gets it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.page import ChatPage
from ui.first_run.network import Network
from ui.first_run.page import FirstRunPage
from ui.first_run.state import (
    STARTER,
    Advised,
    Again,
    Asked,
    Candidate,
    DiskSeen,
    Event,
    FirstRun,
    Kind,
    Listed,
    LookFailed,
    MachineSeen,
    NetworkSeen,
    Plan,
    Skipped,
    decide,
    is_good,
    reduce,
    to_follow,
)
from ui.first_run.words import announcement, heading, introduction
from ui.notify import Toasts, announce
from workbench.errors import WorkbenchError
from workbench.jobs import Job
from workbench.models.adoption import FoundModel
from workbench.models.fetching.queue import DownloadItem, DownloadState
from workbench.models.fetching.starters import starters

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.models.library import InstalledModel

MOST_ESTIMATED = 6  # the largest of what other programs have


class FirstRunGuide(QObject):
    """``use_asked`` carries the id of the model that is to answer from now on."""

    use_asked = Signal(str)
    file_asked = Signal()
    models_asked = Signal()

    def __init__(
        self,
        bridge: Bridge,
        core: Workbench,
        appearance: Appearance,
        page: ChatPage,
        toasts: Toasts,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._core = core
        self._toasts = toasts
        self._welcome = page.welcome
        self._network: Network | None = None
        self._state = FirstRun()
        self._looking: Job | None = None
        self._told = Kind.NONE
        self.page = FirstRunPage(appearance, starters()[0].download_bytes, page.welcome.last_suggestion)
        self._connect()
        page.put_offer(self.page)

    def show(
        self,
        installed: tuple[InstalledModel, ...],
        current: InstalledModel | None,
        chosen: str,
        downloads: tuple[DownloadItem, ...],
    ) -> None:
        """The models on this disk, what answers now, what the person chose (empty: nothing), and what is on its way."""
        limit = 1e6 * self._core.settings.downloads.limit_megabytes_per_second
        before = self._state.downloads
        self._take(Listed(installed, chosen, downloads, limit, current))
        for item_id in to_follow(before, downloads):
            self._steer("resume", item_id)

    # Looking ----------------------------------------------------------------------------------------------------------

    def _take(self, event: Event) -> None:
        self._state = reduce(self._state, event)
        offer = decide(self._state)
        if offer.kind in (Kind.NONE, Kind.READY, Kind.SKIPPED):
            self._welcome.show_ready()
        else:
            self._welcome.show_offer(heading(offer), introduction(offer))
        self.page.show_offer(offer)
        if offer.kind is not self._told:
            self._told = offer.kind
            if said := announcement(offer):
                announce(self.page, said)
        if offer.kind is Kind.LOOKING and self._looking is None:
            self._begin_look()

    def _begin_look(self) -> None:
        self._looking = self._bridge.run(
            self._look, on_event=self._take, on_done=lambda _none: self._end_look(), on_failed=self._fail_look
        )
        if self._network is None:
            self._network = Network(self)
            self._network.changed.connect(self._on_network)
        self._take(NetworkSeen(self._network.online))

    def _look(self, job: Job) -> None:
        """In a worker: each thing is told as soon as it is known."""
        job.emit(MachineSeen(self._core.advisor.machine(fresh=True)))
        found: tuple[FoundModel, ...] = ()
        with suppress(WorkbenchError):  # a folder of another program that cannot be read hinders nothing
            found = self._core.models.found(job.cancel)
        job.emit(DiskSeen(self._candidates(found, job)))
        advised = Advised(self._core.advisor.recommend(), self._core.runtimes.available())
        job.emit(MachineSeen(self._core.advisor.machine()))  # as free as it was when the sums were made
        job.emit(advised)

    def _candidates(self, found: tuple[FoundModel, ...], job: Job) -> tuple[Candidate, ...]:
        good = sorted(filter(is_good, found), key=lambda model: -model.bytes)
        candidates: list[Candidate] = []
        for model in good[:MOST_ESTIMATED]:
            with suppress(WorkbenchError):  # a file that cannot be judged is not proposed
                candidates.append(Candidate(model, self._core.advisor.estimate(str(model.path), cancel=job.cancel)))
        return tuple(candidates)

    def _end_look(self) -> None:
        self._looking = None

    def _fail_look(self, error: WorkbenchError) -> None:
        self._looking = None
        self._take(LookFailed(error))

    # What the person does ---------------------------------------------------------------------------------------------

    def _use_found(self, found: Candidate) -> None:
        self._do(lambda: self._core.models.adopt([found.model]), lambda adopted: self.use_asked.emit(adopted[0].id))

    def _get(self, plan: Plan) -> None:
        self._ask([(reference, title) for reference, title, _bytes in plan.steps], hold_last=plan.bridge is not None)

    def _get_demo(self) -> None:
        self._ask([(STARTER, starters()[0].name)])

    def _ask(self, wishes: list[tuple[str, str]], *, hold_last: bool = False) -> None:
        """Queue all of it; the last one waits for the bridge, which has the whole connection to itself."""

        def add() -> None:
            items = [self._core.downloads.add(reference, title) for reference, title in wishes]
            if hold_last:
                self._core.downloads.pause(items[-1].id)

        self._take(Asked(frozenset(reference for reference, _title in wishes)))
        self._do(add)

    def _skip(self) -> None:
        """With a demo at hand, that answers; without, the suggestions wait for a model."""
        self._take(Skipped())
        if self._state.usable:
            self.use_asked.emit(self._state.usable[0].id)

    def _steer(self, what: str, item_id: str) -> None:
        queue = self._core.downloads
        act = {"pause": queue.pause, "resume": queue.resume, "cancel": queue.cancel}[what]
        self._do(lambda: act(item_id))

    def _on_network(self, online: bool) -> None:
        """What was asked for and failed meanwhile goes on."""
        self._take(NetworkSeen(online))
        if online:
            for item in self._state.downloads:
                if item.state is DownloadState.FAILED and item.reference in self._state.asked:
                    self._steer("resume", item.id)

    def _do(self, work: Callable[[], object], then: Callable[[Any], None] | None = None) -> None:
        self._bridge.run(lambda _job: work(), on_done=then, on_failed=self._toasts.tell)

    def _connect(self) -> None:
        self.page.found_taken.connect(self._use_found)
        self.page.plan_taken.connect(self._get)
        self.page.demo_asked.connect(self._get_demo)
        self.page.skipped.connect(self._skip)
        self.page.again.connect(lambda: self._take(Again()))
        self.page.download_asked.connect(self._steer)
        self.page.file_asked.connect(self.file_asked)
        self.page.models_asked.connect(self.models_asked)
