"""Days speak the person's language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import QLocale

from ui.dates import date_words, moment_words
from ui.documents.words import ago
from ui.search.hit_painter import when

THEN = datetime(2026, 3, 9, 7, 5, 3, tzinfo=UTC)


@pytest.fixture(params=["C", "de_DE", "fr_FR"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    before = QLocale()
    QLocale.setDefault(QLocale.c() if request.param == "C" else QLocale(request.param))
    yield request.param
    QLocale.setDefault(before)


def test_months_are_of_the_language(language: str) -> None:
    assert date_words(date(2025, 10, 18), "d MMMM yyyy") == {
        "C": "18 October 2025", "de_DE": "18 Oktober 2025", "fr_FR": "18 octobre 2025"
    }[language]  # fmt: skip
    assert moment_words(THEN, "d MMM, HH:mm").startswith("9 ")
    assert moment_words(THEN, "d MMM, HH:mm").endswith(", 07:05")


def test_hits_of_long_ago_are_told_so(language: str) -> None:
    assert when(1_000_000_000.0) == {"C": "Sep 2001", "de_DE": "Sept. 2001", "fr_FR": "sept. 2001"}[language]


def test_when_a_folder_was_read(language: str) -> None:
    now = datetime(2026, 3, 20, tzinfo=UTC)
    assert {"C": "Mar", "de_DE": "März", "fr_FR": "mars"}[language] in ago(THEN.timestamp(), now)
