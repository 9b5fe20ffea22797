"""What changed between two texts, as people read it."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.prompts.word_diff import Piece, PieceKind, changes

MARKS = {PieceKind.SAME: ("", ""), PieceKind.ADDED: ("{+", "+}"), PieceKind.REMOVED: ("[-", "-]")}


def shown(old: str, new: str) -> str:
    return "".join(f"{MARKS[piece.kind][0]}{piece.text}{MARKS[piece.kind][1]}" for piece in changes(old, new))


def side(pieces: tuple[Piece, ...], other: PieceKind) -> str:
    return "".join(piece.text for piece in pieces if piece.kind is not other)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("", "", ""),
        ("same", "same", "same"),
        ("", "all new", "{+all new+}"),
        ("all gone", "", "[-all gone-]"),
        ("The cat sat.", "The cat, which is old, sat.", "The cat{+, which is old,+} sat."),
        ("Summarise this text.", "Summarise this mail.", "Summarise this [-text-]{+mail+}."),
        (
            "Summarise the text in five sentences.",
            "Summarise this mail in three short sentences.",
            "Summarise [-the text-]{+this mail+} in [-five-]{+three short+} sentences.",
        ),
        ("cats", "cat", "[-cats-]{+cat+}"),
        ("one two\nthree", "one two\nfour three", "one two\n{+four +}three"),
        ("{{ text }}", "{{ mail }}", "{{ [-text-]{+mail+} }}"),
        ("a  b", "a b", "a [- -]b"),
        ("Größe", "Grösse", "[-Größe-]{+Grösse+}"),
        ("one, two, three", "uno, dos, tres", "[-one, two, three-]{+uno, dos, tres+}"),
    ],
)
def test_changes_are_told_in_words(old: str, new: str, told: str) -> None:
    assert shown(old, new) == told


@given(st.text("ab, \n", max_size=60), st.text("ab, \n", max_size=60))
def test_both_texts_are_in_it(old: str, new: str) -> None:
    pieces = changes(old, new)
    assert side(pieces, PieceKind.ADDED) == old
    assert side(pieces, PieceKind.REMOVED) == new
    assert all(piece.text for piece in pieces)
    assert all(one.kind is not other.kind for one, other in pairwise(pieces))


@given(st.text(max_size=40), st.text(max_size=40))
def test_of_any_letters(old: str, new: str) -> None:
    pieces = changes(old, new)
    assert (side(pieces, PieceKind.ADDED), side(pieces, PieceKind.REMOVED)) == (old, new)


def text(words: int, seed: int) -> str:
    pick = random.Random(seed)
    return " ".join(f"{pick.getrandbits(20):x}" + ("\n" if pick.random() < 0.1 else "") for _ in range(words))


def test_a_word_in_five_megabytes_is_told_as_a_word() -> None:
    old = text(900_000, 1)
    new = f"{old[:2_000_000]} here {old[2_000_000:]}"
    changed = [piece for piece in changes(old, new) if piece.kind is not PieceKind.SAME]
    assert any(piece.kind is PieceKind.ADDED for piece in changed)
    assert sum(len(piece.text) for piece in changed) < 40


def test_changes_all_over_a_long_text_are_compared_by_lines_then_by_words() -> None:
    lines = text(60_000, 2).split("\n")
    changed = [line if number % 50 else f"{line} more" for number, line in enumerate(lines)]
    pieces = changes("\n".join(lines), "\n".join(changed))
    added = [piece.text.strip() for piece in pieces if piece.kind is PieceKind.ADDED]
    assert set(added) == {"more"}
    assert len(added) == len(lines[::50])


def test_texts_without_anything_alike_are_told_as_wholes() -> None:
    old, new = text(200_000, 3), "x\n" * 600_000
    pieces = changes(old, new)
    assert [piece.kind for piece in pieces] == [PieceKind.REMOVED, PieceKind.ADDED]
