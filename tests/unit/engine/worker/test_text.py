"""Characters and stops that are cut anywhere."""

from __future__ import annotations

import pytest

from workbench.engine.worker.text import AnswerTextStream

TEXT = "é日🙂 <stop> x"


@pytest.mark.parametrize("at", range(len(TEXT.encode())))
def test_cut_at_every_byte(at: int) -> None:
    raw = TEXT.encode()
    stream = AnswerTextStream()
    assert stream.feed(raw[:at]) + stream.feed(raw[at:]) + stream.end() == TEXT


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
@pytest.mark.parametrize(
    ("stops", "said"),
    [(["<stop>"], "é日🙂 "), (["x", "<stop>"], "é日🙂 "), (["<stop>!"], TEXT), (["🙂"], "é日"), (["no", "nope"], TEXT)],
)
def test_a_stop_ends_it_and_nothing_of_it_is_said(size: int, stops: list[str], said: str) -> None:
    stream, raw = AnswerTextStream(stops), TEXT.encode()
    told = "".join(stream.feed(raw[at : at + size]) for at in range(0, len(raw), size)) + stream.end()
    assert told == said
    assert stream.stopped is (said != TEXT)
    if stream.stopped:
        assert stream.feed(b"more") == ""


def test_only_what_may_become_a_stop_is_kept_back() -> None:
    stream = AnswerTextStream(["\nQuestion:"])
    assert stream.feed(b"Yes.\nQ") == "Yes."
    assert stream.feed(b"uite") == "\nQuite"


def test_half_a_character_at_the_end_is_told_as_one_that_is_broken() -> None:
    stream = AnswerTextStream()
    assert stream.feed("é".encode()[:1]) == ""
    assert stream.end() == "\N{REPLACEMENT CHARACTER}"
