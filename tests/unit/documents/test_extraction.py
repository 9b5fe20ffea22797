"""Files of every kind are read in the confined child, and every hostile one ends with a reason."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests.fakes import documents
from workbench.cancel import CancelToken
from workbench.documents.extract.document import DocumentError, Extracted, Limits
from workbench.documents.extract.extraction import LIMITS, extract
from workbench.errors import Cancelled


def read(folder: Path, name: str, content: bytes, limits: Limits = LIMITS) -> Extracted:
    path = folder / name
    path.write_bytes(content)
    return extract(path, CancelToken(), limits=limits)


def refused(folder: Path, name: str, content: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(DocumentError) as told:
        read(folder, name, content, limits)
    assert told.value.hint
    assert "Traceback" not in str(told.value)
    return told.value.message


# Honest files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "text", "kind"),
    [
        ("a.txt", "Grüße\r\nund mehr".encode(), "Grüße\nund mehr", "text/plain"),
        ("a.py", b"print('x')\n", "print('x')", "text/x-source"),
        ("a.csv", b"a,b\n1,2\n", "a,b\n1,2", "text/csv"),
        ("a.md", b"# Title\n", "# Title", "text/markdown"),
        ("marked.txt", "Zeile".encode("utf-8-sig"), "Zeile", "text/plain"),
        ("wide.txt", "Zeile\n".encode("utf-16"), "Zeile", "text/plain"),
        ("no ending", b"just words", "just words", "text/plain"),
        ("controls.txt", b"a\x1b[31mb\x07" + b"c" * 200, "a[31mb" + "c" * 200, "text/plain"),
    ],
)
def test_texts(tmp_path: Path, name: str, content: bytes, text: str, kind: str) -> None:
    found = read(tmp_path, name, content)
    assert (found.text, found.media_type, found.notes) == (text, kind, ())


def test_an_old_encoding_is_guessed_and_told(tmp_path: Path) -> None:
    words = "Привет, это обычный русский текст про погоду и людей. " * 20
    found = read(tmp_path, "a.txt", words.encode("cp1251"))
    assert found.text.strip() == words.strip()
    assert found.notes == ("Its encoding was taken to be cp1251.",)


def test_pages_of_a_pdf(tmp_path: Path) -> None:
    found = read(tmp_path, "report.pdf", documents.pdf(["First page.\nTwo lines.", "Second page."]))
    assert [label for label, _text in found.pieces] == ["Page 1", "Page 2"]
    assert found.pieces[0][1].split() == ["First", "page.", "Two", "lines."]
    assert found.pieces[1][1].strip() == "Second page."
    assert found.media_type == "application/pdf"


def test_a_pdf_is_known_by_its_content(tmp_path: Path) -> None:
    assert read(tmp_path, "report.txt", documents.pdf(["Words."])).media_type == "application/pdf"


def test_words_that_a_line_divided_are_put_together() -> None:
    from workbench.documents.extract.readers.pdf import repaired_pages

    assert repaired_pages(["an exam\x02\r\nple and well-known"]) == ["an example and well-known"]


def test_a_word_document(tmp_path: Path) -> None:
    body = (
        documents.paragraph("Report", "Heading1")
        + documents.paragraph("All is <well>.")
        + documents.table([["Name", "Price"], ["Pear", "2"]])
        + "<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r></w:p>"
    )
    found = read(tmp_path, "a.docx", documents.docx(body))
    assert found.text == "# Report\nAll is <well>.\nName | Price\nPear | 2\na\tb"


def test_slides_stand_in_the_order_they_are_shown(tmp_path: Path) -> None:
    found = read(tmp_path, "a.pptx", documents.pptx(["First\nslide", "Second"]))
    assert [(label, text.strip()) for label, text in found.pieces] == [
        ("Slide 1", "First\nslide"),
        ("Slide 2", "Second"),
    ]


def test_sheets(tmp_path: Path) -> None:
    content = documents.xlsx({"Prices": {"A1": "Pear", "B1": 2.5, "A3": 7.0}, "Empty": {}, "Names": {"C2": "Ada"}})
    found = read(tmp_path, "a.xlsx", content)
    assert [(label, text.strip()) for label, text in found.pieces] == [
        ("Sheet: Prices", "Pear | 2.5\n7"),
        ("Sheet: Empty", ""),
        ("Sheet: Names", "Ada"),
    ]


def test_a_web_page_without_its_scripts(tmp_path: Path) -> None:
    page = b"""<!doctype html><title>News</title><style>p{}</style><h2>Fruit</h2><p>Pears are
    <b>ri</b>pe.<ul><li>one<li>two</ul><table><tr><td>a<td>b</table><pre>x
  y</pre><script>alert('never')</script>"""
    found = read(tmp_path, "a.html", page)
    assert found.text == "News\n\n## Fruit\nPears are ripe.\n- one\n- two\na | b\nx\n  y"


def test_a_web_page_says_its_encoding(tmp_path: Path) -> None:
    page = "<html><head><meta charset='iso-8859-1'></head><body>Größe".encode("latin-1")
    assert read(tmp_path, "a.html", page).text == "Größe"


@pytest.mark.parametrize(
    ("content", "kind", "pixels"),
    [
        (documents.png(3, 2), "image/png", (3, 2)),
        (documents.jpeg_header(640, 480), "image/jpeg", (640, 480)),
        (b"GIF89a\x05\x00\x04\x00\x00\x00\x00", "image/gif", (5, 4)),
    ],
)
def test_pictures_are_known_and_measured(tmp_path: Path, content: bytes, kind: str, pixels: tuple[int, int]) -> None:
    found = read(tmp_path, "a.txt", content)
    assert (found.media_type, found.pixels, found.text) == (kind, pixels, "")


# Too much ------------------------------------------------------------------------------------------------------------


def test_a_long_text_is_cut_and_told(tmp_path: Path) -> None:
    found = read(tmp_path, "a.txt", b"word " * 100_000, replace(LIMITS, characters=1000))
    assert len(found.text) == 1000
    assert "Only the first 1,000 characters were read." in found.notes


def test_a_file_of_two_gigabytes_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.write(b"beginning " * 2_000_000)
        file.truncate(2 << 30)
    found = extract(path, CancelToken(), limits=replace(LIMITS, characters=1_000_000))
    assert found.text.startswith("beginning")
    assert len(found.text) == 1_000_000


def test_many_pages_end_at_the_limit(tmp_path: Path) -> None:
    found = read(tmp_path, "a.pdf", documents.pdf(["Some words."] * 300), replace(LIMITS, characters=500))
    assert len(found.text) <= 500 + 2
    assert any(note.startswith("Only the first") and "300" in note for note in found.notes)


# Hostile files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("bomb.docx", documents.docx_bomb(20 << 20), "unpacks to far more"),
        ("long.docx", documents.docx(f"<w:p>{'A' * (20 << 20)}</w:p>"), "unpacks to far more"),
        ("far.xlsx", documents.xlsx({"Far": {"A1": 1.0, "XFD1048576": 2.0}}), "spreads over 17,179,869,184 cells"),
        ("deep.html", b"<div>" * 200_000, "nests its elements too deeply"),
        ("locked.pdf", documents.pdf(["Secret"], encrypted=True), "is protected by a password"),
        ("cut.pdf", documents.pdf(["Words"])[:200], "is broken, or no PDF"),
        ("scan.pdf", documents.pdf([""]), "has no text"),
        ("cut.docx", documents.docx(documents.paragraph("words"))[:80], "is broken"),
        ("broken.docx", documents.docx("<w:p><w:r>"), "is broken"),
        ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Office file or has a password"),
        ("a.zip", documents.archive({"a.txt": "words"}), "is an archive that cannot be read"),
        ("a.exe", b"MZ\x90\x00\x03\x00\x00\x00" + b"\0\xff" * 200, "is a kind of file that cannot be read"),
        ("model.gguf", b"GGUF" + b"\0" * 100, "is a model that cannot be read"),
        ("empty.txt", b"", "is empty"),
        ("spaces.txt", b" \n \n", "is empty"),
        ("large.png", documents.png_header(60_000, 60_000), "is too large a picture (60,000 × 60,000 pixels)"),
        ("none.png", documents.png_header(0, 5), "is a broken picture"),
        ("cut.png", b"\x89PNG\r\n\x1a\n\0", "is a broken picture"),
        ("cut.jpg", b"\xff\xd8\xff\xc0\x00", "is a broken picture"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "which models do not take"),
        ("script.html", b"<html><script>document.write('x')</script>", "has no text"),
    ],
)
def test_hostile_files_end_with_a_reason(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    assert reason in refused(tmp_path, name, content, replace(LIMITS, unpacked_bytes=4 << 20))


def test_entities_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret words")
    xml = (
        f'<!DOCTYPE d [<!ENTITY s SYSTEM "file://{secret}"><!ENTITY a "{"x" * 100}">'
        + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdef", "bcdefg", strict=True))
        + f']><w:document xmlns:w="{documents.W}"><w:body><w:p><w:r><w:t>seen &s;&g;</w:t></w:r></w:p>'
        "</w:body></w:document>"
    )
    try:
        text = read(tmp_path, "a.docx", documents.archive({"word/document.xml": xml})).text
    except DocumentError:
        return
    assert "secret words" not in text
    assert len(text) < 1000


def test_one_far_sheet_does_not_take_the_others_along(tmp_path: Path) -> None:
    content = documents.xlsx({"Far": {"A1": 1.0, "XFD1048576": 2.0}, "Near": {"A1": "words"}})
    found = read(tmp_path, "a.xlsx", content)
    assert found.text.strip() == "words"
    assert found.notes == ("Sheet “Far” was left out: it spreads over 17,179,869,184 cells.",)


def test_what_is_no_file(tmp_path: Path) -> None:
    reasons = {}
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        reasons["pipe"] = "is a pipe"
        reasons["/dev/zero"] = "is a device"
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(tmp_path / "s"))
        reasons["s"] = "is a pipe or socket"
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    reasons |= {
        "folder": "folder",
        "loop": "leads back to itself",
        "gone": "is not there",
        "x" * 300: "too long a name",
    }
    for name, reason in reasons.items():
        with pytest.raises(DocumentError, match=reason):
            extract(tmp_path / name, CancelToken())


def test_a_link_to_a_file_and_a_name_with_odd_bytes(tmp_path: Path) -> None:
    real = tmp_path / os.fsdecode(b"f\xff.txt")
    real.write_bytes(b"words")
    (tmp_path / "link.txt").symlink_to(real)
    assert extract(tmp_path / "link.txt", CancelToken()).text == "words"
    assert extract(real, CancelToken()).text == "words"
    real.write_bytes(b"")
    with pytest.raises(DocumentError, match=r"f\?\.txt is empty"):
        extract(real, CancelToken())


# The child itself ----------------------------------------------------------------------------------------------------


@pytest.fixture
def stubborn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that is confined as always and then does what the test says, in the place of a reader."""
    from workbench.documents.extract import extract_child

    def command(order: str) -> list[str]:
        code = (
            "import sys, json, os; order = json.loads(sys.argv[-1]); "
            "from workbench.documents.extract.confinement import confine; "
            "from workbench.documents.extract.document import Limits; "
            "import socket, ctypes, time; "
            "confine(Limits(**order['limits']), 3); exec(sys.stdin.read())"
        )
        return [sys.executable, "-c", code, order]

    monkeypatch.setattr(extract_child, "command", command)


