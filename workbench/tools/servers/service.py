"""Servers of tools: added or imported, agreed to, started when one of their tools is called, and what they offer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.consents.consent import Consent, Consents
from workbench.errors import RefusedError, StorageError, ToolError, UsageError
from workbench.events import Bus, Topic
from workbench.paths import Paths
from workbench.ports import Clock, Secrets
from workbench.tools.servers import agreeing, logs, results
from workbench.tools.servers.agreeing import NotAgreedError
from workbench.tools.servers.definition import Definition, Server, check_name, checked
from workbench.tools.servers.island import Island
from workbench.tools.servers.keys import without_keys
from workbench.tools.servers.launching import missing_secrets, secret_account
from workbench.tools.servers.limits import USUAL, Limits
from workbench.tools.servers.offer import Added, Offer
from workbench.tools.servers.offered import OfferedTool, called, merged, read_tool, spec
from workbench.tools.servers.running import Runs
from workbench.tools.servers.store import ServerStore
from workbench.tools.tool import Call, Outcome, Place, ToolSpec

if TYPE_CHECKING:
    from workbench.tools.servers.connection import Listing
    from workbench.tools.servers.importing import Import, Imported

_LOG_BYTES = 64 << 10


class ToolServers:
    """`ToolSource`. Any thread. What starts or asks a server blocks and takes a token. Publishes `Topic.TOOLS`."""

    def __init__(
        self,
        store: ServerStore,
        consents: Consents,
        secrets: Secrets,
        paths: Paths,
        clock: Clock,
        bus: Bus,
        limits: Limits = USUAL,
    ) -> None:
        self._store = store
        self._consents = consents
        self._secrets = secrets
        self._paths = paths
        self._clock = clock
        self._bus = bus
        self._runs = Runs(Island(), secrets, clock, self._log, limits, self._listed, self._changed)

    # What there is ----------------------------------------------------------------------------------------------------

    def list(self) -> tuple[Offer, ...]:
        """By name."""
        return tuple(self._offer(server) for server in self._store.all())

    def get(self, name: str) -> Offer:
        """Raises `UsageError`."""
        return self._offer(self._server(name))

    def missing_keys(self, name: str) -> tuple[str, ...]:
        """Names of keys that the server needs and nobody has given. Raises `UsageError`, `StorageError`."""
        return missing_secrets(self._server(name), self._secrets)

    def log(self, name: str, most_bytes: int = _LOG_BYTES) -> str:
        """The end of what a program said on standard error, in whichever process it ran. Raises `UsageError`."""
        return logs.end_of(self._log(self._server(name)), most_bytes)

    # Adding and removing ----------------------------------------------------------------------------------------------

    def add(self, name: str, definition: Definition, secret_names: Iterable[str] = ()) -> Added:
        """Remember it; nothing is started. What looks like a key, and the variables and headers named in
        ``secret_names``, go to the keychain. Raises `UsageError`, `RefusedError`, `StorageError`."""
        clean, keys = without_keys(checked(definition), secret_names)
        server = Server(
            uuid.uuid4().hex, check_name(name), clean, enabled=False, agreed="", created_at=self._clock.now()
        )
        self._store.add([server])
        notes = self._keep_keys(server, keys)
        self._bus.publish(Topic.TOOLS)
        return Added(server, tuple(keys), notes)

    def change(self, name: str, definition: Definition, secret_names: Iterable[str] = ()) -> Added:
        """Define it anew: it ends, and a person is asked again before it starts. Keys that it needs no more, or that
        another address would get, are forgotten; that a tool only reads was not said of another program or address. Raises
        as `add`, `UsageError` for one that is not there."""
        server = self._server(name)
        clean, keys = without_keys(checked(definition), secret_names)
        now = replace(server, definition=clean)
        if _is_another(server.definition, clean):
            self._store.save_tools(server.id, [replace(tool, reads=False) for tool in self._store.tools(server.id)])
        self._store.save(now)
        self._runs.stop(server.id)
        self._withdraw(server)
        notes = self._keep_keys(now, keys)
        self._bus.publish(Topic.TOOLS)
        for account in _accounts(server) - _accounts(now):
            self._secrets.delete(account)
        return Added(now, tuple(keys), notes)

    def read_import(self, path: Path) -> Import:
        """What a file of another program names; nothing is kept or started. Names that are taken are told. Raises
        `UsageError`."""
        from workbench.tools.servers.importing import read_file, renamed

        return renamed(read_file(path), {server.name.lower() for server in self._store.all()})

    def add_imported(self, imported: Iterable[Imported]) -> tuple[Added, ...]:
        """All of them, or none where a name is taken. They are off. Raises as `add`."""
        servers = [
            (one, Server(uuid.uuid4().hex, check_name(one.name), checked(one.definition), False, "", self._clock.now()))  # noqa: FBT003
            for one in imported
        ]
        self._store.add([server for _one, server in servers])
        added = tuple(
            Added(server, tuple(one.keys), (*one.notes, *self._keep_keys(server, one.keys))) for one, server in servers
        )
        self._bus.publish(Topic.TOOLS)
        return added

    def give_key(self, name: str, key_name: str, key: str) -> str:
        """Keep a key that the definition refers to. Returns why it is kept for now only, or nothing.

        Raises `UsageError`.
        """
        server = self._server(name)
        if key_name not in server.definition.secrets:
            known = ", ".join(server.definition.secrets) or "none"
            raise UsageError(f"{server.name} has no key called {key_name!r}.", hint=f"Its keys: {known}.")
        if not key.strip():
            raise UsageError("That is no key.", hint="It is read from standard input.")
        self._runs.stop(server.id)
        return self._secrets.set(secret_account(server, key_name), key.strip())

    def remove(self, name: str) -> Server:
        """End and forget it, with its keys and its log.

        Raises `UsageError`; `StorageError` when the keychain may still have a key: it is forgotten all the same.
        """
        server = self._server(name)
        self._runs.stop(server.id)
        self._store.forget(server.id)
        self._withdraw(server)
        self._bus.publish(Topic.TOOLS)
        logs.forget(self._log(server))
        for account in _accounts(server):
            self._secrets.delete(account)
        return server

    # Starting and ending ----------------------------------------------------------------------------------------------

    def asked(self, name: str) -> Consent | None:
        """What a person is to be asked before this server starts; None when they have agreed. Raises `UsageError`."""
        server = self._server(name)
        if self._is_agreed(server):
            return None
        return self._consents.ask(agreeing.question(server, was_agreed=bool(server.agreed)))

    def start(self, name: str, cancel: CancelToken) -> Offer:
        """Offer its tools from now on, and hear what they are. Raises `NotAgreedError` while nobody has agreed, `ToolError`
        for a server that does not work, `UsageError`, `StorageError`, `Cancelled`."""
        server = self._agreed(self._server(name))
        if not server.enabled:
            server = replace(server, enabled=True)
            self._store.save(server)
            self._bus.publish(Topic.TOOLS)
        self._runs.ensure(server, cancel, by_person=True)
        return self._offer(server)

    def restart(self, name: str, cancel: CancelToken) -> Offer:
        """End it and start it anew. Raises as `start`."""
        self._runs.stop(self._server(name).id)
        return self.start(name, cancel)

    def stop(self, name: str) -> Server:
        """Offer none of its tools any more, and end it: other processes of this home do so when they look again. Raises
        `UsageError`."""
        server = replace(self._server(name), enabled=False)
        self._store.save(server)
        self._runs.stop(server.id)
        self._bus.publish(Topic.TOOLS)
        return server

    def look_again(self) -> None:
        """Another process may have changed something: what was switched off or removed ends here too. Does not wait."""
        running = self._runs.running()
        if running:
            wanted = {server.id for server in self._store.all() if server.enabled and server.is_agreed}
            for server_id in set(running) - wanted:
                self._runs.stop(server_id, wait=False)

    def close(self) -> None:
        """End all of them. Safe to call twice."""
        self._runs.close()

    # Their tools ------------------------------------------------------------------------------------------------------

    def switch_tool(self, name: str, tool: str, *, enabled: bool, reads: bool | None = None) -> OfferedTool:
        """Offer this one or not. ``reads``: the person says that it changes nothing, so that it need not ask each time.

        What was noted of a change has been seen thereby. Raises `UsageError`.
        """
        server = self._server(name)
        tools = self._store.tools(server.id)
        found = next((one for one in tools if tool in (one.name, called(server.name, one.name))), None)
        if found is None:
            raise UsageError(
                f"{server.name} has no tool called {tool!r}.", hint=f"`workbench tools servers show {server.name}`"
            )
        if enabled and not found.usable:
            raise UsageError(f"{found.name} of {server.name} cannot be used. {found.note}", hint="Ask who made it.")
        chosen = replace(found, enabled=enabled, reads=found.reads if reads is None else reads, note="")
        self._store.save_tools(server.id, [chosen if one is found else one for one in tools])
        self._bus.publish(Topic.TOOLS)
        return chosen

    def specs(self, place: Place) -> tuple[ToolSpec, ...]:  # noqa: ARG002 - they are the same everywhere
        servers = {server.id: server for server in self._store.all() if server.is_agreed}
        return tuple(spec(servers[key], tool) for key, tool in self._store.offered() if key in servers)

    def call(self, name: str, arguments: Mapping[str, Any], call: Call) -> Outcome:
        server, tool = self._offered(name)
        try:
            connection = self._runs.ensure(server, call.cancel)
            self._check_unchanged(server, tool)
            result = self._runs.call(server, connection, tool.name, arguments, call.cancel, call.tell)
        except (StorageError, RefusedError, UsageError) as error:
            raise ToolError(error.message, hint=error.hint) from error
        said = results.words(result)
        if results.failed(result):
            raise ToolError(f"{server.name} could not do it: {said[:2_000]}")
        return Outcome(said, untrusted=True)

    # Within -----------------------------------------------------------------------------------------------------------

    def _server(self, name: str) -> Server:
        for server in self._store.all():
            if server.name.lower() == name.lower():
                return server
        raise UsageError(
            f"There is no server of tools called {name[:60]!r}.", hint="`workbench tools servers list` names them."
        )

    def _offer(self, server: Server) -> Offer:
        return Offer(server, self._store.tools(server.id), self._runs.health(server))

    def _offered(self, name: str) -> tuple[Server, OfferedTool]:
        """By the name that a model calls. Raises `ToolError`."""
        servers = {server.id: server for server in self._store.all()}
        for key, tool in self._store.offered():
            if key in servers and called(servers[key].name, tool.name) == name:
                if not servers[key].is_agreed:
                    raise ToolError(f"{servers[key].name} is defined differently now: nobody has agreed to that yet.")
                return servers[key], tool
        raise ToolError(f"There is no tool called {name[:80]!r} any more: it was switched off or removed.")

    def _check_unchanged(self, server: Server, tool: OfferedTool) -> None:
        """What was heard of the server when it was made ready may have switched the tool off."""
        now = next((one for one in self._store.tools(server.id) if one.name == tool.name), None)
        if now is None or not now.enabled or now.fingerprint != tool.fingerprint:
            raise ToolError(
                f"{server.name} describes {tool.name} differently now: it is off until you have looked at it."
            )

    def _is_agreed(self, server: Server) -> bool:
        return server.is_agreed or agreeing.answered(self._consents, server)

    def _agreed(self, server: Server) -> Server:
        """The same, with what was agreed kept. Raises `NotAgreedError`."""
        if server.is_agreed:
            return server
        if not agreeing.answered(self._consents, server):
            consent = self._consents.ask(agreeing.question(server, was_agreed=bool(server.agreed)))
            raise NotAgreedError(server, consent)
        server = replace(server, agreed=server.definition.hash)
        self._store.save(server)
        return server

    def _listed(self, server: Server, listing: Listing) -> None:
        before = self._store.tools(server.id)
        told = [read_tool(raw) for raw in listing.tools]
        now = merged(before, told, first=not before)
        if now != before:
            self._store.save_tools(server.id, now)
            self._bus.publish(Topic.TOOLS)

    def _keep_keys(self, server: Server, keys: Mapping[str, str]) -> tuple[str, ...]:
        notes = (self._secrets.set(secret_account(server, name), key) for name, key in keys.items())
        return tuple(dict.fromkeys(note for note in notes if note))

    def _log(self, server: Server) -> Path:
        return self._paths.logs / f"tools-{server.name}.log"

    def _withdraw(self, server: Server) -> None:
        """Nobody needs to answer any more whether this definition may be started."""
        for consent in self._consents.list():
            if consent.question.subject == agreeing.subject(server):
                self._consents.refuse(consent.id)

    def _changed(self) -> None:
        self._bus.publish(Topic.TOOLS)


def _is_another(before: Definition, now: Definition) -> bool:
    """Not the same program with other arguments, nor another path of the same address."""
    return (before.command, before.origin) != (now.command, now.origin)


def _accounts(server: Server) -> set[str]:
    """Where its keys are kept."""
    return {secret_account(server, name) for name in server.definition.secrets}
