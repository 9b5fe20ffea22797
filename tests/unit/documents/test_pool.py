"""Many files are read by a few children that stay; what one file does to its child is nothing to the others."""

from __future__ import annotations

import json
import struct
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests.fakes import documents
from workbench.cancel import CancelToken
from workbench.documents.chunking.chunk import chunks
from workbench.documents.extract import answer, extract_child
from workbench.documents.extract.document import DocumentError, Extracted, ReaderError, Why
from workbench.documents.extract.extraction import LIMITS, extract
from workbench.documents.extract.opening import open_file
from workbench.documents.extract.pages import page_boxes, page_image
from workbench.documents.extract.pool import ExtractionPool
from workbench.errors import Cancelled

posix = pytest.mark.skipif(sys.platform == "win32", reason="limits of memory and files are POSIX's")


@pytest.fixture
def pool() -> Iterator[ExtractionPool]:
    made = ExtractionPool(2)
    yield made
    made.close()


def read(pool: ExtractionPool, path: Path, content: bytes) -> Extracted:
    path.write_bytes(content)
    return pool.read(path, path.name, CancelToken())


def refused(pool: ExtractionPool, path: Path, content: bytes) -> DocumentError:
    with pytest.raises(DocumentError) as told:
        read(pool, path, content)
    return told.value


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


def test_one_child_reads_many_kinds(pool: ExtractionPool, tmp_path: Path) -> None:
    assert read(pool, tmp_path / "a.txt", b"words").text == "words"
    found = read(pool, tmp_path / "a.pdf", documents.pdf(["First.", "Second."]))
    assert [section.page for section in found.sections] == [1, 2]
    assert read(pool, tmp_path / "a.docx", documents.docx(documents.paragraph("words"))).text == "words"
    assert read(pool, tmp_path / "a.xlsx", documents.xlsx({"S": {"A1": "words"}})).text.strip() == "words"
    assert read(pool, tmp_path / "a.pptx", documents.pptx(["words"])).text.strip() == "words"
    assert read(pool, tmp_path / "a.html", b"<p>words").text == "words"
    assert read(pool, tmp_path / "b.txt", "Привет, это обычный русский текст. ".encode("cp1251") * 20).text
    assert [child.served for child in pool._idle] == [7]


