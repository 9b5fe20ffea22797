"""In an extraction child: which reader a file is for, and what it says, whatever the file does to it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, BinaryIO, TypeVar

from workbench.documents.extract import media_types
from workbench.documents.extract.document import DocumentError, Extracted, Limits, Why
from workbench.documents.extract.opening import cannot

Made = TypeVar("Made")
HEAD_BYTES = 4096
_READERS = {
    media_types.PDF: "pdf",
    media_types.DOCX: "word",
    media_types.PPTX: "slides",
    media_types.XLSX: "sheets",
    media_types.HTML: "html",
    media_types.EPUB: "epub",
    **dict.fromkeys((media_types.ODT, media_types.ODS, media_types.ODP), "opendocument"),
    media_types.RTF: "rtf",
    media_types.MAIL: "mail",
    media_types.NOTEBOOK: "notebook",
    **dict.fromkeys(media_types.PICTURES, "pictures"),
}
READERS = (*dict.fromkeys(_READERS.values()), "text")


def reader(name: str) -> Any:
    """The module of `READERS`."""
    return import_module(f"workbench.documents.extract.readers.{name}")


def chosen(file: BinaryIO, name: str) -> tuple[str, str]:
    """Reader and kind of a file. Raises `DocumentError` for a kind that is not read."""
    head = file.read(HEAD_BYTES)
    file.seek(0)
    kind = media_types.media_type(head, name)
    if kind == media_types.ZIP:
        kind = _inside(file, name)
    found = _READERS.get(kind) or ("text" if media_types.looks_like_text(head) and not _known(kind) else None)
    if found is None:
        raise _not_read(kind, name)
    return found, kind


def answered(read: Callable[[], Made], name: str) -> Made | DocumentError:
    """What ``read`` gives, or the reason why it does not."""
    try:
        return read()
    except DocumentError as error:
        return error
    except MemoryError:
        pass  # told outside: what filled the memory is freed there
    except RecursionError:
        return cannot(name, "nests its parts too deeply: it may be made to do harm")
    except Exception as error:  # noqa: BLE001 - a broken file makes a library raise whatever it likes
        return _told(cannot(name, "is broken, or no file of its kind"), type(error).__name__)
    return _told(cannot(name, "needs more memory to be read than is given to one file"), "MemoryError")


def read_by(found: str, file: BinaryIO, name: str, kind: str, limits: Limits) -> Extracted:
    extracted: Extracted = reader(found).read(file, name, kind, limits)
    return extracted


def _told(error: DocumentError, detail: str) -> DocumentError:
    error.detail = detail
    return error


def _known(kind: str) -> bool:
    """Whether it is a kind that has a name because it is *not* read, though its beginning looks like text."""
    return media_types.in_words(kind) != media_types.in_words("")


def _inside(file: BinaryIO, name: str) -> str:
    from workbench.documents.extract.readers.archive import Archive

    archive = Archive(file, name, Limits())
    said = archive.open("mimetype").read(100)[:100] if "mimetype" in archive.names else b""
    found = media_types.office(frozenset(archive.names), said)
    file.seek(0)
    return found


def _not_read(kind: str, name: str) -> DocumentError:
    if kind == media_types.OLE:
        hint = "Save it as DOCX, XLSX or PPTX without one."
        return cannot(name, "is an old Office file or has a password", hint, why=Why.SKIPPED)
    if kind.startswith("image/"):
        what = f"is {media_types.in_words(kind)}, which models do not take"
        return cannot(name, what, "Save it as PNG or JPEG.", why=Why.SKIPPED)
    what = media_types.in_words(kind)
    return cannot(
        name,
        f"is {what} that cannot be read" if what != "a program" else "is a program",
        "Texts, code, PDF, Office and OpenDocument files, books, web pages, mail and pictures can be read.",
        why=Why.SKIPPED,
    )
