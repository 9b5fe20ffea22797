"""What kind of file this is: by its content, then by its name. Pure.

A file's name is what somebody called it; the first bytes are what a reader will meet. The name decides only between kinds
of text.
"""

from __future__ import annotations

from workbench.documents.formats import format_of

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HTML = "text/html"
PLAIN = "text/plain"
SOURCE = "text/x-source"
EPUB = "application/epub+zip"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODP = "application/vnd.oasis.opendocument.presentation"
RTF = "application/rtf"
MAIL = "message/rfc822"
NOTEBOOK = "application/x-ipynb+json"
ZIP = "application/zip"
OLE = "application/x-ole-storage"
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/bmp")

_TEXTS = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "md": "text/markdown",
    "markdown": "text/markdown",
    "mdown": "text/markdown",
    "mkd": "text/markdown",
    "mdx": "text/markdown",
    "qmd": "text/markdown",
    "rmd": "text/markdown",
    "tab": "text/tab-separated-values",
    **dict.fromkeys(("json", "jsonl", "ndjson", "json5", "geojson"), "application/json"),
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "toml": "application/toml",
    "ipynb": NOTEBOOK,
    "eml": MAIL,
    "xml": "application/xml",
    "svg": "application/xml",
    "html": HTML,
    "htm": HTML,
    "xhtml": HTML,
}
_BEGINNINGS = (
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!", "application/vnd.rar"),
    (b"{\\rtf", RTF),
    (b"\x7fELF", "application/x-executable"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"GGUF", "application/x-gguf"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
)
_OFFICE = (
    ("word/document.xml", DOCX),
    ("ppt/presentation.xml", PPTX),
    ("xl/workbook.xml", XLSX),
    ("META-INF/container.xml", EPUB),
)
_CONTROLS = bytes([*range(1, 8), *range(14, 27), *range(28, 32)])
_PRINTABLE = bytes([9, 10, 13, *range(32, 127)])
_LEAST_WIDE = 16
_PLAIN_WORDS = {
    ZIP: "an archive",
    OLE: "an Office file of the old kind, or one with a password",
    "image/tiff": "a TIFF picture",
    "image/webp": "a WebP picture",
    "image/heic": "a HEIC picture",
    "application/gzip": "an archive",
    "application/x-7z-compressed": "an archive",
    "application/vnd.rar": "an archive",
    "application/x-executable": "a program",
    "application/x-gguf": "a model",
    "application/vnd.sqlite3": "a database",
    "audio/ogg": "a recording",
    "audio/mpeg": "a recording",
    "video/mp4": "a film or a recording",
}


def media_type(head: bytes, name: str) -> str:
    """Of a file that begins with ``head`` (at least 1,024 bytes where it has them); empty: nothing that is known.

    An archive is told as `ZIP`: what it holds is another question.
    """
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if b"%PDF-" in head[:1024]:
        return PDF
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "image/bmp"
    if boxed := _boxed(head):
        return boxed
    return "" if not looks_like_text(head) else _text(head, name)


def office(names: frozenset[str], said: bytes = b"") -> str:
    """Of an archive with these files; `ZIP` when it is no document. ``said``: its first file, called "mimetype"."""
    kind = said.decode("latin-1").strip().removesuffix("-template")
    if kind in (ODT, ODS, ODP) and "content.xml" in names:
        return kind
    return next((kind for file, kind in _OFFICE if file in names), ZIP)


def looks_like_text(head: bytes) -> bool:
    """Texts have no NULs, but for those in UTF-16 and UTF-32, which begin with a mark; and few controls."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"\0" in head:
        return bool(wide(head))
    return controls(head) * 50 <= len(head)


def controls(raw: bytes) -> int:
    """How many bytes stand for what no text has, but for NULs."""
    return len(raw) - len(raw.translate(None, _CONTROLS))


def wide(head: bytes) -> str:
    """The encoding of a text with two bytes for each character and no mark that says so; empty for what is none."""
    if len(head) < _LEAST_WIDE:
        return ""
    first, second = head[0 : len(head) & ~1 : 2], head[1::2]
    for encoding, high, low in (("utf-16-le", second, first), ("utf-16-be", first, second)):
        if high.count(0) * 2 > len(high) and _latin(low):
            return encoding
    return ""


def _latin(low: bytes) -> bool:
    return low.count(0) * 50 <= len(low) and len(low.translate(None, _PRINTABLE)) * 4 <= len(low)


def in_words(kind: str) -> str:
    """ "an archive", for a kind that is not read."""
    return _PLAIN_WORDS.get(kind, "a kind of file")


def _boxed(head: bytes) -> str:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "image/heic" if head[8:12] in (b"heic", b"heix", b"mif1", b"avif") else "video/mp4"
    return ""


def _text(head: bytes, name: str) -> str:
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    start = head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if ending in _TEXTS:
        return _TEXTS[ending]
    if start.startswith((b"<!doctype html", b"<html")):
        return HTML
    return {"code": SOURCE, "data": "application/xml" if start.startswith(b"<") else PLAIN}.get(format_of(name), PLAIN)
