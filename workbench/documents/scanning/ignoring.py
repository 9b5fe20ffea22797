"""What of a folder is read, and why the rest is not: the folder's rules, its ignore files, and what is nobody's document.

Pure. From the strongest: what a person excluded, what is not included, what is nobody's document, hidden names, ignore
files (the deepest first, `.workbenchignore` before `.gitignore`), kinds that are not read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from workbench.documents.collection import Rules
from workbench.documents.formats import FORMATS, format_of, why_unread
from workbench.documents.scanning.noise import MARKERS, ODD_ENDINGS, ending_noise, file_noise, folder_noise
from workbench.documents.scanning.patterns import Patterns

IGNORE_FILES: Final = (".workbenchignore", ".gitignore")  # the first is asked first
TELLING: Final = frozenset((*IGNORE_FILES, *MARKERS))  # files that say something of the folder they stand in

EXCLUDED: Final = "This folder's rules exclude it."
NOT_INCLUDED: Final = "This folder's rules do not include it."
HIDDEN: Final = "Its name begins with a dot: it is hidden."
_TWO_PARTS: Final = frozenset(("js", "css", "map"))  # endings that say more with what stands before: ".min.js"
_MOST_ENDINGS: Final = 4096


class Level:
    """What holds in one folder: the ignore files of it and of those above it. ``path``: relative to the root, with a "/"
    at its end, empty for the root."""

    __slots__ = ("_asked", "path")

    def __init__(self, path: str = "", above: Level | None = None, texts: Mapping[str, str] | None = None) -> None:
        self.path = path
        own = [(path, name, Patterns(texts[name].splitlines())) for name in IGNORE_FILES if texts and name in texts]
        self._asked: tuple[tuple[str, str, Patterns], ...] = (*own, *(above.asked if above is not None else ()))

    @property
    def asked(self) -> tuple[tuple[str, str, Patterns], ...]:
        """Folder, name and patterns of each ignore file that counts here, the strongest first."""
        return self._asked

    def ignored(self, path: str, name: str, *, folder: bool) -> str:
        """Which ignore file, as a path, says that this is not read; empty: none."""
        for above, file, patterns in self._asked:
            verdict = patterns.verdict(path[len(above) :], name, folder=folder)
            if verdict is not None:
                return above + file if verdict else ""
        return ""


class Sieve:
    """One collection's rules. Answers are sentences for a person; empty: it is read, or looked into."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._exclude = Patterns(rules.exclude)
        self._include = _include(rules.include)
        self._of_ending: dict[str, str | None] = {}
        self._plain: set[str] = set()

    @property
    def asks_ignore_files(self) -> bool:
        return self._rules.ignore_files

    def plain(self, level: Level) -> Collection[str]:
        """Endings that say enough here: a file with one is read, whatever its name, if it does not begin oddly. Grows."""
        return () if self._exclude or self._include or level.asked else self._plain

    def tree(self, names: frozenset[str]) -> str:
        """Why a folder that holds these of `TELLING` is not looked into."""
        return next((why for marker, why in MARKERS.items() if marker in names), "")

    def folder(self, level: Level, name: str) -> str:
        """Why the folder ``name`` in ``level`` is not looked into."""
        path = level.path + name
        if self._exclude and self._exclude.verdict(path, name, folder=True):
            return EXCLUDED
        if why := folder_noise(name):
            return why
        if name[0] == "." and not self._rules.hidden:
            return HIDDEN
        return _told(level.ignored(path, name, folder=True)) if level.asked else ""

    def file(self, level: Level, name: str) -> str:
        """Why the file ``name`` in ``level`` is not read."""
        why = file_noise(name) or (HIDDEN if name[0] == "." and not self._rules.hidden else "")
        if self._exclude or self._include or level.asked:
            return self._by_patterns(level, name, why)
        return why or self._by_kind(name)

    def _by_patterns(self, level: Level, name: str, why: str) -> str:
        path = level.path + name
        if self._exclude and self._exclude.verdict(path, name, folder=False):
            return EXCLUDED
        if self._include and not self._included(path):
            return NOT_INCLUDED
        return why or _told(level.ignored(path, name, folder=False)) or self._by_kind(name)

    def _included(self, path: str) -> bool:
        """A pattern that fits a folder includes what stands in it."""
        assert self._include is not None  # noqa: S101
        parts = path.split("/")
        verdict: bool | None = None
        for count in range(1, len(parts) + 1):
            found = self._include.verdict("/".join(parts[:count]), parts[count - 1], folder=count < len(parts))
            verdict = found if found is not None else verdict
        return bool(verdict)

    def _by_kind(self, name: str) -> str:
        stem, _dot, ending = name.rpartition(".")
        if not stem:
            return self._closely("", name)
        why = self._of_ending.get(ending, "?")
        if why == "?":
            why = None if ending.lower() in _TWO_PARTS else self._closely(ending, name)
            if len(self._of_ending) < _MOST_ENDINGS:
                self._of_ending[ending] = why
                if why == "" and ending not in ODD_ENDINGS and ending[-1:] != "~":
                    self._plain.add(ending)
        return self._closely(ending, name) if why is None else why

    def _closely(self, ending: str, name: str) -> str:
        if why := ending_noise(ending, name) or why_unread(name):
            return why
        kind = format_of(name) if self._rules.formats_off else ""
        return f"{FORMATS[kind].shown}: switched off for this folder." if kind in self._rules.formats_off else ""


def _include(patterns: tuple[str, ...]) -> Patterns | None:
    made = Patterns(patterns)
    return made or None


def _told(ignore_file: str) -> str:
    return f"{ignore_file} says to leave it out." if ignore_file else ""
