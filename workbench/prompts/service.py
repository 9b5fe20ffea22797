"""The prompt library: fulfils `library.Prompts` over the store, with what was read kept in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from workbench.errors import StorageError
from workbench.events import Bus, Changed, Topic
from workbench.messages import Id
from workbench.ordering import NaturalKey, natural_key
from workbench.prompts import content, finding, names
from workbench.prompts.library import Saved
from workbench.prompts.prompt import Origin, Prompt, SavedPrompt, VariableKind, Version
from workbench.prompts.rows import Stamp
from workbench.prompts.store import PromptStore, unknown
from workbench.prompts.tidy import tidied

SHORTEST_ID = 4


class PromptLibrary:
    """Any thread. Publishes `Topic.PROMPTS`."""

    def __init__(self, store: PromptStore, bus: Bus) -> None:
        self._store = store
        self._bus = bus
        self._mark = object()
        self._read: tuple[object, tuple[SavedPrompt, ...]] = (None, ())  # when it was read, and what: taken as one
        self._indexed: tuple[object, finding.Index] = (None, ())
        bus.subscribe(self._hear)

    def _hear(self, changed: Changed) -> None:
        """Others write about prompts too, their files for example; what another process wrote is seen by itself."""
        if Topic.PROMPTS in changed.topics:
            self._mark = object()  # another one each time

    # Reading ----------------------------------------------------------------------------------------------------------

    def all(self) -> tuple[SavedPrompt, ...]:
        now = (self._mark, self._store.generation())  # before the reading: what comes meanwhile is read next time
        read_at, read = self._read
        if now != read_at:
            known = {(one.id, one.version): one.prompt for one in read}
            read = tuple(sorted(self._store.live(known), key=_place))
            self._read = (now, read)
        return read

    def get(self, name_or_id: str) -> SavedPrompt:
        words = content.clean(name_or_id.strip().removeprefix("/"))
        wanted = names.folded(words)
        everything = self.all()
        found = next((one for one in everything if words == one.id or wanted == names.folded(one.prompt.name)), None)
        found = found or self._by_id(words)
        if found is None:
            near = finding.nearest(words, [one.prompt.name for one in everything])
            raise unknown(name_or_id, near, self._way_to(wanted))
        return found

    def _way_to(self, wanted: str) -> str:
        """How a prompt of this folded name comes back, or comes to be there; empty where nothing is known of it."""
        from workbench.prompts import starting  # reads Markdown and YAML, which only few need

        binned = next((one for one in self.bin() if wanted == names.folded(one.prompt.name)), None)
        if binned is not None:
            return f"It is in the bin: `workbench prompts restore {binned.prompt.name}` brings it back."
        if wanted in starting.STARTERS and any(one.name == wanted for one in starting.missing(self)):
            return "It comes with Workbench: `workbench prompts starters` adds it."
        return ""

    def _by_id(self, words: str) -> SavedPrompt | None:
        """Also one of the bin; by the beginning of its id where no other begins so."""
        ids = self._store.with_prefix(words) if len(words) >= SHORTEST_ID else ()
        return self._store.get(ids[0]) if len(ids) == 1 else None

    def find(self, words: str, tags: Sequence[str] = (), limit: int = 50) -> tuple[SavedPrompt, ...]:
        everything = self.all()
        if not tags and not words.strip("/ "):
            return finding.at_hand(everything, limit)
        of, entries = self._indexed
        if of is not everything:
            entries = finding.index(everything, entries)
            self._indexed = (everything, entries)
        return finding.found(entries, words, tags, limit)

    def tags(self) -> tuple[tuple[str, int], ...]:
        counts: dict[str, tuple[str, int]] = {}
        for one in self.all():
            for tag in one.prompt.tags:
                shown, count = counts.get(tag.casefold(), (tag, 0))
                counts[tag.casefold()] = (shown, count + 1)
        return tuple(counts[key] for key in sorted(counts))

    def history(self, prompt_id: Id) -> tuple[Version, ...]:
        return self._store.versions(self._known(prompt_id).id)

    def bin(self) -> tuple[SavedPrompt, ...]:
        return self._store.removed()

    def last_values(self, prompt_id: Id) -> Mapping[str, str]:
        return self._store.values(prompt_id)

    # Changing ---------------------------------------------------------------------------------------------------------

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
        put = self._store.put(tidied(prompt), prompt_id, instead_of, Stamp(origin, note, saved_at))
        if put.changed:
            self._bus.publish(Topic.PROMPTS)
        return Saved(self._known(put.prompt_id), put.changed, put.beside)

    def take_in(self, prompt: Prompt, prompt_id: Id, origin: Origin) -> Saved:
        """A prompt that has its id already, from a file: a new one, or the next version. Raises as `save` does."""
        put = self._store.take_in(tidied(prompt), prompt_id, origin)
        if put.changed:
            self._bus.publish(Topic.PROMPTS)
        return Saved(self._known(put.prompt_id), put.changed)

    def duplicate(self, prompt_id: Id) -> SavedPrompt:
        before = self._known(prompt_id).prompt
        return self.save(replace(before, title=f"{before.title} (copy)")).prompt

    def favourite(self, prompt_id: Id, *, on: bool) -> None:
        self._store.favour(prompt_id, on=on)
        self._bus.publish(Topic.PROMPTS)

    def restore_version(self, prompt_id: Id, number: int) -> SavedPrompt:
        self._store.restore_version(prompt_id, number)
        self._bus.publish(Topic.PROMPTS)
        return self._known(prompt_id)

    def remove(self, prompt_id: Id) -> SavedPrompt:
        self._store.remove(prompt_id)
        self._bus.publish(Topic.PROMPTS)
        return self._known(prompt_id)

    def bring_back(self, prompt_id: Id) -> SavedPrompt:
        self._store.bring_back(prompt_id)
        self._bus.publish(Topic.PROMPTS)
        return self._known(prompt_id)

    def erase(self, prompt_ids: Sequence[Id]) -> None:
        if self._store.erase(prompt_ids):
            self._bus.publish(Topic.PROMPTS)

    def used(self, prompt_id: Id, values: Mapping[str, str]) -> None:
        variables = self._known(prompt_id).prompt.variables
        fleeting = {one.name for one in variables if one.kind is VariableKind.CLIPBOARD}
        self._store.used(prompt_id, {name: value for name, value in values.items() if name not in fleeting})
        self._bus.publish(Topic.PROMPTS)

    def damaged(self) -> tuple[str, ...]:
        """The names of those whose newest version cannot be read; the newest that can stands for it."""
        return self._store.damaged()

    def _known(self, prompt_id: Id) -> SavedPrompt:
        found = self._store.get(prompt_id)
        if found is None:
            raise unknown(prompt_id)
        return found


def empty_bin(store: PromptStore) -> None:
    """As people expect of a bin; that it cannot be done now is no reason to show no prompts."""
    try:
        store.empty_bin()
    except StorageError:
        return


def _place(one: SavedPrompt) -> tuple[bool, NaturalKey, str]:
    return (not one.favourite, natural_key(one.prompt.title), one.id)
