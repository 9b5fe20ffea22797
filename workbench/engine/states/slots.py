"""Which slot of an engine answers what, so that each conversation finds again what was read for it. Pure but for its own
memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from workbench.engine.states.chain import Chain, shared_blocks
from workbench.messages import Id


@dataclass(frozen=True, slots=True)
class Content:
    """What a slot has read: ``tokens`` in all; ``saved``: it lies on the disk like this."""

    prefix: Id
    chain: Chain
    tokens: int = 0
    saved: bool = False


@dataclass(slots=True)
class Slot:
    number: int
    content: Content | None = None
    busy: bool = False
    used: int = 0  # when, counted in requests
    displaced: Content | None = None  # what it held before, of somebody else


@dataclass(slots=True)
class SlotTable:
    """Not for several threads at once: its keeper has the lock."""

    slots: list[Slot] = field(default_factory=list)
    _requests: int = 0

    @classmethod
    def of(cls, count: int) -> SlotTable:
        return cls([Slot(number) for number in range(count)])

    def take(self, prefix: Id, chain: Chain) -> Slot | None:
        """The free slot that has read the most of ``chain``, else an empty one, else the one not used for the longest.

        None when all are busy: then the engine decides.
        """
        free = [slot for slot in self.slots if not slot.busy]
        if not free:
            return None
        chosen = max(free, key=lambda slot: (*self._closeness(slot, prefix, chain), slot.content is None, -slot.used))
        self._requests += 1
        chosen.busy, chosen.used = True, self._requests
        return chosen

    def give_back(self, slot: Slot, content: Content | None) -> None:
        """The request in ``slot`` is over; ``content``: what it has read now."""
        slot.busy, slot.content = False, content

    @staticmethod
    def _closeness(slot: Slot, prefix: Id, chain: Chain) -> tuple[bool, int]:
        if slot.content is None:
            return False, 0
        return slot.content.prefix == prefix, shared_blocks(slot.content.chain, chain)
