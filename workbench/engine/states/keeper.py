"""Gives each conversation its slot, and brings back what was read for it before: in memory, or from the disk."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol

from workbench.cancel import CancelToken
from workbench.engine.states.chain import BLOCK_CHARACTERS, chain_of, shared_blocks
from workbench.engine.states.shelf import Label, StateShelf
from workbench.engine.states.slots import Content, Slot, SlotTable
from workbench.errors import Cancelled, EngineError
from workbench.messages import ChatRequest, Finished, Id
from workbench.models.gguf.header import read_header
from workbench.models.sizing.estimate import KvType, Request
from workbench.models.sizing.memory import cache_bytes
from workbench.models.sizing.shapes import from_header
from workbench.ports import Endpoint, LaunchPlan

log = logging.getLogger(__name__)

# Below this a prompt is read in less time than a state takes to be written.
LEAST_TOKENS = 512
LEAST_BLOCKS = LEAST_TOKENS * 3 // BLOCK_CHARACTERS
LEAVING_SECONDS = 3.0
CALL_SECONDS = 30.0
MAX_ANSWER_BYTES = 1 << 20

_SLOT = "id_slot"


class Connected(Protocol):
    """What this needs of an engine's connection: `supervisor.Connection`."""

    @property
    def endpoint(self) -> Endpoint: ...

    @property
    def plan(self) -> LaunchPlan | None: ...


