"""A model on this disk counts, without its weights: an engine loads its vocabulary and its template alone."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from workbench.cancel import CancelToken
from workbench.errors import StorageError
from workbench.messages import ChatRequest
from workbench.models.gguf.header import read_header
from workbench.models.gguf.vocabulary_file import write_vocabulary
from workbench.paths import Paths
from workbench.ports import BackendInfo, EngineLauncher, LaunchPlan, RunningEngine

_CONTEXT_TOKENS: Final = 256  # it answers nothing
_BATCH_TOKENS: Final = 32
_OLD_SECONDS: Final = 3600.0


Start = Callable[[Path, CancelToken], "VocabularyEngine"]


class Vocabularies:
    """The vocabulary of one model at a time: that of the file that was asked about last."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self._kept: tuple[Path, VocabularyEngine] | None = None

    def count(self, question: tuple[Path, ChatRequest], cancel: CancelToken) -> int:
        """Raises as `start_vocabulary` and `VocabularyEngine.count`."""
        path, request = question
        if self._kept is None or self._kept[0] != path:
            self.close()
            self._kept = (path, self._start(path, cancel))
        return self._kept[1].count(request, cancel)

    def close(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept[1].close()


class VocabularyEngine:
    """Counts as the whole model would; takes about a hundred megabytes."""

    def __init__(self, engine: RunningEngine, file: Path) -> None:
        self._engine, self._file = engine, file
        self._info = BackendInfo("", "", local=True, context_tokens=_CONTEXT_TOKENS)

    def count(self, question: ChatRequest, cancel: CancelToken) -> int:
        """Raises `EngineError`, also where the template of the model refuses the request."""
        from workbench.engine.asking.client import LlamaBackend  # it loads what speaks HTTP

        return LlamaBackend(self._engine.endpoint, self._info).count_tokens(question, cancel)

    def close(self) -> None:
        self._engine.stop(0)
        self._file.unlink(missing_ok=True)


def start_vocabulary(model: Path, launcher: EngineLauncher, paths: Paths, cancel: CancelToken) -> VocabularyEngine:
    """The engine ends with the thread that calls this. Raises `ModelError`, `EngineError`, `StorageError`, `Cancelled`."""
    _remove_old(paths)
    file = paths.run / f"vocabulary-{secrets.token_hex(6)}.gguf"
    try:
        write_vocabulary(model, file)
        engine = launcher.start(_plan(model, file), cancel)
    except BaseException as error:
        with suppress(OSError):
            file.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise StorageError(f"The vocabulary cannot be put aside: {error.strerror or error}.") from error
        raise
    with suppress(OSError):  # the engine has it open; where that keeps it, it goes with the engine
        file.unlink()
    return VocabularyEngine(engine, file)


def _plan(model: Path, file: Path) -> LaunchPlan:
    """With as little of everything as an engine takes, and the template that the model itself would get."""
    from workbench.engine.launching.templates import substitute

    template = substitute(read_header(model))
    return LaunchPlan(
        file,
        _CONTEXT_TOKENS,
        slots=1,
        threads=1,
        batch_tokens=_BATCH_TOKENS,
        gpu_layers=0,
        repack=False,
        cache_ram_bytes=0,
        options=None if template is None else {"chat_template": template.text},
    )


def _remove_old(paths: Paths) -> None:
    """Of a process that was killed while its engine started."""
    for file in paths.run.glob("vocabulary-*.gguf"):
        with suppress(OSError):
            if time.time() - file.stat().st_mtime > _OLD_SECONDS:
                file.unlink()
