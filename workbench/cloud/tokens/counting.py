"""The child that counts by the published vocabulary, as its parent sees it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import workbench
from workbench.cancel import CancelToken
from workbench.cloud.tokens import child
from workbench.engine.launching import containment
from workbench.errors import EngineError, StorageError

_FOLDER: Final = Path(workbench.__file__).parent.parent  # not the person's: Python imports from there
_INHERITED: Final = frozenset(
    {"PATH", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME"}
)
_HINT: Final = "The estimate from above holds; nothing else depends on it."


class PublishedTokens:
    """Starts the child, which is ready when its first answer is there. Raises `EngineError` where it cannot be started."""

    def __init__(self) -> None:
        try:
            self._process = subprocess.Popen(
                child.command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_FOLDER,
                env={key: value for key, value in os.environ.items() if key.upper() in _INHERITED},
                **containment.spawn_options(),
            )
        except OSError as error:
            raise EngineError(
                f"What counts tokens cannot be started: {error.strerror or error}.", hint=_HINT
            ) from error
        self._bond = containment.bind(self._process)

    def count(self, question: Sequence[str], cancel: CancelToken) -> int:
        """Tokens of all these texts together. Raises `StorageError` where the vocabulary is damaged or gone, `EngineError`,
        `Cancelled`."""
        with cancel.unblocks(self._process.kill):
            answer = self._answer(json.dumps(list(question)).encode() + b"\n")
        cancel.check()
        told = json.loads(answer) if answer.endswith(b"\n") else {}
        if "error" in told:
            raise StorageError(told["error"], hint=told["hint"])
        if "tokens" not in told:
            raise EngineError("What counts tokens has ended.", hint=_HINT)
        return int(told["tokens"])

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._bond = None

    def _answer(self, order: bytes) -> bytes:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None  # noqa: S101, PT018 - for the type checker
        with suppress(OSError):  # it may have said why it ended
            stdin.write(order)
            stdin.flush()
        answer: bytes = stdout.readline()
        return answer
