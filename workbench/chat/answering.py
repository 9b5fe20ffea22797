"""An answer from its request to its end: what it stands on, the stream, and what is stored, whatever happens."""

from __future__ import annotations

import threading
from dataclasses import replace

from workbench.cancel import CancelToken
from workbench.chat.asking.limits import NO_RULES, AnswerRules, Limit, limit_of
from workbench.chat.asking.made import Made
from workbench.chat.asking.options import NO_PROJECTS, Options, ProjectRules
from workbench.chat.asking.rules import TurnRules
from workbench.chat.attaching.given import Fitted
from workbench.chat.attaching.request import Asking, Pictures, reserve_for
from workbench.chat.context import context
from workbench.chat.events import Preparing, SourcesFound
from workbench.chat.grounding.asked import Grounds, Room
from workbench.chat.grounding.budget import LEAST_TOKENS
from workbench.chat.grounding.standing import kept
from workbench.chat.recorder import Recorder
from workbench.chat.store import ConversationStore
from workbench.chat.tooling.elsewhere import ToolsElsewhere, cite
from workbench.chat.tooling.making import Making, Scene, used_names
from workbench.chat.tooling.offering import Offering, none_offered
from workbench.chat.tooling.port import NO_TOOLS, TurnTools, as_offered
from workbench.chat.tooling.requests import Requests
from workbench.chat.tooling.rounds import Rounds
from workbench.chat.tooling.told import messages_of, without_torn
from workbench.chat.tree import Conversation, Node, Turn, TurnState, path_to
from workbench.chat.turn_rows import Outcome
from workbench.consents.consent import Consents
from workbench.documents.citing.prompt import STOPS
from workbench.errors import Cancelled, StorageError, WorkbenchError
from workbench.events import Bus, Topic
from workbench.jobs import Job
from workbench.memory.told import with_memory
from workbench.messages import ChatRequest, Finish, Id, Message, Part, Role, Sources
from workbench.ports import BackendRoute, ChatBackend, Clock
from workbench.tools.tool import ToolSpec

NOTHING = Sources()

Ending = tuple[Id, Id, tuple[Part, ...], Outcome]
"""Turn, message, and what they end with."""


