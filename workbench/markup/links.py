"""Which addresses may become clickable, and how an image is told in words."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_CLICKABLE = re.compile(r"(?:https?://[^\s/?#\\]|mailto:[^\s\\])[^\s\\]*", re.IGNORECASE)
_BARE = re.compile(r"(?<![\w/.@:-])https?://[^\s<>\"'`\\\[\]{}|^]+", re.IGNORECASE)
_LONGEST_URL = 2000
_TRAILING = ".,;:!?*_~…"


def safe_url(url: str) -> str | None:
    """The address if a click may lead there: http, https or mailto, absolute, nothing invisible in it; else None."""
    return url if len(url) <= _LONGEST_URL and url.isprintable() and _CLICKABLE.fullmatch(url) else None


def host(url: str) -> str:
    """The host an address leads to, without the user name that may disguise it; "" when it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def image_label(alternative: str, url: str) -> str:
    """What stands in the text for an image, which is never fetched."""
    name = alternative.strip() or "no description"
    where = host(url)
    return f"Image: {name} ({where})" if where else f"Image: {name}"


def bare_urls(text: str) -> list[tuple[int, int]]:
    """The (begin, end) of every http(s) address standing in running text, without the punctuation that ends a sentence."""
    found = []
    for match in _BARE.finditer(text):
        url = _without_trailing(match.group())
        if safe_url(url) and host(url):
            found.append((match.start(), match.start() + len(url)))
    return found


def _without_trailing(url: str) -> str:
    while url:
        if url[-1] in _TRAILING or (url[-1] == ")" and url.count(")") > url.count("(")):
            url = url[:-1]
        else:
            break
    return url
