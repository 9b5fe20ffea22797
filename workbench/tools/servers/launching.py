"""From a definition to what is started or reached: its keys and references filled in."""

from __future__ import annotations

import os
from pathlib import Path

from workbench.errors import ToolError
from workbench.ports import Secrets
from workbench.secrets import account
from workbench.tools.servers.child import Launch
from workbench.tools.servers.definition import Definition, Server, checked


def secret_account(server: Server, name: str) -> str:
    """Where a key of this server is kept: bound to the host, so that it goes to no other when the address changes."""
    return account(f"tools-{server.id}-{name}", server.definition.origin)


def missing_secrets(server: Server, secrets: Secrets) -> tuple[str, ...]:
    """Names of keys that it refers to and nobody has given. Raises `StorageError`."""
    return tuple(name for name in server.definition.secrets if not secrets.get(secret_account(server, name)))


def filled(server: Server, secrets: Secrets) -> Definition:
    """Raises `ToolError` for a reference to what is not known here, `UsageError` and `RefusedError` as `checked`."""

    def value(kind: str, name: str) -> str:
        if kind == "secret":
            found = secrets.get(secret_account(server, name))
            if not found:
                raise ToolError(
                    f"{server.name} needs a key that was not given: {name}.",
                    hint=f"workbench tools servers key {server.name} {name}",
                )
            return found
        if kind == "env" and name in os.environ:
            return os.environ[name]
        if kind == "userHome":
            return str(Path.home())
        said = f"${{{kind}:{name}}}" if name else f"${{{kind}}}"
        raise ToolError(
            f"{server.name} refers to {said}, which is not known here.", hint="Add it again with what belongs there."
        )

    return checked(server.definition.filled(value))


def launch_of(definition: Definition) -> Launch | None:
    """None for an address."""
    if not definition.is_program:
        return None
    folder = Path(os.path.expanduser(definition.folder)) if definition.folder else Path.home()  # noqa: PTH111 - also of nobody
    return Launch(
        os.path.expanduser(definition.command),  # noqa: PTH111 - a word, not always a path
        definition.arguments,
        dict(definition.environment),
        folder,
    )
