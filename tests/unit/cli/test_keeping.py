"""`workbench chats export|import` and `workbench backup`, as scripts use them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.chat import foreign_chats as foreign
from workbench.cli import output
from workbench.cli.main import main


@pytest.fixture
def imported(home: Path, tmp_path: Path) -> Path:
    """A file with two chats, already in the home."""
    file = tmp_path / "claude.json"
    file.write_text(json.dumps(foreign.claude()))
    assert main(["chats", "import", str(file), "--json"]) == output.OK
    assert home.exists()
    return file


def _answer(capsys: pytest.CaptureFixture[str], *words: str, code: int = output.OK) -> Any:
    capsys.readouterr()
    assert main([*words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_an_import_reports(capsys: pytest.CaptureFixture[str], imported: Path) -> None:
    report = _answer(capsys, "chats", "import", str(imported))
    assert (report["format"], report["imported"], report["updated"]) == ("claude", 0, 0)
    assert report["skipped"] == [{"what": "Nothing", "why": "it has no messages"}]
    assert main(["chats", "import", str(imported)]) == output.OK
    assert "0 chats imported" in capsys.readouterr().err


def test_what_is_no_export_is_a_usage_error(capsys: pytest.CaptureFixture[str], imported: Path, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("[{}]")
    error = _answer(capsys, "chats", "import", str(tmp_path / "x.json"), code=output.USAGE)["error"]
    assert (error["kind"], error["message"]) == ("usage", "No chats were found in x.json.")
    assert imported


def test_exports_to_files_and_to_the_terminal(
    capsys: pytest.CaptureFixture[str], imported: Path, tmp_path: Path
) -> None:
    target = tmp_path / "all.json"
    told = _answer(capsys, "chats", "export", "--all", "--output", str(target))
    assert told == {"format": "json", "exported": 2, "path": str(target)}
    assert len(json.loads(target.read_text())) == 2
    again = _answer(capsys, "chats", "export", "--all", "--output", str(target), code=output.USAGE)
    assert "is there already" in again["error"]["message"]
    chats = _answer(capsys, "chats", "list")
    assert _answer(capsys, "chats", "export", chats[0]["id"][:12])["id"] == chats[0]["id"]
    assert main(["chats", "export", chats[0]["id"], "--format", "markdown"]) == output.OK
    assert capsys.readouterr().out.startswith("---\ntitle: ")
    assert main(["chats", "export", "--all", "--format", "html"]) == output.USAGE
    assert main(["chats", "export", "--all", "--format", "html", "--output", str(tmp_path / "pages")]) == output.OK
    assert len(list((tmp_path / "pages").iterdir())) == 2
    assert imported


def test_backups_are_made_listed_and_restored(capsys: pytest.CaptureFixture[str], imported: Path, home: Path) -> None:
    assert _answer(capsys, "backup", "list") == []
    made = _answer(capsys, "backup", "create")
    assert (made["kind"], Path(made["path"]).is_dir()) == ("manual", True)
    chats = _answer(capsys, "chats", "list")
    for chat in chats:
        _answer(capsys, "chats", "remove", chat["id"])
    found = _answer(capsys, "backup", "show", "latest")
    assert found["backup"]["name"] == made["name"]
    assert (found["difference"]["back"], found["difference"]["same"]) == ([chat["title"] for chat in chats], 0)
    assert main(["backup", "show", "latest"]) == output.OK
    assert f"comes back  {chats[0]['title']}" in capsys.readouterr().out
    restored = _answer(capsys, "backup", "restore", "latest")
    assert (restored["restored"]["name"], restored["kept"]["kind"]) == (made["name"], "replaced")
    assert _answer(capsys, "chats", "list") == chats
    assert _answer(capsys, "backup", "restore", "1999", code=output.USAGE)["error"]["kind"] == "usage"
    (home / "workbench.db").write_bytes(b"zeros" * 2000)
    assert _answer(capsys, "chats", "list", code=output.STORAGE)["error"]["kind"] == "storage"
    assert len(_answer(capsys, "backup", "list")) == 2
    assert main(["backup", "restore", "latest"]) == output.OK
    assert _answer(capsys, "chats", "list") == chats
    assert imported


def test_the_doctor_tells_of_backups(capsys: pytest.CaptureFixture[str], imported: Path) -> None:
    _answer(capsys, "backup", "create")
    [check] = [each for each in _answer(capsys, "doctor")["checks"] if each["name"] == "backups"]
    assert check["detail"].startswith("1, the last of ")
    assert imported
