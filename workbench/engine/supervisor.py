"""Keeps one model's engine of one home: starts it, attaches to another process's, notices its end, limits its restarts.

An engine is started in a long-lived thread, because on Linux it ends with the thread that started it. That thread then
blocks until the engine ends: it costs nothing while the engine lives, and notices the end at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from workbench.cancel import CancelToken
from workbench.engine.connection import Connection, Start, State
from workbench.engine.launching.computes import Computes, devices_in
from workbench.engine.lease import Lease, SharedEngine
from workbench.engine.records import kill
from workbench.engine.restarts import MOST_RESTARTS, RestartBudget
from workbench.engine.watchdog import WatchLimits, watching
from workbench.errors import Cancelled, EngineError, WorkbenchError
from workbench.ports import Clock, EngineLauncher, LaunchPlan, RunningEngine

_LEASE_LOOK_SECONDS = 0.2
_SILENT_OWNER_SECONDS = 10.0
_GUEST_SECONDS = 6.0  # a guest says so at each look that it takes at the engine


def _silent_owner() -> EngineError:
    return EngineError(
        "Another Workbench runs the engine of this model and does not answer.",
        hint="Close the other Workbench (it may be another version), then try again.",
    )


@contextmanager
def _open_gate(_cancel: CancelToken, _progress: Callable[[str], None]) -> Iterator[None]:
    yield


def _nothing() -> None:
    """Done at each look at an engine of our own."""


Gate = Callable[[CancelToken, Callable[[str], None]], AbstractContextManager[None]]


class Supervisor:
    """``plan``: decides anew at each start, for the memory that is free then. ``on_change`` hears of each new state,
    ``on_loaded`` of each engine that was started here.

    ``gate``: entered before an engine is loaded here, left when it is; it may wait, and raise `Cancelled`.
    """

    def __init__(
        self,
        launcher: EngineLauncher,
        lease: Lease,
        clock: Clock,
        plan: Callable[[], LaunchPlan],
        on_change: Callable[[], None],
        watch: WatchLimits,
        on_loaded: Callable[[LaunchPlan, RunningEngine], None],
        *,
        gate: Gate = _open_gate,
    ) -> None:
        self._gate = gate
        self._clock = clock
        self._on_loaded = on_loaded
        self._launcher = launcher
        self._lease = lease
        self._plan = plan
        self._on_change = on_change
        self._watch = watch
        self._starting = threading.Lock()  # one start at a time; the others wait for it
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._thread: threading.Thread | None = None
        self._budget = RestartBudget(clock)
        self._life = CancelToken()  # replaced by `stop`: what began in an earlier life ends with it
        self._verdict = ""
        self._active = 0
        self._used_at = clock.monotonic()
        self.name = ""  # of the model, for people
        self.state = State.STOPPED
        self.cause = ""
        self.hint = ""

    @property
    def connection(self) -> Connection | None:
        with self._lock:
            return self._connection

    @property
    def active(self) -> int:
        """Requests that run."""
        with self._lock:
            return self._active

    @property
    def used_at(self) -> float:
        """The monotonic second at which it was last asked something, here or by a guest."""
        guest = self._clock.monotonic() - self._lease.seconds_since_use()
        with self._lock:
            return max(self._used_at, guest)

    @property
    def has_guest(self) -> bool:
        """Whether another process is asking it something now."""
        return self._lease.seconds_since_use() < _GUEST_SECONDS

    @property
    def worn_out(self) -> bool:
        """Whether it died so often that it is not started again for now."""
        return self._budget.exhausted()

    def forgive(self) -> None:
        """Its next start is another one than before: earlier deaths do not count."""
        self._budget.forgive()

    @property
    def verdict(self) -> str:
        """Why the engine was ended from here; empty when it was not."""
        with self._lock:
            return self._verdict

    def connect(self, cancel: CancelToken, progress: Callable[[str], None]) -> Connection:
        """The engine that runs, or a new one; blocks. Raises as `EngineLauncher.start`, and when it died too often."""
        with self._lock:
            life, self._used_at = self._life, self._clock.monotonic()
        while not self._starting.acquire(timeout=_LEASE_LOOK_SECONDS):
            cancel.check()
        try:
            life.check()
            if (connection := self.connection) is not None and self._lives(connection):
                return connection
            self._refuse_when_exhausted()
            with life.unblocks(cancel.cancel):
                return self._begin(life, cancel, progress)
        finally:
            self._starting.release()

    def forget(self, connection: Connection) -> None:
        """Another process's engine does not answer any more: the next `connect` looks again."""
        with self._lock:
            if self._connection is connection and connection.engine is None:
                self._connection = None

    @contextmanager
    def request(self, connection: Connection) -> Iterator[None]:
        """While the block runs, the engine is watched: one that hangs or swells is ended with its cause."""
        guest = connection.engine is None
        if guest:
            self._lease.mark_use()
        with self._lock:
            self._active += 1
        try:
            with watching(
                connection.endpoint,
                connection.process_id,
                None if connection.plan is None else connection.plan.memory_limit_bytes,
                self._watch,
                lambda verdict: self._condemn(connection, verdict),
                self._lease.mark_use if guest else _nothing,
            ):
                yield
        finally:
            with self._lock:
                self._active -= 1
                self._used_at = self._clock.monotonic()

    def explain(self, connection: Connection, broken: EngineError) -> EngineError:
        """Why ``connection`` broke, in words; waits a moment for the exit that broke it to be noticed."""
        engine = connection.engine
        with self._lock:
            verdict = self._verdict
        if engine is None:
            return EngineError(
                verdict or "The other Workbench process that ran the engine has ended it.",
                hint="Try again: the engine is started here then.",
                detail=broken.detail,
            )
        if not engine.wait(1.0):
            return broken
        return EngineError(
            verdict or engine.exit_cause() or broken.message,
            hint="Continue the answer: the engine is started again." if verdict else engine.exit_hint(),
            detail=engine.log_tail(),
        )

    def stop(self) -> None:
        """End the engine if it is ours, and let go of it if not. `connect` may start it again."""
        with self._lock:
            life, self._life = self._life, CancelToken()
            connection, self._connection = self._connection, None
        life.cancel()
        if connection is not None and connection.engine is not None:
            connection.engine.stop()
        self._join()
        self._set(State.STOPPED)

    def release(self) -> None:
        """As `stop`, and an engine that another process owns ends too, as its owner wanted it."""
        connection = self.connection
        if connection is not None and connection.engine is None:
            self._lease.ask_to_leave(connection.process_id)
        self.stop()

    # Starting ---------------------------------------------------------------------------------------------------------

    def _begin(self, life: CancelToken, cancel: CancelToken, progress: Callable[[str], None]) -> Connection:
        """Own the engine, or attach to its owner's, whichever is possible first."""
        self._join()
        self._set(State.STARTING)
        try:
            looks = 0
            while not self._lease.acquire():
                if (shared := self._lease.shared(cancel)) is not None:
                    return self._attach(shared)
                looks += self._lease.announced()  # an owner that still loads has announced nothing: wait for it
                if looks * _LEASE_LOOK_SECONDS > _SILENT_OWNER_SECONDS:
                    raise _silent_owner()
                progress("Waiting for the other Workbench process…")
                cancel.wait(_LEASE_LOOK_SECONDS)
            return self._launch(life, cancel, progress)
        except Cancelled:
            self._set(State.STOPPED)
            raise
        except WorkbenchError as error:
            self._set(State.FAILED, error.message, error.hint)
            raise

    def _attach(self, shared: SharedEngine) -> Connection:
        place = (shared.endpoint, shared.context_tokens, shared.process_id)
        connection = Connection(*place, computes=shared.computes)
        with self._lock:
            self._connection, self._verdict = connection, ""
        self._set(State.READY)
        return connection

    def _launch(self, life: CancelToken, cancel: CancelToken, progress: Callable[[str], None]) -> Connection:
        """With the lease in hand; the thread that lives with the engine gives it back."""
        start = Start(life, cancel, progress)
        # A daemon: a program that ends without closing this is not held up, and the engine ends with the process.
        thread = threading.Thread(target=self._live, args=(start,), name="engine", daemon=True)
        begun = False
        try:
            with self._gate(cancel, progress):
                with self._lock:
                    self._thread = thread
                thread.start()
                begun = True
                start.over.wait()
        finally:
            if not begun:
                self._lease.release()
        if start.failure is not None:
            thread.join()
            raise start.failure
        assert start.connection is not None  # noqa: S101 - over without failure
        return start.connection

    def _live(self, start: Start) -> None:
        """The long-lived thread: from before the engine's start until after its end."""
        try:
            engine, connection = self._run(start)
        except (WorkbenchError, Cancelled) as error:
            self._lease.release()
            start.end(error)
            return
        except BaseException as error:
            self._lease.release()
            start.end(EngineError("The engine could not be started.", detail=repr(error)))
            raise
        start.end(connection)
        engine.wait()
        self._bury(connection, engine)

    def _run(self, start: Start) -> tuple[RunningEngine, Connection]:
        plan = self._plan()
        engine = self._launcher.start(plan, start.cancel, start.progress)
        devices = devices_in(engine.log_tail().splitlines(), plan.expert_layers_on_cpu)
        computes, place = Computes(self._launcher.build(), devices), (engine.endpoint, plan.context_tokens)
        connection = Connection(*place, engine.process_id, engine, plan, computes)
        try:
            self._lease.publish(SharedEngine(*place, engine.process_id, computes), self.name)
        except BaseException:
            engine.stop(0)
            raise
        with self._lock:
            ended = self._life is not start.life
            if not ended:
                self._connection, self._verdict = connection, ""
        if ended:  # `stop` came when the engine was ready and nobody knew of it yet
            engine.stop(0)
            raise Cancelled
        self._set(State.READY)
        self._on_loaded(plan, engine)
        return engine, connection

    # Ending -----------------------------------------------------------------------------------------------------------

    def _bury(self, connection: Connection, engine: RunningEngine) -> None:
        cause, hint = engine.exit_cause() or "", engine.exit_hint()
        engine.stop()  # it is dead: this removes its files
        asked = self._lease.was_asked_to_leave()
        self._lease.release()
        with self._lock:
            expected = self._connection is not connection  # `stop` has let go of it before
            if not expected:
                self._connection = None
            verdict = self._verdict
        if expected:
            return
        if asked:
            self._set(State.STOPPED)
            return
        self._budget.died()
        self._set(State.FAILED, verdict or cause, hint)

    def _condemn(self, connection: Connection, verdict: str) -> None:
        with self._lock:
            self._verdict = verdict
        if connection.engine is None:  # its owner watches only while it asks something itself
            kill(connection.process_id)
        else:
            connection.engine.stop(0)

    def _join(self) -> None:
        """Wait for the long-lived thread of an engine that has ended, which cleans up after it."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _lives(self, connection: Connection) -> bool:
        if connection.engine is not None:
            return connection.engine.exit_cause() is None
        return self._lease.owner_lives()

    def _refuse_when_exhausted(self) -> None:
        if self._budget.exhausted():
            raise EngineError(
                f"The engine has ended {MOST_RESTARTS} times within three minutes, so it is not started again now."
                + (f" The last time: {self.cause}" if self.cause else ""),
                hint=self.hint or "Choose another model, or wait three minutes and try again.",
            )

    def _set(self, state: State, cause: str = "", hint: str = "") -> None:
        with self._lock:
            self.state, self.cause, self.hint = state, cause, hint
        self._on_change()