class Answering:
    """Any thread; `answer` blocks until the answer is complete."""

    def __init__(
        self,
        store: ConversationStore,
        route: BackendRoute,
        bus: Bus,
        clock: Clock,
        rules: TurnRules,
        grounds: Grounds,
        pictures: Pictures,
        tools: TurnTools = NO_TOOLS,
        consents: Consents | None = None,
        projects: ProjectRules = NO_PROJECTS,
        answers: AnswerRules = NO_RULES,
    ) -> None:
        self._store = store
        self._route = route
        self._bus = bus
        self._clock = clock
        self._rules = rules
        self._grounds = grounds
        self._pictures = pictures
        self._tools = tools
        self._consents = consents
        self._answers = answers
        self.offering = Offering(tools, rules, projects)
        self.elsewhere = ToolsElsewhere(self.offering, tools, consents, grounds, clock)
        self._lock = threading.Lock()
        self._unsaved: list[Ending] = []

    def answer(self, conversation_id: Id, answer: Node, turn: Turn, job: Job, options: Options) -> Node:
        """Stream the answer into its node, and store how it ended, whatever happens."""
        grown = without_torn(answer.message.parts)
        recorder = Recorder(lambda parts: self._store.checkpoint(answer.id, parts), self._clock, grown)
        outcome = Outcome(
            Finish.ERROR, error="Workbench itself failed.", hint="Try again; if it happens twice, report it."
        )
        try:
            with recorder:
                outcome = self._stream(conversation_id, answer, turn, recorder, job, options)
        except Cancelled:
            outcome = Outcome(Finish.CANCELLED)
        except WorkbenchError as error:
            outcome = Outcome(Finish.ERROR, error=error.message, hint=error.hint, error_kind=error.kind)
            raise
        finally:
            outcome = replace(outcome, made=recorder.made)
            try:
                self.save_ending((turn.id, answer.id, recorder.parts(), outcome))
            finally:
                self._bus.publish(Topic.CHATS, origin=job.id)
        ended = replace(
            turn,
            state=TurnState.ENDED,
            finish=outcome.finish,
            usage=outcome.usage,
            timings=outcome.timings,
            note=outcome.note,
            made=outcome.made,
        )
        return replace(answer, message=Message(Role.ASSISTANT, recorder.parts()), turn=ended)

    def save_ending(self, ending: Ending) -> None:
        """Now, or by `save_endings`: what the disk refuses raises `StorageError`, and is not forgotten."""
        try:
            self._store.finish_turn(*ending)
        except StorageError:
            with self._lock:
                self._unsaved.append(ending)
            raise

    def _stream(
        self, conversation_id: Id, answer: Node, turn: Turn, recorder: Recorder, job: Job, options: Options
    ) -> Outcome:
        options = self._rules.placed(options, conversation_id)
        model = options.over(self._rules.defaults_in(options)).model
        conversation = self._store.load(conversation_id)
        path = path_to(conversation, answer.parent_id)
        self._rules.permit(options, model, conversation, (*path, answer))
        backend = self._route.backend(model, job.cancel, lambda words: job.emit(Preparing(words)))
        place = self.offering.place(conversation, answer.id, conversation.project_id)
        used = used_names(answer.message.parts)
        specs = self.offering.specs(options, conversation, place, turn.model, backend.info, used)
        without = none_offered(options, specs, turn.model)
        options = self._answers.seeded(self._rules.complete(options, backend.info), local=backend.info.local)
        recorder.made = Made(options.sampling.seed, backend.info.build, backend.info.devices)
        limit = limit_of(options, self._answers.limits())
        system = with_memory(options.system, turn.memory)
        asking = Asking(path, conversation.seen, system, grown=recorder.parts())
        bare = request_of((), options, specs)
        asking = self._grounded(asking, conversation, answer, backend, job, options, bare)
        sources = asking.sources
        if sources != NOTHING:
            recorder.stands_on(sources)
            job.emit(SourcesFound(sources))
        requests, note = self._requests(asking, backend, replace(bare, prefix=conversation_id), limit, job.cancel)
        note = " ".join(filter(None, (turn.note, without, note)))
        if note:
            job.emit(Preparing(note))
        scene = Scene(place, specs, tuple(node.message for node in path))
        making = Making(self._tools, self._consents, scene, recorder, job, self._clock)
        try:
            run = Rounds(requests, making, recorder, job, self._clock, limit.seconds, limit.who).run()
        finally:
            cite(self._grounds, sources, path, recorder, job)
        ended = run.finished
        note = " ".join(filter(None, (note, run.note, limit.note(ended.finish, run.last))))
        return Outcome(ended.finish, ended.usage, ended.timings, note=note)

    def _grounded(
        self,
        asking: Asking,
        conversation: Conversation,
        answer: Node,
        backend: ChatBackend,
        job: Job,
        options: Options,
        bare: ChatRequest,
    ) -> Asking:
        """With what the answer is to stand on: what it, or the one beside it, stood on before, else what is found now.
        Passages of earlier questions make room for those of this one."""
        asked = self._rules.documents(options, conversation)
        if (known := kept(conversation, answer)) is not None or not asked:
            return replace(asking, sources=known or NOTHING)
        limit = backend.info.context_tokens
        reserve = reserve_for(options.max_tokens, limit)

        def tokens(one: Asking) -> int:
            fitted = one.fitted(backend, lambda messages: replace(bare, messages=messages), bare.max_tokens, job.cancel)
            return self.tokens(fitted, backend, bare, job.cancel)

        if context.has_earlier_passages(asking.branch, asking.seen):
            asking = replace(asking, alone=tokens(asking) > limit - reserve - LEAST_TOKENS)
        room = Room(
            limit,
            reserve,
            lambda sources: tokens(replace(asking, sources=sources)),
            self._store.reading_speed(backend.info.model),
        )
        *before, question = asking.branch
        found = self._grounds.find(
            asked, question.message.text, before, room, job.cancel, lambda words: job.emit(Preparing(words))
        )
        return replace(asking, sources=found)

    def _requests(
        self, asking: Asking, backend: ChatBackend, asked: ChatRequest, limit: Limit, cancel: CancelToken
    ) -> tuple[Requests, str]:
        """The requests, and what of its attachments was left out of them, in a sentence."""
        fitted = asking.fitted(backend, lambda messages: replace(asked, messages=messages), asked.max_tokens, cancel)
        grown = len(messages_of(asking.grown, running=True))
        before = fitted.messages[: len(fitted.messages) - grown]
        if asking.sources.passages:
            asked = replace(asked, stop=(*asked.stop, *STOPS))
        requests = Requests(
            backend, before, asked, asked.max_tokens, self._pictures, cancel, fitted.tokens, limit.tokens
        )
        return requests, fitted.note

    def tokens(self, fitted: Fitted, backend: ChatBackend, asked: ChatRequest, cancel: CancelToken) -> int:
        """Of the rendered prompt. ``asked``: how it is asked, but for its messages."""
        if fitted.tokens is not None:
            return fitted.tokens
        return backend.count_tokens(replace(asked, messages=fitted.messages), cancel)

    def save_endings(self) -> None:
        """Save how turns ended that the disk refused when they did: there may be room by now. Quiet when there is not."""
        with self._lock:
            unsaved, self._unsaved = self._unsaved, []
        try:
            while unsaved:
                self.save_ending(unsaved[0])
                unsaved.pop(0)
                self._bus.publish(Topic.CHATS)
        except StorageError:
            with self._lock:
                self._unsaved += unsaved[1:]


def request_of(messages: tuple[Message, ...], options: Options, specs: tuple[ToolSpec, ...] = ()) -> ChatRequest:
    return ChatRequest(
        messages,
        options.max_tokens,
        options.sampling,
        effort=options.effort,
        reasoning_tokens=options.reasoning_tokens,
        tools=as_offered(specs),
        schema=options.schema,
    )
