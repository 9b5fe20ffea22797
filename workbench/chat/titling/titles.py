"""Titles that the local model gives to chats that nobody named: what it is asked, and what is taken of its answer."""

from __future__ import annotations

import itertools
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass

from workbench.cancel import CancelToken
from workbench.chat.store import ConversationStore, title_of
from workbench.chat.titling.store import TitleStore
from workbench.chat.tree import Conversation, Node, TurnState
from workbench.errors import ModelError, UsageError, WorkbenchError
from workbench.events import Bus, Topic
from workbench.memory.memory import NOTHING_REMEMBERED
from workbench.memory.told import with_memory
from workbench.messages import (
    ChatRequest,
    Effort,
    Finish,
    Id,
    Message,
    Role,
    Sampling,
    TextDelta,
    assistant,
    system,
    user,
)
from workbench.ports import BackendInfo, ChatBackend

log = logging.getLogger(__name__)

MOST_ANSWERS = 3
MOST_CHARACTERS, MOST_WORDS = 60, 10
WHOLE_CHARACTERS = 6_000  # of question and answer: as they were sent, so that what the engine has read counts
QUESTION_CHARACTERS, ANSWER_CHARACTERS = 1_200, 600
TITLE_TOKENS, THINKING_TOKENS = 32, 400
MOST_OTHERS, OTHERS_LOOKED_AT = 5, 40  # chats of other programs of this home that are named, and looked at, at a time
ASK = (
    "Write a short title for our conversation so far, in the language of my question. "
    "Answer with the title alone, without quotation marks."
)


@dataclass(frozen=True, slots=True)
class Untitled:
    """A chat that may be named: its first question and that question's answer."""

    question: Node
    answer: Node


def untitled(conversation: Conversation) -> Untitled | None:
    """What a title can be made of; None where there is one, or too little, or too much said since."""
    answers = [node for node in conversation.nodes if node.message.role is Role.ASSISTANT and node.message.text.strip()]
    if not 0 < len(answers) <= MOST_ANSWERS or not _is_complete(answers[0]):
        return None
    question = next((node for node in conversation.nodes if node.id == answers[0].parent_id), None)
    if question is None or conversation.title != title_of(question.message.text):
        return None  # somebody named it, or it came from elsewhere
    return Untitled(question, answers[0])


def _is_complete(answer: Node) -> bool:
    return answer.turn is not None and answer.turn.finish in (Finish.STOP, Finish.LENGTH)


def _is_answered_now(conversation: Conversation) -> bool:
    """Perhaps by another process."""
    return any(node.turn is not None and node.turn.state is TurnState.RUNNING for node in conversation.nodes)


def request(chat: Untitled, conversation_id: Id, system_text: str, info: BackendInfo) -> ChatRequest:
    """A small request in the background. A short chat is sent as it was, so that it need not be read again."""
    asked, said = chat.question.message.text, chat.answer.message.text
    whole = len(asked) + len(said) <= WHOLE_CHARACTERS and not chat.question.message.attachments
    if not whole:
        asked, said = asked[:QUESTION_CHARACTERS], said[:ANSWER_CHARACTERS]
    before: tuple[Message, ...] = (system(system_text),) if system_text.strip() and whole else ()
    effort, thinks = _effort(info)
    return ChatRequest(
        (*before, user(asked), assistant(said), user(ASK)),
        max_tokens=THINKING_TOKENS if thinks else TITLE_TOKENS,
        sampling=Sampling(temperature=0.0),
        effort=effort,
        reasoning_tokens=THINKING_TOKENS // 2 if thinks and info.limits_reasoning else None,
        prefix=conversation_id if whole else "",
        background=True,
    )


def _effort(info: BackendInfo) -> tuple[Effort | None, bool]:
    """The least of the model, and whether it thinks with it."""
    effort = info.efforts[0] if info.efforts else None
    return effort, effort not in (None, Effort.OFF)


def seconds_for(chat: Untitled, info: BackendInfo) -> float | None:
    """How long a title will take at most, by the speed of the chat's answer; None where that is not known. What was read
    for the answer need not be read again."""
    speed = chat.answer.turn.timings.generation_tokens_per_second if chat.answer.turn is not None else None
    if not speed:
        return None
    return (THINKING_TOKENS if _effort(info)[1] else TITLE_TOKENS) / speed


_LEAD = re.compile(
    r"^(?:title|titel|titre|título|titulo|titolo|tytuł|заголовок|название|标题|標題|タイトル|제목)\s*[:：]\s*",
    re.IGNORECASE,
)
_QUOTES = ('""', "''", "“”", "„“", "‘’", "«»", "»«", "「」", "《》", "``")
_MARKS = " \t*_#>-–—•"


