"""`workbench chat --folder`: what stands on stdout and on stderr of an answer's sources."""

from __future__ import annotations

import json

import pytest

from workbench.chat.events import SourcesFound
from workbench.chat.exporting.html import chat_html
from workbench.chat.exporting.markdown import chat_markdown
from workbench.chat.exporting.values import KeptChat, KeptMessage
from workbench.chat.tree import Node
from workbench.cli.chat_json import JsonFace
from workbench.cli.chat_terminal import TerminalFace
from workbench.jobs import JobEvent
from workbench.messages import Citation, Message, Passage, Role, Sources, Text, Verdict

LEASE = Passage(1, "/files/lease.pdf", "c", "s", 120, 150, "Six months of notice in writing", 3, "Page 3")
PARKING = Passage(2, "/files/<b>parking</b>.txt", "c", "s", 0, 20, "Parking costs 45 euros")
TEXT = "With notice [1], in cash [2], by post [7]."
SOURCES = Sources(
    (LEASE, PARKING),
    (
        Citation(12, 15, 1, Verdict.SUPPORTED),
        Citation(25, 28, 2, Verdict.UNSUPPORTED, "The passage does not say this."),
        Citation(38, 41, 7, Verdict.MISSING, "There is no passage 7."),
    ),
    "2 of the 5 best passages were given.",
)
ANSWER = Node("a", None, Message(Role.ASSISTANT, (SOURCES, Text(TEXT))), 0.0)


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_number_is_an_event_before_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    face = JsonFace()
    face.report(JobEvent("job", "progress", SourcesFound(Sources((LEASE, PARKING)))))
    face.report(JobEvent("job", "progress", SourcesFound(SOURCES)))
    face.ended(ANSWER)
    events = _lines(capsys)
    assert [event["event"] for event in events] == ["sources", "citation", "citation", "citation", "end"]
    first, second, third = events[1:4]
    assert first == {
        "event": "citation",
        "number": 1,
        "path": "/files/lease.pdf",
        "page": 3,
        "label": "Page 3",
        "start": 120,
        "end": 150,
        "text": "Six months of notice in writing",
        "verdict": "supported",
        "reason": "",
        "answer_start": 12,
        "answer_end": 15,
    }
    assert (second["verdict"], second["reason"]) == ("unsupported", "The passage does not say this.")
    assert (third["number"], third["verdict"], third["path"], third["start"]) == (7, "missing", None, None)


def test_a_person_is_told_the_files_and_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    TerminalFace().ended(ANSWER)
    told = capsys.readouterr().err
    assert "[1] /files/lease.pdf, Page 3\n" in told
    assert "! The passage does not say this." in told
    assert "[7] There is no passage 7." in told


def test_exports_for_reading_list_the_sources() -> None:
    question = KeptMessage("q", None, Message(Role.USER, (Text("How?"),)), 0.0)
    answer = KeptMessage("a", "q", Message(Role.ASSISTANT, (SOURCES, Text(TEXT))), 0.0)
    chat = KeptChat("c", "Lease", "a", (question, answer), 0.0, 0.0)
    markdown = chat_markdown(chat)
    assert "> [1] lease.pdf, Page 3 (/files/lease.pdf)" in markdown
    assert "> 2 of the 5 best passages were given." in markdown
    html = chat_html(chat)
    assert "<li>[1] lease.pdf, Page 3 (/files/lease.pdf)</li>" in html
    assert "<b>parking" not in html
    assert "<b>parking" not in markdown
