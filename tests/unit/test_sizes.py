"""Memory counts in powers of two, files in powers of ten; both are written with the units that people know."""

from __future__ import annotations

import pytest

from workbench.sizes import memory_words, size_words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 MB"),
        (-1, "0 MB"),
        (310 << 20, "310 MB"),
        (972 << 20, "972 MB"),
        (1000 << 20, "1 GB"),
        (16 << 30, "16 GB"),
        (int(9.14 * 2**30), "9.1 GB"),
        (int(191.6 * 2**30), "192 GB"),
        (17_179_869_184, "16 GB"),
        (12_109_565_632, "11.3 GB"),
    ],
)
def test_memory_in_words(count: int, words: str) -> None:
    assert memory_words(count) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 kB"),
        (-5, "0 kB"),
        (999, "1 kB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (93_400_000, "93 MB"),
        (999_499_999, "999 MB"),
        (999_500_000, "1.0 GB"),
        (12_109_565_632, "12.1 GB"),
    ],
)
def test_files_in_words(count: int, words: str) -> None:
    assert size_words(count) == words
