"""What one conversation looks like on the screen: a frozen value and a pure `reduce`. No Qt, no clock, no threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from ui.chat.steps import title_of
from ui.translation import marked, tr
from workbench.chat.asking.of_chat import NOT_CHOSEN, ChatChoice
from workbench.chat.events import (
    Chosen,
    ConsentWaits,
    Preparing,
    SourcesFound,
    ToolEnded,
    ToolStarted,
    TurnEvent,
    TurnStarted,
)
from workbench.chat.tree import SEEN_WHOLE, Conversation, Node, Seen, alternatives, branch
from workbench.consents.consent import Consent
from workbench.errors import WorkbenchError
from workbench.messages import (
    Delta,
    Finished,
    Id,
    Part,
    PromptProgress,
    Reasoning,
    ReasoningDelta,
    Role,
    Sources,
    Text,
    TextDelta,
    ToolCall,
    ToolCallDelta,
    Unparsed,
    UnparsedText,
)

if TYPE_CHECKING:
    from workbench.cloud.spending.money import Entry


class Phase(StrEnum):
    """What is going on in this chat. Everything but IDLE can be stopped."""

    IDLE = "idle"
    PREPARING = "preparing"
    READING = "reading"
    THINKING = "thinking"
    WRITING = "writing"


@dataclass(frozen=True, slots=True)
class ChatState:
    """``nodes``: the branch in view, the live answer included. ``parts``: what the live answer says so far.
    ``activity``: words for what is going on before the first token. ``unsent``: a text that never reached the store.
    ``project_id``: where it belongs, or is begun.
    ``smaller``: what loading the model smaller would change, where that is offered.
    ``consents``: the questions that wait for the person here; ``titles``: of tools, by name.
    ``verdicts``: what the person thinks of answers, "up" or "down". ``alternatives``: as
    `tree.alternatives`. ``temporary``: nothing of it is on the disk. ``folders``: as `Options.folders`, what it asks;
    ``tools``, ``memory``, ``choice``: as of `Conversation`. ``cloud``: questions may be taken to a provider;
    ``charged``: what answers from there cost, by turn."""

    conversation_id: Id | None = None
    title: str = ""
    nodes: tuple[Node, ...] = ()
    seen: Seen = SEEN_WHOLE
    phase: Phase = Phase.IDLE
    answer_id: Id | None = None
    parts: tuple[Part, ...] = ()
    activity: str = ""
    unsent: str = ""
    failure: WorkbenchError | None = None
    smaller: str = ""
    project_id: Id | None = None
    verdicts: Mapping[Id, str] = field(default_factory=dict)
    alternatives: Mapping[Id, tuple[Id, ...]] = field(default_factory=dict)
    temporary: bool = False
    folders: tuple[str, ...] = ()
    tools: tuple[str, ...] | None = None
    memory: bool = True
    consents: tuple[Consent, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    cloud: bool = False
    charged: Mapping[Id, Entry] = field(default_factory=dict)
    choice: ChatChoice = NOT_CHOSEN

    @property
    def busy(self) -> bool:
        return self.phase is not Phase.IDLE

    @property
    def last_answer(self) -> Node | None:
        return next((node for node in reversed(self.nodes) if node.message.role is Role.ASSISTANT), None)

    @property
    def last_question(self) -> Node | None:
        return next((node for node in reversed(self.nodes) if node.message.role is Role.USER), None)


# Events that are not of the stream -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opened:
    """The conversation as it is on the disk now."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class Asked:
    """A person sent ``text``, or asked to go on ("")."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """The turn is over and stored."""

    node: Node


@dataclass(frozen=True, slots=True)
class Stopped:
    """The work was cancelled before it could store an ending, or before it had stored the question."""


@dataclass(frozen=True, slots=True)
class Failed:
    error: WorkbenchError


@dataclass(frozen=True, slots=True)
class Dismissed:
    """The person has read the failure."""


@dataclass(frozen=True, slots=True)
class Offered:
    """The model could be loaded smaller, ``text`` says how; empty: not any more."""

    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What the person thinks of the answers of this chat now."""

    verdicts: Mapping[Id, str]


@dataclass(frozen=True, slots=True)
class Asking:
    """The folders and files that the chat asks from now on."""

    folders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offering:
    """The tools that the chat offers from now on, and whether it tells what is remembered."""

    tools: tuple[str, ...] | None
    memory: bool = True


@dataclass(frozen=True, slots=True)
class Choosing:
    """The model and effort of the chat from now on."""

    choice: ChatChoice


@dataclass(frozen=True, slots=True)
class Waiting:
    """All questions that wait for the person in this chat."""

    consents: tuple[Consent, ...]


