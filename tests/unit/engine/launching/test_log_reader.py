"""Logs and exits in plain words, as tables of real lines."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from workbench.engine.launching.log_reader import Cause, Discretion, Phase, cause_of_exit, phase
from workbench.engine.launching.oom import oom_kills
from workbench.engine.launching.patience import Patience, Signs


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("0.00.004.207 I srv    load_model: loading model '/m.gguf'", Phase.LOADING),
        ("0.00.747.251 I cmn          init: llama threadpool init, n_threads = 2", Phase.PREPARING),
        ("0.05.560.404 I srv          init: model loaded", Phase.READY),
        ("0.00.000.343 I srv          init: initializing ...", None),
        ("", None),
    ],
)
def test_phases(line: str, expected: Phase | None) -> None:
    assert phase(line) is expected


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("E llama_model_load: error loading model: unknown model architecture: 'xlama'", "architecture “xlama”"),
        ("E llama_model_load: error loading model: tensor 'b' data is not within the file bounds, ...", "incomplete"),
        ("E gguf_init_from_reader: failed to read magic", "not a GGUF"),
        ("E gguf_init_from_file: failed to open GGUF file 'x' (No such file or directory)", "cannot be opened"),
        ("E srv          init: init: chat template parsing error: std::exception", "template cannot be read"),
        ("ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size 99", "not enough memory"),
        ("std::bad_alloc", "not enough memory"),
        ("E llama_model_load: error loading model: missing tensor 'output_norm.weight'", "missing tensor"),
        ("No module named 'xllamacpp'", "not installed"),
    ],
)
def test_causes_in_the_log(line: str, words: str) -> None:
    cause = cause_of_exit(1, ["I nothing", line, "E exiting"], ready=False)
    assert words in cause.message
    assert cause.hint


@pytest.mark.parametrize(
    ("status", "ready", "words"),
    [
        (-signal.SIGKILL, True, "memory ran out"),
        (-signal.SIGSEGV, False, "template"),
        (-signal.SIGSEGV, True, "crashed."),
        (-7, True, "changed or became unreadable"),
        (-signal.SIGABRT, False, "gave up"),
        (-signal.SIGTERM, True, "signal 15"),
        (0xC0000005, False, "template"),
        (0xC0000006, True, "changed or became unreadable"),
        (1, True, "status 1"),
    ],
)
def test_causes_in_the_status(status: int, ready: bool, words: str) -> None:
    assert words in cause_of_exit(status, [], ready=ready).message


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("CUDA error: out of memory", "graphics card ran out of memory"),
        ("ggml_backend_cuda_buffer_type_alloc_buffer: cudaMalloc failed: out of memory", "graphics card ran out"),
        ("ggml_vulkan: Device memory allocation of size 5368709120 failed.", "graphics card ran out"),
        ("terminate called after throwing an instance of 'vk::OutOfDeviceMemoryError'", "graphics card ran out"),
        ("ggml_vulkan: vk::Queue::submit: ErrorOutOfDeviceMemory", "graphics card ran out"),
        (
            "error: Insufficient Memory (00000008:kIOGPUCommandBufferCallbackErrorOutOfMemory)",
            "graphics card ran out",
        ),
        ("what():  vk::Queue::submit: ErrorDeviceLost", "driver, failed"),
        ("terminate called after throwing an instance of 'std::bad_alloc'", "ran out of memory"),
    ],
)
def test_the_last_words_of_one_that_had_been_answering(line: str, words: str) -> None:
    cause = cause_of_exit(-signal.SIGABRT, ["I nothing", line, "E exiting"], ready=True)
    assert words in cause.message
    assert cause.hint


def test_a_card_that_is_too_small_is_told_at_the_start_too() -> None:
    line = "ggml_cuda_buffer_alloc: allocating 9000.00 MiB on device 0: cudaMalloc failed: out of memory"
    assert "graphics card" in cause_of_exit(1, [line, "E error loading model: x"], ready=False).message


def test_what_was_said_long_before_the_end_explains_nothing() -> None:
    lines = ["failed to allocate a buffer, trying another", *("I fine" for _ in range(20))]
    assert "crashed" in cause_of_exit(-signal.SIGSEGV, lines, ready=True).message


def test_killed_for_memory_or_by_somebody_where_the_system_counts() -> None:
    assert "because memory ran out" in cause_of_exit(-9, [], ready=True, out_of_memory=True).message
    killed = cause_of_exit(-9, [], ready=True, out_of_memory=False).message
    assert "ended from outside" in killed
    assert "memory" not in killed


@pytest.mark.parametrize(
    ("membership", "file", "text"),
    [
        ("0::/user.slice/app\n", "sys/fs/cgroup/user.slice/app/memory.events", "low 0\noom 4\noom_kill 3\n"),
        ("4:memory:/docker/1f\n", "sys/fs/cgroup/memory/memory.oom_control", "under_oom 0\noom_kill 3\n"),
        ("0::/\n", "sys/fs/cgroup/memory.events", "oom_kill 3\n"),
    ],
)
def test_the_systems_count_of_both_versions_of_cgroup(membership: str, file: str, text: str, tmp_path: Path) -> None:
    for name, content in (("proc/self/cgroup", membership), (file, text)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    assert oom_kills(tmp_path) == 3
    assert oom_kills(tmp_path / "nothing") is None


def test_old_load_errors_do_not_explain_a_later_death() -> None:
    assert "memory ran out" in cause_of_exit(-9, ["E failed to read magic"], ready=True).message


def complaints(*steps: tuple[float, Signs]) -> list[Cause | None]:
    patience = Patience(silent_seconds=10, busy_seconds=60, gap_seconds=20)
    return [patience.complaint(signs, now) for now, signs in steps]


def test_silence_is_given_up() -> None:
    *before, after = complaints((0, Signs(1)), (9, Signs(1)), (11, Signs(1)))
    assert before == [None, None]
    assert after is not None
    assert "no progress" in after.message


def test_a_machine_that_slept_has_not_been_silent() -> None:
    *before, after = complaints((0, Signs(1)), (9, Signs(1)), (3609, Signs(1)), (3612, Signs(1)))
    assert before == [None, None, None]
    assert after is not None
    assert "no progress" in after.message


def test_lines_and_bytes_move_the_deadline() -> None:
    steps = [(9.0 * i, Signs(lines=i)) for i in range(20)]
    steps += [(180 + 9.0 * i, Signs(lines=19, read_bytes=i << 20)) for i in range(1, 20)]
    assert set(complaints(*steps)) == {None}


def test_computing_moves_it_only_for_a_while() -> None:
    *before, after = complaints(*[(5.0 * i, Signs(1, cpu_seconds=5.0 * i)) for i in range(14)])
    assert set(before) == {None}
    assert after is not None
    assert "computed" in after.message


def test_the_words_of_a_conversation_are_not_kept() -> None:
    discretion = Discretion()
    lines = (
        "0.01.216.170 I slot print_timing: id  1",
        "0.01.216.236 W common_chat_peg_parse: unparsed peg-native output: my secret",
        "goes on",
        "",
        "0.01.216.237 I slot      release: id  1",
        "a line of the engine's own without a stamp",
    )
    told = [discretion.told(line) for line in lines]
    assert told == [
        lines[0],
        "0.01.216.236 W common_chat_peg_parse: unparsed peg-native output: …",
        None,
        None,
        lines[4],
        lines[5],
    ]
