"""Servers of other programs on this machine, looked for when the person asks: on loopback, at the ports they use."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from workbench.cancel import CancelToken
from workbench.engine.remote.address import Address
from workbench.engine.remote.connection import Connection
from workbench.engine.remote.errors import WrongKeyError
from workbench.errors import WorkbenchError

SECONDS = 2.0
PORTS = {
    1234: "lm-studio",
    1337: "jan",
    8000: "vllm",
    8080: "llama-server",
    9931: "llama-server",
    11434: "ollama",
}


@dataclass(frozen=True, slots=True)
class Found:
    """``name``: what such a program is called; ``models``: how many it lists, None where it wants a key first."""

    name: str
    address: Address
    models: int | None


def find(cancel: CancelToken, ports: Mapping[int, str] | None = None) -> tuple[Found, ...]:
    """Those that answer now, by port. Sends one question without a key to each port. Raises `Cancelled`."""
    asked = sorted((PORTS if ports is None else ports).items())
    with ThreadPoolExecutor(len(asked) or 1, thread_name_prefix="workbench-find") as pool:
        found = list(pool.map(lambda place: _look(place[0], place[1], cancel), asked))
    cancel.check()
    return tuple(one for one in found if one is not None)


def _look(port: int, name: str, cancel: CancelToken) -> Found | None:
    address = Address("http", "127.0.0.1", port)
    try:
        listed = Connection(address).ask("/v1/models", cancel, seconds=SECONDS).get("data")
    except WrongKeyError:
        return Found(name, address, None)
    except WorkbenchError:
        return None
    return Found(name, address, len(listed)) if isinstance(listed, list) else None
