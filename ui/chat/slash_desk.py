"""Saved prompts in the chats: the list that "/" opens, the form above the composer, the chip of what a question is written
with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.mention_list import MentionList
from ui.chat.page import ChatPage
from ui.chat.slash import MOST_OFFERED, CloudOffer, PromptOffer, meets_cloud, offers, slash_in
from ui.chat.words import shortened
from ui.command_list import Command
from ui.notify import Toasts, announce
from ui.prompts.form import PromptForm
from ui.prompts.form_filling import FilledPrompt, Filling
from ui.prompts.form_values import starting
from ui.translation import tr
from ui.widgets.popover import Choice, Popover
from workbench.errors import WorkbenchError
from workbench.jobs import Job
from workbench.messages import Id, UsedPrompt
from workbench.prompts.filling.fill import asked
from workbench.prompts.prompt import Prompt, SavedPrompt
from workbench.prompts.using import used_prompt

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.chat.projects.projects import Project

TYPING_MILLISECONDS = 10
READY_MILLISECONDS = 800  # after the window is there: by then it is painted, and nobody has typed yet
TITLE_CHARACTERS = 60
IN_BUTTON = 8  # prompts in the list of the button


class SlashPrompts(QObject):
    """``project`` tells that of the chat in view. ``save_asked`` carries a `Prompt` to be written into the library,
    ``library_asked``: its page is wanted. ``version_asked`` carries a `UsedPrompt` that is to be looked at as it was
    then. ``run_asked`` carries the id of a prompt with steps. ``cloud_asked``: a stronger
    model is to be asked what stands in the message."""

    save_asked = Signal(object)
    library_asked = Signal()
    version_asked = Signal(object)
    run_asked = Signal(str)
    cloud_asked = Signal()

    def __init__(
        self,
        bridge: Bridge,
        workbench: Workbench,
        appearance: Appearance,
        page: ChatPage,
        toasts: Toasts,
        project: Callable[[], Project | None],
        cloud: Callable[[], bool] = lambda: False,
    ) -> None:
        """``cloud``: whether a stronger model can be asked."""
        super().__init__(page)
        self._cloud = cloud
        self._bridge, self._workbench, self._appearance = bridge, workbench, appearance
        self._page, self._composer, self._toasts, self._project = page, page.composer, toasts, project
        self._filling = Filling(bridge, workbench, self)
        self._looking: Job | None = None
        self._query = ""
        self._form: PromptForm | None = None
        self._typed: dict[Id, Mapping[str, str]] = {}
        self._values: dict[Id, Mapping[str, str]] = {}
        self.list = MentionList(appearance, page.composer.draft, slash_in, tr("Prompts"))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(TYPING_MILLISECONDS)
        self._soon.timeout.connect(self._look)
        self.list.asked.connect(self._ask)
        self.list.chosen.connect(self._choose_offer)
        page.composer.prompt_chip.removed.connect(self._leave_out)
        page.composer.prompts_button.clicked.connect(self.offer)
        QTimer.singleShot(READY_MILLISECONDS, self, self._get_ready)

    @property
    def form(self) -> PromptForm | None:
        """The one that is open."""
        return self._form

    def use(self, prompt_id: Id) -> None:
        """Write the next question with this prompt: at once, or with a form where something is to be filled in."""
        prompts = self._workbench.prompts

        def read(_job: Job) -> tuple[SavedPrompt, Mapping[str, str]]:
            saved = prompts.get(prompt_id)
            return saved, prompts.last_values(saved.id)

        self._bridge.run(read, on_done=lambda found: self._begin(*found), on_failed=self._toasts.tell)

    def sent(self, used: UsedPrompt | None) -> None:
        """A question that was written with it was sent: that is counted."""
        if used is None:
            return
        values = self._values.pop(used.prompt_id, {})
        self._typed.pop(used.prompt_id, None)
        self._bridge.run(
            lambda _job: self._workbench.prompts.used(used.prompt_id, values), on_failed=lambda _error: None
        )

    def save(self, text: str, used: UsedPrompt | None = None) -> None:
        """Make a prompt of what a person wrote; the editor opens with it."""
        if not text.strip():
            self._toasts.show(tr("Write something first."), seconds=4)
            return
        line = next((line.strip() for line in text.splitlines() if line.strip()), "")
        self.save_asked.emit(Prompt(shortened(line, TITLE_CHARACTERS), "", text.strip(), used.system if used else ""))

    def open(self, used: UsedPrompt | None) -> None:
        """Look at the prompt that a question was written with, as it was then."""
        if used is not None:
            self.version_asked.emit(used)

    def find(self, query: str, take: Callable[[tuple[PromptOffer, ...]], None]) -> None:
        """What these letters may mean, outside of any chat."""
        self._bridge.run(
            lambda _job: self._found(query, MOST_OFFERED),
            on_done=lambda found: take(offers(found)),
            on_failed=lambda _error: None,
        )

    def offer(self) -> None:
        """The first prompts as a list beside the button, and what else can be done with prompts."""
        self._bridge.run(
            lambda _job: self._workbench.prompts.find("", limit=self._wanted()),
            on_done=self._offer,
            on_failed=self._toasts.tell,
        )

    def offer_commands(self, take: Callable[[list[Command]], None]) -> None:
        """All prompts, for the list of commands: ``take`` is called once they are read."""

        def told(known: tuple[SavedPrompt, ...]) -> None:
            take([self._command(one) for one in known])

        self._bridge.run(lambda _job: self._workbench.prompts.all(), on_done=told, on_failed=lambda _error: None)

    def _command(self, one: SavedPrompt) -> Command:
        name = f"/{one.prompt.name}"
        icon = "star" if one.favourite else "book-open"
        also = " ".join((name, tr("prompt")))
        return Command(one.prompt.title, partial(self.use, one.id), icon, name, also=also)

    def _get_ready(self) -> None:
        """The library is read before the first "/": what it finds for a letter is what takes its time once."""
        self._bridge.run(lambda _job: self._found("a", 1), on_failed=lambda _error: None)

    # The list ---------------------------------------------------------------------------------------------------------

    def _ask(self, query: str) -> None:
        self._query = query
        self._soon.start()

    def _look(self) -> None:
        query, limit = self._query, self._wanted()
        if self._looking is not None:
            self._looking.cancel.cancel()
        self._looking = self._bridge.run(
            lambda _job: self._found(query, limit),
            on_done=lambda found: self.list.show_places(query, self._offered(query, found)),
            on_failed=lambda _error: None,
        )

    def _offered(self, query: str, found: tuple[SavedPrompt, ...]) -> tuple[PromptOffer | CloudOffer, ...]:
        prompts = offers(found, self._pinned())
        return (CloudOffer(), *prompts) if self._cloud() and meets_cloud(query) else prompts

    def _choose_offer(self, offer: PromptOffer | CloudOffer) -> None:
        if isinstance(offer, CloudOffer):
            self.cloud_asked.emit()
        else:
            self.use(offer.prompt_id)

    def _found(self, query: str, limit: int) -> tuple[SavedPrompt, ...]:
        return self._workbench.prompts.find(query, limit=limit)

    def _wanted(self) -> int:
        """Pinned ones may stand anywhere in what is found."""
        return 200 if self._pinned() else MOST_OFFERED

    def _pinned(self) -> tuple[str, ...]:
        project = self._project()
        return project.prompts if project is not None else ()

    def _offer(self, found: tuple[SavedPrompt, ...]) -> None:
        shown = offers(found, self._pinned())[:IN_BUTTON]
        choices = [self._choice(one) for one in shown]
        if shown:
            choices.append(Choice(tr("Search…"), self._begin_search, icon="search", key="/", separated=True))
        text = self._composer.text()
        choices.append(
            Choice(
                tr("Save this message as a prompt…"),
                lambda: self.save(text, self._composer.prompt),
                icon="plus",
                enabled=bool(text),
                separated=not shown,
            )
        )
        choices.append(Choice(tr("Prompt library"), self.library_asked.emit, icon="book-open"))
        popover = Popover(tr("Prompts"), choices, self._appearance, self._composer.window())
        popover.open_at(self._composer.prompts_button, above=True)

    def _choice(self, one: PromptOffer) -> Choice:
        return Choice(one.name, lambda: self.use(one.prompt_id), icon=one.icon, note=one.detail)

    def _begin_search(self) -> None:
        draft = self._composer.draft
        cursor = draft.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        draft.setFocus()
        draft.insertPlainText("/" if not before or before.endswith(" ") else " /")

    # Filling ----------------------------------------------------------------------------------------------------------

    def _begin(self, saved: SavedPrompt, last: Mapping[str, str]) -> None:
        self.close_form()
        if saved.prompt.steps:
            self.run_asked.emit(saved.id)
            return
        variables = asked(saved.prompt)
        if not variables:
            self._fill(saved, {}, self._insert)
            return
        values = starting(variables, last, self._typed.get(saved.id))
        self._form = form = PromptForm(self._appearance, saved, variables, values)
        form.sent.connect(lambda values: self._fill(saved, values, self._send))
        form.inserted.connect(lambda values: self._fill(saved, values, self._insert))
        form.copied.connect(lambda values: self._fill(saved, values, self._copy))
        form.left.connect(self.leave_form)
        form.previewed.connect(lambda values: self._preview(form, values))
        self._page.put_above_composer(form)
        form.fit(self._page.window().height())
        form.take_focus()

    def leave_form(self) -> None:
        """What was typed into it stands there the next time."""
        form = self._form
        if form is not None:
            self._typed[form.saved.id] = form.values
            self.close_form()
            self._composer.draft.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_form(self) -> None:
        form, self._form = self._form, None
        if form is not None:
            form.hide()
            form.deleteLater()

    def _preview(self, form: PromptForm, values: Mapping[str, str]) -> None:
        def show(filled: FilledPrompt) -> None:
            if self._form is form:
                form.show_preview(filled)

        def failed(error: WorkbenchError) -> None:
            if self._form is form:
                form.show_problem(f"{error.message} {error.hint}".strip())

        self._filling.preview(form.saved, values, show, failed)

    def _fill(
        self, saved: SavedPrompt, values: Mapping[str, str], then: Callable[[SavedPrompt, FilledPrompt], None]
    ) -> None:
        form = self._form

        def done(filled: FilledPrompt) -> None:
            self._values[saved.id] = values
            then(saved, filled)

        def failed(error: WorkbenchError) -> None:
            if form is not None and self._form is form:
                form.show_busy(False)
                form.show_problem(f"{error.message} {error.hint}".strip())
            else:
                self._toasts.tell(error)

        if form is not None:
            form.show_busy(True)
        self._filling.fill(saved, values, done, failed)

    def _insert(self, saved: SavedPrompt, filled: FilledPrompt) -> None:
        """Into the draft, where the cursor stands, to be edited."""
        self.close_form()
        draft = self._composer.draft
        cursor = draft.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        draft.insertPlainText(f"\n\n{filled.text}" if before and not before[-1].isspace() else filled.text)
        used = used_prompt(saved, filled.system, filled.folders, self._values.get(saved.id))
        self._composer.show_prompt(used, filled.notes)
        draft.ensureCursorVisible()
        draft.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self._composer, tr("The prompt {title} is in the message.").format(title=saved.prompt.title))

    def _send(self, saved: SavedPrompt, filled: FilledPrompt) -> None:
        self._insert(saved, filled)
        self._composer.draft.submitted.emit()

    def _copy(self, _saved: SavedPrompt, filled: FilledPrompt) -> None:
        if self._form is not None:
            self._form.show_busy(False)
        QGuiApplication.clipboard().setText(filled.whole)
        self._toasts.show(tr("The filled prompt is on the clipboard."), seconds=4)

    def _leave_out(self) -> None:
        """The words stay; nothing else of the prompt does."""
        self._composer.show_prompt(None)
        self._composer.draft.setFocus(Qt.FocusReason.OtherFocusReason)