@pytest.mark.usefixtures("stubborn")
def test_a_child_that_hangs_is_killed(tmp_path: Path) -> None:
    before, started = set(psutil.Process().children()), time.monotonic()
    told = refused(tmp_path, "a.txt", b"time.sleep(60)", replace(LIMITS, seconds=1.0))
    assert told == "a.txt could not be read within 1 seconds."
    assert time.monotonic() - started < 30
    assert set(psutil.Process().children()) == before


@pytest.mark.usefixtures("stubborn")
@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory and files are Linux's here")
@pytest.mark.parametrize(
    "code",
    [
        "x = bytearray(2 << 30)",
        "socket.socket()",
        "open('/etc/hostname')",
        "os.dup(0)",
        "os.system('true')",
        "ctypes.CDLL(None).socket(2, 1, 0) >= 0 or 1 / 0",
    ],
)
def test_a_child_is_confined(tmp_path: Path, code: str) -> None:
    answer = '{"text": "DONE", "media_type": "", "sections": [], "notes": [], "pixels": null}'
    done = f"os.write(1, {answer!r}.encode())"
    assert "its reader ended without a word" in refused(tmp_path, "a.txt", f"{code}; {done}".encode())
    assert read(tmp_path, "a.txt", done.encode()).text == "DONE"


