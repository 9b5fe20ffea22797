"""Ties the search field, the hits and the command list to the core."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.sidebar import Sidebar
from ui.search.asking import ChatSearch
from ui.search.filters import MONTH, WEEK, since
from ui.search.jump import Jump
from ui.translation import marked, tr
from ui.widgets.popover import Choice, Popover
from workbench.chat.searching.search import Hit
from workbench.events import Changed, Topic
from workbench.jobs import Pool

if TYPE_CHECKING:
    from workbench.app import Workbench

PAGE, PER_CHAT = 30, 3
INDEX_MILLISECONDS = 1500  # after the last change: an answer is not disturbed


class SearchDesk(QObject):
    """One window's search over all chats. ``palette``: the search of the command list."""

    def __init__(
        self, bridge: Bridge, workbench: Workbench, appearance: Appearance, sidebar: Sidebar, jump: Jump
    ) -> None:
        super().__init__(sidebar)
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._panel = sidebar.search
        self._window = sidebar.window()
        self._jump = jump
        self._search = ChatSearch(bridge, workbench, self, most=PAGE, per_chat=PER_CHAT)
        self.palette = ChatSearch(bridge, workbench, self, most=PAGE, per_chat=1)
        self._indexing = False
        self._index_soon = QTimer(self)
        self._index_soon.setSingleShot(True)
        self._index_soon.setInterval(INDEX_MILLISECONDS)
        self._index_soon.timeout.connect(self._index)
        sidebar.searched.connect(self._ask)
        self._search.found.connect(self._panel.show_hits)
        self._search.failed.connect(self._panel.show_failure)
        self._panel.hit_chosen.connect(self.go_to)
        self._panel.choices_asked.connect(self._offer)
        bridge.listen(self._on_changed)
        self._panel.watch_field()  # Escape empties it; the window's shortcut would have it first
        self._index()

    def go_to(self, hit: Hit) -> None:
        self._jump.to(hit)

    def _ask(self, text: str) -> None:
        self._panel.await_hits(text)
        self._search.ask(text)

    # What is not searched yet -----------------------------------------------------------------------------------------

    def _on_changed(self, changed: Changed) -> None:
        if Topic.CHATS in changed.topics and not self._index_soon.isActive():
            self._index_soon.start()

    def _index(self) -> None:
        """Usually nothing is to be done; after an import or an update, in the background."""
        if self._indexing or self._workbench.read_only:
            return
        self._indexing = True
        self._bridge.run(
            lambda job: self._workbench.searching.catch_up(job.cancel, job.emit),
            on_event=self._panel.show_left,
            on_done=lambda _none: self._indexed(),
            on_failed=lambda _error: self._indexed(),  # a locked or full disk: with the next change
            on_cancelled=self._indexed,
            pool=Pool.LONG,
        )

    def _indexed(self) -> None:
        self._indexing = False
        self._panel.show_left(0)

    # The values of filters --------------------------------------------------------------------------------------------

    def _offer(self, key: str, anchor: QWidget) -> None:
        if key == "after":
            self._open(key, anchor, _days())
        else:
            read = self._workbench.searching.models if key == "model" else self._workbench.searching.projects
            self._bridge.run(
                lambda _job: read(),
                on_done=lambda names: self._open(key, anchor, tuple((name, name) for name in names)),
            )

    def _open(self, key: str, anchor: QWidget, values: tuple[tuple[str, str], ...]) -> None:
        choices = [Choice(words, partial(self._panel.choose_value, key, value)) for words, value in values]
        if not choices:
            choices = [Choice(tr(_NONE[key]), lambda: None, note="", enabled=False)]
        Popover(tr(_NAMES[key]), choices, self._appearance, self._window).open_at(anchor)


_NAMES = {"model": marked("Models"), "after": marked("Dates"), "project": marked("Projects")}
_NONE = {"model": marked("No model has answered yet"), "project": marked("There are no projects yet")}


def _days() -> tuple[tuple[str, str], ...]:
    today = datetime.now().astimezone().date()
    return (
        (tr("Today"), "today"),
        (tr("Last 7 days"), since(today, WEEK)),
        (tr("Last 30 days"), since(today, MONTH)),
        (tr("This year"), str(today.year)),
    )
