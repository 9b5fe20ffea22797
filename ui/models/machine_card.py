"""This computer: processor, memory, each GPU and whether it is used, the disk. The free memory is live."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.models import words
from ui.models.parts import Sign, empty
from ui.models.state import ModelsState
from ui.translation import tr
from ui.widgets.buttons import ElidedButton
from ui.widgets.labels import ElidedLabel, label, short_label
from workbench.engine.runtimes.builds import EngineBuild
from workbench.hardware.machine import Gpu, Machine
from workbench.sizes import size_words

NAME_WIDTH = 84  # pixels at 100 % that are left to the name of a part


class MachineCard(QFrame):
    """``engine_asked`` carries the `EngineBuild` that would let a GPU be used."""

    engine_asked = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._shown: tuple[object, ...] = ()
        self.setProperty("look", "card")
        self.setAccessibleName(tr("This computer"))
        self._memory = short_label("", "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Memory in use"))
        self._bar.setFixedWidth(96)
        self._disk = short_label("", "muted")
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(10)
        self._rows.setVerticalSpacing(8)
        self._rows.setColumnStretch(1, 1)
        self._notes = QVBoxLayout()
        self._notes.setSpacing(8)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.setSpacing(10)
        inside.addLayout(self._rows)
        inside.addLayout(self._notes)

    def show_state(self, state: ModelsState) -> None:
        """Rebuilt only when the hardware or its engines change; else the figures alone."""
        machine = state.machine
        if machine is None:
            return
        offers = tuple((gpu, words.engine_for(gpu, state.builds, state.engines)) for gpu in machine.gpus or ())
        lasting = (
            machine.cpu_name,
            machine.memory_total_bytes,
            tuple((gpu.name, gpu.backend, build) for gpu, build in offers),
        )
        if lasting != self._shown:
            self._shown = lasting
            self._build(machine, offers)
        self._update(machine)

    def _update(self, machine: Machine) -> None:
        used = 1 - machine.memory_available_bytes / max(1, machine.memory_total_bytes)
        self._memory.setText(words.memory_line(machine))
        self._bar.setValue(round(100 * used))
        free = machine.disk_free_bytes
        self._disk.setText(tr("unknown") if free is None else tr("{size} free").format(size=size_words(free)))
        for gpu, shown in zip(machine.gpus or (), self._gpu_lines, strict=True):
            shown.setText(words.gpu_line(gpu, machine))

    def _build(self, machine: Machine, offers: tuple[tuple[Gpu, EngineBuild | None], ...]) -> None:
        for kept in (self._memory, self._bar, self._disk):
            kept.setParent(self)
        empty(self._rows)
        empty(self._notes)
        cores = words.cores_words(machine.physical_cores)
        self._add("cpu", machine.cpu_name or tr("Processor"), short_label(cores, "muted"))
        bandwidth = words.bandwidth_words(machine.memory_bandwidth_gbs)
        self._add(
            "memory-stick", " · ".join(piece for piece in (tr("Memory"), bandwidth) if piece), self._bar, self._memory
        )
        self._gpu_lines = [short_label("", "muted") for _offer in offers]
        for (gpu, build), shown in zip(offers, self._gpu_lines, strict=True):
            speed = "" if gpu.unified else words.bandwidth_words(gpu.bandwidth_gbs)
            self._add("gpu", " · ".join(piece for piece in (gpu.name, speed) if piece), shown)
            self._notes.addWidget(self._gpu_note(gpu, build))
        if not offers:
            none = tr("No GPU found") if machine.gpus == () else tr("GPU not known")
            self._add("gpu", none, short_label(tr("models run on the processor"), "muted"))
        self._add("hard-drive", tr("Disk"), self._disk)

    def _add(self, icon_name: str, title: str, *details: QWidget) -> None:
        row = self._rows.rowCount()
        self._rows.addWidget(Sign(icon_name, self._appearance), row, 0)
        name = ElidedLabel(title)
        name.setMinimumWidth(self._appearance.pixels(NAME_WIDTH))
        self._rows.addWidget(name, row, 1)
        side = QHBoxLayout()
        side.setSpacing(10)
        for detail in details:
            side.addWidget(detail, 0, Qt.AlignmentFlag.AlignVCenter)
        self._rows.addLayout(side, row, 2, Qt.AlignmentFlag.AlignRight)
        for detail in details:  # those that are kept were hidden with the old rows
            detail.show()

    def _gpu_note(self, gpu: Gpu, build: EngineBuild | None) -> QWidget:
        """What the GPU is used through, or what to install so that it is."""
        note = QWidget()
        row = QHBoxLayout(note)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        used = gpu.backend is not None
        icon_name, colour = ("circle-check", "accent") if used else ("circle-alert", "cloud")
        row.addWidget(Sign(icon_name, self._appearance, colour=colour), 0, Qt.AlignmentFlag.AlignTop)
        text = label(words.gpu_state(gpu, build), "caption", wrap=True)
        text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(text)
        row.addLayout(column, 1)
        if build is not None:
            words_ = tr("Install the {label} · {size}").format(label=build.label, size=size_words(build.download_bytes))
            install = ElidedButton(words_, self._appearance, icon_name="download")
            install.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # else nothing is elided
            install.setAccessibleDescription(tr("Needs {needs}").format(needs=build.needs) if build.needs else "")
            if build.needs:
                column.addWidget(label(tr("Needs {needs}").format(needs=build.needs), "caption", wrap=True))
            install.clicked.connect(lambda: self.engine_asked.emit(build))
            column.addWidget(install, 0, Qt.AlignmentFlag.AlignLeft)
        return note
