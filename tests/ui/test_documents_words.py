"""What the Documents page says, without a window: states, progress, pieces of passages, when a screen reader is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.documents.adding import as_path, names
from ui.documents.announcing import EVERY_SECONDS, Announcer
from ui.documents.hit_words import (
    found_words,
    not_searched_words,
    path_words,
    place_words,
    score_words,
    since,
    title_of,
)
from ui.documents.rules import patterns
from ui.documents.search import Filters
from ui.documents.snippet import piece, snippet
from ui.documents.status_bar import LEAST, widths
from ui.documents.words import (
    ago,
    attentions,
    counts_words,
    doing_words,
    file_words,
    progress_words,
    shown_path,
    spoken_file,
    spoken_state,
)
from workbench.documents.collection import (
    Chunk,
    Collection,
    CollectionState,
    Document,
    FileStatus,
    Phase,
    Progress,
    Rules,
)
from workbench.documents.formats import FORMATS
from workbench.documents.retrieval.hit import Found, Hit, NotSearched

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=timezone(timedelta(hours=1)))
PAPERS = Collection("c1", "Papers", Path("/home/me/Papers"))


def state(**values: object) -> CollectionState:
    return CollectionState(**{"collection": PAPERS, "looked_at": NOW.timestamp() - 300, **values})  # type: ignore[arg-type]


def document(**values: object) -> Document:
    given = {"id": 1, "collection_id": "c1", "path": "a/b.pdf", "bytes": 2_000_000, "modified_ns": 0, **values}
    return Document(**{"status": FileStatus.INDEXED, **given})  # type: ignore[arg-type]


def hit(text: str = "The rent is due.", **values: object) -> Hit:
    chunk = Chunk(0, 0, len(text), text, **values)  # type: ignore[arg-type]
    return Hit(7, chunk, document(title="Lease"), PAPERS, 1.0, {"words": 7.312, "vectors": 0.618}, ((4, 8),))


# Folders and files ----------------------------------------------------------------------------------------------------


def test_counts_name_every_status_that_is_there() -> None:
    counts = {FileStatus.FAILED: 3, FileStatus.INDEXED: 4900, FileStatus.IN_CLOUD: 0}
    assert counts_words(state(counts=counts)) == "4,900 indexed · 3 failed"
    every = counts_words(state(counts=dict.fromkeys(FileStatus, 1)))
    assert every.count(" · ") == len(FileStatus) - 1


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (Progress(Phase.SCANNING), "Looking which files there are…"),
        (Progress(Phase.SCANNING, 12_345), "Looking which files there are… · 12,345 files so far"),
        (
            Progress(Phase.READING, 1204, 5000, 121.4, 31.3),
            "Reading 1,204 of 5,000 files · 121 a second · 31 s left",
        ),
        (Progress(Phase.READING, 0, 10), "Reading 0 of 10 files"),
        (Progress(Phase.READING, 3, 10, 0.42, 400.0), "Reading 3 of 10 files · 0.4 a second · 7 min left"),
        (
            Progress(Phase.EMBEDDING, 9100, 9100, 21.0, 0.0),
            "Preparing the search by meaning: 9,100 of 9,100 passages · 21 a second",
        ),
    ],
)
def test_progress_has_rate_and_time_left_where_they_are_known(progress: Progress, said: str) -> None:
    assert progress_words(progress) == said


def test_what_is_going_on_with_a_folder() -> None:
    indexed, waiting = {FileStatus.INDEXED: 3}, {FileStatus.WAITING: 1}
    assert doing_words(state(counts=indexed), NOW) == "Up to date, looked at 5 min ago"
    assert doing_words(state(counts=waiting), NOW) == "1 file to read."
    assert doing_words(state(counts=waiting, paused=True), NOW) == "Paused. 1 file to read."
    assert doing_words(state(counts=indexed, paused=True), NOW) == "Paused."
    assert doing_words(state(), NOW) == "There is no file in it that can be read."
    assert doing_words(state(looked_at=None), NOW) == "Not looked at yet."
    assert doing_words(state(counts=indexed, problem_kind="offline"), NOW) == "Last seen 5 min ago"
    assert doing_words(state(progress=Progress(Phase.READING, 1, 2)), NOW).startswith("Reading 1 of 2")
    embedding = Progress(Phase.EMBEDDING, 128, 730, 20.0, 30.0)
    own = doing_words(state(counts=indexed, progress=embedding, chunks=40, embedded=10), NOW)
    assert own == "Preparing the search by meaning: 10 of 40 passages · 20 a second · 30 s left"
    begun = doing_words(state(counts=indexed, chunks=40, embedded=10), NOW)
    assert begun == "Found by words. By meaning so far: 10 of 40 passages"
    done = state(counts=indexed, progress=embedding, chunks=40, embedded=40)
    assert doing_words(done, NOW) == "Up to date, looked at 5 min ago"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (20, "just now"),
        (600, "10 min ago"),
        (7200, "today at 12:30"),
        (86_400 * 20, "on 3 Nov"),
        (86_400 * 400, "on 19 Oct 2025"),
    ],
)
def test_how_long_ago(seconds: int, said: str) -> None:
    assert ago(NOW.timestamp() - seconds, NOW) == said


def steps(one: CollectionState, *, mac: bool = False) -> list[tuple[str, tuple[str, ...]]]:
    return [(found.words, tuple(key for key, _text in found.steps)) for found in attentions(one, mac=mac)]


def test_each_trouble_has_words_and_steps_of_its_own() -> None:
    assert attentions(state(counts={FileStatus.INDEXED: 1, FileStatus.SKIPPED: 9})) == ()
    ((offline, look),) = steps(state(problem="x", problem_kind="offline"))
    assert "Offline" in offline
    assert "nothing is deleted" in offline
    assert look == ("look",)
    ((refused, asked),) = steps(state(problem="x", problem_kind="no_permission"), mac=True)
    assert "No permission" in refused
    assert asked == ("privacy", "look")
    assert steps(state(problem="x", problem_kind="no_permission"))[0][1] == ("look",)
    assert steps(state(problem="x", problem_kind="missing"))[0][1] == ("move", "look")
    assert steps(state(problem="The disk is full.")) == [("The disk is full.", ("look",))]


def test_files_in_the_cloud_are_told_with_their_size_before_anything_is_downloaded() -> None:
    ((words, asked),) = steps(state(counts={FileStatus.IN_CLOUD: 412}, cloud_bytes=1_930_000_000))
    assert "412 files, 1.9\u00a0GB" in words
    assert asked == ("download", "show in_cloud")
    counts = {FileStatus.FAILED: 1, FileStatus.NO_PERMISSION: 2}
    assert [asked for _words, asked in steps(state(counts=counts), mac=True)] == [
        ("show no_permission", "privacy"),
        ("show failed", "retry"),
    ]


def test_every_file_says_why() -> None:
    assert file_words(document(chunks=12)) == "Indexed · 12 passages"
    assert (
        file_words(document(chunks=1, reason="2 pages are pictures.")) == "Indexed · 1 passage · 2 pages are pictures."
    )
    assert file_words(document(status=FileStatus.FAILED, reason="It has a password.")) == "Failed: It has a password."
    for status in set(FileStatus) - {FileStatus.INDEXED}:
        assert file_words(document(status=status)).partition(": ")[2], status
    assert spoken_file(document(chunks=1)) == "a/b.pdf, Indexed · 1 passage, 2 MB"
    assert spoken_file(document(bytes=12)).endswith("1 kB")


def test_names_that_are_no_text_can_be_shown() -> None:
    assert shown_path("caf\udce9\n.txt") == "caf��.txt"


def test_a_private_folder_is_said_to_be_one() -> None:
    private = state(collection=Collection("c1", "Papers", Path("/p"), private=True), counts={FileStatus.INDEXED: 2})
    assert spoken_state(private, NOW) == "Papers, private, 2 indexed, Up to date, looked at 5 min ago"


def test_one_failed_file_of_thousands_is_seen_in_the_bar() -> None:
    found = widths({FileStatus.INDEXED: 10_000, FileStatus.FAILED: 1}, 500.0)
    assert [colour for colour, _width in found] == ["accent", "danger"]
    assert found[1][1] > LEAST * 0.9
    assert sum(width for _colour, width in found) == pytest.approx(500.0)
    assert widths({}, 500.0) == ()


def test_a_screen_reader_hears_of_the_beginning_the_end_and_little_between() -> None:
    said = Announcer()

    def tell(phase: Phase, done: int, now: float) -> str:
        counts = {FileStatus.INDEXED: done}
        return said.news(state(progress=Progress(phase, done, 100), counts=counts), now)

    assert tell(Phase.IDLE, 0, 0.0) == ""
    assert tell(Phase.SCANNING, 0, 1.0) == ""
    assert tell(Phase.READING, 1, 2.0) == "Papers: Reading 1 of 100 files"
    assert [tell(Phase.READING, number, 2.0 + number / 4) for number in range(2, 50)] == [""] * 48
    assert tell(Phase.READING, 60, 3.0 + EVERY_SECONDS) != ""
    assert tell(Phase.READING, 61, 4.0 + EVERY_SECONDS) == ""
    assert tell(Phase.EMBEDDING, 100, 40.0) == "Papers is read: 100 files"
    assert tell(Phase.IDLE, 100, 99.0) == ""


# Adding and rules -----------------------------------------------------------------------------------------------------


def test_a_pasted_path_is_understood(tmp_path: Path) -> None:
    assert as_path(f'  "{tmp_path}" ') == str(tmp_path)
    assert as_path(tmp_path.as_uri()) == str(tmp_path)
    assert as_path("~/Papers") == str(Path.home() / "Papers")
    assert as_path("  ") == ""
    assert names(["/a/Papers", "/b/Letters", "/c/Mail"]) == "Papers, Letters and Mail"


def test_patterns_are_lines() -> None:
    assert patterns(" *.pdf \n\n/drafts/\n") == ("*.pdf", "/drafts/")
    assert Rules(patterns("")) == Rules()


# What was found -------------------------------------------------------------------------------------------------------


def test_a_hit_says_where_it_stands() -> None:
    one = hit(page=3, label="Page 3")
    assert (title_of(one), place_words(one), path_words(one)) == ("b.pdf · Lease", "Page 3", "Papers › a/b.pdf")
    assert place_words(hit(page=4)) == "Page 4"
    assert place_words(hit(headings=("Lease", "Notice"))) == "Notice"
    assert score_words(one.methods) == "words 7.31 · meaning 0.62"


def test_how_much_was_found() -> None:
    assert found_words(Found(())) == "Nothing was found."
    assert found_words(Found((hit(),), 1, vectors=True)) == "1 passage in 1 file · by words and meaning"
    assert found_words(Found((hit(),), 40)) == "The best 1 passage; 40 files have the words · by words"
    missing = NotSearched(PAPERS, "failed", 12, "They have a password.")
    assert not_searched_words(replace(missing, reason="left out: X.")) == "Papers: 12 files left out: X."
    assert not_searched_words(missing) == "Papers: 12 files. They have a password."


def test_signs_of_markdown_are_not_shown_in_a_piece() -> None:
    text = "## Rent\n\n**Why.** The `rent` rises: 2 ** 3."
    begin = text.index("rent")
    made = replace(hit(text), marks=((begin, begin + 4),), document=document(media_type="text/markdown"))
    shown, marks = piece(made)
    assert shown == "Rent Why. The rent rises: 2 ** 3."
    assert [shown[first:stop] for first, stop in marks] == ["rent"]
    assert piece(replace(made, document=document(media_type="text/x-python")))[0].startswith("## Rent **Why.**")


def test_filters_become_a_query() -> None:
    query = Filters("c1", "Papers", "pdf", 7).query("rent", NOW)
    assert (query.collections, query.media_types) == (("c1",), FORMATS["pdf"].media_types)
    assert query.modified_after == since(7, NOW) == datetime(2026, 11, 17, tzinfo=NOW.tzinfo).timestamp()
    assert Filters().query("rent", NOW).modified_after is None


def test_a_piece_of_a_passage_shows_what_was_found() -> None:
    text = "word " * 200 + "needle in\n\n the   haystack " + "more " * 200
    begin = text.index("needle")
    shown, marks = snippet(text, ((begin, begin + 6),))
    assert [shown[first:stop] for first, stop in marks] == ["needle"]
    assert shown.startswith("… word")
    assert "needle in the haystack" in shown
    assert shown.endswith(" …")
    assert snippet("short\ntext", ()) == ("short text", ())


@given(
    st.text(alphabet="ab \n\t", max_size=900), st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), max_size=6)
)
def test_marks_of_a_piece_are_those_of_the_passage(text: str, marks: list[tuple[int, int]]) -> None:
    shown, kept = snippet(text, marks, 120)
    originals = {" ".join(text[first:stop].split()) for first, stop in marks}
    assert len(shown) <= 120 + 4
    for first, stop in kept:
        piece = " ".join(shown[first:stop].split())
        assert 0 <= first < stop <= len(shown)
        assert any(piece == whole or whole.startswith(piece) for whole in originals)
