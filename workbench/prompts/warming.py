"""Favourites are kept warm: what each begins with is read once by a loaded model, while nobody asks anything, and lies on
the disk from then on. A question that is made with the prompt begins where that ends."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from workbench.cancel import CancelToken
from workbench.engine.backend import Warmth
from workbench.engine.scheduling.caretaker import Caretaker
from workbench.engine.scheduling.lane import Interrupted
from workbench.engine.states.chain import chain_of
from workbench.engine.states.keeper import LEAST_BLOCKS
from workbench.engine.states.shelf import Label
from workbench.errors import Cancelled, EngineError
from workbench.events import Bus, Topic
from workbench.messages import ChatRequest, Id
from workbench.prompts.prompt import SavedPrompt

log = logging.getLogger(__name__)

QUIET_SECONDS = 5.0  # between two looks while somebody is answered
CAREFUL_SECONDS = 300.0  # on battery, or short of memory
_KIND = "prompt:"


@dataclass(frozen=True, slots=True)
class Gain:
    """What it brings that a prompt is kept warm for a model. ``cold_seconds`` 0: not measured."""

    prompt_id: Id
    model_path: Path
    tokens: int
    cold_seconds: float
    warm_seconds: float


class Engines(Protocol):
    """What this needs of the engines of this process."""

    def loaded(self) -> Sequence[Path]:
        """The models that this process has in memory and that chat."""
        ...

    def busy(self) -> bool:
        """Whether somebody is answered now."""
        ...

    def warm(self, model_path: Path, request: ChatRequest, cancel: CancelToken) -> Warmth | None:
        """As `EngineService.warm`."""
        ...

    def kept(self) -> Sequence[Label]:
        """What lies on the disk."""
        ...

    def forget(self, prefix: Id) -> None: ...


Beginning = Callable[[SavedPrompt, Path], ChatRequest | None]
"""What a question made with the prompt begins with, as the model is asked it by default; None: nothing that stays."""


class WarmPrompts:
    """``favourites``: the prompts to keep warm. ``allowed``: whether the machine has the power and the memory for it now.

    Works in a thread that is there only while there is something to do, from `start` on.
    """

    def __init__(
        self,
        favourites: Callable[[], Sequence[SavedPrompt]],
        engines: Engines,
        beginning: Beginning,
        allowed: Callable[[], bool],
        bus: Bus,
    ) -> None:
        self._favourites = favourites
        self._engines = engines
        self._beginning = beginning
        self._allowed = allowed
        self._bus = bus
        self._tried: set[tuple[Path, Id]] = set()
        self._closing = CancelToken()
        self._caretaker = Caretaker(self.look)
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Look now, and whenever an engine, a prompt or what is remembered changes."""
        self._unsubscribe = self._bus.subscribe(
            lambda change: (
                self._caretaker.wake() if change.topics & {Topic.ENGINE, Topic.PROMPTS, Topic.MEMORY} else None
            )
        )
        self._caretaker.wake()

    def close(self) -> None:
        """Stops in the middle of what it reads. Safe to call twice."""
        self._unsubscribe()
        self._closing.cancel()
        self._caretaker.close()

    def gains(self) -> tuple[Gain, ...]:
        """Of all prompts that are kept, for all models."""
        return tuple(
            Gain(_prompt_of(label), _model_of(label), label.tokens, label.cold_seconds, label.warm_seconds)
            for label in self._engines.kept()
            if label.prefix.startswith(_KIND)
        )

    def look(self) -> float | None:
        """Warm one prompt that is not, if it can be now; in how many seconds to look again, None: nothing is left to do."""
        models = self._engines.loaded()
        if not models:
            return None
        if not self._allowed():
            return CAREFUL_SECONDS
        if self._engines.busy():
            return QUIET_SECONDS
        wanted = self._wanted(models)
        self._forget_others(models, {prefix for _path, prefix, _request in wanted})
        for path, prefix, request in wanted:
            if (path, prefix) not in self._tried:
                return self._warm(path, prefix, request)
        return None

    def _wanted(self, models: Sequence[Path]) -> list[tuple[Path, Id, ChatRequest]]:
        found = []
        for saved in self._favourites():
            for path in models:
                request = self._beginning(saved, path)
                chain = () if request is None else chain_of(request)
                if request is not None and len(chain) >= LEAST_BLOCKS:
                    # Named by all that it begins with: a change makes it another one.
                    found.append((path, f"{_KIND}{saved.id}:{chain[-1]}", request))
        return found

    def _forget_others(self, models: Sequence[Path], wanted: set[Id]) -> None:
        """What favourites began with before they were changed, and of prompts that are none any more."""
        favourites = {saved.id for saved in self._favourites()}
        for label in self._engines.kept():
            if not label.prefix.startswith(_KIND) or label.prefix in wanted:
                continue
            if _model_of(label) in models or _prompt_of(label) not in favourites:
                self._engines.forget(label.prefix)
                self._tried = {one for one in self._tried if one[1] != label.prefix}

    def _warm(self, path: Path, prefix: Id, request: ChatRequest) -> float:
        try:
            self._engines.warm(path, replace(request, prefix=prefix, max_tokens=1, background=True), self._closing)
        except (Cancelled, Interrupted):
            return QUIET_SECONDS
        except EngineError as error:
            log.info("a prompt could not be kept warm: %s", error.message)
        self._tried.add((path, prefix))
        return 0.0


def _prompt_of(label: Label) -> Id:
    return label.prefix.removeprefix(_KIND).rpartition(":")[0]


def _model_of(label: Label) -> Path:
    return Path(label.engine.partition("|")[0])
