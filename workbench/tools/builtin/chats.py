"""The tool that searches what was said in earlier chats."""

from __future__ import annotations

from datetime import UTC, datetime

from workbench.messages import Passage
from workbench.tools.builtin.searching import Find, Searching, There, spec_of


def search_chats(find: Find, there: There) -> Searching:
    spec = spec_of(
        "search_chats",
        "Search my past chats",
        "Search the user's earlier chats with you. Returns numbered passages; cite them as [1].",
        "a few words that were said",
    )
    telling = "Searching your chats for “{query}”…"
    return Searching(
        spec, find, there, telling, "No earlier chat has “{query}”. Fewer or other words may find more.", _head
    )


def _head(passage: Passage) -> str:
    """ "Trip to Rome, you said on 2026-03-01"."""
    said = f"{passage.label} {_day(passage.at)}" if passage.at is not None else passage.label
    return f"{passage.context}, {said}"


def _day(at: float) -> str:
    return f"on {datetime.fromtimestamp(at, UTC).astimezone():%Y-%m-%d}"
