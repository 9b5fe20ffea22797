"""`workbench prompts`: shapes, words and exit codes; over the real library."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from workbench.cli.main import main
from workbench.cli.output import OK, REFUSED, USAGE

Captured = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("home")


def told(capsys: Captured, *words: str, code: int = OK) -> Any:
    """What a command tells in JSON."""
    assert main(["prompts", *words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def said(capsys: Captured, *words: str, code: int = OK) -> tuple[str, str]:
    """What a command writes, and what it tells the person."""
    assert main(["prompts", *words]) == code
    return tuple(capsys.readouterr())  # type: ignore[return-value]


def typed(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_a_prompt_from_saving_it_to_its_return(capsys: Captured) -> None:
    nothing = said(capsys, "list")
    assert (nothing[0], nothing[1].startswith("There are no prompts yet.")) == ("", True)
    assert all(f"`workbench prompts {way}`" in nothing[1] for way in ("starters", "save FILE"))
    saved = told(
        capsys, "save", "--name", "summarise", "--text", "Sum up {{ text }}", "--tag", "mail", "--notes", "Mine"
    )
    assert saved == {
        "id": saved["id"],
        "name": "summarise",
        "title": "Summarise",
        "tags": ["mail"],
        "favourite": False,
        "version": 1,
        "uses": 0,
        "last_used_at": None,
        "created_at": saved["created_at"],
        "changed_at": saved["created_at"],
        "removed_at": None,
        "file": saved["file"],
        "text": "Sum up {{ text }}",
        "system": "",
        "variables": [],
        "preferences": {},
        "folders": [],
        "output": {"kind": "free"},
        "notes": "Mine",
        "steps": [],
        "cases": [],
        "extra": {},
        "changed": True,
    }
    second = told(capsys, "save", "--name", "summarise", "--text", "Shorter: {{ text }}", "--message", "brief")
    assert (second["version"], second["tags"], second["notes"]) == (2, ["mail"], "Mine")
    assert told(capsys, "save", "--name", "summarise", "--text", "Shorter: {{ text }}")["changed"] is False

    history = told(capsys, "history", "summarise", "--diff")
    assert [(one["version"], one["origin"], one["note"]) for one in history] == [
        (2, "written", "brief"),
        (1, "written", ""),
    ]
    assert history[1]["prompt"]["text"] == "Sum up {{ text }}"
    changes = [(piece["kind"], piece["text"]) for piece in history[0]["changes"]]
    assert ("removed", "Sum up") in changes
    assert ("added", "Shorter:") in changes
    assert [one["version"] for one in told(capsys, "history", "summarise", "--limit", "1")] == [2]
    assert told(capsys, "show", "summarise", "--version", "1")["text"] == "Sum up {{ text }}"

    assert told(capsys, "favourite", "summarise")["favourite"] is True
    assert told(capsys, "duplicate", "/Summarise")["name"] == "summarise-2"
    assert told(capsys, "restore", "summarise", "--version", "1")["version"] == 3
    assert told(capsys, "remove", "summarise") == {"removed": saved["id"]}
    assert [one["name"] for one in told(capsys, "list")] == ["summarise-2"]
    (binned,) = told(capsys, "list", "--bin")
    assert (binned["id"], binned["removed_at"] is None) == (saved["id"], False)
    back = told(capsys, "restore", "summarise")
    assert (back["id"], back["removed_at"], back["favourite"]) == (saved["id"], None, True)
    assert told(capsys, "favourite", "summarise", "--off")["favourite"] is False


def test_what_a_person_reads(capsys: Captured) -> None:
    assert said(capsys, "save", "--name", "plan", "--text", "Make a plan.") == ("", "Saved as /plan, version 1.\n")
    assert said(capsys, "save", "--name", "plan", "--text", "Make a plan.") == ("", "/plan is so already.\n")
    said(capsys, "save", "--name", "plan", "--text", "Make a good plan.", "--message", "better")
    assert said(capsys, "favourite", "plan") == ("", "/plan is a favourite.\n")
    lines = said(capsys, "list")[0].splitlines()
    assert lines[0].split() == ["NAME", "TITLE", "TAGS", "USES", "CHANGED"]
    assert lines[1].split()[:5] == ["plan", "*", "Plan", "-", "0"]
    shown = said(capsys, "history", "plan", "--diff")[0]
    assert "written  better" in shown
    assert "Make a {+good +}plan." in shown
    assert shown.rstrip().splitlines()[-1].split()[0] == "1"  # nothing was before it
    assert said(capsys, "duplicate", "plan")[1] == "Copied as /plan-2.\n"
    told_of = said(capsys, "remove", "plan")[1]
    assert told_of.startswith("In the bin for 30 days. Undo: workbench prompts restore ")
    assert said(capsys, "restore", told_of.split()[-1])[1] == "Restored as /plan, version 2.\n"
    assert said(capsys, "list", "--bin") == ("", "The bin is empty.\n")
    assert said(capsys, "list", "zebra")[1].startswith("No prompt is like this.")
    assert said(capsys, "favourite", "plan", "--off")[1] == "/plan is no favourite any more.\n"


def test_a_markdown_file_goes_out_and_in_again(capsys: Captured, tmp_path: Path) -> None:
    file = tmp_path / "reply.md"
    file.write_text(
        "---\ntitle: Reply to a mail\nname: reply\ntags: [mail]\nsystem: Be polite.\n---\nAnswer {{ mail }}\n"
    )
    saved = told(capsys, "save", str(file))
    assert (saved["name"], saved["title"], saved["system"], saved["tags"]) == (
        "reply", "Reply to a mail", "Be polite.", ["mail"],
    )  # fmt: skip
    file.write_text(said(capsys, "show", "reply")[0])
    again = told(capsys, "save", str(file))
    assert (again["changed"], again["version"]) == (False, 1)
    assert told(capsys, "save", str(file), "--new")["name"] == "reply-2"
    assert told(capsys, "save", str(file), "--name", "other", "--title", "Other")["title"] == "Other"


def test_a_file_that_is_only_a_text_is_named_by_its_file(capsys: Captured, tmp_path: Path) -> None:
    file = tmp_path / "Meeting notes.txt"
    file.write_bytes("\ufeffTurn {{ notes }} into tasks — soon.\n".encode())
    saved = told(capsys, "save", str(file))
    assert (saved["name"], saved["title"]) == ("meeting-notes", "Meeting notes")
    assert saved["text"] == "Turn {{ notes }} into tasks — soon.\n"


def test_from_standard_input(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, b"Plan {{ week }}")
    assert told(capsys, "save", "--title", "My Plan")["name"] == "my-plan"
    typed(monkeypatch, b"---\nname: line\ntitle: Line\nsteps:\n  - name: first\n    text: One\n---\n")
    assert told(capsys, "save", "-")["steps"][0]["name"] == "first"
    typed(monkeypatch, b"text")
    assert "has steps" in told(capsys, "save", "--name", "line", code=USAGE)["error"]["message"]
    typed(monkeypatch, b"x" * ((8 << 20) + 1))
    assert "longer than 8 MB" in told(capsys, "save", "--name", "long", code=USAGE)["error"]["message"]


def test_lists_are_found_and_narrowed(capsys: Captured) -> None:
    for name, tag in (("reply", "mail"), ("plan", "work"), ("reply-short", "mail")):
        said(capsys, "save", "--name", name, "--text", "x", "--tag", tag)
    said(capsys, "favourite", "plan")
    names = [
        [one["name"] for one in told(capsys, "list", *words)]
        for words in (["rep"], ["--tag", "MAIL"], ["--favourites"])
    ]
    assert names == [["reply", "reply-short"], ["reply", "reply-short"], ["plan"]]
    assert [one["name"] for one in told(capsys, "list", "reply", "short")] == ["reply-short"]
    assert [one["name"] for one in told(capsys, "list", "relpy", "--limit", "1")] == ["reply"]
    assert "listed as a whole" in told(capsys, "list", "--bin", "reply", code=USAGE)["error"]["message"]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["show", "nothing"], "There is no prompt 'nothing'."),
        (["show", "plan", "--version", "9"], "There is no version 9 of 'plan'."),
        (["restore", "plan"], "“Plan” is not in the bin."),
        (["restore", "plan", "--version", "9"], "There is no version 9 of 'plan'."),
        (["save", "--text", "x"], "A prompt needs a name to be called by."),
        (["save", "--text", "x", "plan.md"], "The text comes from the file or from --text, not from both."),
        (["save", "--name", "empty", "--text", "  "], "A prompt needs a text."),
        (["save", "/nothing/here.md"], "/nothing/here.md cannot be read: No such file or directory."),
    ],
)
def test_what_is_wrong_is_told(capsys: Captured, words: list[str], what: str) -> None:
    said(capsys, "save", "--name", "plan", "--text", "Make a plan.")
    error = told(capsys, *words, code=USAGE)["error"]
    assert (error["kind"], error["message"]) == ("usage", what)
    assert error["hint"]


def test_a_prompt_that_comes_with_the_program_tells_how_it_comes_here(capsys: Captured) -> None:
    def hint(name: str) -> str:
        return str(told(capsys, "run", name, code=USAGE)["error"]["hint"])

    assert "`workbench prompts starters`" in hint("/Summarise")
    assert "starters" not in hint("nothing")
    told(capsys, "starters")
    told(capsys, "remove", "summarise")
    assert "`workbench prompts restore summarise`" in hint("summarise")
    told(capsys, "save", "--name", "brief", "--text", "x")
    told(capsys, "remove", "brief")
    told(capsys, "erase", "brief", "--yes")
    assert "restore" not in hint("brief")


def test_a_terminal_is_not_commanded(capsys: Captured) -> None:
    said(capsys, "save", "--name", "plan", "--title", "Pl\x1b[31man", "--text", "\x1b]0;title\x07 red")
    for words in (["list"], ["show", "plan"], ["history", "plan", "--diff"]):
        assert "\x1b" not in said(capsys, *words)[0]
    assert told(capsys, "show", "plan")["text"] == "\x1b]0;title\x07 red"


def test_a_prompt_is_erased_from_the_bin_alone_and_for_good(capsys: Captured) -> None:
    made = told(capsys, "save", "--name", "plan", "--text", "Plan it.")
    told(capsys, "save", "--name", "keep", "--text", "Keep it.")
    assert "is not in the bin" in told(capsys, "erase", "plan", "--yes", code=USAGE)["error"]["message"]
    told(capsys, "remove", "plan")
    told(capsys, "remove", "keep")
    assert told(capsys, "erase", "plan", "--yes") == {"erased": [{"id": made["id"], "name": "plan"}]}
    assert [one["name"] for one in told(capsys, "list", "--bin")] == ["keep"]
    told(capsys, "restore", made["id"], code=USAGE)


def test_nothing_is_erased_unasked(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    told(capsys, "save", "--name", "plan", "--text", "Plan it.")
    told(capsys, "remove", "plan")
    refused = told(capsys, "erase", "plan", code=REFUSED)["error"]
    assert refused["hint"].startswith("Add --yes")
    for answer, left in (("n\n", 1), ("y\n", 0)):
        terminal = io.StringIO(answer)
        monkeypatch.setattr(terminal, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stdin", terminal)
        said(capsys, "erase", "plan", code=REFUSED if left else OK)
        assert len(told(capsys, "list", "--bin")) == left


def test_the_bin_is_emptied_and_two_of_one_name_want_their_ids(capsys: Captured) -> None:
    for text in ("One.", "Two."):
        told(capsys, "save", "--name", "plan", "--text", text)
        told(capsys, "remove", "plan")
    both = told(capsys, "list", "--bin")
    assert [one["name"] for one in both] == ["plan", "plan"]
    assert "Take an id" in told(capsys, "erase", "plan", "--yes", code=USAGE)["error"]["hint"]
    told(capsys, "erase", code=USAGE)
    told(capsys, "erase", "plan", "--all", "--yes", code=USAGE)
    assert len(told(capsys, "erase", "--all", "--yes")["erased"]) == 2
    assert said(capsys, "erase", "--all") == ("", "The bin is empty.\n")
