"""Where what an engine has read may be kept and brought back: around each answer, and before the engine ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from workbench.cancel import CancelToken
    from workbench.engine.connection import Connection
    from workbench.messages import ChatRequest, Finished, Id


class StateKeeper(Protocol):
    """Every method is called in the thread of the request, and must be quick: a person waits."""

    def before(self, connection: Connection, request: ChatRequest, cancel: CancelToken) -> Mapping[str, Any]:
        """Fields to add to the body that is sent, such as ``id_slot``."""
        ...

    def after(
        self, connection: Connection, request: ChatRequest, fields: Mapping[str, Any], finished: Finished | None
    ) -> None:
        """An answer has ended; ``finished`` None: it broke off, was stopped, or made way. ``fields``: as `before` gave."""
        ...

    def has(self, connection: Connection, prefix: Id) -> bool:
        """Whether what was read under this name lies on the disk."""
        ...

    def keep(self, connection: Connection, prefix: Id, cancel: CancelToken) -> bool:
        """Keep what was just read under this name, and nothing else of it; False when it is not worth it, or cannot be."""
        ...

    def give_back(self, connection: Connection, prefix: Id, cancel: CancelToken) -> None:
        """What was read under this name is not needed any more: whoever was there before has the place again."""
        ...

    def note(self, connection: Connection, prefix: Id, cold_seconds: float, warm_seconds: float) -> None:
        """How long the first token takes without what is kept, and with it."""
        ...

    def leaving(self, connection: Connection) -> None:
        """The engine will be ended, and nobody is asking it anything."""
        ...


class NoStates:
    """Keeps nothing."""

    def before(self, _connection: Connection, _request: ChatRequest, _cancel: CancelToken) -> Mapping[str, Any]:
        return {}

    def after(
        self,
        _connection: Connection,
        _request: ChatRequest,
        _fields: Mapping[str, Any],
        _finished: Finished | None,
    ) -> None:
        """Nothing to keep."""

    def has(self, _connection: Connection, _prefix: Id) -> bool:
        return False

    def keep(self, _connection: Connection, _prefix: Id, _cancel: CancelToken) -> bool:
        return False

    def give_back(self, _connection: Connection, _prefix: Id, _cancel: CancelToken) -> None:
        """Nothing to give."""

    def note(self, _connection: Connection, _prefix: Id, _cold_seconds: float, _warm_seconds: float) -> None:
        """Nothing is kept."""

    def leaving(self, _connection: Connection) -> None:
        """Nothing to keep."""
