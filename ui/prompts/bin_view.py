"""The bin of the library: out again, or gone for good."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.models.parts import empty
from ui.page_frame import column
from ui.prompts.words import ago_words, count_words
from ui.settings.keeping_consent import ConsentDialog
from ui.translation import marked, tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.focus_again import focus_again
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.scrolling import scrolling
from workbench.prompts.prompt import SavedPrompt

WIDTH = 860
SHOWN = 50
NOTHING = marked("Nothing is in the bin. What you remove lies here for 30 days.")
FOR_GOOD = marked("This cannot be undone: all versions go too.")


class BinView(QWidget):
    """``returned`` carries a `SavedPrompt` that is to come back, ``erased`` a tuple of those that are to go for good."""

    returned = Signal(object)
    erased = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._prompts: tuple[SavedPrompt, ...] = ()
        self._most = SHOWN
        self.setAccessibleName(tr("Bin"))
        self._words = label(tr(NOTHING), "muted", wrap=True)
        self.empty_all = Button(tr("Empty the bin…"), appearance, icon_name="trash-2")
        self.empty_all.hide()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(10)
        self._lay_out()
        self.empty_all.clicked.connect(lambda: self.ask(self._prompts))

    def show_prompts(self, prompts: Sequence[SavedPrompt]) -> None:
        focused = QApplication.focusWidget()
        inside = focused is not None and self.isAncestorOf(focused)
        name = focused.accessibleName() if inside and focused is not None else ""
        self._prompts = tuple(prompts)
        self._words.setText(count_words(len(prompts)) if prompts else tr(NOTHING))
        self.empty_all.setVisible(bool(prompts))
        empty(self._rows)
        for one in self._prompts[: self._most]:
            self._rows.addWidget(self._row(one))
        if len(prompts) > self._most:
            more = Button(tr("Show all {count}").format(count=f"{len(prompts):,}"), self._appearance, look="quiet")
            more.clicked.connect(self._show_more)
            self._rows.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        if inside:
            focus_again(self, name, or_first=True)

    def ask(self, prompts: Sequence[SavedPrompt]) -> ConsentDialog:
        """Before they go for good."""
        what = f"“{prompts[0].prompt.title}”" if len(prompts) == 1 else count_words(len(prompts))
        dialog = ConsentDialog(
            tr("Remove {what} for good?").format(what=what),
            (tr(FOR_GOOD),),
            tr("Remove for good"),
            partial(self.erased.emit, tuple(prompts)),
            self._appearance,
            self.window(),
        )
        dialog.open()
        return dialog

    def _show_more(self) -> None:
        self._most = len(self._prompts)
        self.show_prompts(self._prompts)

    def _row(self, one: SavedPrompt) -> QWidget:
        title = one.prompt.title
        row = QWidget()
        row.setAccessibleName(title)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(ElidedLabel(title))
        when = ago_words(one.removed_at or 0.0, time.time())
        words.addWidget(
            label(tr("/{name}, removed {when}").format(name=one.prompt.name, when=when), "caption", wrap=True)
        )
        back = IconButton("undo-2", tr("Take {title} out of the bin").format(title=title), self._appearance)
        back.clicked.connect(partial(self._bring_back, one))
        gone = IconButton("trash-2", tr("Remove {title} for good").format(title=title), self._appearance)
        gone.clicked.connect(lambda: self.ask((one,)))
        line.addLayout(words, 1)
        line.addWidget(back)
        line.addWidget(gone)
        return row

    def _bring_back(self, one: SavedPrompt, _checked: bool = False) -> None:
        self.returned.emit(one)

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._words)
        head.addWidget(self.empty_all, 0, Qt.AlignmentFlag.AlignLeft)
        inside = QWidget()
        inside.setProperty("look", "column")
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 8, 0, 32)
        rows.setSpacing(14)
        rows.addLayout(head)
        rows.addLayout(self._rows)
        rows.addStretch(1)
        scroll = scrolling(column(inside, WIDTH))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
