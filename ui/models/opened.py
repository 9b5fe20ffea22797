"""The model whose details are open: what is known of it, the fits of its builds, its speed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.bridge import Bridge
from ui.models import words
from ui.models.details import Subject
from ui.models.page import ModelsPage
from ui.models.speed import Speed
from ui.models.state import LibraryEntry, ModelsState, on_shelf, pick_of, shelf
from workbench.errors import WorkbenchError
from workbench.jobs import Job
from workbench.models.advising.advice import Pick
from workbench.models.catalog.model import CatalogFile
from workbench.models.library import InstalledModel
from workbench.models.sizing.estimate import Estimate, Fit

if TYPE_CHECKING:
    from workbench.app import Workbench


class Opened(QObject):
    """``state``: what the page shows now."""

    def __init__(
        self, bridge: Bridge, workbench: Workbench, page: ModelsPage, speed: Speed, state: Callable[[], ModelsState]
    ) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._workbench = workbench
        self._page = page
        self._speed = speed
        self._state = state
        self._fits: Job | None = None
        self._id = ""  # of the library, else of the catalog

    def open(self, model_id: str) -> None:
        """Of a model of the library or of the catalog."""
        self._id = model_id
        self._page.catalog.list.show_model(model_id)
        if self._show():
            self._page.show_details(True)

    def close(self) -> None:
        card = self._page.library.cards.get(self._id)
        self._id = ""
        self._cancel_fits()
        self._page.show_details(False)
        if self._page.catalog.isVisible():
            self._page.catalog.list.setFocus()
        else:
            (card.more if card else self._page.here).setFocus()

    def refresh(self) -> None:
        """The state has changed."""
        if self._show() and self._page.details.isHidden():
            self._page.show_details(True)

    @property
    def subject(self) -> Subject:
        state = self._state()
        entry = entry_of(state, self._id)
        pick = pick_of(entry.model, state) if entry else pick_by_id(state, self._id)
        if pick is not None and entry is None:
            entry = on_shelf(pick.model, shelf(state))
        return Subject(pick, entry)

    @property
    def model(self) -> InstalledModel | None:
        """The model of the library that is shown."""
        entry = self.subject.entry
        return None if entry is None else entry.model

    def _show(self) -> bool:
        """Fill the details that are wanted, as soon as there is something to show."""
        if not self._id or self._state().library is None:
            return False
        subject = self.subject
        if not subject.name:  # it is gone
            self.close()
            return False
        if self._page.details.show_subject(subject):
            self._cancel_fits()
            self._fits = self._bridge.run(
                lambda job: self._work_out_fits(subject.files, job),
                on_event=self._show_fit,
            )
            self._look_for_hosts(subject.pick)
        if subject.entry is not None:
            self._speed.show(subject.entry.model, self._state().work.get(subject.entry.model.id))
        return True

    def _look_for_hosts(self, pick: Pick | None) -> None:
        """Who would answer with one that is too large here: from what is known, and only while the cloud is on."""
        if pick is None or pick.estimate.fit is not Fit.NONE or not self._workbench.settings.cloud.enabled:
            return

        def count(_job: Job) -> int:
            return len({one.provider for one in self._workbench.cloud.models() if one.open_model == pick.model.id})

        def show(hosts: int) -> None:
            if self.subject.pick == pick:
                self._page.details.show_hosts(hosts)

        self._bridge.run(count, on_done=show)

    def _work_out_fits(self, files: Iterable[CatalogFile], job: Job) -> None:
        for file in files:
            job.cancel.check()
            found: Estimate | None = None
            with suppress(WorkbenchError):  # not known and not to be had offline: told as such
                found = self._workbench.advisor.estimate(file.reference, cancel=job.cancel)
            job.emit((file, found))

    def _show_fit(self, news: tuple[CatalogFile, Estimate | None]) -> None:
        file, found = news
        self._page.details.show_fit(file, found, words.engine_note(found, self._state().builds))

    def _cancel_fits(self) -> None:
        if self._fits is not None:
            self._fits.cancel.cancel()
            self._fits = None


def entry_of(state: ModelsState, model_id: str) -> LibraryEntry | None:
    return next((entry for entry in state.library or () if entry.model.id == model_id), None)


def pick_by_id(state: ModelsState, model_id: str) -> Pick | None:
    return next((pick for pick in state.picks or () if pick.model.id == model_id), None)
