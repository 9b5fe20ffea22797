"""One prompt on many inputs: each once, whatever happens in between."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.errors import ContextFullError, EngineError, ModelError, StorageError, UsageError, WorkbenchError
from workbench.events import Topic
from workbench.jobs import Job, JobEvent
from workbench.messages import Id
from workbench.prompts.prompt import Prompt, SavedPrompt
from workbench.prompts.running.batches.batch import Batch, BatchProgress, BatchState, Input, ItemFailed
from workbench.prompts.running.batches.exporting import export
from workbench.prompts.running.batches.store import BatchStore
from workbench.prompts.running.ports import Surroundings
from workbench.prompts.running.run import Run, RunOptions
from workbench.prompts.running.runner import AS_WRITTEN, PromptRunner
from workbench.prompts.running.store import RunStore

LOOK_SECONDS = 0.5
PATIENCE = 3
"""So many engine failures in a row are no fault of the inputs."""
PAGE = 200


class Batches:
    """Any thread. Publishes `Topic.RUNS`."""

    def __init__(self, store: BatchStore, runs: RunStore, runner: PromptRunner, around: Surroundings) -> None:
        self._store = store
        self._runs = runs
        self._runner = runner
        self._around = around
        self._lock = threading.Lock()
        self._working: dict[Id, CancelToken] = {}

    def list(self) -> tuple[Batch, ...]:
        """Newest first."""
        return self._store.all()

    def get(self, batch_id: Id) -> Batch:
        """Raises `UsageError` for an unknown id."""
        return self._store.get(batch_id)

    def find(self, prefix: str) -> Id:
        """A full id from its beginning. Raises `UsageError` when it is unknown or ambiguous."""
        return self._store.find(prefix)

    def results(self, batch_id: Id, offset: int = 0, limit: int = PAGE) -> tuple[Run, ...]:
        """The runs of so many inputs, in order; one that was not begun has no steps."""
        return self._runs.of_batch(batch_id, offset, limit)

    def start(
        self,
        prompt: SavedPrompt | Prompt,
        inputs: Sequence[Input],
        options: RunOptions = AS_WRITTEN,
        title: str = "",
    ) -> Batch:
        """Kept, and not begun yet: `work` does. Raises `UsageError` for a prompt that cannot be run, and for no inputs."""
        saved, whole = (prompt, prompt.prompt) if isinstance(prompt, SavedPrompt) else (None, prompt)
        if not inputs:
            raise UsageError("There is nothing to work on.", hint="Give files, lines or rows.")
        self._runner.check(whole, options)
        batch_id = self._store.add(
            title or whole.title,
            whole,
            saved.id if saved else None,
            saved.version if saved else None,
            inputs,
            replace(options, background=True),
        )
        if saved is not None:
            self._around.used(saved.id, {})
        self._told()
        return self._store.get(batch_id)

    def work(self, batch_id: Id, job: Job, *, failed_again: bool = False) -> Batch:
        """Answer what has no answer yet; blocks until that is all, or it is paused, here or by another process, or ``job``
        is cancelled. ``failed_again``: inputs that failed have another try.

        Emits `BatchProgress`, `ItemFailed`, and the news of each run. An input that fails is kept with its error; where it
        is the engine that fails, the batch is paused and its ``why`` says so. Raises `UsageError` for an unknown id and
        while another process is at it, `StorageError`.
        """
        with self._lock:
            if batch_id in self._working:
                raise UsageError("This batch is being worked on already.", hint="Pause it first.")
            token = self._working[batch_id] = CancelToken()
        try:
            self._store.claim(batch_id)
            if failed_again:
                self._store.wait_again(batch_id)
            self._told()
            why, state = "", BatchState.PAUSED
            try:
                with self._around.awake.awake("Working on many inputs"), job.cancel.unblocks(token.cancel):
                    why = _Working(
                        self._store, self._runner, self._around, self._store.get(batch_id), job, token
                    ).work()
                state = BatchState.PAUSED if self._store.get(batch_id).left else BatchState.DONE
            finally:
                self._store.release(batch_id, state, why)
        finally:
            with self._lock:
                del self._working[batch_id]
            self._told()
        return self._store.get(batch_id)

    def pause(self, batch_id: Id) -> Batch:
        """Whichever process is at it stops, within a second or so; what is half answered is asked again later.

        Raises `UsageError` for an unknown id.
        """
        self._store.pause(batch_id)
        with self._lock:
            token = self._working.get(batch_id)
        if token is not None:
            token.cancel()
        self._told()
        return self._store.get(batch_id)

    def remove(self, batch_id: Id) -> None:
        """With all its answers; who works on it stops."""
        self.pause(batch_id)
        self._store.remove(batch_id)
        self._told()

    def export(self, batch_id: Id, target: Path, form: str = "") -> int:
        """Write the results as ``csv``, ``json`` or ``md`` (empty: as the name ends); returns how many inputs.

        Raises `UsageError` for another form, `StorageError` where it cannot be written.
        """
        return export(self._store.get(batch_id), self._all(batch_id), target, form)

    def _all(self, batch_id: Id) -> Iterator[Run]:
        offset = 0
        while page := self._runs.of_batch(batch_id, offset, PAGE):
            yield from page
            offset = page[-1].position + 1

    def _told(self) -> None:
        self._around.bus.publish(Topic.RUNS)


class _Working:
    """One stretch of work on a batch."""

    def __init__(
        self, store: BatchStore, runner: PromptRunner, around: Surroundings, batch: Batch, job: Job, token: CancelToken
    ) -> None:
        self._store, self._runner, self._around = store, runner, around
        self._batch, self._job, self._token = batch, job, token
        self._done, self._failed, self._answered = batch.done, batch.failed, 0
        self._began = self._looked_at = self._first_at = around.clock.monotonic()
        self._troubled: list[Id] = []

    def work(self) -> str:
        """Why it stopped before the end, in a sentence; empty at the end, and when somebody paused it."""
        after = -1
        while not self._stopped() and (found := self._store.next(self._batch.id, after)) is not None:
            run_id, after, label = found
            self._tell(label)
            if why := self._one(run_id, label):
                return why
        self._tell("")
        return ""

    def _one(self, run_id: Id, label: str) -> str:
        """One input; what makes it pointless to go on, in a sentence."""
        try:
            run = self._runner.go_on(run_id, Job(self._pass_on, cancel=self._token))
        except StorageError:
            raise
        except WorkbenchError as error:
            return self._failed_with(run_id, label, error)
        self._troubled.clear()
        if run.state == "done":
            self._done += 1
            self._answered += 1
        return ""

    def _failed_with(self, run_id: Id, label: str, error: WorkbenchError) -> str:
        self._failed += 1
        self._answered += 1
        self._job.emit(ItemFailed(label, error.message))
        if isinstance(error, ContextFullError) or not isinstance(error, ModelError | EngineError):
            self._troubled.clear()
            return ""
        self._troubled.append(run_id)
        if isinstance(error, EngineError) and len(self._troubled) < PATIENCE:
            return ""
        self._store.wait_again(self._batch.id, self._troubled)
        return error.message

    def _pass_on(self, news: JobEvent) -> None:
        self._job.emit(news.payload)
        now = self._around.clock.monotonic()
        if now - self._looked_at >= LOOK_SECONDS:
            self._looked_at = now
            if self._store.state(self._batch.id) is not BatchState.RUNNING:
                self._token.cancel()

    def _stopped(self) -> bool:
        if not self._token.cancelled and self._store.state(self._batch.id) is not BatchState.RUNNING:
            self._token.cancel()
        return self._token.cancelled

    def _seconds_each(self) -> float | None:
        """Of those after the first, which may have waited for the model to be loaded."""
        now = self._around.clock.monotonic()
        if self._answered == 1:
            self._first_at = now
        if self._answered < 2:
            return now - self._began if self._answered else None
        return (now - self._first_at) / (self._answered - 1)

    def _tell(self, label: str) -> None:
        each = self._seconds_each()
        left = self._batch.total - self._done - self._failed
        self._job.emit(
            BatchProgress(
                self._batch.id,
                self._batch.total,
                self._done,
                self._failed,
                label,
                each,
                None if each is None else each * left,
            )
        )
