"""`workbench serve` as a program of its own, with a real model, asked by the official client and curl."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openai
import psutil
import pytest
from openai import OpenAI

pytestmark = [pytest.mark.engine, pytest.mark.timeout(240)]
HI: list[Any] = [{"role": "user", "content": "Write one sentence about the sea. PRIVATEWORD"}]

ENDLESS: Any = {  # the model would end a sentence before a busy machine has begun another
    "type": "json_schema",
    "json_schema": {"name": "long", "schema": {"type": "array", "items": {"type": "integer"}, "minItems": 900}},
}


@dataclass
class Serving:
    """The program, and what it has said since."""

    process: subprocess.Popen[str]
    home: Path
    address: str
    token: str
    said: list[dict[str, Any]]

    def client(self, **options: Any) -> OpenAI:
        return OpenAI(base_url=self.address, api_key=self.token, max_retries=0, timeout=120, **options)

    def until(self, route: str, count: int = 1, seconds: float = 60.0) -> list[dict[str, Any]]:
        """The first ``count`` requests for ``route`` that have ended."""
        deadline = time.monotonic() + seconds
        while True:
            found = [one for one in self.said if one["event"] == "request" and one["route"] == route]
            if len(found) >= count:
                return found
            assert time.monotonic() < deadline, self.said
            time.sleep(0.02)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def workbench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "workbench.entry", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def serving(home: Path, starter_model: Path) -> Iterator[Serving]:
    (home / "models").mkdir(parents=True, mode=0o700)
    os.link(starter_model, home / "models" / starter_model.name)
    command = [sys.executable, "-m", "workbench.entry", "serve", "--json", "--port", str(free_port())]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    ready = json.loads(process.stdout.readline())
    token = Path(ready["token_file"]).read_text().strip()
    made = Serving(process, home, ready["address"], token, [ready])
    stdout = process.stdout
    reader = threading.Thread(target=lambda: made.said.extend(json.loads(line) for line in stdout))
    reader.start()
    yield made
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    reader.join(60)
    assert process.stderr.read() == ""
    process.stdout.close()
    process.stderr.close()


def test_the_real_model_answers_the_official_client(serving: Serving) -> None:
    with serving.client() as ai:
        assert [model.id for model in ai.models.list()] == ["auto", "starter"]
        whole = ai.chat.completions.create(model="starter", messages=HI, max_tokens=12, temperature=0, seed=1)
        assert whole.choices[0].message.content
        assert whole.usage is not None
        assert whole.usage.completion_tokens == 12
        pieces = ai.chat.completions.create(
            model="default", messages=HI, max_tokens=12, temperature=0, seed=1, stream=True
        )
        streamed = "".join(piece.choices[0].delta.content or "" for piece in pieces)
        assert streamed == whole.choices[0].message.content
        in_json = ai.chat.completions.create(
            model="default",
            messages=HI,
            max_tokens=60,
            response_format={
                "type": "json_schema",
                "json_schema": {
                    "name": "a",
                    "schema": {
                        "type": "object",
                        "properties": {"sea": {"type": "boolean"}},
                        "required": ["sea"],
                        "additionalProperties": False,
                    },
                },
            },
        )
        assert isinstance(json.loads(in_json.choices[0].message.content or "")["sea"], bool)
        with pytest.raises(openai.BadRequestError) as full:
            ai.chat.completions.create(model="default", messages=[{"role": "user", "content": "sea " * 20_000}])
        assert full.value.code == "context_length_exceeded"
    first = serving.until("/v1/chat/completions", 4)[0]
    assert (first["model"], first["status"], first["completion_tokens"]) == ("starter", 200, 12)
    assert first["tokens_per_second"] > 0
    assert first["client"].startswith("OpenAI/Python")


def test_two_at_once_and_one_that_leaves(serving: Serving) -> None:
    with serving.client() as ai:
        ai.chat.completions.create(model="default", messages=HI, max_tokens=1)
        leaving = ai.chat.completions.create(model="default", messages=HI, stream=True, response_format=ENDLESS)
        next(iter(leaving))
        other = ai.chat.completions.create(model="default", messages=HI, max_tokens=8)
        assert other.usage is not None
        assert other.usage.completion_tokens == 8
        leaving.close()
    ended = serving.until("/v1/chat/completions", 3)
    assert sorted(one["status"] for one in ended) == [200, 200, 499]
    engine = [child for child in psutil.Process(serving.process.pid).children(recursive=True) if child.is_running()]
    assert engine
    deadline = time.monotonic() + 60
    while True:  # the engine works for nobody any more
        before = sum(sum(child.cpu_times()[:2]) for child in engine)
        time.sleep(0.5)
        if sum(sum(child.cpu_times()[:2]) for child in engine) - before < 0.1:
            break
        assert time.monotonic() < deadline, "the engine still writes"


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_curl_with_the_token_that_the_command_prints(serving: Serving) -> None:
    token = workbench("serve", "--token").stdout.strip()
    assert token == serving.token
    asked = ["curl", "-s", "-H", f"Authorization: Bearer {token}", f"{serving.address}/models"]
    listed = json.loads(subprocess.run(asked, capture_output=True, check=True).stdout)["data"]
    assert [model["id"] for model in listed] == ["auto", "starter"]
    renewed = workbench("serve", "--new-token").stdout.strip()
    assert renewed != token
    assert "invalid_api_key" in subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    command_lines = [" ".join(one.info["cmdline"] or ()) for one in psutil.process_iter(["cmdline"])]
    assert not [line for line in command_lines if renewed in line]


def test_a_second_one_is_told_who_has_the_port(serving: Serving) -> None:
    port = serving.address.rpartition(":")[2].partition("/")[0]
    second = workbench("serve", "--port", port)
    assert second.returncode == 2
    assert f"another Workbench (process {serving.process.pid})" in second.stderr


def test_no_word_of_a_question_stays(serving: Serving) -> None:
    with serving.client() as ai:
        answer = ai.chat.completions.create(model="default", messages=HI, max_tokens=16).choices[0].message.content
        with pytest.raises(openai.BadRequestError):
            ai.chat.completions.create(model="default", messages=HI, n=3)
    assert answer
    files = [path for path in serving.home.rglob("*") if path.is_file() and path.suffix != ".gguf"]
    assert not [path.name for path in files if b"PRIVATEWORD" in path.read_bytes()]
    assert not [path.name for path in files if answer.encode() in path.read_bytes()]
    assert "PRIVATEWORD" not in json.dumps(serving.said)
