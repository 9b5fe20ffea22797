"""What fits into a model's context: how full it would be, before anything is sent, and room made where it is full."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from workbench.cancel import CancelToken
from workbench.chat.answering import Answering, request_of
from workbench.chat.asking.choosing import Choosing
from workbench.chat.asking.options import Options
from workbench.chat.asking.rules import TurnRules
from workbench.chat.attaching.request import Asking
from workbench.chat.context.context import ContextUse
from workbench.chat.context.room import WhenFull
from workbench.chat.context.room_maker import RoomMaker
from workbench.chat.events import Preparing
from workbench.chat.questions import as_asked
from workbench.chat.store import ConversationStore
from workbench.chat.tree import SEEN_WHOLE, Conversation, Node, Seen, path_to
from workbench.errors import ModelError
from workbench.jobs import Job
from workbench.memory.told import with_memory
from workbench.messages import Attachment, Id, user
from workbench.ports import BackendRoute, ChatBackend
from workbench.tools.tool import ToolSpec

MOST_COUNTED_CHARACTERS = 400_000


class Fitting:
    """By the same rules as the turn itself."""

    def __init__(
        self, store: ConversationStore, route: BackendRoute, rules: TurnRules, choosing: Choosing, answering: Answering
    ) -> None:
        self._store = store
        self._route = route
        self._rules = rules
        self._choosing = choosing
        self._answering = answering

    def measure(
        self,
        conversation_id: Id | None,
        draft: str,
        cancel: CancelToken,
        options: Options,
        *,
        replaces: Id | None,
        attachments: Sequence[Attachment],
    ) -> ContextUse:
        """As `ChatService.measure`."""
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

    def offered(self, options: Options) -> tuple[ToolSpec, ...]:
        """As `ChatService.offered`."""
        backend = self._route.ready(self._rules.complete(options).model)
        return () if backend is None else self._offered(options, None, backend)

    def count(self, text: str, cancel: CancelToken, options: Options) -> int | None:
        """As `ChatService.count`."""
        if len(text) > MOST_COUNTED_CHARACTERS:
            return None
        try:
            backend = self._route.ready(self._rules.complete(options).model)
        except ModelError:  # none on this disk: another machine answers, or nobody yet
            return None
        return None if backend is None else backend.count_tokens(request_of((user(text),), options), cancel)

    def room_in(self, conversation_id: Id, how: WhenFull, job: Job, options: Options) -> Seen:
        """What of the chat would fit. Emits and raises as `ChatService.make_room`, which keeps it."""
        conversation = self._store.load(conversation_id)
        branch = path_to(conversation, conversation.tip_id)
        options = self._rules.placed(options, conversation_id)
        options = as_asked(options, conversation, branch[-1]) if branch else options
        options = self._choosing.as_before(options, branch[-1].turn if branch else None)
        asked = self._rules.complete(options)
        self._rules.permit(options, asked.model, conversation, branch)
        if branch and not branch[-1].message.parts:  # the answer that found no room
            branch = branch[:-1]
        return self._maker(options, asked.model, conversation, job).make(branch, conversation.seen, how)

    def _maker(self, options: Options, model: str, conversation: Conversation, job: Job) -> RoomMaker:
        tell = lambda words: job.emit(Preparing(words))  # noqa: E731
        backend = self._route.backend(model, job.cancel, tell)
        specs = self._offered(options, conversation.id, backend)
        options = self._rules.complete(options, backend.info)
        told, _why_not = self._rules.told(options, lambda: conversation, conversation.tip_id)
        return RoomMaker(backend, request_of((), options, specs), with_memory(options.system, told), job.cancel, tell)

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

    def _chat(self, conversation_id: Id | None) -> Conversation | None:
        return None if conversation_id is None else self._store.load(conversation_id)
