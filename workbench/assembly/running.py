"""Prompts that are performed: who answers their steps, how they are asked, what they stand on. Built when somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from workbench.assembly.choosing import chosen_by
from workbench.assembly.conversation import ConversationParts
from workbench.assembly.engines import EngineParts
from workbench.assembly.filling import file_text
from workbench.assembly.foundation import Foundation
from workbench.assembly.models import ModelParts
from workbench.cancel import CancelToken
from workbench.chat.asking.options import Options
from workbench.engine.remote.route import LOCAL
from workbench.errors import EngineError
from workbench.messages import Sources
from workbench.ports import BackendInfo, ChatBackend
from workbench.prompts.library import Prompts
from workbench.prompts.running.batches.service import Batches
from workbench.prompts.running.batches.store import BatchStore
from workbench.prompts.running.ports import Fill, Ground, Surroundings
from workbench.prompts.running.run import StepOptions
from workbench.prompts.running.runner import PromptRunner
from workbench.prompts.running.store import RunStore
from workbench.prompts.running.testing import PromptTests

if TYPE_CHECKING:
    from workbench.models.library import InstalledModel

WANTED_FOR_ANSWER = 1024


class RunningParts:
    def __init__(
        self,
        base: Foundation,
        engines: EngineParts,
        models: ModelParts,
        conversation: ConversationParts,
        prompts: Callable[[], Prompts],
        fill: Fill,
    ) -> None:
        self._base, self._engines, self._models, self._conversation = base, engines, models, conversation
        self._around = Surroundings(
            conversation.route,
            fill,
            lambda name: prompts().get(name).prompt,
            base.clock,
            base.bus,
            self._complete,
            self._identity,
            self._stand,
            file_text,
            lambda prompt_id, values: prompts().used(prompt_id, values),
            engines.awake,
            chosen_by(conversation.router, base.settings),
        )
        self._store = RunStore(base.database, base.clock)
        self.runner = PromptRunner(self._store, self._around)

    @cached_property
    def batches(self) -> Batches:
        store = BatchStore(self._base.database, self._base.clock)
        return Batches(store, self._store, self.runner, self._around)

    @cached_property
    def tests(self) -> PromptTests:
        return PromptTests(self._store, self.runner, self._around)

    def _complete(self, asked: StepOptions, info: BackendInfo | None = None) -> StepOptions:
        """As a question of a chat, but that only the prompt says what the model is told first."""
        chat = self._base.settings().chat
        found = self._conversation.options.complete(
            Options(
                model=asked.model,
                max_tokens=asked.max_tokens,
                sampling=asked.sampling,
                effort=asked.effort,
                reasoning_tokens=asked.reasoning_tokens,
            ),
            Options(model=chat.model, max_tokens=chat.max_tokens or None),
            info,
        )
        return StepOptions(found.model, found.effort, found.sampling, found.max_tokens, found.reasoning_tokens)

    def _identity(self, model: str) -> str:
        """Of a model of this machine its file and the engine's build; of another machine's, its name there."""
        route = self._conversation.route
        source = route.source(model)
        if source != LOCAL:
            return f"{source} {route.name(model)}"
        try:
            build = self._engines.upcoming().build()
        except EngineError:
            build = ""
        return f"{_file(self._models.service.get(model or None))} {build}"

    def _stand(
        self,
        folders: tuple[str, ...],
        text: str,
        model: str,
        backend: ChatBackend,
        count: Callable[[str], int],
        cancel: CancelToken,
        tell: Callable[[str], None],
    ) -> Ground:
        """As a chat's first question that asks these folders."""
        from workbench.chat.grounding.asked import Asked, Room
        from workbench.documents.citing.prompt import STOPS, question_with

        grounds = self._conversation.grounds
        asked = Asked(grounds.known(folders))
        grounds.check(asked, (), model)
        limit = backend.info.context_tokens

        def tokens(sources: Sources) -> int:
            return count(question_with(text, sources))

        room = Room(limit, min(WANTED_FOR_ANSWER, limit // 4), tokens)
        found = grounds.find(asked, text, (), room, cancel, tell)
        return Ground(question_with(text, found), found.note, STOPS if found.passages else ())


def _file(model: InstalledModel) -> str:
    """What tells a model's file from another."""
    if model.sha256:
        return model.sha256
    try:
        seen = model.path.stat()
    except OSError:
        return str(model.path)
    return f"{model.path} {seen.st_size} {seen.st_mtime_ns}"
