"""Conversations as people use them: send, stop, continue, regenerate, edit, rename, delete and undo."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from workbench.cancel import CancelToken
from workbench.chat.answering import Answering, Ending, request_of
from workbench.chat.asking.asked_json import asked_from_json, asked_json
from workbench.chat.asking.choosing import Choosing
from workbench.chat.asking.elsewhere import SOURCE_PREFIX, check_from_here
from workbench.chat.asking.knowing import NOTHING_KNOWN, TurnMemory
from workbench.chat.asking.limits import NO_RULES, AnswerRules
from workbench.chat.asking.options import AS_SET, NO_PROJECTS, Completion, Options, ProjectRules, plainly
from workbench.chat.asking.routing import USUAL_MODEL, Router
from workbench.chat.asking.rules import TurnRules
from workbench.chat.attaching.request import NO_PICTURES, Asking, Pictures
from workbench.chat.context.context import ContextUse
from workbench.chat.context.room import WhenFull
from workbench.chat.context.room_maker import RoomMaker
from workbench.chat.events import Chosen, Preparing, TurnStarted
from workbench.chat.grounding.asked import NO_SOURCES, Grounds
from workbench.chat.questions import as_asked, check_asked, question_of, title_text
from workbench.chat.steering.drafts import Draft
from workbench.chat.steering.steering import Steering
from workbench.chat.store import ConversationStore, title_of
from workbench.chat.tooling.elsewhere import ToolsElsewhere
from workbench.chat.tooling.port import NO_TOOLS, TurnTools
from workbench.chat.tree import (
    SEEN_WHOLE,
    Conversation,
    ConversationSummary,
    Node,
    Seen,
    path_to,
)
from workbench.consents.consent import Consents
from workbench.errors import ModelError, UsageError
from workbench.events import Bus, Topic
from workbench.jobs import Job
from workbench.memory.memory import Remembered
from workbench.memory.told import with_memory
from workbench.messages import (
    Attachment,
    Effort,
    Finish,
    Id,
    Message,
    Role,
    user,
)
from workbench.ports import BackendRoute, ChatBackend, Clock
from workbench.tools.tool import ToolSpec

MOST_COUNTED_CHARACTERS = 400_000


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
        grounds: Grounds = NO_SOURCES,
        memory: TurnMemory = NOTHING_KNOWN,
        *,
        keeps: bool = True,
        tools: TurnTools = NO_TOOLS,
        consents: Consents | None = None,
        router: Router = USUAL_MODEL,
        answers: AnswerRules = NO_RULES,
    ) -> None:
        """``defaults`` gives the options of the settings at the time of each turn, ``complete`` those of the model too.
        ``forget`` hears of each chat that is deleted: what was kept to answer it sooner goes with it.
        ``went_on`` hears of each new question once it is kept, and raises nothing: a person went on below its parent.
        ``projects``: what holds for the chats of each. ``pictures``: where attached ones are kept.
        ``grounds``: the documents that answers stand on. ``memory``: what of the person is told.
        ``keeps`` False: nothing of a chat may be kept to answer it sooner, so ``forget`` hears of each as it begins.
        ``answers``: what holds for each. ``router``: who chooses the model of a question whose model is `AUTO`.
        ``tools``: what answers may call. ``consents``: where a person is asked; None: nobody is, so what asks is refused.
        """
        self._store = store
        self._route = route
        self._bus = bus
        self._forget = forget
        self._projects = projects
        self._went_on = went_on
        self._grounds = grounds
        self._keeps = keeps
        self._rules = TurnRules(route, defaults, complete, projects, grounds, memory, store.choices.of)
        self._choosing = Choosing(router, self._rules, projects, keeps=keeps)
        self._answering = Answering(
            store, route, bus, clock, self._rules, grounds, pictures, tools, consents, projects, answers
        )
        self._steering = Steering(store, store.steering, forget)

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
        options = self._rules.placed(options, conversation_id)
        return self._route.name(options.over(self._rules.defaults_in(options)).model)

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
        asked = self._rules.placed(options, conversation_id)
        options = self._rules.complete(asked)
        backend = self._route.ready(options.model)
        if backend is None:
            return ContextUse(None, None)
        branch, seen = self._branch(conversation_id, replaces) if conversation_id else ((), SEEN_WHOLE)
        tip = branch[-1].id if branch else None
        told, _why_not = self._rules.told(options, lambda: self._chat(conversation_id), tip)
        system = with_memory(options.system, told)
        asking = Asking(branch, seen, system, draft, attachments, prompt=options.prompt)
        bare = request_of((), options, self._offered(asked, conversation_id, backend))
        fitted = asking.fitted(backend, lambda messages: replace(bare, messages=messages), bare.max_tokens, cancel)
        tokens = self._answering.tokens(fitted, backend, bare, cancel) if fitted.messages else 0
        return ContextUse(tokens, backend.info.context_tokens, fitted.note)

    def offered(self, options: Options = AS_SET) -> tuple[ToolSpec, ...]:
        """The tools that the first answer of a new chat could call; none while its model is not ready."""
        backend = self._route.ready(self._rules.complete(options).model)
        return () if backend is None else self._offered(options, None, backend)

    def count(self, text: str, cancel: CancelToken, options: Options = AS_SET) -> int | None:
        """About how many tokens ``text`` has; None while no engine is ready to count, or it is too long to be counted."""
        if len(text) > MOST_COUNTED_CHARACTERS:
            return None
        try:
            backend = self._route.ready(self._rules.complete(options).model)
        except ModelError:  # none on this disk: another machine answers, or nobody yet
            return None
        return None if backend is None else backend.count_tokens(request_of((user(text),), options), cancel)

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
        question_of(text, attachments)  # refused before anything is read or kept
        options = self._rules.placed(options, conversation_id)
        model = self._rules.model(options, None if conversation_id is None else self._store.load(conversation_id))
        question = question_of(text, (*self._files(options, conversation_id, job), *attachments), options.prompt)
        conversation_id, parent = self._place(conversation_id, title_text(text, attachments), options)
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
        of the old one. The prompt is the one that ``options`` name."""
        conversation, node = self._node(message_id)
        options = self._rules.placed(options, conversation.id)
        model = self._rules.model(options, conversation)
        question = question_of(text, node.message.attachments if attachments is None else attachments, options.prompt)
        if node.message.role is not Role.USER:
            raise UsageError("Only a question can be edited.", hint="Regenerate the answer instead.")
        self._steering.branch_off(conversation, node.parent_id)
        return self._turn(conversation.id, node.parent_id, question, model, job, options)

    def regenerate(self, answer_id: Id, job: Job, options: Options = AS_SET) -> Node:
        """Another answer to the same question, beside the old one, which stays."""
        conversation, node = self._node(answer_id)
        options = as_asked(self._rules.placed(options, conversation.id), conversation, node)
        model = self._rules.model(options, conversation)
        if node.message.role is not Role.ASSISTANT:
            raise UsageError("Only an answer can be regenerated.", hint="Edit the question instead.")
        check_from_here(node, "answer again for")
        check_asked(conversation, node)
        self._steering.branch_off(conversation, node.parent_id)
        return self._turn(conversation.id, node.parent_id, None, model, job, options)

    def keep_question(
        self,
        conversation_id: Id | None,
        text: str,
        job: Job,
        options: Options = AS_SET,
        *,
        attachments: Sequence[Attachment] = (),
    ) -> Node:
        """A question that no model is asked yet: it is taken elsewhere first, or answered later (`answer`). A new
        conversation is made as `send` makes it.

        Raises `UsageError` where there is neither a text nor an attachment.
        """
        question_of(text, attachments)
        options = self._rules.placed(options, conversation_id)
        question = question_of(text, (*self._files(options, conversation_id, job), *attachments), options.prompt)
        conversation_id, parent = self._place(conversation_id, title_text(text, attachments), options)
        node = self._store.append(conversation_id, parent, question)
        self._bus.publish(Topic.CHATS, origin=job.id)
        self._went_on(node.id)
        return node

    def answer(self, question_id: Id, job: Job, options: Options = AS_SET) -> Node:
        """An answer of a model here to a question that is there, beside those that it has. Emits and raises as `send`."""
        conversation, node = self._node(question_id)
        options = self._rules.placed(options, conversation.id)
        options = replace(options, prompt=options.prompt or node.message.prompt)
        model = self._rules.model(options, conversation)
        if node.message.role is not Role.USER:
            raise UsageError("Only a question can be answered.", hint="Regenerate the answer instead.")
        self._steering.branch_off(conversation, node.id)
        return self._turn(conversation.id, node.id, None, model, job, options)

    def continue_answer(self, answer_id: Id, job: Job, options: Options = AS_SET) -> Node:
        """Go on with an answer that was stopped, interrupted or cut: what is there stays, the rest is added. Calls of tools
        that gave nothing yet are made again, but never one of which it is not known whether it was done."""
        _conversation, node = self._node(answer_id)
        if node.turn is not None and node.turn.finish is Finish.WAITING:
            raise UsageError(
                "This answer waits for a yes or no of yours.", hint="`workbench consents list` shows the question."
            )
        return self._go_on(answer_id, job, options)

    def resume(self, answer_id: Id, job: Job, options: Options = AS_SET) -> Node:
        """Go on with an answer that waited for a person, when they have said yes or no: by the model that asked, and as it
        was asked to, but for what ``options`` say. It waits on where they have not."""
        _conversation, node = self._node(answer_id)
        if node.turn is not None:
            options = options.over(asked_from_json(self._store.how_asked(node.turn.id)))
            options = replace(options, model=options.model or self._rules.known(node.turn.model))
        return self._go_on(answer_id, job, options)

    def _go_on(self, answer_id: Id, job: Job, options: Options) -> Node:
        conversation, node = self._node(answer_id)
        check_from_here(node, "go on with")
        options = as_asked(self._rules.placed(options, conversation.id), conversation, node)
        options = self._choosing.as_before(options, node.turn)
        model = self._rules.model(options, conversation)
        if node.turn is None or not (node.turn.can_continue or node.turn.finish is Finish.WAITING):
            raise UsageError("This answer is complete.", hint="Ask a new question, or regenerate it.")
        check_asked(conversation, node)
        told, why_not = self._rules.told(options, lambda: conversation, answer_id)
        turn = self._store.begin_continuation(
            conversation.id,
            answer_id,
            model=model,
            backend=self._route.source(model),
            options=self._rules.kept(options),
            memory=told,
            how=asked_json(options),
        )
        chosen = self._choosing.again(options, conversation, node)
        turn = replace(turn, note=why_not)
        begun = turn if chosen is None else self._choosing.began(conversation.id, turn, chosen)
        answer = replace(node, turn=begun)
        job.emit(TurnStarted(conversation.id, None, answer))
        self._bus.publish(Topic.CHATS, origin=job.id)
        return self._choosing.looked_over(
            begun, chosen, lambda: self._answering.answer(conversation.id, answer, begun, job, options)
        )

    def make_room(self, conversation_id: Id, how: WhenFull, job: Job, options: Options = AS_SET) -> Seen:
        """Have less of a chat sent that no longer fits; it stays whole on the disk. Then `continue_answer` goes on.

        Emits `Preparing`. Raises `ContextFullError` when its last question alone is too long.
        """
        conversation = self._store.load(conversation_id)
        branch = path_to(conversation, conversation.tip_id)
        options = self._rules.placed(options, conversation_id)
        options = as_asked(options, conversation, branch[-1]) if branch else options
        options = self._choosing.as_before(options, branch[-1].turn if branch else None)
        asked = self._rules.complete(options)
        self._rules.permit(options, asked.model, conversation, branch)
        backend = self._route.backend(asked.model, job.cancel, lambda words: job.emit(Preparing(words)))
        specs = self._offered(options, conversation_id, backend)
        options = self._rules.complete(options, backend.info)
        if branch and not branch[-1].message.parts:  # the answer that found no room
            branch = branch[:-1]
        told, _why_not = self._rules.told(options, lambda: conversation, conversation.tip_id)
        system = with_memory(options.system, told)
        maker = RoomMaker(
            backend, request_of((), options, specs), system, job.cancel, lambda words: job.emit(Preparing(words))
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

    # Elsewhere --------------------------------------------------------------------------------------------------------

    def told_first(self, conversation: Conversation, question_id: Id) -> tuple[str, Remembered]:
        """The instructions, and what is remembered, that an answer to this question is told first."""
        return self._rules.said_first(conversation, question_id)

    def is_from_provider(self, answer_id: Id) -> bool:
        """Whether a model of a provider gave it, or is at it. Raises `UsageError` for an unknown message."""
        turn = self._node(answer_id)[1].turn
        return turn is not None and turn.backend.startswith(SOURCE_PREFIX)

    @property
    def tools_elsewhere(self) -> ToolsElsewhere:
        """What a model of a provider may call in these chats."""
        return self._answering.elsewhere

    def save_ending(self, ending: Ending) -> None:
        """How an answer of another program ended. Raises `StorageError`; it is saved later then."""
        self._answering.save_ending(ending)

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

    def known_folders(self, words: Sequence[str]) -> tuple[str, ...]:
        """As `Options.folders` has them, from ids or names, or with a file's path behind. Raises `UsageError`."""
        return self._grounds.known(words)

    def set_folders(self, conversation_id: Id, folders: Sequence[str]) -> None:
        """The document folders that a chat asks from now on: ids or names, and single files with their path behind.

        Raises `UsageError` for one that is not there, or an unknown chat.
        """
        self._store.set_folders(conversation_id, self._grounds.known(folders))
        self._bus.publish(Topic.CHATS)

    def set_model(self, conversation_id: Id, model: str) -> None:
        """The model that answers in a chat from now on, as `Options.model` names it; empty: as its project and the settings
        say.

        Raises `ModelError` for one that nobody knows, `RefusedError` for one that must not get what belongs to its project,
        `UsageError` for an unknown chat.
        """
        project_id = self._projects.of(conversation_id)
        if model:
            self._route.name(model)
        if model and project_id is not None:
            self._projects.check(project_id, model)
        self._store.choices.set_model(conversation_id, model)
        self._bus.publish(Topic.CHATS)

    def set_effort(self, conversation_id: Id, effort: Effort | None) -> None:
        """How much is thought in a chat from now on, as far as its model knows the effort; None: as its project, the
        settings and the model say. Raises `UsageError` for an unknown chat."""
        self._store.choices.set_effort(conversation_id, effort)
        self._bus.publish(Topic.CHATS)

    def set_tools(self, conversation_id: Id, names: Sequence[str] | None) -> None:
        """The tools that answers of a chat may call from now on; None: as its project and the settings say.

        Raises `UsageError` for an unknown chat.
        """
        self._store.set_tools(conversation_id, names)
        self._bus.publish(Topic.CHATS)

    def set_memory(self, conversation_id: Id, told: bool) -> None:
        """Whether what is remembered is ``told`` in a chat. Raises `UsageError` for an unknown one."""
        self._store.set_memory(conversation_id, on=told)
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
        self._answering.save_endings()

    def recover(self) -> int:
        """At start: turns of processes that are gone become *interrupted*, and the bin forgets what is 30 days old.

        Returns how many turns were interrupted.
        """
        self._store.empty_bin()
        return self._store.interrupt_orphans()

    # Pieces -----------------------------------------------------------------------------------------------------------

    def _place(self, conversation_id: Id | None, text: str, options: Options) -> tuple[Id, Id | None]:
        """The conversation of a question, made where there is none, and the message that it stands below."""
        if conversation_id is None:
            return self._new_chat(text, options), None
        return conversation_id, self._store.load(conversation_id).tip_id

    def _new_chat(self, text: str, options: Options) -> Id:
        conversation_id = self._store.create(
            title_of(text),
            options.project_id,
            options.folders or (),
            options.tools,
            memory=options.memory is not False,
            choice=options.of_chat,
        )
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

    def _turn(
        self, conversation_id: Id, parent: Id | None, question: Message | None, model: str, job: Job, options: Options
    ) -> Node:
        chosen = self._choosing.chosen(options, lambda: self._store.load(conversation_id), parent, question)
        if chosen is not None and chosen.options != options:
            options = chosen.options
            model = self._rules.model(options, self._chat(conversation_id))
        told, why_not = self._rules.told(options, lambda: self._chat(conversation_id), parent)
        asked, answer, turn = self._store.begin_turn(
            conversation_id,
            parent,
            question,
            model=model,
            backend=self._route.source(model),
            options=self._rules.kept(options),
            memory=told,
            how=asked_json(options),
        )
        turn = replace(turn, note=why_not)
        begun = turn if chosen is None else self._choosing.began(conversation_id, turn, chosen)
        answer = replace(answer, turn=begun)
        job.emit(TurnStarted(conversation_id, asked, answer))
        if begun.routed is not None:
            job.emit(Chosen(begun.routed))
        self._bus.publish(Topic.CHATS, origin=job.id)
        if asked is not None:
            self._went_on(asked.id)
        return self._choosing.looked_over(
            begun, chosen, lambda: self._answering.answer(conversation_id, answer, begun, job, options)
        )

    def _chat(self, conversation_id: Id | None) -> Conversation | None:
        return None if conversation_id is None else self._store.load(conversation_id)

    def _offered(self, asked: Options, conversation_id: Id | None, backend: ChatBackend) -> tuple[ToolSpec, ...]:
        """What an answer in this chat could call. ``asked``: in the chat's project."""
        offering = self._answering.offering
        model = self._route.name(asked.over(self._rules.defaults_in(asked)).model)
        conversation = None if conversation_id is None else self._store.load(conversation_id)
        place = offering.place(conversation, None, asked.project_id)
        return offering.specs(asked, conversation, place, model, backend.info)

    def _branch(self, conversation_id: Id, replaced: Id | None) -> tuple[tuple[Node, ...], Seen]:
        """The branch in view, up to the message that is to be replaced, and what of the conversation is sent."""
        conversation = self._store.load(conversation_id)
        branch = path_to(conversation, conversation.tip_id)
        return tuple(itertools.takewhile(lambda node: node.id != replaced, branch)), conversation.seen

    def _node(self, message_id: Id) -> tuple[Conversation, Node]:
        return self._store.node(message_id)
