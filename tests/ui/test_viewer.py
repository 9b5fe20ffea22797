"""Documents beside the chat: every kind of them, the passage marked, long ones, changed ones, hostile ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.fakes.document_folders import FakeDocuments
from tests.patience import MILLISECONDS
from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.documents.viewer.desk import ViewerDesk
from ui.documents.viewer.face import Face, face_of, language_of, may_be_opened
from ui.documents.viewer.opened import located, opened_cited
from ui.documents.viewer.page_view import Box
from ui.documents.viewer.shown_text import LONGEST_LINE, ShownText
from ui.documents.viewer.table_view import TableView
from ui.documents.viewer.tables import table_rows
from ui.documents.viewer.text_view import PIECE, TextView
from ui.notify import Toasts
from workbench.documents.collection import Document
from workbench.errors import StorageError
from workbench.messages import Passage

LEASE = "The lease ends in May, and the notice period is three months."
NOTES = f"# Notes\n\nSome **bold** words.\n\n{LEASE}\n\n- one\n- two\n"
WIDE = "\N{GRINNING FACE}"


def passage(path: Path, text: str, start: int = 0, number: int = 1, sha256: str = f"{1:064x}") -> Passage:
    return Passage(number, str(path), "papers", sha256, start, start + len(text), text)


# Places in a text --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["short", f"{WIDE}a\n{WIDE}" * 40, "x" * 5001, f"{WIDE}b" * 3000 + "\n" + "y" * LONGEST_LINE, "a\n\nb\n"]
)
def test_every_character_is_where_the_view_has_it(text: str) -> None:
    made = ShownText(text)
    units = made.shown.encode("utf-16-le")
    for offset in (*range(0, len(text), 7), len(text) - 1):
        at = made.position(offset)
        size = 2 if text[offset] == WIDE else 1
        assert units[2 * at : 2 * (at + size)].decode("utf-16-le") == text[offset]
    assert max(map(len, made.shown.split("\n"))) <= LONGEST_LINE
    assert "".join(made.pieces(100)) == made.shown


def test_rows_of_tables_know_their_place() -> None:
    text = 'name,note\n"Ada","two\nlines"\nBob,x'
    rows = table_rows(f"before\n{text}", 7, 7 + len(text))
    assert [row.cells for row in rows] == [("name", "note"), ("Ada", "two\nlines"), ("Bob", "x")]
    assert [f"before\n{text}"[row.begin : row.end] for row in rows] == ["name,note", '"Ada","two\nlines"', "Bob,x"]
    sheet = "a | b\n1 | x, y"
    assert [row.cells for row in table_rows(sheet, 0, len(sheet))] == [("a", "b"), ("1", "x, y")]


def test_a_cell_that_never_ends_is_shown_as_lines() -> None:
    text = 'a,b\n"' + "x" * 200_000 + "\nlast,row"
    rows = table_rows(text, 0, len(text))
    assert rows[0].cells == ("a", "b")
    assert text[rows[-1].begin : rows[-1].end].endswith("last,row")


def test_the_face_of_a_document() -> None:
    assert face_of("application/pdf", "a.pdf") is Face.PAGES
    assert face_of("text/markdown", "a.md") is Face.MARKDOWN
    assert face_of("text/csv", "a.csv") is Face.TABLE
    assert face_of("text/plain", "a.py") is Face.CODE
    assert face_of("text/plain", "README") is Face.TEXT
    assert language_of("a.py") == "python"


@pytest.mark.parametrize(
    ("name", "opens"), [("a.pdf", True), ("a.docx", True), ("run.sh", False), ("a.bat", False), ("x", False)]
)
def test_only_documents_are_handed_to_the_system(name: str, opens: bool) -> None:
    assert may_be_opened(name) is opens


def test_a_passage_is_found_where_it_moved_to() -> None:
    one = passage(Path("/x"), "same words", 100)
    text = f"{'-' * 30}same words{'-' * 50}same words"
    assert located(text, one) == (90, 100)
    assert located("other", one) is None


# The views ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def view(appearance: Appearance, qtbot: QtBot) -> TextView:
    made = TextView(appearance)
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    return made


def test_a_long_text_comes_in_pieces_and_the_passage_is_reached(view: TextView, qtbot: QtBot) -> None:
    text = "".join(f"{WIDE} Line {number} of a long text.\n" for number in range(20_000))
    start = text.index("Line 19000")
    view.show_text(ShownText(text))
    assert view.is_filling
    assert view.document().characterCount() < 3 * PIECE
    view.mark(start, start + 24)
    qtbot.waitUntil(lambda: not view.is_filling, timeout=MILLISECONDS)
    assert view.marked == text[start : start + 24]
    top = view.cursorForPosition(view.viewport().rect().topLeft()).blockNumber()
    assert 18_900 < top <= 19_000


def test_find_in_a_text_that_is_still_filled_in(view: TextView, qtbot: QtBot) -> None:
    view.show_text(ShownText("a word\n" * 60_000 + "Needle\n"))
    assert view.find("needle") == 1
    assert view.find_next() == (1, 1)
    qtbot.waitUntil(lambda: not view.is_filling, timeout=MILLISECONDS)
    assert view.textCursor().block().text() == "Needle"
    assert view.find_next(backwards=True) == (1, 1)
    assert view.find("") == 0
    assert view.find_next() == (0, 0)


def test_code_has_its_colours_after_a_while(view: TextView, qtbot: QtBot) -> None:
    view.show_text(ShownText("def f(x):\n    return x  # why\n" * 300), language="python", code=True)
    qtbot.waitUntil(lambda: view._highlighter is not None and view._highlighter.is_done, timeout=MILLISECONDS)
    last = view.document().findBlockByNumber(599).layout()
    assert last is not None
    assert last.formats()


def test_rows_of_a_passage_stand_out(appearance: Appearance, qtbot: QtBot) -> None:
    text = "name,amount\n" + "\n".join(f"Person {number},{number}" for number in range(500))
    table = TableView(appearance)
    qtbot.addWidget(table)
    table.resize(400, 300)
    table.show()
    table.show_rows(table_rows(text, 0, len(text)))
    start = text.index("Person 300")
    table.mark(start, start + 14)
    model = table.rows
    marked = [row for row in range(model.rowCount()) if model.is_marked(row)]
    assert marked == [300]
    assert table.currentIndex().row() == 300
    assert "in the passage" in model.data(model.index(300, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert table.find("person 49") == 11
    assert table.find_next(backwards=True) == (11, 11)


def test_the_row_that_names_the_columns_stays_in_sight(appearance: Appearance, qtbot: QtBot) -> None:
    text = "name,amount\n" + "\n".join(f"Person {number},{number}" for number in range(500))
    table = TableView(appearance)
    qtbot.addWidget(table)
    table.show_rows(table_rows(text, 0, len(text)))
    model = table.rows
    assert [model.headerData(column, Qt.Orientation.Horizontal) for column in range(2)] == ["name", "amount"]
    assert model.headerData(0, Qt.Orientation.Vertical) == 2, "rows are counted as in the file"
    assert model.rowCount() == 500
    assert table.find("amount") == 1
    assert table.find_next() == (1, 1)
    numbers = "1,2\n3,4"
    table.show_rows(table_rows(numbers, 0, len(numbers)))
    assert model.headerData(0, Qt.Orientation.Horizontal) == 1
    assert model.headerData(0, Qt.Orientation.Vertical) == 1
    assert model.rowCount() == 2
    table.show_rows(table_rows("name,amount", 0, 11))
    assert model.rowCount() == 1, "a row alone is a row"


# The desk ----------------------------------------------------------------------------------------------------------------


class Papers:
    """A folder of documents, and the desk that opens them."""

    def __init__(self, desk: ViewerDesk, documents: FakeDocuments, folder: Path, bot: QtBot) -> None:
        self.desk, self.documents, self.folder, self.bot = desk, documents, folder, bot
        self.id = documents.add(folder).id

    def put(self, name: str, text: str, media_type: str = "text/plain", *, changed: bool = False) -> Document:
        return self.documents.put(self.id, name, text, media_type=media_type, changed=changed)

    def until(self, check: Callable[[], bool]) -> None:
        self.bot.waitUntil(check, timeout=MILLISECONDS)

    @property
    def viewer(self):  # type: ignore[no-untyped-def]
        return self.desk.viewer


@pytest.fixture
def papers(appearance: Appearance, bridge: Bridge, tmp_path: Path, qtbot: QtBot) -> Iterator[Papers]:
    from PySide6.QtWidgets import QHBoxLayout

    window, beside = QWidget(), QWidget()
    row = QHBoxLayout(window)
    row.addWidget(beside)
    qtbot.addWidget(window)
    window.resize(1200, 700)
    documents = FakeDocuments()
    folder = tmp_path / "Papers"
    folder.mkdir()
    desk = ViewerDesk(bridge, lambda: documents, appearance, Toasts(beside, beside, appearance), beside)
    window.show()
    yield Papers(desk, documents, folder, qtbot)
    qtbot.waitUntil(lambda: bridge.idle, timeout=MILLISECONDS)


def test_a_text_opens_at_its_passage(papers: Papers) -> None:
    text = "Nothing here.\n\n" * 50 + LEASE
    document = papers.put("lease.txt", text)
    papers.desk.open_passage(document.id, text.index(LEASE), len(text))
    papers.until(lambda: papers.viewer.text.marked == LEASE)
    assert papers.viewer.title.text() == "lease.txt"
    assert papers.viewer.stack.currentWidget() is papers.viewer.text
    assert papers.viewer.text.hasFocus() or not papers.viewer.isActiveWindow()


def test_markdown_is_rendered_and_its_source_is_a_click_away(papers: Papers) -> None:
    document = papers.put("notes.md", NOTES, "text/markdown")
    start = NOTES.index(LEASE)
    papers.desk.open_passage(document.id, start, start + len(LEASE))
    papers.until(lambda: papers.viewer.opened is not None)
    assert papers.viewer.stack.currentWidget() is papers.viewer.markdown
    lit = [row.block.source for row in papers.viewer.markdown.sections[0].rows if row.lit]
    assert lit == [LEASE]
    papers.viewer.look.click()
    assert papers.viewer.stack.currentWidget() is papers.viewer.text
    assert papers.viewer.text.marked == LEASE
    assert "**bold**" in papers.viewer.text.toPlainText()


def test_html_in_a_markdown_document_stays_text(papers: Papers) -> None:
    papers.put(
        "evil.md",
        "<img src='file:///etc/passwd'> <script>x</script> [a](javascript:x) ![p](http://e.com/x.png)",
        "text/markdown",
    )
    papers.desk.open_passage(1)
    papers.until(lambda: papers.viewer.opened is not None)
    (row,) = papers.viewer.markdown.sections[0].rows
    html = papers.viewer.markdown.row_widget(0, 0)._text.toHtml()
    assert "&lt;img src=" in html
    assert "javascript:" not in html
    assert "<img src" not in html
    assert row.block


def test_a_page_has_its_picture_and_its_text(papers: Papers) -> None:
    document = papers.put("report.pdf", f"One.\fHere: {LEASE}\fThree.", "application/pdf")
    text = papers.documents.text(document.id).text
    start = text.index(LEASE)
    papers.desk.open_passage(document.id, start, start + len(LEASE))
    pages = papers.viewer.pages
    papers.until(lambda: pages.text.marked == LEASE and pages.picture.is_drawn)
    assert pages.where.text() == "Page 2 of 3"
    pages.after.click()
    papers.until(lambda: pages.picture.is_drawn)
    assert pages.where.text() == "Page 3 of 3"
    assert not pages.after.isEnabled()
    assert "Three." in pages.text.toPlainText()


def test_the_passage_is_marked_in_the_picture(papers: Papers) -> None:
    document = papers.put("report.pdf", f"One.\fHere: {LEASE}", "application/pdf")
    asked: list[tuple[int, str]] = []

    def boxes(_document: int, page: int, words: str, _cancel: object) -> tuple[Box, ...]:
        asked.append((page, words))
        return ((0.1, 0.50, 0.4, 0.52), (0.4, 0.501, 0.9, 0.52), (0.1, 0.53, 0.6, 0.55))

    papers.documents.page_boxes = boxes  # type: ignore[method-assign,assignment]
    start = papers.documents.text(document.id).text.index(LEASE)
    papers.desk.open_passage(document.id, start, start + len(LEASE))
    pages = papers.viewer.pages
    papers.until(lambda: pages.picture.is_drawn and bool(pages.picture.boxes))
    assert asked[-1] == (2, LEASE)
    assert pages.picture.boxes == ((0.1, 0.50, 0.9, 0.52), (0.1, 0.53, 0.6, 0.55))
    image = pages.picture.grab().toImage()
    ratio = image.devicePixelRatio()
    wide, tall = pages.picture.width(), pages.picture._tall
    inside = image.pixelColor(round(0.5 * wide * ratio), round(0.51 * tall * ratio))
    outside = image.pixelColor(round(0.5 * wide * ratio), round(0.6 * tall * ratio))
    assert inside.red() < outside.red()
    pages.before.click()
    assert pages.picture.boxes == ()


def test_a_page_that_cannot_be_drawn_still_has_its_text(papers: Papers) -> None:
    document = papers.put("report.pdf", "One.\fTwo.", "application/pdf")
    papers.documents.page_image = lambda *_any: b"no picture"  # type: ignore[method-assign]
    papers.desk.open_passage(document.id)
    papers.until(lambda: "could not be drawn" in papers.viewer.pages.picture._words.text())
    assert "One." in papers.viewer.pages.text.toPlainText()


def test_a_table_opens_as_one(papers: Papers) -> None:
    text = "name,amount\nAda,1\nBob,2"
    document = papers.put("people.csv", text, "text/csv")
    papers.desk.open_passage(document.id, text.index("Bob"), len(text))
    papers.until(lambda: papers.viewer.opened is not None)
    assert papers.viewer.stack.currentWidget() is papers.viewer.table
    assert papers.viewer.table.rows.is_marked(1)
    papers.viewer.look.click()
    assert papers.viewer.text.marked == "Bob,2"


def test_passages_of_an_answer_are_a_key_apart(papers: Papers) -> None:
    papers.put("a.txt", LEASE)
    papers.put("b.txt", "Second text of all.")
    both = (
        passage(papers.folder / "a.txt", LEASE),
        passage(papers.folder / "b.txt", "Second", number=2, sha256=f"{2:064x}"),
    )
    papers.desk.open_cited(both, 0)
    papers.until(lambda: papers.viewer.text.marked == LEASE)
    assert papers.viewer.place.text() == "1 of 2"
    assert not papers.viewer.before.isEnabled()
    papers.viewer.after.click()
    papers.until(lambda: papers.viewer.text.marked == "Second")
    assert papers.viewer.title.text() == "b.txt"
    assert papers.viewer.note.isHidden()


def test_a_file_that_has_changed_is_told(papers: Papers) -> None:
    document = papers.put("a.txt", f"New words before. {LEASE}")
    read = papers.documents.text(document.id)
    moved = opened_cited(read, passage(papers.folder / "a.txt", LEASE, 0, sha256="f" * 64))
    assert moved.span == (18, 18 + len(LEASE))
    assert "has changed" in moved.notes[0]
    papers.desk.open_cited((passage(papers.folder / "a.txt", "Words that are gone.", sha256="f" * 64),), 0)
    papers.until(lambda: papers.viewer.opened is not None)
    assert "does not stand in it any more" in papers.viewer.note.text()
    assert "Words that are gone." in papers.viewer.note.text()
    assert papers.viewer.text.marked == ""


def test_a_file_that_is_gone_shows_its_passage(papers: Papers) -> None:
    papers.desk.open_cited((passage(papers.folder / "gone.txt", LEASE),), 0)
    papers.until(lambda: papers.viewer.text.marked == LEASE)
    assert "none of your folders" in papers.viewer.note.text()
    assert papers.viewer.outside.isHidden()


def test_a_failure_is_told_in_its_place(papers: Papers) -> None:
    papers.documents.failure = StorageError("The index cannot be read.", hint="Look at the disk.")
    papers.desk.open_passage(1)
    papers.until(lambda: "The index cannot be read." in papers.viewer.note.text())
    assert papers.desk.panel.isVisible()


def test_the_keyboard_finds_and_closes(papers: Papers) -> None:
    document = papers.put("lease.txt", f"{LEASE}\n{LEASE}")
    papers.desk.open_passage(document.id)
    papers.until(lambda: papers.viewer.opened is not None and not papers.viewer.text.is_filling)
    QTest.keyClick(papers.viewer.text, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert papers.viewer.find_bar.isVisible()
    QTest.keyClicks(papers.viewer.find_bar.field, "MAY")
    QTest.keyClick(papers.viewer.find_bar.field, Qt.Key.Key_Return)
    assert papers.viewer.text.textCursor().position() == LEASE.index("May")
    QTest.keyClick(papers.viewer.find_bar.field, Qt.Key.Key_Escape)
    assert papers.viewer.find_bar.isHidden()
    QTest.keyClick(papers.viewer.text, Qt.Key.Key_Escape)
    assert papers.desk.panel.isHidden()


def test_a_script_is_not_run_but_shown_in_its_folder(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", asked.append)
    for name in ("run.sh", "paper.pdf"):
        (papers.folder / name).write_text("x")
        papers.desk.hand_over(str(papers.folder / name))
    assert [Path(url.toLocalFile()).name for url in asked] == ["Papers", "paper.pdf"]
    papers.desk.hand_over(str(papers.folder / "gone.pdf"))
    assert len(asked) == 2


def test_a_quotation_has_its_source(papers: Papers) -> None:
    document = papers.put("lease.txt", LEASE)
    papers.desk.open_passage(document.id, 0, 21)
    papers.until(lambda: papers.viewer.opened is not None)
    papers.viewer.quote.click()
    assert QGuiApplication.clipboard().text() == "“The lease ends in May” (lease.txt)"
