"""What an answer needs of tools: which there are, what a call's arguments say, and the call itself. Filled by assembly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from workbench.errors import ToolError
from workbench.messages import Tool
from workbench.tools.tool import Call, Outcome, Place, ToolSpec


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one answer, however often it is gone on with. ``most_seconds``: of all calls together; ``call_seconds``: of one
    call."""

    most_calls: int = 12
    most_seconds: float = 300.0
    call_seconds: float = 60.0


class TurnTools(Protocol):
    """Any thread."""

    def offered(self, place: Place, names: tuple[str, ...] | None, model: str) -> tuple[ToolSpec, ...]:
        """Those that this turn's model may call, in a steady order: the request's beginning stays the same. ``names``: as
        the chat says, None: as the settings say. None for a model that cannot use them. Quick: reaches nothing."""
        ...

    def there(self, place: Place) -> tuple[ToolSpec, ...]:
        """All that can be called there and are not switched off, whoever calls. Quick: reaches nothing."""
        ...

    def read(self, spec: ToolSpec, written: str) -> Mapping[str, Any]:
        """The arguments, from the JSON text that a model wrote. Raises `ToolError` where they are broken, or do not match
        the schema: its message tells the model how to write them."""
        ...

    def call(self, spec: ToolSpec, arguments: Mapping[str, Any], call: Call) -> Outcome:
        """``arguments`` as `read` gave them, or as a person changed them. Raises `ToolError`, `Cancelled`."""
        ...

    def limits(self) -> Limits:
        """As the settings say now."""
        ...


class NoTools:
    """`TurnTools` where there are none."""

    def offered(self, place: Place, names: tuple[str, ...] | None, model: str) -> tuple[ToolSpec, ...]:  # noqa: ARG002
        return ()

    def there(self, place: Place) -> tuple[ToolSpec, ...]:  # noqa: ARG002
        return ()

    def read(self, spec: ToolSpec, written: str) -> Mapping[str, Any]:  # noqa: ARG002
        raise ToolError(f"There is no tool {spec.name!r}.")

    def call(self, spec: ToolSpec, arguments: Mapping[str, Any], call: Call) -> Outcome:  # noqa: ARG002
        raise ToolError(f"There is no tool {spec.name!r}.")

    def limits(self) -> Limits:
        return Limits()


NO_TOOLS: TurnTools = NoTools()


def as_offered(specs: tuple[ToolSpec, ...]) -> tuple[Tool, ...]:
    """As a request has them."""
    return tuple(spec.offered for spec in specs)
