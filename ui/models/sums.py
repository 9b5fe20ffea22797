"""Opens the sum behind a fit, and works it out again for another context."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.models.memory_sum import MemorySum
from ui.models.state import ModelsState
from ui.translation import tr
from workbench.jobs import Job
from workbench.models.advising.advice import Pick
from workbench.models.sizing.estimate import Estimate, Request

if TYPE_CHECKING:
    from workbench.app import Workbench


class Sums(QObject):
    """``over`` a page; ``state``: what the page shows now."""

    def __init__(
        self,
        bridge: Bridge,
        workbench: Workbench,
        appearance: Appearance,
        over: QWidget,
        state: Callable[[], ModelsState],
    ) -> None:
        super().__init__(over)
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._over = over
        self._state = state
        self._sum: Job | None = None

    def box_of(self, control: QWidget) -> QRect:
        """Where a control is in the window."""
        return QRect(control.mapTo(self._over.window(), QPoint(0, 0)), control.size())

    def show(
        self,
        reference: str,
        name: str,
        found: Estimate,
        at: QRect,
        pick: Pick | None = None,
        anyway: Callable[[], None] | None = None,
    ) -> None:
        """Open the sum at ``at`` (in the window). ``anyway``: what the person may do in spite of it."""
        step = (tr("Download anyway"), anyway) if anyway else None
        processor = (machine.cpu_name if (machine := self._state().machine) else None) or ""
        shown = MemorySum(name, processor, self._appearance, self._over.window(), step)
        shown.context_asked.connect(lambda tokens: self._again(shown, reference, tokens))
        shown.destroyed.connect(self._forget)
        shown.show_estimate(found, self._state().builds, pick)
        shown.open_at(at)

    def _again(self, shown: MemorySum, reference: str, tokens: int) -> None:
        """Only the answer to the last question is shown, and none once the sum is gone."""
        self._forget()
        shown.show_waiting()
        job = self._bridge.run(
            lambda job: self._workbench.advisor.estimate(reference, Request(context_tokens=tokens), cancel=job.cancel),
            on_done=lambda found: shown.show_estimate(found, self._state().builds) if self._sum is job else None,
            on_failed=lambda error: shown.show_failure(error) if self._sum is job else None,
        )
        self._sum = job

    def _forget(self) -> None:
        if self._sum is not None:
            self._sum.cancel.cancel()
            self._sum = None
