"""Puts blocks together until they fill a passage, and cuts those that are longer than one. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from workbench.documents.chunking.block import CODE, TABLE, Block
from workbench.documents.chunking.splitting import CAPACITY, split, trimmed

LEAST = 250  # a part that is shorter takes in what follows it
LEAST_CODE = 500  # a definition is understood better beside its neighbours
_LEAD_CODE = 120
_LEAD = 300  # so much goes with the long block that it introduces


def packed(text: str, blocks: Iterable[Block]) -> Iterator[Block]:
    """Passages, in order: none holds white space alone, and none is longer than one may be."""
    found = [block for block in blocks if trimmed(text, block.start, block.end)[0] < block.end]
    for group in _small_ones_joined(_groups(found)):
        yield from _passages(text, group)


@dataclass(slots=True)
class _Group:
    """Blocks that stand together in a passage."""

    blocks: list[Block] = field(default_factory=list)

    @property
    def first(self) -> Block:
        return self.blocks[0]

    @property
    def length(self) -> int:
        return self.blocks[-1].end - self.blocks[0].start if self.blocks else 0

    @property
    def kind(self) -> str:
        lengths: dict[str, int] = {}
        for block in self.blocks:
            lengths[block.kind] = lengths.get(block.kind, 0) + block.length
        return max(lengths, key=lambda kind: lengths[kind])

    @property
    def least(self) -> int:
        return LEAST_CODE if self.first.kind == CODE else LEAST


def _groups(blocks: Sequence[Block]) -> Iterator[_Group]:
    ends = _ends_of_parts(blocks)
    group = _Group()
    for number, block in enumerate(blocks):
        if group.blocks and not _joins(group, block, ends[number]):
            yield group
            group = _Group()
        group.blocks.append(block)
    if group.blocks:
        yield group


def _ends_of_parts(blocks: Sequence[Block]) -> list[int]:
    """For each block, where the part ends that it stands in."""
    ends = [0] * len(blocks)
    end = blocks[-1].end if blocks else 0
    for number in range(len(blocks) - 1, -1, -1):
        ends[number] = end
        if blocks[number].level is not None:
            end = blocks[number].start
    return ends


def _joins(group: _Group, block: Block, end: int) -> bool:
    """Whether the block goes into the passage."""
    together = block.end - group.first.start
    if block.level is not None:
        upward = group.first.level is not None and block.level < group.first.level
        whole = end - group.first.start <= CAPACITY
        return not upward and (group.length < group.least if whole else group.length <= _lead(group))
    if together > CAPACITY:
        return _introduces(group, block)
    rest = end - group.first.start
    share = rest / math.ceil(rest / CAPACITY)
    return rest <= CAPACITY or group.length + block.length / 2 <= share  # as near to an even share as it comes


def _lead(group: _Group) -> int:
    """How long it may be to go with the beginning of a part that does not fit beside it as a whole: a title, the line of
    a class."""
    return _LEAD_CODE if group.first.kind == CODE else LEAST


def _introduces(group: _Group, block: Block) -> bool:
    """Whether it is short, and what follows is cut in any case."""
    return group.length <= _LEAD and block.length > CAPACITY and block.kind != TABLE


def _small_ones_joined(groups: Iterable[_Group]) -> Iterator[_Group]:
    """The last small definitions of a class go with those before them."""
    before: _Group | None = None
    for group in groups:
        small = group.kind == CODE and group.length < LEAST_CODE // 2
        if before is not None and small and group.blocks[-1].end - before.first.start <= CAPACITY:
            before.blocks += group.blocks
            continue
        if before is not None:
            yield before
        before = group
    if before is not None:
        yield before


def _passages(text: str, group: _Group) -> Iterator[Block]:
    first, last = group.first, group.blocks[-1]
    path = _path([block.path for block in group.blocks])
    kind = group.kind
    context = first.context
    for start, end in split(text, first.start, last.end, lines=kind != "text"):
        yield Block(start, end, kind, path, context=context)
        context = last.continued or first.continued


def _path(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Where each goes on from the one before (a title, a title under it, its text), the last one; else what all share."""
    if all(after[: len(before)] == before for before, after in pairwise(paths)):
        return paths[-1]
    least, most = min(paths), max(paths)
    same = 0
    while same < min(len(least), len(most)) and least[same] == most[same]:
        same += 1
    return least[:same]
