"""A find: where in a text something stands that is hidden, and of what kind it is. Finds that overlap become one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.cloud.hiding.redaction import Hidden


@dataclass(frozen=True, slots=True)
class Found:
    """``text[start:end]`` is hidden."""

    start: int
    end: int
    kind: Hidden

    @property
    def length(self) -> int:
        return self.end - self.start


def joined(finds: Iterable[Found]) -> list[Found]:
    """Without overlaps, in the order of the text. Two that overlap become one over both, of the kind of the longer one:
    nothing that any of them hides is shown."""
    result: list[Found] = []
    longest = 0
    for find in sorted(finds, key=lambda find: (find.start, -find.end)):
        if not result or find.start >= result[-1].end:
            result.append(find)
            longest = find.length
            continue
        last = result[-1]
        kind = find.kind if find.length > longest else last.kind
        longest = max(longest, find.length)
        result[-1] = Found(last.start, max(last.end, find.end), kind)
    return result


def trimmed(text: str, find: Found) -> Found:
    """Without spaces at its ends."""
    start, end = find.start, find.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Found(start, end, find.kind)
