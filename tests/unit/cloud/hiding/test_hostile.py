"""Texts made to be slow are not: the time grows with the length, whatever stands in them."""

from __future__ import annotations

import time

import pytest

from workbench.cloud.hiding.redacting import TextRedactor

LENGTH = 300_000
REPEATED = [
    "a",
    "A",
    "1",
    "1 ",
    "4111 ",
    "@",
    "a@",
    "a.",
    "a@a.",
    "A ",
    "Anna ",
    " ",
    "\n",
    "Dear ",
    "name:",
    "password ",
    "password=",
    "-----BEGIN RSA PRIVATE KEY-----",
    "eyJaaaaaaaa.",
    "a://b:",
    "(",
    "(1",
    "+1",
    "DE89 ",
    "0",
    "A von ",
    "1 rue A ",
    "1 A A A A ",
    "[NAME_1]",
    "sk-",
    "_",
    "-",
    "A-",
    "secret",
    "Tel 12345678 ",
    "aB1",
    "LG A",
    "Calle A ",
    "%40",
    "&#64;",
    "&#6",
    "\\u0040",
    "a\u00ad",
    "a-\n",
    "1\u2013",
    "\uff21\u200b",
    "my brother ",
    "my brother Zyxwv ",
    "Anna and Zyxwv and ",
    "anna_b.pdf",
    "a.pdf",
    "_.",
    "a<b>",
    "a**@",
    "a\u0410",
    "1\n",
    "DE89\n",
    "AKIA",
    "a.atlasv1.",
    ":AA",
    "QUJD",
    "eyJ",
    "\u201d said A ",
    " A smiled",
    "anna.zyxwv@b.de ",
]


def _seconds(text: str) -> float:
    started = time.perf_counter()
    TextRedactor().redact([text], own=["own words of a person", "a", "1"])
    return time.perf_counter() - started


@pytest.mark.parametrize("repeated", REPEATED)
def test_repeated(repeated: str) -> None:
    assert (
        _seconds((repeated * LENGTH)[: LENGTH // 10]) < 3
    )  # a tenth: what is quadratic takes minutes at this length too


@pytest.mark.parametrize(
    "numbered", ["+49 30 {:07d}, ", "a{}@b.de ", "Anna M{}uster, ", "4111 1111 1111 {:04d} ", "password=a{}!xY "]
)
def test_many_different_ones(numbered: str) -> None:
    text = "".join(numbered.format(number) for number in range(LENGTH // 10 // len(numbered)))
    assert _seconds(text) < 3


def test_one_long_line() -> None:
    small, large = _seconds("1234 a@b Anna " * 5_000), _seconds("1234 a@b Anna " * 20_000)
    assert large < 12 * small + 0.5
