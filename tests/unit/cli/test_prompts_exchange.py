"""`workbench prompts import`, `export`, `starters` and `folder`."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from workbench.app import build
from workbench.cli import output
from workbench.cli.main import main
from workbench.paths import HOME_VARIABLE
from workbench.prompts.starting import STARTERS

EXPORT = json.dumps(
    [
        {"command": "/shorten", "title": "Shorten", "content": "Shorten: {{text | textarea:required}}"},
        {"command": "/mail", "title": "Mail", "content": "Write to {{who | email}}."},
    ]
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["prompts", *words])
    told = capsys.readouterr()
    return code, told.out, told.err


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    code, out, err = run(capsys, *words, "--json")
    assert code == output.OK, err
    return json.loads(out)


def test_an_export_is_looked_at_then_taken_over_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "export.json").write_text(EXPORT)
    code, out, err = run(capsys, "import", "export.json", "--preview")
    assert (code, out.split()) == (output.OK, ["NAME", "TITLE", "shorten", "new", "Shorten", "mail", "new", "Mail"])
    assert "2 prompts would be imported (openwebui)." in err
    assert told(capsys, "list") == []
    found = told(capsys, "import", "export.json")
    assert (found["format"], found["imported"], found["again"]) == ("openwebui", 2, 0)
    assert found["skipped"] == [{"what": "Mail", "why": "the field “who” (email) is a plain one here"}]
    again = told(capsys, "import", "export.json")
    assert (again["imported"], again["again"]) == (0, 2)
    assert "2 prompts there already." in run(capsys, "import", "export.json")[2]
    assert len(told(capsys, "list")) == 2


def test_taken_names_get_a_number_and_the_bin_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "shorten.txt").write_text("My own way.")
    told(capsys, "import", "shorten.txt")
    (tmp_path / "export.json").write_text(EXPORT)
    assert "/shorten is taken: /shorten-2" in run(capsys, "import", "export.json")[2]
    run(capsys, "remove", "mail")
    assert "1 prompt in the bin" in run(capsys, "import", "export.json")[2]


def test_a_folder_and_a_zip_of_other_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commands = tmp_path / "work" / ".claude" / "commands"
    (commands / "git").mkdir(parents=True)
    (commands / "git" / "review.md").write_text("Review $ARGUMENTS.")
    (tmp_path / "work" / "voice.yaml").write_text("prompt: Say $input\n")
    (tmp_path / "work" / "broken.yaml").write_text("prompt: [\n")
    (tmp_path / "work" / "README.md").write_text("no prompt")
    with zipfile.ZipFile(tmp_path / "work.zip", "w") as archive:
        for path in (tmp_path / "work").rglob("*.*"):
            if path.is_file():
                archive.write(path, path.relative_to(tmp_path / "work"))
    found = told(capsys, "import", "work")
    assert found["format"] == "claude, llm"
    assert {one["name"] for one in found["prompts"]} == {"review", "voice"}
    assert [one["what"] for one in found["skipped"]] == ["broken.yaml"]
    assert told(capsys, "import", "work.zip")["again"] == 2
    assert told(capsys, "list", "--tag", "git")[0]["name"] == "review"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("import", "missing.json"), output.USAGE),
        (("import", "empty"), output.USAGE),
        (("import", "broken.zip"), output.USAGE),
        (("import", "pipe"), output.USAGE),
        (("import", "broken.zip", "--format", "llm"), output.USAGE),
        (("export", "nothing-of-that-name"), output.USAGE),
        (("export", "--format", "llm"), output.USAGE),
        (("folder", "no/such/place"), output.USAGE),
    ],
)
def test_what_cannot_be_done_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int
) -> None:
    run(capsys, "starters")
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04nothing")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
    found, out, err = run(capsys, *words)
    assert (found, out) == (code, "")
    assert err.startswith("workbench: ")


def test_everything_comes_back_with_its_versions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    run(capsys, "save", "--name", "ask", "--text", "Why?")
    run(capsys, "save", "--name", "ask", "--text", "Why not?", "--message", "kinder")
    run(capsys, "save", "--name", "tell", "--text", "Tell.")
    assert "2 prompts written to" in run(capsys, "export", "--output", "all.json")[2]
    assert (tmp_path / "all.json").stat().st_mode & 0o777 == 0o600
    assert run(capsys, "export", "--output", "all.json")[0] == output.USAGE  # it is there already
    home.rename(home.with_name("old"))
    assert told(capsys, "import", "all.json")["imported"] == 2
    assert len(told(capsys, "history", "ask")) == 2
    assert "Why not?" in run(capsys, "show", "ask")[1]
    assert told(capsys, "import", "all.json")["again"] == 2


@pytest.mark.parametrize("form", ["markdown", "openwebui", "prompts.chat", "claude", "llm", "lmstudio", "text"])
def test_what_is_exported_is_read_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], home: Path, form: str
) -> None:
    run(capsys, "starters")
    for target in ("out", "out.zip"):
        code, _out, err = run(capsys, "export", "--format", form, "--output", target)
        assert code == output.OK, err
        assert ("several steps" in err) == (form != "markdown")
    home.rename(home.with_name("old"))
    found = told(capsys, "import", "out.zip" if form not in {"openwebui", "prompts.chat"} else "out", "--format", form)
    assert found["imported"] == len(STARTERS) - (form != "markdown")


def test_one_prompt_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "save", "--name", "ask", "--text", "Why {{ it }}?")
    assert run(capsys, "export", "ask", "--format", "llm")[1] == "prompt: Why ${it}?\n"
    assert told(capsys, "export", "ask", "--format", "text")["files"] == [
        {"name": "ask.txt", "text": "Why {{ it }}?\n"}
    ]


def test_starters_are_added_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(told(capsys, "starters")) == len(STARTERS)
    assert told(capsys, "starters") == []
    assert "All of them are there" in run(capsys, "starters")[2]


def test_files_and_commands_keep_in_step(tmp_path: Path, capsys: pytest.CaptureFixture[str], home: Path) -> None:
    run(capsys, "save", "--name", "ask", "--text", "Why?")
    file = home / "prompts" / "ask.md"
    assert "Why?" in file.read_text()
    file.write_text(file.read_text().replace("Why?", "How?"))
    assert "How?" in run(capsys, "show", "ask")[1]
    (home / "prompts" / "broken.md").write_text("---\n")
    code, _out, err = run(capsys, "list")
    assert code == output.OK
    assert "broken.md, line 1: the line of dashes that ends the front matter is missing." in err
    run(capsys, "remove", "ask")
    assert not file.exists()


def test_a_folder_full_of_notes_is_no_folder_of_prompts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vault = tmp_path / "vault"
    vault.mkdir()
    for number in range(30):
        (vault / f"note {number}.md").write_text("A note.")
    found = told(capsys, "folder", str(vault))
    assert (found["written"], found["taken"]) == (0, 0)
    assert "30 Markdown files" in found["told"][0]["text"]
    run(capsys, "save", "--name", "ask", "--text", "Why?")
    assert not (vault / "ask.md").exists()
    assert told(capsys, "folder", str(vault), "--take-in")["taken"] == 30
    assert (vault / "ask.md").exists()


def test_the_folder_can_be_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str], home: Path) -> None:
    run(capsys, "save", "--name", "ask", "--text", "Why?")
    assert told(capsys, "folder")["folder"] == str(home / "prompts")
    (tmp_path / "git").mkdir()
    (tmp_path / "git" / "tell.md").write_text("Tell.")
    found = told(capsys, "folder", "git")
    assert (found["folder"], found["written"], found["taken"]) == (str(tmp_path / "git"), 1, 1)
    assert (tmp_path / "git" / "ask.md").exists()
    code, out, err = run(capsys, "folder", "--default")
    assert (code, out.strip()) == (output.OK, str(home / "prompts"))
    assert "1 written" in err
    workbench = build()
    try:
        assert workbench.settings.prompts.folder == ""
        assert {one.prompt.name for one in workbench.prompts.all()} == {"ask", "tell"}
    finally:
        workbench.close()


def test_versions_keep_their_times_and_notes_in_another_library(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["prompts", "save", "--name", "ask", "--text", "One", "--message", "first"])
    main(["prompts", "save", "--name", "ask", "--text", "Two", "--message", "second"])
    capsys.readouterr()
    told(capsys, "export", "--output", "all.json")
    written = json.loads((tmp_path / "all.json").read_text())
    for one, at in zip(written["prompts"][0]["versions"], (1_700_000_000.5, 9e10), strict=True):
        one["saved_at"] = at
    (tmp_path / "all.json").write_text(json.dumps(written))
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "another"))
    told(capsys, "import", "all.json")
    second, first = told(capsys, "history", "ask")
    assert (first["saved_at"], first["note"]) == (1_700_000_000.5, "first")
    assert second["note"] == "second"
    assert second["saved_at"] < 9e10, "no version comes from the future"
