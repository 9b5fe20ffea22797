"""Favourites that are kept warm: which engines there are, and what a question made with a prompt begins with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from workbench.assembly.conversation import ConversationParts
from workbench.assembly.engines import EngineParts
from workbench.assembly.foundation import Foundation
from workbench.cancel import CancelToken
from workbench.chat.answering import request_of
from workbench.chat.asking.options import Options
from workbench.chat.context.context import messages_for
from workbench.engine.backend import Warmth
from workbench.engine.connection import State
from workbench.engine.scheduling.pressure import is_short, read_pressure
from workbench.engine.states.shelf import Label
from workbench.errors import ModelError, UsageError
from workbench.hardware.probes.power import power
from workbench.memory.memory import NOTHING_REMEMBERED, Memory, Remembered
from workbench.memory.told import with_memory
from workbench.messages import ChatRequest, Id, UsedPrompt, user
from workbench.models.gguf.header import read_header
from workbench.models.gguf.kind import Kind, kind_of
from workbench.prompts.filling.fill import stable_prefix
from workbench.prompts.library import Prompts
from workbench.prompts.prompt import SavedPrompt
from workbench.prompts.warming import WarmPrompts

LEAST_FREE_SHARE = 0.1  # of the memory: what is read for later needs some, and nobody waits for it


def build_warm_prompts(
    base: Foundation,
    engines: EngineParts,
    conversation: ConversationParts,
    prompts: Callable[[], Prompts],
    memory: Callable[[], Memory],
) -> WarmPrompts:
    def favourites() -> tuple[SavedPrompt, ...]:
        return tuple(saved for saved in prompts().all() if saved.favourite)

    def beginning(saved: SavedPrompt, path: Path) -> ChatRequest | None:
        told = memory().told(None) if base.settings().memory.enabled else NOTHING_REMEMBERED
        return _beginning(base, conversation, told, saved, path)

    return WarmPrompts(favourites, _Engines(engines), beginning, _allowed, base.bus)


class _Engines:
    """Of this process, as `workbench.prompts.warming` sees them."""

    def __init__(self, engines: EngineParts) -> None:
        self._engines = engines

    def loaded(self) -> Sequence[Path]:
        return [
            one.path
            for one in self._engines.service.loaded()
            if one.path is not None and one.state is State.READY and not one.elsewhere and _writes(one.path)
        ]

    def busy(self) -> bool:
        return any(one.answering for one in self._engines.service.loaded())

    def warm(self, model_path: Path, request: ChatRequest, cancel: CancelToken) -> Warmth | None:
        return self._engines.service.warm(model_path, request, cancel)

    def kept(self) -> Sequence[Label]:
        return self._engines.states.labels()

    def forget(self, prefix: Id) -> None:
        self._engines.states.forget(prefix)


def _writes(path: Path) -> bool:
    try:
        return kind_of(read_header(path)) is Kind.WRITER
    except ModelError:  # gone meanwhile
        return False


def _allowed() -> bool:
    now = read_pressure()
    return power() != "battery" and not is_short(now) and now.available_bytes > now.total_bytes * LEAST_FREE_SHARE


def _beginning(
    base: Foundation, conversation: ConversationParts, told: Remembered, saved: SavedPrompt, path: Path
) -> ChatRequest | None:
    """As the first question of a new chat, without a project, with the model's usual options."""
    system, text = stable_prefix(saved.prompt)
    if not system.strip() and not text.strip():
        return None
    chat = base.settings().chat
    asked = Options(model=str(path), effort=saved.prompt.preferences.effort)
    try:
        options = conversation.options.complete(asked, Options(system=chat.system))
    except (ModelError, UsageError):  # an effort that this model does not know
        options = conversation.options.complete(replace(asked, effort=None), Options(system=chat.system))
    messages = messages_for(
        (), with_memory(options.system, told), text, prompt=UsedPrompt(saved.id, "", "", system=system)
    )
    if not text.strip():
        messages = (*messages, user("."))
    return request_of(messages, options, conversation.chat.offered(asked))
