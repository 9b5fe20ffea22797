"""Reading pages that are pictures, where Tesseract is installed: it runs as a program of its own, one page at a time.

The confined child draws a page; Tesseract gets it as PNG on its standard input and says its words on its standard output.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.documents.extract import extract_child
from workbench.documents.extract.document import DocumentError, Extracted, Limits, put_together
from workbench.documents.extract.extraction import CHILD_FOLDER, child_environment
from workbench.engine.launching import containment

PROGRAM = "tesseract"
PAGE_WIDTH = 1_700  # 200 dots an inch on paper as wide as A4
MOST_PAGES = 300
MOST_SECONDS = 600.0
MOST_LANGUAGES = 4
_PAGE = Limits(seconds=60.0, memory_bytes=2 << 30)

Draw = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Ocr:
    """``program``: its path; ``languages``: those it has words of, as it calls them."""

    program: Path
    languages: tuple[str, ...]

    def words(self, picture: bytes, cancel: CancelToken) -> str:
        """What stands in a PNG; empty where it fails or takes over a minute. Raises `Cancelled`."""
        spoken = ["-l", "+".join(self.languages)] if self.languages else []
        return _run([str(self.program), "stdin", "stdout", *spoken], picture, cancel)


def installed(cancel: CancelToken) -> Ocr | None:
    """Tesseract, where it is on the PATH. Runs it once, to ask for its languages."""
    found = shutil.which(PROGRAM)
    if found is None:
        return None
    listed = _run([found, "--list-langs"], b"", cancel).splitlines()[1:]
    # Those of its own are no languages: how a page is turned, and formulas.
    spoken = [one.strip() for one in listed if one.strip() and one.strip() not in ("osd", "equ")]
    spoken.sort(key=lambda one: one != "eng")
    return Ocr(Path(found), tuple(spoken[:MOST_LANGUAGES]))


def with_words(extracted: Extracted, ocr: Ocr, draw: Draw, limits: Limits, cancel: CancelToken) -> Extracted:
    """The same file with the words of its pages that are pictures, as far as there is time. Raises `Cancelled`."""
    until = time.monotonic() + MOST_SECONDS
    found: dict[int, str] = {}
    for page in extracted.scanned[:MOST_PAGES]:
        if time.monotonic() > until:
            break
        cancel.check()
        try:
            found[page] = ocr.words(draw(page), cancel).strip()
        except DocumentError:
            found[page] = ""
    return _joined(extracted, found, limits)


def _joined(extracted: Extracted, found: dict[int, str], limits: Limits) -> Extracted:
    """Pure."""
    labels = [section.label for section in extracted.sections]
    texts = [found.get(number) or text.strip("\n") for number, (_label, text) in enumerate(extracted.pieces, 1)]
    read = sum(1 for text in found.values() if text)
    # What was said of pages without text is said anew.
    notes = [note for note in extracted.notes if not note.endswith(("it is a picture.", "they are pictures."))]
    notes.append(f"{read:,} of {len(extracted.scanned):,} pages that are pictures were read: words may be wrong.")
    pieces = list(zip(labels, texts, strict=True))
    made = put_together(pieces, extracted.media_type, limits, notes, title=extracted.title, numbered=True)
    return replace(made, scanned=tuple(page for page in extracted.scanned if not found.get(page)))


def _run(command: Sequence[str], given: bytes, cancel: CancelToken) -> str:
    """What the program says; empty where it fails."""
    order = json.dumps({"parent": os.getpid(), "limits": asdict(_PAGE), "runs": list(command)})
    limited = list(command) if sys.platform == "win32" else extract_child.command(order)
    kept = {key: value for key, value in os.environ.items() if key == "TESSDATA_PREFIX"}
    try:
        process = subprocess.Popen(
            limited,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=CHILD_FOLDER,
            env=child_environment() | kept | {"OMP_THREAD_LIMIT": "1"},
            **containment.spawn_options(),
        )
    except OSError:
        return ""
    bond = containment.bind(process, _PAGE.memory_bytes)
    with process, cancel.unblocks(process.kill):
        try:
            said, _nothing = process.communicate(given, timeout=_PAGE.seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            said = b""
    del bond
    cancel.check()
    return said.decode("utf-8", "replace") if process.returncode == 0 else ""
