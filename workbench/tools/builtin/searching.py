"""The tools that search something of the person's: one way to do it, whatever is searched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.cancel import CancelToken
from workbench.errors import ToolError
from workbench.messages import Passage
from workbench.tools.builtin.found import MOST_PASSAGES, Found, outcome
from workbench.tools.tool import Call, Harm, Outcome, Place, ToolSpec

Find = Callable[[str, Place, int, CancelToken], Found]
"""Finds so many passages in what may be searched there. Raises `WorkbenchError`, `Cancelled`."""
There = Callable[[Place], bool]
"""Whether there is anything to search. Quick."""


@dataclass(frozen=True, slots=True)
class Searching:
    """A built-in tool. ``telling`` and ``nothing``: what is told while it searches, and where nothing was found, with the
    query at ``{query}``; ``head``: what stands above a passage's text."""

    spec: ToolSpec
    find: Find
    there: There
    telling: str
    nothing: str
    head: Callable[[Passage], str]

    def is_there(self, place: Place) -> bool:
        return self.there(place)

    def call(self, arguments: Mapping[str, Any], call: Call) -> Outcome:
        """Raises `ToolError`, `Cancelled`."""
        query = _searched(arguments)
        call.tell(self.telling.replace("{query}", query))
        found = self.find(query, call.place, MOST_PASSAGES, call.cancel)
        return outcome(found, call, self.head, self.nothing.replace("{query}", query))


def spec_of(name: str, title: str, description: str, query: str) -> ToolSpec:
    """Of a tool that is called with a query, which ``query`` describes."""
    parameters = {
        "type": "object",
        "properties": {"query": {"type": "string", "description": query}},
        "required": ["query"],
    }
    return ToolSpec(name, title, description, parameters, Harm.READ)


def _searched(arguments: Mapping[str, Any]) -> str:
    """What is searched for, on one line. Raises `ToolError` for nothing."""
    query = " ".join(str(arguments.get("query", "")).split())[:500]
    if not query:
        raise ToolError("There is nothing to search for: write what to find as `query`.")
    return query
