"""Which language a text is in, told quickly: by its script, then by the frequent words of each language. Pure."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Final

from workbench.documents.retrieval.stop_words import STOP_WORDS

CODES: Final = {
    "english": "en",
    "german": "de",
    "french": "fr",
    "spanish": "es",
    "italian": "it",
    "portuguese": "pt",
    "dutch": "nl",
    "swedish": "sv",
    "danish": "da",
    "norwegian": "no",
    "finnish": "fi",
    "hungarian": "hu",
    "romanian": "ro",
    "russian": "ru",
    "turkish": "tr",
}
LANGUAGES: Final = tuple(sorted({*CODES.values(), "uk", "el", "he", "ar", "hi", "th", "ko", "ja", "zh"}))
"""Those that can be told."""
NAMES: Final = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip

_SCRIPTS: Final = (  # the first that is found in force
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]")),
    ("uk", re.compile(r"[іїєґІЇЄҐ]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
)
_LATIN: Final = re.compile(r"[A-Za-zÀ-ɏ]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_LOOKED_AT: Final = 2000


def language_of(text: str) -> str:
    """Its code; empty where nothing tells. ``text``: its first 2,000 characters are looked at."""
    text = text[:_LOOKED_AT]
    if not text.isascii():
        told = _by_script(text)
        if told:
            return told
    return _by_words(_WORD.findall(text.lower()), text)


def surely(text: str) -> str:
    """As `language_of`, but empty for a text that is too short or too mixed to be sure."""
    words = _WORD.findall(text[:_LOOKED_AT].lower())
    told = _by_script(text[:_LOOKED_AT]) or _by_words(words, text[:_LOOKED_AT])
    if told not in CODES.values() or told == "ru":
        return told if len(text.strip()) >= _SURE_CHARACTERS else ""
    counts = _counts(words)
    best = counts.most_common(2)
    sure = bool(best) and len(words) >= _SURE_WORDS and best[0][1] >= len(words) * 0.2
    return told if sure and (len(best) < 2 or best[0][1] >= 2 * best[1][1]) else ""


_LETTERS: Final = (
    ("de", re.compile(r"[äöüß]", re.IGNORECASE)),
    ("fr", re.compile(r"[êçœùû]|l'[éèa-z]|qu'", re.IGNORECASE)),
    ("es", re.compile(r"[ñ¿¡]", re.IGNORECASE)),
    ("pt", re.compile(r"[ãõ]", re.IGNORECASE)),
    ("sv", re.compile(r"[å]", re.IGNORECASE)),
    ("en", re.compile(r"(?:tion|ing|tly|ght)\b", re.IGNORECASE)),
)
_LETTER: Final = 0.7
_SURE_WORDS: Final = 12
_SURE_CHARACTERS: Final = 12


def _by_script(text: str) -> str:
    latin = len(_LATIN.findall(text))
    for code, letters in _SCRIPTS:
        found = len(letters.findall(text))
        weight = 3 if code in ("zh", "ja") else 1  # a sign there is about a word
        if found and found * weight * 2 >= latin:
            return code
    return ""


def _by_words(words: list[str], text: str) -> str:
    counts = _counts(words)
    for code, letters in _LETTERS:
        if letters.search(text):
            counts[code] += _LETTER  # type: ignore[assignment]
    if not counts:
        return ""
    code, _count = max(counts.items(), key=lambda one: (one[1], one[0] == "en", one[0]))
    return code


def _counts(words: list[str]) -> Counter[str]:
    """A word of several languages counts a part for each."""
    tellers, counts = _tellers(), Counter[str]()
    for word in words:
        for code, share in tellers.get(word, ()):
            counts[code] += share  # type: ignore[assignment]
    return counts


@cache
def _tellers() -> dict[str, tuple[tuple[str, float], ...]]:
    languages: dict[str, list[str]] = {}
    for name, text in STOP_WORDS.items():
        if name not in CODES:  # one that comes later
            continue
        for word in text.split():
            languages.setdefault(word, []).append(CODES[name])
    for code, words in _GREETINGS.items():
        for word in words.split():
            languages.setdefault(word, []).append(code)
    return {word: tuple((code, 1 / len(codes)) for code in codes) for word, codes in languages.items()}


_GREETINGS: Final = {
    "en": "hello hi please thanks translate write give find make explain",
    "de": "hallo bitte danke schreibe gib mach wer warum erkläre mal bedeutet",
    "fr": "bonjour merci écris traduis ça donne fais combien dit",
    "es": "hola gracias escribe traduce cuánto cuál cómo dime haz mejora párrafo resuelve",
    "it": "ciao grazie scrivi traduci dimmi quali raccontami crea",
    "pt": "olá obrigado escreva traduza abaixo faça",
    "nl": "dank schrijf vertaal maak mijn",
}
