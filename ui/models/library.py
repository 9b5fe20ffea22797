"""The models on this computer: a card each, and what other programs have that could be used in place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.words import sentence
from ui.models import words
from ui.models.parts import FitButton, Sign, card, empty, line, section
from ui.models.state import LibraryEntry, ModelsState, Work, disk_use, new_on_disk
from ui.translation import marked, tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, label, short_label
from ui.widgets.notice import NoticeCard
from workbench.engine.checking.checkup import Verdict
from workbench.engine.runtimes.builds import EngineBuild
from workbench.models.adoption import FoundModel
from workbench.sizes import size_words

VERDICT_COLOURS = {Verdict.OK: "accent", Verdict.WARNING: "cloud", Verdict.PROBLEM: "danger", Verdict.SKIPPED: "muted"}
NOTHING_YET = marked("No model is on this computer yet. Choose one from the catalog: the recommended one stands first.")


Content = tuple[LibraryEntry, bool, tuple[EngineBuild, ...]]
"""What a card shows: the model, whether it answers in chats, and the engines that could be installed."""


class ModelCard(QFrame):
    """One model of the library. ``asked``: use, stop, details; ``sum_asked`` and ``more_asked`` carry the button."""

    asked = Signal(str)
    sum_asked = Signal(QWidget)
    more_asked = Signal(QWidget)

    def __init__(
        self, entry: LibraryEntry, appearance: Appearance, builds: Sequence[EngineBuild], *, chosen: bool
    ) -> None:
        super().__init__()
        self._appearance = appearance
        self._entry = entry
        self._builds = builds
        self.setProperty("look", "card")
        self.setAccessibleName(entry.model.name)
        self.use = Button(
            tr("Use in chat"),
            appearance,
            icon_name="message-square",
            name=tr("Use {name} in chat").format(name=entry.model.name),
        )
        self.more = IconButton("ellipsis", tr("More for {name}").format(name=entry.model.name), appearance)
        self._doing = label("", "caption")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress of {name}").format(name=entry.model.name))
        self._stop = IconButton("x", tr("Stop the work on {name}").format(name=entry.model.name), appearance, size=16)
        self._going = QWidget()
        self.use.clicked.connect(lambda: self.asked.emit("use"))
        self.more.clicked.connect(lambda: self.more_asked.emit(self.more))
        self._stop.clicked.connect(lambda: self.asked.emit("stop"))
        self._lay_out(chosen=chosen)

    def show_work(self, work: Work | None) -> None:
        self._going.setVisible(work is not None)
        if work is not None:
            self._doing.setText(work.words)
            self._bar.setVisible(work.share is not None)
            self._bar.setValue(round(100 * (work.share or 0)))

    def _lay_out(self, *, chosen: bool) -> None:
        model = self._entry.model
        title = ElidedLabel(model.name, "strong")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(title, 1)
        if chosen:
            head.addWidget(label(tr("Answers in chats"), "badge"), 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.use)
        head.addWidget(self.more)
        if chosen or model.problem:
            self.use.hide()
        inside = QVBoxLayout(self)
        inside.setContentsMargins(16, 10, 10, 12)
        inside.setSpacing(6)
        inside.addLayout(head)
        inside.addWidget(self._origin())
        inside.addLayout(self._findings())
        for text in (model.problem, self._entry.template_note):
            if text:
                inside.addLayout(self._warning(text, severe=text == model.problem))
        row = line(self._doing, spacing=10, stretch=False)
        row.setContentsMargins(0, 4, 0, 0)
        row.addWidget(self._bar, 1)
        row.addWidget(self._stop)
        self._going.setLayout(row)
        self._going.hide()
        inside.addWidget(self._going)

    def _origin(self) -> QWidget:
        model = self._entry.model
        pieces = (size_words(model.bytes), words.source_words(model), sentence(model.label).rstrip("."))
        return label(" · ".join(piece for piece in pieces if piece), "caption", wrap=True)

    def _findings(self) -> Flow:
        """The fit, the speed and the verdict, in as many lines as they need."""
        entry = self._entry
        row = Flow(gap=10)
        if entry.estimate is not None:
            fit = FitButton(self._appearance, entry.estimate, entry.model.name)
            fit.clicked.connect(lambda: self.sum_asked.emit(fit))
            row.addWidget(fit)
        for text in (words.engine_note(entry.estimate, self._builds), words.measured_words(entry)):
            if text:
                row.addWidget(short_label(text, "muted"))
        if not entry.model.problem:
            row.addWidget(self._verdict(entry))
        if entry.tools is not None and entry.tools.able:
            row.addWidget(label(tr("Uses tools"), "muted"))
        return row

    def _verdict(self, entry: LibraryEntry) -> QWidget:
        found = entry.checkup.verdict if entry.checkup else Verdict.SKIPPED
        sign = Sign(words.VERDICT_ICONS[found], self._appearance, colour=VERDICT_COLOURS[found], size=15)
        made = QWidget()
        row = line(sign, label(words.verdict_words(entry.checkup), "muted"), spacing=6, stretch=False)
        row.setContentsMargins(0, 0, 0, 0)
        made.setLayout(row)
        return made

    def _warning(self, text: str, *, severe: bool) -> QHBoxLayout:
        icon_name, colour = ("triangle-alert", "danger") if severe else ("circle-alert", "cloud")
        row = line(Sign(icon_name, self._appearance, colour=colour, size=15), stretch=False)
        row.addWidget(label(text, "danger" if severe else "muted", wrap=True, selectable=True), 1)
        return row


class LibrarySection(QWidget):
    """All cards. The signals carry the model's id, and the button where a list or the sum should open."""

    asked = Signal(str, str)
    sum_asked = Signal(str, QWidget)
    more_asked = Signal(str, QWidget)
    catalog_asked = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._shown: dict[str, Content] | None = None
        self.cards: dict[str, ModelCard] = {}
        self._nothing = NoticeCard(
            appearance, tr(NOTHING_YET), steps=((tr("Open the catalog"), self.catalog_asked.emit),)
        )
        self._nothing.hide()
        self._use = label(tr("Looking at the disk…"), "caption", wrap=True)
        inside, rows = section(tr("Models"))
        rows.addWidget(self._use)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        rows.addLayout(self._list)
        rows.addWidget(self._nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(inside)

    def show_state(self, state: ModelsState) -> None:
        """Only the cards whose model, figures or role changed are made again: the others keep their place and focus."""
        if state.library is None:
            return
        contents = {entry.model.id: (entry, entry.model.id == state.chosen, state.builds) for entry in state.library}
        if contents != self._shown:
            self._arrange(contents)
            self._use.setText(words.disk_words(*disk_use(state)))
            self._use.setVisible(bool(contents))
            self._nothing.setVisible(not contents)
        for model_id, shown in self.cards.items():
            shown.show_work(state.work.get(model_id))

    def _arrange(self, contents: dict[str, Content]) -> None:
        before, focused = self._shown or {}, ""
        for model_id in [known for known in self.cards if contents.get(known) != before[known]]:
            gone = self.cards.pop(model_id)
            focused = model_id if gone.isAncestorOf(QApplication.focusWidget() or self) else focused
            self._list.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for place, (model_id, content) in enumerate(contents.items()):
            if model_id not in self.cards:
                self.cards[model_id] = self._card(*content)
            self._list.insertWidget(place, self.cards[model_id])
        self._shown = contents
        if focused in self.cards:
            self.cards[focused].more.setFocus(Qt.FocusReason.OtherFocusReason)

    def _card(self, entry: LibraryEntry, chosen: bool, builds: tuple[EngineBuild, ...]) -> ModelCard:
        name = entry.model.id
        made = ModelCard(entry, self._appearance, builds, chosen=chosen)
        made.asked.connect(lambda what: self.asked.emit(what, name))
        made.sum_asked.connect(lambda button: self.sum_asked.emit(name, button))
        made.more_asked.connect(lambda button: self.more_asked.emit(name, button))
        return made


class FoundSection(QWidget):
    """Models of other programs. ``adopt_asked`` carries a tuple of them; ``download_asked`` the id of a catalog model."""

    adopt_asked = Signal(object)
    download_asked = Signal(str)
    again_asked = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._shown: tuple[FoundModel, ...] | None = None
        self._all = Button(tr("Adopt all"), appearance, look="quiet")
        self._all.clicked.connect(self._adopt_all)
        again = Button(tr("Look again"), appearance, look="quiet", icon_name="refresh-cw")
        again.clicked.connect(self.again_asked)
        inside, self._list = section(tr("Found on this disk"), self._all, again)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(inside)
        self._note = label(
            tr("Looking for models of LM Studio, Ollama and the Hugging Face cache…"), "caption", wrap=True
        )
        self._list.addWidget(self._note)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self._list.addLayout(self._rows)
        self._all.hide()

    def show_state(self, state: ModelsState) -> None:
        if state.found is None:
            return
        found = new_on_disk(state)
        if found != self._shown:
            self._shown = found
            self._build(found)

    def _build(self, found: tuple[FoundModel, ...]) -> None:
        empty(self._rows)
        usable = [one for one in found if one.usable]
        self._all.setVisible(len(usable) > 1)
        self._note.setText(
            tr("They are used where they lie: nothing is copied, and their files are never changed.")
            if usable
            else tr("LM Studio, Ollama and the Hugging Face cache hold no model that is not listed above.")
        )
        for one in found:
            self._rows.addWidget(self._row(one))

    def _adopt_all(self) -> None:
        found = self._shown or ()
        self.adopt_asked.emit(tuple(one for one in found if one.usable))

    def _row(self, found: FoundModel) -> QFrame:
        made, inside = card(found.name)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(ElidedLabel(found.name, "strong"), 1)
        if found.usable:
            adopt = Button(
                tr("Adopt"), self._appearance, icon_name="plus", name=tr("Adopt {name}").format(name=found.name)
            )
            adopt.clicked.connect(lambda: self.adopt_asked.emit((found,)))
            head.addWidget(adopt)
        elif found.equivalent:
            head.addWidget(self._equivalent(found.equivalent, found.equivalent_bytes))
        inside.addLayout(head)
        pieces = (found.program, size_words(found.bytes), found.quantization)
        inside.addWidget(label(" · ".join(piece for piece in pieces if piece), "caption", wrap=True))
        if found.problem:
            more = tr("The same model as GGUF: {model}.").format(model=found.equivalent) if found.equivalent else ""
            inside.addWidget(label(f"{found.problem} {more}".strip(), "muted", wrap=True))
        made.setToolTip(str(found.path))
        return made

    def _equivalent(self, model_id: str, size: int | None) -> Button:
        words_ = tr("Download GGUF") + (f" · {size_words(size)}" if size else "")
        button = Button(
            words_,
            self._appearance,
            icon_name="download",
            name=tr("Download {model} as GGUF").format(model=model_id),
        )
        button.clicked.connect(lambda: self.download_asked.emit(model_id))
        return button
