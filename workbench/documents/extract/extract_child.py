"""The extraction child: reads the file on its standard input and writes what is in it as one line of JSON.

The order comes as an argument. Importing is done before `confine`, reading after it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from typing import Any, BinaryIO

from workbench.documents.extract import media_types
from workbench.documents.extract.confinement import confine
from workbench.documents.extract.document import DocumentError, Extracted, Limits
from workbench.documents.extract.opening import cannot
from workbench.engine.launching import containment

CHILD_FLAG = "--extract-child"
HEAD_BYTES = 4096
_READERS = {
    media_types.PDF: "pdf",
    media_types.DOCX: "word",
    media_types.PPTX: "slides",
    media_types.XLSX: "sheets",
    media_types.HTML: "html",
    **dict.fromkeys(media_types.PICTURES, "pictures"),
}


def command(order: str) -> list[str]:
    """What starts this module as a process; the frozen app starts itself, with a flag that its entry looks for."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_FLAG, order]
    return [sys.executable, "-m", "workbench.documents.extract.extract_child", order]


def main(arguments: Sequence[str] | None = None) -> int:
    order = json.loads((sys.argv[1:] if arguments is None else arguments)[-1])
    channel = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no part of the answer
    containment.lower_rights()
    containment.end_with_parent(order["parent"])
    name, limits = str(order["name"]), Limits(**order["limits"])
    with os.fdopen(os.dup(0), "rb") as file:
        answer = _answer(file, name, limits)
    said = json.dumps(answer).encode()
    while said:
        said = said[os.write(channel, said) :]
    return 0


def _answer(file: BinaryIO, name: str, limits: Limits) -> dict[str, Any]:
    try:
        return asdict(_read(file, name, limits))
    except DocumentError as error:
        return {"error": error.message, "hint": error.hint}
    except MemoryError:
        pass  # told outside: what filled the memory is freed there
    except Exception as error:  # noqa: BLE001 - a broken file makes a library raise whatever it likes
        return _told(cannot(name, "is broken, or no file of its kind"), type(error).__name__)
    return _told(cannot(name, "needs more memory to be read than is given to one file"), "MemoryError")


def _told(error: DocumentError, detail: str) -> dict[str, Any]:
    return {"error": error.message, "hint": error.hint, "detail": detail}


def _read(file: BinaryIO, name: str, limits: Limits) -> Extracted:
    head = file.read(HEAD_BYTES)
    file.seek(0)
    kind = media_types.media_type(head, name)
    if kind == media_types.ZIP:
        kind = _inside(file, name)
    reader = _READERS.get(kind) or ("text" if media_types.looks_like_text(head) and not _known(kind) else None)
    if reader is None:
        raise _not_read(kind, name)
    module = import_module(f"workbench.documents.extract.readers.{reader}")
    module.prepare()
    confine(limits, file.fileno() + 1)
    extracted: Extracted = module.read(file, name, kind, limits)
    return extracted


def _known(kind: str) -> bool:
    """Whether it is a kind that has a name because it is *not* read, though its beginning looks like text."""
    return media_types.in_words(kind) != media_types.in_words("")


def _inside(file: BinaryIO, name: str) -> str:
    from workbench.documents.extract.readers.archive import names

    found = media_types.office(names(file, name))
    file.seek(0)
    return found


def _not_read(kind: str, name: str) -> DocumentError:
    if kind == media_types.OLE:
        return cannot(name, "is an old Office file or has a password", "Save it as DOCX, XLSX or PPTX without one.")
    if kind.startswith("image/"):
        return cannot(name, f"is {media_types.in_words(kind)}, which models do not take", "Save it as PNG or JPEG.")
    what = media_types.in_words(kind)
    return cannot(
        name,
        f"is {what} that cannot be read" if what != "a program" else "is a program",
        "Texts, code, PDF, DOCX, PPTX, XLSX, CSV, HTML and pictures can be attached.",
    )


if __name__ == "__main__":
    sys.exit(main())
