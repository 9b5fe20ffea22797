"""Keeps a growing answer on disk while it streams."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from workbench.chat.asking.made import NOT_KNOWN
from workbench.errors import StorageError
from workbench.messages import (
    Id,
    Part,
    Reasoning,
    ReasoningDelta,
    Sources,
    StreamEvent,
    Text,
    TextDelta,
    ToolCall,
    ToolCallDelta,
    ToolResult,
    UnparsedText,
    fold_events,
)
from workbench.ports import Clock

log = logging.getLogger(__name__)

CHECKPOINT_SECONDS = 0.8


class Recorder:
    """Collects a turn's events; while in its block, a thread saves what is new every 0.8 s, off the streaming path.

    A checkpoint that fails (a full disk, say) does not stop the answer: it is tried again, and the end of the turn tells.
    ``made``: by what the answer is computed, as soon as that is known.
    """

    def __init__(self, save: Callable[[tuple[Part, ...]], None], clock: Clock, earlier: tuple[Part, ...] = ()) -> None:
        self._save = save
        self._clock = clock
        self._earlier = earlier
        self._events: list[StreamEvent] = []
        self._results: dict[Id, ToolResult] = {}
        self._changes = self._saved = 0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep_saving, name="workbench-checkpoints", daemon=True)
        self._sources: Sources | None = None
        self.made = NOT_KNOWN
        self._thought_from: float | None = None
        self._thought_until: float | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def add(self, event: StreamEvent) -> None:
        if not isinstance(event, TextDelta | ReasoningDelta | ToolCallDelta | UnparsedText):
            return
        with self._lock:
            if self._results:
                self._close_round()
            if isinstance(event, ReasoningDelta):
                self._thought_until = self._clock.monotonic()
                self._thought_from = self._thought_from or self._thought_until
            self._events.append(event)
            self._changes += 1

    def keep(self, result: ToolResult) -> None:
        """What a call gave; in the place of what was known of it before. What the model says next stands behind it."""
        with self._lock:
            self._results[result.id] = result
            self._changes += 1

    def save(self) -> None:
        """All so far, now: before something is done that must not be forgotten. Raises `StorageError`."""
        self._save(self.parts())

    def try_to_save(self) -> None:
        """All so far, now; a disk that refuses does not stop the answer."""
        try:
            self.save()
        except StorageError as error:
            log.warning("checkpoint not saved: %s", error.message)

    def stands_on(self, sources: Sources) -> None:
        """What the answer is given to stand on, or the same with its citations: its first part."""
        self._sources = sources

    def parts(self) -> tuple[Part, ...]:
        """The whole answer so far, what was there before a continuation included."""
        with self._lock:
            parts = self._so_far()
        if self._sources is None:
            return parts
        return (self._sources, *(part for part in parts if not isinstance(part, Sources)))

    def _so_far(self) -> tuple[Part, ...]:
        """The results stand behind what was said, in the order of their calls."""
        seconds = None
        if self._thought_from is not None and self._thought_until is not None:
            seconds = round(self._thought_until - self._thought_from, 3)
        said = joined(self._earlier, fold_events(self._events, reasoning_seconds=seconds))
        order = {part.id: place for place, part in enumerate(said) if isinstance(part, ToolCall)}
        results = sorted(self._results.values(), key=lambda result: order.get(result.id, len(order)))
        return (*said, *results)

    def _close_round(self) -> None:
        self._earlier = self._so_far()
        self._events, self._results = [], {}
        self._thought_from = self._thought_until = None

    def _keep_saving(self) -> None:
        while not self._over.wait(CHECKPOINT_SECONDS):
            count = self._changes
            if count == self._saved:
                continue
            try:
                self._save(self.parts())
                self._saved = count
            except StorageError as error:
                log.warning("checkpoint not saved: %s", error.message)


def joined(earlier: tuple[Part, ...], later: tuple[Part, ...]) -> tuple[Part, ...]:
    """Two runs of parts as one: where they meet with the same kind, the texts are joined."""
    if not earlier or not later:
        return earlier + later
    last, first = earlier[-1], later[0]
    if isinstance(last, Text) and isinstance(first, Text):
        return (*earlier[:-1], Text(last.text + first.text), *later[1:])
    if isinstance(last, Reasoning) and isinstance(first, Reasoning):
        seconds = (last.seconds or 0) + (first.seconds or 0)
        return (*earlier[:-1], Reasoning(last.text + first.text, seconds), *later[1:])
    return earlier + later
