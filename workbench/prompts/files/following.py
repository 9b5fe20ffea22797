"""Keeps the folder of prompts in step: on changes of either, when asked, and before and after a command.

Any number of processes of a home may do so; one at a time works, and the others find nothing left to do.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

from filelock import FileLock, Timeout

from workbench.errors import StorageError, UsageError, WorkbenchError
from workbench.events import Bus, Changed, Topic
from workbench.messages import Id
from workbench.paths import Paths, given, private_folder
from workbench.prompts.files.deciding import Told
from workbench.prompts.files.disk import mark, strangers
from workbench.prompts.files.store import FileRows
from workbench.prompts.files.syncing import FolderSync, Report
from workbench.prompts.library import Prompts
from workbench.settings import Prompts as PromptSettings
from workbench.settings import replace_file

log = logging.getLogger(__name__)

LOCK_SECONDS: Final = 10.0
_TOGETHER_SECONDS: Final = 0.3  # what changes at once is looked at once
_FOLDER: Final = "prompts"
MOST_STRANGERS: Final = 20  # more of them are somebody's notes, and a prompt that is removed takes its file along
NOT_TAKEN_IN: Final = (
    "it holds {count:,} Markdown files already, so nothing was taken in. Choose an empty folder, or say that they are"
    " prompts: `workbench prompts folder {folder} --take-in`"
)


class Follower(Protocol):
    """As `documents.following.follower.Follower`."""

    def follow(self, roots: Mapping[Id, Path]) -> None: ...

    def close(self) -> None: ...


Follow = Callable[[Callable[[Id, set[str]], None]], Follower]


class PromptFiles:
    """Any thread. ``follow``: what tells of changes on the disk, started."""

    def __init__(
        self,
        paths: Paths,
        rows: FileRows,
        library: Prompts,
        bus: Bus,
        settings: Callable[[], PromptSettings],
        follow: Follow,
    ) -> None:
        self._paths = paths
        self._rows = rows
        self._library = library
        self._bus = bus
        self._settings = settings
        self._follow = follow
        self._lock = threading.Lock()
        self._between = FileLock(paths.run / "prompts.lock", mode=0o600, thread_local=False)
        self._told: tuple[Told, ...] = ()
        self._wake = threading.Event()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        self._follower: Follower | None = None
        self._unsubscribe: Callable[[], None] = lambda: None

    @property
    def on(self) -> bool:
        """Whether prompts are files at all."""
        return self._settings().files

    @property
    def folder(self) -> Path:
        chosen = self._settings().folder
        return given(chosen).absolute() if chosen else self._paths.prompts

    @property
    def told(self) -> tuple[Told, ...]:
        """What a person should know, since the last look: files that cannot be read, conflicts, a folder that went."""
        return self._told

    # Once -------------------------------------------------------------------------------------------------------------

    def sync(self) -> Report:
        """Bring both together, now. Where another process does so for long, that is all. Raises `StorageError`."""
        if not self.on or self._rows.read_only:
            return Report()
        with self._lock:
            try:
                with self._between.acquire(timeout=LOCK_SECONDS):
                    report = self._sync()
            except Timeout:
                return Report()
        self._tell(tuple(report.told))
        return report

    def _sync(self) -> Report:
        root = self.folder
        self._begin_anew_elsewhere(root)
        if not self._settings().folder and not self._rows.all():
            private_folder(root)
        if not self._rows.all() and (count := strangers(root)) > MOST_STRANGERS:
            return Report(told=[Told(str(root), 0, NOT_TAKEN_IN.format(count=count, folder=root))])
        wait = self._closed.wait
        return FolderSync(root, self._rows, self._library, lambda: self._bus.publish(Topic.PROMPTS), wait).run()

    def _begin_anew_elsewhere(self, root: Path) -> None:
        """What is known of files is known of one folder: another one is looked at as if for the first time."""
        noted = self._paths.run / "prompts-folder"
        told = f"{os.fspath(root)!a}\n"
        try:
            before = noted.read_text(encoding="utf-8")
        except OSError:
            before = ""
        if before != told:
            if before:
                self._rows.clear()
            replace_file(noted, told)

    def begin_anew(self, *, take_in: bool = False) -> None:
        """The folder that is chosen is the right one. Makes it. ``take_in``: also where it is full of Markdown files, all
        of which become prompts. Raises `UsageError`, `StorageError`."""
        root = self.folder
        try:
            root.mkdir(mode=0o700, exist_ok=True)
        except FileExistsError:
            raise UsageError(f"{root} is a file.", hint="Choose a folder.") from None
        except FileNotFoundError:
            raise UsageError(
                f"There is no folder {root.parent}.", hint="Make it first, or choose another one."
            ) from None
        except OSError as error:
            raise StorageError(f"{root} cannot be made: {error.strerror or error}.") from error
        if take_in:
            mark(root)
        with suppress(OSError):
            (self._paths.run / "prompts-folder").unlink(missing_ok=True)
        self._rows.clear()

    def _tell(self, told: tuple[Told, ...]) -> None:
        if told != self._told:
            self._told = told
            self._bus.publish(Topic.PROMPTS)

    # From now on ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Follow both from now on, in a thread of its own; looks at once."""
        with self._lock:
            if self._thread is not None or self._closed.is_set():
                return
            self._unsubscribe = self._bus.subscribe(self._hear)
            self._thread = threading.Thread(target=self._run, name="workbench-prompt-files", daemon=True)
        self._thread.start()
        self.look()

    def look(self) -> None:
        """Something may be different: soon, in the thread that follows. Costs nothing."""
        self._wake.set()

    def close(self) -> None:
        self._unsubscribe()
        self._closed.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        if self._follower is not None:
            self._follower.close()

    def _hear(self, changed: Changed) -> None:
        if changed.topics & {Topic.PROMPTS, Topic.SETTINGS}:
            self._wake.set()

    def _run(self) -> None:
        while not self._closed.is_set():
            self._wake.wait()
            self._closed.wait(_TOGETHER_SECONDS)
            self._wake.clear()
            if self._closed.is_set():
                return
            try:
                self._follow_folder()
                self.sync()
            except WorkbenchError as error:
                self._tell((Told(str(self.folder), 0, error.message.rstrip(".")),))
            except Exception:  # prompts that are no longer written, and nobody told, are the worst there is
                log.exception("keeping prompts and files in step failed, and goes on")

    def _follow_folder(self) -> None:
        roots = {_FOLDER: self.folder} if self.on else {}
        if self._follower is None:
            self._follower = self._follow(lambda _folder, _places: self.look())
        self._follower.follow(roots)
