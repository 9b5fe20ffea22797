"""The prompts that come with the program: offered to an empty library, and never back by themselves."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from workbench.paths import asset
from workbench.prompts import names
from workbench.prompts.files.markdown import read_markdown
from workbench.prompts.library import Prompts
from workbench.prompts.prompt import Origin, Prompt, SavedPrompt
from workbench.prompts.tidy import tidied

STARTERS: Final = (
    "summarise",
    "rewrite",
    "translate",
    "extract-json",
    "explain-code",
    "meeting-notes",
    "reply-to-mail",
    "critique",
    "plan",
    "compare-documents",
)


@lru_cache(1)
def starters() -> tuple[Prompt, ...]:
    return tuple(tidied(read_markdown(asset(f"prompts/{name}.md").read_bytes(), name).prompt) for name in STARTERS)


def missing(library: Prompts) -> tuple[Prompt, ...]:
    """Those that are neither in the library nor in its bin, by their names, and have not been renamed either."""
    kept = (*library.all(), *library.bin())
    there = {names.folded(one.prompt.name) for one in kept}
    begun = {
        names.folded(version.prompt.name)
        for one in kept
        for version in library.history(one.id)
        if version.origin is Origin.STARTER
    }
    return tuple(one for one in starters() if names.folded(one.name) not in there | begun)


def add_starters(library: Prompts) -> tuple[SavedPrompt, ...]:
    """Add what is missing; returns it. Raises `StorageError`."""
    return tuple(library.save(one, origin=Origin.STARTER).prompt for one in missing(library))
