"""Prompts are filled in beside the main thread: for the preview, and to be sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from ui.bridge import Bridge
from ui.translation import tr
from workbench.errors import ModelError, UsageError, WorkbenchError
from workbench.jobs import Job
from workbench.messages import Id
from workbench.prompts.filling.builtin import CLIPBOARD
from workbench.prompts.filling.filled import Filled, Part
from workbench.prompts.prompt import Prompt, SavedPrompt

if TYPE_CHECKING:
    from workbench.app import Workbench


@dataclass(frozen=True, slots=True)
class FilledPrompt:
    """``tokens``: of the whole, None while nobody can count. ``folders``: the ids of its document folders. ``notes``: what
    it wishes for and cannot have here, in sentences. ``marks``: characters of the whole that were filled in."""

    text: str
    system: str = ""
    tokens: int | None = None
    folders: tuple[Id, ...] = ()
    notes: tuple[str, ...] = ()
    marks: tuple[tuple[int, int], ...] = ()

    @property
    def whole(self) -> str:
        """All that the model is told, as one text."""
        return "\n\n".join(piece for piece in (self.system.strip(), self.text) if piece)


class Filling(QObject):
    """Only the newest preview counts."""

    def __init__(self, bridge: Bridge, workbench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._workbench = bridge, workbench
        self._previewing: Job | None = None

    def preview(
        self,
        saved: SavedPrompt,
        values: Mapping[str, str],
        done: Callable[[FilledPrompt], None],
        failed: Callable[[WorkbenchError], None],
        step: str = "",
    ) -> None:
        """With what is filled in so far; what is missing still stands as ``{{ name }}``. ``step``: which one of several."""
        if self._previewing is not None:
            self._previewing.cancel.cancel()
        values = with_clipboard(values)
        self._previewing = self._bridge.run(
            lambda job: _previewed(self._workbench, saved.prompt, values, job, step), on_done=done, on_failed=failed
        )

    def fill(
        self,
        saved: SavedPrompt,
        values: Mapping[str, str],
        done: Callable[[FilledPrompt], None],
        failed: Callable[[WorkbenchError], None],
    ) -> None:
        """To be sent: nothing may be missing."""
        values = with_clipboard(values)
        self._bridge.run(
            lambda job: _filled(self._workbench, saved.prompt, values, job), on_done=done, on_failed=failed
        )


def with_clipboard(values: Mapping[str, str]) -> dict[str, str]:
    """What was copied last is known to the main thread only."""
    return {CLIPBOARD: QGuiApplication.clipboard().text(), **values}


def _previewed(workbench: Workbench, prompt: Prompt, values: Mapping[str, str], job: Job, step: str) -> FilledPrompt:
    if prompt.steps:
        from workbench.prompts.running.line import alone

        prompt = alone(prompt, step, lambda name: workbench.prompts.get(name).prompt)
    filled = workbench.filler.fill(prompt, values, job.cancel)
    made = FilledPrompt(filled.text, filled.system, marks=marks_of(filled))
    return replace(made, tokens=workbench.chat.count(made.whole, job.cancel))


def marks_of(filled: Filled) -> tuple[tuple[int, int], ...]:
    """Where what was filled in stands in `FilledPrompt.whole`. Pure."""
    system = filled.system.strip()
    before = len(filled.system) - len(filled.system.lstrip())
    moved = {Part.SYSTEM: -before, Part.TEXT: len(f"{system}\n\n") if system else 0}
    ends = {Part.SYSTEM: len(system), Part.TEXT: moved[Part.TEXT] + len(filled.text)}
    places = (
        (max(0, one.start + moved[one.part]), min(ends[one.part], one.end + moved[one.part]))
        for one in filled.stretches
    )
    return tuple((start, end) for start, end in places if start < end)


def _filled(workbench: Workbench, prompt: Prompt, values: Mapping[str, str], job: Job) -> FilledPrompt:
    filled = workbench.filler.fill(prompt, values, job.cancel).whole()
    folders, notes = _folders(workbench, prompt)
    return FilledPrompt(filled.text, filled.system, None, folders, (*notes, *_model_notes(workbench, prompt)))


def _folders(workbench: Workbench, prompt: Prompt) -> tuple[tuple[Id, ...], tuple[str, ...]]:
    """The ids of its document folders; a sentence for each that is not attached here."""
    found: list[Id] = []
    notes: list[str] = []
    for name in prompt.folders:
        try:
            found += workbench.chat.known_folders((name,))
        except UsageError:
            notes.append(tr("The document folder {name} is not attached here.").format(name=name))
    return tuple(found), tuple(notes)


def _model_notes(workbench: Workbench, prompt: Prompt) -> tuple[str, ...]:
    from workbench.chat.asking.options import Options

    model = prompt.preferences.model
    if not model:
        return ()
    try:
        workbench.chat.answers_with(Options(model=model))
    except ModelError:
        return (tr("{model} is not here: the model of the chat answers.").format(model=model),)
    return ()
