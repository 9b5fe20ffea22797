"""The tool that searches the person's document folders."""

from __future__ import annotations

from workbench.messages import Passage
from workbench.tools.builtin.searching import Find, Searching, There, spec_of


def search_documents(find: Find, there: There) -> Searching:
    spec = spec_of(
        "search_documents",
        "Search my documents",
        "Search the user's own files. Returns numbered passages; cite them as [1].",
        "what to find",
    )
    telling = "Searching your documents for “{query}”…"
    return Searching(spec, find, there, telling, "Nothing was found for “{query}”. Other words may find more.", _head)


def _head(passage: Passage) -> str:
    """ "report.pdf, Page 3\\nCosts > 2026"."""
    named = ", ".join(filter(None, (passage.name, passage.label)))
    return "\n".join(filter(None, (named, passage.context)))
