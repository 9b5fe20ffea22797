"""An `EngineLauncher` whose engines are `FakeLlamaServer`s in this process: everything above it is real, HTTP too."""

from __future__ import annotations

import threading
from collections.abc import Callable

from tests.fakes.llama_server import FakeLlamaServer, WireAnswer
from workbench.cancel import CancelToken
from workbench.errors import WorkbenchError
from workbench.ports import Endpoint, LaunchPlan, RunningEngine

NO_PROCESS = (1 << 22) + 1  # above the largest process id there can be: nothing is ever measured or killed by it


class FakeEngine:
    """A `RunningEngine` that a test may let `die`."""

    def __init__(self, server: FakeLlamaServer) -> None:
        self.server = server
        self.process_id = NO_PROCESS
        self._cause: str | None = None
        self._hint = ""
        self._ended = threading.Event()

    @property
    def endpoint(self) -> Endpoint:
        return self.server.endpoint

    def exit_cause(self) -> str | None:
        return self._cause

    def exit_hint(self) -> str:
        return self._hint

    def wait(self, seconds: float | None = None) -> bool:
        return self._ended.wait(seconds)

    def log_tail(self) -> str:
        return "the fake engine's last line"

    def stop(self, seconds: float = 3.0) -> None:
        self.die("The engine was stopped.", "")

    def die(self, cause: str = "The engine crashed.", hint: str = "Try again.") -> None:
        """End as if by itself: connections break, then the end is noticed."""
        if self._cause is None:
            self._cause, self._hint = cause, hint
        self.server.close()
        self._ended.set()


class FakeLauncher:
    """Each start makes a new engine that plays the same ``answers`` (see `ScriptedBackend` and `WireStep`).

    ``load_seconds``: how long a start takes. ``failures``: raised by the first starts, one each.
    """

    name = "fake"
    version = "fake 1.0"

    def __init__(
        self, *answers: WireAnswer, load_seconds: float = 0.0, failures: tuple[WorkbenchError, ...] = ()
    ) -> None:
        self.template_arguments: frozenset[str] = frozenset()  # see `FakeLlamaServer`
        self.plans: list[LaunchPlan] = []
        self.engines: list[FakeEngine] = []
        self._answers = answers
        self._load_seconds = load_seconds
        self._failures = list(failures)

    def answer_later_starts_with(self, *answers: WireAnswer) -> None:
        """What engines say that are started from now on."""
        self._answers = answers

    def build(self) -> str:
        return self.version

    def start(
        self, plan: LaunchPlan, cancel: CancelToken, progress: Callable[[str], None] = lambda _text: None
    ) -> RunningEngine:
        cancel.check()
        self.plans.append(plan)
        progress("Loading the model…")
        cancel.wait(self._load_seconds)
        if self._failures:
            raise self._failures.pop(0)
        engine = FakeEngine(FakeLlamaServer(*self._answers, context_tokens=plan.context_tokens))
        engine.server.template_arguments = self.template_arguments
        self.engines.append(engine)
        return engine
