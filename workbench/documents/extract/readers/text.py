"""Texts, code, tables of values, Markdown: characters in some encoding."""

from __future__ import annotations

import codecs
from typing import BinaryIO

from workbench.documents.extract import media_types
from workbench.documents.extract.document import Extracted, Limits, Why, put_together
from workbench.documents.extract.opening import cannot

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Likely ones, in the order that a tie is decided in: those that nobody has met for years only lead astray.
_ENCODINGS = (
    *("cp1252", "latin_1", "iso8859_15", "cp1250", "iso8859_2", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255"),
    *("cp1256", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr", "mac_roman", "cp437", "cp850"),
)
_SAMPLE_BYTES = 256 << 10


def prepare() -> None:
    """Python imports an encoding when it is first used."""
    import charset_normalizer  # noqa: F401

    for name in (*_ENCODINGS, "utf-8-sig", "utf-16", "utf-32", "utf_16_le", "utf_16_be", "utf_32_le", "utf_32_be"):
        codecs.lookup(name)


def read(file: BinaryIO, name: str, kind: str, limits: Limits) -> Extracted:
    """Raises `DocumentError` for an empty file and for what is no text."""
    raw = file.read(4 * limits.characters)
    if (media_types.controls(raw) + (0 if _wide(raw) else raw.count(0))) * 50 > len(raw) > 0:
        raise cannot(name, "is called a text, but holds bytes that no text has", why=Why.SKIPPED)
    text, notes = decoded(raw, name)
    if file.read(1):
        notes.append(f"Only the first {len(raw) // 1_000_000:,} MB were read.")
    if not text.strip():
        raise cannot(name, "is empty", why=Why.SKIPPED)
    return put_together([("", text)], kind or media_types.PLAIN, limits, notes)


def _wide(raw: bytes) -> str:
    """What the beginning says of the encoding, or what shows itself; empty where nothing does."""
    marked = next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), "")
    return marked or media_types.wide(raw[:_SAMPLE_BYTES])


def decoded(raw: bytes, name: str) -> tuple[str, list[str]]:
    """The text, and a note where its encoding was guessed. Raises `DocumentError` where it is no text."""
    marked = _wide(raw) or "utf-8"
    try:
        return raw.decode(marked), []
    except UnicodeDecodeError as error:
        if error.start > len(raw) - 5 and error.end == len(raw):  # the limit cut the last character
            return raw[: error.start].decode(marked), []
    from charset_normalizer import from_bytes

    found = from_bytes(raw[:_SAMPLE_BYTES], cp_isolation=list(_ENCODINGS), enable_fallback=False).best()
    if found is None:
        if media_types.looks_like_text(raw[:_SAMPLE_BYTES]):
            return raw.decode("cp1252", "replace"), ["Its encoding is not known: some characters may be wrong."]
        raise cannot(name, "is a kind of file that cannot be read", why=Why.SKIPPED)
    return raw.decode(found.encoding, "replace"), [f"Its encoding was taken to be {found.encoding}."]
