"""How a turn begins: where its question stands, what it comes with, who answers, and what is kept of all that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from workbench.chat.answering import Answering
from workbench.chat.asking.asked_json import asked_json
from workbench.chat.asking.choosing import Choosing
from workbench.chat.asking.elsewhere import check_from_here
from workbench.chat.asking.options import Options, ProjectRules
from workbench.chat.asking.rules import TurnRules
from workbench.chat.events import Chosen, TurnStarted
from workbench.chat.questions import as_asked, check_asked, question_of, title_text
from workbench.chat.store import ConversationStore, title_of
from workbench.chat.tree import Conversation, Node, path_to
from workbench.errors import UsageError
from workbench.events import Bus, Topic
from workbench.jobs import Job
from workbench.messages import Attachment, Finish, Id, Message
from workbench.ports import BackendRoute


class Beginning:
    """Its methods that take a `Job` block until the answer is complete."""

    def __init__(
        self,
        store: ConversationStore,
        route: BackendRoute,
        bus: Bus,
        rules: TurnRules,
        choosing: Choosing,
        answering: Answering,
        projects: ProjectRules,
        forget: Callable[[Id], None],
        went_on: Callable[[Id], None],
        *,
        keeps: bool,
    ) -> None:
        """``forget``, ``went_on`` and ``keeps`` as `ChatService` has them."""
        self._store = store
        self._route = route
        self._bus = bus
        self._rules = rules
        self._choosing = choosing
        self._answering = answering
        self._projects = projects
        self._forget = forget
        self._went_on = went_on
        self._keeps = keeps

    def keep(
        self, conversation_id: Id | None, text: str, attachments: Sequence[Attachment], job: Job, options: Options
    ) -> Node:
        """A question that no model is asked yet."""
        question = self.question(conversation_id, text, attachments, job, options)
        conversation_id, parent = self.place(conversation_id, title_text(text, attachments), options)
        node = self._store.append(conversation_id, parent, question)
        self._bus.publish(Topic.CHATS, origin=job.id)
        self._went_on(node.id)
        return node

    def question(
        self, conversation_id: Id | None, text: str, attachments: Sequence[Attachment], job: Job, options: Options
    ) -> Message:
        """With those files of the project that the branch in view does not hold yet: each is given once, with the next
        question."""
        return question_of(text, (*self._files(options, conversation_id, job), *attachments), options.prompt)

    def place(self, conversation_id: Id | None, title: str, options: Options) -> tuple[Id, Id | None]:
        """The conversation of a question, made where there is none, and the message that it stands below."""
        if conversation_id is None:
            return self._new_chat(title, options), None
        return conversation_id, self._store.load(conversation_id).tip_id

    def turn(
        self, conversation_id: Id, parent: Id | None, question: Message | None, model: str, job: Job, options: Options
    ) -> Node:
        """A new ``question`` below ``parent``, or another answer to the one that ``parent`` is. Gives the answer."""
        chosen = self._choosing.chosen(options, lambda: self._store.load(conversation_id), parent, question)
        if chosen is not None and chosen.options != options:
            options = chosen.options
            model = self._rules.model(options, self._store.load(conversation_id))
        told, why_not = self._rules.told(options, lambda: self._store.load(conversation_id), parent)
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

    def more(self, conversation: Conversation, node: Node, job: Job, options: Options) -> Node:
        """Another turn of the same answer: what it has stays. Raises `UsageError` for one that cannot be gone on with."""
        check_from_here(node, "go on with")
        options = as_asked(self._rules.placed(options, conversation.id), conversation, node)
        options = self._choosing.as_before(options, node.turn)
        model = self._rules.model(options, conversation)
        if node.turn is None or not (node.turn.can_continue or node.turn.finish is Finish.WAITING):
            raise UsageError("This answer is complete.", hint="Ask a new question, or regenerate it.")
        check_asked(conversation, node)
        told, why_not = self._rules.told(options, lambda: conversation, node.id)
        turn = self._store.begin_continuation(
            conversation.id,
            node.id,
            after=node.turn.id,
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

    # Inside -----------------------------------------------------------------------------------------------------------

    def _new_chat(self, title: str, options: Options) -> Id:
        conversation_id = self._store.create(
            title_of(title),
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
        if asked.project_id is None:
            return ()
        held: list[str] = []
        if conversation_id is not None:
            conversation = self._store.load(conversation_id)
            branch = path_to(conversation, conversation.tip_id)
            held = [attachment.name for node in branch for attachment in node.message.attachments]
        return self._projects.files(asked.project_id, held, job)
