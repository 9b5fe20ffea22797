"""Checks how well models call tools, in the background, and tells which of them may be offered tools."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.engine.checking.checkup import CheckUp
from workbench.errors import EngineError, ModelError, StorageError, UsageError
from workbench.events import Bus, Topic
from workbench.jobs import Job
from workbench.ports import ChatBackend, Clock
from workbench.tools.checking.asking import ask
from workbench.tools.checking.capability import Capability, capability
from workbench.tools.checking.reading import all_cases, chosen, fingerprint, spread
from workbench.tools.checking.report import CheckProgress, ToolReport
from workbench.tools.checking.store import ToolCheckStore


@dataclass(frozen=True, slots=True)
class Subject:
    """A model as a chat names it. ``key``: tells its file from another. ``shows_tools``: its chat template does. ``path``
    None: it is on another machine."""

    name: str
    key: str
    shows_tools: bool = True
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """What is asked, and what is known. ``subject`` and ``backend`` raise `ModelError`; ``backend`` loads the model, and
    tells what it waits for. ``runtime``: the engine's build now."""

    subject: Callable[[str], Subject]
    backend: Callable[[str, CancelToken, Callable[[str], None]], ChatBackend]
    checkup: Callable[[Path], CheckUp | None]
    runtime: Callable[[], str]


class ToolChecks:
    """Any thread."""

    def __init__(self, store: ToolCheckStore, sources: Sources, clock: Clock, bus: Bus) -> None:
        self._store = store
        self._sources = sources
        self._clock = clock
        self._bus = bus

    def run(self, model: str, job: Job, cases: str = "", *, anew: bool = False) -> ToolReport:
        """Ask the cases, see `reading.chosen`. One that was stopped goes on where it was: no case is asked twice.

        Emits `CheckProgress`, and words while the model is loaded. Raises `UsageError` (no such cases, or another process
        is at it, or the model has no place for tools), `ModelError`, `EngineError`, `Cancelled`; what was answered is kept.
        """
        wanted = chosen(cases, all_cases())
        subject = self._sources.subject(model)
        if not subject.shows_tools:
            raise UsageError(
                f"{subject.name} cannot call tools: its chat template has no place for them.",
                hint="Choose another model, or another file of this one.",
            )
        backend = self._sources.backend(model, job.cancel, job.emit)
        report = self._store.begin(subject.key, subject.name, fingerprint(wanted), len(wanted), anew=anew)
        try:
            known = {one.case for one in report.results}
            done, seconds = len(known), 0.0
            job.emit(CheckProgress(done, len(wanted)))
            for number, case in enumerate((one for one in spread(wanted) if one.id not in known), 1):
                result = ask(backend, case, job.cancel, self._clock.monotonic)
                self._store.save(report.id, result)
                seconds += result.seconds
                left = seconds / number * (len(wanted) - done - number)
                job.emit(CheckProgress(done + number, len(wanted), result, left))
        except BaseException:
            with suppress(StorageError):
                self._store.leave(report.id)
            raise
        ended = self._store.end(report.id, self._runtime(subject))
        self._bus.publish(Topic.MODELS, Topic.TOOLS)
        return ended

    def latest(self, model: str) -> ToolReport | None:
        """The newest check of it, of all kinds of cases if there is one. None: there is none, or no such model."""
        try:
            reports = self._store.reports(self._sources.subject(model).key)
        except ModelError:
            return None
        return next((one for one in reports if one.tells), next(iter(reports), None))

    def capability(self, model: str) -> Capability:
        """Whether it is offered tools by itself, and why. Quick: reaches nothing and loads nothing."""
        try:
            subject = self._sources.subject(model)
        except (ModelError, UsageError) as error:
            return Capability(None, error.message)
        report = next((one for one in self._store.reports(subject.key) if one.tells), None)
        checkup = None if subject.path is None else self._sources.checkup(subject.path)
        return capability(report, checkup, shows_tools=subject.shows_tools)

    def capable(self, model: str) -> bool | None:
        """None: nobody knows."""
        return self.capability(model).able

    def _runtime(self, subject: Subject) -> str:
        if subject.path is None:
            return ""
        try:
            return self._sources.runtime()
        except EngineError:
            return ""