@dataclass(frozen=True, slots=True)
class Clouded:
    """Whether questions may be taken to a provider."""

    on: bool


@dataclass(frozen=True, slots=True)
class Charged:
    """What answers of providers cost, by turn."""

    charged: Mapping[Id, Entry]


AboutChat = Opened | Dismissed | Offered | Judged | Asking | Offering | Choosing | Waiting | Clouded | Charged
StateEvent = AboutChat | Asked | Answered | Stopped | Failed | TurnEvent


def reduce(state: ChatState, event: StateEvent) -> ChatState:
    """The state after ``event``."""
    match event:
        case Asked(text):
            return replace(
                state, phase=Phase.PREPARING, activity="", unsent=text, failure=None, parts=(), answer_id=None
            )
        case Answered(node):
            return _ended(replace(state, nodes=_with_node(state.nodes, node)))
        case Stopped():
            return _ended(state, keep_unsent=True)
        case Failed(error):
            return replace(_ended(state, keep_unsent=True), failure=error)
        case _:
            return _told(state, event) if isinstance(event, AboutChat) else _streamed(state, event)


def _told(state: ChatState, event: AboutChat) -> ChatState:
    """What became known of the chat."""
    match event:
        case Opened(conversation):
            return _opened(state, conversation)
        case Dismissed():
            return replace(state, failure=None)
        case Offered(text):
            return replace(state, smaller=text)
        case Judged(verdicts):
            return replace(state, verdicts=verdicts)
        case Asking() | Offering() | Choosing():
            return _changed(state, event)
        case Waiting(consents):
            return replace(state, consents=consents)
        case Clouded() | Charged():
            return _told_of_cloud(state, event)


def _changed(state: ChatState, event: Asking | Offering | Choosing) -> ChatState:
    """What the person changed about how its questions are asked."""
    match event:
        case Asking(folders):
            return replace(state, folders=folders)
        case Offering(tools, memory):
            return replace(state, tools=tools, memory=memory)
        case Choosing(choice):
            return replace(state, choice=choice)


def _told_of_cloud(state: ChatState, event: Clouded | Charged) -> ChatState:
    if isinstance(event, Clouded):
        return replace(state, cloud=event.on)
    return replace(state, charged={**state.charged, **event.charged})


def _streamed(state: ChatState, event: TurnEvent) -> ChatState:
    match event:
        case TurnStarted(conversation, question, answer):
            return _started(state, conversation, question, answer)
        case Preparing(text):
            return replace(state, phase=Phase.PREPARING, activity=text)
        case SourcesFound(sources):
            return replace(state, parts=(sources, *(part for part in state.parts if not isinstance(part, Sources))))
        case PromptProgress(done, total):
            return replace(state, phase=Phase.READING, activity=reading(done, total))
        case ToolStarted() | ToolEnded() | ConsentWaits():
            return _called(state, event)
        case Finished() | Chosen():
            return state
        case _:
            return _grown(state, event)


def _called(state: ChatState, event: ToolStarted | ToolEnded | ConsentWaits) -> ChatState:
    """A call that waited stands in the answer already; a result stands behind its call, as it is kept."""
    match event:
        case ToolStarted(call, title):
            known = any(isinstance(part, ToolCall) and part.id == call.id for part in state.parts)
            parts = state.parts if known else (*state.parts, call)
            titles = {**state.titles, call.name: title} if title else state.titles
            answered = tuple(one for one in state.consents if one.question.call_id != call.id)
            return replace(state, phase=Phase.PREPARING, activity="", parts=parts, titles=titles, consents=answered)
        case ToolEnded(result):
            return replace(state, phase=Phase.PREPARING, activity="", parts=(*state.parts, result))
        case ConsentWaits(consent):
            others = tuple(one for one in state.consents if one.id != consent.id)
            return replace(state, activity="", consents=(*others, consent))


def _grown(state: ChatState, event: Delta) -> ChatState:
    match event:
        case ReasoningDelta(text):
            return replace(state, phase=Phase.THINKING, activity="", parts=_longer(state.parts, Reasoning(text)))
        case TextDelta(text):
            return replace(state, phase=Phase.WRITING, activity="", parts=_longer(state.parts, Text(text)))
        case UnparsedText(text):
            return replace(state, activity="", parts=_longer(state.parts, Unparsed(text)))
        case ToolCallDelta(name=name):
            activity = tr("Calling {name}…").format(name=title_of(name, state.titles)) if name else state.activity
            return replace(state, phase=Phase.PREPARING, activity=activity)


