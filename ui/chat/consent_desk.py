"""The questions that wait for the person: in the transcript where an answer waits, and as a mark in the list of chats."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.bridge import Bridge
from ui.chat.consents import REFUSE, REVIEW, ConsentAnswer, spoken, waiting_words
from ui.chat.further import goes_on
from ui.chat.live import LiveChat, LiveChats
from ui.chat.page import ChatPage
from ui.chat.sidebar import Sidebar
from ui.notify import Toasts, announce
from workbench.consents.consent import Consent, ConsentKind, Scope
from workbench.errors import WorkbenchError
from workbench.events import Topic
from workbench.messages import Id

if TYPE_CHECKING:
    from workbench.app import Workbench


class ConsentDesk(QObject):
    """``chat`` tells which one is in view. ``review_asked`` carries the `Consent` to be looked at on its sheet.
    ``came``: something waits in a chat since now, in words. ``waits``: what waits longest in any chat; empty: nothing."""

    review_asked = Signal(object)
    came = Signal(str, str)
    waits = Signal(str)

    def __init__(
        self,
        bridge: Bridge,
        workbench: Workbench,
        sidebar: Sidebar,
        page: ChatPage,
        toasts: Toasts,
        live: LiveChats,
        chat: Callable[[], LiveChat],
    ) -> None:
        super().__init__(page)
        self._bridge, self._workbench = bridge, workbench
        self._sidebar, self._page, self._toasts = sidebar, page, toasts
        self._live, self._chat = live, chat
        self._waiting: tuple[Consent, ...] = ()
        self._told: set[Id] = set()
        self._known: set[Id] | None = None
        self._loads = 0  # what was read before the last change is too old
        if page.transcript is not None:
            page.transcript.consent_answered.connect(self.answer)
        live.changed.connect(self._announce)
        live.busy_changed.connect(self.load)

    def load(self) -> None:
        """Read what waits, in all chats."""
        self._loads += 1
        this = self._loads
        self._bridge.run(
            lambda _job: self._workbench.consents.list(),
            on_done=lambda found: self._take(found) if this == self._loads else None,
            on_failed=lambda _error: None,  # the next change is another chance
        )

    def reload(self, topics: frozenset[Topic] | set[Topic]) -> None:
        if Topic.CONSENTS in topics:
            self.load()

    def show(self) -> None:
        """Another chat is in view."""
        chat = self._chat()
        here = chat.state.conversation_id
        if here is not None:
            of_chat = tuple(one for one in self._waiting if one.question.conversation_id == here)
            self._live.show_consents(chat, of_chat)

    def answer(self, item_id: Id, answer: ConsentAnswer) -> None:
        """The person has said yes or no: keep it, and go on with what waited for it."""
        chat = self._chat()
        consent = next((one for one in chat.state.consents if one.id == answer.consent_id), None)
        if consent is None:
            return
        if answer.choice == REVIEW:
            self.review_asked.emit(consent)
            return
        rest = tuple(one for one in chat.state.consents if one.id != consent.id)
        held_up = any(one.question.message_id == item_id and _holds_up(one) for one in rest)
        self._loads += 1
        self._live.show_consents(chat, rest)
        if _holds_up(consent) and not held_up and not chat.state.busy:
            self._live.resume(chat, item_id, lambda: self._keep(consent, answer))
        else:
            self._bridge.run(lambda _job: self._keep(consent, answer), on_failed=self._not_kept)

    # Inside -----------------------------------------------------------------------------------------------------------

    def _keep(self, consent: Consent, answer: ConsentAnswer) -> None:
        """In a job's thread."""
        consents = self._workbench.consents
        if answer.choice == REFUSE:
            consents.refuse(consent.id)
        else:
            changed = None if answer.text is None else {**consent.request, "text": answer.text}
            consents.accept(consent.id, Scope(answer.choice), changed)

    def _not_kept(self, error: WorkbenchError) -> None:
        self._toasts.tell(error)
        self.load()

    def _take(self, found: tuple[Consent, ...]) -> None:
        self._waiting = found
        self._sidebar.model.show_waiting(_by_chat(found))
        self._tell(found)
        self.show()

    def waiting_words(self, conversation_id: Id) -> str:
        """What waits for the person in a chat; empty: nothing does."""
        chat = self._chat()
        here = chat.state.consents if chat.state.conversation_id == conversation_id else ()
        return _by_chat((*self._waiting, *here)).get(conversation_id, "")

    def _tell(self, found: tuple[Consent, ...]) -> None:
        """Once for each that came since the last look; the first look is no news."""
        known, self._known = self._known, {one.id for one in found}
        for one in found:
            chat, words = one.question.conversation_id, waiting_words(one)
            if known is not None and one.id not in known and chat is not None and words:
                self.came.emit(chat, words)
        self.waits.emit(next(iter(_by_chat(found).values()), ""))

    def _announce(self, chat: LiveChat) -> None:
        """Once for each question, to who listens to the screen."""
        if chat is self._chat():
            for one in chat.state.consents:
                if one.id not in self._told:
                    self._told.add(one.id)
                    announce(self._page, spoken(one))


def _by_chat(consents: Iterable[Consent]) -> dict[Id, str]:
    """What waits, by chat: of several the first."""
    found: dict[Id, str] = {}
    for one in consents:
        if one.question.conversation_id is not None and (words := waiting_words(one)):
            found.setdefault(one.question.conversation_id, words)
    return found


def _holds_up(consent: Consent) -> bool:
    """Its answer goes on when the person has answered; a fact to remember waits by itself, and so does what would be a new
    answer of a provider."""
    if consent.question.kind is ConsentKind.CLOUD:
        return goes_on(consent) is not None
    return consent.question.kind is not ConsentKind.MEMORY
