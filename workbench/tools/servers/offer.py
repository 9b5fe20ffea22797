"""A server of tools as a person sees it: what it offers, and how it is. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workbench.tools.servers.definition import Server
from workbench.tools.servers.offered import OfferedTool


class State(StrEnum):
    """Of a server's process or connection, as far as this process knows."""

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Health:
    """Of a server in this process. ``words``: why it failed, or what it calls itself. ``failures``: in a row; ``retry_at``:
    by the clock that never jumps, before which it is not tried again by itself."""

    state: State = State.STOPPED
    words: str = ""
    failures: int = 0
    retry_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Added:
    """``secrets``: names of the keys that went to the keychain. ``notes``: sentences, such as that there is none."""

    server: Server
    secrets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of keys that nobody has given yet."""
        return tuple(name for name in self.server.definition.secrets if name not in self.secrets)


@dataclass(frozen=True, slots=True)
class Offer:
    """A server with what it offers, as far as it is known. ``health``: in this process."""

    server: Server
    tools: tuple[OfferedTool, ...]
    health: Health

    @property
    def enabled_tools(self) -> tuple[OfferedTool, ...]:
        return tuple(tool for tool in self.tools if tool.enabled)
