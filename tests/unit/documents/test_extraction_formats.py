"""Books, OpenDocument files, mail, notebooks, RTF: what is read of them, and how hostile ones end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.fakes import documents, other_documents
from workbench.cancel import CancelToken
from workbench.documents.extract.document import DocumentError, Extracted
from workbench.documents.extract.pool import ExtractionPool
from workbench.documents.extract.readers import pdf
from workbench.documents.formats import FORMATS

pytestmark = pytest.mark.keeps_children


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractionPool]:
    made = ExtractionPool(1)
    yield made
    made.close()


class Reading:
    def __init__(self, pool: ExtractionPool, folder: Path) -> None:
        self._pool = pool
        self._folder = folder

    def __call__(self, name: str, content: bytes | str) -> Extracted:
        path = self._folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self._pool.read(path, name, CancelToken())

    def refused(self, name: str, content: bytes | str) -> str:
        with pytest.raises(DocumentError) as told:
            self(name, content)
        return told.value.message


@pytest.fixture
def read(pool: ExtractionPool, tmp_path: Path) -> Reading:
    return Reading(pool, tmp_path)


def test_a_book_in_the_order_of_its_chapters(read: Reading) -> None:
    found = read("a.epub", other_documents.epub(["<h1>Pears</h1><p>They are ripe.", "<p>Without a heading."]))
    assert [(label, text.strip()) for label, text in found.pieces] == [
        ("Pears", "# Pears\nThey are ripe."),
        ("Part 1", "Without a heading."),
    ]
    assert (found.title, found.media_type) == ("A Book", "application/epub+zip")
    assert [section.page for section in found.sections] == [None, None]


def test_a_chapter_that_is_broken_does_not_take_the_others_along(read: Reading) -> None:
    found = read("a.epub", other_documents.epub(["<p>One", "<div>" * 3000, "<p>Three"]))
    assert [text.strip() for _label, text in found.pieces] == ["One", "Three"]
    assert found.notes == ("1 of 3 chapters are broken and were left out.",)


def test_an_open_text(read: Reading) -> None:
    found = read(
        "a.odt",
        other_documents.opendocument(
            "text",
            "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
            '<text:h text:outline-level="2">Fruit</text:h>'
            '<text:p>Pears<text:s text:c="2"/>are <text:span>ripe<text:tab/>now</text:span>.'
            "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>In May.</text:p></text:note-body>"
            "</text:note></text:p>"
            "<text:list><text:list-item><text:p>one</text:p></text:list-item></text:list>"
            "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
            "<table:table-cell><text:p>b</text:p><text:p>c</text:p></table:table-cell></table:table-row></table:table>",
        ),
    )
    assert found.text == "## Fruit\nPears  are ripe\tnow. (In May.)\n- one\na | b c"


def test_open_sheets_and_slides(read: Reading) -> None:
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    row = (
        "<table:table-row>"
        + cell.format("", "Pear")
        + '<table:table-cell table:number-columns-repeated="2"/>'
        + cell.format("", "2")
        + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
    )
    sheets = other_documents.opendocument("spreadsheet", f'<table:table table:name="Prices">{row}</table:table>')
    assert [(a, b.strip()) for a, b in read("a.ods", sheets).pieces] == [("Sheet: Prices", "Pear |  |  | 2")]
    slides = other_documents.opendocument(
        "presentation",
        "<draw:page><draw:frame><text:p>First</text:p></draw:frame></draw:page><draw:page><text:p>Second</text:p></draw:page>",
    )
    found = read("a.odp", slides)
    assert [(label, text.strip()) for label, text in found.pieces] == [("Slide 1", "First"), ("Slide 2", "Second")]
    assert [section.page for section in found.sections] == [1, 2]


def test_a_mail(read: Reading) -> None:
    found = read("a.eml", other_documents.MAIL)
    assert found.text.splitlines() == [
        "From: Jürgen <j@example.org>",
        "To: Ada <ada@example.org>, bob@example.org",
        "Date: Mon, 01 Jan 2024 10:00:00 +0100",
        "Subject: Grüße from the garden",
        "",
        "The pears are ripe, Jürgen says.",
        "",
        "Attachment: prices.pdf",
    ]
    assert found.title == "Grüße from the garden"
    assert found.notes == ("What is attached was not read: prices.pdf.",)
    assert found.media_type == "message/rfc822"


def test_a_mail_that_is_a_web_page(read: Reading) -> None:
    mail = "From: a@example.org\nContent-Type: text/html; charset=nonsense\n\n<h2>Fruit</h2><p>Pears are ripe."
    assert read("a.eml", mail).text == "From: a@example.org\n\n## Fruit\nPears are ripe."


@pytest.mark.parametrize(
    "mail",
    [
        "Content-Type: multipart/mixed; boundary=a\n\n" + "--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 3000,
        "From: " + "(" * 20_000 + "\nSubject: " + "=?utf-8?q?" * 5_000 + "\n\nwords",
        "To: " + ", ".join(f"<a{n}@example.org>" for n in range(2_000)) + "\n\nwords",
        "To: " + ", ".join(f'"a" <a{n}@example.org>' for n in range(50_000)) + "\n\nwords",
        "Content-Type: text/plain; charset=rot13\n\nwords",
        "Content-Transfer-Encoding: base64\n\n!!!",
        "\n\n",
    ],
)
def test_hostile_mail_ends(read: Reading, mail: str) -> None:
    with suppress(DocumentError):
        assert read("a.eml", mail).text


def test_a_notebook(read: Reading) -> None:
    found = read(
        "a.ipynb",
        other_documents.notebook(
            ("markdown", "# Fruit\n\nAbout pears.", []),
            (
                "code",
                "print(1)",
                [
                    {"output_type": "stream", "text": ["1\n"]},
                    {"output_type": "display_data", "data": {"image/png": "aGk="}},
                ],
            ),
            ("code", "x", [{"output_type": "error", "ename": "NameError", "evalue": "no x", "traceback": ["long"]}]),
            ("code", "y", [{"output_type": "stream", "text": "z" * 9000}]),
        ),
    )
    assert found.text.startswith(
        "# Fruit\n\nAbout pears.\n\n```python\nprint(1)\n```\n\n```text\n1\n\n```\n\n```python\nx\n```\n\n"
        "```text\nNameError: no x\n```\n\n```python\ny\n```\n\n```text\nzzz"
    )
    assert len(found.text) < 2_000
    assert (found.title, found.media_type) == ("Fruit", "application/x-ipynb+json")


@pytest.mark.parametrize("content", ["{}", "[1, 2]", '{"cells": 5}', '{"cells": [7]}', "not json"])
def test_a_notebook_that_is_none(read: Reading, content: str) -> None:
    found = read("a.ipynb", content)
    assert found.text == content
    assert found.notes == ("It is no whole notebook.",)


def test_rtf(read: Reading) -> None:
    source = (
        r"{\rtf1\ansi\ansicpg1251\uc1{\fonttbl{\f0 Times;}}{\*\generator X;}{\info{\title no}}"
        r"{\pard\outlinelevel0 Fruit\par}\f0\'cf\'e5\'f0 \u228?pfel\u8364\'80 {\b bold}\line next\par"
        r"\trowd a\cell b\cell\row \{x\}\~y\par {\pict 0011aa}end}"
    )
    found = read("a.rtf", source)
    assert found.text == "# Fruit\nПер äpfel€ bold\nnext\na | b\n{x}\u00a0y\nend"
    assert found.media_type == "application/rtf"


@pytest.mark.parametrize("source", [r"{\rtf1 " + "{" * 100_000, r"{\rtf1 \u99999999 }}}}", r"{\rtf1"])
def test_hostile_rtf(read: Reading, source: str) -> None:
    assert read.refused("a.rtf", source)


def test_a_notebook_that_nests_without_end(read: Reading) -> None:
    assert "nests its parts too deeply" in read.refused("a.ipynb", "[" * 100_000)


# Texts and code ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.rs", "text/x-source"),
        ("Makefile", "text/x-source"),
        ("a.yml", "application/yaml"),
        ("a.toml", "application/toml"),
        ("a.json", "application/json"),
        ("a.log", "text/plain"),
    ],
)
def test_kinds_of_text(read: Reading, name: str, kind: str) -> None:
    assert read(name, "a: 1").media_type == kind
    assert kind in {one for each in FORMATS.values() for one in each.media_types}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_texts_without_a_mark(read: Reading, encoding: str) -> None:
    words = "Pears are ripe in autumn.\n"
    assert read("a.txt", (words * 50).encode(encoding)).text == (words * 50).strip()


@pytest.mark.parametrize(
    "junk",
    [
        bytes(range(256)) * 40,
        b"Looks like words at first. " * 400 + bytes(range(32)) * 2_000,
        b"\0" * 5_000,
        b"words\0" * 2_000,
        b"\x89\xfe" + bytes((7 * n * n + 3 * n) % 251 for n in range(20_000)),
    ],
)
def test_binary_junk_is_refused(read: Reading, junk: bytes) -> None:
    assert "bytes that no text has" in (told := read.refused("a.txt", junk)) or "cannot be read" in told


def test_a_log_with_a_few_odd_bytes_is_read(read: Reading) -> None:
    assert read("a.log", b"All is well.\n" * 1_000 + b"\0\0\x01").text.startswith("All is well.")


# What office files and PDFs say of themselves ------------------------------------------------------------------------


def test_headings_lists_and_frames_of_a_word_document(read: Reading) -> None:
    styles = (
        f'<w:styles xmlns:w="{documents.W}">'
        '<w:style w:styleId="Kop2"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:styleId="Eigen"><w:name w:val="Eigen"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style></w:styles>'
    )
    point = '<w:p><w:pPr><w:pStyle w:val="Kop2x"/><w:numPr/></w:pPr><w:r><w:t>point</w:t></w:r></w:p>'
    frame = (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:txbxContent><w:p><w:r><w:t>framed</w:t></w:r></w:p>'
        "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>framed</w:t></w:r></w:p></w:txbxContent>"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    body = documents.paragraph("Two", "Kop2") + documents.paragraph("Three", "Eigen") + point + frame
    core = '<c xmlns:dc="d"><dc:title>About fruit</dc:title></c>'
    content = documents.archive(
        {
            "word/document.xml": f'<w:document xmlns:w="{documents.W}"><w:body>{body}</w:body></w:document>',
            "word/styles.xml": styles,
            "word/footnotes.xml": f'<w:n xmlns:w="{documents.W}">{documents.paragraph("A note.")}</w:n>',
            "docProps/core.xml": core,
        }
    )
    found = read("a.docx", content)
    assert [line for line in found.text.split("\n") if line] == ["## Two", "### Three", "- point", "framed", "A note."]
    assert found.title == "About fruit"


def test_the_title_tables_and_notes_of_a_slide(read: Reading) -> None:
    a = documents.A
    para = "<a:p><a:r><a:t>{}</a:t></a:r></a:p>".format
    slide = (
        f'<p:sld xmlns:p="p" xmlns:a="{a}"><p:sp><p:ph type="title"/>{para("Fruit")}</p:sp><p:sp>{para("Pears")}</p:sp>'
        f"<a:tbl><a:tr><a:tc>{para('a')}</a:tc><a:tc>{para('b')}</a:tc></a:tr></a:tbl></p:sld>"
    )
    number = f'<p:sp><p:ph type="sldNum"/>{para("7")}</p:sp>'
    said = f'<p:sp><p:ph type="body"/>{para("Say hello.")}</p:sp>'
    notes = f'<p:notes xmlns:p="p" xmlns:a="{a}">{said}{number}</p:notes>'
    content = documents.archive(
        {
            "ppt/presentation.xml": '<p:presentation xmlns:p="p"/>',
            "ppt/slides/slide1.xml": slide,
            "ppt/slides/_rels/slide1.xml.rels": documents.relations(
                {"rId1": "../notesSlides/notesSlide1.xml"}, "notesSlide"
            ),
            "ppt/notesSlides/notesSlide1.xml": notes,
        }
    )
    assert read("a.pptx", content).text.strip() == "# Fruit\nPears\na | b\n\nNotes:\nSay hello."


def test_hyphens_at_the_ends_of_lines() -> None:
    said = pdf.repaired_pages(
        [
            "infor-\r\nmation, well\x02\r\nknown, Jean-\nPaul",
            "a well-known state-of-the-\nart 1990-\n2000 pre\u00adfix re\x02\nuse",
        ]
    )
    assert said == ["information, well-known, Jean-Paul", "a well-known state-of-the-art 1990-\n2000 prefix reuse"]
    assert pdf.repaired_pages(["x" * 300_000]) == ["x" * 300_000]


def test_pages_that_are_pictures_are_told(read: Reading) -> None:
    found = read("a.pdf", documents.pdf(["Words on the first page.", ""]))
    assert found.notes == ()  # an empty page is no picture
    assert pdf.scan_note(1) == "1 page has no text: it is a picture."
    assert pdf.scan_note(1200) == "1,200 pages have no text: they are pictures."
