"""The search over all documents: the field, filters, what was found, and why something was not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.documents.hit_list import HitList
from ui.documents.hit_words import found_words, since, spoken_hit
from ui.documents.why import WhyView
from ui.icons import icon
from ui.notify import announce
from ui.page_frame import column
from ui.translation import marked, tr
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from ui.widgets.labels import label
from ui.widgets.popover import Choice, Popover
from workbench.documents.collection import Collection
from workbench.documents.formats import FORMATS
from workbench.documents.retrieval.hit import Explanation, Found, Query
from workbench.errors import WorkbenchError

WIDTH, MOST, PER_FILE = 860, 50, 3
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
ABOUT = marked(
    "Searches what was read of your folders, by words and by meaning. No model is loaded; nothing leaves this computer."
)
NO_FOLDERS = marked("There is no folder to search in yet. Attach one first.")
DAYS = ((1, marked("Today")), (7, marked("Last 7 days")), (30, marked("Last 30 days")), (365, marked("Last year")))


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is narrowed to. ``collection``: a folder's id; ``kind``: a name in `FORMATS`; ``days``: the last so
    many; empty or 0: any. ``named``: how the folder is called."""

    collection: str = ""
    named: str = ""
    kind: str = ""
    days: int = 0

    def query(self, text: str, now: datetime) -> Query:
        return Query(
            text,
            collections=(self.collection,) if self.collection else (),
            media_types=FORMATS[self.kind].media_types if self.kind else (),
            modified_after=since(self.days, now) if self.days else None,
            limit=MOST,
            per_document=PER_FILE,
        )