def clean_title(text: str) -> str:
    """The title in what a model answered; empty where there is none: a sentence, or what was asked said again."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].endswith((":", "：")) and len(_stripped(lines[0])) > 0:
        lines = lines[1:]  # "Here is a title:"
    title = _stripped(lines[0]) if lines else ""
    echo = title.casefold() in ASK.casefold()  # the empty text is one too
    if (
        echo
        or not any(one.isalpha() for one in title)
        or len(title) > MOST_CHARACTERS
        or len(title.split()) > MOST_WORDS
        or _repeats(title)
    ):
        return ""
    return title


def _repeats(title: str) -> bool:
    """Whether two words in a row come again: a small model that has lost its way."""
    said = re.findall(r"\w+", title.casefold())
    pairs = list(itertools.pairwise(said))
    return len(set(pairs)) < len(pairs)


def _stripped(line: str) -> str:
    """Without marks of Markdown, quotation marks, the word "title" and a full stop."""
    before = None
    while before != line:
        before = line
        line = _LEAD.sub("", line.strip(_MARKS)).rstrip(".。 ")
        for pair in _QUOTES:
            if len(line) > 1 and line.startswith(pair[0]) and line.endswith(pair[1]):
                line = line[1:-1]
    return "".join(one for one in " ".join(line.split()) if one.isprintable())


class TitleService:
    """Any thread. Publishes `Topic.CHATS` when a chat was named."""

    def __init__(
        self,
        store: TitleStore,
        conversations: ConversationStore,
        ready: Callable[[str], ChatBackend | None],
        wanted: Callable[[], bool],
        system_text: Callable[[], str],
        bus: Bus,
    ) -> None:
        """``ready``: the backend of a model of this machine, if it is loaded; empty: the preferred one. It may raise
        `ModelError`. ``wanted``: whether the person wants such titles. ``system_text``: what models are told first."""
        self._store = store
        self._conversations = conversations
        self._ready = ready
        self._wanted = wanted
        self._system_text = system_text
        self._bus = bus
        self._tried: set[Id] = set()

    def make(self, conversation_id: Id, cancel: CancelToken, within: float | None = None) -> str:
        """Name a chat that nobody has named, if a model of this machine is loaded. Returns the title, empty: none.
        ``within``: only if it will take at most so many seconds.

        Quiet: what goes wrong is only logged. Blocks while the model writes; `Cancelled` when cancelled.
        """
        if not self._wanted():
            return ""
        try:
            return self._make(conversation_id, cancel, within)
        except WorkbenchError as error:
            log.info("a chat got no title: %s", error.message)
            return ""

    def make_others(self, cancel: CancelToken) -> int:
        """Name a few chats that were begun where nobody waits for a title, as by a script. Each is tried once. Returns how
        many were named; as `make` otherwise."""
        if not self._wanted():
            return 0
        others = [one for one in self._store.unnamed(OTHERS_LOOKED_AT) if one not in self._tried]
        named = 0
        for conversation_id in others:
            if named == MOST_OTHERS:
                break
            if self.make(conversation_id, cancel):
                named += 1
        return named

    def _make(self, conversation_id: Id, cancel: CancelToken, within: float | None) -> str:
        if not self._store.is_unnamed(conversation_id):
            return ""
        conversation = self._conversations.load(conversation_id)
        chat = untitled(conversation)
        backend = self._backend(chat.answer) if chat is not None else None
        if chat is None and not _is_answered_now(conversation):
            self._tried.add(conversation_id)
        if chat is None or backend is None:
            return ""
        if within is not None and (seconds_for(chat, backend.info) or within + 1) > within:
            return ""
        self._tried.add(conversation_id)
        told = NOTHING_REMEMBERED if chat.answer.turn is None else chat.answer.turn.memory
        asked = request(chat, conversation_id, with_memory(self._system_text(), told), backend.info)
        said = "".join(event.text for event in backend.stream(asked, cancel) if isinstance(event, TextDelta))
        title = clean_title(said)
        if not title or not self._store.name(conversation_id, title, instead_of=conversation.title):
            return ""
        self._bus.publish(Topic.CHATS)
        return title

    def _backend(self, answer: Node) -> ChatBackend | None:
        """The model that answered, or the preferred one: on this machine, and loaded. No other machine is asked."""
        for model in dict.fromkeys((answer.turn.model if answer.turn else "", "")):
            try:
                backend = self._ready(model)
            except (ModelError, UsageError):
                continue
            if backend is not None and backend.info.local:
                return backend
        return None
