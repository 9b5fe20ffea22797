"""The servers on other machines: added by a consent, asked when the person wants it, never chosen by themselves."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.cancel import CancelToken
from workbench.engine.remote.consent import Consent
from workbench.engine.remote.server import SEPARATOR, Kind, RemoteModel, Server
from workbench.engine.remote.store import ServerStore
from workbench.errors import ModelError, UsageError
from workbench.events import Bus, Topic
from workbench.ports import Clock, Secrets
from workbench.secrets import account

if TYPE_CHECKING:  # httpx is imported when a server is asked
    from workbench.engine.remote.backend import RemoteBackend
    from workbench.engine.remote.connection import Connection
    from workbench.engine.remote.finding import Found
    from workbench.web.network import Resolve


@dataclass(frozen=True, slots=True)
class Added:
    """``note``: why the key is kept for this session only; empty where it is in the keychain, or where there is none."""

    server: Server
    note: str = ""


class RemoteServers:
    """All methods may be called from any thread; those with a token ask servers and block."""

    def __init__(
        self, store: ServerStore, secrets: Secrets, clock: Clock, bus: Bus, *, resolve: Resolve | None = None
    ) -> None:
        """``resolve``: how a name becomes IP addresses; as the system does when None."""
        self._store = store
        self._secrets = secrets
        self._clock = clock
        self._bus = bus
        self._resolve = resolve

    # Servers ----------------------------------------------------------------------------------------------------------

    def list(self) -> tuple[Server, ...]:
        return self._store.all()

    def get(self, name: str) -> Server:
        """By name, or by address. Raises `UsageError`."""
        for server in self._store.all():
            if name.lower() in (server.name.lower(), server.address.base_url, server.address.destination):
                return server
        raise UsageError(f"There is no server called {name!r}.", hint="`workbench servers list` names them.")

    def add(self, consent: Consent, key: str | None, cancel: CancelToken) -> Added:
        """Ask the server what it is, then remember it. The same address again replaces what was said of it before.

        Raises `UsageError` for a name that another server has, `RefusedError` for http to a public address (before a byte
        is sent), `UnreachableError`, `WrongKeyError` and other `ServerError`; then nothing is kept.
        """
        from workbench.engine.remote.probing import probe

        before = next((one for one in self._store.all() if one.address == consent.address), None)
        self._refuse_taken(consent.name, before)
        key = _clean(key)
        if key is None and before is not None and before.has_key and consent.has_key:
            key = self._secrets.get(_account(before))
        capabilities = probe(self._connection_to(consent, key), cancel)
        now = self._clock.now()
        identity = before.id if before is not None else uuid.uuid4().hex
        server = Server(identity, consent.name, consent.address, consent.mine, key is not None, capabilities, now, now)
        note = self._secrets.set(_account(server), key) if key is not None else ""
        if before is not None and before.has_key and key is None:
            self._secrets.delete(_account(before))
        self._store.save(server)
        self._bus.publish(Topic.SERVERS)
        return Added(server, note)

    def check(self, name: str, cancel: CancelToken, *, model: str | None = None) -> Server:
        """Ask it again what it has. ``model``: also try that model ("" is the first) with three short questions.

        Raises what `add` raises.
        """
        from workbench.engine.remote.probing import probe
        from workbench.engine.remote.trial import try_out

        server = self.get(name)
        capabilities = replace(probe(self._connection(server), cancel), trial=server.capabilities.trial)
        server = replace(server, capabilities=capabilities, checked_at=self._clock.now())
        if model is not None:
            trial = try_out(self._backend(server, self._model_of(server, model), cancel), cancel)
            server = replace(server, capabilities=replace(capabilities, trial=trial))
        self._store.save(server)
        self._bus.publish(Topic.SERVERS)
        return server

    def mark(self, name: str, *, mine: bool) -> Server:
        """Whether it is the person's own, so that private documents may go there."""
        server = replace(self.get(name), mine=mine)
        self._store.save(server)
        self._bus.publish(Topic.SERVERS)
        return server

    def remove(self, name: str) -> Server:
        """Forget it and its key. Raises `UsageError`; `StorageError` when the keychain may still have the key: it is
        forgotten all the same."""
        server = self.get(name)
        self._store.forget(server.id)
        self._bus.publish(Topic.SERVERS)
        others = (one for one in self._store.all() if one.has_key)
        if server.has_key and all(one.address.origin != server.address.origin for one in others):
            self._secrets.delete(_account(server))
        return server

    def find(self, cancel: CancelToken, ports: Mapping[int, str] | None = None) -> tuple[Found, ...]:
        """Other programs' servers on this machine that were not added yet."""
        from workbench.engine.remote.finding import find

        known = {(server.address.host, server.address.port) for server in self._store.all()}
        here = {port for host, port in known if host in ("127.0.0.1", "localhost", "::1")}
        return tuple(one for one in find(cancel, ports) if one.address.port not in here)

    # Models -----------------------------------------------------------------------------------------------------------

    def models(self) -> tuple[tuple[Server, RemoteModel], ...]:
        """Of all servers, as they were when last asked."""
        return tuple((server, model) for server in self._store.all() for model in server.capabilities.models)

    def match(self, name: str) -> tuple[Server, RemoteModel] | None:
        """The model that ``name`` (``qwen3@studio``) names; None where it names no server that was added.

        Raises `ModelError` where the server has no such model.
        """
        model, separator, server_name = name.rpartition(SEPARATOR)
        if not separator:
            return None
        server = next((one for one in self._store.all() if one.name.lower() == server_name.lower()), None)
        return None if server is None else (server, self._model_of(server, model))

    def stranger(self, name: str) -> str:
        """The label of the server that ``name`` leads to when it is not marked as the person's own; "" for all others.

        Raises what `match` raises.
        """
        found = self.match(name)
        return "" if found is None or found[0].mine else found[0].label

    def backend(self, name: str, cancel: CancelToken) -> RemoteBackend:
        """Ready to answer. Raises `ModelError` for a name that `match` does not know, `StorageError` for a key that the
        keychain does not give."""
        found = self.match(name)
        if found is None:
            raise ModelError(f"There is no model called {name!r} on any server.")
        return self._backend(*found, cancel)

    def ready(self, name: str) -> RemoteBackend | None:
        """For measuring what is still being written: it counts here, by an estimate, and sends nothing."""
        from workbench.engine.remote.backend import RemoteBackend

        found = self.match(name)
        if found is None:
            return None
        return RemoteBackend(*found, self._connection_to(found[0], None), counting=False)

    # Pieces -----------------------------------------------------------------------------------------------------------

    def _backend(self, server: Server, model: RemoteModel, cancel: CancelToken) -> RemoteBackend:
        from workbench.engine.remote.backend import RemoteBackend
        from workbench.engine.remote.probing import ollama_context

        connection = self._connection(server)
        if server.capabilities.kind is Kind.OLLAMA:  # it cuts a chat in silence, so what it has now is asked
            model = replace(model, context_tokens=ollama_context(connection, model.id, cancel))
        return RemoteBackend(server, model, connection)

    def _connection(self, server: Server) -> Connection:
        key = None
        if server.has_key:
            key = self._secrets.get(_account(server))
            if key is None:
                raise UsageError(
                    f"The key of {server.name} is not in the keychain of this system any more.",
                    hint="Add the server again with its key: `workbench servers add ADDRESS --key-stdin`.",
                )
        return self._connection_to(server, key)

    def _connection_to(self, server: Server | Consent, key: str | None) -> Connection:
        from workbench.engine.remote.connection import Connection
        from workbench.web.network import look_up

        return Connection(server.address, key, self._resolve or look_up)

    def _model_of(self, server: Server, wanted: str) -> RemoteModel:
        models = server.capabilities.models
        named = [model for model in models if wanted in (model.id, model.name)]
        named = (
            named or [model for model in models if wanted.lower() == model.name.lower()] or list(models[: not wanted])
        )
        if not named:
            raise ModelError(
                f"{server.name} has no model called {wanted!r}." if wanted else f"{server.name} has no models.",
                hint=f"`workbench servers check {server.name}` asks it again which it has.",
            )
        return named[0]

    def _refuse_taken(self, name: str, own: Server | None) -> None:
        for server in self._store.all():
            if server.name.lower() == name.lower() and (own is None or server.id != own.id):
                raise UsageError(
                    f"Another server is called {server.name} already: {server.address.base_url}.",
                    hint="Give this one another name.",
                )


def _account(server: Server) -> str:
    return account("server", server.address.origin)


def _clean(key: str | None) -> str | None:
    """Without what was copied along with it. Raises `UsageError` for what no header can carry."""
    key = (key or "").strip()
    if not key:
        return None
    if not key.isascii() or not key.isprintable() or " " in key:
        raise UsageError("That is no key: it has spaces or special characters in it.", hint="Copy the key once more.")
    return key
