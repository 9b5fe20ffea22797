"""RTF: the words of a file that says in backslashes how they look."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

from workbench.documents.extract.document import Extracted, Limits, Why, put_together
from workbench.documents.extract.opening import cannot

MOST_BYTES = 64 << 20
MOST_DEPTH = 500
_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_SAYS = {
    b"par": "\n",
    b"sect": "\n",
    b"page": "\n",
    b"line": "\n",
    b"tab": "\t",
    b"cell": " | ",
    b"nestcell": " | ",
    b"row": "\n",
    b"nestrow": "\n",
    b"emdash": "—",
    b"endash": "–",
    b"bullet": "•",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"emspace": " ",
    b"enspace": " ",
}
_SILENT = frozenset(
    b"fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf ftnsep"
    b" ftnsepc themedata colorschememapping datastore latentstyles listtable listoverridetable rsidtbl generator xmlnstbl"
    b" fldinst filetbl revtbl pnseclvl bkmkstart bkmkend template mmathPr wgrffmtfilter nonshppict".split()
)
_PAGES = {437: "cp437", 850: "cp850", 932: "cp932", 936: "gbk", 949: "cp949", 950: "cp950", 10000: "mac_roman"}
_PAGES |= {number: f"cp{number}" for number in range(1250, 1259)}


def prepare() -> None:
    for name in (*_PAGES.values(), "utf_16_le"):
        codecs.lookup(name)


def read(file: BinaryIO, name: str, kind: str, limits: Limits) -> Extracted:
    raw = file.read(MOST_BYTES)
    notes = [f"Only the first {MOST_BYTES >> 20} MB were read."] if file.read(1) else []
    words = _Words(name)
    for match in _TOKEN.finditer(raw):
        if words.length > limits.characters:
            break
        words.take(match)
    text = words.text()
    if not text.strip():
        raise cannot(name, "has no text", why=Why.SKIPPED)
    return put_together([("", text)], kind, limits, notes)


class _Words:
    """``_groups``: what holds within the braces that are open: whether words are shown, and how many characters stand after
    one of Unicode for programs that do not know it."""

    def __init__(self, name: str) -> None:
        self.length = 0
        self._name = name
        self._groups: list[tuple[bool, int]] = []
        self._shown, self._fallback, self._skip = True, 1, 0
        self._optional = False
        self._page = "cp1252"
        self._said: list[str] = []
        self._bytes = bytearray()

    def take(self, match: re.Match[bytes]) -> None:
        word, number, code, symbol, brace, plain = match.groups()
        if code is not None:
            self._raw(bytes([int(code, 16)]))
        elif plain is not None:
            self._plain(plain)
        elif brace is not None:
            self._brace(brace)
        elif symbol is not None:
            self._symbol(symbol)
        elif word is not None:
            self._word(word, int(number) if number else None)

    def text(self) -> str:
        self._flush()
        lines = "".join(self._said).split("\n")
        return "\n".join(line.rstrip(" |\t") if line.endswith(" | ") else line.rstrip() for line in lines)

    def _word(self, word: bytes, number: int | None) -> None:
        if word in _SILENT or self._optional:
            self._shown = False
        self._optional = False
        if word == b"u" and number is not None:
            self._unicode(number)
        elif word == b"uc" and number is not None:
            self._fallback = min(max(0, number), 16)
        elif word == b"ansicpg":
            self._page = _PAGES.get(number or 0, "cp1252")
        elif word in (b"mac", b"pc", b"pca"):
            self._page = {b"mac": "mac_roman", b"pc": "cp437"}.get(word, "cp850")
        elif word == b"outlinelevel" and number is not None and 0 <= number < 6:
            self._heading(number + 1)
        elif word in _SAYS:
            self._say(_SAYS[word])

    def _heading(self, level: int) -> None:
        self._flush()
        if self._shown and (not self._said or self._said[-1].endswith("\n")):
            self._say("#" * level + " ")

    def _unicode(self, number: int) -> None:
        self._skip = self._fallback
        code = number & 0xFFFF if number < 0x10000 else number
        if self._shown and code <= 0x10FFFF:
            self._flush()
            self._said.append(chr(code))
            self.length += 1

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._optional = True
        elif symbol in b"\\{}":
            self._plain(symbol)
        elif symbol in b"\r\n":
            self._say("\n")
        elif symbol in b"~_":
            self._say("\u00a0" if symbol == b"~" else "-")

    def _brace(self, brace: bytes) -> None:
        self._optional, self._skip = False, 0
        if brace == b"{":
            if len(self._groups) >= MOST_DEPTH:
                raise cannot(self._name, "nests its parts too deeply: it may be made to do harm")
            self._groups.append((self._shown, self._fallback))
        elif self._groups:
            self._shown, self._fallback = self._groups.pop()

    def _plain(self, plain: bytes) -> None:
        skipped = min(self._skip, len(plain))
        self._skip -= skipped
        if self._shown:
            self._bytes += plain[skipped:]
            self.length += len(plain)

    def _raw(self, byte: bytes) -> None:
        if self._skip:
            self._skip -= 1
        elif self._shown:
            self._bytes += byte
            self.length += 1

    def _say(self, text: str) -> None:
        if self._shown:
            self._flush()
            self._said.append(text)
            self.length += len(text)

    def _flush(self) -> None:
        if self._bytes:
            self._said.append(self._bytes.decode(self._page, "replace"))
            self._bytes.clear()
