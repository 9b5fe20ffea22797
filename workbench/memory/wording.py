"""What texts and facts may be: bounded, a fact on one line. Pure."""

from __future__ import annotations

from typing import Final

from workbench.errors import UsageError
from workbench.memory.memory import AboutMe

MOST_FACT_CHARACTERS: Final = 500
MOST_TEXT_CHARACTERS: Final = 4_000


def checked_fact(text: str) -> str:
    """On one line. Raises `UsageError` for none, and for more than one line of a list can hold."""
    line = one_line(text)
    if not line:
        raise UsageError("There is nothing to remember.", hint="Write at least a word.")
    if len(line) > MOST_FACT_CHARACTERS:
        raise UsageError(
            f"A fact has at most {MOST_FACT_CHARACTERS} characters; this one has {len(line):,}.",
            hint="Write several, or put it into “About me”.",
        )
    return line


def one_line(text: str) -> str:
    """What cannot be seen becomes a space: what is told a model is what a person reads."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def checked_texts(texts: AboutMe) -> AboutMe:
    """Without blanks at their ends. Raises `UsageError` for a longer one than every turn should be told."""
    return AboutMe(_text("About me", texts.about), _text("How to answer", texts.how))


def _text(name: str, text: str) -> str:
    seen = "".join(letter if letter.isprintable() or letter in "\n\t" else " " for letter in text).strip()
    if len(seen) > MOST_TEXT_CHARACTERS:
        raise UsageError(
            f"“{name}” has at most {MOST_TEXT_CHARACTERS:,} characters; this has {len(seen):,}.",
            hint="Every answer is told it: keep what matters always.",
        )
    return seen
