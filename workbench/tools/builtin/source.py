"""The tools that come with the program, as one source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from workbench.errors import ToolError
from workbench.tools.tool import Call, Outcome, Place, ToolSpec


class BuiltIn(Protocol):
    """One tool."""

    @property
    def spec(self) -> ToolSpec: ...

    def is_there(self, place: Place) -> bool:
        """Whether it has anything to do there. Quick."""
        ...

    def call(self, arguments: Mapping[str, Any], call: Call) -> Outcome:
        """Raises `ToolError`, `Cancelled`."""
        ...


class BuiltIns:
    """Fills `ToolSource`."""

    def __init__(self, tools: Sequence[BuiltIn]) -> None:
        self._tools = {tool.spec.name: tool for tool in tools}

    def specs(self, place: Place) -> tuple[ToolSpec, ...]:
        """See `ToolSource.specs`."""
        return tuple(tool.spec for tool in self._tools.values() if tool.is_there(place))

    def call(self, name: str, arguments: Mapping[str, Any], call: Call) -> Outcome:
        """See `ToolSource.call`."""
        tool = self._tools.get(name)
        if tool is None or not tool.is_there(call.place):
            raise ToolError(f"There is no tool {name!r} here.")
        return tool.call(arguments, call)
