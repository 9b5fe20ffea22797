"""Conversations as people use them: send, stop, continue, regenerate, edit; and all that is done with chats as such."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from workbench.cancel import CancelToken
from workbench.chat.answering import Answering, Ending
from workbench.chat.asking.asked_json import asked_from_json
from workbench.chat.asking.choosing import Choosing
from workbench.chat.asking.elsewhere import SOURCE_PREFIX, check_from_here
from workbench.chat.asking.knowing import NOTHING_KNOWN, TurnMemory
from workbench.chat.asking.limits import NO_RULES, AnswerRules
from workbench.chat.asking.options import AS_SET, NO_PROJECTS, Completion, Options, ProjectRules, plainly
from workbench.chat.asking.routing import USUAL_MODEL, Router
from workbench.chat.asking.rules import TurnRules
from workbench.chat.attaching.request import NO_PICTURES, Pictures
from workbench.chat.beginning import Beginning
from workbench.chat.chats import Chats
from workbench.chat.context.context import ContextUse
from workbench.chat.context.room import WhenFull
from workbench.chat.fitting import Fitting
from workbench.chat.grounding.asked import NO_SOURCES, Grounds
from workbench.chat.questions import as_asked, check_asked, question_of, title_text
from workbench.chat.store import ConversationStore
from workbench.chat.tooling.elsewhere import ToolsElsewhere
from workbench.chat.tooling.port import NO_TOOLS, TurnTools
from workbench.chat.tree import (
    Conversation,
    Node,
    Seen,
)
from workbench.consents.consent import Consents
from workbench.errors import UsageError
from workbench.events import Bus
from workbench.jobs import Job
from workbench.memory.memory import Remembered
from workbench.messages import (
    Attachment,
    Effort,
    Finish,
    Id,
    Role,
)
from workbench.ports import BackendRoute, Clock
from workbench.tools.tool import ToolSpec


class ChatService(Chats):
    """Chats, and models that are asked in them. All methods may be called from any thread; the ones that take a `Job` block
    until the answer is complete."""

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
        super().__init__(store, route, bus, forget, projects, grounds)
        self._rules = rules = TurnRules(route, defaults, complete, projects, grounds, memory, store.choices.of)
        self._choosing = choosing = Choosing(router, rules, projects, keeps=keeps)
        self._answering = answering = Answering(
            store, route, bus, clock, rules, grounds, pictures, tools, consents, projects, answers
        )
        self._beginning = Beginning(
            store, route, bus, rules, choosing, answering, projects, forget, went_on, keeps=keeps
        )
        self._fitting = Fitting(store, route, rules, choosing, answering)

    # Before a turn ----------------------------------------------------------------------------------------------------

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
        return self._fitting.measure(
            conversation_id, draft, cancel, options, replaces=replaces, attachments=attachments
        )

    def offered(self, options: Options = AS_SET) -> tuple[ToolSpec, ...]:
        """The tools that the first answer of a new chat could call; none while its model is not ready."""
        return self._fitting.offered(options)

    def count(self, text: str, cancel: CancelToken, options: Options = AS_SET) -> int | None:
        """About how many tokens ``text`` has; None while no engine is ready to count, or it is too long to be counted."""
        return self._fitting.count(text, cancel, options)

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
        question = self._beginning.question(conversation_id, text, attachments, job, options)
        conversation_id, parent = self._beginning.place(conversation_id, title_text(text, attachments), options)
        return self._beginning.turn(conversation_id, parent, question, model, job, options)

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
        return self._beginning.turn(conversation.id, node.parent_id, question, model, job, options)

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
        return self._beginning.turn(conversation.id, node.parent_id, None, model, job, options)

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
        return self._beginning.keep(
            conversation_id, text, attachments, job, self._rules.placed(options, conversation_id)
        )

    def answer(self, question_id: Id, job: Job, options: Options = AS_SET) -> Node:
        """An answer of a model here to a question that is there, beside those that it has. Emits and raises as `send`."""
        conversation, node = self._node(question_id)
        options = self._rules.placed(options, conversation.id)
        options = replace(options, prompt=options.prompt or node.message.prompt)
        model = self._rules.model(options, conversation)
        if node.message.role is not Role.USER:
            raise UsageError("Only a question can be answered.", hint="Regenerate the answer instead.")
        self._steering.branch_off(conversation, node.id)
        return self._beginning.turn(conversation.id, node.id, None, model, job, options)

    def continue_answer(self, answer_id: Id, job: Job, options: Options = AS_SET) -> Node:
        """Go on with an answer that was stopped, interrupted or cut: what is there stays, the rest is added. Calls of tools
        that gave nothing yet are made again, but never one of which it is not known whether it was done."""
        conversation, node = self._node(answer_id)
        if node.turn is not None and node.turn.finish is Finish.WAITING:
            raise UsageError(
                "This answer waits for a yes or no of yours.", hint="`workbench consents list` shows the question."
            )
        return self._beginning.more(conversation, node, job, options)

    def resume(self, answer_id: Id, job: Job, options: Options = AS_SET) -> Node:
        """Go on with an answer that waited for a person, when they have said yes or no: by the model that asked, and as it
        was asked to, but for what ``options`` say. It waits on where they have not."""
        conversation, node = self._node(answer_id)
        if node.turn is not None:
            options = options.over(asked_from_json(self._store.how_asked(node.turn.id)))
            options = replace(options, model=options.model or self._rules.known(node.turn.model))
        return self._beginning.more(conversation, node, job, options)

    def make_room(self, conversation_id: Id, how: WhenFull, job: Job, options: Options = AS_SET) -> Seen:
        """Have less of a chat sent that no longer fits; it stays whole on the disk. Then `continue_answer` goes on.

        Emits `Preparing`. Raises `ContextFullError` when its last question alone is too long.
        """
        seen = self._fitting.room_in(conversation_id, how, job, options)
        self._see(conversation_id, seen)
        return seen

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

    def save_endings(self) -> None:
        """Save how turns ended that the disk refused when they did: there may be room by now. Quiet when there is not."""
        self._answering.save_endings()

    def recover(self) -> int:
        """At start: turns of processes that are gone become *interrupted*, and the bin forgets what is 30 days old.

        Returns how many turns were interrupted.
        """
        self._store.empty_bin()
        return self._store.interrupt_orphans()

    def _node(self, message_id: Id) -> tuple[Conversation, Node]:
        return self._store.node(message_id)
