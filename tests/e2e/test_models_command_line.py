"""Models on the command line: the real program, a hub on loopback, folders of other programs, the real small model."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from socket import create_server
from typing import Any

import pytest

from tests.fakes.http_server import Exchange, file
from tests.fakes.hub import LoopbackHub, Repository
from tests.fakes.other_programs import PersonsDisk

ROOT = Path(__file__).parent.parent.parent
MACHINES = ROOT / "tests" / "machines"
WORKBENCH = [sys.executable, "-m", "workbench.entry"]
FILE = "Smol.Q4_1.gguf"
REFERENCE = f"acme/Smol-GGUF/{FILE}"
SEA = "Write one sentence about the sea."
PICK = {
    "model",
    "repository",
    "file",
    "bytes",
    "context",
    "fit",
    "reasons",
    "answer_seconds",
    "prompt_tokens_per_second",
    "generation_tokens_per_second",
}
ESTIMATE = {
    "weights_bytes",
    "cache_bytes",
    "compute_bytes",
    "overhead_bytes",
    "total_bytes",
    "fit",
    "max_context",
    "devices",
    "expert_layers_on_cpu",
    "advice",
}


@pytest.fixture(scope="module")
def model(starter_model: Path) -> bytes:
    return starter_model.read_bytes()


@pytest.fixture
def hub(model: bytes) -> Iterator[LoopbackHub]:
    with LoopbackHub() as server:
        server.repositories["acme/Smol-GGUF"] = Repository({FILE: model})
        server.repositories["acme/Gated-GGUF"] = Repository({FILE: model}, asks_for="hf_secret")
        yield server


@pytest.fixture
def person(tmp_path: Path) -> PersonsDisk:
    (tmp_path / "person").mkdir()
    return PersonsDisk(tmp_path / "person")


@pytest.fixture
def environment(home: Path, person: PersonsDisk, hub: LoopbackHub) -> dict[str, str]:
    """Of a person whose hub is ours, and whose folders are empty."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "OLLAMA", "XDG_"))}
    return kept | {
        "WORKBENCH_HOME": str(home),
        "HOME": str(person.home),
        "HF_ENDPOINT": hub.url(""),
        "HF_HOME": str(person.hub.root.parent),
        "OLLAMA_MODELS": str(person.ollama.root),
    }


