"""Mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from workbench.cloud.hiding.found import Found
from workbench.cloud.hiding.letters import lowered
from workbench.cloud.hiding.redaction import Hidden

# Possessive throughout: a run of letters is read once, however long it is.
LONGEST_LOCAL: Final = 64
_LOCAL: Final = rf"(?<![\w.+%/@-])[\w.+%'-]{{1,{LONGEST_LOCAL}}}+"
_SHAPE: Final = rf"{_LOCAL}@[\w-]{{1,63}}+(?:\.[\w-]{{1,63}}+){{1,8}}+(?!@)"
_PATTERNS: Final = tuple(
    (re.compile(_SHAPE, flags), re.compile(rf"{_LOCAL}\Z", flags)) for flags in (re.NOFLAG, re.ASCII)
)
_PASSWORD_BEFORE: Final = re.compile(
    r"://[^\s/@:]*:[^\s/@]*\Z"
)  # what stands there is a password, and behind it a host
# "anna (at) example (dot) org", as people write where machines read along.
_SPELLED: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}+ ?[\[({] ?(?:at|ät|arroba) ?[\])}] ?[\w-]{1,63}+"
    r"(?:(?:\.| ?[\[({] ?(?:dot|punkt|punto|point) ?[\])}] ?)[\w-]{1,63}+){1,4}",
    re.IGNORECASE,
)
_SPELLED_SIGN: Final = re.compile(r"[\[({] ?(?:at|ät|arroba) ?[\])}]")  # in small letters; most texts have none
# `icon@2x.png` and `lodash@4.17.js` are files.
_FILES: Final = frozenset(
    (
        "png",
        "jpg",
        "jpeg",
        "gif",
        "svg",
        "webp",
        "js",
        "ts",
        "css",
        "json",
        "py",
        "md",
        "txt",
        "html",
        "gz",
        "zip",
        "whl",
        "jar",
        "lock",
    )
)


def mails(text: str) -> Iterator[Found]:
    """Each mail address, also spelled with (at) and (dot)."""
    if "@" in text:
        for match in _around_signs(*_PATTERNS[text.isascii()], text):
            if _is_mail(match[0]) and not _PASSWORD_BEFORE.search(text, max(0, match.start() - 130), match.start()):
                yield _found(match)
    if _SPELLED_SIGN.search(lowered(text)):
        for match in _SPELLED.finditer(text):
            yield _found(match)


def _around_signs(pattern: re.Pattern[str], local: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Each match, sought only where its sign stands: most texts have few."""
    place, sign = 0, text.find("@")
    while sign >= 0:
        name = local.search(text, max(place, sign - LONGEST_LOCAL), sign)
        match = pattern.match(text, name.start()) if name else None
        if match is not None:
            yield match
        place = match.end() if match else sign + 1
        sign = text.find("@", place)


def _is_mail(written: str) -> bool:
    ending = written.rpartition(".")[2].casefold()
    return (
        len(ending) > 1
        and not any(map(str.isdigit, ending))
        and ending not in _FILES
        and not written.startswith("git@")
    )


def _found(match: re.Match[str]) -> Found:
    start = match.start() + (len(match[0]) - len(match[0].lstrip("'.")))
    return Found(start, match.end(), Hidden.EMAIL)
