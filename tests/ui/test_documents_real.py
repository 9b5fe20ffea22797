"""The Documents page over the real core: real files in a real folder, read, followed, searched and explained."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.fakes.documents import docx, paragraph, pdf
from tests.ui.test_documents import words_of
from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.documents.page import DocumentsPage
from ui.main_window import MainWindow
from workbench.app import Workbench, build
from workbench.paths import Paths

PATIENCE = 60_000  # milliseconds


@pytest.fixture
def core(home: Path) -> Iterator[Workbench]:
    made = build(Paths(home))
    yield made
    made.close()


@pytest.fixture
def window(core: Workbench, bridge: Bridge, appearance: Appearance, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(appearance, bridge, core.paths)
    made.show()
    made.fill(core)
    bridge.run(lambda _job: core.follow_documents())
    yield made
    qtbot.waitUntil(lambda: bridge.idle, timeout=PATIENCE)
    made.close()
    bridge.close()
    made.deleteLater()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "Papers"
    made.mkdir()
    (made / "lease.pdf").write_bytes(pdf(["The rent is 940 euro.", "Notice has to be given three months before."]))
    (made / "letter.docx").write_bytes(docx(paragraph("The landlord raises the rent in May.")))
    (made / "notes.md").write_text("# Talk\n\nHe said that the **heating** will be repaired.\n")
    (made / "photo.jpg").write_bytes(b"\xff\xd8\xff" + bytes(100))
    (made / "broken.pdf").write_bytes(b"%PDF-1.4 and then nothing")
    return made


def test_a_folder_is_read_searched_explained_and_followed(
    window: MainWindow, core: Workbench, folder: Path, qtbot: QtBot
) -> None:
    def until(check: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(check()), timeout=PATIENCE)

    window.pages.open_documents()
    page = window.findChild(DocumentsPage)
    assert page is not None
    until(page.folders.add.isVisible)
    page.folders.add.field.setText(str(folder))
    QTest.keyClick(page.folders.add.field, Qt.Key.Key_Return)
    until(lambda: page.folders.cards)
    (card,) = page.folders.cards.values()
    until(lambda: "3 indexed · 1 failed · 1 skipped" in words_of(card))
    until(lambda: "Up to date" in words_of(card))
    next(one for one in card.steps if one.text() == "Show why").click()
    files = page.folder.files
    until(lambda: [file.path for file in files.model.files] == ["broken.pdf"])
    assert files.model.files[0].reason
    window.pages.search_documents()
    QTest.keyClicks(page.search.field, "notice three mont")
    until(lambda: page.search.list.hits)
    hit = page.search.list.hits[0]
    assert (hit.document.path, hit.chunk.page) == ("lease.pdf", 2)
    until(lambda: "by words and meaning" in words_of(page.search))
    QTest.keyClick(page.search.field, Qt.Key.Key_Return)
    panel = window._reading.viewer().panel
    until(lambda: panel.isVisible() and "lease.pdf" in words_of(panel))
    panel.dismiss()
    page.search.field.setText("quorum of the landlord")
    page.search.why_button.click()
    until(lambda: "What was not searched" in words_of(page.search.why))
    said = words_of(page.search.why)
    assert "quorum" in said
    assert "Papers: 1 file" in said
    (folder / "new.txt").write_text("The zeppelin lands on Tuesday.\n")
    page.search.field.setText("zeppelin")
    until(lambda: [one.document.path for one in page.search.list.hits][:1] == ["new.txt"])
    shutil.move(folder, folder.with_name("Elsewhere"))
    page.show_all_folders()
    until(lambda: "still answers" in words_of(card))
