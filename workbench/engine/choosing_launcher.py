"""The `EngineLauncher` that starts each model with the best installed engine, and tells when it had to take another."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from workbench.cancel import CancelToken
from workbench.engine.builds import NATIVE, InstalledEngine
from workbench.engine.choice import AUTO, candidates
from workbench.errors import EngineError
from workbench.ports import EngineLauncher, LaunchPlan, RunningEngine

log = logging.getLogger(__name__)


class Runtimes(Protocol):
    """What this needs of the `RuntimeService`."""

    def only_native(self) -> bool: ...

    def installed(self) -> tuple[InstalledEngine, ...]: ...

    def launcher(self, engine: InstalledEngine) -> EngineLauncher: ...


class ChoosingLauncher:
    """``runtime``: the setting ``engine.runtime``, asked at each start. ``notice`` hears, in one sentence, when an engine
    failed and the program's own took its place.
    """

    def __init__(
        self,
        native: EngineLauncher,
        runtimes: Runtimes,
        runtime: Callable[[], str],
        notice: Callable[[str], None] = log.warning,
    ) -> None:
        self._native = native
        self._runtimes = runtimes
        self._runtime = runtime
        self._notice = notice
        self._last = native

    @property
    def name(self) -> str:
        """The engine that started last; at first the program's own."""
        return self._last.name

    def build(self) -> str:
        return self._last.build()

    def start(
        self, plan: LaunchPlan, cancel: CancelToken, progress: Callable[[str], None] = lambda _text: None
    ) -> RunningEngine:
        engines = self._engines(plan)
        for engine in engines:
            if engine.id == NATIVE:
                break
            try:
                return self._start(self._runtimes.launcher(engine), plan, cancel, progress)
            except EngineError as error:
                if engine is engines[-1]:  # the program's own cannot be used either
                    raise
                text = f"The engine {engine.id} did not start: {error.message} The program's own engine is used."
                log.info("%s\n%s", text, error.detail)
                self._notice(text)
                progress(text)
        return self._start(self._native, plan, cancel, progress)

    def _start(
        self, launcher: EngineLauncher, plan: LaunchPlan, cancel: CancelToken, progress: Callable[[str], None]
    ) -> RunningEngine:
        engine = launcher.start(plan, cancel, progress)
        self._last = launcher
        return engine

    def _engines(self, plan: LaunchPlan) -> tuple[InstalledEngine, ...]:
        """In the order to try them; empty means the program's own. Nothing is asked where there is no choice: the first
        answer is not held up."""
        runtime = self._runtime() or AUTO
        if runtime == NATIVE or self._runtimes.only_native():
            return ()
        return candidates(self._runtimes.installed(), runtime, plan.gpu_layers)
