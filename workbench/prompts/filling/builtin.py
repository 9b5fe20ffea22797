"""Names that every prompt may use without declaring them: what day it is, who writes, in which language. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

CLIPBOARD: Final = "clipboard"
WORDS: Final[Mapping[str, str]] = {
    "date": "today, as 2026-11-23",
    "time": "now, as 14:05",
    "weekday": "today, as Monday",
    "year": "this year",
    "user_name": "your name, from the settings",
    "language": "the language of this computer, as German",
    CLIPBOARD: "what you copied last",
}
"""All of them, and what they say."""

_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LANGUAGES: Final[Mapping[str, str]] = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nb": "Norwegian", "nl": "Dutch",
    "nn": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian",
    "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def builtins(
    now: datetime, user_name: str, language: str, clipboard: Callable[[], str]
) -> Mapping[str, Callable[[], str]]:
    """What each of them says, asked for only where a prompt uses it. ``language``: as a locale says it, ``de_DE.UTF-8``."""
    return {
        "date": lambda: now.date().isoformat(),
        "time": lambda: f"{now:%H:%M}",
        "weekday": lambda: _WEEKDAYS[now.weekday()],
        "year": lambda: str(now.year),
        "user_name": lambda: user_name,
        "language": lambda: language_name(language),
        CLIPBOARD: clipboard,
    }


def language_name(locale: str) -> str:
    """``de_AT.UTF-8`` is German; English for what is not known (``C``, nothing)."""
    return _LANGUAGES.get(locale.replace("-", "_").split("_")[0].split(".")[0].lower(), "English")
