"""The sources of one answer, beside the chat: each passage with its file, page and score, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.citations import Summary, doubt_line, icon_of, kind_of, place_words, shown_name, summary
from ui.chat.steps import visible
from ui.chat.words import shortened
from ui.documents.viewer.face import may_be_opened
from ui.documents.viewer.opened import quoted, shown_path
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.scrolling import scrolling
from workbench.messages import Passage, Sources

SHOWN = 700  # characters of a passage


class SourcesPanel(QWidget):
    """``opened`` (number): its passage in the viewer; ``handed_over`` (path): in the system's program; ``closed``."""

    opened = Signal(int)
    handed_over = Signal(str)
    closed = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setAccessibleName(tr("Sources of this answer"))
        self.title = ElidedLabel(tr("Sources of this answer"), "title")
        close = IconButton("x", tr("Close the sources"), appearance)
        close.clicked.connect(self.closed)
        self._inside = QWidget()
        self._inside.setProperty("look", "column")
        self._cards = QVBoxLayout(self._inside)
        self._cards.setContentsMargins(0, 0, 8, 0)
        self._cards.setSpacing(10)
        self._scroll = scrolling(self._inside)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(close)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(10, 10, 12, 12)
        lines.setSpacing(8)
        lines.addLayout(head)
        lines.addWidget(self._scroll, 1)

    def show_sources(self, text: str, sources: Sources) -> None:
        """Of an answer whose text is ``text``: those that it cites first."""
        while (item := self._cards.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        told = summary(text, sources)
        for numbers, words in told.doubts:
            self._cards.addWidget(label(doubt_line(numbers, words), "danger", wrap=True))
        if sources.note:
            self._cards.addWidget(label(sources.note, "caption", wrap=True))
        for card in self._made(told):
            self._cards.addWidget(card)
        self._cards.addStretch()
        self._scroll.verticalScrollBar().setValue(0)

    def _made(self, told: Summary) -> list[QWidget]:
        cards: list[QWidget] = [self._card(passage) for passage in told.cited]
        if told.others:
            words = tr("Given to the model too, but not cited") if told.cited else tr("Given to the model, not cited")
            cards.append(label(words, "caption", wrap=True))
        return [*cards, *(self._card(passage) for passage in told.others)]

    def focus_first(self) -> None:
        for button in self._inside.findChildren(Button):
            button.setFocus(Qt.FocusReason.OtherFocusReason)
            return

    def _card(self, passage: Passage) -> QWidget:
        where = place_words(passage)
        card = QFrame()
        card.setProperty("look", "card")
        card.setAccessibleName(f"[{passage.number}] {where}")
        lines = QVBoxLayout(card)
        lines.setContentsMargins(12, 10, 10, 10)
        lines.setSpacing(5)
        lines.addWidget(ElidedLabel(f"[{passage.number}]  {where}", "strong"))
        if passage.context.strip() and kind_of(passage) == "file":
            lines.addWidget(ElidedLabel(" ".join(passage.context.split()), "caption"))
        lines.addWidget(label(shortened(passage.text.strip("\n"), SHOWN), wrap=True, selectable=True))
        path = "" if kind_of(passage) == "chat" else shown_path(visible(passage.path))
        score = tr("Score {score}").format(score=f"{passage.score:.2f}") if passage.score else ""
        private = tr("private: never leaves this computer") if passage.private else ""
        lines.addWidget(ElidedLabel(" · ".join(one for one in (path, score, private) if one), "caption"))
        lines.addLayout(self._tools(passage))
        return card

    def _tools(self, passage: Passage) -> QHBoxLayout:
        name = shown_name(passage.name) if kind_of(passage) == "file" else place_words(passage)
        readable = may_be_opened(passage.name)
        outside = tr("Open in the system's program") if readable else tr("Show in its folder")
        row = QHBoxLayout()
        row.setSpacing(4)
        view = Button(
            tr("Open"),
            self._appearance,
            look="quiet",
            icon_name=icon_of(passage),
            name=tr("Open {name}").format(name=name),
        )
        view.clicked.connect(partial(self.opened.emit, passage.number))
        row.addWidget(view)
        row.addStretch()
        steps: tuple[tuple[str, str, Callable[[], None]], ...] = (
            ("quote", tr("Copy as a quotation"), partial(self._copy, passage)),
            ("external-link", outside, partial(self.handed_over.emit, passage.path)),
        )
        for icon, words, step in steps if kind_of(passage) == "file" else steps[:1]:
            button = IconButton(icon, words, self._appearance, size=16)
            button.setAccessibleDescription(name)
            button.clicked.connect(step)
            row.addWidget(button)
        return row

    def _copy(self, passage: Passage) -> None:
        if kind_of(passage) != "file":
            QGuiApplication.clipboard().setText(quoted(passage.text, place_words(passage), ""))
            return
        where = passage.label or (tr("p. {page}").format(page=passage.page) if passage.page else "")
        QGuiApplication.clipboard().setText(quoted(passage.text, shown_name(passage.name), where))
