"""The bin: removed chats with the day on which each is forgotten; out again, or gone for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.models.parts import empty
from ui.settings.keeping_consent import ConsentDialog
from ui.settings.keeping_words import NOTHING_IN_BIN, chats_words, forgotten_words
from ui.translation import marked, tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.focus_again import focus_again
from ui.widgets.labels import ElidedLabel, label
from workbench.chat.keeping.store import BinnedChat

if TYPE_CHECKING:
    from workbench.app import Workbench

SHOWN = 20
FOR_GOOD = (
    marked("This cannot be undone. Attached files that no other chat names go too."),
    marked("Backups that were made before still hold it until they go themselves."),
)


class BinRows(QWidget):
    """``told`` carries errors, ``said`` what there is to know."""

    told = Signal(object)
    said = Signal(str)

    def __init__(self, bridge: Bridge, workbench: Workbench, appearance: Appearance) -> None:
        super().__init__()
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._chats: tuple[BinnedChat, ...] = ()
        self._most = SHOWN
        self._title = label(tr("Bin"))
        self._words = label(tr(NOTHING_IN_BIN), "caption", wrap=True)
        self.empty_all = Button(tr("Empty the bin…"), appearance, icon_name="trash-2")
        self.empty_all.clicked.connect(lambda: self.ask(self._chats))
        head = QHBoxLayout()
        head.setSpacing(16)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._words)
        head.addLayout(words, 1)
        head.addWidget(self.empty_all)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addLayout(self._rows)

    def refresh(self) -> None:
        self._bridge.run(lambda _job: self._workbench.bin.list(), on_done=self._show)

    def ask(self, chats: Sequence[BinnedChat]) -> ConsentDialog:
        """Before chats are removed for good."""
        one = f"“{chats[0].title}”" if len(chats) == 1 else chats_words(len(chats))
        dialog = ConsentDialog(
            tr("Remove {chats} for good?").format(chats=one),
            [tr(sentence) for sentence in FOR_GOOD],
            tr("Remove for good"),
            partial(self._forget, chats),
            self._appearance,
            self.window(),
        )
        dialog.open()
        return dialog

    # Inside -----------------------------------------------------------------------------------------------------------

    def _restore(self, chat: BinnedChat) -> None:
        self._bridge.run(
            lambda _job: self._workbench.bin.restore([chat.id]),
            on_done=lambda _done: self.said.emit(tr("“{title}” is back.").format(title=chat.title)),
            on_failed=self.told.emit,
        )

    def _forget(self, chats: Sequence[BinnedChat]) -> None:
        ids = [chat.id for chat in chats]
        self._bridge.run(
            lambda _job: self._workbench.bin.forget(ids),
            on_done=lambda _done: self.said.emit(tr("{chats} removed for good.").format(chats=chats_words(len(ids)))),
            on_failed=self.told.emit,
        )

    def _show(self, chats: tuple[BinnedChat, ...]) -> None:
        if chats == self._chats and self._rows.count():
            return
        focused = QApplication.focusWidget()
        name = focused.accessibleName() if focused is not None and self.isAncestorOf(focused) else ""
        self._chats = chats
        self._words.setText(f"{chats_words(len(chats))}." if chats else tr(NOTHING_IN_BIN))
        self.empty_all.setVisible(bool(chats))
        empty(self._rows)
        now = datetime.now().astimezone()
        for chat in chats[: self._most]:
            self._rows.addWidget(self._row(chat, now))
        if len(chats) > self._most:
            more = Button(tr("Show all {count}").format(count=f"{len(chats):,}"), self._appearance, look="quiet")
            more.clicked.connect(lambda: self._show_more())
            self._rows.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        if name:
            focus_again(self, name, or_first=True)

    def _show_more(self) -> None:
        self._most, chats, self._chats = len(self._chats), self._chats, ()
        self._show(chats)

    def _row(self, chat: BinnedChat, now: datetime) -> QWidget:
        row = QWidget()
        row.setAccessibleName(chat.title)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(ElidedLabel(chat.title))
        words.addWidget(label(forgotten_words(chat, now), "caption", wrap=True))
        restore = IconButton("undo-2", tr("Take {title} out of the bin").format(title=chat.title), self._appearance)
        restore.clicked.connect(lambda: self._restore(chat))
        remove = IconButton("trash-2", tr("Remove {title} for good").format(title=chat.title), self._appearance)
        remove.clicked.connect(lambda: self.ask([chat]))
        line.addLayout(words, 1)
        line.addWidget(restore)
        line.addWidget(remove)
        return row