def test_passages_are_cut_by_the_child(pool: ExtractionPool, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# Fruit\n\nPears are ripe.\n\n## Apples\n\n" + "Apples are red. " * 300)
    extracted, passages = pool.read_cut(path, path.name, CancelToken())
    assert passages == chunks(extracted, path.name)
    assert len(passages) > 2
    with pytest.raises(DocumentError, match="is a picture"):
        path.write_bytes(documents.png())
        pool.read_cut(path, path.name, CancelToken())


@pytest.mark.parametrize("row", [[0, 99, None, "", [], "text", ""], [0, 0, None, "", [], "text", ""], ["0"], 7])
def test_passages_that_are_none_are_refused(row: object) -> None:
    said = json.loads(answer.written(Extracted("words", "text/plain"))) | {"chunks": [row]}
    with pytest.raises(DocumentError, match="cut off"):
        answer.cut(json.dumps(said).encode(), "a.txt")


def test_a_page_is_drawn_and_a_passage_found_on_it(pool: ExtractionPool, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(documents.pdf(["Not here.", "First line.\nA second line of words.\nAnd the last."]))
    drawn = pool.page_image(path, 2, 300, CancelToken())
    assert drawn.startswith(b"\x89PNG")
    assert struct.unpack_from(">II", drawn, 16) == (300, 425)
    first, second = pool.page_boxes(path, 2, "second  line of\nwords. And", CancelToken())
    assert first[1] < first[3] <= second[1] < second[3] < 0.2
    assert 0.08 < second[0] < first[0] < first[2] < 0.4
    assert pool.page_boxes(path, 2, "nowhere to be seen at all", CancelToken()) == ()
    for page in (0, 3):
        with pytest.raises(DocumentError, match=f"has no page {page}"):
            pool.page_image(path, page, 300, CancelToken())
    assert page_image(path, 2, 300, CancelToken()) == drawn
    assert page_boxes(path, 2, "last", CancelToken())


@posix
def test_a_child_of_a_large_parent_serves_many(tmp_path: Path) -> None:
    large, pool = bytearray(b"x") * (400 << 20), ExtractionPool(1)
    try:
        for number in range(3):
            read(pool, tmp_path / f"{number}.txt", b"words")
        assert [child.served for child in pool._idle] == [3]
    finally:
        pool.close()
    assert large


def test_files_are_read_at_the_same_time(pool: ExtractionPool, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.txt" for number in range(100)]
    for number, path in enumerate(paths):
        path.write_text(f"words {number}")
    with ThreadPoolExecutor(4) as threads:
        texts = list(threads.map(lambda path: pool.read(path, path.name, CancelToken()).text, paths))
    assert texts == [f"words {number}" for number in range(100)]


def test_a_long_text_of_any_script_comes_whole(pool: ExtractionPool, tmp_path: Path) -> None:
    text = "Дом у реки 家 \U0001f600 " * 100_000
    assert read(pool, tmp_path / "a.txt", text.encode()).text == text


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.zip", documents.archive({"a.txt": "words"}), Why.SKIPPED),
        ("a.png", documents.png(), Why.SKIPPED),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", Why.SKIPPED),
        ("empty.txt", b"", Why.SKIPPED),
        ("cut.docx", documents.docx(documents.paragraph("words"))[:80], Why.FAILED),
    ],
)
def test_what_becomes_of_a_file_is_told(
    pool: ExtractionPool, tmp_path: Path, name: str, content: bytes, why: Why
) -> None:
    assert refused(pool, tmp_path / name, content).why is why


def test_a_file_that_is_gone(pool: ExtractionPool, tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as told:
        pool.read(tmp_path / "gone.txt", "gone.txt", CancelToken())
    assert told.value.why is Why.GONE


# What files do to a child ---------------------------------------------------------------------------------------------


@pytest.fixture
def naughty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A serving child, confined as always, whose reader of texts does what stands in the file."""

    def command(order: str) -> list[str]:
        code = (
            "import sys, os, time, socket, ctypes\n"
            "from workbench.documents.extract import extract_child, document\n"
            "from workbench.documents.extract.readers import text\n"
            "def read(file, name, kind, limits):\n"
            "    said = file.read().decode()\n"
            "    if said.startswith('!'): exec(said[1:])\n"
            "    return document.Extracted(said, kind)\n"
            "text.read = read\n"
            "extract_child.main()\n"
        )
        return [sys.executable, "-c", code, order]

    monkeypatch.setattr(extract_child, "command", command)


@posix
@pytest.mark.usefixtures("naughty")
@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("x = bytearray(2 << 30)", "needs more memory"),
        ("socket.socket()", "is broken"),
        ("open('/etc/hostname')", "is broken"),
        ("os.dup(0)", "is broken"),
        ("os.system('true')", "is broken"),
        ("ctypes.CDLL(None).socket(2, 1, 0) >= 0 or 1 / 0", "is broken"),
        ("os.kill(os.getpid(), 11)", "did not survive"),
        ("os._exit(0)", "ended without a word"),
        ("os.write(3, b'x' * 100)", "is broken|cut off|without a word"),
    ],
)
def test_only_the_file_that_does_it_fails(pool: ExtractionPool, tmp_path: Path, code: str, reason: str) -> None:
    if sys.platform != "linux" and "memory" in reason:
        pytest.skip("macOS does not limit memory")
    assert read(pool, tmp_path / "a.txt", b"words").text == "words"
    with pytest.raises(DocumentError, match=reason):
        read(pool, tmp_path / "b.txt", f"!{code}".encode())
    assert read(pool, tmp_path / "c.txt", b"more words").text == "more words"


@posix
def test_that_no_child_may_start_is_no_matter_of_the_file(
    pool: ExtractionPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"words")
    program = tmp_path / "python"
    program.write_bytes(b"")
    with monkeypatch.context() as instead:
        instead.setattr(sys, "executable", str(program))
        with pytest.raises(ReaderError, match="could not be started: Permission denied"):
            pool.read_cut(path, path.name, CancelToken())
        with pytest.raises(ReaderError, match="could not be started: Permission denied"):
            extract(path, CancelToken())
        program.write_bytes(b"#!/bin/sh\nexit 1\n")
        program.chmod(0o700)
        with pytest.raises(ReaderError, match="ended as it began"):
            pool.read_cut(path, path.name, CancelToken())
    assert pool.read(path, path.name, CancelToken()).text == "words"


@posix
def test_that_no_file_may_be_opened_any_more_is_no_matter_of_the_file(tmp_path: Path) -> None:
    import resource

    path = tmp_path / "a.txt"
    path.write_bytes(b"words")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        with pytest.raises(ReaderError, match="no room to read documents"):
            open_file(path)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("naughty")
def test_a_child_that_hangs_is_replaced(tmp_path: Path) -> None:
    before, pool = children(), ExtractionPool(1, replace(LIMITS, seconds=8.0))
    try:
        assert read(pool, tmp_path / "a.txt", b"words").text == "words"
        assert "could not be read within" in refused(pool, tmp_path / "b.txt", b"!time.sleep(60)").message
        assert read(pool, tmp_path / "c.txt", b"more").text == "more"
    finally:
        pool.close()
    assert children() == before


@pytest.mark.usefixtures("naughty")
def test_a_child_that_was_poisoned_by_one_file_does_not_fail_the_next(pool: ExtractionPool, tmp_path: Path) -> None:
    read(pool, tmp_path / "a.txt", b"!import gc; text.read = lambda *a: os._exit(1)")
    assert read(pool, tmp_path / "b.txt", b"words").text == "words"


@posix
@pytest.mark.usefixtures("naughty")
def test_a_child_that_has_grown_is_replaced(pool: ExtractionPool, tmp_path: Path) -> None:
    read(pool, tmp_path / "a.txt", b"words")
    (first,) = pool._idle
    read(pool, tmp_path / "b.txt", b"!text.kept = bytearray(b'x') * (400 << 20)")
    assert not pool._idle
    read(pool, tmp_path / "c.txt", b"words")
    assert first not in pool._idle


@posix
@pytest.mark.usefixtures("naughty")
def test_processor_time_is_counted_for_each_file(pool: ExtractionPool, tmp_path: Path) -> None:
    busy = "u = time.process_time() + 1.5\nwhile time.process_time() < u: pass"
    left = "import resource\nassert 29 <= resource.getrlimit(resource.RLIMIT_CPU)[0] - time.process_time() <= 31"
    for number in range(2):
        read(pool, tmp_path / f"{number}.txt", f"!{left}\n{busy}".encode())


@pytest.mark.usefixtures("naughty")
def test_cancelling_ends_the_reading(pool: ExtractionPool, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"!time.sleep(60)")
    token = CancelToken()
    soon = threading.Timer(1.0, token.cancel)
    soon.start()
    with pytest.raises(Cancelled):
        pool.read(tmp_path / "a.txt", "a.txt", token)
    soon.join()
    assert read(pool, tmp_path / "b.txt", b"words").text == "words"


@pytest.mark.usefixtures("naughty")
def test_waiting_for_a_turn_can_be_cancelled(tmp_path: Path) -> None:
    pool, token, other = ExtractionPool(1), CancelToken(), CancelToken()
    (tmp_path / "a.txt").write_bytes(b"!time.sleep(60)")
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(pool.read, tmp_path / "a.txt", "a.txt", token)
        while not pool._busy:
            threading.Event().wait(0.01)
        second = threads.submit(pool.read, tmp_path / "a.txt", "a.txt", other)
        other.cancel()
        with pytest.raises(Cancelled):
            second.result()
        assert not first.done()
        token.cancel()
        with pytest.raises(Cancelled):
            first.result()
    pool.close()


@pytest.mark.usefixtures("naughty")
def test_closing_ends_everything(tmp_path: Path) -> None:
    before, pool = children(), ExtractionPool(2)
    (tmp_path / "a.txt").write_bytes(b"!time.sleep(60)")
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(pool.read, tmp_path / "a.txt", "a.txt", CancelToken())
        while not pool._busy:
            threading.Event().wait(0.01)
        pool.close()
        with pytest.raises(Cancelled):
            waiting.result()
    assert children() == before
    with pytest.raises(Cancelled):
        pool.read(tmp_path / "a.txt", "a.txt", CancelToken())


def test_children_outlive_the_thread_that_asked_first(pool: ExtractionPool, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as threads:
        threads.submit(read, pool, tmp_path / "a.txt", b"words").result()
    assert read(pool, tmp_path / "b.txt", b"words").text == "words"
    assert [child.served for child in pool._idle] == [2]


def test_a_rest_ends_idle_children(pool: ExtractionPool, tmp_path: Path) -> None:
    before = children()
    read(pool, tmp_path / "a.txt", b"words")
    pool.rest()
    assert children() == before
    assert read(pool, tmp_path / "a.txt", b"words").text == "words"


@pytest.mark.usefixtures("naughty")
def test_a_child_that_ended_by_itself_is_replaced(pool: ExtractionPool, tmp_path: Path) -> None:
    read(pool, tmp_path / "a.txt", b"words")
    pool._idle[0].kill()
    assert read(pool, tmp_path / "b.txt", b"words").text == "words"
