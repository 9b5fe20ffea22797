"""Where everything lives: the data home, its folders, and the program's own assets."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import StorageError

HOME_VARIABLE = "WORKBENCH_HOME"
APP_FOLDER = "Workbench"


@dataclass(frozen=True, slots=True)
class Paths:
    """The layout of one data home. Folders are 0700 and files 0600, whatever the umask."""

    home: Path

    @property
    def config(self) -> Path:
        return self.home / "config.toml"

    @property
    def window_state(self) -> Path:
        return self.home / "window.json"

    @property
    def database(self) -> Path:
        return self.home / "workbench.db"

    @property
    def index(self) -> Path:
        """What was read of document folders: it can be made again from them."""
        return self.home / "index.db"

    @property
    def models(self) -> Path:
        return self.home / "models"

    @property
    def routing(self) -> Path:
        """The person's own rules by which a model is chosen; without it those of the program hold."""
        return self.home / "routing.toml"

    @property
    def prompts(self) -> Path:
        """Prompts as files, unless the person keeps them elsewhere."""
        return self.home / "prompts"

    @property
    def attachments(self) -> Path:
        """The files given with messages, named by their sha256."""
        return self.home / "attachments"

    @property
    def backups(self) -> Path:
        return self.home / "backups"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def run(self) -> Path:
        return self.home / "run"

    def sockets(self) -> Path:
        """A private folder with a path short enough for Unix sockets (about 100 bytes), made when missing.

        Inside the home where that fits; else in the temporary folder, named after the home and the user.
        """
        inside = self.run / "sockets"
        if len(os.fsencode(inside)) <= 60:
            return private_folder(inside)
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        owner = os.getuid() if hasattr(os, "getuid") else 0
        return private_folder(Path(tempfile.gettempdir()) / f"workbench-{owner}-{digest}")

    def prepare(self) -> None:
        """Make the home and its folders. Raises `StorageError` naming the folder that cannot be made."""
        for folder in (self.home, self.models, self.backups, self.logs, self.run):
            private_folder(folder)


def private_folder(folder: Path) -> Path:
    """Make ``folder`` for this user alone. Raises `StorageError` when it cannot be made or belongs to somebody else."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.name == "posix" and folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
        if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
            raise StorageError(
                f"The folder {folder} belongs to another user.", hint=f"Set {HOME_VARIABLE} to a folder of yours."
            )
    except OSError as error:
        raise StorageError(
            f"The folder {folder} cannot be used: {error.strerror or error}.",
            hint=f"Make it writable, or set {HOME_VARIABLE} to another folder.",
        ) from error
    return folder


def given(word: str) -> Path:
    """The path that a person typed; the home of somebody who is not known here stays as it was written."""
    return Path(os.path.expanduser(word))  # noqa: PTH111 - pathlib raises for "~nobody"


def is_file(path: Path) -> bool:
    """Whether a file is there; no for names that no file can have, where pathlib raises for one that is too long."""
    return os.path.isfile(path)  # noqa: PTH113


def default_home() -> Path:
    """`WORKBENCH_HOME` when set, else the platform's data folder."""
    chosen = os.environ.get(HOME_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs  # only here: most runs in tests and scripts set the variable

    return Path(platformdirs.user_data_dir(APP_FOLDER, appauthor=False))


def asset(name: str) -> Path:
    """The file ``name`` (with forward slashes) of the installed package `assets`, also in the frozen app."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen) / "assets" / name
    import assets

    return Path(assets.__file__).parent / name
