"""A real worker with SmolLM2: answers, waiting, stopping, states, schemas, deaths."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.patience import PATIENCE, until
from tests.unit.engine.worker.conftest import Worker, plan_for, reply, started
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.worker.worker_launcher import NAME, WorkerLauncher, version
from workbench.errors import Cancelled, ContextFullError, EngineError, ModelError
from workbench.messages import ChatRequest, Finished, Sampling, TextDelta, user
from workbench.paths import Paths

pytestmark = [pytest.mark.engine, pytest.mark.skipif(os.name != "posix", reason="signals and modes of POSIX")]

COLD = {"temperature": 0, "seed": 1}
LONG = "The quick brown fox jumps over the lazy dog. " * 500  # about 5,000 tokens
SOME = LONG[: len(LONG) // 10]


def ask_for(worker: Worker, text: str, **more: Any) -> bytes:
    body = json.dumps({"messages": [{"role": "user", "content": text}], "stream": True, **COLD, **more}).encode()
    head = worker.head("POST", "/v1/chat/completions", Content_Type="application/json", Content_Length=str(len(body)))
    return head + body


# Answers --------------------------------------------------------------------------------------------------------------


def test_a_stream_is_as_llama_servers(worker: Worker) -> None:
    answer = worker.chat("Say hello.", stream=True, return_progress=True, max_tokens=5, **COLD)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.body.endswith("data: [DONE]\n\n")
    first, *_, finish, end = answer.chunks
    assert first["choices"][0]["delta"] == {"role": "assistant", "content": None}
    assert finish["choices"][0]["finish_reason"] == "length"
    assert end["choices"] == []
    assert end["usage"]["completion_tokens"] == end["timings"]["predicted_n"] == 5
    progress = [chunk["prompt_progress"] for chunk in answer.chunks if "prompt_progress" in chunk]
    assert progress[-1]["processed"] == progress[-1]["total"] == end["usage"]["prompt_tokens"]
    assert all(chunk["id"] == first["id"] and chunk["model"] == "model" for chunk in answer.chunks)


def test_whole_and_streamed_say_the_same(worker: Worker) -> None:
    whole = worker.chat("Name three colours.", max_tokens=20, **COLD).json
    streamed = worker.chat("Name three colours.", max_tokens=20, stream=True, **COLD).chunks
    said = "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in streamed if chunk["choices"])
    assert said == whole["choices"][0]["message"]["content"] != ""
    assert whole["object"] == "chat.completion"
    assert whole["usage"]["completion_tokens"] == 20


def test_the_same_seed_says_the_same_and_another_does_not(worker: Worker) -> None:
    def say(seed: int) -> str:
        asked = {"temperature": 1.5, "top_k": 0, "top_p": 1.0, "min_p": 0.0, "seed": seed, "max_tokens": 12}
        return str(worker.chat("Tell me a story.", **asked).json["choices"][0]["message"]["content"])

    assert say(1) == say(1) != say(2)


def test_a_stop_text_ends_the_answer(worker: Worker) -> None:
    free = worker.chat("Count from 1 to 9.", max_tokens=40, **COLD).json["choices"][0]
    said = free["message"]["content"]
    cut = worker.chat("Count from 1 to 9.", max_tokens=40, stop=[said[5:9]], **COLD).json["choices"][0]
    assert cut["message"]["content"] == said[: said.index(said[5:9])]
    assert cut["finish_reason"] == "stop"


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({}, 400, "messages"),
        ({"messages": []}, 400, "messages"),
        ({"messages": ["x"]}, 400, "messages"),
        ({"messages": [{"role": "user", "content": "x"}], "temperature": "hot"}, 400, "temperature"),
        ({"messages": [{"role": "user", "content": "x"}], "stop": 5}, 400, "stop"),
        ({"messages": [{"role": "user", "content": "x"}], "max_tokens": "5"}, 400, "max_tokens"),
        ({"messages": [{"role": "user", "content": "x"}], "id_slot": 7}, 400, "slots"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, 400, "image input"),
        ({"messages": [{"role": "user", "content": "x"}], "response_format": {"type": "xml"}}, 400, "response_format"),
        ({"messages": [{"role": "user", "content": "x"}], "tools": "all"}, 400, "tools"),
        ({"messages": [{"role": "user", "content": "word " * 9000}]}, 400, "context size"),
    ],
)
def test_bad_requests_are_told_before_anything_is_computed(
    worker: Worker, body: dict[str, Any], status: int, words: str
) -> None:
    for stream in (False, True):
        answer = worker.ask("POST", "/v1/chat/completions", body | {"stream": stream})
        assert answer.status == status
        assert words in answer.json["error"]["message"]


def test_a_full_context_ends_the_answer(worker_site: Path, starter_model: Path, tmp_path: Path) -> None:
    small = started(worker_site, tmp_path, starter_model, context_tokens=256)
    try:
        endless = {"type": "array", "items": {"type": "boolean"}, "minItems": 500}
        question = ChatRequest((user("Count."),), sampling=Sampling(temperature=0), schema=endless)
        end = list(small.backend.stream(question, CancelToken()))[-1]
        assert isinstance(end, Finished)
        assert end.finish.value == "length"
        assert (end.usage.prompt_tokens or 0) + (end.usage.completion_tokens or 0) == 256
        with pytest.raises(ContextFullError, match="256"):
            list(small.backend.stream(ChatRequest((user("word " * 300),)), CancelToken()))
    finally:
        small.engine.stop()


# One after the other, and stopping ------------------------------------------------------------------------------------


def test_two_at_once_get_both_whole_answers(worker: Worker) -> None:
    answers: dict[str, str] = {}

    def ask(text: str) -> None:
        whole = worker.chat(text, max_tokens=40, **COLD).json["choices"][0]["message"]["content"]
        answers[text] = whole

    alone = {}
    for text in ("Count from 1 to 30.", "Name ten animals."):
        ask(text)
        alone[text] = answers.pop(text)
    threads = [threading.Thread(target=ask, args=(text,)) for text in alone]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == alone


def test_health_answers_while_a_prompt_is_read_and_others_wait(worker: Worker) -> None:
    with worker.dial() as reading, worker.dial() as waiting:
        reading.sendall(ask_for(worker, "reading " + SOME, max_tokens=1))
        assert reading.recv(16)
        waiting.sendall(ask_for(worker, "waiting", max_tokens=1))
        assert worker.ask("GET", "/health").status == 200
        assert worker.ask("POST", "/tokenize", {"content": "a"}).status == 200
        assert b'"finish_reason": "length"' in b"".join(iter(lambda: reading.recv(1 << 16), b""))
        assert b'"finish_reason": "length"' in b"".join(iter(lambda: waiting.recv(1 << 16), b""))


def test_hanging_up_stops_a_long_prompt_and_what_was_read_stays(worker: Worker) -> None:
    text = "hang up " + LONG
    assert worker.ask("POST", "/slots/0?action=erase", {}).status == 200
    with worker.dial() as connection:
        connection.sendall(ask_for(worker, text, return_progress=True, id_slot=0))
        said = b""
        while said.count(b'"processed"') < 2:  # the first tells what needs no reading
            block = connection.recv(1 << 12)
            assert block, said
            said += block
    saved = worker.ask("POST", "/slots/0?action=save", {"filename": "hung-up"}).json
    assert 100 <= saved["n_saved"] < 2500  # of 5,000
    assert cached(worker, text[:600], id_slot=0) >= 100


def test_hanging_up_stops_in_the_middle_of_a_batch(worker_site: Path, starter_model: Path, tmp_path: Path) -> None:
    running = started(worker_site, tmp_path, starter_model, batch_tokens=4096)
    try:
        with running.dial() as connection:
            connection.sendall(ask_for(running, LONG[:14_000], return_progress=True))
            said = b""
            while b'"processed"' not in said:
                block = connection.recv(1 << 12)
                assert block, said
                said += block
            time.sleep(0.2)  # it computes by now
        answer = running.ask("POST", "/slots/0?action=save", {"filename": "x"})
        assert "empty" in answer.json["error"]["message"]  # the batch was never read to its end
    finally:
        running.engine.stop()


def test_who_hangs_up_while_waiting_is_never_computed(worker: Worker) -> None:
    process = psutil.Process(worker.engine.process_id)
    with worker.dial() as reading:
        reading.sendall(ask_for(worker, "first " + SOME, max_tokens=1))
        assert reading.recv(16)
        for _ in range(5):
            with worker.dial() as waiting:
                waiting.sendall(ask_for(worker, "never " + LONG))
                assert waiting.recv(16)
    assert worker.chat("after", max_tokens=1, **COLD).status == 200
    before = process.cpu_times().user
    time.sleep(0.3)
    assert process.cpu_times().user - before < 0.2


def test_cancelling_the_backend_in_the_middle(worker: Worker) -> None:
    cancel, texts = CancelToken(), []
    with pytest.raises(Cancelled):
        for event in worker.backend.stream(ChatRequest((user("Count from 1 to 500."),)), cancel):
            if isinstance(event, TextDelta):
                texts.append(event.text)
                if len(texts) == 3:
                    cancel.cancel()
    assert worker.chat("Hi", max_tokens=1).status == 200


# What was read before -------------------------------------------------------------------------------------------------


def cached(worker: Worker, text: str, **more: Any) -> int:
    usage = worker.chat(text, max_tokens=1, **COLD, **more).json["usage"]
    return int(usage["prompt_tokens_details"]["cached_tokens"])


def test_two_conversations_in_turn_do_not_read_again(worker: Worker) -> None:
    one, other = "alpha " * 300, "omega " * 300
    assert cached(worker, one) < 100
    assert cached(worker, other) < 100
    assert cached(worker, one) > 250
    assert cached(worker, other) > 250


def test_slots_hold_what_is_theirs(worker: Worker) -> None:
    text = "slots " * 200
    cached(worker, text, id_slot=1)
    assert cached(worker, "something else " * 100, id_slot=0) < 100
    assert cached(worker, text, id_slot=0) < 100
    assert cached(worker, text, id_slot=1) > 150


@pytest.mark.parametrize("slot", [0, 1])
def test_a_saved_state_is_restored_after_a_restart(
    worker_site: Path, starter_model: Path, tmp_path: Path, slot: int
) -> None:
    text, saved = "restored " * 200, {"filename": "chat-1.state"}
    before = started(worker_site, tmp_path, starter_model, context_tokens=1024)
    said = before.chat(text, max_tokens=8, id_slot=slot, **COLD).json["choices"][0]["message"]["content"]
    answer = before.ask("POST", f"/slots/{slot}?action=save", saved).json
    before.engine.stop()
    file = before.state_folder / "chat-1.state"
    assert answer["n_written"] == file.stat().st_size
    assert answer["n_saved"] > 200
    assert [found.name for found in before.state_folder.iterdir()] == [file.name]
    after = started(worker_site, tmp_path, starter_model, context_tokens=1024)
    try:
        restored = after.ask("POST", f"/slots/{slot}?action=restore", saved).json
        assert restored["n_restored"] == answer["n_saved"]
        again = after.chat(text, max_tokens=8, id_slot=slot, **COLD).json
        assert again["usage"]["prompt_tokens_details"]["cached_tokens"] > 200
        assert again["choices"][0]["message"]["content"] == said
        file.write_bytes(b"nonsense")
        refused = after.ask("POST", f"/slots/{slot}?action=restore", saved)
        assert refused.status == 400
        assert "cannot be read" in refused.json["error"]["message"]
        assert after.chat(text, max_tokens=8, **COLD).json["choices"][0]["message"]["content"] == said
    finally:
        after.engine.stop()


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/b", ".hidden", "", "a\0b", "x" * 300, 5, None, "C:\\x"])
def test_a_state_is_saved_nowhere_else(worker: Worker, name: Any) -> None:
    for action in ("save", "restore"):
        assert worker.ask("POST", f"/slots/0?action={action}", {"filename": name}).status == 400
    assert worker.ask("POST", "/slots/9?action=save", {"filename": "x"}).status == 400
    assert worker.ask("POST", "/slots/0?action=steal", {"filename": "x"}).status == 400


# Schemas, embeddings --------------------------------------------------------------------------------------------------

SCHEMAS: list[dict[str, Any]] = [
    {
        "type": "object",
        "properties": {"name": {"type": "string", "maxLength": 12}, "age": {"type": "integer"}},
        "required": ["name", "age"],
        "additionalProperties": False,
    },
    {"type": "array", "items": {"enum": ["red", "green"]}, "minItems": 2, "maxItems": 3},
    {"type": "boolean"},
]


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("temperature", [0.0, 1.3])
def test_an_answer_matches_its_schema(worker: Worker, schema: dict[str, Any], temperature: float) -> None:
    wanted = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    for seed in range(4):
        answer = worker.chat(
            "Who?", response_format=wanted, temperature=temperature, seed=seed, max_tokens=200, repeat_penalty=1.1
        ).json["choices"][0]
        assert answer["finish_reason"] == "stop"
        said = json.loads(answer["message"]["content"])
        if schema["type"] == "object":
            assert list(said) == ["name", "age"]
            assert isinstance(said["age"], int)
        elif schema["type"] == "array":
            assert 2 <= len(said) <= 3
            assert set(said) <= {"red", "green"}
        else:
            assert isinstance(said, bool)


@pytest.mark.parametrize(
    "schema", [{"$ref": "https://evil.example/x.json"}, {"type": "nonsense"}, {"pattern": "^(a", "type": "string"}, 5]
)
def test_a_schema_that_cannot_be_used_is_told(worker: Worker, schema: Any) -> None:
    answer = worker.chat("x", response_format={"type": "json_schema", "json_schema": {"schema": schema}})
    assert answer.status == 400
    assert "schema" in answer.json["error"]["message"]


def test_embeddings(worker_site: Path, starter_model: Path, tmp_path: Path) -> None:
    vectors = started(
        worker_site, tmp_path, starter_model, embeddings=True, options={"pooling": "mean"}, state_folder=None
    )
    try:
        answer = vectors.ask("POST", "/v1/embeddings", {"input": ["a cat", "a kitten", "the stock market fell"]}).json
        cat, kitten, market = (entry["embedding"] for entry in answer["data"])
        assert sum(value * value for value in cat) == pytest.approx(1.0)
        assert answer["usage"]["prompt_tokens"] > 5

        def alike(one: list[float], two: list[float]) -> float:
            return sum(left * right for left, right in zip(one, two, strict=True))

        assert alike(cat, kitten) > alike(cat, market)
        alone = vectors.ask("POST", "/v1/embeddings", {"input": "a cat"}).json["data"][0]["embedding"]
        assert alike(alone, cat) == pytest.approx(1.0, abs=1e-3)
        too_long = vectors.ask("POST", "/v1/embeddings", {"input": "word " * 300})
        assert too_long.status == 400
        assert "too large" in too_long.json["error"]["message"]
        assert vectors.chat("Hi").status == 501
    finally:
        vectors.engine.stop()


def test_without_embeddings_there_are_none(worker: Worker) -> None:
    assert worker.ask("POST", "/v1/embeddings", {"input": "x"}).status == 501


# Plans ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [
        {"cache_type": "q8_0", "flash_attention": True},
        {"flash_attention": False, "repack": False, "use_mmap": False},
        {"lock_memory": True},
        {"gpu_layers": 0, "expert_layers_on_cpu": 3},
    ],
    ids=["compressed", "plain", "locked", "placed"],
)
def test_the_plan_is_obeyed(worker_site: Path, gemma_model: Path, tmp_path: Path, more: dict[str, Any]) -> None:
    running = started(worker_site, tmp_path, gemma_model, context_tokens=512, **more)
    try:
        log = (tmp_path / "logs" / "engine.log").read_text(encoding="utf-8")
        assert ("K (q8_0)" in log) is (more.get("cache_type") == "q8_0")
        assert ("CPU_REPACK" in log) is (more.get("repack", True) is True)
        assert ("CPU_Mapped" in log) is (more.get("use_mmap", True) is True)
        assert running.chat("Hi", max_tokens=2).status == 200
    finally:
        running.engine.stop()


# Bad models, and deaths -----------------------------------------------------------------------------------------------


def failing(site: Path, home: Path, model: Path, **more: Any) -> EngineError:
    with pytest.raises(EngineError) as raised:
        started(site, home, model, **more).engine.stop()
    return raised.value


@pytest.mark.parametrize(
    "bomb",
    [
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for i in range(10**9) %}x{% endfor %}",
        "{% if %}",
        "{{ 'a' * 10**10 }}",
    ],
)
def test_a_hostile_template_is_told_at_the_start(
    worker_site: Path, starter_model: Path, tmp_path: Path, bomb: str
) -> None:
    error = failing(worker_site, tmp_path, starter_model, options={"chat_template": bomb})
    assert "template cannot be read" in error.message
    assert list((tmp_path / "run").iterdir()) == []


def test_a_damaged_model_is_told_by_llama_cpps_own_words(
    worker_site: Path, starter_model: Path, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(starter_model.read_bytes().replace(b"\x05\0\0\0\0\0\0\0llama", b"\x05\0\0\0\0\0\0\0lxama"))
    error = failing(worker_site, tmp_path, damaged)
    assert "lxama" in error.message
    with pytest.raises(ModelError):
        started(worker_site, tmp_path, tmp_path / "missing.gguf")


@pytest.fixture
def mortal(worker_site: Path, starter_model: Path, tmp_path: Path) -> Iterator[Worker]:
    running = started(worker_site, tmp_path, starter_model, context_tokens=512)
    yield running
    running.engine.stop()


@pytest.mark.parametrize(
    ("number", "words"),
    [(signal.SIGKILL, "ended from outside"), (signal.SIGSEGV, "crashed"), (signal.SIGTERM, "ended by signal 15")],
)
def test_a_death_is_noticed_with_its_cause(mortal: Worker, number: int, words: str) -> None:
    os.kill(mortal.engine.process_id, number)
    assert mortal.engine.wait(PATIENCE)
    assert words in (mortal.engine.exit_cause() or "")
    with pytest.raises(EngineError):
        list(mortal.backend.stream(ChatRequest((user("Hi"),)), CancelToken()))


def test_a_stopped_worker_is_killed_after_the_grace(mortal: Worker) -> None:
    os.kill(mortal.engine.process_id, signal.SIGSTOP)
    mortal.engine.stop(0.5)
    assert not psutil.pid_exists(mortal.engine.process_id)


def test_it_ends_in_the_middle_of_a_prompt(mortal: Worker) -> None:
    with mortal.dial() as connection:
        connection.sendall(ask_for(mortal, "word " * 400))
        assert connection.recv(16)
        mortal.engine.stop()
        with pytest.raises(ConnectionResetError):
            while connection.recv(1 << 12):
                pass
            raise ConnectionResetError
    assert mortal.engine.exit_cause() == "The engine was stopped."


def test_the_log_keeps_no_words_of_a_conversation(mortal: Worker, tmp_path: Path) -> None:
    mortal.chat("canaryword in a sentence", max_tokens=4)
    mortal.engine.stop()
    assert "canaryword" not in (tmp_path / "logs" / "engine.log").read_text(encoding="utf-8")


# The launcher ---------------------------------------------------------------------------------------------------------


def test_it_says_what_is_missing(tmp_path: Path, home: Path, starter_model: Path) -> None:
    launcher = WorkerLauncher(Paths(home), SystemClock(), tmp_path)
    with pytest.raises(EngineError, match="not installed") as raised:
        launcher.build()
    assert f"engines install {NAME}" in raised.value.hint
    launcher._paths.prepare()
    with pytest.raises(EngineError, match="not installed"):
        launcher.start(plan_for(starter_model, tmp_path), CancelToken())
    assert [file.name for file in launcher._paths.run.iterdir() if file.is_file()] == []


def test_a_package_that_cannot_be_loaded_is_told(
    tmp_path: Path, home: Path, worker_site: Path, starter_model: Path
) -> None:
    broken = tmp_path / "site"
    for folder in worker_site.iterdir():
        if folder.name.startswith("llama_cpp_python"):
            (broken / folder.name).mkdir(parents=True)
            (broken / folder.name / "METADATA").write_bytes((folder / "METADATA").read_bytes())
    (broken / "llama_cpp").mkdir()
    (broken / "llama_cpp" / "__init__.py").write_text("raise ImportError('libcuda.so.1: cannot open shared object')")
    assert version(broken) == version(worker_site)
    error = failing(broken, home, starter_model)
    assert "libcuda" in error.message + error.detail


def test_what_is_asked_twice_is_asked_in_one_row(worker: Worker) -> None:
    """A hundred connections: each is answered, and none is left open."""
    process = psutil.Process(worker.engine.process_id)
    worker.chat("warm", max_tokens=1)
    before = process.num_fds()
    for _ in range(100):
        assert worker.ask("POST", "/tokenize", {"content": "x"}).status == 200
    with worker.dial() as half:
        half.sendall(b"POST /tokenize HTTP/1.1\r\n")
    for _ in range(10):
        with worker.dial() as connection:
            connection.sendall(ask_for(worker, "hang up", max_tokens=50))
            assert connection.recv(16)
    assert worker.chat("after", max_tokens=1).status == 200
    until(lambda: process.num_fds() <= before)


def test_replace_keeps_the_endpoint_secret(tcp_worker: Worker) -> None:
    wrong = replace(tcp_worker.engine.endpoint, key="wrong")
    backend = tcp_worker.backend
    backend._endpoint = wrong
    with pytest.raises(EngineError, match="refused the key"):
        list(backend.stream(ChatRequest((user("Hi"),)), CancelToken()))


def test_reply_reads_what_was_sent(worker: Worker) -> None:
    with worker.dial() as connection:
        connection.sendall(worker.head("GET", "/v1/models"))
        assert reply(connection).json["data"][0]["id"] == "model"