def reading(done: int, total: int) -> str:
    """Words for a prompt being read; nothing when it is short enough not to be noticed."""
    told = tr("Reading {count} tokens · {percent} %")
    return told.format(count=f"{total:,}", percent=100 * done // total) if total > 512 else ""


def _opened(state: ChatState, conversation: Conversation) -> ChatState:
    """While an answer is being written, what was streamed is newer than the disk."""
    if state.busy and state.answer_id is not None:
        return replace(
            state,
            title=conversation.title,
            seen=conversation.seen,
            project_id=conversation.project_id,
            folders=conversation.folders,
            tools=conversation.tools,
            memory=conversation.memory,
            choice=conversation.choice,
        )
    return replace(
        state,
        conversation_id=conversation.id,
        title=conversation.title,
        nodes=branch(conversation),
        seen=conversation.seen,
        project_id=conversation.project_id,
        alternatives=alternatives(conversation),
        folders=conversation.folders,
        tools=conversation.tools,
        memory=conversation.memory,
        choice=conversation.choice,
    )


def _started(state: ChatState, conversation_id: Id, question: Node | None, answer: Node) -> ChatState:
    """Cut the branch where the new messages hang, so that an edit and a second try replace what they branch off from."""
    first = question or answer
    kept = _up_to(state.nodes, first.parent_id)
    nodes = (*kept, question) if question else kept
    going_on = answer.message.parts
    return replace(
        state,
        conversation_id=conversation_id,
        nodes=(*nodes, answer),
        answer_id=answer.id,
        parts=going_on,
        unsent="",
        phase=Phase.PREPARING,
    )


def _up_to(nodes: tuple[Node, ...], last: Id | None) -> tuple[Node, ...]:
    if last is None:
        return ()
    for position, node in enumerate(nodes):
        if node.id == last:
            return nodes[: position + 1]
    return nodes


def _longer(parts: tuple[Part, ...], piece: Part) -> tuple[Part, ...]:
    """``parts`` with ``piece`` added, joined to the last one when it is of the same kind."""
    match parts[-1] if parts else None, piece:
        case (Text() as last, Text()) | (Reasoning() as last, Reasoning()) | (Unparsed() as last, Unparsed()):
            return (*parts[:-1], replace(last, text=last.text + piece.text))
        case _:
            return (*parts, piece)


def _with_node(nodes: tuple[Node, ...], node: Node) -> tuple[Node, ...]:
    if any(other.id == node.id for other in nodes):
        return tuple(node if other.id == node.id else other for other in nodes)
    return (*nodes, node)


def _ended(state: ChatState, *, keep_unsent: bool = False) -> ChatState:
    """Idle again; the partial answer stays in view as far as it came."""
    return replace(
        state,
        phase=Phase.IDLE,
        answer_id=None,
        parts=(),
        activity="",
        unsent=state.unsent if keep_unsent else "",
        nodes=_with_partial(state),
    )


def _with_partial(state: ChatState) -> tuple[Node, ...]:
    """Put what was streamed into the live answer, unless the store's own version came already."""
    return tuple(
        replace(node, message=replace(node.message, parts=state.parts))
        if node.id == state.answer_id and not node.message.parts
        else node
        for node in state.nodes
    )


# What stands below the transcript -------------------------------------------------------------------------------------


class Remedy(StrEnum):
    """The words are translated where they are shown."""

    RETRY = marked("Try again")
    ANSWER_HERE = marked("Answer here")
    NEW_CHAT = marked("New chat")
    DISMISS = marked("Dismiss")


@dataclass(frozen=True, slots=True)
class Notice:
    """A card below the transcript, with the next steps as buttons."""

    text: str
    hint: str = ""
    detail: str = ""
    severe: bool = False
    remedies: tuple[Remedy, ...] = ()


def notice(state: ChatState) -> Notice | None:
    """What belongs to no answer: the transcript itself tells how an answer ended."""
    last = state.nodes[-1] if state.nodes else None
    if state.busy or (last is not None and last.message.role is Role.ASSISTANT and not state.unsent):
        return None
    if state.failure is not None:
        error = state.failure
        remedies = (Remedy.DISMISS,) if state.unsent or last is None else (Remedy.RETRY, Remedy.DISMISS)
        return Notice(error.message, error.hint, error.detail, severe=True, remedies=remedies)
    if last is not None and any(one.question.message_id == last.id for one in state.consents):
        return Notice(tr("This message waits for your yes."), remedies=(Remedy.ANSWER_HERE,))
    if last is not None and last.message.role is Role.USER:
        return Notice(tr("This message has no answer yet."), remedies=(Remedy.RETRY,))
    return None
