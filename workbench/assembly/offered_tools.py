"""The tools as answers have them. Nothing of them is made before an answer asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from workbench.assembly.foundation import Foundation
from workbench.chat.tooling.port import Limits

if TYPE_CHECKING:
    from workbench.tools.desk import ToolDesk
    from workbench.tools.tool import Call, Outcome, Place, ToolSpec


class OfferedTools:
    """`TurnTools` over a desk that is made when an answer first asks for one."""

    def __init__(self, desk: Callable[[], ToolDesk], base: Foundation) -> None:
        self._desk = desk
        self._base = base

    def offered(self, place: Place, names: tuple[str, ...] | None, model: str) -> tuple[ToolSpec, ...]:
        """See `TurnTools.offered`."""
        return () if names == () else self._desk().offered(place, names, model)

    def there(self, place: Place) -> tuple[ToolSpec, ...]:
        """See `TurnTools.there`."""
        return tuple(one.spec for one in self._desk().list(place) if one.enabled)

    def read(self, spec: ToolSpec, written: str) -> Mapping[str, Any]:
        """See `TurnTools.read`."""
        return self._desk().read(spec, written)

    def call(self, spec: ToolSpec, arguments: Mapping[str, Any], call: Call) -> Outcome:
        """See `TurnTools.call`."""
        return self._desk().call(spec, arguments, call)

    def limits(self) -> Limits:
        """See `TurnTools.limits`."""
        tools = self._base.settings().tools
        return Limits(tools.most_calls, float(tools.most_seconds))
