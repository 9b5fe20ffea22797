"""Days as the person's language writes them."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QDate, QDateTime, QLocale, QTime


def date_words(then: date, pattern: str) -> str:
    """``pattern`` as Qt has it: "d MMM" is "3 Nov", or what the language says."""
    return QLocale().toString(QDate(then.year, then.month, then.day), pattern)


def moment_words(then: datetime, pattern: str) -> str:
    """As `date_words`, with a time: "d MMM, HH:mm". In the time zone of ``then``."""
    at = QDateTime(QDate(then.year, then.month, then.day), QTime(then.hour, then.minute, then.second))
    return QLocale().toString(at, pattern)
