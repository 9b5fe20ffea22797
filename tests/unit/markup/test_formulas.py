"""Formulas: which text is one, what is drawn of it, and that no text keeps the drawing busy."""

from __future__ import annotations

import re
import sys
import time
from contextlib import suppress
from html import unescape

import pytest

from workbench.markup import Kind, Splitter, blocks, to_html, to_text
from workbench.markup.drawing import SECONDS, FormulaError, draw


def found(text: str) -> list[str]:
    html = "".join(to_html(block) for block in blocks(text))
    return [unescape(latex) for latex in re.findall(r'<img alt="([^"]*)"', html)]


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("$x^2$", ["x^2"]),
        ("(so $a_1 * b_1 * c$).", ["a_1 * b_1 * c"]),
        (r"\(a*b*c\) and \[d\]", ["a*b*c", "d"]),
        ("$n$-th and $5$ and $3x$", ["n", "5", "3x"]),
        ("say $$x$$ there", ["x"]),
        ("$$\nx\n+ y\n$$", ["x\n+ y"]),
        (r"\begin{align*}a&=b\end{align*}", [r"\begin{align*}a&=b\end{align*}"]),
        ("- a\n  $$\n  x\n  $$\n- b", ["x"]),
        ("| a |\n|--|\n| $x_1$ |", ["x_1"]),
        (r"$\text{costs \$5}$", [r"\text{costs \$5}"]),
    ],
)
def test_what_is_a_formula(text: str, latex: list[str]) -> None:
    assert found(text) == latex


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 or $10.",
        "from $5 to 10$",
        "between $5-$10 and US$20",
        "$5/month, $60/year",
        "export $HOME/$USER and $PATH$LD",
        "`$x^2$`",
        "```\n$$\nx\n$$\n```",
        r"\$x^2\$",
        "$ x^2 $",
        "$x^2",
        r"\(x",
        "$$\nx\n\n$$",
        "$1,000 in 2020 = a lot, and nothing more than 2,000$ remained",
    ],
)
def test_what_is_none(text: str) -> None:
    assert found(text) == []


def test_a_formula_reads_and_copies_as_its_latex_with_its_marks() -> None:
    text = "So $x^2$:\n\\[\ny\n\\]"
    assert [to_text(block) for block in blocks(text)] == ["So $x^2$:", "\\[\ny\n\\]"]


def test_only_a_closed_formula_is_one_while_it_arrives() -> None:
    splitter = Splitter()
    for character in "Text:\n$$\na\n- b\n$":
        splitter.feed(character)
        assert all(block.kind is not Kind.FORMULA and "<img" not in to_html(block) for block in splitter.blocks)
    splitter.feed("$\n")
    assert [block.kind for block in splitter.blocks] == [Kind.PARAGRAPH, Kind.FORMULA]


def test_a_drawing_is_paths_in_its_colour_and_size() -> None:
    small = draw(r"\frac{a}{b}", size=15, colour="#123456", display=True)
    large = draw(r"\frac{a}{b}", size=30, colour="#123456", display=True)
    assert set(re.findall(r"<(\w+)", small.svg)) <= {"svg", "g", "path", "rect"}
    assert "#123456" in small.svg
    assert large.height > 1.6 * small.height
    assert 0 < small.above < small.height


@pytest.mark.parametrize(
    "latex",
    [
        "",
        r"\frac{a",
        r"\unknown x",
        r"\href{javascript:alert(1)}{x}",
        r"\input{/etc/passwd}",
        "x" * 3_000,
        "{" * 50 + "}" * 50,
        "日本",
        "&amp;<b>",
        "\x00",
    ],
)
def test_what_cannot_be_drawn_is_told_as_such(latex: str) -> None:
    with pytest.raises(FormulaError):
        draw(latex, size=15, colour="#000000", display=True)


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{1}{" * 12 + "x" + "}" * 12,
        r"\sqrt{" * 12 + "x" + "}" * 12,
        r"\frac12" * 150,
        "'" * 2_000,
        "_" * 2_000,
        r"\left(" * 12 + "x" + r"\right)" * 12,
    ],
)
def test_no_formula_takes_longer_than_its_limit(latex: str) -> None:
    before, begin = sys.gettrace(), time.thread_time()
    with suppress(FormulaError):
        draw(latex, size=15, colour="#000000", display=True)
    assert time.thread_time() - begin < 3 * SECONDS
    assert sys.gettrace() is before
