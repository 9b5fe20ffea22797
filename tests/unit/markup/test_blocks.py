"""Blocks close for good, whatever follows and however the text arrives."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.unit.markup.samples import ANSWER, SAMPLES
from workbench.markup import Block, Kind, Splitter, blocks, to_html
from workbench.markup.blocks import _NO_HEAD, _Window

TEXTS = {**SAMPLES, "an answer": ANSWER, "all together": "\n".join(SAMPLES.values())}
PIECES = [
    "- ",
    "1. ",
    "> ",
    "```",
    "~~~",
    "\n",
    "\n\n",
    "  ",
    "    ",
    "|",
    "---",
    "a",
    "b c",
    "# ",
    "*",
    "`",
    "| a | b |\n|--|--|\n",
    "$$",
    "$$\n",
    "$",
    "\\[",
    "\\]\n",
]


def kinds(text: str) -> list[str]:
    return [block.kind.value for block in blocks(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Steps:\n- a\n- b\n", ["paragraph", "list"]),
        ("# One\ntext\n", ["heading", "paragraph"]),
        ("Text\n---\nmore\n", ["paragraph", "rule", "paragraph"]),
        ("Text\n```\ncode\n```\nmore", ["paragraph", "code", "paragraph"]),
        ("a | b\n--|--\n1 | 2\n\nText", ["table", "paragraph"]),
        ("> a\nlazy\n\n> b", ["quote", "quote"]),
        ("- a\n\n- b\n\n  c\n\nText", ["list", "paragraph"]),
        ("", []),
        (" \n\n", []),
        ("Text\n$$\na\n- b\n$$\nmore", ["paragraph", "formula", "paragraph"]),
        ("Text\n$$\na\n- b\n\nmore", ["paragraph", "list", "paragraph"]),
        ("\\[ x \\] and more", ["paragraph"]),
        ("\\begin{align}\na &= b\n\\end{align}", ["formula"]),
    ],
)
def test_kinds(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_code_has_its_language_and_only_its_lines() -> None:
    (block,) = blocks("```Python title=x\ndef f():\n\n    return 1\n```\n")
    assert (block.kind, block.language, block.code) == (Kind.CODE, "python", "def f():\n\n    return 1")


def test_an_open_fence_hides_the_marks_that_are_about_to_close_it() -> None:
    assert blocks("```\ncode\n``")[0].code == "code"
    assert blocks("```\ncode\n    ``` no\n")[0].code == "code\n    ``` no"


def test_a_longer_fence_holds_shorter_ones() -> None:
    first, second = blocks(SAMPLES["four backticks"])
    assert "```python" in first.code
    assert second.source == "After."


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_closed_blocks_never_change_whatever_follows(text: str) -> None:
    splitter = Splitter()
    closed: list[Block] = []
    for character in text:
        splitter.feed(character)
        assert splitter.closed[: len(closed)] == closed
        closed = list(splitter.closed)
    assert splitter.blocks == blocks(text)


@settings(max_examples=300, deadline=None)
@example("# |\n~~~|*\n\n# a", [6])
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.lists(st.integers(0, 120), max_size=6))
def test_how_the_text_arrives_makes_no_difference(text: str, cuts: list[int]) -> None:
    splitter = Splitter()
    for begin, end in pairwise([0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]):
        before = list(splitter.closed)
        splitter.feed(text[begin:end])
        assert splitter.closed[: len(before)] == before
    assert splitter.blocks == blocks(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_blocks_show_every_character_but_blank_ones(text: str) -> None:
    shown, at = [], 0
    for block in blocks(text):
        assert not text[at : block.begin].strip(), "only blank lines lie between blocks"
        assert text[block.begin : block.end] == block.source
        shown.append(block)
        at = block.end
    assert not text[at:].strip()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_block_by_block_reads_as_the_whole(text: str) -> None:
    """Each block parsed by itself is the block as it stood in the text."""
    from workbench.markup.parser import parser

    kinds_of_whole = [
        token.type for token in parser().parse(text.replace("\r", "")) if token.level == 0 and token.nesting >= 0
    ]
    kinds_of_blocks = [
        token.type
        for block in blocks(text)
        for token in parser().parse(block.source)
        if token.level == 0 and token.nesting >= 0
    ]
    assert kinds_of_blocks == kinds_of_whole


def test_a_long_list_is_cut_between_items_and_goes_on_counting() -> None:
    text = "".join(f"1. item number {n} with some words in it\n" for n in range(100))
    parts = blocks(text)
    assert len(parts) > 3
    assert {part.kind for part in parts} == {Kind.LIST}
    assert sum(to_html(part).count("<li>") for part in parts) == 100
    assert parts[1].number == 1 + to_html(parts[0]).count("<li>")
    assert f'<ol start="{parts[1].number}">' in to_html(parts[1])


LINES = (
    "- item", "- **Term**: words", "- `code` and more", "* star", "+ plus", "1. one", "7. seven", "8) eight", "- 1. nested",
    "- ", "-  two spaces", "- - inner",
    "  - deeper", "  goes on", "lazy words", "", "---", "- ---", "- ```", "```", "- | a | b",
    "| - | - |", "- $$", "$$", "# Title", "> quote", "- > quote", "\tcode", "0. zero", "1234567890. long", "- *** x",
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.sampled_from(LINES), min_size=1, max_size=12),
    st.sampled_from(LINES[:9]),
    st.integers(0, 40),
    st.lists(st.sampled_from(LINES), max_size=12),
    st.none() | st.integers(0, 9),
)
def test_items_of_one_line_are_cut_as_the_parser_would(
    before: list[str], often: str, times: int, after: list[str], number: int | None
) -> None:
    lines = [*before, *[f"{often} with some {'words ' * 20}" for _ in range(times)], *after]
    for some in (lines, lines[len(before) :]):
        window = _Window("\n".join(some)[:6_000], 0, number, _NO_HEAD)
        assert window.items() == list(window.cuts())[: len(window.items())]


def test_a_list_of_thousands_is_cut_without_being_parsed() -> None:
    def cost(text: str) -> float:
        begin = time.thread_time()
        blocks(text)
        return time.thread_time() - begin

    plain, nested = "- item with *some* words in it\n" * 2_000, "- 1. item with *some* words\n" * 2_000
    assert min(cost(plain) for _ in range(3)) * 4 < min(cost(nested) for _ in range(3))


def test_a_long_table_is_cut_between_rows_and_keeps_its_columns() -> None:
    text = "| name | size |\n|---|--:|\n" + "| a model with a name | 5.0 GB |\n" * 200 + "\nAfter.\n"
    *parts, after = blocks(text)
    assert after.kind is Kind.PARAGRAPH
    assert len(parts) > 3
    assert sum(to_html(part).count("<tr>") for part in parts) == 201
    assert [to_html(part).count("<th") > 0 for part in parts[:2]] == [True, False]
    assert len({part.columns for part in parts}) == 1
    assert 'align="right"' in to_html(parts[-1])


@pytest.mark.parametrize(
    "text",
    [
        "w" * 300_000,
        "word " * 60_000,
        "- " + "w" * 300_000,
        "> " + "word " * 60_000,
        "# " + "w" * 100_000,
        "|" * 50_000,
    ],
    ids=["word", "words", "item", "quote", "heading", "bars"],
)
def test_no_block_is_too_long_to_lay_out(text: str) -> None:
    parts = blocks(text)
    assert max(len(part.source) for part in parts) <= 24_000
    assert "".join(part.source for part in parts).replace(" ", "") == text.replace(" ", "")


def test_streaming_costs_what_is_new_not_what_is_there() -> None:
    splitter = Splitter()

    def cost() -> float:
        begin = time.thread_time()
        for _ in range(20):
            splitter.feed(ANSWER[:400] + "\n\n")
        return time.thread_time() - begin

    early = min(cost() for _ in range(3))
    splitter.feed(ANSWER * 100 + "\n\n")
    late = min(cost() for _ in range(3))
    assert late < early * 3
