"""Patterns in the manner of `.gitignore`, made quick: most are names or endings, and are looked up. Pure.

`pathspec` says what a pattern means; that nothing is asked twice, and of the last pattern that fits first, is ours: its own
matching asks every pattern of every file, and a folder has 100,000 of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

_SPECIAL: Final = frozenset("*?[]\\")
_LONGEST_LINE: Final = 2_000
_CLASSES: Final = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \t",
    "cntrl": "\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": '"-~!',  # a "!" at the beginning would turn it around
    "lower": "a-z",
    "print": " -~",
    "punct": '"-.!:-@{-~[-`',
    "space": " \t\n\r\f\v",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_CLASS: Final = re.compile(r"\[:(\w+):\]")
_SET: Final = re.compile(r"\\.|(?<!\\)\[[!^]?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]", re.DOTALL)
_NESTED: Final = re.compile(r"(\\.)|(\[\^?)(?=\[)", re.DOTALL)


class Patterns:
    """The lines of one ignore file, or of one rule. What they say of a path holds for all that stands in it, so callers go
    down from the top and stop at a folder that fits."""

    def __init__(self, lines: Iterable[str]) -> None:
        """A line that is no pattern is passed over."""
        self._names: dict[str, list[tuple[int, bool, bool]]] = {}
        self._endings: dict[str, list[tuple[int, bool, bool]]] = {}
        self._others: list[tuple[int, bool, Callable[[str], object]]] = []
        for number, line in enumerate(lines):
            self._learn(number, line.rstrip("\r\n"))
        self._others.reverse()

    def __bool__(self) -> bool:
        return bool(self._names or self._endings or self._others)

    def verdict(self, path: str, name: str, *, folder: bool) -> bool | None:
        """True: a pattern fits; False: one that begins with "!" does; None: none. The last that fits decides.

        ``path``: relative to the folder of the ignore file, ``name`` its last part.
        """
        best, verdict = _last(self._names.get(name), folder, -1, None)
        if self._endings:
            best, verdict = self._of_ending(name, folder, best, verdict)
        if self._others:
            asked = f"{path}/" if folder else path
            for number, fits, search in self._others:
                if number < best:
                    break
                if search(asked):
                    return fits
        return verdict

    def _of_ending(self, name: str, folder: bool, best: int, verdict: bool | None) -> tuple[int, bool | None]:
        place = name.find(".")
        while place >= 0:
            best, verdict = _last(self._endings.get(name[place:]), folder, best, verdict)
            place = name.find(".", place + 1)
        return best, verdict

    def _learn(self, number: int, line: str) -> None:
        if len(line) > _LONGEST_LINE or line.startswith("#") or not line.strip():
            return
        word, fits = (line[1:], False) if line.startswith("!") else (line, True)
        bare = word.rstrip(" ").removesuffix("/")
        rule = (number, fits, word.rstrip(" ").endswith("/"))
        if bare and "/" not in bare and "\t" not in bare and not _SPECIAL & set(bare):
            self._names.setdefault(bare, []).append(rule)
        elif bare.startswith("*.") and "/" not in bare and not _SPECIAL & set(bare[1:]):
            self._endings.setdefault(bare[1:], []).append(rule)
        else:
            self._learn_expression(number, line)

    def _learn_expression(self, number: int, line: str) -> None:
        from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern  # takes 0.1 s to import

        try:
            expression, fits = GitIgnoreSpecPattern.pattern_to_regex(_spelled(line))
        except ValueError:
            return
        if expression is None or fits is None:
            return
        plain = _NESTED.sub(lambda found: found[1] or f"{found[2]}\\", str(expression))  # or `re` warns of it
        self._others.append((number, fits, re.compile(_of_itself(plain), re.DOTALL).search))


def _spelled(line: str) -> str:
    """What `pathspec` does not know of git's own ways: classes like "[[:digit:]]", and that only spaces end a line."""
    line = _SET.sub(lambda found: _CLASS.sub(lambda name: _CLASSES.get(name[1], ""), found[0]), line)
    bare = line.rstrip(" ")
    return f"{bare[:-1]}[\t]" if bare.endswith("\t") and bare.strip() else line


def _of_itself(expression: str) -> str:
    """`pathspec` lets a pattern that fits a folder fit all in it too, of which another pattern may say otherwise."""
    if expression == ".":
        return r".\Z"
    inside = ".+" if expression.endswith("/") else ""  # "docs/**" is what stands in the folder, not the folder
    return rf"{expression}{inside}\Z"


def _last(
    rules: list[tuple[int, bool, bool]] | None,
    folder: bool,
    best: int,
    verdict: bool | None,
) -> tuple[int, bool | None]:
    for number, fits, folders_only in rules or ():
        if number > best and (folder or not folders_only):
            best, verdict = number, fits
    return best, verdict
