"""Whom a mail address names: rosalind.featherstone@example.org makes a name of "Featherstone" elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from workbench.cloud.hiding.given import Names

_PARTS: Final = re.compile(r"[._+-]")
SHORTEST: Final = 4  # characters of a part


def named_by(mail: str, known: Names) -> Iterator[str]:
    """Each part before the sign that may stand for the person, with a capital; in small letters too where it is a name of
    the lists. Nothing of an address that no list knows a name of: `sales.office@`."""
    parts = [part for part in _PARTS.split(mail.partition("@")[0].casefold()) if part.isalpha()]
    listed = [known.is_certain(part) or known.is_family(part) for part in parts]
    if len(parts) != 2 or not any(listed):
        return
    for part, in_lists in zip(parts, listed, strict=True):
        if len(part) < SHORTEST or part in known.common or part in known.doubtful:
            continue
        yield part.capitalize()
        if in_lists:
            yield part
