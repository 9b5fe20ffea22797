"""What is hidden before a text leaves, and put back into what returns. The contract. Pure values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Hidden(StrEnum):
    """What kind of thing. ``own``: of the person's own list."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    KEY = "key"
    CARD = "card"
    ACCOUNT = "account"
    ADDRESS = "address"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Redaction:
    """``placeholder`` stands in the text instead of ``original``, as `[NAME_1]`: the same for the same original in all
    texts of one request, whatever its case or spacing; of keys and own words each spelling has its own. ``count``: how
    often."""

    kind: Hidden
    original: str
    placeholder: str
    count: int


@dataclass(frozen=True, slots=True)
class Redacted:
    """``texts`` in the order in which they were given."""

    texts: tuple[str, ...]
    redactions: tuple[Redaction, ...]


class Redactor(Protocol):
    """Pure: nothing is read and nothing is reached."""

    def redact(
        self,
        texts: Sequence[str],
        *,
        own: Sequence[str] = (),
        shown: Sequence[str] = (),
        before: Sequence[Redaction] = (),
        beside: Sequence[str] = (),
    ) -> Redacted:
        """``own``: words that are hidden too. ``shown``: originals that the person wants to leave as they are. ``before``:
        of an earlier request, whose placeholders stay those of their originals. ``beside``: texts that stay here; what is
        found in them is hidden in the others."""
        ...


class Restorer(Protocol):
    """Puts originals back into an answer that comes in pieces; a placeholder may be cut anywhere."""

    def feed(self, text: str) -> str:
        """What can be said for sure by now."""
        ...

    def rest(self) -> str:
        """What was held back."""
        ...
