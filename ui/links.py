"""What happens to a link in an answer. Pure: a model or a web page wrote it, so it is not trusted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit

NEVER = frozenset({"javascript", "data", "vbscript", "file", "about", "blob", "view-source"})


class Verdict(StrEnum):
    OPEN = "open"
    ASK = "ask"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Link:
    """``target`` is opened, ``shown`` is what the person sees of it: the whole address, decoded, on one line."""

    verdict: Verdict
    target: str
    shown: str


def judge(target: str, text: str = "") -> Link:
    """Web links open; one whose text names another place, and every other scheme, asks; code and files never open."""
    cleaned = "".join(letter for letter in target.strip() if letter.isprintable())
    shown = "".join(letter for letter in unquote(cleaned) if letter.isprintable())
    try:
        parts = urlsplit(cleaned)
        host = parts.hostname or ""
    except ValueError:
        return Link(Verdict.REFUSE, cleaned, shown)
    scheme = parts.scheme.casefold()
    if not scheme or scheme in NEVER or len(scheme) == 1:  # one letter: a Windows drive
        return Link(Verdict.REFUSE, cleaned, shown)
    if scheme not in ("http", "https"):
        return Link(Verdict.ASK, cleaned, shown)
    if not host:
        return Link(Verdict.REFUSE, cleaned, shown)
    honest = _names(text) in (None, _bare(host)) and host.isascii() and "xn--" not in host and parts.username is None
    return Link(Verdict.OPEN if honest else Verdict.ASK, cleaned, shown)


def _names(text: str) -> str | None:
    """The host that the words of a link name, if they look like an address."""
    word = text.strip()
    if not word or any(letter.isspace() for letter in word):
        return None
    try:
        host = urlsplit(word if "://" in word else f"//{word}").hostname or ""
    except ValueError:
        return None
    looks_like_host = "." in host and host.rpartition(".")[2].isalpha() and len(host.rpartition(".")[2]) > 1
    return _bare(host) if looks_like_host else None


def _bare(host: str) -> str:
    return host.casefold().removeprefix("www.").rstrip(".")
