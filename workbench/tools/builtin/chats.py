"""The tool that searches what was said in earlier chats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from workbench.messages import Passage
from workbench.tools.builtin.documents import Find, searched
from workbench.tools.builtin.found import MOST_PASSAGES, outcome
from workbench.tools.tool import Call, Harm, Outcome, Place, ToolSpec

SEARCH_CHATS: Final = ToolSpec(
    "search_chats",
    "Search my past chats",
    "Search the user's earlier chats with you. Returns numbered passages; cite them as [1].",
    {
        "type": "object",
        "properties": {"query": {"type": "string", "description": "a few words that were said"}},
        "required": ["query"],
    },
    Harm.READ,
)


class SearchChats:
    """``there``: whether there are chats to search. Quick."""

    spec = SEARCH_CHATS

    def __init__(self, find: Find, there: Callable[[Place], bool]) -> None:
        self._find = find
        self._there = there

    def is_there(self, place: Place) -> bool:
        return self._there(place)

    def call(self, arguments: Mapping[str, Any], call: Call) -> Outcome:
        """Raises `ToolError`, `Cancelled`."""
        query = searched(arguments)
        call.tell(f"Searching your chats for “{query}”…")
        found = self._find(query, call.place, MOST_PASSAGES, call.cancel)
        return outcome(found, call, _head, f"No earlier chat has “{query}”. Fewer or other words may find more.")


def _head(passage: Passage) -> str:
    """ "Trip to Rome, you said on 2026-03-01"."""
    said = f"{passage.label} {_day(passage.at)}" if passage.at is not None else passage.label
    return f"{passage.context}, {said}"


def _day(at: float) -> str:
    return f"on {datetime.fromtimestamp(at, UTC).astimezone():%Y-%m-%d}"
