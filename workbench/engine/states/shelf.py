"""The saved states on the disk: a file of the engine's and a small one of ours beside it, within a limit of bytes."""

from __future__ import annotations

import json
import logging
import os
import secrets
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from workbench.engine.records import write_private
from workbench.engine.states.chain import Chain, shared_blocks
from workbench.messages import Id
from workbench.paths import private_folder

log = logging.getLogger(__name__)

_STATE, _LABEL = ".state", ".json"


@dataclass(frozen=True, slots=True)
class Label:
    """What a state is of. ``engine``: model file, build and cache type, which all must be the same to use it.

    ``cold_seconds``, ``warm_seconds``: to the first token without it and with it, where that was measured; else 0.
    """

    engine: str
    prefix: Id
    chain: Chain
    tokens: int
    name: str = ""
    cold_seconds: float = 0.0
    warm_seconds: float = 0.0

    @property
    def file_name(self) -> str:
        return self.name + _STATE


class StateShelf:
    """``limit_bytes`` is asked at each use. States are written by engines, which get the bare name of a file in `folder`.

    A state holds the words of a conversation: the folder is this user's alone, and `forget` removes what a deleted
    conversation left.
    """

    def __init__(self, folder: Path, limit_bytes: Callable[[], int]) -> None:
        self.folder = folder
        self._limit_bytes = limit_bytes
        self._lock = threading.Lock()

    def room_for(self, size: int) -> bool:
        """Whether a state of about ``size`` bytes may be written: within the limit, and leaving the disk a reserve."""
        import shutil

        try:
            private_folder(self.folder)
            return size <= self._limit_bytes() and shutil.disk_usage(self.folder).free > 2 * size + (1 << 30)
        except OSError:
            return False

    def draft(self) -> str:
        """The bare name for a new state file."""
        return secrets.token_hex(8) + _STATE

    def keep(self, draft: str, label: Label) -> None:
        """The engine has written ``draft``: label it, in the place of older states of the same conversation."""
        name = draft.removesuffix(_STATE)
        with self._lock:
            older = [old for old in self._labels() if old.prefix == label.prefix and old.engine == label.engine]
            path = self.folder / draft
            try:
                path.chmod(0o600)
                file = os.open(self.folder / (name + _LABEL), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(file, "w", encoding="utf-8") as text:
                    json.dump(asdict(label) | {"name": name}, text)
            except OSError as error:
                log.info("a state was not kept: %s", error)
                self._remove(name)
                return
            for old in older:
                self._remove(old.name)
            self._shrink()

    def drop(self, draft: str) -> None:
        """Remove a state that is not to be kept, or that no engine can use."""
        self._remove(draft.removesuffix(_STATE))

    def best(self, engine: str, chain: Sequence[str]) -> tuple[Label, int] | None:
        """The state that spares the most reading, and how many blocks of ``chain`` it begins with; None for none."""
        found = [(label, shared_blocks(label.chain, chain)) for label in self._labels() if label.engine == engine]
        found = [(label, blocks) for label, blocks in found if blocks]
        return max(found, key=lambda pair: (pair[1], -len(pair[0].chain)), default=None)

    def used(self, label: Label) -> None:
        """It is wanted: it stays the longest."""
        with suppress(OSError):
            os.utime(self.folder / label.file_name)

    def labels(self) -> tuple[Label, ...]:
        """Of all states that lie here."""
        return tuple(self._labels())

    def note(self, engine: str, prefix: Id, cold_seconds: float, warm_seconds: float) -> None:
        """How long the first token took without the state and with it."""
        with self._lock:
            for label in self._labels():
                if (label.engine, label.prefix) == (engine, prefix):
                    said = asdict(replace(label, cold_seconds=cold_seconds, warm_seconds=warm_seconds))
                    with suppress(OSError):
                        write_private(self.folder / (label.name + _LABEL), json.dumps(said))

    def forget(self, prefix: Id) -> None:
        """Remove all states of a conversation."""
        for label in self._labels():
            if label.prefix == prefix:
                self._remove(label.name)

    def shrink(self) -> None:
        """Keep within the limit, and remove what was written but never labelled."""
        with self._lock:
            self._shrink()

    def bytes(self) -> int:
        """What all states take on the disk."""
        return sum(size for _path, size, _used in self._files())

    def _shrink(self) -> None:
        files = sorted(self._files(), key=lambda file: file[2])
        total, limit = sum(size for _path, size, _used in files), self._limit_bytes()
        for path, size, _used in files:
            if total <= limit:
                break
            self._remove(path.stem)
            total -= size

    def _files(self) -> list[tuple[Path, int, float]]:
        found = []
        with suppress(OSError):
            for path in self.folder.glob("*" + _STATE):
                with suppress(OSError):
                    status = path.stat()
                    found.append((path, status.st_size, status.st_mtime))
        return found

    def _labels(self) -> list[Label]:
        labels = []
        for path in sorted(self.folder.glob("*" + _LABEL)):
            with suppress(OSError, ValueError, TypeError, KeyError):
                said = json.loads(path.read_text(encoding="utf-8"))
                chain = tuple(str(digest) for digest in said["chain"])
                seconds = (float(said.get("cold_seconds", 0)), float(said.get("warm_seconds", 0)))
                label = Label(str(said["engine"]), str(said["prefix"]), chain, int(said["tokens"]), path.stem, *seconds)
                if (self.folder / label.file_name).is_file():
                    labels.append(label)
        return labels

    def _remove(self, name: str) -> None:
        for ending in (_LABEL, _STATE):
            with suppress(OSError):
                (self.folder / (name + ending)).unlink()
