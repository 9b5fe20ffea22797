"""The bin inside the models folder: files of removed models wait here until they are restored or deleted for good."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from workbench.errors import ModelError, StorageError
from workbench.paths import private_folder

BIN_FOLDER: Final = ".bin"


class Bin:
    """Moves files by renaming, so that it costs nothing. ``keys``: paths relative to the models folder."""

    def __init__(self, models: Path) -> None:
        self._models = models
        self._folder = models / BIN_FOLDER

    def put(self, keys: Iterable[str]) -> None:
        """Move the files into the bin, those that are there. Raises `ModelError`; then all are where they were."""
        self._move(keys, self._models, self._folder)

    def take_back(self, keys: Iterable[str]) -> None:
        """Move the files back to their places. Raises `ModelError`, also when they are gone or a place is taken."""
        keys = tuple(keys)
        if not any(_is_there(self._folder / key) for key in keys):
            raise ModelError("The removed files were deleted for good.", hint="Fetch the model again.")
        for key in keys:
            if _is_there(self._models / key):
                raise ModelError(
                    f"{self._models / key} is another file now, so the removed one was not put back.",
                    hint="Move that file away and try again.",
                )
        self._move(keys, self._folder, self._models)

    def empty(self, keep: Iterable[str] = ()) -> None:
        """Delete the files for good, but not those of ``keep``; what cannot be deleted is tried again the next time."""
        kept = {self._folder / key for key in keep}
        folders: list[Path] = []
        for path in sorted(self._folder.rglob("*"), reverse=True):
            if path.is_dir() and not path.is_symlink():
                folders.append(path)
            elif path not in kept:
                with suppress(OSError):
                    path.unlink()
        for folder in folders:
            with suppress(OSError):  # not empty: something is kept in it
                folder.rmdir()

    def _move(self, keys: Iterable[str], source: Path, target: Path) -> None:
        moved: list[str] = []
        try:
            for key in keys:
                if _is_there(source / key):
                    private_folder((target / key).parent)
                    (source / key).replace(target / key)
                    moved.append(key)
        except (OSError, StorageError) as error:
            for done in moved:
                with suppress(OSError):
                    (target / done).replace(source / done)
            hint = "Stop the engine if it uses this model, and check the folder's permissions."
            raise ModelError(f"{source / key} cannot be moved: {_reason(error)}", hint=hint) from error


def _is_there(path: Path) -> bool:
    """Also a link that leads nowhere."""
    return path.exists() or path.is_symlink()


def _reason(error: OSError | StorageError) -> str:
    return error.message if isinstance(error, StorageError) else f"{error.strerror or error}."
