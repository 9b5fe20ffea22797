"""What the Memory page says. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ui.translation import marked, tr
from workbench.memory.memory import Fact
from workbench.messages import Id

ABOUT_HINT: Final = "I am a nurse in Hamburg and write Python in the evening."
HOW_HINT: Final = "Briefly, in British English. Say so where you are not sure."
EMPTY: Final = marked(
    "Nothing yet. What stands here is told in every chat, so that you say it once: “I am allergic to nuts.” "
    "A model with tools may propose something; it is kept only when you accept it."
)
NOT_FOUND: Final = marked("No fact has these words.")
OFF: Final = marked("Nothing of this is told to a model now.")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which facts are in view. ``project_id`` None: with ``everywhere`` all, else those of all chats."""

    words: str = ""
    project_id: Id | None = None
    everywhere: bool = True

    def shows(self, fact: Fact) -> bool:
        words = self.words.casefold().split()
        there = self.everywhere or fact.project_id == self.project_id
        return there and all(word in fact.text.casefold() for word in words)


def where_words(chosen: Filter, projects: Mapping[Id, str]) -> str:
    """What the choice of a project shows."""
    if chosen.everywhere:
        return tr("All facts")
    return tr("For all chats") if chosen.project_id is None else projects.get(chosen.project_id, "")


def told_where(chosen: Filter, projects: Mapping[Id, str]) -> str:
    """What a new fact is for."""
    name = projects.get(chosen.project_id or "")
    return tr("Told in the chats of “{project}” only.").format(project=name) if name else tr("Told in every chat.")


def count_words(shown: Sequence[Fact], facts: Sequence[Fact]) -> str:
    """ "12 facts", "3 of 12 facts"."""
    if len(facts) == 1 == len(shown):
        return tr("1 fact")
    if len(shown) == len(facts):
        return tr("{count} facts").format(count=f"{len(facts):,}")
    return tr("{shown} of {count} facts").format(shown=f"{len(shown):,}", count=f"{len(facts):,}")


def day(fact: Fact) -> str:
    """When it was first kept."""
    return datetime.fromtimestamp(fact.created_at).astimezone().strftime("%Y-%m-%d")
