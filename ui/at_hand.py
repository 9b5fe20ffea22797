"""At hand while the window is not in front: the quick entry, keys of the whole desktop, the icon in the tray, and news of
long answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from functools import partial

from PySide6.QtCore import QObject, Signal

from ui.appearance import Appearance
from ui.global_keys import GlobalKeys, open_global_keys
from ui.notifications import Notifier, open_notifier
from ui.quick_entry import QuickEntry
from ui.translation import marked, tr
from ui.tray import TrayIcon
from workbench.messages import Id
from workbench.settings import AtHand as Chosen

DONE = marked("The answer is ready.")
UNTITLED = marked("New chat")


def worth_telling(seconds: float, wait: int, *, in_front: bool) -> bool:
    """Whether an answer that took ``seconds`` is news: ``wait`` as in the settings, 0 never. Pure."""
    return bool(wait) and seconds >= wait and not in_front


class AnswerClock:
    """How long each chat has been answering. Pure but for the ``clock``, seconds of any beginning."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began: dict[Id, float] = {}

    def ended(self, busy: Collection[Id]) -> dict[Id, float]:
        """The chats that were answering and are not in ``busy``, each with its seconds."""
        now = self._clock()
        over = {chat: now - began for chat, began in self._began.items() if chat not in busy}
        self._began = {chat: self._began.get(chat, now) for chat in busy}
        return over


class AtHand(QObject):
    """``window_asked``: come to the front. ``chat_asked``: and show this chat. ``question_asked``: a new chat with these
    words. ``prompts_asked`` and ``prompt_chosen``: as of the quick entry. ``quit_asked``: end. ``keys_refused`` carries why
    the keys of the quick entry are not taken, "" when they are."""

    window_asked = Signal()
    chat_asked = Signal(str)
    question_asked = Signal(str)
    prompts_asked = Signal(str)
    prompt_chosen = Signal(str, str)
    quit_asked = Signal()
    keys_refused = Signal(str)

    def __init__(
        self,
        appearance: Appearance,
        parent: QObject,
        *,
        notifier: Notifier | None = None,
        keys: Callable[[Callable[[], None]], GlobalKeys | None] = open_global_keys,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._notifier: Notifier = notifier if notifier is not None else open_notifier(self)
        self._open_keys = keys
        self._keys: GlobalKeys | None = None
        self._chosen = Chosen()
        self._clock = AnswerClock(clock)
        self._tray: TrayIcon | None = None
        self._quick: QuickEntry | None = None
        self._answering = False
        self._hidden = False
        self._waits = ""

    @property
    def in_tray(self) -> bool:
        """Whether the program is there without its window: closing that then leaves it running."""
        return self._tray is not None and self._tray.shown

    @property
    def quick(self) -> QuickEntry:
        """The quick entry, built when it is first wanted."""
        if self._quick is None:
            self._quick = QuickEntry(self._appearance)
            self._quick.asked.connect(self.question_asked)
            self._quick.prompts_asked.connect(self.prompts_asked)
            self._quick.prompt_chosen.connect(self.prompt_chosen)
        return self._quick

    def open_quick_entry(self) -> None:
        self.quick.open()

    def use(self, chosen: Chosen) -> None:
        """Follow the settings."""
        before, self._chosen = self._chosen, chosen
        if chosen.tray and self._tray is None:
            self._tray = self._made_tray()
        if self._tray is not None:
            self._tray.show(chosen.tray)
            self._show_state()
        if chosen.quick_entry != before.quick_entry:
            self._take_keys(chosen.quick_entry)

    def follow_answers(
        self,
        busy: Collection[Id],
        title: Callable[[Id], str],
        *,
        in_front: bool,
        waits: Callable[[Id], str] = lambda _chat: "",
    ) -> None:
        """``busy``: the chats that are answering now. Tells of a long answer that ended while nobody looked. ``waits``:
        what waits in a chat for the person, in words."""
        self._answering = bool(busy)
        for chat, seconds in self._clock.ended(busy).items():
            if worth_telling(seconds, self._chosen.notify_after_seconds, in_front=in_front):
                # The answer itself is not told: a locked screen shows notifications too.
                self._notifier.notify(
                    title(chat) or tr(UNTITLED), waits(chat) or tr(DONE), partial(self.chat_asked.emit, chat)
                )
        self._show_state()

    def tell_waiting(self, chat: Id, title: str, words: str, *, in_front: bool) -> None:
        """Something waits for the person since now. Told at once while nobody looks, unless nothing is to be told."""
        if self._chosen.notify_after_seconds and not in_front:
            self._notifier.notify(title or tr(UNTITLED), words, partial(self.chat_asked.emit, chat))

    def show_waiting(self, words: str) -> None:
        """What waits for the person in any chat; empty: nothing does."""
        self._waits = words
        self._show_state()

    def show_window_state(self, *, hidden: bool) -> None:
        self._hidden = hidden
        self._show_state()

    def close(self) -> None:
        """Give back the keys, and take away what is on the desktop."""
        if self._keys is not None:
            self._keys.close()
            self._keys = None
        if self._tray is not None:
            self._tray.close()
        if self._quick is not None:
            self._quick.close()
            self._quick.deleteLater()
            self._quick = None
        self._notifier.close()

    def _take_keys(self, keys: str) -> None:
        if self._keys is None and keys:
            self._keys = self._open_keys(self.open_quick_entry)
        if self._keys is not None:
            self.keys_refused.emit(self._keys.take(keys))

    def _made_tray(self) -> TrayIcon:
        tray = TrayIcon(self)
        tray.window_asked.connect(self.window_asked)
        tray.quick_asked.connect(self.open_quick_entry)
        tray.quit_asked.connect(self.quit_asked)
        return tray

    def _show_state(self) -> None:
        if self._tray is not None:
            self._tray.show_state(answering=self._answering, hidden=self._hidden, waits=self._waits)
