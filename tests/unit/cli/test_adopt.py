"""`workbench models adopt` through the whole program, on a disk with three other programs."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.gguf_file import tiny_model
from tests.fakes.other_programs import PersonsDisk, put
from workbench.cli.main import main

pytestmark = [pytest.mark.usefixtures("home"), pytest.mark.skipif(os.name != "posix", reason="the cache's links")]
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PersonsDisk:
    disk = PersonsDisk(tmp_path / "person")
    disk.home.mkdir()
    monkeypatch.setenv("HOME", str(disk.home))
    for name in ("OLLAMA_MODELS", "HF_HOME", "HF_HUB_CACHE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "LLAMA_CACHE"):
        monkeypatch.delenv(name, raising=False)
    return disk


def run(capsys: Captured, *words: str) -> tuple[int, Any]:
    """The exit code and the JSON document."""
    code = main(["models", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_without_a_name_it_lists_and_adopts_nothing(disk: PersonsDisk, capsys: Captured) -> None:
    disk.fill()
    code, found = run(capsys, "adopt")
    assert code == 0
    assert {row["name"]: row["usable"] for row in found}["gpt-oss-20b-4bit"] is False
    assert {"program", "path", "bytes", "problem", "equivalent", "equivalent_bytes", "adopted"} <= set(found[0])
    assert run(capsys, "list") == (0, [])
    assert main(["models", "adopt"]) == 0
    shown = capsys.readouterr()
    assert "Ollama" in shown.out
    assert "As GGUF: gpt-oss-20b (1" in shown.out
    assert "--all" in shown.err


def test_one_by_its_name_and_all(disk: PersonsDisk, capsys: Captured) -> None:
    disk.fill()
    before = disk.state()
    code, adopted = run(capsys, "adopt", "small:1b")
    assert (code, [row["model"] for row in adopted]) == (0, ["small:1b"])
    assert main(["models", "adopt", "--all"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    code, listed = run(capsys, "list")
    assert {row["source"] for row in listed if row["adopted"]} == {"ollama", "lmstudio", "huggingface"}
    assert run(capsys, "adopt", "--all") == (0, [])
    assert main(["models", "remove", "small:1b"]) == 0
    assert "stays as it is" in capsys.readouterr().err
    assert disk.state() == before


def test_a_file_or_folder_anywhere(disk: PersonsDisk, capsys: Captured) -> None:
    disk.fill()
    path = put(disk.home / "mine" / "deep" / "own.gguf", tiny_model("Own"))
    assert run(capsys, "adopt", "--list", str(disk.home / "mine"))[1][0]["path"] == str(path)
    code, adopted = run(capsys, "adopt", str(disk.home / "mine"))
    assert (code, [row["path"] for row in adopted]) == (0, [str(path)])
    assert run(capsys, "adopt", str(path)) == (code, adopted)  # it is in the library already
    broken = put(disk.home / "broken.gguf", b"<html>")
    assert main(["models", "adopt", str(broken)]) == 2
    assert "an HTML page" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["smal:1b"], "Did you mean 'small:1b'?"),
        (["gpt-oss-20b-4bit"], "workbench models pull gpt-oss-20b"),
        (["/no/such/file.gguf"], "There is no model"),
        (["nul\0l"], "There is no model"),
        (["x" * 5000], "no model"),
        (["~nobody-here/models"], "no model"),
    ],
)
def test_what_cannot_be_adopted(disk: PersonsDisk, capsys: Captured, words: list[str], said: str) -> None:
    disk.fill()
    assert main(["models", "adopt", *words]) == 2
    assert said in capsys.readouterr().err


def test_an_empty_disk_says_what_was_looked_for(disk: PersonsDisk, capsys: Captured) -> None:
    assert main(["models", "adopt"]) == 0
    assert "LM Studio, Ollama, Hugging Face cache" in capsys.readouterr().err
    assert main(["models", "adopt", str(disk.home)]) == 2
