"""Checks a model up: load it, ask it a few things, and remember what was found on its card."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.engine.checking import checkup_rules as rules
from workbench.engine.checking.checkup import CheckStep, CheckUp, Verdict
from workbench.errors import EngineError, ModelError, StorageError
from workbench.events import Bus, Topic
from workbench.models.sizing.estimate import Estimate

if TYPE_CHECKING:
    from workbench.cancel import CancelToken
    from workbench.db import Database
    from workbench.engine.service import EngineBackend, EngineService
    from workbench.jobs import Job
    from workbench.ports import Clock


@dataclass(frozen=True, slots=True)
class Subject:
    """What is checked up. ``reasons``: whether it can think first, None: unknown; ``template_note``: how its template
    differs from the publisher's; ``predicted``: what was said of it before."""

    name: str
    path: Path
    reasons: bool | None = None
    template_note: str = ""
    predicted: Estimate | None = None


class CheckUps:
    """``subject``: finds what is known of a model by its name, and that its file is what it should be."""

    def __init__(
        self,
        database: Database,
        engine: EngineService,
        clock: Clock,
        bus: Bus,
        subject: Callable[[str, CancelToken], Subject],
    ) -> None:
        self._db = database
        self._engine = engine
        self._clock = clock
        self._bus = bus
        self._subject = subject

    def latest(self, path: Path) -> CheckUp | None:
        """What the last check-up of this file found."""
        rows = self._db.rows("SELECT result FROM checkups WHERE path = ?", (_key(path),))
        return _from_json(json.loads(rows[0]["result"])) if rows else None

    def run(self, name: str, job: Job) -> CheckUp:
        """Emits each `CheckStep` as it is known. Raises `ModelError` for an unknown name or a damaged file, `Cancelled`.

        A model that fails is no error here: the steps tell it, in words.
        """
        subject = self._subject(name, job.cancel)
        found = self._examine(subject, job)
        with suppress(StorageError):  # a full disk: the result is still shown
            self._save(subject, found)
        self._bus.publish(Topic.MODELS)
        return found

    def _examine(self, subject: Subject, job: Job) -> CheckUp:
        started = self._clock.monotonic()
        steps: list[CheckStep] = []

        def tell(step: CheckStep) -> None:
            steps.append(step)
            job.emit(step)

        figures = _Figures()
        try:
            backend = self._engine.backend(subject.path, subject.name, job.cancel)
            figures.load_seconds = self._clock.monotonic() - started
        except (EngineError, ModelError) as error:
            tell(rules.failed("load", error))
        else:
            notice = self._engine.status().notice
            tell(rules.judge_load(figures.load_seconds, backend.info.context_tokens, notice))
            for step in _ask_all(backend, subject, figures, job.cancel):
                tell(step)
        status = self._engine.status()
        predicted = subject.predicted.generation_tokens_per_second if subject.predicted else None
        return CheckUp(
            model=subject.name,
            at=self._clock.now(),
            runtime=status.runtime,
            steps=tuple(steps),
            load_seconds=figures.load_seconds,
            prompt_tokens_per_second=figures.prompt,
            generation_tokens_per_second=figures.generation,
            predicted_tokens_per_second=predicted.expected if predicted else None,
            memory_bytes=status.memory_bytes,
        )

    def _save(self, subject: Subject, found: CheckUp) -> None:
        with self._db.write() as tx:
            tx.execute(
                "INSERT OR REPLACE INTO checkups (path, at, runtime, result) VALUES (?, ?, ?, ?)",
                (_key(subject.path), found.at, found.runtime, json.dumps(found.as_json())),
            )


@dataclass(slots=True)
class _Figures:
    """Seconds, and tokens a second; None until measured."""

    load_seconds: float | None = None
    prompt: float | None = None
    generation: float | None = None


def _ask_all(backend: EngineBackend, subject: Subject, figures: _Figures, cancel: CancelToken) -> Iterator[CheckStep]:
    """One step after another; one that fails does not keep the next from being tried."""
    yield _guarded("template", lambda: _template(backend, subject, cancel))
    try:
        answer = backend.complete(rules.plain_question(), cancel)
    except EngineError as error:
        yield rules.failed("answer", error)
    else:
        yield rules.judge_answer(answer)
        yield rules.judge_stop(answer)
        yield rules.judge_reasoning(answer, reasons=subject.reasons)
    yield (tools := _guarded("tools", lambda: _tools(backend, cancel)))
    if tools.verdict is Verdict.OK:
        yield _guarded("choosing", lambda: _choosing(backend, cancel))
    yield _guarded("speed", lambda: _speed(backend, subject, figures, cancel))


def _guarded(name: str, step: Callable[[], CheckStep]) -> CheckStep:
    try:
        return step()
    except EngineError as error:
        return rules.failed(name, error)


def _template(backend: EngineBackend, subject: Subject, cancel: CancelToken) -> CheckStep:
    return rules.judge_template(backend.render(rules.template_question(), cancel), subject.template_note)


def _tools(backend: EngineBackend, cancel: CancelToken) -> CheckStep:
    question = rules.tool_question()
    if not rules.takes_tools(backend.render(question, cancel)):
        return rules.skipped("tools", "Its chat template has no place for tools.")
    answer = backend.complete(question, cancel)
    problem = rules.judge_tool_call(answer)
    if problem is not None:
        return problem
    return rules.judge_tool_answer(backend.complete(rules.tool_return(answer), cancel))


def _choosing(backend: EngineBackend, cancel: CancelToken) -> CheckStep:
    wrong = rules.judge_unasked(backend.complete(rules.unasked_question(), cancel))
    return wrong or rules.judge_needless(backend.complete(rules.needless_question(), cancel))


def _speed(backend: EngineBackend, subject: Subject, figures: _Figures, cancel: CancelToken) -> CheckStep:
    figures.prompt, figures.generation = rules.speeds(backend.complete(rules.speed_question(), cancel))
    predicted = subject.predicted.generation_tokens_per_second if subject.predicted else None
    return rules.judge_speed(figures.generation, predicted)


def _key(path: Path) -> str:
    return str(path).encode("utf-8", "backslashreplace").decode()


def _from_json(found: dict[str, Any]) -> CheckUp:
    steps = tuple(
        CheckStep(step["name"], step["title"], Verdict(step["verdict"]), step["detail"]) for step in found["steps"]
    )
    fields = {name: found[name] for name in CheckUp.__slots__ if name != "steps"}
    return CheckUp(**fields, steps=steps)
