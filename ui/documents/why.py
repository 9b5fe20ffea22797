"""*Why not found*: what was searched for, the best of each method, what was not searched and why, and a wider search."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.documents.hit_words import METHODS, not_searched_words, path_words, place_words, score_words
from ui.documents.snippet import piece
from ui.documents.words import LOOKS
from ui.models.parts import Sign, empty, section
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.scrolling import scrolling
from workbench.documents.collection import FileStatus
from workbench.documents.retrieval.hit import Explanation, Hit, NotSearched

SHOWN_HITS, PIECE = 5, 140
_THROUGH = Qt.WidgetAttribute.WA_TransparentForMouseEvents


class WhyView(QWidget):
    """``chosen`` carries a `Hit`; ``files_asked`` a folder's id and a status; ``wider_asked`` a `Query`; ``left``: back to
    what was found."""

    chosen = Signal(object)
    files_asked = Signal(str, str)
    wider_asked = Signal(object)
    left = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setAccessibleName(tr("Why not found"))
        inside = QWidget()
        inside.setProperty("look", "column")
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(2, 2, 6, 24)
        self._rows.setSpacing(18)
        self._scroll = scrolling(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)

    def say(self, words: str) -> None:
        """That it is being worked out, or why it cannot be."""
        empty(self._rows)
        self._rows.addWidget(label(words, "muted", wrap=True))
        self._rows.addStretch(1)

    def show_explanation(self, why: Explanation) -> None:
        empty(self._rows)
        self._rows.addWidget(self._asked(why))
        if why.not_searched:
            self._rows.addWidget(self._not_searched(why.not_searched))
        for method, hits in why.by_method.items():
            self._rows.addWidget(self._best(method, hits))
        self._rows.addStretch(1)
        self._scroll.verticalScrollBar().setValue(0)

    def _asked(self, why: Explanation) -> QWidget:
        made, rows = section(tr("What was searched for"))
        if why.words:
            words = Flow(gap=6)
            for word in why.words:
                unknown = word in why.unknown_words
                chip = label(word, "warning-badge" if unknown else "badge")
                if unknown:
                    chip.setAccessibleName(tr("{word}, stands nowhere").format(word=word))
                words.addWidget(chip)
            rows.addLayout(words)
        told_of = " ".join(why.suggestions).casefold()
        if any(word.casefold() not in told_of for word in why.unknown_words):
            told = tr("Stands in no passage: {words}.").format(words=", ".join(why.unknown_words))
            rows.addWidget(label(told, wrap=True))
        for suggestion in why.suggestions:
            rows.addLayout(self._line("lightbulb", suggestion))
        if why.wider is not None:
            wider = Button(tr("Search everywhere"), self._appearance, look="primary", icon_name="search")
            wider.clicked.connect(lambda: self.wider_asked.emit(why.wider))
            buttons = Flow(gap=8)
            buttons.addWidget(wider)
            rows.addLayout(buttons)
        return made

    def _not_searched(self, missing: tuple[NotSearched, ...]) -> QWidget:
        made, rows = section(tr("What was not searched"))
        for one in missing:
            look = LOOKS.get(FileStatus(one.status)) if one.status in set(FileStatus) else None
            row = self._line(look.icon if look else "info", not_searched_words(one))
            if look is not None:
                show = Button(
                    tr("Show them"),
                    self._appearance,
                    look="filter",
                    name=tr("Show them: {what}").format(what=not_searched_words(one)),
                )
                show.clicked.connect(partial(self._ask_files, one.collection.id, one.status))
                row.addWidget(show)
            rows.addLayout(row)
        return made

    def _best(self, method: str, hits: tuple[Hit, ...]) -> QWidget:
        name = tr(METHODS[method]) if method in METHODS else method
        made, rows = section(tr("Best by {method}").format(method=name))
        if not hits:
            rows.addWidget(label(tr("Nothing."), "muted"))
        for hit in hits[:SHOWN_HITS]:
            rows.addWidget(self._hit(method, hit))
        return made

    def _hit(self, method: str, hit: Hit) -> QWidget:
        text, _marks = piece(hit, PIECE)
        said = f"{path_words(hit)}, {place_words(hit)}, {text}"
        made = Button("", self._appearance, look="entry", name=said)
        column = QVBoxLayout(made)
        column.setContentsMargins(10, 7, 10, 7)
        column.setSpacing(1)
        head = QHBoxLayout()
        head.setSpacing(12)
        where = " · ".join(piece for piece in (path_words(hit), place_words(hit)) if piece)
        score = {method: hit.methods[method]} if method in hit.methods else hit.methods
        pieces = (ElidedLabel(where, "strong"), label(score_words(score), "caption"), ElidedLabel(text, "caption"))
        head.addWidget(pieces[0], 1)
        head.addWidget(pieces[1])
        column.addLayout(head)
        column.addWidget(pieces[2])
        for part in pieces:
            part.setAttribute(_THROUGH)
        made.setMinimumHeight(column.sizeHint().height())
        made.clicked.connect(partial(self._choose, hit))
        return made

    def _line(self, icon_name: str, words: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Sign(icon_name, self._appearance, size=15))
        row.addWidget(label(words, wrap=True), 1)
        return row

    def _ask_files(self, collection_id: str, status: str, _checked: bool = False) -> None:
        self.files_asked.emit(collection_id, status)

    def _choose(self, hit: Hit, _checked: bool = False) -> None:
        self.chosen.emit(hit)
