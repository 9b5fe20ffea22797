"""Folders of the chat in view: its chips, the list that "@" opens, and the button that offers them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ui.chat.in_view import InView
from ui.chat.mention_list import MentionList
from ui.chat.mentions import MOST_OFFERED, Place, chips, offered, shown
from ui.notify import announce
from ui.translation import marked, tr
from ui.widgets.popover import Choice, Popover
from workbench.documents.collection import CollectionState, Document, FileStatus
from workbench.events import Topic
from workbench.jobs import Job

if TYPE_CHECKING:
    pass

TYPING_MILLISECONDS = 80
NONE_YET = marked("No folder is attached yet. Add one on the Documents page.")


class ChatFolders(QObject):
    """``page_asked``: the person wants to add a folder."""

    page_asked = Signal()

    def __init__(self, view: InView) -> None:
        super().__init__(view.page.composer)
        self._bridge, self._workbench, self._appearance = view.bridge, view.workbench, view.appearance
        self._composer, self._toasts, self._live = view.page.composer, view.toasts, view.live
        self._chat, self._project = view.chat, view.project
        self._states: tuple[CollectionState, ...] | None = None  # None: nobody has asked yet
        self._loading = False
        self._looking: Job | None = None
        self._query = ""
        self.mentions = MentionList(view.appearance, self._composer.draft)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(TYPING_MILLISECONDS)
        self._soon.timeout.connect(self._look)
        self.mentions.asked.connect(self._ask)
        self.mentions.chosen.connect(self.add)
        self._composer.folders_button.clicked.connect(self.offer)
        self._composer.folder_row.removed.connect(self.remove)
        view.live.refused.connect(view.toasts.tell)

    def show(self) -> None:
        """The chips of the chat in view. Folders are only opened where one asks some."""
        words, project = self._chat().state.folders, self._project()
        if not words and not (project is not None and project.folders):
            self._composer.folder_row.show_chips(())
        elif self._states is None:
            self._load()
        else:
            self._composer.folder_row.show_chips(chips(words, self._states, project))

    def reload(self, topics: frozenset[Topic] | set[Topic]) -> None:
        """Folders are others now, or say something else."""
        if Topic.DOCUMENTS in topics and self._states is not None:
            self._load()

    def add(self, place: Place) -> None:
        """The chat asks this place too."""
        words = self._chat().state.folders
        if place.word not in words:
            self._live.ask_folders(self._chat(), (*words, place.word))
            announce(self._composer, tr("This chat asks {name}.").format(name=place.name))
        if self._states is None:
            self._load()

    def remove(self, word: str) -> None:
        chat = self._chat()
        self._live.ask_folders(chat, tuple(one for one in chat.state.folders if one != word))

    def offer(self) -> None:
        """The folders as a list beside the button: those that are asked have a tick, and are taken out by choosing them."""
        self._bridge.run(
            lambda _job: self._workbench.documents.collections(), on_done=self._offer, on_failed=self._toasts.tell
        )

    # Inside -----------------------------------------------------------------------------------------------------------

    def _offer(self, states: tuple[CollectionState, ...]) -> None:
        self._states = states
        words = self._chat().state.folders
        choices = [self._choice(state, asked=state.collection.id in words) for state in states]
        if states:
            choices.append(Choice(tr("A single file…"), self._begin_mention, icon="file-text", key="@", separated=True))
        more = tr("Add a folder…") if states else tr("Attach a folder first…")
        choices.append(Choice(more, self.page_asked.emit, icon="plus", separated=not states))
        popover = Popover(tr("Ask folders and files"), choices, self._appearance, self._composer.window())
        popover.open_at(self._composer.folders_button, above=True)

    def _choice(self, state: CollectionState, *, asked: bool) -> Choice:
        one = state.collection
        place = Place(one.id, one.name, private=one.private)
        files = tr("{count} files").format(count=f"{state.counts.get(FileStatus.INDEXED, 0):,}")
        note = state.problem or shown(str(one.path))
        act = (lambda: self.remove(one.id)) if asked else (lambda: self.add(place))
        private = tr("private")
        detail = f"{files} · {private}" if one.private else files
        return Choice(one.name, act, icon=place.icon, detail=detail, checked=asked, note=note)

    def _begin_mention(self) -> None:
        draft = self._composer.draft
        cursor = draft.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        draft.setFocus()
        draft.insertPlainText("@" if not before or before.endswith(" ") else " @")

    def _load(self) -> None:
        if not self._loading:
            self._loading = True
            self._bridge.run(
                lambda _job: self._workbench.documents.collections(), on_done=self._take, on_failed=self._not_loaded
            )

    def _take(self, states: tuple[CollectionState, ...]) -> None:
        self._loading, self._states = False, states
        self.show()

    def _not_loaded(self, error: object) -> None:
        self._loading = False
        self._toasts.tell(error)  # type: ignore[arg-type]

    def _ask(self, query: str) -> None:
        """Wait for a pause in the typing."""
        self._query = query
        self._soon.start()

    def _look(self) -> None:
        query, workbench = self._query, self._workbench
        if self._looking is not None:
            self._looking.cancel.cancel()

        def look(job: Job) -> tuple[tuple[CollectionState, ...], list[tuple[CollectionState, Document]]]:
            documents = workbench.documents
            states = documents.collections()
            files: list[tuple[CollectionState, Document]] = []
            for state in states if query else ():
                job.cancel.check()
                found = documents.items(state.collection.id, (FileStatus.INDEXED,), query, 4 * MOST_OFFERED)
                files += [(state, one) for one in found]
            return states, files

        self._looking = self._bridge.run(
            look, on_done=lambda found: self._show_found(query, *found), on_failed=lambda _error: None
        )

    def _show_found(
        self,
        query: str,
        states: tuple[CollectionState, ...],
        files: list[tuple[CollectionState, Document]],
    ) -> None:
        self._states = states
        places = [one for one in offered(states, files, query) if one.word not in self._chat().state.folders]
        nothing = tr(NONE_YET) if not states else tr("No folder or file is called so.") if query else ""
        self.mentions.show_places(query, places, "" if len(query) > 24 else nothing)
