"""The work behind the Documents page: folders are read, attached, changed and forgotten; documents are searched."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.documents.adding import choose_folder, names
from ui.documents.announcing import Announcer
from ui.documents.asking import PassageAsking
from ui.documents.files_desk import FilesDesk
from ui.documents.page import DocumentsPage
from ui.documents.removing import Removing
from ui.documents.words import MAC_PRIVACY
from ui.notify import Toasts, announce
from ui.translation import tr
from ui.widgets.popover import Choice, Popover
from workbench.documents.collection import CollectionState, FileStatus, Rules
from workbench.documents.retrieval.hit import Found, Query
from workbench.errors import WorkbenchError
from workbench.events import Changed, Topic
from workbench.jobs import Job
from workbench.messages import Id

if TYPE_CHECKING:
    from workbench.app import Workbench

AT_ONCE = 500  # files asked for again in one go
AGAIN_MILLISECONDS = 1500  # between searches while documents change
AGAIN = {"download": FileStatus.IN_CLOUD, "retry": FileStatus.FAILED}


class DocumentsDesk(QObject):
    def __init__(
        self, bridge: Bridge, workbench: Workbench, appearance: Appearance, page: DocumentsPage, toasts: Toasts
    ) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._page = page
        self._toasts = toasts
        self._states: dict[Id, CollectionState] = {}
        self._reading = False
        self._stale = False
        self._announcer = Announcer()
        self._files = FilesDesk(bridge, workbench, page.folder, toasts)
        self._asking = PassageAsking(bridge, workbench, self)
        self._search_again = QTimer(self)
        self._search_again.setSingleShot(True)
        self._search_again.setInterval(AGAIN_MILLISECONDS)
        self._search_again.timeout.connect(self._follow_index)
        self._connect()
        bridge.listen(self._on_changed)

    def look(self) -> None:
        """The page has come into view: what it shows is read anew."""
        self.load()
        if self._page.in_folder:
            self._files.changed()

    def load(self) -> None:
        """Read the folders; what changes meanwhile is read after that."""
        if self._reading:
            self._stale = True
            return
        self._reading = True
        self._bridge.run(lambda _job: self._workbench.documents.collections(), on_done=self._take, on_failed=self._fail)

    def add(self, paths: list[str]) -> None:
        """Attach these folders."""
        self._page.show_all_folders()
        for path in paths:
            self._add(path)

    def open_folder(self, collection_id: Id, status: FileStatus | None = None, *, rules: bool = False) -> None:
        """The files of a folder, those of a status only, or its rules."""
        state = self._states.get(collection_id)
        if state is not None:
            self._page.folder.open(state, status, rules=rules)
            self._page.show_folder()
            self._files.read()

    def explain(self, question: str, collections: tuple[Id, ...] = ()) -> None:
        """Why nothing, or the wrong thing, was found for ``question``."""
        self._page.show_search()
        self._page.search.show_why(Query(question, collections=collections))

    # Reading ----------------------------------------------------------------------------------------------------------

    def _take(self, states: tuple[CollectionState, ...]) -> None:
        self._states = {state.collection.id: state for state in states}
        self._page.folders.show_states(states)
        self._page.settle_focus()
        self._page.search.show_folders([state.collection for state in states])
        shown = self._page.folder.state
        if shown is not None and self._page.in_folder:
            if shown.collection.id in self._states:
                self._page.folder.show_state(self._states[shown.collection.id])
            else:
                self._page.show_all_folders()
        for state in states:
            if news := self._announcer.news(state, time.monotonic()):
                announce(self._page, news)
        self._ended()

    def _fail(self, error: WorkbenchError) -> None:
        self._page.folders.show_failure(error)
        self._ended()

    def _ended(self) -> None:
        self._reading = False
        if self._stale:
            self._stale = False
            self.load()

    def _on_changed(self, changed: Changed) -> None:
        if Topic.DOCUMENTS in changed.topics and self._page.isVisible():
            self.load()
            if self._page.in_folder:
                self._files.changed()
            elif self._page.in_search and not self._search_again.isActive():
                self._search_again.start()

    # Folders ----------------------------------------------------------------------------------------------------------

    def _add(self, path: str) -> None:
        self._bridge.run(
            lambda _job: self._workbench.documents.add(Path(path)),
            on_done=lambda _made: self._added(path),
            on_failed=self._not_added,
        )

    def _added(self, path: str) -> None:
        self._page.folders.add.clear()
        self._toasts.show(tr("{folder} is being read. What is read already answers.").format(folder=names([path])))

    def _not_added(self, error: WorkbenchError) -> None:
        self._page.folders.add.show_failure(f"{error.message} {error.hint}".strip())

    def _ask(self, collection_id: Id, what: str) -> None:
        """What a card or the list of actions says is to be done."""
        state = self._states.get(collection_id)
        if state is None:
            return
        key, _space, status = what.partition(" ")
        if key in ("open", "show"):
            self.open_folder(collection_id, FileStatus(status) if status else None)
        elif key == "rules":
            self.open_folder(collection_id, rules=True)
        elif key in ("pause", "resume"):
            self._run(lambda _job: self._workbench.documents.pause(collection_id, paused=key == "pause"))
        elif key == "look":
            self._run(lambda _job: self._workbench.documents.look(collection_id))
        elif key in AGAIN:
            self._run(lambda job: _retry_all(self._workbench, collection_id, AGAIN[key], job))
        else:
            self._ask_system(state, key)

    def _ask_system(self, state: CollectionState, key: str) -> None:
        collection = state.collection
        if key == "reveal":
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(collection.path)))
        elif key == "privacy":
            QDesktopServices.openUrl(QUrl(MAC_PRIVACY))
        elif key == "search":
            self._page.show_search()
            self._page.search.search_in(collection)
        elif key == "move":
            title = tr("Where is {name} now?").format(name=collection.name)
            choose_folder(self._page.window(), title, partial(self._move, collection.id))
        elif key == "remove":
            dialog = Removing(self._appearance, self._page.window(), state)
            dialog.agreed.connect(partial(self._remove, state))
            dialog.open()

    def _offer_more(self, collection_id: Id, anchor: QWidget) -> None:
        state = self._states.get(collection_id)
        if state is None:
            return
        paused = state.paused
        rows = (
            ("search", "search", tr("Search in this folder")),
            ("rules", "settings", tr("Rules: what is read")),
            ("look", "refresh-cw", tr("Look for changes now")),
            ("resume" if paused else "pause", "play" if paused else "pause", tr("Go on") if paused else tr("Pause")),
            ("reveal", "external-link", tr("Open in the file manager")),
            ("move", "folder-open", tr("It is elsewhere now…")),
        )
        choices = [
            Choice(text, partial(self._ask, collection_id, key), icon=sign)
            for key, sign, text in rows
            if not (paused and key == "look")
        ]
        choices.append(
            Choice(
                tr("Remove…"), partial(self._ask, collection_id, "remove"), icon="trash-2", danger=True, separated=True
            )
        )
        Popover(state.collection.name, choices, self._appearance, self._page.window()).open_at(anchor)

    def _move(self, collection_id: Id, path: str) -> None:
        native = Path(QDir.toNativeSeparators(path))
        self._run(lambda _job: self._workbench.documents.move(collection_id, native))

    def _remove(self, state: CollectionState) -> None:
        def done(_none: None) -> None:
            self._toasts.show(tr("{name} is forgotten. Its files are as they were.").format(name=state.collection.name))

        collection_id = state.collection.id
        self._bridge.run(
            lambda _job: self._workbench.documents.remove(collection_id), on_done=done, on_failed=self._toasts.tell
        )

    def _change(self, name: str, rules: Rules, private: bool) -> None:
        state, view = self._page.folder.state, self._page.folder.rules
        if state is None:
            return
        collection_id = state.collection.id
        renamed = name if name != state.collection.name else None

        def done(_made: object) -> None:
            view.show_failure("")
            self._toasts.show(tr("Saved. What the rules change is looked at now."))

        self._bridge.run(
            lambda _job: self._workbench.documents.change(collection_id, name=renamed, rules=rules, private=private),
            on_done=done,
            on_failed=lambda error: view.show_failure(f"{error.message} {error.hint}".strip()),
        )

    def _run(self, work: Callable[[Job], object]) -> None:
        self._bridge.run(work, on_failed=self._toasts.tell)

    # Searching --------------------------------------------------------------------------------------------------------

    def _search(self, query: Query | None) -> None:
        if query is None:
            self._asking.forget()
        else:
            self._asking.ask(query)

    def _follow_index(self) -> None:
        """What came into the index is found without typing again."""
        query = self._page.search.query
        if query is not None and self._page.in_search and not self._page.search.explains:
            self._asking.ask_now(query)

    def _explain(self, query: Query) -> None:
        self._asking.forget()
        view = self._page.search
        self._bridge.run(
            lambda job: self._workbench.documents.explain(query, job.cancel),
            on_done=view.show_explanation,
            on_failed=lambda error: view.why.say(f"{error.message} {error.hint}".strip()),
        )

    def _found(self, query: Query, found: Found) -> None:
        self._page.search.show_found(found, still=query.as_typed)

    def _connect(self) -> None:
        page = self._page
        page.looked_at.connect(self.look)
        page.drop.dropped.connect(self.add)
        page.folders.add.added.connect(self.add)
        page.folders.asked.connect(self._ask)
        page.folders.more_asked.connect(self._offer_more)
        page.folders.again_asked.connect(self.load)
        page.folder.more_asked.connect(self._offer_more_in_view)
        page.folder.left.connect(self._files.forget)
        page.folder.rules.changed.connect(self._change)
        page.search.wanted.connect(self._search)
        page.search.why_asked.connect(self._explain)
        page.search.why.files_asked.connect(lambda folder, status: self._ask(folder, f"show {status}"))
        self._asking.found.connect(self._found)
        self._asking.failed.connect(page.search.show_failure)

    def _offer_more_in_view(self, anchor: QWidget) -> None:
        if self._page.folder.state is not None:
            self._offer_more(self._page.folder.state.collection.id, anchor)


def _retry_all(workbench: Workbench, collection_id: Id, status: FileStatus, job: Job) -> None:
    """In a worker: have all files of a folder with this status read again."""
    after = 0
    while files := workbench.documents.items(collection_id, (status,), "", AT_ONCE, after):
        job.cancel.check()
        workbench.documents.retry([file.id for file in files])
        if len(files) < AT_ONCE:
            return
        after = files[-1].id


def on_this_mac() -> bool:
    """Whether the system has settings for which program may read which folder."""
    return sys.platform == "darwin"
