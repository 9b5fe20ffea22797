"""The words of batches: one prompt on many inputs. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workbench.messages import Id
from workbench.prompts.prompt import Prompt
from workbench.prompts.running.run import RunOptions


class BatchState(StrEnum):
    """``waiting``: nobody is at it yet; ``interrupted``: the process that was at it is gone; ``done``: each input has an
    answer or a failure."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    INTERRUPTED = "interrupted"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Input:
    """One of many. ``label``: as people find it again: a file's name, the line. ``files``: by the names of variables, paths
    whose text is read when its turn comes."""

    label: str
    values: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """``total`` inputs, of which so many are ``done`` or ``failed``. ``why``: it was paused, in a sentence; empty where the
    person did. Times in seconds since the epoch."""

    id: Id
    title: str
    prompt: Prompt
    prompt_id: Id | None
    options: RunOptions
    state: BatchState
    total: int
    done: int
    failed: int
    why: str = ""
    created_at: float = 0.0
    changed_at: float = 0.0

    @property
    def left(self) -> int:
        return self.total - self.done - self.failed


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """News of a batch while it is worked on. ``label``: the input whose turn it is. ``seconds_each`` and ``seconds_left``:
    from what was answered since it went on; None while that is nothing."""

    batch_id: Id
    total: int
    done: int
    failed: int
    label: str
    seconds_each: float | None = None
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class ItemFailed:
    """One input could not be answered; the rest goes on."""

    label: str
    message: str