@pytest.mark.usefixtures("stubborn")
@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("os.kill(os.getpid(), 11)", "did not survive"),
        ("os.write(1, b'{\"text\": ')", "was cut off"),
        ("os.write(1, b'x' * 70000)", "cut off|without a word"),
        ("[os.write(1, b'x' * 60000) for _ in range(100)]", "cut off|without a word"),
    ],
)
def test_a_child_that_goes_wrong(tmp_path: Path, code: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        read(tmp_path, "a.txt", code.encode(), replace(LIMITS, characters=1000))


@pytest.mark.usefixtures("stubborn")
def test_cancelling_ends_the_child(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"time.sleep(60)")
    before, token = set(psutil.Process().children()), CancelToken()
    soon = threading.Timer(0.5, token.cancel)
    soon.start()
    with pytest.raises(Cancelled):
        extract(tmp_path / "a.txt", token)
    soon.join()
    assert set(psutil.Process().children()) == before


def test_the_parent_stays_flat(tmp_path: Path) -> None:
    before = psutil.Process().memory_info().rss
    for name, content in (
        ("a.docx", documents.docx(f"<w:p>{'A' * (300 << 20)}</w:p>")),
        ("b.xlsx", documents.xlsx({"Far": {"A1": 1.0, "XFD1048576": 2.0}})),
        ("c.html", b"<div>" * 200_000),
    ):
        refused(tmp_path, name, content)
    assert psutil.Process().memory_info().rss - before < 64 << 20


def test_the_readers_needs_are_packaged() -> None:
    import ast

    from steps import bundle
    from workbench.documents.extract import readers

    wanted = set()
    for file in Path(readers.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                wanted |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                wanted.add(node.module)
    foreign = {
        name for name in wanted if name.split(".")[0] not in {*sys.stdlib_module_names, "workbench", "__future__"}
    }
    assert foreign <= set(bundle.DOCUMENT_MODULES)
    assert foreign


def test_the_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench.documents.extract import extract_child

    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert extract_child.command("{}") == [sys.executable, "--extract-child", "{}"]


def test_the_flag_is_known_to_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench.documents.extract import extract_child

    monkeypatch.setattr(
        extract_child,
        "command",
        lambda order: [sys.executable, "-m", "workbench.entry", extract_child.CHILD_FLAG, order],
    )
    assert read(tmp_path, "a.txt", b"words").text == "words"