class SearchView(QWidget):
    """``wanted`` carries a `Query`, None when there is nothing to search for; ``chosen`` a `Hit`; ``why_asked`` a `Query`;
    ``folders_asked``: there is none yet."""

    wanted = Signal(object)
    chosen = Signal(object)
    why_asked = Signal(object)
    folders_asked = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._filters = Filters()
        self._folders: tuple[Collection, ...] | None = None
        self._announced = ""
        self.setAccessibleName(tr("Search in documents"))
        self.field = QLineEdit()
        self.list = HitList(appearance)
        self.why = WhyView(appearance)
        self._folder = self._chip(tr("Folder"), self._offer_folders)
        self._kind = self._chip(tr("Type"), self._offer_kinds)
        self._date = self._chip(tr("Date"), self._offer_days)
        self.scores = self._chip(tr("Scores"), self._toggle_scores)
        self.why_button = Button(tr("Why not found?"), appearance, look="filter", icon_name="info")
        self._told = label(tr(ABOUT), "muted", wrap=True)
        self._note = label("", "caption", wrap=True)
        self.why_step = Button(tr("Why not found?"), appearance, icon_name="info")
        self._attach = Button(tr("Attach a folder"), appearance, look="primary", icon_name="folder-plus")
        self._parts = QStackedWidget()
        self._lay_out()
        self._connect()
        self._note.hide()
        self._attach.hide()
        self.why_step.hide()
        appearance.follow(self._recolour)

    @property
    def query(self) -> Query | None:
        """What is asked for now; None while the field is empty."""
        text = self.field.text().strip()
        return self._filters.query(text, datetime.now().astimezone()) if text else None

    @property
    def explains(self) -> bool:
        """Whether it says why something was not found, instead of what was."""
        return self._parts.currentWidget() is self.why

    def show_folders(self, folders: Sequence[Collection]) -> None:
        """Those that can be searched."""
        self._folders = tuple(folders)
        chosen = self._filters.collection
        now = next((one for one in folders if one.id == chosen), None)
        if chosen:
            self._filters = replace(self._filters, collection=now.id if now else "", named=now.name if now else "")
            self._show_filters()
        self._attach.setVisible(not folders)
        if self.query is None:
            self._tell(tr(ABOUT if folders else NO_FOLDERS))

    def search_in(self, collection: Collection) -> None:
        """Only in this folder."""
        self._change(collection=collection.id, named=collection.name)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_found(self, found: Found, *, still: bool) -> None:
        """``still``: meaning is being searched too, and more may come."""
        self.list.show_hits(found.hits)
        self.why_step.setVisible(not found.hits and not still)
        self._tell(tr("Searching by meaning…") if still and not found.hits else found_words(found))
        self._note.setText(found.note)
        self._note.setVisible(bool(found.note))
        said = found_words(found)
        if not still and said != self._announced:
            self._announced = said
            announce(self, said)

    def show_failure(self, error: WorkbenchError) -> None:
        self.list.show_hits(())
        self._tell(f"{error.message} {error.hint}".strip(), "danger")

    def show_why(self, query: Query) -> None:
        """The question comes into view; whoever hears it explains."""
        self.field.blockSignals(True)
        self.field.setText(query.text)
        self.field.blockSignals(False)
        only = query.collections[0] if len(query.collections) == 1 else ""
        named = next((one.name for one in self._folders or () if one.id == only), "")
        self._filters = replace(self._filters, collection=only if named else "", named=named)
        self._show_filters()
        self._ask_why(query)

    def show_explanation(self, why: Explanation) -> None:
        self.why.show_explanation(why)

    def leave_why(self) -> bool:
        """Back to what was found; says whether it was away."""
        was_open = self._parts.currentWidget() is self.why
        if was_open:
            self.why_button.setChecked(False)
            self._parts.setCurrentWidget(self.list)
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            self._on_text()
        return was_open

    # Inside -----------------------------------------------------------------------------------------------------------

    def _on_text(self) -> None:
        self._announced = ""
        self.why_button.setChecked(False)
        self.why_step.hide()
        self._parts.setCurrentWidget(self.list)
        query = self.query
        self.why_button.setEnabled(query is not None)
        if query is None:
            self.list.show_hits(())
            self._note.hide()
            self._tell(tr(NO_FOLDERS if self._folders == () else ABOUT))
        self.wanted.emit(query)

    def _press_why(self) -> None:
        query = self.query
        if self._parts.currentWidget() is self.why or query is None:
            self.leave_why()
        else:
            self._ask_why(query)

    def _ask_why(self, query: Query) -> None:
        self.why_button.setEnabled(True)
        self.why_button.setChecked(True)
        self.why_step.hide()
        self._note.hide()
        self._tell("")
        self.why.say(tr("Looking what was searched…"))
        self._parts.setCurrentWidget(self.why)
        self.why_asked.emit(query)

    def _widen(self, query: Query) -> None:
        self._filters = Filters()
        self._show_filters()
        self.field.setText(query.text)
        self._on_text()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _change(self, **values: object) -> None:
        self._filters = replace(self._filters, **values)  # type: ignore[arg-type]
        self._show_filters()
        self._on_text()

    def _show_filters(self) -> None:
        filters = self._filters
        day = next((tr(words) for days, words in DAYS if days == filters.days), "")
        kind = tr(FORMATS[filters.kind].shown) if filters.kind else ""
        for chip, name, value in (
            (self._folder, tr("Folder"), filters.named),
            (self._kind, tr("Type"), kind),
            (self._date, tr("Date"), day),
        ):
            chip.setChecked(bool(value))
            chip.say(f"{name}: {value}" if value else name)

    def _offer_folders(self) -> None:
        choices = [Choice(tr("All folders"), partial(self._change, collection="", named=""))]
        choices += [
            Choice(one.name, partial(self._change, collection=one.id, named=one.name), icon="folder")
            for one in self._folders or ()
        ]
        self._offer(self._folder, tr("Folder"), choices)

    def _offer_kinds(self) -> None:
        choices = [Choice(tr("All types"), partial(self._change, kind=""))]
        choices += [Choice(tr(one.shown), partial(self._change, kind=name)) for name, one in FORMATS.items()]
        self._offer(self._kind, tr("Type"), choices)

    def _offer_days(self) -> None:
        choices = [Choice(tr("Any date"), partial(self._change, days=0))]
        choices += [Choice(tr(words), partial(self._change, days=days)) for days, words in DAYS]
        self._offer(self._date, tr("Date"), choices)

    def _offer(self, chip: Button, name: str, choices: list[Choice]) -> None:
        self._show_filters()  # the press has toggled the chip
        Popover(name, choices, self._appearance, self.window()).open_at(chip)

    def _toggle_scores(self) -> None:
        self.list.show_scores(self.scores.isChecked())

    def _chip(self, words: str, act: Callable[[], None]) -> Button:
        chip = Button(words, self._appearance, look="filter", name=words)
        chip.setCheckable(True)
        chip.clicked.connect(lambda: act())
        return chip

    def _tell(self, words: str, tone: str = "muted") -> None:
        self._told.setText(words)
        self._told.setProperty("tone", tone)
        self._told.style().polish(self._told)
        self._told.setVisible(bool(words))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The field keeps the focus: arrow keys walk, Enter opens, Escape empties it."""
        if watched is not self.field or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.key() == Qt.Key.Key_Escape and self.field.text():
            if event.type() == QEvent.Type.KeyPress:
                self.field.clear()
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and self._parts.currentWidget() is self.list:
            key = Qt.Key(event.key())
            if key in STEPS and self.list.hits:
                self.list.step(STEPS[key])
                if self.list.current is not None:
                    announce(self, spoken_hit(self.list.current))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.list.choose()
                return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        self.field.setPlaceholderText(tr("Search in documents"))
        self.field.setAccessibleName(tr("Search in documents"))
        self.field.setClearButtonEnabled(True)
        self._sign = self.field.addAction(
            icon("search", self._appearance.tokens.muted), QLineEdit.ActionPosition.LeadingPosition
        )
        self.why_button.setCheckable(True)
        self.why_button.setEnabled(False)
        chips = Flow(gap=5)
        for chip in (self._folder, self._kind, self._date, self.scores, self.why_button):
            chips.addWidget(chip)
        self._parts.addWidget(self.list)
        self._parts.addWidget(self.why)
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 0, 12)
        rows.setSpacing(10)
        rows.addWidget(self.field)
        rows.addLayout(chips)
        rows.addWidget(self._told)
        for button in (self._attach, self.why_step):
            rows.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addWidget(self._note)
        rows.addWidget(self._parts, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(column(inside, WIDTH))

    def _connect(self) -> None:
        self.field.textChanged.connect(lambda _text: self._on_text())
        self.field.installEventFilter(self)
        self.list.chosen.connect(self.chosen)
        self.why.chosen.connect(self.chosen)
        self.why.wider_asked.connect(self._widen)
        self.why_button.clicked.connect(lambda: self._press_why())
        self.why_step.clicked.connect(lambda: self._press_why())
        self._attach.clicked.connect(self.folders_asked)

    def _recolour(self) -> None:
        self._sign.setIcon(icon("search", self._appearance.tokens.muted))
