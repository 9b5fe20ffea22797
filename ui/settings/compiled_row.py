"""llama-cpp-python in the settings: what it is, installing it with progress, removing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.models.words import BACKENDS, download_words
from ui.settings.machine_rows import engine_words
from ui.translation import marked, tr
from ui.widgets.buttons import Button
from ui.widgets.labels import label
from workbench.engine.compiling.plan import BuildPlan
from workbench.engine.runtimes.builds import WORKER, InstalledEngine
from workbench.events import Changed, Topic
from workbench.models.fetching.queue import COMPILED, DownloadItem, DownloadState

if TYPE_CHECKING:
    from workbench.app import Workbench

GOING = (DownloadState.QUEUED, DownloadState.RUNNING, DownloadState.PAUSED)
ABOUT = marked("A second engine, in Python. It is used when you choose it above, or when only it can use the GPU.")


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known: the engine when it is installed, the download when there is one, else how it would be installed."""

    engine: InstalledEngine | None = None
    item: DownloadItem | None = None
    plan: BuildPlan | None = None

    @property
    def going(self) -> bool:
        return self.item is not None and self.item.state in GOING

    @property
    def failed(self) -> bool:
        works = self.engine is not None and not self.engine.problem  # it came another way since
        return self.item is not None and self.item.state is DownloadState.FAILED and not works


def standing_words(standing: Standing) -> str:
    """One or two sentences. Pure."""
    if standing.item is not None and (standing.going or standing.failed):
        return download_words(standing.item)
    if standing.engine is not None:
        told = tr("Version {version}, runs on: {devices}")
        return standing.engine.problem or told.format(
            version=standing.engine.version, devices=engine_words(standing.engine)
        )
    return plan_words(standing.plan) if standing.plan is not None else tr(ABOUT)


def plan_words(plan: BuildPlan) -> str:
    missing = [need.sentence() for need in (plan.python, *plan.needs) if need is not None]
    compiled = tr("Where there is no ready build it is compiled for {device}: about {minutes} minutes.")
    device = BACKENDS.get(plan.backend) or tr("the processor")
    pieces = [tr(ABOUT), compiled.format(device=device, minutes=plan.minutes)]
    pieces += [tr("For that this computer lacks something."), *missing] if missing else []
    pieces += [tr("Better with {need}").format(need=plan.better.sentence())] if plan.better and not missing else []
    return " ".join(pieces)


def action(standing: Standing) -> str:
    """What the button does. Pure."""
    if standing.going:
        return tr("Cancel")
    if standing.failed:
        return tr("Try again")
    if standing.engine is not None:
        return tr("Install again") if standing.engine.problem else tr("Remove")
    return tr("Install")


class CompiledRow(QWidget):
    """``told`` carries errors, ``said`` what there is to know."""

    told = Signal(object)
    said = Signal(str)

    def __init__(self, bridge: Bridge, workbench: Workbench, appearance: Appearance) -> None:
        super().__init__()
        self._bridge = bridge
        self._workbench = workbench
        self._plan: BuildPlan | None = None
        self.standing = Standing()
        self.setAccessibleName(WORKER)
        self._words = label("", "caption", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName(tr("Installing {name}").format(name=WORKER))
        self.button = Button(tr("Install"), appearance, name=tr("Install: {name}").format(name=WORKER))
        self.button.clicked.connect(self._act)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(label(WORKER))
        left.addWidget(self._words)
        left.addWidget(self._bar)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(16)
        line.addLayout(left, 1)
        line.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        bridge.listen(self._on_changed)
        self._show(self.standing)

    def refresh(self) -> None:
        """Look where it is; how it would be installed is asked once."""
        self._bridge.run(lambda _job: self._look(), on_done=self._show)

    def _look(self) -> Standing:
        runtimes = self._workbench.runtimes
        engine = next((engine for engine in runtimes.installed() if engine.id == WORKER), None)
        item = next((item for item in self._workbench.downloads.items() if item.reference == COMPILED), None)
        if engine is None and self._plan is None:
            self._plan = runtimes.compiled()
        return Standing(engine, item, self._plan)

    def _show(self, standing: Standing) -> None:
        self.standing = standing
        self._words.setText(standing_words(standing))
        self._words.setProperty("tone", "danger" if standing.failed else "caption")
        self._words.style().polish(self._words)
        doing = action(standing)
        self.button.say(doing)
        self.button.setAccessibleName(f"{doing}: {WORKER}")
        item = standing.item
        self._bar.setVisible(standing.going)
        if item is not None and item.total_bytes:
            self._bar.setValue(min(1000, 1000 * item.bytes // item.total_bytes))
        else:
            self._bar.setValue(0)

    def _act(self) -> None:
        standing = self.standing
        downloads = self._workbench.downloads
        if standing.going and standing.item is not None:
            item_id = standing.item.id
            self._do(lambda: downloads.cancel(item_id))
        elif standing.engine is not None and not standing.engine.problem:
            self._do(lambda: self._workbench.runtimes.remove(WORKER), tr("{name} was removed.").format(name=WORKER))
        else:
            self._do(lambda: downloads.add(COMPILED, WORKER))

    def _do(self, work: Callable[[], object], said: str = "") -> None:
        def done(_result: object) -> None:
            if said:
                self.said.emit(said)
            self.refresh()

        self._bridge.run(lambda _job: work(), on_done=done, on_failed=self.told.emit)

    def _on_changed(self, changed: Changed) -> None:
        if self.isVisible() and {Topic.DOWNLOADS, Topic.ENGINES} & changed.topics:
            self.refresh()
