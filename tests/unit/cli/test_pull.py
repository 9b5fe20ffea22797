"""`workbench models pull` of hub files, through the whole program, from a hub on loopback."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import http_server as fake
from tests.fakes.gguf_file import tiny_model
from tests.fakes.hub import COMMIT, LoopbackHub
from tests.fakes.other_programs import projector, shard
from workbench.cli.main import main
from workbench.models.fetching.partial import locked

Captured = pytest.CaptureFixture[str]
MODEL = tiny_model("Hub Model") + random.Random(3).randbytes(6 << 20)
SHA256 = hashlib.sha256(MODEL).hexdigest()


@pytest.fixture(autouse=True)
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    with LoopbackHub() as running:
        running.add("Owner/Repo-GGUF", m=MODEL)
        monkeypatch.setenv("HF_ENDPOINT", running.url(""))
        monkeypatch.setenv("HF_TOKEN", "hf_secret")
        yield running


def pull(capsys: Captured, reference: str, *options: str) -> tuple[int, list[dict[str, Any]], str]:
    """The exit code, the JSON lines, and what was said."""
    code = main(["models", "pull", reference, "--json", *options])
    told = capsys.readouterr()
    return code, [json.loads(line) for line in told.out.splitlines()], told.err


def test_a_file_of_the_hub_arrives_and_is_listed(home: Path, capsys: Captured) -> None:
    code, lines, said = pull(capsys, "Owner/Repo-GGUF/m.gguf")
    path = home / "models" / "Owner" / "Repo-GGUF" / "m.gguf"
    assert code == 0
    assert lines[-1] == {"event": "ready", "path": str(path), "sha256": SHA256, "bytes": len(MODEL)}
    assert {"event", "bytes", "total_bytes", "bytes_per_second", "seconds_left"} <= set(lines[0])
    assert "Licence: apache-2.0" in said
    assert path.read_bytes() == MODEL
    main(["models", "list", "--json"])
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["path"], row["sha256"]) == (str(path), SHA256)
    main(["models", "verify", "--json"])
    assert json.loads(capsys.readouterr().out)[0]["ok"]


def test_for_people_the_path_is_the_only_data(home: Path, capsys: Captured) -> None:
    assert main(["models", "pull", f"Owner/Repo-GGUF/m.gguf@{COMMIT}", "--limit", "500"]) == 0
    told = capsys.readouterr()
    assert told.out == f"{home / 'models' / 'Owner' / 'Repo-GGUF' / 'm.gguf'}\n"
    assert "is ready" in told.err


def test_every_part_is_fetched_and_verified(server: LoopbackHub, home: Path, capsys: Captured) -> None:
    parts = {f"m-0000{number}-of-00002": shard(number, 2) for number in (1, 2)}
    server.add("o/r", **parts, **{"mmproj-F16": projector()})
    code, _lines, said = pull(capsys, "o/r/m-00002-of-00002.gguf")
    assert code == 0
    assert "in 3 files" in said
    assert main(["models", "verify", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 3
    damaged = home / "models/o/r/m-00002-of-00002.gguf"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    assert main(["models", "verify", "--json"]) == 4
    verified = json.loads(capsys.readouterr().out)
    assert [Path(one["path"]).name for one in verified if not one["ok"]] == ["m-00002-of-00002.gguf"]


@pytest.mark.parametrize(
    ("reference", "code", "words"),
    [
        ("Owner/Repo-GGUF/absent.gguf", 4, "has no file absent.gguf"),
        ("Owner/Absent/m.gguf", 4, "has no repository Owner/Absent"),
        ("Owner/Repo-GGUF/m.gguf@nothing", 4, "no commit or branch nothing"),
        ("Owner/Repo-GGUF/../../m.gguf", 2, "cannot be the name of a model file"),
        ("Owner/Repo-GGUF/m.safetensors", 2, "is no GGUF file"),
        ("nothing-like-it", 2, "no model 'nothing-like-it' to fetch"),
    ],
)
def test_what_is_not_there_is_one_sentence(capsys: Captured, reference: str, code: int, words: str) -> None:
    found, lines, _said = pull(capsys, reference)
    assert found == code
    assert words in lines[-1]["error"]["message"]
    assert lines[-1]["error"]["hint"]


def test_a_gated_repository_says_what_to_do(server: LoopbackHub, capsys: Captured) -> None:
    server.repositories["Owner/Repo-GGUF"].asks_for = "hf_other"
    code, lines, said = pull(capsys, "Owner/Repo-GGUF/m.gguf")
    assert code == 4
    assert "Accept its conditions at" in lines[-1]["error"]["hint"]
    assert "hf_secret" not in json.dumps(lines) + said


def test_offline_is_respected(server: LoopbackHub, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    code, lines, _said = pull(capsys, "Owner/Repo-GGUF/m.gguf")
    assert (code, server.requests) == (4, [])
    assert "HF_HUB_OFFLINE" in lines[-1]["error"]["message"]


def test_a_download_in_the_window_is_told(home: Path, capsys: Captured) -> None:
    folder = home / "models" / ".partial" / "Owner" / "Repo-GGUF"
    folder.mkdir(parents=True)
    with locked(folder / "m.gguf.model"):
        code, lines, _said = pull(capsys, "Owner/Repo-GGUF/m.gguf")
    assert code == 4
    assert "already being downloaded" in lines[-1]["error"]["message"]


def test_a_short_wait_is_told_and_waited(server: LoopbackHub, capsys: Captured) -> None:
    server.script("/cdn/Owner/Repo-GGUF/m.gguf", fake.status(503, Retry_After="1"), fake.file(MODEL))
    code, lines, _said = pull(capsys, "Owner/Repo-GGUF/m.gguf")
    assert code == 0
    assert {"event": "waiting", "seconds": 1.0} in [
        {key: line[key] for key in ("event", "seconds")} for line in lines if line["event"] == "waiting"
    ]


@pytest.mark.parametrize("options", [["--limit", "0"], ["--limit", "fast"], ["--limit", "nan"]])
def test_a_limit_must_be_one(capsys: Captured, options: list[str]) -> None:
    assert pull(capsys, "Owner/Repo-GGUF/m.gguf", *options)[0] == 2


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_ctrl_c_keeps_what_has_arrived(server: LoopbackHub, home: Path) -> None:
    arrived = threading.Event()

    def slowly(exchange: fake.Exchange, body: bytes) -> None:
        exchange.body(body[: 4 << 20])
        arrived.set()
        exchange.hang()

    server.script("/cdn/Owner/Repo-GGUF/m.gguf", fake.file(MODEL, then=slowly), fake.file(MODEL))
    command = [sys.executable, "-m", "workbench.entry", "models", "pull", "Owner/Repo-GGUF/m.gguf"]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE, text=True) as child:
        assert arrived.wait(30)
        time.sleep(0.3)
        child.send_signal(signal.SIGINT)
        _out, said = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "What has arrived is kept" in said
    server.body_bytes = 0
    assert main(["models", "pull", "Owner/Repo-GGUF/m.gguf"]) == 0
    assert server.body_bytes < len(MODEL) - (3 << 20)
