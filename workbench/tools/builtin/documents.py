"""The tool that searches the person's document folders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from workbench.cancel import CancelToken
from workbench.errors import ToolError
from workbench.messages import Passage
from workbench.tools.builtin.found import MOST_PASSAGES, Found, outcome
from workbench.tools.tool import Call, Harm, Outcome, Place, ToolSpec

SEARCH_DOCUMENTS: Final = ToolSpec(
    "search_documents",
    "Search my documents",
    "Search the user's own files. Returns numbered passages; cite them as [1].",
    {
        "type": "object",
        "properties": {"query": {"type": "string", "description": "what to find"}},
        "required": ["query"],
    },
    Harm.READ,
)

Find = Callable[[str, Place, int, CancelToken], Found]
"""Finds so many passages in what may be searched there. Raises `WorkbenchError`, `Cancelled`."""


class SearchDocuments:
    """``there``: whether there is anything to search. Quick."""

    spec = SEARCH_DOCUMENTS

    def __init__(self, find: Find, there: Callable[[Place], bool]) -> None:
        self._find = find
        self._there = there

    def is_there(self, place: Place) -> bool:
        return self._there(place)

    def call(self, arguments: Mapping[str, Any], call: Call) -> Outcome:
        """Raises `ToolError`, `Cancelled`."""
        query = searched(arguments)
        call.tell(f"Searching your documents for “{query}”…")
        found = self._find(query, call.place, MOST_PASSAGES, call.cancel)
        return outcome(found, call, _head, f"Nothing was found for “{query}”. Other words may find more.")


def searched(arguments: Mapping[str, Any]) -> str:
    """What is searched for, on one line. Raises `ToolError` for nothing."""
    query = " ".join(str(arguments.get("query", "")).split())[:500]
    if not query:
        raise ToolError("There is nothing to search for: write what to find as `query`.")
    return query


def _head(passage: Passage) -> str:
    """ "report.pdf, Page 3\\nCosts > 2026"."""
    named = ", ".join(filter(None, (passage.name, passage.label)))
    return "\n".join(filter(None, (named, passage.context)))
