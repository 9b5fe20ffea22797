"""What the list of the library shows: which prompts, in which order. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from workbench.messages import Id
from workbench.ordering import natural_key
from workbench.prompts.prompt import SavedPrompt


class Sort(StrEnum):
    TITLE = "title"
    LAST_USED = "last_used"
    MOST_USED = "most_used"


@dataclass(frozen=True, slots=True)
class LibraryState:
    """``prompts``: all of the library; None: not read yet. ``found``: those that ``words`` mean, best first; None while
    nothing is searched for. ``drafts``: ids of those with changes that are no version yet. ``gains``: in words,
    what it brings that a favourite is kept warm. ``told``: of the prompts' files, what a person should know."""

    prompts: tuple[SavedPrompt, ...] | None = None
    found: tuple[SavedPrompt, ...] | None = None
    words: str = ""
    tag: str = ""
    sort: Sort = Sort.TITLE
    drafts: frozenset[Id] = field(default_factory=frozenset)
    gains: Mapping[Id, str] = field(default_factory=dict)
    told: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[SavedPrompt, ...]:
        """What is found keeps the order of the search; all others are sorted, favourites first."""
        if self.found is not None:
            return tuple(one for one in self.found if _has(one, self.tag))
        return arranged([one for one in self.prompts or () if _has(one, self.tag)], self.sort)

    @property
    def tags(self) -> tuple[tuple[str, int], ...]:
        """Every tag with how many prompts have it, the most frequent first."""
        counts = Counter(tag for one in self.prompts or () for tag in one.prompt.tags)
        return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], natural_key(pair[0]))))


def arranged(prompts: Sequence[SavedPrompt], sort: Sort) -> tuple[SavedPrompt, ...]:
    """In this order; a favourite stands before all that are none."""
    by_title = sorted(prompts, key=lambda one: natural_key(one.prompt.title))
    if sort is Sort.LAST_USED:
        by_title.sort(key=lambda one: -(one.last_used_at or 0.0))
    elif sort is Sort.MOST_USED:
        by_title.sort(key=lambda one: -one.uses)
    return tuple(sorted(by_title, key=lambda one: not one.favourite))


def _has(one: SavedPrompt, tag: str) -> bool:
    return not tag or tag in one.prompt.tags
