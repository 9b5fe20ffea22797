"""What runs need of those who stand above or beside them; filled by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from workbench.cancel import CancelToken
from workbench.errors import UsageError
from workbench.events import Bus
from workbench.messages import Id
from workbench.ports import NEVER_ASLEEP, Awake, BackendInfo, BackendRoute, ChatBackend, Clock
from workbench.prompts.prompt import Prompt, Variable
from workbench.prompts.running.line import Lookup
from workbench.prompts.running.run import StepOptions


class Filled(Protocol):
    """``missing``: what is required and has no value."""

    @property
    def text(self) -> str: ...

    @property
    def system(self) -> str: ...

    @property
    def missing(self) -> tuple[Variable, ...]: ...


class Fill(Protocol):
    """Puts values into a prompt's text and system part, see `workbench.prompts.filling`."""

    def __call__(
        self,
        prompt: Prompt,
        values: Mapping[str, str],
        cancel: CancelToken,
        steps: Mapping[str, Any] | None = None,
    ) -> Filled: ...


class Completion(Protocol):
    """What was asked, with what the settings and the model say where nothing was. ``info``: of the backend, once ready."""

    def __call__(self, asked: StepOptions, info: BackendInfo | None = None) -> StepOptions:
        """Raises `UsageError` for an effort that the model does not know, `ModelError` for a model that nobody has."""
        ...


@dataclass(frozen=True, slots=True)
class Ground:
    """A question that stands on documents: with passages before it. ``note``: what could not be searched. ``stop``: texts
    that end the answer."""

    text: str
    note: str = ""
    stop: tuple[str, ...] = ()


class Stand(Protocol):
    """Finds what a question stands on in document folders."""

    def __call__(
        self,
        folders: tuple[str, ...],
        text: str,
        model: str,
        backend: ChatBackend,
        count: Callable[[str], int],
        cancel: CancelToken,
        tell: Callable[[str], None],
    ) -> Ground:
        """``model``: as it was asked for. ``count``: tokens of the whole request with this text.

        Raises `RefusedError` where a folder is private and the model is not the person's, `UsageError` for a folder that is
        not attached."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """What a step asks, filled in. ``documents``: folders are searched for it; ``schema``: the answer must be JSON."""

    text: str
    documents: bool = False
    schema: bool = False


class Choose(Protocol):
    """Which model answers a step, where that is left open for each question."""

    def __call__(self, question: Question, asked: StepOptions) -> tuple[StepOptions, str]:
        """``asked`` with a model by its name and an effort, and why in one line; ``asked`` itself and nothing where one is
        named. Raises `ModelError` where nobody can answer."""
        ...


def as_named(question: Question, asked: StepOptions) -> tuple[StepOptions, str]:  # noqa: ARG001
    """`Choose` where nobody chooses."""
    return asked, ""


def plainly(asked: StepOptions, info: BackendInfo | None = None) -> StepOptions:  # noqa: ARG001
    """With nothing known of any model."""
    return asked


def on_nothing(
    folders: tuple[str, ...],
    text: str,
    model: str,  # noqa: ARG001
    backend: ChatBackend,  # noqa: ARG001
    count: Callable[[str], int],  # noqa: ARG001
    cancel: CancelToken,  # noqa: ARG001
    tell: Callable[[str], None],  # noqa: ARG001
) -> Ground:
    """`Stand` where there are no documents."""
    return Ground(text, f"The document folders of this prompt ({', '.join(folders)}) were not asked.")


def _no_files(path: Path, cancel: CancelToken) -> str:  # noqa: ARG001
    raise UsageError(f"{path} cannot be read here.")


def _nobody(_prompt_id: Id, _values: Mapping[str, str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``identity``: of a model's name, all that its answers depend on beside the question: its file, the engine's build.
    ``read``: the text of a file, read apart. ``used``: counts that a prompt was used."""

    route: BackendRoute
    fill: Fill
    lookup: Lookup
    clock: Clock
    bus: Bus
    complete: Completion = plainly
    identity: Callable[[str], str] = str
    stand: Stand = on_nothing
    read: Callable[[Path, CancelToken], str] = _no_files
    used: Callable[[Id, Mapping[str, str]], None] = _nobody
    awake: Awake = NEVER_ASLEEP
    choose: Choose = as_named
