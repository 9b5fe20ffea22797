"""When no model is installed: what can be fetched, honestly labelled, with its progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.words import sentence, size_words, time_words
from ui.widgets.buttons import Button
from ui.widgets.labels import label
from workbench.errors import WorkbenchError
from workbench.jobs import Job, Pool
from workbench.models.progress import DownloadProgress

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.models.starters import Starter


class StarterRow(QFrame):
    """One model that can be fetched. ``asked`` starts or resumes, ``paused`` keeps what has arrived."""

    asked = Signal()
    paused = Signal()
    terms_asked = Signal(str)

    def __init__(self, starter: Starter, appearance: Appearance, *, proposed: bool) -> None:
        super().__init__()
        self._starter = starter
        self.setProperty("look", "card")
        self.setAccessibleName(starter.name)
        self._state = label("", "caption", wrap=True)
        self._state.hide()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(f"Download of {starter.name}")
        self._bar.hide()
        self.button = Button(
            "Download",
            appearance,
            look="primary" if proposed else "",
            icon_name="download",
            name=f"Download {starter.name}",
        )
        self.pause = Button("Pause", appearance, icon_name="pause", name=f"Pause the download of {starter.name}")
        self.pause.hide()
        self.button.clicked.connect(self.asked)
        self.pause.clicked.connect(self.paused)
        self._lay_out(appearance)

    def show_progress(self, progress: DownloadProgress) -> None:
        """Bytes, rate and time left."""
        self.show_running(True)
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(1000 * progress.bytes / max(1, progress.total_bytes)))
        words = [f"{size_words(progress.bytes)} of {size_words(progress.total_bytes)}"]
        if progress.bytes_per_second:
            words.append(f"{size_words(round(progress.bytes_per_second))}/s")
        if progress.seconds_left is not None:
            words.append(f"{time_words(progress.seconds_left)} left")
        self._say(" · ".join(words))

    def show_running(self, running: bool) -> None:
        come, gone = (self.pause, self.button) if running else (self.button, self.pause)
        had_focus = gone.hasFocus()
        come.show()
        if had_focus:  # else hiding would give it to whatever comes next
            come.setFocus(Qt.FocusReason.OtherFocusReason)
        gone.hide()
        self._bar.setVisible(running)
        if running and not self._state.text():
            self._say("Starting…")

    def show_paused(self) -> None:
        """What has arrived is kept: the button goes on from there."""
        self.show_running(False)
        self._propose("Resume")
        self._say("Paused. What has arrived is kept.")

    def show_failed(self, error: WorkbenchError) -> None:
        self.show_running(False)
        self._propose("Try again")
        self._say(f"{error.message} {error.hint}")

    def _propose(self, words: str) -> None:
        self.button.say(words)
        self.button.setAccessibleName(f"{words}: {self._starter.name}")

    def _say(self, words: str) -> None:
        self._state.setText(words)
        self._state.show()

    def _lay_out(self, appearance: Appearance) -> None:
        starter = self._starter
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(starter.name, "strong"))
        head.addWidget(label(size_words(starter.download_bytes), "caption"))
        head.addStretch()
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addLayout(head)
        if starter.label:
            words.addWidget(label(sentence(starter.label), "muted", wrap=True))
        words.addLayout(self._licence(appearance))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.pause, 0, Qt.AlignmentFlag.AlignTop)
        card = QVBoxLayout(self)
        card.setContentsMargins(16, 12, 14, 12)
        card.setSpacing(4)
        card.addLayout(row)
        if starter.notice:
            card.addWidget(label(starter.notice, "caption", wrap=True))
        card.addWidget(self._bar)
        card.addWidget(self._state)

    def _licence(self, appearance: Appearance) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(label(f"Licence: {self._starter.licence}", "caption"))
        terms = self._starter.terms_url
        if terms:
            read = Button("Read the terms", appearance, look="link", name=f"Read the terms of {self._starter.name}")
            read.setToolTip(terms)
            read.clicked.connect(lambda: self.terms_asked.emit(terms))
            row.addWidget(read)
        row.addStretch(1)
        return row


class Downloads(QObject):
    """Downloads started from this window; they go on while pages come and go. ``changed`` names the model."""

    changed = Signal(str)

    def __init__(self, bridge: Bridge, workbench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._workbench = workbench
        self._jobs: dict[str, Job] = {}
        self._latest: dict[str, DownloadProgress | WorkbenchError | None] = {}

    def running(self, name: str) -> bool:
        return name in self._jobs

    def latest(self, name: str) -> DownloadProgress | WorkbenchError | None:
        """The last news of a download, None before the first."""
        return self._latest.get(name)

    def start(self, name: str, on_done: Callable[[], None]) -> None:
        if name in self._jobs:
            return
        self._jobs[name] = self._bridge.run(
            lambda job: self._workbench.models.pull(name, job),
            on_event=lambda news: self._note(name, news),
            on_done=lambda _model: self._finish(name, None, on_done),
            on_failed=lambda error: self._finish(name, error, None),
            on_cancelled=lambda: self._finish(name, None, None),
            pool=Pool.LONG,
        )
        self._note(name, None)

    def pause(self, name: str) -> None:
        """Stop; what has arrived stays on the disk."""
        if name in self._jobs:
            self._jobs[name].cancel.cancel()

    def _note(self, name: str, news: DownloadProgress | WorkbenchError | None) -> None:
        self._latest[name] = news
        self.changed.emit(name)

    def _finish(self, name: str, error: WorkbenchError | None, on_done: Callable[[], None] | None) -> None:
        self._jobs.pop(name, None)
        self._note(name, error)
        if on_done is not None:
            on_done()


class ModelOffer(QWidget):
    """What can be fetched while there is no model; hidden until it is known. ``file_asked``: the person has a GGUF file.

    A new chat says above it what it is for; over a conversation it says so itself.
    """

    file_asked = Signal()
    terms_asked = Signal(str)
    installed = Signal()

    def __init__(self, appearance: Appearance, downloads: Downloads, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._downloads = downloads
        self._rows: dict[str, StarterRow] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self._heading = label("No model is on this disk. To go on, download one:", "strong", wrap=True)
        choose = Button("Choose a GGUF file…", appearance, look="quiet", icon_name="folder-open")
        choose.clicked.connect(self.file_asked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._heading)
        layout.addLayout(self._list)
        layout.addWidget(choose, 0, Qt.AlignmentFlag.AlignHCenter)
        self._needed = True
        self.hide()
        downloads.changed.connect(self._on_changed)

    def show_heading(self, shown: bool) -> None:
        self._heading.setVisible(shown)

    def show_needed(self, needed: bool) -> None:
        self._needed = needed
        self.setVisible(needed and bool(self._rows))

    def show_starters(self, starters: tuple[Starter, ...]) -> None:
        for starter in starters:
            if starter.id in self._rows:
                continue
            row = StarterRow(starter, self._appearance, proposed=not self._rows)
            row.asked.connect(lambda name=starter.id: self._downloads.start(name, self.installed.emit))
            row.paused.connect(lambda name=starter.id: self._downloads.pause(name))
            row.terms_asked.connect(self.terms_asked)
            self._rows[starter.id] = row
            self._list.addWidget(row)
        self.show_needed(self._needed)

    def _on_changed(self, name: str) -> None:
        row = self._rows.get(name)
        if row is None:
            return
        latest = self._downloads.latest(name)
        if isinstance(latest, WorkbenchError):
            row.show_failed(latest)
        elif not self._downloads.running(name):
            row.show_paused()
        elif latest is None:
            row.show_running(True)
        else:
            row.show_progress(latest)
