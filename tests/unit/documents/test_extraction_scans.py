"""Pages that are pictures: told, and read where Tesseract is installed."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import documents, other_documents
from workbench.cancel import CancelToken
from workbench.documents.chunking.chunk import chunks
from workbench.documents.extract import ocr
from workbench.documents.extract.document import DocumentError, Why
from workbench.documents.extract.extraction import extract
from workbench.documents.extract.pool import ExtractionPool
from workbench.errors import Cancelled

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the program that pretends is a script")
GREY = (8, 8, b"\x80" * 64)


@pytest.fixture
def pool() -> Iterator[ExtractionPool]:
    made = ExtractionPool(1)
    yield made
    made.close()


@pytest.fixture
def scanned(tmp_path: Path) -> Path:
    path = tmp_path / "scan.pdf"
    path.write_bytes(other_documents.scan([GREY, "Written words.", GREY]))
    return path


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A program called tesseract, alone on the PATH."""
    there = folder / "bin"
    there.mkdir()
    program = there / "tesseract"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{there}{os.pathsep}/usr/bin{os.pathsep}/bin")


LISTED = 'if [ "$1" = --list-langs ]; then printf "List (3):\\nosd\\ndeu\\neng\\n"; exit; fi'


def test_without_a_program_the_pages_are_told(
    pool: ExtractionPool, scanned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    found = pool.read(scanned, scanned.name, CancelToken())
    assert found.notes == ("2 pages have no text: they are pictures.",)
    assert found.scanned == (1, 3)
    assert found.text.strip() == "Written words."


def test_a_scan_without_a_program_is_refused(
    pool: ExtractionPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    path = tmp_path / "scan.pdf"
    path.write_bytes(other_documents.scan([GREY]))
    with pytest.raises(DocumentError, match="its pages are pictures") as told:
        pool.read(path, path.name, CancelToken())
    assert told.value.why is Why.SKIPPED
    assert "Tesseract" in told.value.hint
    with pytest.raises(DocumentError, match="its pages are pictures"):
        extract(path, CancelToken())


def test_pages_are_read_by_the_program(
    pool: ExtractionPool, scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, f'{LISTED}\nhead -c 4 | tail -c 3; echo " $@"')
    found, passages = pool.read_cut(scanned, scanned.name, CancelToken())
    assert [text.strip() for _label, text in found.pieces] == [
        "PNG stdin stdout -l eng+deu",
        "Written words.",
        "PNG stdin stdout -l eng+deu",
    ]
    assert [section.page for section in found.sections] == [1, 2, 3]
    assert found.notes == ("2 of 2 pages that are pictures were read: words may be wrong.",)
    assert passages == chunks(found, scanned.name)


@pytest.mark.parametrize("script", ["exit 1", "kill -9 $$", "cat > file-that-must-not-be; exit 0"])
def test_a_program_that_fails_takes_nothing_along(
    pool: ExtractionPool, scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    install(tmp_path, monkeypatch, f"{LISTED}\ncd {tmp_path}\n{script}")
    found = pool.read(scanned, scanned.name, CancelToken())
    assert found.text.strip() == "Written words."
    assert found.notes == ("0 of 2 pages that are pictures were read: words may be wrong.",)
    written = tmp_path / "file-that-must-not-be"
    assert not written.exists() or not written.stat().st_size


def test_reading_pictures_can_be_cancelled(
    pool: ExtractionPool, scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, f"{LISTED}\nexec sleep 60")
    token = CancelToken()
    soon = threading.Timer(3.0, token.cancel)
    soon.start()
    with pytest.raises(Cancelled):
        pool.read(scanned, scanned.name, token)
    soon.join()


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")
def test_the_real_program_reads_a_page(pool: ExtractionPool, tmp_path: Path) -> None:
    written = tmp_path / "written.pdf"
    written.write_bytes(documents.pdf(["The pears are ripe in autumn.\nInvoice number 4711."]))
    picture = pool.page_image(written, 1, ocr.PAGE_WIDTH, CancelToken())
    found = ocr.installed(CancelToken())
    assert found is not None
    words = found.words(picture, CancelToken())
    assert "pears are ripe" in words
    assert "4711" in words
    assert found.words(b"no picture", CancelToken()) == ""
