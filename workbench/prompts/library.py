"""The prompt library as people use it: write, find, keep versions, throw away and bring back. The facade of it all; running
prompts is `workbench.prompts.running`, files are `workbench.prompts.files`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from workbench.messages import Id
from workbench.prompts.prompt import Origin, Prompt, SavedPrompt, Version


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a prompt that was saved. ``beside``: somebody else changed it meanwhile, and this is what was written
    here, kept as a prompt of its own beside theirs. ``changed`` False: it was as it is already."""

    prompt: SavedPrompt
    changed: bool = True
    beside: bool = False


class Prompts(Protocol):
    """All methods may be called from any thread. What changes is published as `Topic.PROMPTS`. An id or a slash name is
    accepted where a prompt is asked for; names are compared without regard to case."""

    def all(self) -> tuple[SavedPrompt, ...]:
        """All but those in the bin: favourites first, then by title. Kept in memory until something changes."""
        ...

    def get(self, name_or_id: str) -> SavedPrompt:
        """Raises `UsageError` for one that is not there, with the nearest names."""
        ...

    def find(self, words: str, tags: Sequence[str] = (), limit: int = 50) -> tuple[SavedPrompt, ...]:
        """Those that these letters may mean, best first: by name, title, tags, then text; more used ones before others that
        fit as well. Empty words: favourites, then those used last."""
        ...

    def tags(self) -> tuple[tuple[str, int], ...]:
        """All tags with how many prompts have them, by name."""
        ...

    def save(
        self,
        prompt: Prompt,
        prompt_id: Id | None = None,
        *,
        instead_of: int | None = None,
        origin: Origin = Origin.WRITTEN,
        note: str = "",
        saved_at: float | None = None,
    ) -> Saved:
        """A new prompt, or a new version of one. ``instead_of``: the version that the writer saw; where there is a newer
        one that says something else, both are kept. A name that is taken gets a number. ``saved_at``: when it was written
        elsewhere, in seconds since the epoch; None, or later than now: now.

        Raises `UsageError` for a prompt without a title, name, or any text, `StorageError`.
        """
        ...

    def take_in(self, prompt: Prompt, prompt_id: Id, origin: Origin) -> Saved:
        """A prompt that has its id already: a new one, or the next version (out of the bin). Raises as `save`."""
        ...

    def duplicate(self, prompt_id: Id) -> SavedPrompt: ...

    def favourite(self, prompt_id: Id, *, on: bool) -> None: ...

    def history(self, prompt_id: Id) -> tuple[Version, ...]:
        """All versions, newest first."""
        ...

    def restore_version(self, prompt_id: Id, number: int) -> SavedPrompt:
        """The old version becomes the newest; nothing is overwritten. Raises `UsageError` for an unknown number."""
        ...

    def remove(self, prompt_id: Id) -> SavedPrompt:
        """Into the bin."""
        ...

    def bring_back(self, prompt_id: Id) -> SavedPrompt:
        """Out of the bin; where its name is taken meanwhile it gets a number."""
        ...

    def bin(self) -> tuple[SavedPrompt, ...]:
        """What was removed, last first."""
        ...

    def erase(self, prompt_ids: Sequence[Id]) -> None:
        """Out of the bin, for good, with all versions."""
        ...

    def used(self, prompt_id: Id, values: Mapping[str, str]) -> None:
        """Count a use and remember what was filled in, for the next form; of clipboard variables nothing is remembered."""
        ...

    def last_values(self, prompt_id: Id) -> Mapping[str, str]: ...

    def damaged(self) -> tuple[str, ...]:
        """The names of those whose newest version cannot be read; the newest that can stands for it."""
        ...
