"""Asking a binary what it can do: what real ones print, what others print, and binaries that are anything else.

`captures/help-b10434.txt`: what the real `llama-server` that `tests.fakes.real_engine` fetches says. Device lists:
ggml-org/llama.cpp issue 26996 (2026-08-14) and, where an address is not named, written in the form that llama.cpp's
`common/arg.cpp` prints.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.server_binary import write_binary
from tests.patience import until
from workbench.cancel import CancelToken
from workbench.engine.runtimes import probe_engine
from workbench.engine.runtimes.probe_engine import (
    Capabilities,
    ask,
    native_devices,
    parse_devices,
    parse_flags,
    parse_version,
    probe,
)
from workbench.errors import Cancelled, EngineError
from workbench.hardware.backends import EngineDevice

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the programs of these tests are scripts")
MIB = 1 << 20
HELP = (Path(__file__).parent / "captures" / "help-b10434.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "  ROCm0: AMD Radeon(TM) 8060S Graphics (110456 MiB, 110301 MiB free)",
            EngineDevice("ROCm0", "rocm", "AMD Radeon(TM) 8060S Graphics", 110456 * MIB, 110301 * MIB),
        ),
        (
            "  CUDA0: NVIDIA GeForce RTX 4080 (16379 MiB, 14900 MiB free)",
            EngineDevice("CUDA0", "cuda", "NVIDIA GeForce RTX 4080", 16379 * MIB, 14900 * MIB),
        ),
        (
            "  MTL0: Apple M4 Max (110100 MiB, 110100 MiB free)",
            EngineDevice("MTL0", "metal", "Apple M4 Max", 110100 * MIB, 110100 * MIB),
        ),
        (
            "  Vulkan1: Intel(R) Arc(tm) A770 Graphics (DG2) (16128 MiB, 0 MiB free)",
            EngineDevice("Vulkan1", "vulkan", "Intel(R) Arc(tm) A770 Graphics (DG2)", 16128 * MIB, 0),
        ),
        ("  SYCL0: Intel(R) Arc(TM) Graphics", EngineDevice("SYCL0", "sycl", "Intel(R) Arc(TM) Graphics")),
        (
            "  GPUOpenCL: QUALCOMM Adreno(TM) (0 MiB, 0 MiB free)",
            EngineDevice("GPUOpenCL", "opencl", "QUALCOMM Adreno(TM)"),
        ),
    ],
)
def test_devices(line: str, expected: EngineDevice) -> None:
    assert parse_devices(f"ggml_cuda_init: found 1 device\nAvailable devices:\n{line}\n") == (expected,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Available devices:\n  (none)\n",
        "Available devices:\n  BLAS: Accelerate (0 MiB, 0 MiB free)\n",
        "Available devices:\n  RPC0: 10.0.0.1:50052 (8000 MiB, 8000 MiB free)\n",
        "Available devices:\n  Vulkan0: llvmpipe (LLVM 15.0.6, 256 bits) (32000 MiB, 32000 MiB free)\n",
        "  CUDA0: before the headline (1 MiB, 1 MiB free)",
        "Available devices:\nCUDA0: no indent",
        "Available devices:\n  CUDA0:\n  CUDA0: \n  : \n",
    ],
)
def test_no_devices(text: str) -> None:
    assert parse_devices(text) == ()


def test_several_devices_and_not_too_many() -> None:
    lines = "".join(f"  CUDA{number}: GPU (1 MiB, 1 MiB free)\n" for number in range(500))
    found = parse_devices(f"Available devices:\n{lines}")
    assert [device.id for device in found[:2]] == ["CUDA0", "CUDA1"]
    assert len(found) == probe_engine.MOST_DEVICES


def test_flags_of_the_real_help() -> None:
    flags = parse_flags(HELP)
    wanted = {"-ngl", "--n-gpu-layers", "--model", "--host", "--port", "--cache-ram", "--no-kv-unified", "--no-webui"}
    assert wanted | {"--cors-origins", "--no-cors-credentials", "--api-key-file", "--offline", "--load-mode"} <= flags


def test_flags_are_only_what_begins_a_line() -> None:
    text = "-m,    --model FNAME    like --other, -x\n       --indented\ntext --inside\n--bare\n-c --wrong\n"
    assert parse_flags(text) == {"-m", "--model", "--bare", "-c"}


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("version: 0.1.0-dev (build 1, commit 7e4c0a9)\nbuilt with GNU 11.4.0", "0.1.0-dev (build 1, commit 7e4c0a9)"),
        ("version: 0.5.0-dev (build 11374, commit b92761a51)", "0.5.0-dev (build 11374, commit b92761a51)"),
        ("ggml_cuda_init: found 1 CUDA devices:\nversion: 6148 (b3e16665)\nbuilt with cc", "6148 (b3e16665)"),
        ("\n something else entirely", "something else entirely"),
        ("", ""),
    ],
)
def test_version(text: str, version: str) -> None:
    assert parse_version(text) == version


@given(st.text(max_size=400))
def test_any_text_is_taken(text: str) -> None:
    parse_version(text)
    parse_flags(text)
    parse_devices("Available devices:\n" + text)


def test_a_long_line_is_read_quickly() -> None:
    started = time.process_time()
    parse_devices("Available devices:\n  CUDA0: " + "x (" * 100_000)
    parse_flags("-" * 200_000 + "\n" + "--a, " * 100_000)
    parse_version("version" * 100_000)
    assert time.process_time() - started < 5


def test_what_the_native_engine_says() -> None:
    answer: list[dict[str, object]] = [
        {"name": "MTL0", "description": "Apple M2", "memory_total": 12 << 30, "memory_free": 11 << 30, "kind": "gpu"},
        {"name": "CPU", "description": "Apple M2", "memory_total": 16 << 30, "memory_free": 16 << 30, "kind": "cpu"},
        {"name": "BLAS", "description": "Accelerate", "memory_total": 0, "memory_free": 0, "kind": "accel"},
        {"name": "CUDA0", "memory_total": "much", "kind": "gpu"},
        {},
    ]
    assert native_devices(answer) == (
        EngineDevice("MTL0", "metal", "Apple M2", 12 << 30, 11 << 30),
        EngineDevice("CUDA0", "cuda", "CUDA0"),
    )


# Programs -------------------------------------------------------------------------------------------------------------


def failing(binary: Path, seconds: float = 20) -> EngineError:
    with pytest.raises(EngineError) as raised:
        probe(binary, CancelToken(), seconds=seconds)
    return raised.value


def test_the_real_binary(llama_server: Path) -> None:
    found = probe(llama_server, CancelToken())
    assert found.version
    assert found.unix_socket
    assert len(found.flags) > 300
    assert parse_flags(HELP) <= found.flags


def test_a_binary_that_answers(tmp_path: Path) -> None:
    found = probe(write_binary(tmp_path / "llama-server"), CancelToken())
    assert found.version == "9999 (abcdef1)"
    assert "--nothing" not in found.flags
    assert found.unix_socket
    assert found.devices == (EngineDevice("Vulkan0", "vulkan", "Test Graphics 9000", 8192 * MIB, 7000 * MIB),)


def test_an_old_binary_without_a_list_of_devices(tmp_path: Path) -> None:
    text = "-m,    --model FNAME    x\n--host HOST   x\n--port PORT   x\n"
    found = probe(write_binary(tmp_path / "s", help_text=text, devices="never asked"), CancelToken())
    assert found == Capabilities("9999 (abcdef1)", frozenset({"-m", "--model", "--host", "--port"}))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import time; time.sleep(60)", "does not answer within 1 seconds"),
        ("while True: print('x' * 65536)", "does not answer within 1 seconds"),
        ("import os; os.kill(os.getpid(), 11)", "does not run here: The engine crashed"),
        ("import os; os.kill(os.getpid(), 4)", "instructions that the processor does not have"),
        (
            "sys.exit('./s: error while loading shared libraries: libhipblas.so.3: No such file or directory')",
            "needs a library that is not installed: libhipblas.so.3.",
        ),
        ('sys.exit("./s: /lib/libc.so.6: version `GLIBC_2.38\' not found (required by ./s)")', "older than GLIBC_2.38"),
        ("sys.exit(3)", "does not run here"),
        ("import os; os.write(1, os.urandom(5000)); sys.exit(0)", "not llama.cpp's server"),
        ("print('hello'); sys.exit(0)", "not llama.cpp's server"),
    ],
)
def test_binaries_that_are_of_no_use(code: str, words: str, tmp_path: Path) -> None:
    assert (
        words in failing(write_binary(tmp_path / "s", first=code), seconds=1.0 if "within 1" in words else 20).message
    )


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "cannot be started"),
        (lambda path: path.mkdir(), "cannot be started"),
        (lambda path: path.write_bytes(b"\x7fELF nonsense"), "cannot be started"),
        (lambda path: (path.write_bytes(b"\x7fELF nonsense"), path.chmod(0o755)), "cannot be started"),
    ],
    ids=["missing", "folder", "not executable", "no program"],
)
def test_files_that_do_not_start(make: object, words: str, tmp_path: Path) -> None:
    make(tmp_path / "s")  # type: ignore[operator]
    assert words in failing(tmp_path / "s").message


def test_what_a_hanging_binary_started_ends_with_it(tmp_path: Path) -> None:
    code = (
        "import subprocess, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    binary = write_binary(tmp_path / "s", first=code)
    said = ask([str(binary)], CancelToken(), seconds=5)
    assert said.status is None
    line = Path(f"/proc/{said.text.strip()}/cmdline")
    until(lambda: not line.exists() or not line.read_bytes())  # a zombie has none


def test_no_secret_and_no_option_of_llama_cpp_reaches_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SOME_API_KEY", "LLAMA_ARG_TOOLS", "LLAMA_ARG_HOST"):
        monkeypatch.setenv(name, "canary")
    binary = write_binary(tmp_path / "s", first="import os; print(dict(os.environ)); sys.exit(0)")
    said = ask([str(binary)], CancelToken())
    assert "PATH" in said.text
    assert "canary" not in said.text


def test_only_the_beginning_is_kept(tmp_path: Path) -> None:
    binary = write_binary(tmp_path / "s", first="print('x' * (5 << 20)); sys.exit(0)")
    said = ask([str(binary)], CancelToken())
    assert said.status == 0
    assert len(said.text) == probe_engine.MOST_ANSWER_BYTES


def test_cancelling_ends_it(tmp_path: Path) -> None:
    cancel = CancelToken()
    binary = write_binary(tmp_path / "s", first="import time; time.sleep(60)")
    threading.Timer(0.3, cancel.cancel).start()
    with pytest.raises(Cancelled):
        probe(binary, cancel, seconds=60)
