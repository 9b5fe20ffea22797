"""The work behind the editor: what is typed is kept at once, checked and previewed; saving makes a version of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.notify import Toasts, announce
from ui.prompts.draft_keeper import DraftKeeper
from ui.prompts.drafts import NEW, PromptDraft
from ui.prompts.editor.folders import FolderField
from ui.prompts.editor.looking import Looking
from ui.prompts.editor.testing import Testing
from ui.prompts.editor.view import EditorView
from ui.prompts.words import ago_words
from ui.translation import tr
from ui.widgets.notice import NoticeCard
from workbench.errors import UsageError, WorkbenchError
from workbench.prompts import names
from workbench.prompts.library import Saved
from workbench.prompts.prompt import Prompt, SavedPrompt
from workbench.prompts.tidy import tidied

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.messages import Id

PAUSE_MILLISECONDS = 150  # between the last key and what is said about it
TITLE_CHARACTERS = 60
EMPTY = Prompt("", "")


class EditorDesk(QObject):
    """``left``: the editor may go out of view. ``opened``: another prompt is asked for (its id)."""

    left = Signal()
    opened = Signal(str)

    def __init__(
        self,
        bridge: Bridge,
        workbench: Workbench,
        appearance: Appearance,
        view: EditorView,
        toasts: Toasts,
        keeper: DraftKeeper,
    ) -> None:
        super().__init__(view)
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._view = view
        self._toasts = toasts
        self._keeper = keeper
        self.saved: SavedPrompt | None = None
        self._open = False
        self._version = 0  # that the fields were written on
        self._saving = False
        self._again = False
        self._leaving = False
        self._then: Callable[[SavedPrompt], None] | None = None
        self._last_values: dict[str, str] = {}
        self._looking = Looking(bridge, workbench, view)
        self._testing = Testing(bridge, workbench, view.tests, self.when_saved)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._look)
        view.edited.connect(self._on_edited)
        view.save_asked.connect(self.save)
        view.left.connect(self.leave)
        view.folders_asked.connect(self._offer_folders)
        view.preview.step_chosen.connect(self._look)

    @property
    def changed(self) -> bool:
        """Whether something stands in the fields that is no version yet."""
        return self._open and self._view.prompt != (self.saved.prompt if self.saved else EMPTY)

    def begin(self, saved: SavedPrompt | None, prompt: Prompt | None = None) -> None:
        """Edit ``saved``, None: a new one, which may begin with ``prompt``. A draft of it that was left comes back."""
        draft = self._keeper.known.get(saved.id if saved else NEW)
        self.saved, self._open, self._leaving = saved, True, False
        self._version = draft.version if draft else saved.version if saved else 0
        self._last_values = {}
        self._view.begin(draft.prompt if draft else prompt or (saved.prompt if saved else EMPTY))
        self._show_status()
        self._testing.begin(saved)
        if draft and saved and draft.version < saved.version:
            self._tell_newer(saved)
        if saved is not None:
            prompt_id = saved.id
            self._bridge.run(
                lambda _job: dict(self._workbench.prompts.last_values(prompt_id)), on_done=self._take_values
            )
        self._look()

    def save_unfinished(self) -> None:
        """A new prompt that was left unfinished, to make room for another one. One with nothing to save goes."""
        if self._open and self.changed:
            self._keep()
        draft = self._keeper.known.get(NEW)
        if draft is None:
            return
        self._keeper.forget(NEW)
        try:
            written = tidied(finished(draft.prompt))
        except UsageError:
            return
        self._bridge.run(lambda _job: self._workbench.prompts.save(written), on_failed=self._toasts.tell)

    def follow(self, saved: SavedPrompt | None) -> None:
        """The library changed: ``saved`` is what it has of the prompt that is open, None where it is gone."""
        if not self._open or self._saving or self.saved is None:
            return
        before, changed = self.saved, self.changed
        if saved is None or saved.removed_at is not None:
            self._tell_gone()
            return
        self.saved = saved
        if saved.version > before.version and saved.version != self._version:
            if changed:
                self._tell_newer(saved)
            else:
                self._version = saved.version
                self._view.show_prompt(saved.prompt)
                self._look()
        self._show_status()

    def leave(self) -> None:
        """Save what changed, then go. What cannot be saved stays a draft."""
        if not self.changed:
            self._close()
        elif _says_nothing(self._view.prompt):
            self._keeper.forget(self._id)
            self._close()
        else:
            self._leaving = True
            self.save()

    def when_saved(self, act: Callable[[SavedPrompt], None]) -> None:
        """Save what changed, then do this with it; where it cannot be saved, nothing."""
        if not self.changed and self.saved is not None:
            act(self.saved)
        elif self.changed:
            self._then = act
            self.save()

    def save(self) -> None:
        """A version of what is written; while one is being saved, another one after it."""
        if self._saving:
            self._again = True
            return
        if not self.changed:
            return
        shown = self._view.prompt
        written = finished(shown)
        try:
            tidied(written)
        except UsageError as error:
            self._not_saved(error)
            return
        self._saving = True
        prompt_id, version = (self.saved.id if self.saved else None), self._version
        self._bridge.run(
            lambda _job: self._workbench.prompts.save(written, prompt_id, instead_of=version if prompt_id else None),
            on_done=lambda done: self._was_saved(done, prompt_id or NEW, shown),
            on_failed=self._not_saved,
        )

    def forget_draft(self, prompt_id: Id) -> None:
        """It is thrown away: so is what was not saved of it."""
        self._keeper.forget(prompt_id)
        if self._open and self._id == prompt_id:
            self._close()

    # Saving -----------------------------------------------------------------------------------------------------------

    @property
    def _id(self) -> Id:
        return self.saved.id if self.saved else NEW

    def _was_saved(self, done: Saved, draft_of: Id, shown: Prompt) -> None:
        """What was typed while it was being saved is another draft."""
        self._saving = False
        self._keeper.forget(draft_of)
        if not self._open:
            return
        theirs = self.saved
        typed_on = self._view.prompt != shown
        self.saved, self._version = done.prompt, done.prompt.version
        if not typed_on:
            self._view.show_prompt(done.prompt.prompt)  # as it is kept: names and tags may have been put right
        else:
            self._keep()
        if done.beside and theirs is not None:
            self._tell_both(done.prompt, theirs)
        elif not self._leaving:
            announce(self._view, tr("Saved as version {number}.").format(number=done.prompt.version))
        self._show_status()
        again, self._again = self._again, False
        then, self._then = self._then, None
        if then is not None:
            then(done.prompt)
        if self._leaving:
            self._close()
            self._toasts.show(_saved_words(done))
        elif again:
            self.save()

    def _not_saved(self, error: WorkbenchError) -> None:
        """It stays a draft, and the person hears why."""
        self._saving = False
        leaving, self._leaving, self._then = self._leaving, False, None
        self._keep()
        if leaving and isinstance(error, UsageError):
            self._close()
            self._toasts.show(" ".join((tr("Kept as a draft."), error.message)))
            return
        card = NoticeCard(self._appearance, error.message, error.hint, detail=error.detail, severe=True)
        self._view.show_notice(card)
        announce(self._view, error.message)

    def _close(self) -> None:
        self._open = False
        self._pause.stop()
        self._looking.stop()
        self.left.emit()

    # Somebody else ----------------------------------------------------------------------------------------------------

    def _tell_both(self, ours: SavedPrompt, theirs: SavedPrompt) -> None:
        words = tr("Both are kept.")
        hint = tr("Somebody else changed “{theirs}” meanwhile. What you wrote is beside it, as “{ours}” (/{name}).")
        hint = hint.format(theirs=theirs.prompt.title, ours=ours.prompt.title, name=ours.prompt.name)
        other = theirs.id
        steps = ((tr("Open the other one"), lambda: self.opened.emit(other)), (tr("Close"), self._end_notice))
        self._view.show_notice(NoticeCard(self._appearance, words, hint, steps=steps))
        self._toasts.show(f"{words} {hint}")

    def _tell_newer(self, saved: SavedPrompt) -> None:
        words = tr("This prompt was changed elsewhere, {when}.").format(when=ago_words(saved.changed_at, time.time()))
        hint = tr("When you save, both are kept: theirs under its name, yours beside it.")
        steps = ((tr("Show theirs instead"), self._take_theirs), (tr("Close"), self._end_notice))
        self._view.show_notice(NoticeCard(self._appearance, words, hint, steps=steps))

    def _tell_gone(self) -> None:
        """In the bin or erased, by somebody else."""
        if not self.changed:
            self._close()
            return
        words = tr("This prompt was removed elsewhere.")
        hint = tr("Saving keeps what you wrote as a prompt of its own.")
        written = self._view.prompt
        self._keeper.forget(self._id)
        self.saved, self._version = None, 0
        self._keeper.keep(PromptDraft(NEW, 0, written))
        self._view.show_notice(NoticeCard(self._appearance, words, hint))
        self._show_status()

    def _take_theirs(self) -> None:
        if self.saved is not None:
            self._keeper.forget(self.saved.id)
            self.begin(self.saved)

    def _end_notice(self) -> None:
        self._view.show_notice(None)

    # While one types --------------------------------------------------------------------------------------------------

    def _on_edited(self) -> None:
        if self._open:
            self._show_status(changed=self._keep())
            self._pause.start()

    def _keep(self) -> bool:
        """Says whether there is something to keep."""
        written = self._view.prompt
        changed = written != (self.saved.prompt if self.saved else EMPTY)
        if changed:
            self._keeper.keep(PromptDraft(self._id, self._version, written))
        else:
            self._keeper.forget(self._id)
        return changed

    def _show_status(self, *, changed: bool | None = None) -> None:
        saved = self.saved
        changed = self.changed if changed is None else changed
        if changed:
            words = tr("Not saved")
        elif saved is None:
            words = ""
        else:
            words = tr("Version {number}").format(number=saved.version)
        title = self._view.head.title.text().strip()
        self._view.show_kept(title, words, favourite=saved.favourite if saved else None, changed=changed)

    def _look(self) -> None:
        """What is wrong with it, and how it reads."""
        if self._open:
            prompt = self._view.prompt
            self._view.follow(prompt)
            self._looking.look(prompt, self._last_values)

    def _offer_folders(self, field: FolderField) -> None:
        def offer(names: tuple[str, ...]) -> None:
            if field.isVisible():
                field.offer(names)

        self._bridge.run(
            lambda _job: tuple(one.collection.name for one in self._workbench.documents.collections()),
            on_done=offer,
            on_failed=self._toasts.tell,
        )

    def _take_values(self, values: dict[str, str]) -> None:
        self._last_values = values
        self._look()


def finished(prompt: Prompt) -> Prompt:
    """With a title and a name where the person gave none: how its text begins."""
    title = prompt.title.strip() or _begins(prompt)
    return replace(prompt, title=title, name=prompt.name.strip() or (names.slug(title) if title else ""))


def _begins(prompt: Prompt) -> str:
    text = next((one for one in (prompt.text, prompt.system, *(step.text for step in prompt.steps)) if one.strip()), "")
    line = " ".join(text.strip()[:1000].splitlines()[0].split()) if text.strip() else ""
    return line if len(line) <= TITLE_CHARACTERS else line[:TITLE_CHARACTERS].rsplit(" ", 1)[0] + "…"


def _says_nothing(prompt: Prompt) -> bool:
    return not any(one.strip() for one in (prompt.title, prompt.text, prompt.system, prompt.notes)) and not prompt.steps


def _saved_words(done: Saved) -> str:
    if done.beside:
        return tr("Somebody else changed it meanwhile: both are kept.")
    return tr("{title} is saved, version {number}.").format(title=done.prompt.prompt.title, number=done.prompt.version)
