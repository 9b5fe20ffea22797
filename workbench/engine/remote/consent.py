"""What a person agrees to before another machine is asked anything. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbench.engine.remote.address import Address, is_near, is_private, parse
from workbench.errors import UsageError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_IP = re.compile(r"[0-9.]+|.*:.*")


@dataclass(frozen=True, slots=True)
class Consent:
    """``sentences`` name host and port and what goes there. To be shown before `RemoteServers.add` is called with it."""

    name: str
    address: Address
    mine: bool
    has_key: bool

    @property
    def question(self) -> str:
        return f"Let {self.address.destination} answer?"

    @property
    def sentences(self) -> tuple[str, ...]:
        where = "this computer, but another program" if _is_this_machine(self.address.host) else "another machine"
        told = [
            f"{self.address.destination} is {where}. It is asked now which models it has.",
            "When you choose one of its models, it is sent what you write, the chat so far and your instructions.",
            "It may keep what it is sent. It is never chosen by itself, and its answers bear its name.",
        ]
        if self.has_key:
            told.append(
                f"Your key goes to {self.address.origin} and nowhere else; it is kept in your system's keychain."
            )
        told.append(
            "You say that this machine is yours: private documents may go there too."
            if self.mine
            else "It is not marked as yours: private documents never go there."
        )
        if self.address.scheme == "http" and not _is_this_machine(self.address.host):
            told.append("The connection is not encrypted: others on the same network could read along.")
        return tuple(told)


def make_consent(url: str, *, name: str = "", mine: bool = False, has_key: bool = False) -> Consent:
    """For what was typed. Nothing is sent and no name is looked up. Raises `UsageError`, `RefusedError`."""
    address = parse(url)
    name = name.strip() or _name_of(address)
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is no name for a server.",
            hint="Letters, digits, dots and hyphens, at most 40: for example studio.",
        )
    return Consent(name, address, mine, has_key)


def _name_of(address: Address) -> str:
    if _IP.fullmatch(address.host):
        return re.sub(r"[^A-Za-z0-9.]+", "-", address.host).strip("-")[:40]
    host = address.host.rstrip(".")
    first = host.split(".", maxsplit=1)[0] if is_near(host) else host
    return first.lstrip("_-")[:40]


def _is_this_machine(host: str) -> bool:
    return host == "localhost" or (is_private(host) and (host.startswith("127.") or host == "::1"))
