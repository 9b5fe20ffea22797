"""What a search found, as a model reads it: passages under their numbers, as many as there is room for. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from workbench.messages import Passage
from workbench.tools.tool import Call, Outcome

MOST_PASSAGES: Final = 8
CHARACTERS_OF_A_TOKEN: Final = 4
_LEAST_CHARACTERS: Final = 400  # of the first passage, however little room there is


@dataclass(frozen=True, slots=True)
class Found:
    """``passages``: the best first, without numbers yet. ``note``: what was not searched or is not whole, in a sentence."""

    passages: tuple[Passage, ...] = ()
    note: str = ""


def outcome(found: Found, call: Call, head: Callable[[Passage], str], nothing: str) -> Outcome:
    """``head``: what stands above a passage's text; ``nothing``: what is said where nothing was found."""
    given = numbered(found.passages, call.first_number, call.tokens * CHARACTERS_OF_A_TOKEN)
    pieces = [f"[{passage.number}] {head(passage)}\n{passage.text}" for passage in given]
    if not pieces:
        pieces = [nothing]
    return Outcome("\n\n".join([*pieces, *([found.note] if found.note else [])]), given, untrusted=bool(given))


def numbered(passages: Sequence[Passage], first: int, room: int) -> tuple[Passage, ...]:
    """The first that fit ``room`` characters, numbered from ``first``; the first of them is cut where it alone does not."""
    given: list[Passage] = []
    for number, passage in enumerate(passages[:MOST_PASSAGES], first):
        most = room if given else max(room, _LEAST_CHARACTERS)
        if len(passage.text) > most:
            if given:
                break
            text = passage.text[:most]
            passage = replace(passage, text=text, end=passage.start + len(text))
        given.append(replace(passage, number=number))
        room -= len(passage.text)
    return tuple(given)
