"""What the tests of runs stand on: a real database, a scripted backend, and a filler that only knows plain names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.backend import Answer, ScriptedBackend
from workbench import migrations
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import ModelError, UsageError
from workbench.events import Bus
from workbench.jobs import Job, JobEvent
from workbench.messages import Id
from workbench.ports import ChatBackend
from workbench.prompts.content import to_text
from workbench.prompts.prompt import Prompt, SavedPrompt, Variable
from workbench.prompts.running.asking import as_text
from workbench.prompts.running.ports import Surroundings
from workbench.prompts.running.runner import PromptRunner
from workbench.prompts.running.store import RunStore

MODELS = ("fake-model", "other-model")


@dataclass(frozen=True)
class PlainlyFilled:
    text: str
    system: str
    missing: tuple[Variable, ...]


def fill_plainly(
    prompt: Prompt, values: Mapping[str, str], cancel: CancelToken, steps: Mapping[str, Any] | None = None
) -> PlainlyFilled:
    """``{{ name }}`` and ``{{ steps.name.key }}``."""
    missing: list[Variable] = []

    def value(match: re.Match[str]) -> str:
        first, *path = match[1].split(".")
        if first == "steps":
            found: Any = (steps or {})[path[0]]
            for key in path[1:]:
                found = found[key]
            return as_text(found)
        if first not in values:
            missing.append(Variable(first))
        return values.get(first, "")

    pattern = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
    text, system = pattern.sub(value, prompt.text), pattern.sub(value, prompt.system)
    return PlainlyFilled(text, system, tuple(missing))


class Route:
    """Two models, both answered by the scripted backend."""

    def __init__(self, backend: ScriptedBackend) -> None:
        self.scripted = backend
        self.asked: list[str] = []

    def name(self, model: str) -> str:
        if model and model not in MODELS:
            raise ModelError(f"No model is called {model!r}.")
        return model or MODELS[0]

    def source(self, model: str) -> str:
        return "engine"

    def backend(self, model: str, cancel: CancelToken, progress: Any) -> ChatBackend:
        self.asked.append(self.name(model))
        progress("Loading the model…")
        return self.scripted

    def ready(self, model: str) -> ChatBackend | None:
        return self.scripted


@dataclass
class Parts:
    database: Database
    backend: ScriptedBackend
    route: Route
    store: RunStore
    runner: PromptRunner
    around: Surroundings
    library: dict[str, Prompt] = field(default_factory=dict)
    used: list[tuple[Id, Mapping[str, str]]] = field(default_factory=list)

    def save(self, prompt: Prompt, version: int = 1) -> SavedPrompt:
        """It has a row in the library, and can be used by its name."""
        self.library[prompt.name] = prompt
        with self.database.write() as tx:
            tx.execute("DELETE FROM prompts WHERE id = ?", (prompt.name,))
            tx.execute(
                "INSERT INTO prompts (id, name, version, created_at, changed_at) VALUES (?, ?, ?, 0, 0)",
                (prompt.name, prompt.name, version),
            )
            tx.execute(
                "INSERT INTO prompt_versions (prompt_id, number, saved_at, origin, content) VALUES (?, ?, 0, 'written', ?)",
                (prompt.name, version, to_text(prompt)),
            )
        return SavedPrompt(prompt.name, prompt, version)


def make_parts(home: Path, *answers: Answer, context_tokens: int = 4096) -> Parts:
    backend = ScriptedBackend(*answers, context_tokens=context_tokens)
    route, clock = Route(backend), SystemClock()
    database = Database(home / "workbench.db", migrations.workbench, backups=home / "backups")
    library: dict[str, Prompt] = {}
    used: list[tuple[Id, Mapping[str, str]]] = []

    def lookup(name: str) -> Prompt:
        if name not in library:
            raise UsageError(f"There is no prompt /{name}.")
        return library[name]

    def read(path: Path, _cancel: CancelToken) -> str:
        try:
            return path.read_text()
        except OSError as error:
            raise UsageError(f"{path.name} cannot be read.") from error

    around = Surroundings(
        route,
        fill_plainly,
        lookup,
        clock,
        Bus(),
        read=read,
        used=lambda prompt_id, values: used.append((prompt_id, values)),
    )
    store = RunStore(database, clock)
    return Parts(database, backend, route, store, PromptRunner(store, around), around, library, used)


def listening() -> tuple[Job, list[Any]]:
    """A job, and all that it tells."""
    heard: list[Any] = []

    def report(event: JobEvent) -> None:
        heard.append(event.payload)

    return Job(report), heard
