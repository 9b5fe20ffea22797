"""All that is known of one model: its builds, what it can do, figures with their sources, what the check-up found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import PurePath

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.models import words
from ui.models.library import VERDICT_COLOURS
from ui.models.parts import FitButton, Sign, empty, fact_name, line
from ui.models.speed_card import SpeedCard
from ui.models.state import LibraryEntry
from ui.models.tool_check import report_lines
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, label, rule, short_label
from ui.widgets.scrolling import scrolling
from workbench.engine.checking.checkup import CheckUp
from workbench.models.advising.advice import Pick
from workbench.models.catalog.model import CatalogFile, CatalogModel
from workbench.models.sizing.estimate import Estimate, Fit
from workbench.sizes import size_words

WIDTH = 400


@dataclass(frozen=True, slots=True)
class Subject:
    """What is shown: a model of the catalog, one of the library, or both at once."""

    pick: Pick | None = None
    entry: LibraryEntry | None = None

    @property
    def name(self) -> str:
        if self.entry is not None:
            return self.entry.model.name
        return self.pick.model.name if self.pick else ""

    @property
    def files(self) -> tuple[CatalogFile, ...]:
        return self.pick.model.files if self.pick else ()


class Details(QFrame):
    """``download_asked``: a `CatalogFile`. ``sum_asked``: reference, name, estimate, the button. ``asked``: check, tools,
    verify, show, remove (of the library), forget (a repository that was added)."""

    closed = Signal()
    download_asked = Signal(object)
    sum_asked = Signal(str, str, object, QWidget)
    asked = Signal(str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._subject: Subject | None = None
        self._fits: dict[str, Flow] = {}
        self._hosted: QLabel | None = None
        self.setProperty("look", "details")
        self._title = ElidedLabel("", "title")
        self.close_button = IconButton("x", tr("Close the details"), appearance)
        self.close_button.clicked.connect(self.closed)
        self._inside = QWidget()
        self._inside.setProperty("look", "column")
        self.speed = SpeedCard(appearance)
        self._above, self._below = QVBoxLayout(), QVBoxLayout()
        self._content = self._above
        self._lay_out()

    def show_subject(self, subject: Subject) -> bool:
        """Whether it had to be built: then the fits of the builds are wanted."""
        if subject == self._subject:
            return False
        self._subject = subject
        focus = QApplication.focusWidget() or self
        focused = self._inside.isAncestorOf(focus) and not self.speed.isAncestorOf(focus)
        self._fits, self._hosted = {}, None
        self.setAccessibleName(tr("Details of {name}").format(name=subject.name))
        self._title.setText(subject.name)
        empty(self._above)
        empty(self._below)
        self.speed.setVisible(subject.entry is not None and not subject.entry.model.problem)
        self._content = self._above
        if subject.entry is not None:
            self._show_entry(subject.entry)
        self._content = self._below
        if subject.pick is not None:
            self._show_model(subject.pick, subject.entry)
        if focused:  # what had it is gone
            self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def show_fit(self, file: CatalogFile, found: Estimate | None, note: str = "") -> None:
        """The fit of one build is known; None: it cannot be worked out. ``note``: what has to be done for it."""
        place = self._fits.get(file.reference)
        if place is None:
            return
        empty(place)
        if found is None:
            place.addWidget(label(tr("Fit unknown"), "caption"))
        else:
            place.addWidget(self._fit_button(file.reference, f"{self._title.text()} {file.quantization}", found))
            if note:
                place.addWidget(short_label(note, "caption"))
        if file.projector:
            place.addWidget(
                label(tr("{size} of it for pictures").format(size=size_words(file.projector_bytes)), "caption")
            )

    def show_hosts(self, hosts: int) -> None:
        """How many providers would answer with a model that is too large here; while the cloud is off: none."""
        if self._hosted is not None:
            self._hosted.setText(words.hosted_line(hosts))
            self._hosted.setVisible(hosts > 0)

    # Parts ------------------------------------------------------------------------------------------------------------

    def _show_entry(self, entry: LibraryEntry) -> None:
        model = entry.model
        self._heading(tr("On this computer"))
        self._fact(tr("File"), model.path.name)
        self._fact(tr("Size"), size_words(model.bytes))
        self._fact(tr("Source"), words.source_words(model))
        verified = (
            datetime.fromtimestamp(model.verified_at, UTC).date().isoformat() if model.verified_at else tr("not yet")
        )
        self._fact(tr("Verified"), verified)
        self._fact(tr("Template"), entry.template_note)
        actions = (
            ("stethoscope", tr("Check up"), "check"),
            ("wrench", tr("Check tools"), "tools"),
            ("shield-check", tr("Verify"), "verify"),
            ("folder-open", tr("Show file"), "show"),
        )
        row = Flow(gap=6)
        for icon_name, text, what in actions:
            button = Button(text, self._appearance, look="chip", icon_name=icon_name, name=f"{text}: {model.name}")
            button.clicked.connect(partial(self.asked.emit, what))
            row.addWidget(button)
        self._content.addLayout(row)
        if entry.checkup is not None:
            self._show_checkup(entry.checkup)
        if lines := report_lines(entry):
            self._heading(tr("Tools"))
            for place, told in enumerate(lines):
                self._content.addWidget(_wrapped(told, "muted" if place else ""))

    def _show_checkup(self, found: CheckUp) -> None:
        day = datetime.fromtimestamp(found.at, UTC).date().isoformat()
        self._heading(tr("Check-up of {day}").format(day=day))
        for step in found.steps:
            sign = Sign(
                words.VERDICT_ICONS[step.verdict], self._appearance, colour=VERDICT_COLOURS[step.verdict], size=15
            )
            sign.setAccessibleName(tr(words.VERDICTS[step.verdict]))
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label(f"{step.title}: {step.detail}", "", wrap=True), 1)
            self._content.addLayout(row)
        self._content.addWidget(label(tr("With {runtime}.").format(runtime=found.runtime), "caption"))

    def _show_model(self, pick: Pick, entry: LibraryEntry | None) -> None:
        model = pick.model
        for reason in pick.reasons if entry is None else ():
            self._content.addWidget(label(reason, "muted", wrap=True))
        if pick.estimate.fit is Fit.NONE:
            self._hosted = _wrapped("", "caption")
            self._hosted.hide()
            self._content.addWidget(self._hosted)
        self._heading(tr("Builds"))
        for file in sorted(model.files, key=lambda file: file != pick.file):
            here = entry is not None and entry.model.path.name == PurePath(file.file).name
            self._content.addLayout(self._build_row(model, file, planned=file == pick.file, here=here))
        self._heading(tr("About"))
        self._fact(tr("Made by"), " · ".join(piece for piece in (model.vendor, model.released) if piece))
        self._fact(tr("Size"), words.size_line(model))
        self._fact(tr("Licence"), model.licence)
        self._fact(tr("Context"), tr("up to {count} tokens").format(count=f"{model.context_length:,}"))
        self._fact(tr("Can"), words.abilities(model))
        self._fact(tr("Effort"), words.effort_line(model))
        self._fact(tr("Sampling"), words.sampling_line(model))
        self._fact(tr("Note"), model.note)
        if model.scores:
            self._heading(tr("Figures"))
        for score in model.scores:
            head = line(label(score.benchmark), stretch=True)
            head.addWidget(label(f"{score.value:g}", "strong"))
            self._content.addLayout(head)
            self._content.addWidget(label(words.score_line(score), "caption", wrap=True))
        self._heading(tr("Repository"))
        first = model.files[0] if model.files else None
        self._fact(tr("From"), first.repository if first else "")
        commit = (first.revision or "")[:12] if first else ""
        self._fact(tr("Commit"), commit or tr("the newest, pinned at the download"))
        if model.user_added:
            forget = Button(
                tr("Remove from the catalog"),
                self._appearance,
                icon_name="trash-2",
                name=tr("Remove {name} from the catalog").format(name=model.name),
            )
            forget.clicked.connect(partial(self.asked.emit, "forget"))
            self._content.addWidget(forget, 0, Qt.AlignmentFlag.AlignLeft)

    def _build_row(self, model: CatalogModel, file: CatalogFile, *, planned: bool, here: bool) -> QVBoxLayout:
        head = Flow()
        head.addWidget(label(file.quantization, "strong"))
        if planned:
            head.addWidget(label(tr("best here"), "badge"))
        head.addWidget(label(tr("On this computer"), "muted") if here else self._download_button(model, file))
        fit = Flow()
        fit.addWidget(label(tr("Working out the fit…"), "caption"))
        self._fits[file.reference] = fit
        made = QVBoxLayout()
        made.setSpacing(2)
        made.setContentsMargins(0, 0, 0, 8)
        made.addLayout(head)
        made.addLayout(fit)
        if sum(one.quantization == file.quantization for one in model.files) > 1:  # only this tells them apart
            made.addWidget(_wrapped(file.repository, "caption"))
        if file.note:
            made.addWidget(label(file.note, "caption", wrap=True))
        return made

    def _download_button(self, model: CatalogModel, file: CatalogFile) -> Button:
        size = (file.bytes or 0) + file.projector_bytes
        words_ = size_words(size) if file.bytes else tr("Download")
        name = tr("Download {name} {quantization}").format(name=model.name, quantization=file.quantization)
        button = Button(words_, self._appearance, look="chip", icon_name="download", name=name)
        button.clicked.connect(partial(self.download_asked.emit, file))
        return button

    def _fit_button(self, reference: str, name: str, found: Estimate) -> FitButton:
        button = FitButton(self._appearance, found, name)
        button.clicked.connect(lambda: self.sum_asked.emit(reference, name, found, button))
        return button

    def _heading(self, text: str) -> None:
        if self._above.count() or self._below.count():
            self._content.addSpacing(8)
            self._content.addWidget(rule())
            self._content.addSpacing(2)
        self._content.addWidget(label(text, "strong"))

    def _fact(self, title: str, text: str) -> None:
        """One line of what is known; nothing where it is not."""
        if not text:
            return
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(fact_name(title, self._appearance), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(_wrapped(text), 1)
        self._content.addLayout(row)

    def _lay_out(self) -> None:
        header = QWidget()
        header.setFixedHeight(54)
        bar = QHBoxLayout(header)
        bar.setContentsMargins(20, 0, 12, 0)
        bar.addWidget(self._title, 1)
        bar.addWidget(self.close_button)
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(20, 4, 20, 24)
        inside.setSpacing(6)
        for part in (self._above, self._below):
            part.setSpacing(6)
        inside.addLayout(self._above)
        inside.addWidget(self.speed)
        inside.addLayout(self._below)
        inside.addStretch(1)
        scroll = scrolling(self._inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(header)
        layout.addWidget(scroll, 1)


def _wrapped(text: str, tone: str = "") -> QLabel:
    """Words that never make the panel wider, however long a name is."""
    made = label(text, tone, wrap=True, selectable=True)
    made.setMinimumWidth(1)
    return made
