"""The `EngineLauncher` that starts each model with the best installed engine, and tells when it had to take another."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from workbench.cancel import CancelToken
from workbench.engine.launching.choice import AUTO, candidates
from workbench.engine.runtimes.builds import NATIVE, InstalledEngine
from workbench.errors import EngineError
from workbench.ports import EngineLauncher, LaunchPlan, RunningEngine

log = logging.getLogger(__name__)


class Runtimes(Protocol):
    """What this needs of the `RuntimeService`."""

    def only_native(self) -> bool: ...

    def installed(self) -> tuple[InstalledEngine, ...]: ...

    def launcher(self, engine: InstalledEngine) -> EngineLauncher: ...


class ChoosingLauncher:
    """``runtime``: the setting ``engine.runtime``, asked at each start."""

    def __init__(self, native: EngineLauncher, runtimes: Runtimes, runtime: Callable[[], str]) -> None:
        self._native = native
        self._runtimes = runtimes
        self._runtime = runtime
        self._last = native
        self._notice = ""

    @property
    def name(self) -> str:
        """The engine that started last; at first the program's own."""
        return self._last.name

    @property
    def notice(self) -> str:
        """In a sentence why the program's own engine took another's place at the last start; empty when it did not."""
        return self._notice

    def build(self) -> str:
        return self._last.build()

    def next_build(self) -> str:
        """Of the engine that would start a model now: that of another process, say, is not known here. May ask programs.

        Raises `EngineError` when none can be used.
        """
        return self.upcoming().build()

    def upcoming(self) -> EngineLauncher:
        """What would start a model now. Raises `EngineError` when it can no longer be used."""
        first = self.next_engine()
        return self._native if first is None or first.id == NATIVE else self._runtimes.launcher(first)

    def next_engine(self, gpu_layers: int | None = None) -> InstalledEngine | None:
        """The engine that would start a model now; None: the program's own, and nothing was asked to know it."""
        return next(iter(self._engines(gpu_layers)), None)

    def start(
        self, plan: LaunchPlan, cancel: CancelToken, progress: Callable[[str], None] = lambda _text: None
    ) -> RunningEngine:
        engines, notice = self._engines(plan.gpu_layers), ""
        for engine in engines:
            if engine.id == NATIVE:
                break
            try:
                return self._start(self._runtimes.launcher(engine), plan, cancel, progress, notice)
            except EngineError as error:
                if engine is engines[-1]:  # the program's own cannot be used either
                    raise
                notice = f"The engine {engine.id} did not start: {error.message} The program's own engine is used."
                log.warning("%s\n%s", notice, error.detail)
                progress(notice)
        return self._start(self._native, plan, cancel, progress, notice)

    def _start(
        self,
        launcher: EngineLauncher,
        plan: LaunchPlan,
        cancel: CancelToken,
        progress: Callable[[str], None],
        notice: str,
    ) -> RunningEngine:
        engine = launcher.start(plan, cancel, progress)
        self._last, self._notice = launcher, notice
        return engine

    def _engines(self, gpu_layers: int | None = None) -> tuple[InstalledEngine, ...]:
        """In the order to try them; empty means the program's own. Nothing is asked where there is no choice: the first
        answer is not held up."""
        runtime = self._runtime() or AUTO
        if runtime == NATIVE or self._runtimes.only_native():
            return ()
        return candidates(self._runtimes.installed(), runtime, gpu_layers)
