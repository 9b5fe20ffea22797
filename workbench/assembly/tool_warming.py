"""Which tools may soon be used here, so that what they import is there. Made when the window asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workbench.assembly.foundation import Foundation
from workbench.errors import WorkbenchError
from workbench.settings import Settings
from workbench.tools.servers.definition import Server
from workbench.tools.servers.store import ServerStore
from workbench.tools.warming import SERVERS, UNITS, ToolWarming

CALCULATE = "calculate"


def build_tool_warming(
    base: Foundation, capable: Callable[[str], bool | None], busy: Callable[[], bool]
) -> ToolWarming:
    """``capable``: whether a model is offered tools by itself."""
    return ToolWarming(lambda: wanted(base.settings(), capable, ServerStore(base.database).all()), busy)


def wanted(settings: Settings, capable: Callable[[str], bool | None], servers: Sequence[Server]) -> tuple[str, ...]:
    """Modules, in the order in which they are soonest missed."""
    starts = any(one.enabled and one.is_agreed for one in servers)
    return (*(UNITS if _calculates(settings, capable) else ()), *(SERVERS if starts else ()))


def _calculates(settings: Settings, capable: Callable[[str], bool | None]) -> bool:
    """Whether chats that begin now are offered the calculator."""
    if settings.tools.in_chats == "off" or CALCULATE in settings.tools.off.split():
        return False
    try:
        return capable(settings.chat.model) is True
    except WorkbenchError:  # a model that is not here
        return False
