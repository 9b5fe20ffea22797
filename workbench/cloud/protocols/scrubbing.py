"""What others say, made fit to be shown and kept: one line, no signs that act, and never a key. Pure."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote, quote_plus

MOST_SAID = 300
MOST_DETAIL = 4000
_GONE = "•••"
# Keys by their shape, as providers repeat them: whole here, partly starred out below.
_KEYS = re.compile(
    r"\b(?:sk|pk|gsk|xai|fw|tgp|key|or|hf)[-_][A-Za-z0-9_\-]{8,}[A-Za-z0-9_\-/+=]*|\bAIza[A-Za-z0-9_\-]{20,}"
    r"|\b(?:Bearer|Basic)\s+[A-Za-z0-9._~+/=\-]{8,}",
    re.ASCII,
)


# Signs as JSON may write them: `\u0073` is an s, `\/` a slash. An escaped backslash before them makes them plain text.
_ESCAPED = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:u00([2-7][0-9A-Fa-f])|/)", re.ASCII)


class Scrubber:
    """Takes ``key`` out of texts, plain and as it may be written otherwise."""

    def __init__(self, key: str) -> None:
        raw = key.encode()
        coded = {b64encode(raw).decode(), urlsafe_b64encode(raw).decode(), quote(key, safe=""), quote_plus(key)}
        forms = {key, key[::-1], raw.hex(), *coded, *(one.rstrip("=") for one in coded)} if key else set()
        self._forms = sorted(forms, key=len, reverse=True)

    def __repr__(self) -> str:
        return "Scrubber()"

    def __call__(self, text: str) -> str:
        if "\\" in text and self._is_in(plain := _ESCAPED.sub(_unescaped, text)):
            text = plain
        for form in self._forms:
            if form in text:
                text = text.replace(form, _GONE)
        return text

    def begins_at(self, text: str) -> int:
        """Where the key may begin in ``text`` and go on after its end; its length: nowhere."""
        first = len(text)
        for form in self._forms:
            place = text.find(form[0], max(0, len(text) - len(form) + 1))
            while 0 <= place < first and not form.startswith(text[place:]):
                place = text.find(form[0], place + 1)
            first = min(first, place) if place >= 0 else first
        return first

    def _is_in(self, text: str) -> bool:
        return any(form in text for form in self._forms)


def _unescaped(found: re.Match[str]) -> str:
    """Quotes and backslashes stay as they are: the text stays JSON."""
    sign = chr(int(found[2], 16)) if found[2] else "/"
    return found[0] if sign in '"\\' else f"{found[1]}{sign}"


def one_line(text: str, most: int = MOST_SAID) -> str:
    """``text`` in one line of at most ``most`` characters, without control and direction signs and without keys."""
    shown = "".join(" " if sign.isspace() else sign for sign in text[: 4 * most] if _is_shown(sign))
    line = _KEYS.sub(_GONE, " ".join(_GONE if "***" in word else word for word in shown.split()))
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _is_shown(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn")
