"""`workbench models recommend`, `add` and `forget` through the whole program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.gguf_file import tiny_model
from tests.fakes.hub import LoopbackHub
from workbench.cli.main import main

pytestmark = pytest.mark.usefixtures("home")
Captured = pytest.CaptureFixture[str]
MACHINES = Path(__file__).parents[2] / "machines"
KEYS = {
    "model", "repository", "file", "bytes", "context", "fit", "reasons", "answer_seconds", "prompt_tokens_per_second",
    "generation_tokens_per_second",
}  # fmt: skip


def run(capsys: Captured, *words: str) -> tuple[int, Any]:
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def recommend(capsys: Captured, machine: str, *words: str) -> Any:
    code, document = run(capsys, "models", "recommend", "--machine", str(MACHINES / f"{machine}.json"), *words)
    assert code == 0
    return document


@pytest.mark.parametrize("machine", ["no-gpu-8gb", "m4-pro-24gb", "windows-32gb-rtx-8gb"])
def test_the_document_has_the_promised_shape(capsys: Captured, machine: str) -> None:
    document = recommend(capsys, machine)
    picks = [document["recommended"], *document["alternatives"]]
    assert 1 <= len(picks) <= 3
    for pick in picks:
        assert pick.keys() >= KEYS
        assert pick["bytes"] > 1e9
        for key in ("answer_seconds", "prompt_tokens_per_second", "generation_tokens_per_second"):
            assert 0 < pick[key]["low"] <= pick[key]["expected"] <= pick[key]["high"]
        assert pick["task"].keys() == {"prompt_tokens", "reasoning_tokens", "answer_tokens"}


@pytest.mark.parametrize("by", ["model", "reference"])
def test_estimate_says_the_same(capsys: Captured, by: str) -> None:
    pick = recommend(capsys, "m4-pro-24gb")["recommended"]
    machine = str(MACHINES / "m4-pro-24gb.json")
    words = ("models", "estimate", pick[by], "--context", str(pick["context"]), "--machine", machine)
    code, estimate = run(capsys, *words)
    assert code == 0
    assert estimate.items() >= pick["memory"].items()
    assert estimate["fit"] == pick["fit"]


def test_use_and_preference_are_taken(capsys: Captured) -> None:
    document = recommend(capsys, "rtx-3060-12gb", "--for", "documents", "--prefer", "speed")
    assert (document["for"], document["prefer"]) == ("documents", "speed")
    assert document["recommended"]["task"]["prompt_tokens"] == 16000


def test_a_machine_of_which_only_the_memory_is_known(capsys: Captured, tmp_path: Path) -> None:
    file = tmp_path / "machine.json"
    file.write_text('{"memory_total_bytes": 17179869184}', "utf-8")
    code, document = run(capsys, "models", "recommend", "--machine", str(file))
    assert code == 0
    assert document["recommended"]["fit"] == "cpu"
    assert any("gpt-oss 20B is not for this machine" in note for note in document["notes"])


@pytest.mark.parametrize("text", ["{", "{}", '{"memory_total_bytes": "many"}'])
def test_a_machine_file_that_is_none_is_told(capsys: Captured, tmp_path: Path, text: str) -> None:
    file = tmp_path / "machine.json"
    file.write_text(text, "utf-8")
    code, document = run(capsys, "models", "recommend", "--machine", str(file))
    assert code == 2
    assert str(file) in document["error"]["message"]


def test_words_for_people_show_the_sum(capsys: Captured) -> None:
    assert main(["models", "recommend", "--machine", str(MACHINES / "m4-pro-24gb.json")]) == 0
    told = capsys.readouterr().out
    assert "Recommended: gpt-oss 20B" in told
    assert "11.3 GB weights" in told
    assert " engine = 12." in told
    assert "Fetch it: workbench models pull ggml-org/gpt-oss-20b-GGUF/gpt-oss-20b-MXFP4.gguf" in told


def test_a_wrong_entry_of_the_persons_catalog_is_told(capsys: Captured, home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "catalog.json").write_text('{"models": [{"id": "gpt-oss-20b", "name": 3}]}', "utf-8")
    assert main(["models", "recommend", "--machine", str(MACHINES / "no-gpu-8gb.json")]) == 0
    assert f"{home / 'catalog.json'}, models[0].name: must be text" in capsys.readouterr().err


def test_a_repository_is_added_and_forgotten(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path
) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(tmp_path / "token"))
    with LoopbackHub() as hub:
        hub.add("Me/Tiny-GGUF", **{"Tiny-Q8_0": tiny_model("Tiny")})
        monkeypatch.setenv("HF_ENDPOINT", hub.url(""))
        code, added = run(capsys, "models", "add", "Me/Tiny-GGUF")
        assert (code, added["model"], added["files"][0]["quantization"]) == (0, "me/tiny-gguf", "Q8_0")
        assert run(capsys, "models", "add", "Me/Absent-GGUF")[0] == 4
    assert json.loads((home / "catalog.json").read_text("utf-8"))["models"][0]["id"] == "me/tiny-gguf"
    assert run(capsys, "models", "forget", "me/tiny-gguf") == (0, {"forgotten": "me/tiny-gguf"})
    assert run(capsys, "models", "forget", "me/tiny-gguf")[0] == 2
    assert run(capsys, "models", "add", "no repository")[0] == 2
