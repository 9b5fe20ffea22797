"""Values that are written as Python or Gemma write them, as JSON texts."""

from __future__ import annotations

import re

from workbench.engine.parsing.json_text import json_object, json_string
from workbench.engine.parsing.reader import MAX_DEPTH, WHITE, Broken

_SPACE = re.compile(f"[{WHITE}]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\w.])", re.ASCII)
_BEGINS_NUMBER = frozenset("-0123456789")
_WORD = re.compile(r"[A-Za-z]+")
_WORDS = {"true": "true", "false": "false", "null": "null", "True": "true", "False": "false", "None": "null"}

_PYTHON_STRING = re.compile(r""""((?:[^"\\]++|\\.)*+)"|'((?:[^'\\]++|\\.)*+)'""", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_SHORT = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "a": "\a", "v": "\v", "0": "\0", "\n": ""}

_GEMMA_STRING = re.compile(r'<\|"\|>(.*?)<\|"\|>', re.DOTALL)
_GEMMA_KEY = re.compile(r'[^\s:{}\[\],<>"][^:{}\[\],<>"]*')


class PythonText:
    """Reads Python's literals, and JSON's, from ``text``, from ``at`` on. Every method raises `Broken`."""

    def __init__(self, text: str, at: int = 0) -> None:
        self.text = text
        self.at = at

    def value(self, depth: int = MAX_DEPTH) -> str:
        """The value that stands here, as JSON."""
        self.skip()
        if depth == 0:
            raise Broken("values are nested too deeply")
        begin = self.text[self.at : self.at + 1]
        if begin == "{":
            return self._object(depth)
        if begin == "[":
            return self._list(depth)
        if begin in _BEGINS_NUMBER and (number := self.match(_NUMBER)):
            return number.group()
        if (text := self.string()) is not None:
            return json_string(text)
        if (word := self.match(_WORD)) and word.group() in _WORDS:
            return _WORDS[word.group()]
        raise Broken(f"expected a value, found {self.text[self.at : self.at + 40]!r}")

    def string(self) -> str | None:
        """The string that stands here; None if there is none."""
        found = self.match(_PYTHON_STRING)
        return None if found is None else _ESCAPE.sub(_unescaped, found[1] if found[1] is not None else found[2])

    def key(self) -> str:
        """The name of an object's member."""
        name = self.string()
        if name is None:
            raise Broken(f"expected a name, found {self.text[self.at : self.at + 40]!r}")
        return name

    def _object(self, depth: int) -> str:
        members: list[tuple[str, str]] = []
        self.at += 1
        self.skip()
        while not self.take("}"):
            name = self.key()
            self.skip()
            self.need(":")
            members.append((name, self.value(depth - 1)))
            self.separated("}")
        return json_object(members)

    def _list(self, depth: int) -> str:
        items: list[str] = []
        self.at += 1
        self.skip()
        while not self.take("]"):
            items.append(self.value(depth - 1))
            self.separated("]")
        return f"[{', '.join(items)}]"

    def separated(self, closing: str) -> None:
        """A comma with something after it, or ``closing`` stands here. The comma is read."""
        self.skip()
        if self.take(","):
            self.skip()
            if self.text.startswith(closing, self.at):
                raise Broken(f"a comma before {closing}")
        elif not self.text.startswith(closing, self.at):
            raise Broken(f"expected a comma or {closing}, found {self.text[self.at : self.at + 40]!r}")

    def skip(self) -> None:
        if self.text[self.at : self.at + 1] in WHITE:
            self.match(_SPACE)

    def take(self, text: str) -> bool:
        found = self.text.startswith(text, self.at)
        self.at += len(text) if found else 0
        return found

    def need(self, text: str) -> None:
        if not self.take(text):
            raise Broken(f"expected {text!r}, found {self.text[self.at : self.at + 40]!r}")

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.at)
        if found is not None:
            self.at = found.end()
        return found


class GemmaText(PythonText):
    """Gemma 4's own notation: bare names, and ``<|"|>`` around strings, in which nothing is escaped."""

    def string(self) -> str | None:
        found = self.match(_GEMMA_STRING)
        return None if found is None else found[1]

    def key(self) -> str:
        name = self.string()
        if name is None and (found := self.match(_GEMMA_KEY)) is not None:
            name = found.group().rstrip(WHITE)
        if name is None:
            raise Broken(f"expected a name, found {self.text[self.at : self.at + 40]!r}")
        return name


def _unescaped(found: re.Match[str]) -> str:
    digits = found[1] or found[2] or found[3]
    if digits is None:
        return _SHORT.get(found[4], found[4] if found[4] in "\\'\"" else "\\" + found[4])
    code = int(digits, 16)
    if code > 0x10FFFF:
        raise Broken(f"there is no character {found.group()}")
    return chr(code)
