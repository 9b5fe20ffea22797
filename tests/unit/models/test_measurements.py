"""What runs teach: filters, medians, bounds, and the engine's own words about its buffers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from workbench import migrations
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.hardware.machine import Gpu, Machine
from workbench.messages import Timings, Usage
from workbench.models.sizing.estimate import Correction, Estimate
from workbench.models.sizing.fit import estimate
from workbench.models.sizing.measurements import Kind, MeasurementStore, Subject, engine_memory, machine_key
from workbench.models.sizing.shape import CacheGroup, CacheKind, ModelShape

GIB = 1 << 30
MACHINE = Machine("linux", "Some CPU", 8, ("avx2",), 32 * GIB, 24 * GIB, None, "mains", 60.0, ())
SHAPE = ModelShape("llama", 24, 8192, GIB, 0, (), GIB, (CacheGroup(CacheKind.FULL, 24, 8, 64, 64),), 2048, 32_000)
SUBJECT = Subject(machine_key(MACHINE), "native 1", "llama", "mine")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[MeasurementStore]:
    database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path / "backups")
    yield MeasurementStore(database, SystemClock())
    database.close()


def predicted(correction: Correction | None = None) -> Estimate:
    return estimate(SHAPE, MACHINE, correction=correction or Correction())


def learnt(store: MeasurementStore, architecture: str = "llama") -> Correction:
    return store.correction(SUBJECT.machine, SUBJECT.runtime, architecture)


def test_the_same_machine_has_the_same_key() -> None:
    assert machine_key(replace(MACHINE, memory_available_bytes=1, power="battery")) == machine_key(MACHINE)
    assert machine_key(replace(MACHINE, gpus=(Gpu("RTX 3060", "nvidia"),))) != machine_key(MACHINE)


def test_nothing_measured_changes_nothing(store: MeasurementStore) -> None:
    assert learnt(store) == Correction()


def test_a_run_corrects_the_next_prediction(store: MeasurementStore) -> None:
    before = predicted()
    assert before.generation_tokens_per_second
    assert before.prompt_tokens_per_second
    real = before.generation_tokens_per_second.expected / 2
    timings = Timings(
        prompt_tokens_per_second=before.prompt_tokens_per_second.expected * 1.5, generation_tokens_per_second=real
    )
    store.record_speed(SUBJECT, before, Usage(512, 0, 200), timings)
    after = predicted(learnt(store))
    assert after.measured
    assert after.generation_tokens_per_second
    assert after.prompt_tokens_per_second
    assert after.generation_tokens_per_second.expected == pytest.approx(real)
    assert after.generation_tokens_per_second.low > before.generation_tokens_per_second.low / 2
    assert after.prompt_tokens_per_second.expected == pytest.approx(before.prompt_tokens_per_second.expected * 1.5)


def test_another_architecture_is_corrected_but_not_called_measured(store: MeasurementStore) -> None:
    store.record(SUBJECT, Kind.GENERATION, 100, 60)
    assert learnt(store, "qwen3moe") == Correction(generation=0.6)
    assert store.correction(SUBJECT.machine, "another runtime", "llama") == Correction()
    assert store.correction("another machine", SUBJECT.runtime, "llama") == Correction()


@pytest.mark.parametrize(
    ("usage", "generation", "prompt"),
    [
        (Usage(300, 0, 32), True, True),
        (Usage(300, 0, 31), False, True),
        (Usage(255, 0, 32), True, False),
        (Usage(300, 100, 32), True, False),  # computed only 200 of them
        (Usage(4096, 0, 32), False, False),  # a deep cache slows the answer
        (Usage(None, None, 100), True, False),
        (Usage(), False, False),
    ],
)
def test_figures_that_say_too_little_are_left_out(
    store: MeasurementStore, usage: Usage, generation: bool, prompt: bool
) -> None:
    store.record_speed(
        SUBJECT, predicted(), usage, Timings(prompt_tokens_per_second=1e5, generation_tokens_per_second=1e5)
    )
    assert (learnt(store).generation > 1, learnt(store).prompt > 1) == (generation, prompt)


def test_unknown_speeds_are_left_out(store: MeasurementStore) -> None:
    store.record_speed(SUBJECT, predicted(), Usage(300, 0, 100), Timings())
    assert learnt(store) == Correction()


def test_the_median_of_the_last_counts_within_bounds(store: MeasurementStore) -> None:
    for measured in (10, 10, 10, *[200] * 4, 900, *[210] * 4):  # the first three are forgotten
        store.record(SUBJECT, Kind.GENERATION, 100, measured)
    assert learnt(store).generation == 2.1
    for _ in range(20):
        store.record(SUBJECT, Kind.GENERATION, 100, 1)
    assert learnt(store).generation == 0.2


def test_old_ones_are_thrown_away(store: MeasurementStore) -> None:
    for _ in range(210):
        store.record(SUBJECT, Kind.PROMPT, 100, 150)
    assert len(store._db.rows("SELECT id FROM measurements")) == 200


LOG = """\
0.01 I load_tensors:   CPU_Mapped model buffer size =   587.00 MiB
0.01 I load_tensors:        CUDA0 model buffer size = 10949.00 MiB
0.02 I llama_context:        CPU  output buffer size =     0.77 MiB
0.03 I llama_kv_cache:      CUDA0 KV buffer size =    96.00 MiB
0.03 I llama_kv_cache:      CUDA0 KV buffer size =    18.00 MiB
0.03 I llama_memory_recurrent:      CUDA0 RS buffer size =    62.81 MiB
0.04 I sched_reserve:      CUDA0 compute buffer size =   104.40 MiB
0.04 I sched_reserve:  CUDA_Host compute buffer size =    13.77 MiB
"""


def test_the_engines_own_words() -> None:
    memory = engine_memory(LOG.splitlines())
    assert memory
    mib = 1 << 20
    assert memory.weights_bytes == 11536 * mib
    assert memory.cache_bytes == round(176.81 * mib)
    assert memory.compute_bytes == round(118.17 * mib)
    assert memory.by_device["CPU_Mapped"] == 587 * mib
    assert sum(memory.by_device.values()) == pytest.approx(
        memory.weights_bytes + memory.cache_bytes + memory.compute_bytes, abs=8
    )


def test_only_the_last_start_counts_and_repacked_weights_once() -> None:
    repacked = "load_tensors:   CPU_REPACK model buffer size =  9000.00 MiB\n"
    memory = engine_memory((LOG + repacked + LOG).splitlines())
    assert memory == engine_memory(LOG.splitlines())


@pytest.mark.parametrize("log", ["", "model buffer size = a lot", LOG.splitlines()[0]])
def test_a_log_that_does_not_say(log: str) -> None:
    assert engine_memory(log.splitlines()) is None


def test_a_start_corrects_the_compute_buffers(store: MeasurementStore) -> None:
    before = predicted()
    store.record_load(SUBJECT, before, LOG.splitlines())
    after = predicted(learnt(store))
    assert after.compute_bytes == pytest.approx(118.17 * (1 << 20), rel=0.01)
    assert not after.measured
    store.record_load(SUBJECT, before, ["nothing"])
    assert len(store._db.rows("SELECT id FROM measurements")) == 1
