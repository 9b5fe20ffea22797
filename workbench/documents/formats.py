"""The kinds of files that folders are read for, by the endings of their names. Pure.

A name only says what to expect: the reader goes by the content (`extract.media_types`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """``shown``: what people call it; ``endings``: without the dot, in small letters; ``media_types``: what is read of it
    says one of these."""

    shown: str
    endings: frozenset[str]
    media_types: tuple[str, ...]


def _format(shown: str, endings: str, *media_types: str) -> Format:
    return Format(shown, frozenset(endings.split()), media_types)


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

FORMATS = {
    "pdf": _format("PDF", "pdf", "application/pdf"),
    "word": _format(
        "Word and text documents",
        "docx docm dotx odt ott rtf",
        f"{_OFFICE}wordprocessingml.document",
        f"{_OPEN}text",
        "application/rtf",
    ),
    "slides": _format(
        "Presentations", "pptx pptm ppsx odp otp", f"{_OFFICE}presentationml.presentation", f"{_OPEN}presentation"
    ),
    "sheets": _format("Spreadsheets", "xlsx xlsm xltx ods ots", f"{_OFFICE}spreadsheetml.sheet", f"{_OPEN}spreadsheet"),
    "tables": _format("Tables as text (CSV)", "csv tsv tab", "text/csv", "text/tab-separated-values"),
    "epub": _format("Books (EPUB)", "epub", "application/epub+zip"),
    "html": _format("Web pages", "html htm xhtml", "text/html"),
    "mail": _format("Mail", "eml", "message/rfc822"),
    "markdown": _format("Markdown", "md markdown mdown mkd mdx qmd rmd", "text/markdown"),
    "notebook": _format("Notebooks", "ipynb", "application/x-ipynb+json"),
    "data": _format(
        "Data and settings (JSON, YAML, TOML, XML)",
        "json jsonl ndjson json5 geojson yaml yml toml xml xsd xsl xslt svg rss atom plist ini cfg conf properties env",
        "application/json",
        "application/yaml",
        "application/toml",
        "application/xml",
    ),
    "code": _format(
        "Source code",
        "py pyi pyx pxd js mjs cjs jsx ts tsx mts vue svelte astro java kt kts scala groovy gradle clj cljs c h cc cpp"
        " cxx hh hpp hxx ino cu cuh m mm cs fs fsx vb go rs rb php pl pm swift dart lua r jl hs lhs ml mli elm erl hrl"
        " ex exs zig nim v d ada adb ads f f90 f95 for pas asm s sh bash zsh fish ps1 bat cmd awk sed sql graphql proto"
        " thrift css scss sass less cmake mk tf hcl nix vim el lisp scm rkt tcl vhd vhdl sv svh glsl wgsl hlsl metal sol"
        " tex bib sty cls bst diff patch",
        "text/x-source",
    ),
    "text": _format("Plain text", "txt text log rst adoc asciidoc org textile wiki srt vtt po pot nfo", "text/plain"),
}
_OF_ENDING = {ending: name for name, one in FORMATS.items() for ending in one.endings}
_OF_NAME = {
    **dict.fromkeys(
        ("makefile", "gnumakefile", "dockerfile", "cmakelists.txt", "rakefile", "gemfile", "justfile"), "code"
    ),
    **dict.fromkeys(
        ("readme", "license", "licence", "copying", "authors", "changelog", "news", "todo", "notice"), "text"
    ),
}
_UNREAD = {
    "Pictures have no text.": "png jpg jpeg jpe gif bmp webp heic heif avif tif tiff ico icns psd xcf raw cr2 nef arw dng",
    "Sound is not read.": "mp3 wav flac ogg oga opus m4a aac wma aiff mid midi",
    "Films are not read.": "mp4 m4v mov mkv avi webm wmv flv mpg mpeg 3gp",
    "Archives are not unpacked.": "zip 7z rar gz tgz bz2 tbz xz txz zst tar jar war whl egg deb rpm dmg iso img cab apk",
    "It is a program, not a document.": "exe dll so dylib o a lib obj class pyc pyo pyd wasm bin com msi sys ko",
    "It is a model, not a document.": "gguf safetensors pt pth ckpt onnx tflite mlmodel h5 npz npy pkl pickle joblib",
    "It is a database, not a document.": "db sqlite sqlite3 mdb accdb dbf parquet feather arrow",
    "It is a font, not a document.": "ttf otf woff woff2 eot pfb",
}
_WHY_UNREAD = {ending: why for why, endings in _UNREAD.items() for ending in endings.split()}


def format_of(name: str) -> str:
    """The name in `FORMATS` of a file called ``name``; empty where its name does not say."""
    small = name.lower()
    return _OF_NAME.get(small) or _OF_ENDING.get(ending_of(small), "")


def format_of_type(media_type: str) -> str:
    """The name in `FORMATS` of what was read as ``media_type``; empty for what is none."""
    if media_type.startswith("text/x-"):
        return "code"
    return next((name for name, one in FORMATS.items() if media_type in one.media_types), "")


def why_unread(name: str) -> str:
    """Why a file called so needs not even be opened, in a sentence; empty where it is worth a look."""
    return _WHY_UNREAD.get(ending_of(name.lower()), "")


def ending_of(name: str) -> str:
    """Without the dot, in small letters; empty where it has none (".profile" has none)."""
    stem, _dot, ending = name.rpartition(".")
    return ending.lower() if stem.strip(".") else ""
