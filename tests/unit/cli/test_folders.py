"""`workbench folders`: shapes, words and exit codes, over real files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from workbench.cli import folders_shown as shown
from workbench.cli.main import main
from workbench.cli.output import CANCELLED, OK, STORAGE, USAGE
from workbench.documents.collection import Collection, CollectionState, FileStatus, Phase, Progress
from workbench.documents.desk import DocumentDesk
from workbench.errors import StorageError
from workbench.jobs import Job

Captured = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("home")
ACTIONS = ("add", "list", "status", "sync", "remove", "rules", "change", "pause", "resume", "retry")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "My papers"
    (made / "drafts").mkdir(parents=True)
    (made / "whales.md").write_text("# Whales\n\nWhales sing.\n")
    (made / "drafts" / "idea.txt").write_text("An idea.")
    (made / "broken.pdf").write_bytes(b"%PDF-1.7\nbroken")
    return made


def told(capsys: Captured, *words: str, code: int = OK) -> Any:
    """What a command tells in JSON."""
    assert main([*words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_a_folder_from_attaching_to_forgetting(capsys: Captured, folder: Path) -> None:
    added = told(capsys, "folders", "add", str(folder), "--wait", "--private", "--exclude", "drafts/")
    assert added == {
        "id": added["id"],
        "name": "My papers",
        "path": str(folder),
        "private": True,
        "paused": False,
        "rules": {"include": [], "exclude": ["drafts/"], "formats_off": [], "hidden": False, "ignore_files": True},
        "files": {
            "indexed": 1,
            "waiting": 0,
            "skipped": 1,
            "failed": 1,
            "offline": 0,
            "in_cloud": 0,
            "no_permission": 0,
        },
        "passages": 1,
        "passages_with_vectors": added["passages_with_vectors"],
        "cloud_bytes": 0,
        "phase": added["phase"],
        "done": added["done"],
        "total": added["total"],
        "seconds_left": added["seconds_left"],
        "problem": "",
        "problem_kind": "",
        "note": "",
        "looked_at": added["looked_at"],
    }
    status = told(capsys, "folders", "status", "my papers")
    assert status["files"]["indexed"] == 1
    items = {one["path"]: (one["status"], bool(one["reason"])) for one in status["items"]}
    assert items == {"whales.md": ("indexed", False), "broken.pdf": ("failed", True), "drafts": ("skipped", True)}
    failed = told(capsys, "folders", "status", str(folder), "--status", "failed", "--text", "BROKEN")
    assert [one["path"] for one in failed["items"]] == ["broken.pdf"]
    assert [one["name"] for one in told(capsys, "folders", "list")] == ["My papers"]
    assert told(capsys, "folders", "remove", added["id"][:8]) == {"removed": added["id"]}
    assert told(capsys, "folders", "list") == []
    assert (folder / "whales.md").exists()


def test_rules_are_shown_changed_and_followed_at_the_next_look(capsys: Captured, folder: Path) -> None:
    told(capsys, "folders", "add", str(folder), "--wait")
    assert main(["folders", "rules", "My papers"]) == OK
    assert "Exclude: -" in capsys.readouterr().out
    changed = told(capsys, "folders", "rules", "My papers", "--exclude", "drafts/", "--without", "pdf", "--hidden")
    assert changed == {
        "include": [],
        "exclude": ["drafts/"],
        "formats_off": ["pdf"],
        "hidden": True,
        "ignore_files": True,
    }
    (state,) = told(capsys, "folders", "sync")
    assert (state["files"]["indexed"], state["files"]["failed"]) == (1, 0)
    assert told(capsys, "folders", "rules", "My papers", "--reset")["exclude"] == []
    assert told(capsys, "folders", "sync", "My papers")[0]["files"]["indexed"] == 2


def test_pausing_retrying_and_changing(capsys: Captured, folder: Path) -> None:
    told(capsys, "folders", "add", str(folder), "--wait")
    assert told(capsys, "folders", "pause", "My papers")["paused"]
    assert main(["folders", "sync", "My papers"]) == USAGE
    capsys.readouterr()
    assert not told(capsys, "folders", "resume", "My papers")["paused"]
    assert told(capsys, "folders", "retry", "My papers") == {"retried": 1}
    assert told(capsys, "folders", "retry", "My papers", "whales.md", str(folder / "broken.pdf")) == {"retried": 2}
    assert main(["folders", "retry", "My papers", "nothing.txt"]) == USAGE
    capsys.readouterr()
    moved = folder.rename(folder.with_name("moved"))
    changed = told(capsys, "folders", "change", "My papers", "--name", "Papers", "--path", str(moved), "--private")
    assert (changed["name"], changed["path"], changed["private"]) == ("Papers", str(moved), True)
    assert not told(capsys, "folders", "change", "Papers", "--not-private")["private"]
    assert main(["folders", "change", "Papers"]) == USAGE


def test_words_for_a_person(capsys: Captured, folder: Path) -> None:
    assert main(["folders", "list"]) == OK
    assert "`workbench folders add PATH`" in capsys.readouterr().err
    assert main(["folders", "add", str(folder)]) == OK
    said = capsys.readouterr().err
    assert "It is read as soon as a window is open." in said
    assert '`workbench folders sync "My papers"` reads it now.' in said
    assert main(["folders", "sync"]) == OK
    assert "My papers: 2 files read (2 passages), 1 failed." in capsys.readouterr().err
    assert main(["folders", "list"]) == OK
    assert "up to date" in capsys.readouterr().out
    assert main(["folders", "status", "My papers"]) == OK
    assert "failed   broken.pdf" in capsys.readouterr().out
    assert main(["folders", "pause", "My papers"]) == OK
    assert "what was read of it still answers" in capsys.readouterr().err
    assert main(["folders", "remove", "My papers"]) == OK
    assert "Its files are where they were." in capsys.readouterr().err


@pytest.mark.parametrize("words", [("add", "/no/such/folder"), ("status", "Nothing"), ("remove", "Nothing")])
def test_what_is_not_there_is_a_usage_error(capsys: Captured, words: tuple[str, ...]) -> None:
    error = told(capsys, "folders", *words, code=USAGE)["error"]
    assert error["kind"] == "usage"
    assert error["message"]
    assert error["hint"]


def test_a_full_disk_ends_the_wait_with_its_own_code(
    capsys: Captured, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object, **_options: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(DocumentDesk, "sync", full)
    assert (
        told(capsys, "folders", "add", str(folder), "--wait", code=STORAGE)["error"]["message"] == "The disk is full."
    )


def test_ctrl_c_keeps_what_was_read_and_says_how_it_goes_on(
    capsys: Captured, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_desk: DocumentDesk, job: Job, *_arguments: object, **_options: object) -> None:
        job.emit(Progress(Phase.READING, 1, 2))
        raise KeyboardInterrupt

    monkeypatch.setattr(DocumentDesk, "sync", interrupted)
    assert main(["folders", "add", str(folder), "--wait"]) == CANCELLED
    assert "What was read is kept" in capsys.readouterr().err
    assert [one["name"] for one in told(capsys, "folders", "list")] == ["My papers"]


@pytest.mark.parametrize("action", ACTIONS)
def test_every_help_has_an_example(capsys: Captured, action: str) -> None:
    assert main(["folders", action, "--help"]) == OK
    assert "example:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress(Phase.SCANNING), "Looking…"),
        (Progress(Phase.READING, 212, 2085, 90.4, 20.7), "Reading: 212 of 2,085 files, 90 a second, 0:21 left"),
        (Progress(Phase.EMBEDDING, 1, 60_000), "Reading meaning: 1 of 60,000 passages"),
    ],
)
def test_progress_in_words(progress: Progress, words: str) -> None:
    assert shown.progress_text(progress) == words


def test_a_folder_that_is_away_says_so() -> None:
    state = CollectionState(
        Collection("1", "Disk", Path("/media/disk")),
        {FileStatus.OFFLINE: 3},
        problem="Its drive is not there.",
        problem_kind="offline",
        chunks=5,
        embedded=2,
    )
    assert shown.summary(state) == (
        "Disk: 0 files read (5 passages), 3 on a drive that is not there. Its drive is not there."
        " 3 passages are searched by their words alone so far."
    )
    assert shown.row(state)[4] == "offline"
