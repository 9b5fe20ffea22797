"""The work behind the Prompts page: the library is read, searched and changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.notify import Toasts
from ui.prompts import drafts
from ui.prompts.comparing import Comparing
from ui.prompts.draft_keeper import DraftKeeper
from ui.prompts.drafts import PromptDraft
from ui.prompts.editor.desk import EditorDesk
from ui.prompts.exchanging import Exchanging
from ui.prompts.page import PromptsPage
from ui.prompts.state import LibraryState, Sort
from ui.prompts.words import count_words, gain_words
from ui.translation import tr
from ui.widgets.popover import Choice, Popover
from workbench.errors import WorkbenchError
from workbench.events import Changed, Topic
from workbench.jobs import Job
from workbench.messages import Id, UsedPrompt
from workbench.prompts.prompt import Prompt, SavedPrompt

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.prompts.library import Prompts
    from workbench.prompts.warming import Gain

MOST_FOUND = 200


@dataclass(frozen=True, slots=True)
class _Read:
    """``drafts`` None: they are known. ``told``: of the prompts' files."""

    prompts: tuple[SavedPrompt, ...]
    drafts: dict[Id, PromptDraft] | None
    told: tuple[str, ...]


class PromptsDesk(QObject):
    """``use_asked`` carries the id of a prompt that is to be used in a chat, ``batch_asked`` of one that is to run on many
    inputs."""

    use_asked = Signal(str)
    batch_asked = Signal(str)

    def __init__(
        self, bridge: Bridge, workbench: Workbench, appearance: Appearance, page: PromptsPage, toasts: Toasts
    ) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._page = page
        self._toasts = toasts
        self._state = LibraryState()
        self._reading = False
        self._stale = False
        self._search = 0
        self._keeper = DraftKeeper(bridge, drafts.folder(workbench.paths), self)
        self.editor = EditorDesk(bridge, workbench, appearance, page.editor, toasts, self._keeper)
        self._comparing = Comparing(bridge, workbench, page, toasts)
        self.exchanging = Exchanging(bridge, workbench, appearance, page, toasts)
        self._connect()
        bridge.listen(self._on_changed)

    @property
    def read(self) -> bool:
        """Whether the library is known and nothing of it is being read."""
        return self._state.prompts is not None and not self._reading

    def flush(self) -> None:
        """The program ends: what is written is on the disk then."""
        self._keeper.flush()

    def open(self, prompt_id: Id) -> None:
        """A prompt in the editor."""
        self._bridge.run(lambda _job: self._prompts.get(prompt_id), on_done=self._edit, on_failed=self._toasts.tell)

    def open_used(self, used: UsedPrompt) -> None:
        """The prompt of a question: in the editor where it is as it was then, else that version among the others."""

        def show(one: SavedPrompt | None) -> None:
            if one is None:
                words = tr("“{title}” is not in the library any more. Look into the bin.")
                self._toasts.show(words.format(title=used.title), tr("Bin"), self._page.show_bin)
                return
            self._edit(one)
            if one.version != used.version:
                self._show_history(one, used.version)

        def find(_job: Job) -> SavedPrompt | None:
            return next((one for one in self._prompts.all() if one.id == used.prompt_id), None)

        self._bridge.run(find, on_done=show, on_failed=self._toasts.tell)

    def write_new(self, prompt: Prompt | None = None) -> None:
        """A new prompt in the editor. One that was left unfinished comes back; where it is to begin with ``prompt``, the
        unfinished one is saved as it is."""
        if prompt is not None:
            self.editor.save_unfinished()
        self.editor.begin(None, prompt)
        self._page.show_editor()
        self._page.editor.head.title.setFocus()

    @property
    def _prompts(self) -> Prompts:
        return self._workbench.prompts

    # Reading ----------------------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Read the library; what changes meanwhile is read after that."""
        if self._reading:
            self._stale = True
            return
        self._reading = True
        first = self._state.prompts is None
        self._bridge.run(lambda _job: self._read(first=first), on_done=self._take, on_failed=self._fail)

    def _read(self, *, first: bool) -> _Read:
        """In a worker. The drafts of a former run only the first time: after that they are known here."""
        kept = drafts.load(drafts.folder(self._workbench.paths)) if first else None
        return _Read(self._prompts.all(), kept, tuple(str(one) for one in self._workbench.prompt_files.told))

    def _take(self, found: _Read) -> None:
        prompts = found.prompts
        if found.drafts is not None:
            self._keeper.known = {**found.drafts, **self._keeper.known}
            self._models()
            self._load_gains()
        self._show(replace(self._state, prompts=prompts, told=found.told))
        self._page.settle_focus()
        self._follow(prompts)
        if self._state.words:
            self._look_for(self._state.words)
        self._ended()

    def _follow(self, prompts: tuple[SavedPrompt, ...]) -> None:
        open_now = self.editor.saved
        if open_now is not None:
            there = next((one for one in prompts if one.id == open_now.id), None)
            self.editor.follow(there)
            if there is not None and self._page.in_history:
                self._comparing.load(there)

    def _fail(self, error: WorkbenchError) -> None:
        self._page.library.show_failure(error)
        self._ended()

    def _ended(self) -> None:
        self._reading = False
        if self._stale:
            self._stale = False
            self.load()

    def _load_gains(self) -> None:
        """What it brings that favourites are kept warm, as it was measured."""
        self._bridge.run(lambda _job: self._workbench.warm_prompts.gains(), on_done=self._show_gains)

    def _show_gains(self, gains: Sequence[Gain]) -> None:
        """Of several models the newest that was measured."""
        told = {one.prompt_id: words for one in gains if (words := gain_words(one.cold_seconds, one.warm_seconds))}
        if told != self._state.gains:
            self._show(replace(self._state, gains=told))

    def _models(self) -> None:
        def names(models: tuple[str, ...]) -> None:
            self._page.editor.show_models(models)

        self._bridge.run(lambda _job: tuple(one.name for one in self._workbench.models.list()), on_done=names)

    def _on_changed(self, changed: Changed) -> None:
        if Topic.ENGINE in changed.topics and self._page.isVisible():
            self._load_gains()
        if Topic.PROMPTS in changed.topics and self._page.isVisible():
            self.load()
            if self._page.in_bin:
                self._load_bin()

    def _show(self, state: LibraryState) -> None:
        self._state = replace(state, drafts=frozenset(self._keeper.known))
        self._page.library.show_state(self._state)

    # The list ---------------------------------------------------------------------------------------------------------

    def _look_for(self, words: str) -> None:
        """The newest search counts: what an older one finds comes too late."""
        self._search += 1
        number = self._search
        if not words:
            self._show(replace(self._state, words="", found=None))
            return
        self._state = replace(self._state, words=words)
        self._bridge.run(
            lambda _job: self._prompts.find(words, limit=MOST_FOUND),
            on_done=lambda found: self._show_found(number, found),
        )

    def _show_found(self, number: int, found: tuple[SavedPrompt, ...]) -> None:
        if number == self._search:
            self._show(replace(self._state, found=found))

    def _show_tag(self, tag: str) -> None:
        self._show(replace(self._state, tag=tag))

    def _sort(self, sort: Sort) -> None:
        self._show(replace(self._state, sort=sort))

    # One prompt -------------------------------------------------------------------------------------------------------

    def _edit(self, one: SavedPrompt) -> None:
        self.editor.begin(one)
        self._page.show_editor()

    def _back_to_list(self) -> None:
        self._show(self._state)
        self._page.show_library()

    def _star(self, one: SavedPrompt) -> None:
        self._bridge.run(
            lambda _job: self._prompts.favourite(one.id, on=not one.favourite), on_failed=self._toasts.tell
        )

    def _duplicate(self, one: SavedPrompt) -> None:
        self._bridge.run(lambda _job: self._prompts.duplicate(one.id), on_done=self._edit, on_failed=self._toasts.tell)

    def _remove(self, one: SavedPrompt) -> None:
        """Into the bin, with what is not saved of it."""
        self.editor.forget_draft(one.id)

        def removed(_gone: SavedPrompt) -> None:
            words = tr("“{title}” is in the bin.").format(title=one.prompt.title)
            self._toasts.show(words, tr("Undo"), partial(self._bring_back, one))

        self._bridge.run(lambda _job: self._prompts.remove(one.id), on_done=removed, on_failed=self._toasts.tell)

    def _bring_back(self, one: SavedPrompt) -> None:
        words = tr("“{title}” is back.").format(title=one.prompt.title)
        self._bridge.run(
            lambda _job: self._prompts.bring_back(one.id),
            on_done=lambda _back: self._toasts.show(words),
            on_failed=self._toasts.tell,
        )

    def _erase(self, gone: tuple[SavedPrompt, ...]) -> None:
        words = tr("{count} removed for good.").format(count=count_words(len(gone)))
        self._bridge.run(
            lambda _job: self._prompts.erase([one.id for one in gone]),
            on_done=lambda _none: self._toasts.show(words),
            on_failed=self._toasts.tell,
        )

    def _load_bin(self) -> None:
        self._bridge.run(lambda _job: self._prompts.bin(), on_done=self._page.bin.show_prompts)

    def _use(self) -> None:
        """As it is saved; what is not saved yet is, first."""
        self.editor.when_saved(lambda one: self.use_asked.emit(one.id))

    def _show_history(self, one: SavedPrompt, number: int = 0) -> None:
        self._page.show_history()
        self._page.history.begin(number)
        self._comparing.load(one)

    def _restore(self, number: int) -> None:
        one = self.editor.saved
        if one is None:
            return

        def back(saved: SavedPrompt) -> None:
            self.editor.forget_draft(saved.id)
            self._edit(saved)
            self._toasts.show(tr("Version {number} is the newest again.").format(number=number))

        self._bridge.run(
            lambda _job: self._prompts.restore_version(one.id, number), on_done=back, on_failed=self._toasts.tell
        )

    # Actions ----------------------------------------------------------------------------------------------------------

    def _offer(self, one: SavedPrompt, corner: QPoint) -> None:
        """Beside the row of the list that they are about."""
        popover = Popover(tr("Actions"), self._choices(one, listed=True), self._appearance, self._page.window())
        popover.open_with_corner(corner)

    def _offer_more(self, anchor: QWidget) -> None:
        one = self.editor.saved
        if one is not None:
            choices = self._choices(one, listed=False)
            Popover(tr("Actions"), choices, self._appearance, self._page.window()).open_at(anchor)

    def _choices(self, one: SavedPrompt, *, listed: bool) -> list[Choice]:
        star = tr("No favourite any more") if one.favourite else tr("Make it a favourite")
        of_the_list = [
            Choice(tr("Use in a chat"), partial(self.use_asked.emit, one.id), icon="message-square"),
            Choice(tr("Edit"), partial(self._edit, one), icon="pencil"),
            Choice(star, partial(self._star, one), icon="star"),
        ]
        return [
            *(of_the_list if listed else ()),
            Choice(tr("Run on many inputs"), partial(self.batch_asked.emit, one.id), icon="layers"),
            Choice(tr("Duplicate"), partial(self._duplicate, one), icon="copy"),
            *((Choice(tr("Versions"), partial(self._open_history, one), icon="history"),) if listed else ()),
            Choice(tr("Export…"), partial(self._export, one), icon="download"),
            Choice(tr("Remove"), partial(self._remove, one), icon="trash-2", danger=True, separated=True),
        ]

    def _export(self, one: SavedPrompt) -> None:
        listed = self._page.library.list
        self.exchanging.offer_export(one, self._page.editor.more if self._page.in_editor else listed)

    def _open_history(self, one: SavedPrompt) -> None:
        self._edit(one)
        self._show_history(one)

    def _connect(self) -> None:
        page = self._page
        page.looked_at.connect(self.load)
        page.bin_asked.connect(self._load_bin)
        view = page.library
        view.again_asked.connect(self.load)
        view.searched.connect(self._look_for)
        view.tagged.connect(self._show_tag)
        view.sorted.connect(self._sort)
        view.new_asked.connect(lambda: self.write_new())
        view.import_asked.connect(self.exchanging.offer_import)
        view.starters_asked.connect(self.exchanging.add_starters)
        view.list.starred.connect(self._star)
        view.list.opened.connect(self._edit)
        view.list.removed.connect(self._remove)
        view.list.more_asked.connect(self._offer)
        page.bin.returned.connect(self._bring_back)
        page.bin.erased.connect(self._erase)
        self.editor.left.connect(self._back_to_list)
        self.editor.opened.connect(self.open)
        page.editor.use_asked.connect(self._use)
        page.editor.star_asked.connect(lambda: self._star(self.editor.saved) if self.editor.saved else None)
        page.editor.history_asked.connect(lambda: self._show_history(self.editor.saved) if self.editor.saved else None)
        page.editor.more_asked.connect(self._offer_more)
        page.history.left.connect(page.show_editor)
        page.history.restored.connect(self._restore)