class StateKeeper:
    """See `scheduling.states.StateKeeper`. Keeps states of this process's engines that have a ``state_folder`` in their
    plan; others answer as they like. ``build``: of the engine that runs: another one cannot read its states.
    """

    def __init__(self, shelf: StateShelf, build: Callable[[], str]) -> None:
        self._shelf = shelf
        self._build = build
        self._lock = threading.Lock()
        self._forgotten: set[Id] = set()
        self._tables: dict[str, SlotTable] = {}  # by where the engine listens: no two engines do in the same place

    def before(self, connection: Connected, request: ChatRequest, cancel: CancelToken) -> Mapping[str, Any]:
        """A slot for ``request``, with what was read for it before; nothing: the engine decides. May take a moment."""
        plan = connection.plan
        if plan is None or plan.state_folder is None or not request.prefix:
            return {}
        wanted = Content(request.prefix, chain_of(request))
        with self._lock:
            table = self._tables.setdefault(_place(connection.endpoint), SlotTable.of(plan.slots))
            slot = table.take(wanted.prefix, wanted.chain)
        if slot is None:
            return {}
        engine = Engine(connection.endpoint, plan, self._build())
        try:
            slot.displaced = None
            if slot.content is not None and slot.content.prefix != request.prefix:
                self._save(engine, slot, cancel)
                slot.displaced = slot.content
            self._bring_back(engine, slot, wanted, cancel)
        except BaseException:
            with self._lock:
                table.give_back(slot, slot.content)
            raise
        return {_SLOT: slot.number}

    def after(
        self, connection: Connected, request: ChatRequest, fields: Mapping[str, Any], finished: Finished | None
    ) -> None:
        """The request is over. ``finished`` None: it broke off, so how much the slot holds is not known well enough."""
        number = fields.get(_SLOT)
        with self._lock:
            table = self._tables.get(_place(connection.endpoint))
            if table is None or number is None:
                return
            content = Content(request.prefix, chain_of(request), 0 if finished is None else _tokens(finished))
            table.give_back(table.slots[number], content)

    def has(self, connection: Connected, prefix: Id) -> bool:
        """Whether a state of this name lies on the disk, for the engine that runs."""
        key = self._engine(connection).key
        return any((label.engine, label.prefix) == (key, prefix) for label in self._shelf.labels())

    def keep(self, connection: Connected, prefix: Id, cancel: CancelToken) -> bool:
        """Save what a slot has read for ``prefix`` now, and give the slot back to whom it was taken from. Returns whether
        it is kept. Nothing else must be asked for ``prefix`` meanwhile."""
        if connection.plan is None:
            return False
        with self._holding(connection, prefix) as slot:
            if slot is None:
                return False
            engine = self._engine(connection)
            with self._lock:
                self._forgotten.discard(prefix)  # it is wanted again
            self._save(engine, slot, cancel)
            kept = slot.content is not None and slot.content.saved
            self._give_back(engine, slot, cancel)
            return kept

    def give_back(self, connection: Connected, prefix: Id, cancel: CancelToken) -> None:
        """As `keep`, without saving anything; where nobody had the slot before, it stays as it is."""
        with self._holding(connection, prefix) as slot:
            if slot is not None and slot.displaced is not None and connection.plan is not None:
                self._give_back(self._engine(connection), slot, cancel)

    def note(self, connection: Connected, prefix: Id, cold_seconds: float, warm_seconds: float) -> None:
        """See `StateShelf.note`."""
        self._shelf.note(self._engine(connection).key, prefix, cold_seconds, warm_seconds)

    def labels(self) -> tuple[Label, ...]:
        """Of all states on the disk."""
        return self._shelf.labels()

    @contextmanager
    def _holding(self, connection: Connected, prefix: Id) -> Iterator[Slot | None]:
        """The slot that has read ``prefix``, for nobody else while this is entered; None when there is none."""
        with self._lock:
            table = self._tables.get(_place(connection.endpoint))
            slots = [] if table is None else table.slots
            slot = next((one for one in slots if not one.busy and one.content and one.content.prefix == prefix), None)
            if slot is not None:
                slot.busy = True
        try:
            yield slot
        except BaseException:
            if slot is not None:
                slot.content = None  # nobody knows what it holds now
            raise
        finally:
            if slot is not None:
                with self._lock:
                    slot.busy = False

    def _give_back(self, engine: Engine, slot: Slot, cancel: CancelToken) -> None:
        """What the slot held before is read from the disk; without any it is emptied."""
        before, slot.displaced = slot.displaced, None
        found = None if before is None else self._shelf.best(engine.key, before.chain)
        label = found[0] if found is not None and before is not None and found[0].prefix == before.prefix else None
        action, name = ("erase", "") if label is None else ("restore", label.file_name)
        try:
            ask_slot(engine.endpoint, slot.number, action, name, cancel)
            slot.content = None if label is None else before
        except EngineError as error:
            log.info("a slot could not be given back: %s", error.message)
            slot.content = None

    def _engine(self, connection: Connected) -> Engine:
        assert connection.plan is not None  # noqa: S101 - who asks has looked
        return Engine(connection.endpoint, connection.plan, self._build())

    def leaving(self, connection: Connected) -> None:
        """The engine is about to be ended: save what its slots hold, within a few seconds."""
        with self._lock:
            table = self._tables.pop(_place(connection.endpoint), None)
        if table is None or connection.plan is None:
            return
        engine = Engine(connection.endpoint, connection.plan, self._build())
        hurry = CancelToken()
        timer = threading.Timer(LEAVING_SECONDS, hurry.cancel)
        timer.start()
        try:
            for slot in sorted(table.slots, key=lambda slot: -slot.used):
                if not slot.busy:
                    self._save(engine, slot, hurry)
        except Cancelled:
            log.info("not all states could be saved in time")
        finally:
            timer.cancel()
            timer.join()

    def forget(self, prefix: Id) -> None:
        """A conversation was deleted: nothing of it stays."""
        with self._lock:
            self._forgotten.add(prefix)  # a slot may still hold it, or even be answering it
        self._shelf.forget(prefix)

    def _bring_back(self, engine: Engine, slot: Slot, wanted: Content, cancel: CancelToken) -> None:
        best = self._shelf.best(engine.key, wanted.chain)
        there = shared_blocks(slot.content.chain, wanted.chain) if slot.content is not None else 0
        if best is None or best[1] < max(LEAST_BLOCKS, there + 1):
            return
        label, _blocks = best
        try:
            ask_slot(engine.endpoint, slot.number, "restore", label.file_name, cancel)
        except EngineError as error:  # of another build after all, or damaged: it is read again as ever
            log.info("a state could not be brought back: %s", error.message)
            self._shelf.drop(label.file_name)
            slot.content = None
            return
        self._shelf.used(label)

    def _save(self, engine: Engine, slot: Slot, cancel: CancelToken) -> None:
        content = slot.content
        if content is None or content.saved or content.tokens < LEAST_TOKENS or content.prefix in self._forgotten:
            return
        if not self._shelf.room_for(_state_bytes(engine.plan, content.tokens)):
            return
        draft = self._shelf.draft()
        try:
            answer = ask_slot(engine.endpoint, slot.number, "save", draft, cancel)
        except (EngineError, Cancelled) as error:
            self._shelf.drop(draft)
            if isinstance(error, Cancelled):
                raise
            log.info("a state could not be saved: %s", error.message)
            return
        # Another process may have used this slot since: then it holds something else, and is not ours to keep.
        if abs(int(answer.get("n_saved", 0)) - content.tokens) > 2:
            self._shelf.drop(draft)
            return
        self._shelf.keep(draft, Label(engine.key, content.prefix, content.chain, content.tokens))
        slot.content = replace(content, saved=True)


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine whose slots can be kept. ``key``: what must be the same for a state to be of use."""

    endpoint: Endpoint
    plan: LaunchPlan
    build: str

    @property
    def key(self) -> str:
        return engine_key(self.plan, self.build)


def engine_key(plan: LaunchPlan, build: str) -> str:
    """See `Engine`."""
    try:
        status = plan.model_path.stat()
        version = f"{status.st_size}-{status.st_mtime_ns}"
    except OSError:
        version = "gone"
    template = str((plan.options or {}).get("chat_template", ""))
    template = hashlib.sha256(template.encode()).hexdigest()[:16] if template else ""
    return "|".join((str(plan.model_path), version, build, plan.cache_type, str(plan.projector_path or ""), template))


def ask_slot(endpoint: Endpoint, number: int, action: str, file_name: str, cancel: CancelToken) -> Mapping[str, Any]:
    """Have the engine save or restore a slot. ``file_name``: bare, in its state folder. Raises `EngineError`."""
    import json

    from workbench.engine.asking.calling import FAILURES, OK, call  # what it takes is wanted with an engine only

    path = f"/slots/{number}?action={action}"
    try:
        with call(endpoint, "POST", path, cancel, seconds=CALL_SECONDS, body={"filename": file_name}) as found:
            body, status = found.read(MAX_ANSWER_BYTES), found.status
        answer = json.loads(body) if status == OK else None
    except (*FAILURES, ValueError) as error:
        raise EngineError(f"The engine did not {action} a slot.", detail=str(error)) from error
    if status != OK:
        raise EngineError(f"The engine did not {action} a slot.", detail=body[:500].decode("utf-8", "replace"))
    return answer if isinstance(answer, dict) else {}


def _tokens(finished: Finished) -> int:
    return (finished.usage.prompt_tokens or 0) + (finished.usage.completion_tokens or 0)


def _place(endpoint: Endpoint) -> str:
    return str(endpoint.socket_path or endpoint.base_url)


def _state_bytes(plan: LaunchPlan, tokens: int) -> int:
    """What a state will take: as the cache of these tokens does."""
    request = Request(tokens, 1, KvType(plan.cache_type), plan.batch_tokens)
    return cache_bytes(from_header(read_header(plan.model_path)), request)
