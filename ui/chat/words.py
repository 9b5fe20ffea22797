"""Sizes and times as people read them. Pure."""

from __future__ import annotations


def size_words(count: int) -> str:
    """Bytes in the decimal units that disks and downloads are sold in: 93 MB, 4.7 GB."""
    if count >= 1_000_000_000:
        return f"{count / 1e9:.1f} GB"
    if count >= 1_000_000:
        return f"{count / 1e6:.0f} MB"
    return f"{max(0, count) / 1e3:.0f} kB"


def time_words(seconds: float) -> str:
    """A time left, rounded the way a person would say it."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    if seconds < 3600:
        return f"{round(seconds / 60)} min"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min"
