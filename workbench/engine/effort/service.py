"""What is known of each model file's template, kept so that it is known before an engine runs."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from workbench.cancel import CancelToken
from workbench.db import Database
from workbench.engine.effort.traits import Traits, as_json, examine, expected, from_json
from workbench.errors import EngineError, StorageError
from workbench.events import Bus, Topic
from workbench.ports import Clock

_log = logging.getLogger(__name__)


class Renderer(Protocol):
    """What shows the prompt that a model would read: `LlamaBackend`, `EngineBackend`."""

    def render(self, body: Mapping[str, Any], cancel: CancelToken) -> str: ...


class TraitsService:
    """The only SQL about traits. Any thread."""

    def __init__(
        self, database: Database, clock: Clock, bus: Bus, template: Callable[[Path], str | None] = lambda _path: None
    ) -> None:
        """``template``: the text of a file's chat template. It may raise `ModelError`."""
        self._db = database
        self._clock = clock
        self._bus = bus
        self._template = template
        self._promised: dict[str, Traits] = {}  # a header with a large vocabulary takes a fifth of a second to read

    def traits(self, path: Path) -> Traits:
        """As an engine rendered them, else as the template's text promises (`Traits.build` is empty then).

        Raises `ModelError` when the file cannot be read.
        """
        key = file_key(path)
        return (
            self.seen(path) or self._promised.get(key) or self._promised.setdefault(key, expected(self._template(path)))
        )

    def seen(self, path: Path) -> Traits | None:
        """What an engine has rendered of this very file; None: none has yet."""
        row = self._db.row("SELECT traits FROM model_traits WHERE key = ?", (file_key(path),))
        try:
            return from_json(json.loads(row["traits"])) if row else None
        except (KeyError, TypeError, ValueError):
            return None  # of a version that wrote other things

    def examine(self, backend: Renderer, path: Path, build: str, cancel: CancelToken) -> Traits:
        """What this engine renders; done once for each file and build, a few milliseconds for each prompt.

        An engine that cannot render leaves what was known before. Raises `Cancelled`.
        """
        known = self.seen(path)
        if known is not None and known.build == build:
            return known
        template = self._template(path)
        try:
            found = examine(lambda body: backend.render(body, cancel), build, template)
        except EngineError as error:
            _log.warning("The template of %s was not examined: %s", path.name, error.message)
            return known or Traits(tools=expected(template).tools)
        self._keep(path, found)
        return found

    def _keep(self, path: Path, traits: Traits) -> None:
        try:
            with self._db.write() as tx:
                tx.execute(
                    "INSERT OR REPLACE INTO model_traits (key, traits, seen_at) VALUES (?, ?, ?)",
                    (file_key(path), json.dumps(as_json(traits)), self._clock.now()),
                )
        except StorageError as error:  # a full disk: it is examined again next time
            _log.warning("Traits were not kept: %s", error.message)
            return
        self._bus.publish(Topic.MODELS)


def file_key(path: Path) -> str:
    """The same for the same file only: another one in its place has another size or time."""
    try:
        status = path.stat()
    except OSError:
        return str(path)
    return f"{path.absolute()}|{status.st_size}|{status.st_mtime_ns}"
