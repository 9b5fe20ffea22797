"""Conversations as people use them: send, stop, continue, regenerate, edit, rename, delete and undo."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from workbench.cancel import CancelToken
from workbench.chat.asking.model_options import turn_options
from workbench.chat.asking.options import AS_SET, NO_PROJECTS, Completion, Options, ProjectRules, plainly
from workbench.chat.attaching.given import Fitted
from workbench.chat.attaching.request import NO_PICTURES, Asking, Pictures, as_the_model_can_take
from workbench.chat.context import context
from workbench.chat.context.context import ContextUse
from workbench.chat.context.room import WhenFull
from workbench.chat.context.room_maker import RoomMaker
from workbench.chat.events import Preparing, TurnStarted
from workbench.chat.recorder import Recorder
from workbench.chat.steering.drafts import Draft
from workbench.chat.steering.steering import Steering
from workbench.chat.store import ConversationStore, Outcome, title_of
from workbench.chat.tree import (
    SEEN_WHOLE,
    Conversation,
    ConversationSummary,
    Node,
    Seen,
    Turn,
    TurnState,
    path_to,
)
from workbench.errors import Cancelled, ModelError, StorageError, UsageError, WorkbenchError
from workbench.events import Bus, Topic
from workbench.jobs import Job
from workbench.messages import (
    Attachment,
    ChatRequest,
    Effort,
    Finish,
    Finished,
    Id,
    Message,
    Part,
    Role,
    Text,
    user,
)
from workbench.ports import BackendRoute, ChatBackend, Clock

MOST_COUNTED_CHARACTERS = 400_000

Ending = tuple[Id, Id, tuple[Part, ...], Outcome]
"""Turn, message, and what they end with."""


class ChatService:
    """All methods may be called from any thread; the ones that take a `Job` block until the answer is complete."""

    def __init__(
        self,
        store: ConversationStore,
        route: BackendRoute,
        bus: Bus,
        clock: Clock,
        defaults: Callable[[], Options] = Options,
        complete: Completion = plainly,
        forget: Callable[[Id], None] = lambda _conversation_id: None,
        went_on: Callable[[Id], None] = lambda _question_id: None,
        projects: ProjectRules = NO_PROJECTS,
        pictures: Pictures = NO_PICTURES,
        *,
        keeps: bool = True,
    ) -> None:
        """``defaults`` gives the options of the settings at the time of each turn, ``complete`` those of the model too.
        ``forget`` hears of each chat that is deleted: what was kept to answer it sooner goes with it.
        ``went_on`` hears of each new question once it is kept, and raises nothing: a person went on below its parent.
        ``projects``: what holds for the chats of each. ``pictures``: where attached ones are kept.
        ``keeps`` False: nothing of a chat may be kept to answer it sooner, so ``forget`` hears of each as it begins."""
        self._store = store
        self._route = route
        self._bus = bus
        self._clock = clock
        self._defaults = defaults
        self._complete = complete
        self._forget = forget
        self._projects = projects
        self._went_on = went_on
        self._pictures = pictures
        self._keeps = keeps
        self._steering = Steering(store, store.steering, forget)
        self._lock = threading.Lock()
        self._unsaved: list[Ending] = []

    # Reading ----------------------------------------------------------------------------------------------------------

    def list(self) -> tuple[ConversationSummary, ...]:
        return self._store.summaries()

    def open(self, conversation_id: Id) -> Conversation:
        """The whole conversation. Raises `UsageError` for an unknown id."""
        return self._store.load(conversation_id)

    def find(self, prefix: str) -> Id:
        """A full id from its beginning. Raises `UsageError` when it is unknown or ambiguous."""
        return self._store.find(prefix)

    def answers_with(self, options: Options = AS_SET, conversation_id: Id | None = None) -> str:
        """The model that would answer (in this chat). Raises `ModelError` when there is none."""
        options = self._placed(options, conversation_id)
        return self._route.name(options.over(self._defaults_in(options)).model)

    def measure(
        self,
        conversation_id: Id | None,
        draft: str,
        cancel: CancelToken,
        options: Options = AS_SET,
        *,
        replaces: Id | None = None,
        attachments: Sequence[Attachment] = (),
    ) -> ContextUse:
        """How full the context would be with ``draft`` and ``attachments`` sent now, in the place of the question
        ``replaces`` if given.

        Never starts an engine: unknown until one is ready.
        """
        options = self._placed(options, conversation_id)
        options = self._complete(options, self._defaults_in(options))
        backend = self._route.ready(options.model)
        if backend is None:
            return ContextUse(None, None)
        branch, seen = self._branch(conversation_id, replaces) if conversation_id else ((), SEEN_WHOLE)
        asking = Asking(branch, seen, options.system, draft, attachments)
        fitted = asking.fitted(backend, lambda messages: _request(messages, options), options.max_tokens, cancel)
        tokens = self._tokens(fitted, backend, options, cancel) if fitted.messages else 0
        return ContextUse(tokens, backend.info.context_tokens, fitted.note)

    def count(self, text: str, cancel: CancelToken, options: Options = AS_SET) -> int | None:
        """About how many tokens ``text`` has; None while no engine is ready to count, or it is too long to be counted."""
        if len(text) > MOST_COUNTED_CHARACTERS:
            return None
        try:
            backend = self._route.ready(self._complete(options, self._defaults_in(options)).model)
        except ModelError:  # none on this disk: another machine answers, or nobody yet
            return None
        return None if backend is None else backend.count_tokens(_request((user(text),), options), cancel)

    def answer_seconds(self, model: str) -> Mapping[Effort, Sequence[float]]:
        """Seconds of the last whole answers of the model of this name, by the effort that they were asked for."""
        return self._store.answer_seconds(model)

    # Turns ------------------------------------------------------------------------------------------------------------

    def send(
        self,
        conversation_id: Id | None,
        text: str,
        job: Job,
        options: Options = AS_SET,
        *,
        attachments: Sequence[Attachment] = (),
    ) -> Node:
        """Ask, and return the finished answer. A new conversation is made when ``conversation_id`` is None,
        in the project that ``options`` name.

        Emits `TurnStarted`, `Preparing` and the stream's events. A cancelled turn returns too, with what it had; a failed
        one keeps what it had and raises. Raises `UsageError` where there is neither a text nor an attachment, `ModelError`
        when no model can answer.
        """
        _question(text, attachments)  # refused before anything is read or kept
        options = self._placed(options, conversation_id)
        model = self._model(options)
        question = _question(text, (*self._files(options, conversation_id, job), *attachments))
        if conversation_id is None:
            conversation_id, parent = self._new_chat(_named(text, attachments), options), None
        else:
            parent = self._store.load(conversation_id).tip_id
        return self._turn(conversation_id, parent, question, model, job, options)

    def edit(
        self,
        message_id: Id,
        text: str,
        job: Job,
        options: Options = AS_SET,
        *,
        attachments: Sequence[Attachment] | None = None,
    ) -> Node:
        """Ask a question again in other words: a new branch beside the old one, which stays. ``attachments`` None: those
        of the old one."""
        conversation, node = self._node(message_id)
        options = self._placed(options, conversation.id)
        model = self._model(options)
        question = _question(text, node.message.attachments if attachments is None else attachments)
        if node.message.role is not Role.USER:
            raise UsageError("Only a question can be edited.", hint="Regenerate the answer instead.")
        self._steering.branch_off(conversation, node.parent_id)
        return self._turn(conversation.id, node.parent_id, question, model, job, options)

    def regenerate(self, answer_id: Id, job: Job, options: Options = AS_SET) -> Node:
        """Another answer to the same question, beside the old one, which stays."""
        conversation, node = self._node(answer_id)
        options = self._placed(options, conversation.id)
        model = self._model(options)
        if node.message.role is not Role.ASSISTANT:
            raise UsageError("Only an answer can be regenerated.", hint="Edit the question instead.")
        _check_asked(conversation, node)
        self._steering.branch_off(conversation, node.parent_id)
        return self._turn(conversation.id, node.parent_id, None, model, job, options)

    def continue_answer(self, answer_id: Id, job: Job, options: Options = AS_SET) -> Node:
        """Go on with an answer that was stopped, interrupted or cut: what is there stays, the rest is added."""
        conversation, node = self._node(answer_id)
        options = self._placed(options, conversation.id)
        model = self._model(options)
        if node.turn is None or not node.turn.can_continue:
            raise UsageError("This answer is complete.", hint="Ask a new question, or regenerate it.")
        _check_asked(conversation, node)
        turn = self._store.begin_continuation(
            conversation.id, answer_id, model=model, backend=self._route.source(model), options=self._kept(options)
        )
        answer = replace(node, turn=turn)
        job.emit(TurnStarted(conversation.id, None, answer))
        self._bus.publish(Topic.CHATS, origin=job.id)
        return self._answer(conversation.id, answer, turn, job, options)

    def make_room(self, conversation_id: Id, how: WhenFull, job: Job, options: Options = AS_SET) -> Seen:
        """Have less of a chat sent that no longer fits; it stays whole on the disk. Then `continue_answer` goes on.

        Emits `Preparing`. Raises `ContextFullError` when its last question alone is too long.
        """
        options = self._placed(options, conversation_id)
        asked = self._complete(options, self._defaults_in(options))
        self._permit(options, asked.model)
        backend = self._route.backend(asked.model, job.cancel, lambda words: job.emit(Preparing(words)))
        options = self._complete(options, self._defaults_in(options), backend.info)
        conversation = self._store.load(conversation_id)
        branch = path_to(conversation, conversation.tip_id)
        if branch and not branch[-1].message.parts:  # the answer that found no room
            branch = branch[:-1]
        maker = RoomMaker(
            backend, _request((), options), options.system, job.cancel, lambda words: job.emit(Preparing(words))
        )
        seen = maker.make(branch, conversation.seen, how)
        self._see(conversation_id, seen)
        return seen

    def see_whole(self, conversation_id: Id) -> None:
        """Undo `make_room`: the whole chat is sent again."""
        self._see(conversation_id, SEEN_WHOLE)

    def _see(self, conversation_id: Id, seen: Seen) -> None:
        self._store.see(conversation_id, seen)
        self._bus.publish(Topic.CHATS)

    # Steering ---------------------------------------------------------------------------------------------------------

    def show_branch(self, message_id: Id) -> Id:
        """The branch with this message comes into view, where the person was on it last. Returns the conversation."""
        return self._changed(self._steering.show(message_id))

    def delete_message(self, message_id: Id) -> Id:
        """Into the bin: what stands below it hangs on its parent. `restore_message` undoes it for 30 days. Returns the
        conversation; raises `UsageError` while it is being written."""
        return self._changed(self._steering.delete(message_id))

    def restore_message(self, message_id: Id) -> Id:
        """Undo `delete_message`. Raises `UsageError` when it is not in the bin."""
        return self._changed(self._steering.restore(message_id))

    def fork(self, message_id: Id) -> Id:
        """A new chat with a copy of the branch up to this message. Raises `UsageError` while one of it is being written."""
        return self._changed(self._steering.fork(message_id))

    def drafts(self) -> Mapping[Id, Draft]:
        """What was written and not sent, by conversation; `NOT_BEGUN` for the one that is not begun."""
        return self._store.drafts.all()

    def keep_draft(self, conversation_id: Id, draft: Draft) -> None:
        """In place of what was kept before. Nothing is published: only the window that wrote it shows it."""
        self._store.drafts.keep(conversation_id, draft)

    def _changed(self, conversation_id: Id) -> Id:
        self._bus.publish(Topic.CHATS)
        return conversation_id

    # Keeping ----------------------------------------------------------------------------------------------------------

    def rename(self, conversation_id: Id, title: str) -> None:
        """Raises `UsageError` for an empty title or an unknown id."""
        if not title.strip():
            raise UsageError("A chat needs a title.", hint="Type at least one letter.")
        self._store.rename(conversation_id, " ".join(title.split()))
        self._bus.publish(Topic.CHATS)

    def pin(self, conversation_id: Id, *, pinned: bool) -> None:
        """Keep a chat on top of the list, or let it go with its day again. Raises `UsageError` for an unknown id."""
        self._store.pin(conversation_id, pinned=pinned)
        self._bus.publish(Topic.CHATS)

    def delete(self, conversation_id: Id) -> None:
        """Into the bin; `restore` undoes it for 30 days."""
        self._store.delete(conversation_id)
        self._forget(conversation_id)
        self._bus.publish(Topic.CHATS)

    def restore(self, conversation_id: Id) -> None:
        self._store.restore(conversation_id)
        self._bus.publish(Topic.CHATS)

    def save_endings(self) -> None:
        """Save how turns ended that the disk refused when they did: there may be room by now. Quiet when there is not."""
        with self._lock:
            unsaved, self._unsaved = self._unsaved, []
        try:
            while unsaved:
                self._save_ending(unsaved[0])
                unsaved.pop(0)
                self._bus.publish(Topic.CHATS)
        except StorageError:
            with self._lock:
                self._unsaved += unsaved[1:]

    def recover(self) -> int:
        """At start: turns of processes that are gone become *interrupted*, and the bin forgets what is 30 days old.

        Returns how many turns were interrupted.
        """
        self._store.empty_bin()
        return self._store.interrupt_orphans()

    # Pieces -----------------------------------------------------------------------------------------------------------

    def _placed(self, options: Options, conversation_id: Id | None) -> Options:
        """In the project that the chat belongs to now; a new chat is where it was asked to be."""
        return options if conversation_id is None else replace(options, project_id=self._projects.of(conversation_id))

    def _defaults_in(self, asked: Options) -> Options:
        """What holds where nothing is asked: what the project says, over the settings."""
        settings = self._defaults()
        return settings if asked.project_id is None else self._projects.options(asked.project_id).over(settings)

    def _permit(self, asked: Options, model: str) -> None:
        """Raises `RefusedError` when what belongs to the project must not go to this model."""
        if asked.project_id is not None:
            self._projects.check(asked.project_id, model)

    def _new_chat(self, text: str, options: Options) -> Id:
        conversation_id = self._store.create(title_of(text), options.project_id)
        if not self._keeps:
            self._forget(conversation_id)
        return conversation_id

    def _files(self, asked: Options, conversation_id: Id | None, job: Job) -> tuple[Attachment, ...]:
        """Those of the project that the branch in view does not hold yet: each is given once, with the next question."""
        if asked.project_id is None:
            return ()
        branch = () if conversation_id is None else self._branch(conversation_id, None)[0]
        held = [attachment.name for node in branch for attachment in node.message.attachments]
        return self._projects.files(asked.project_id, held, job)

    def _model(self, asked: Options) -> str:
        """The model that will answer. What it is known not to do is refused before anything is kept."""
        model = self._complete(asked, self._defaults_in(asked)).model
        self._permit(asked, model)
        return self._route.name(model)

    def _kept(self, asked: Options) -> dict[str, Any]:
        """What a turn keeps of how it was asked for."""
        return turn_options(self._complete(asked, self._defaults_in(asked)))

    def _turn(
        self, conversation_id: Id, parent: Id | None, question: Message | None, model: str, job: Job, options: Options
    ) -> Node:
        asked, answer, turn = self._store.begin_turn(
            conversation_id,
            parent,
            question,
            model=model,
            backend=self._route.source(model),
            options=self._kept(options),
        )
        job.emit(TurnStarted(conversation_id, asked, answer))
        self._bus.publish(Topic.CHATS, origin=job.id)
        if asked is not None:
            self._went_on(asked.id)
        return self._answer(conversation_id, answer, turn, job, options)

    def _answer(self, conversation_id: Id, answer: Node, turn: Turn, job: Job, options: Options) -> Node:
        """Stream the answer into its node, and store how it ended, whatever happens."""
        recorder = Recorder(lambda parts: self._store.checkpoint(answer.id, parts), self._clock, answer.message.parts)
        outcome = Outcome(
            Finish.ERROR, error="Workbench itself failed.", hint="Try again; if it happens twice, report it."
        )
        try:
            with recorder:
                outcome = self._stream(conversation_id, answer, recorder, job, options)
        except Cancelled:
            outcome = Outcome(Finish.CANCELLED)
        except WorkbenchError as error:
            outcome = Outcome(Finish.ERROR, error=error.message, hint=error.hint, error_kind=error.kind)
            raise
        finally:
            try:
                self._save_ending((turn.id, answer.id, recorder.parts(), outcome))
            finally:
                self._bus.publish(Topic.CHATS, origin=job.id)
        ended = replace(
            turn,
            state=TurnState.ENDED,
            finish=outcome.finish,
            usage=outcome.usage,
            timings=outcome.timings,
            note=outcome.note,
        )
        return replace(answer, message=Message(Role.ASSISTANT, recorder.parts()), turn=ended)

    def _save_ending(self, ending: Ending) -> None:
        try:
            self._store.finish_turn(*ending)
        except StorageError:
            with self._lock:
                self._unsaved.append(ending)
            raise

    def _stream(self, conversation_id: Id, answer: Node, recorder: Recorder, job: Job, options: Options) -> Outcome:
        options = self._placed(options, conversation_id)
        model = options.over(self._defaults_in(options)).model
        self._permit(options, model)
        backend = self._route.backend(model, job.cancel, lambda words: job.emit(Preparing(words)))
        options = self._complete(options, self._defaults_in(options), backend.info)
        request, note = self._request(conversation_id, answer, backend, job, options)
        if note:
            job.emit(Preparing(note))
        last = Finished(Finish.STOP)
        for event in backend.stream(request, job.cancel):
            recorder.add(event)
            job.emit(event)
            if isinstance(event, Finished):
                last = event
        return Outcome(last.finish, last.usage, last.timings, note=note)

    def _request(
        self, conversation_id: Id, answer: Node, backend: ChatBackend, job: Job, options: Options
    ) -> tuple[ChatRequest, str]:
        """The request, and what of its attachments was left out of it, in a sentence."""
        conversation = self._store.load(conversation_id)
        path = path_to(conversation, answer.parent_id)
        asking = Asking(path, conversation.seen, options.system, partial=answer.message.text)
        fitted = asking.fitted(backend, lambda messages: _request(messages, options), options.max_tokens, job.cancel)
        messages = as_the_model_can_take(fitted.messages, backend.info, self._pictures)
        request = replace(_request(messages, options), prefix=conversation_id)
        if fitted.tokens is None and context.surely_fits(fitted.messages, backend.info.context_tokens):
            return request, fitted.note
        tokens = self._tokens(fitted, backend, options, job.cancel)
        budget = context.answer_budget(tokens, backend.info.context_tokens, options.max_tokens)
        return replace(request, max_tokens=budget), fitted.note

    def _tokens(self, fitted: Fitted, backend: ChatBackend, options: Options, cancel: CancelToken) -> int:
        if fitted.tokens is not None:
            return fitted.tokens
        return backend.count_tokens(_request(fitted.messages, options), cancel)

    def _branch(self, conversation_id: Id, replaced: Id | None) -> tuple[tuple[Node, ...], Seen]:
        """The branch in view, up to the message that is to be replaced, and what of the conversation is sent."""
        conversation = self._store.load(conversation_id)
        branch = path_to(conversation, conversation.tip_id)
        return tuple(itertools.takewhile(lambda node: node.id != replaced, branch)), conversation.seen

    def _node(self, message_id: Id) -> tuple[Conversation, Node]:
        return self._store.node(message_id)


def _check_asked(conversation: Conversation, answer: Node) -> None:
    """Raises `UsageError` where the question of an answer was deleted."""
    parents = (node for node in conversation.nodes if node.id == answer.parent_id)
    if not any(parent.message.role is Role.USER for parent in parents):
        raise UsageError("The question of this answer was deleted.", hint="Ask it again, or undo the deletion.")


def _request(messages: tuple[Message, ...], options: Options) -> ChatRequest:
    return ChatRequest(
        messages,
        options.max_tokens,
        options.sampling,
        effort=options.effort,
        reasoning_tokens=options.reasoning_tokens,
        schema=options.schema,
    )


def _question(text: str, attachments: Sequence[Attachment] = ()) -> Message:
    """What was attached stands before the text. Raises `UsageError` where there is neither."""
    if not text.strip() and not attachments:
        raise UsageError("There is nothing to send.", hint="Type a message first.")
    said = (Text(text),) if text.strip() else ()
    return Message(Role.USER, (*attachments, *said))


def _named(text: str, attachments: Sequence[Attachment]) -> str:
    """What a new chat is named after."""
    return text if text.strip() else ", ".join(attachment.name for attachment in attachments)
