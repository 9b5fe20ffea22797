"""Processes of one home tell each other that a person waits for a model: a file for each, while it lasts."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from workbench import ownership


class Elsewhere(Protocol):
    """Other processes that the same engine may answer."""

    def come(self) -> None:
        """A person asks here."""
        ...

    def leave(self) -> None:
        """No person asks here any more."""
        ...

    def waits(self) -> bool:
        """Whether a person asks in another process. Takes some ten microseconds."""
        ...


class Nobody:
    """There is no other process."""

    def come(self) -> None: ...

    def leave(self) -> None: ...

    def waits(self) -> bool:
        return False


class Persons:
    """By files ``<model>-<owner>`` in a folder of the home. One of a process that was killed counts for nothing, and is
    removed by whoever sees it. Where nothing can be written, nobody is told: that makes answers slower, no worse."""

    def __init__(self, folder: Path, model_path: Path, owner: str = "") -> None:
        """``owner``: of what is told, as `workbench.ownership` writes it; empty: this process."""
        self._folder = folder
        self._model = f"{hashlib.sha256(os.fsencode(model_path)).hexdigest()[:16]}-"
        self._mine = folder / f"{self._model}{owner or ownership.this_process()}"

    def come(self) -> None:
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._mine.touch(mode=0o600)

    def leave(self) -> None:
        with suppress(OSError):
            self._mine.unlink(missing_ok=True)

    def waits(self) -> bool:
        try:
            names = [one.name for one in self._folder.iterdir()]
        except OSError:
            return False
        return any(self._is_there(name) for name in names if name.startswith(self._model) and name != self._mine.name)

    def _is_there(self, name: str) -> bool:
        if ownership.is_alive(name.removeprefix(self._model)):
            return True
        with suppress(OSError):
            (self._folder / name).unlink(missing_ok=True)
        return False
