"""The tokenizer of a tiny model: the first tokens of SmolLM2's, words joined to one token, and control tokens."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

KEPT = 8_192
NORMAL, CONTROL, USER_DEFINED = 1, 3, 4

# GPT-2's way to cut a text into words; digits stand alone, as the engine's `smollm` has it.
_WORDS = re.compile(r"'(?:s|t|re|ve|m|ll|d)| ?[^\W\d_]+| ?\d| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")


@dataclass(frozen=True)
class Vocabulary:
    """``types`` as GGUF numbers them; ``merges`` in order of rank; ``special``: the texts that stand for themselves."""

    tokens: tuple[str, ...]
    types: tuple[int, ...]
    merges: tuple[str, ...]
    special: frozenset[str]

    @cached_property
    def ids(self) -> dict[str, int]:
        return {token: number for number, token in enumerate(self.tokens)}

    @cached_property
    def _ranks(self) -> dict[str, int]:
        return {merge: rank for rank, merge in enumerate(self.merges)}

    def encode(self, text: str) -> list[int]:
        """The numbers of the tokens of ``text``, in which control tokens may stand."""
        parts = re.split("(" + "|".join(re.escape(token) for token in sorted(self.special, key=len)[::-1]) + ")", text)
        found: list[int] = []
        for part in parts:
            pieces = [part] if part in self.special else self._pieces(part)
            found += [self.ids[piece] for piece in pieces]
        return found

    def _pieces(self, text: str) -> list[str]:
        return [piece for word in _WORDS.findall(text) for piece in join(visible(word), self._ranks)]


def vocabulary(starter: Path, words: Sequence[str], control: Sequence[str], shown: Sequence[str] = ()) -> Vocabulary:
    """``words``: to be one token each; ``control``: hidden markers; ``shown``: markers that the engine prints."""
    texts, kinds, merges = _kept(starter)
    tokens, types, rules = list(texts), list(kinds), list(merges)
    for word in words:
        _add_word(visible(word), tokens, rules)
    types += [NORMAL] * (len(tokens) - len(types))
    for marker in (*control, *shown):
        if marker not in tokens:
            tokens.append(marker)
            types.append(CONTROL if marker in control else USER_DEFINED)
    special = {token for token, kind in zip(tokens, types, strict=True) if kind != NORMAL}
    return Vocabulary(tuple(tokens), tuple(types), tuple(rules), frozenset(special))


def join(word: str, ranks: dict[str, int]) -> list[str]:
    """Byte-pair encoding of ``word``: the pair of the least rank is joined until none is left."""
    pieces = list(word)
    while len(pieces) > 1:
        pairs = [f"{left} {right}" for left, right in itertools.pairwise(pieces)]
        rank, at = min((ranks.get(pair, len(ranks)), index) for index, pair in enumerate(pairs))
        if rank == len(ranks):
            break
        pieces[at : at + 2] = [pieces[at] + pieces[at + 1]]
    return pieces


def visible(text: str) -> str:
    """The bytes of ``text`` as the characters that stand for them in a GPT-2 vocabulary."""
    return "".join(_BYTES[byte] for byte in text.encode())


def _byte_characters() -> list[str]:
    printed = {*range(33, 127), *range(161, 173), *range(174, 256)}
    hidden = iter(range(256, 512))
    return [chr(byte) if byte in printed else chr(next(hidden)) for byte in range(256)]


_BYTES = _byte_characters()


def _add_word(word: str, tokens: list[str], merges: list[str]) -> None:
    pieces = join(word, {merge: rank for rank, merge in enumerate(merges)})
    while len(pieces) > 1:
        merges.append(f"{pieces[0]} {pieces[1]}")
        pieces[:2] = [pieces[0] + pieces[1]]
        tokens.append(pieces[0])


@cache
def _kept(starter: Path) -> tuple[tuple[str, ...], tuple[int, ...], tuple[str, ...]]:
    """Tokens, types and merges of the starter model; reading them takes seconds."""
    from gguf import GGUFReader

    fields = GGUFReader(starter).fields
    kinds = fields["tokenizer.ggml.token_type"]
    tokens = tuple(_strings(fields["tokenizer.ggml.tokens"], KEPT))
    known = set(tokens)
    merges = (merge for merge in _strings(fields["tokenizer.ggml.merges"], KEPT) if merge.replace(" ", "", 1) in known)
    return tokens, tuple(int(kinds.parts[at][0]) for at in kinds.data[:KEPT]), tuple(merges)


def _strings(field: Any, count: int) -> Iterable[str]:
    return (bytes(field.parts[at]).decode() for at in field.data[:count])