class Shell:
    """`workbench`, as a process of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """What it wrote; it ended with ``code``."""
        done = subprocess.run(
            [*WORKBENCH, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        return done.stdout

    def json(self, *arguments: str, code: int = 0) -> Any:
        return json.loads(self(*arguments, "--json", code=code))

    def lines(self, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self(*arguments, "--json", code=code).splitlines()]


@pytest.fixture
def workbench(environment: dict[str, str]) -> Shell:
    return Shell(environment)


@pytest.mark.engine
def test_from_a_repository_to_an_answer(workbench: Shell, home: Path, model: bytes) -> None:
    added = workbench.json("models", "add", "acme/Smol-GGUF")
    assert [one["quantization"] for one in added["files"]] == ["Q4_1"]
    before = workbench.json("models", "estimate", added["model"])

    *progress, ready = workbench.lines("models", "pull", REFERENCE)
    path, sha256 = home / "models" / REFERENCE, hashlib.sha256(model).hexdigest()
    assert ready == {"event": "ready", "path": str(path), "sha256": sha256, "bytes": len(model)}
    assert {one["event"] for one in progress} == {"progress"}
    assert [one["bytes"] for one in progress] == sorted(one["bytes"] for one in progress)

    (listed,) = workbench.json("models", "list")
    assert (listed["path"], listed["bytes"], listed["sha256"]) == (str(path), len(model), sha256)
    assert (listed["adopted"], listed["verified_at"] is None) == (False, False)
    (verified,) = workbench.json("models", "verify")
    assert (verified["ok"], verified["sha256"], verified["expected"]) == (True, sha256, sha256)

    checked = workbench.json("models", "check", listed["model"])
    verdicts = {step["name"]: step["verdict"] for step in checked["steps"] if step["name"] != "speed"}  # as it may be
    assert set(verdicts.values()) <= {"ok", "skipped"}, checked
    after = workbench.json("models", "estimate", str(path))
    assert (before["measured"], after["measured"]) == (False, True)  # what ran corrects the next prediction
    end = workbench.lines("chat", "-m", listed["model"], "--max-tokens", "20", SEA)[-1]
    assert (end["event"], bool(end["usage"]["completion_tokens"])) == ("end", True)

    path.write_bytes(model[:-1] + bytes([model[-1] ^ 1]))
    (damaged,) = workbench.json("models", "verify", code=4)
    assert not damaged["ok"]
    *_events, failed, end = workbench.lines("chat", "-m", listed["model"], SEA, code=2)
    assert (failed["event"], end["finish"]) == ("error", "error")
    assert "sha256" in failed["message"]
    assert workbench.json("models", "remove", listed["model"]) == {"removed": str(path)}
    assert not path.exists()
    assert workbench.json("models", "list") == []


def test_advice_and_estimates_agree_for_any_machine(workbench: Shell) -> None:
    for machine in ("m4-air-16gb", "rtx-4090-24gb", "no-gpu-8gb"):
        there = ("--machine", str(MACHINES / f"{machine}.json"))
        advice = workbench.json("models", "recommend", *there)
        pick = advice["recommended"]
        assert set(pick) >= PICK
        assert len(advice["alternatives"]) <= 2
        assert set(pick["answer_seconds"]) == {"low", "expected", "high"}
        reference = f"{pick['repository']}/{pick['file']}"
        found = workbench.json("models", "estimate", reference, "--context", str(pick["context"]), *there)
        assert set(found) >= ESTIMATE
        assert found["fit"] == pick["fit"] != "none"
        assert all(device["bytes"] <= device["free_bytes"] for device in found["devices"])


def test_killed_in_the_middle_of_a_download(
    workbench: Shell, environment: dict[str, str], hub: LoopbackHub, model: bytes
) -> None:
    half = len(model) // 2

    def slowly(exchange: Exchange, body: bytes) -> None:
        exchange.body(body[:half])
        for start in range(half, len(body), 16 << 10):
            time.sleep(0.05)
            exchange.body(body[start : start + (16 << 10)])

    hub.script(f"/cdn/{REFERENCE}", file(model, then=slowly), file(model))
    with subprocess.Popen(
        [*WORKBENCH, "models", "pull", REFERENCE, "--json"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as killed:
        assert killed.stdout
        next(line for line in killed.stdout if json.loads(line).get("bytes", 0) > half)
        killed.kill()
    assert workbench.json("models", "list") == []
    ready = workbench.lines("models", "pull", REFERENCE)[-1]
    assert hashlib.sha256(Path(ready["path"]).read_bytes()).hexdigest() == hashlib.sha256(model).hexdigest()
    assert hub.body_bytes <= 1.02 * len(model)


@pytest.mark.engine
def test_models_of_other_programs_are_used_where_they_are(
    workbench: Shell, person: PersonsDisk, starter_model: Path, model: bytes
) -> None:
    person.fill()
    lent = person.home / ".lmstudio" / "models" / "acme" / "Smol-GGUF" / FILE
    lent.parent.mkdir(parents=True)
    os.link(starter_model, lent)
    blob = person.ollama.model("registry.ollama.ai/library/smol", b"", "135m")
    before = person.state()

    found = {one["name"]: one for one in workbench.json("models", "adopt")}
    assert {one["program"] for one in found.values()} == {"LM Studio", "Ollama", "Hugging Face cache"}
    mlx = next(one for one in found.values() if one["path"].endswith("gpt-oss-20b-4bit"))
    assert (mlx["usable"], mlx["equivalent_bytes"] > 10e9) == (False, True)
    workbench("models", "adopt", "--all")
    listed = workbench.json("models", "list")
    assert {row["source"] for row in listed} == {"lmstudio", "ollama", "huggingface"}
    assert all(row["adopted"] for row in listed)
    assert str(blob) not in {row["path"] for row in listed}  # an empty file is no model

    (name,) = [row["model"] for row in listed if row["path"] == str(lent)]
    start, *_words, end = workbench.lines("chat", "-m", name, "--max-tokens", "20", SEA)
    assert (start["event"], end["finish"] in ("stop", "length")) == ("start", True)
    workbench("models", "remove", name)
    assert name not in {row["model"] for row in workbench.json("models", "list")}
    assert person.state() == before


@pytest.mark.parametrize(
    ("arguments", "variables", "code", "words"),
    [
        (["models", "pull", "acme/Gated-GGUF/Smol.Q4_1.gguf"], {}, 4, "only for those whom its publisher lets in"),
        (["models", "add", "acme/Gated-GGUF"], {}, 4, "only for those whom its publisher lets in"),
        (["models", "estimate", "acme/Gated-GGUF/Smol.Q4_1.gguf"], {}, 4, "only for those whom its publisher lets in"),
        (["models", "pull", REFERENCE], {"HF_HUB_OFFLINE": "1"}, 4, "HF_HUB_OFFLINE is set"),
        (["models", "add", "acme/Smol-GGUF"], {"HF_ENDPOINT": "nobody"}, 4, "refuses connections"),
        (["models", "estimate", "acme/Smol-GGUF/Other.gguf"], {}, 4, "has no file Other.gguf"),
        (["models", "estimate", "nothing"], {}, 2, "no model 'nothing'"),
        (["models", "estimate", "{damaged}"], {}, 2, "is incomplete"),
        (["models", "adopt", "{damaged}"], {}, 2, "is incomplete"),
        (["engines", "install", "cuda"], {"PATH": "/nowhere"}, 3, "NVIDIA"),
        (["models", "list"], {"WORKBENCH_HOME": "{damaged}"}, 5, ""),
    ],
)
def test_what_goes_wrong_is_one_plain_sentence(
    environment: dict[str, str],
    tmp_path: Path,
    model: bytes,
    arguments: list[str],
    variables: dict[str, str],
    code: int,
    words: str,
) -> None:
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(model[: 40 << 20])
    with closing(create_server(("127.0.0.1", 0))) as server:
        nobody = f"http://127.0.0.1:{server.getsockname()[1]}"
    named = {"HF_ENDPOINT": nobody} if variables.get("HF_ENDPOINT") == "nobody" else variables
    changed = {name: value.format(damaged=damaged) for name, value in named.items()}
    shell = Shell(environment | changed)
    *_before, failed = shell.lines(*(word.format(damaged=damaged) for word in arguments), code=code)
    assert set(failed) == {"error"}
    assert set(failed["error"]) == {"kind", "message", "hint"}
    assert words in failed["error"]["message"]
    assert "\n" not in failed["error"]["message"] + failed["error"]["hint"]


def test_the_doctor_and_the_engines_as_scripts_read_them(workbench: Shell) -> None:
    found = workbench.json("doctor")
    assert set(found) >= {"machine", "engine", "checks"}
    assert set(found["machine"]) >= {
        "os",
        "cpu",
        "memory_total_bytes",
        "memory_available_bytes",
        "memory_bandwidth_gbs",
        "gpus",
        "unified_memory_limit_bytes",
        "disk_free_bytes",
        "power",
    }
    assert set(found["machine"]["cpu"]) >= {"name", "physical_cores", "features"}
    assert {check["status"] for check in found["checks"]} <= {"ok", "warning", "error"}
    engines = workbench.json("engines", "list")
    assert engines["installed"]
    assert all(build["download_bytes"] > 0 for build in engines["available"])
