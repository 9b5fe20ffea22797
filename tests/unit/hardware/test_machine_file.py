from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.errors import UsageError
from workbench.hardware.machine import Gpu, Machine
from workbench.hardware.machine_file import likely_available, read_machine_file

GIB = 1 << 30


def written(folder: Path, document: Any) -> Path:
    path = folder / "machine.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def test_the_total_memory_alone_is_a_machine(tmp_path: Path) -> None:
    assert read_machine_file(written(tmp_path, {"memory_total_bytes": 16 * GIB})) == Machine(
        os="linux",
        cpu_name=None,
        physical_cores=4,
        cpu_features=None,
        memory_total_bytes=16 * GIB,
        memory_available_bytes=8 * GIB,
        disk_free_bytes=None,
        power="unknown",
    )


def test_a_whole_doctor_document_is_read(tmp_path: Path) -> None:
    machine = {"os": "macos", "memory_total_bytes": 16e9, "memory_available_bytes": 9e9, "gpus": [{"name": "Apple M4"}]}
    told = read_machine_file(written(tmp_path, {"machine": machine, "engine": {}, "checks": []}))
    assert told.os == "macos"
    assert told.memory_available_bytes == 9_000_000_000
    assert told.gpus == (Gpu("Apple M4", "apple", unified=True, bandwidth_gbs=120),)
    assert told.memory_bandwidth_gbs == 120


def test_bandwidths_are_looked_up_by_name_and_never_overruled(tmp_path: Path) -> None:
    gpus = [
        {"name": "NVIDIA GeForce RTX 4090", "memory_total_bytes": 24 * GIB},
        {"name": "NVIDIA GeForce RTX 4090", "memory_total_bytes": 24 * GIB, "bandwidth_gbs": 900},
        {"name": "A card nobody knows", "vendor": "amd"},
    ]
    document = {"memory_total_bytes": 64 * GIB, "cpu": {"name": "AMD RYZEN AI MAX+ 395"}, "gpus": gpus}
    told = read_machine_file(written(tmp_path, document))
    assert [gpu.bandwidth_gbs for gpu in told.gpus or ()] == [1008, 900, None]
    assert told.memory_bandwidth_gbs == 256


@pytest.mark.parametrize(("total", "free"), [(8, 4), (16, 8), (24, 16), (32, 24), (128, 120)])
def test_what_is_free_in_everyday_use(total: int, free: int) -> None:
    assert likely_available(total * GIB) == free * GIB


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom"])
def test_what_windows_writes_is_read(tmp_path: Path, encoding: str) -> None:
    text = json.dumps({"memory_total_bytes": GIB})
    content = b"\xff\xfe" + text.encode("utf-16-le") if encoding.endswith("bom") else text.encode(encoding)
    path = tmp_path / "machine.json"
    path.write_bytes(content)
    assert read_machine_file(path).memory_total_bytes == GIB


BASE = {"memory_total_bytes": 16 * GIB}


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({}, "memory_total_bytes is missing"),
        ({"machine": {}}, "machine.memory_total_bytes is missing"),
        ({"machine": 3}, "machine is not an object"),
        ({"memory_total_bytes": None}, "memory_total_bytes is missing"),
        ({"memory_total_bytes": "16 GB"}, "memory_total_bytes is not a number"),
        ({"memory_total_bytes": True}, "memory_total_bytes is not a number"),
        ({"memory_total_bytes": 0}, "memory_total_bytes is not a number in range"),
        ({"memory_total_bytes": -1}, "memory_total_bytes is not a number in range"),
        ({"memory_total_bytes": 1.5}, "memory_total_bytes is not a whole number"),
        ({"memory_total_bytes": 1e300}, "memory_total_bytes is not a number in range"),
        ({"memory_total_bytes": 10**400}, "memory_total_bytes is not a number in range"),
        ('{"memory_total_bytes": NaN}', "memory_total_bytes is not a number in range"),
        ({**BASE, "memory_available_bytes": 17 * GIB}, "memory_available_bytes is more than"),
        ({**BASE, "memory_bandwidth_gbs": 0}, "memory_bandwidth_gbs"),
        ({**BASE, "os": "beos"}, "os is none of linux, macos, windows"),
        ({**BASE, "power": 1}, "power is not text"),
        ({**BASE, "cpu": []}, "cpu is not an object"),
        ({**BASE, "cpu": {"physical_cores": 0}}, "cpu.physical_cores"),
        ({**BASE, "cpu": {"features": "avx2"}}, "cpu.features is not a list of texts"),
        ({**BASE, "cpu": {"features": [1]}}, "cpu.features is not a list of texts"),
        ({**BASE, "gpus": {}}, "gpus is not a list"),
        ({**BASE, "gpus": ["RTX 4090"]}, r"gpus\[0\] is not an object"),
        ({**BASE, "gpus": [{}, {"vendor": "3dfx"}]}, r"gpus\[1\].vendor is none of"),
        ({**BASE, "gpus": [{"unified": "yes"}]}, r"gpus\[0\].unified is neither true nor false"),
        ({"machine": {**BASE, "gpus": [{"name": 3}]}}, r"machine.gpus\[0\].name is not text"),
        (
            {**BASE, "gpus": [{"memory_total_bytes": 1, "memory_free_bytes": 2}]},
            r"gpus\[0\].memory_free_bytes is more than",
        ),
        ([], "does not hold a JSON object"),
        ("", "is not a JSON document"),
        ("{" * 100_000, "is not a JSON document"),
        ("[" * 100_000, "is not a JSON document"),
        (" " * ((1 << 20) + 1), "is too large"),
    ],
)
def test_every_bad_value_is_named(tmp_path: Path, document: Any, named: str) -> None:
    with pytest.raises(UsageError, match=named) as caught:
        read_machine_file(written(tmp_path, document))
    assert "machine.json" in caught.value.message
    assert caught.value.hint


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.json"):
        read_machine_file(tmp_path / "nowhere.json")
    with pytest.raises(UsageError, match="cannot be read"):
        read_machine_file(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")  # into which nobody writes
        with pytest.raises(UsageError, match="is a pipe"):
            read_machine_file(tmp_path / "pipe")
    (tmp_path / "latin").write_bytes(b'{"os": "\xe9"}')
    with pytest.raises(UsageError, match="latin is not a JSON document"):
        read_machine_file(tmp_path / "latin")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "vendor", "unified"]), inner),
    max_leaves=5,
)
KEYS = ["machine", "os", "cpu", "memory_total_bytes", "memory_available_bytes", "gpus", "power", "memory_bandwidth_gbs"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
@given(document=st.dictionaries(st.sampled_from(KEYS), VALUES))
def test_no_document_does_more_than_be_refused(tmp_path: Path, document: dict[str, Any]) -> None:
    with suppress(UsageError):
        read_machine_file(written(tmp_path, document))
