"""Numbers that lead to passages: only where the caller says so, and without changing anything around them."""

from __future__ import annotations

import re

import pytest

from tests.unit.markup.attacks import ATTACKS
from workbench.markup import Link, Mark, blocks, to_html

NUMBERS = re.compile(r"\[\d+(?:, ?\d+)*\]")


def marked(text: str) -> str:
    made = []
    for block in blocks(text):
        found = NUMBERS.finditer(block.source)
        marks = [
            Mark(one.start(), one.end(), tuple(Link(n, f"[{n}]") for n in re.findall(r"\d+", one[0]))) for one in found
        ]
        made.append(to_html(block, marks))
    return "".join(made)


def test_a_number_is_a_link_and_what_stands_around_stays() -> None:
    assert marked("**Costs rose.**[1] *Again* [2, 3].") == (
        '<p><strong>Costs rose.</strong><a href="cite:1" class="cite">[1]</a> <em>Again</em> '
        '<a href="cite:2" class="cite">[2]</a><a href="cite:3" class="cite">[3]</a>.</p>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "`a[1]`",
        "    code[1]",
        "```\ncode[1]\n```",
        "- item\n\n      code[1]",
        "$x[1]$",
        "[see [1]](http://example.com)",
        "[1](http://example.com)",
        "[y](http://example.com/[1])",
        "![picture [1]](http://example.com/a.png)",
        "[z](cite:3)",
        "<a href='cite:3' class='cite'>3</a>",
    ],
)
def test_in_code_formulas_links_and_html_nothing_changes(text: str) -> None:
    plain = "".join(to_html(block) for block in blocks(text))
    assert marked(text) == plain
    assert "cite:" not in re.sub(r"&lt;a.*", "", plain)


def test_characters_that_no_text_has_make_no_link() -> None:
    text = "\ufdd00\ufdd1 and [\ufdd00\ufdd1] and [1]"
    assert marked(text).count("cite:") == 1


@pytest.mark.parametrize("attack", ATTACKS)
def test_with_marks_no_attack_gets_further(attack: str) -> None:
    text = f"[1] {attack} [2]"
    plain = "".join(to_html(block) for block in blocks(text))
    shown = re.sub(r'<a href="cite:\d" class="cite">(.*?)</a>', r"\1", marked(text))
    assert shown == plain


def test_a_doubted_number_looks_different() -> None:
    (block,) = blocks("So [1].")
    html = to_html(block, [Mark(3, 6, (Link("1", "[1 ≠]", doubted=True),))])
    assert '<a href="cite:1" class="doubted">[1 ≠]</a>' in html
