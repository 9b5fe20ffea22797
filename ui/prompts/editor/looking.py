"""Looks at what is being written, beside the main thread: what is wrong with it, and how it reads when it is filled in."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject

from ui.bridge import Bridge
from ui.prompts.editor.view import EditorView
from ui.prompts.form_filling import FilledPrompt, Filling
from workbench.errors import WorkbenchError
from workbench.jobs import Job
from workbench.prompts.filling.problems import Problem, Room, problems
from workbench.prompts.prompt import Prompt, SavedPrompt

if TYPE_CHECKING:
    from workbench.app import Workbench

Found = TypeVar("Found")


class Looking(QObject):
    """Only the newest look counts."""

    def __init__(self, bridge: Bridge, workbench: Workbench, view: EditorView) -> None:
        super().__init__(view)
        self._bridge = bridge
        self._workbench = workbench
        self._view = view
        self._filling = Filling(bridge, workbench, self)
        self._job: Job | None = None
        self._number = 0

    def look(self, prompt: Prompt, values: Mapping[str, str]) -> None:
        """``values``: what is filled in for the preview."""
        self.stop()
        number = self._number
        workbench = self._workbench
        self._job = self._bridge.run(
            lambda job: _problems(workbench, prompt, job),
            on_done=self._if_newest(number, self._view.show_problems),
            on_failed=lambda _error: None,  # the preview says what it is
        )
        self._filling.preview(
            SavedPrompt("", prompt),
            values,
            self._if_newest(number, self._show_filled),
            self._if_newest(number, self._show_failure),
            self._view.preview.step,
        )

    def stop(self) -> None:
        """What is still looked at is of no use any more."""
        self._number += 1
        if self._job is not None:
            self._job.cancel.cancel()
            self._job = None

    def _if_newest(self, number: int, show: Callable[[Found], None]) -> Callable[[Found], None]:
        return lambda found: show(found) if number == self._number else None

    def _show_filled(self, filled: FilledPrompt) -> None:
        self._view.preview.show_filled(filled)

    def _show_failure(self, error: WorkbenchError) -> None:
        self._view.preview.show_failure(f"{error.message} {error.hint}".strip())


def _problems(workbench: Workbench, prompt: Prompt, job: Job) -> tuple[Problem, ...]:
    """Those that a template engine alone can tell only where there are no worse ones."""
    found = problems(prompt, workbench.filler.today(), _room(workbench, job))
    if any(one.severe for one in found):
        return found
    found = (*found, *_of_steps(workbench, prompt))
    with contextlib.suppress(WorkbenchError):  # its child could not be started: the preview says so
        return (*found, *workbench.filler.syntax_problems(prompt, job.cancel))
    return found


def _of_steps(workbench: Workbench, prompt: Prompt) -> tuple[Problem, ...]:
    """What keeps its steps from being performed one after the other, where they are right by themselves."""
    if not prompt.steps:
        return ()
    numbers = {step.name: number for number, step in reversed(list(enumerate(prompt.steps, 1)))}
    return tuple(
        Problem(f"steps.{numbers.get(one.step, 1)}.text", 0, 0, True, f"{one.step}: {one.message}")
        for one in workbench.prompt_runs.problems(prompt)
    )


def _room(workbench: Workbench, job: Job) -> Room | None:
    """The context of the model that is in memory, if one is that counts."""
    status = workbench.engine.status()
    if not status.context_tokens:
        return None

    def count(text: str) -> int:
        return workbench.chat.count(text, job.cancel) or 0

    return Room(status.context_tokens, count)
