"""How far the installation is, as a share: fetched, compiled, installed. Never backwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from workbench.engine.compiling.output import steps
from workbench.models.fetching.progress import DownloadProgress, DownloadStep
from workbench.ports import Clock

WHOLE = 1000  # progress is told in thousandths
TOOLS, SOURCE, COMPILE, INSTALL, PROBE = 30, 50, 100, 950, 990  # where each begins


@dataclass(slots=True)
class Course:
    emit: Callable[[Any], None]
    clock: Clock
    _reached: int = 0
    _began: float = field(default=0.0)
    _words: str = ""

    def begin(self, words: str, at: int) -> None:
        """The next part of the work, in words."""
        self._began = self.clock.monotonic()
        self._tell(words, at, None)

    def compiled(self, line: str) -> None:
        """A line of the compiler's."""
        found = steps(line)
        if found is None:
            return
        done, whole = found
        spent = self.clock.monotonic() - self._began
        left = spent * (whole - done) / done if done > whole // 20 else None
        self._tell(f"compiling, step {done} of {whole}", COMPILE + (INSTALL - COMPILE) * done // whole, left)

    def finish(self) -> None:
        self._tell("ready", WHOLE, 0.0)

    def _tell(self, words: str, at: int, seconds_left: float | None) -> None:
        self._reached = max(self._reached, at)
        if words != self._words:
            self._words = words
            self.emit(DownloadStep(words))
        self.emit(DownloadProgress(self._reached, WHOLE, None, seconds_left))
