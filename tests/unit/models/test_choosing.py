"""The choice of a model: a table of machines, and what must hold on any machine."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.hardware.backends import Engines, ObtainableEngine
from workbench.hardware.machine import Gpu, Machine
from workbench.hardware.machine_file import read_machine_file
from workbench.models.advising.advice import Preference, Recommendation, Use
from workbench.models.advising.candidates import BROWSER_BYTES, DISK_MARGIN, Situation, answer_seconds, candidates
from workbench.models.advising.choosing import best_build, overview, recommend
from workbench.models.catalog.file import CatalogStore, require
from workbench.models.catalog.model import CatalogModel
from workbench.models.sizing import fit, shapes
from workbench.models.sizing.estimate import Fit, Request
from workbench.paths import Paths

MACHINES = Path(__file__).parents[2] / "machines"
GB, GIB = 10**9, 1 << 30
ENGINES = Engines(
    obtainable=(
        ObtainableEngine("cuda-1", "cuda", "CUDA", 620_000_000),
        ObtainableEngine("vulkan-1", "vulkan", "Vulkan", 40_000_000),
    )
)
CATALOG = CatalogStore(Paths(Path("/nonexistent"))).models()
# Small, middle and large, dense and not, with and without reasoning: enough to choose among, quick to judge.
FEW_IDS = ("gpt-oss-20b", "gpt-oss-120b", "gemma-4-26b-a4b", "qwen3-4b-instruct-2507", "lfm2.5-8b-a1b", "qwen3.5-9b")
FEW = tuple(replace(model, files=model.files[:2]) for model in CATALOG if model.id in FEW_IDS)

DESKTOP = Machine(
    "linux", "CPU", 8, ("avx2",), 32 * GIB, 24 * GIB, 500 * GB, "mains", 60.0,
    (Gpu("RTX 3060", "nvidia", 12 * GIB, 11 * GIB, bandwidth_gbs=360.0, backend="cuda"),),
)  # fmt: skip
MAC = Machine(
    "macos", "Apple M2", 8, ("asimd",), 16 * GIB, 12 * GIB, 500 * GB, "mains", 100.0,
    (Gpu("Apple M2", "apple", unified=True, bandwidth_gbs=100.0, backend="metal"),), 12_124 << 20,
)  # fmt: skip


def machine(name: str) -> Machine:
    return read_machine_file(MACHINES / f"{name}.json")


# The table ------------------------------------------------------------------------------------------------------------

SMALL = {"qwen3-4b-instruct-2507", "gemma-4-e4b", "gemma-4-e2b", "lfm2.5-8b-a1b", "lfm2-8b-a1b", "qwen3.5-4b"}
MIDDLE = {"lfm2.5-8b-a1b", "qwen3.5-9b", "gemma-4-e4b", "qwen3-4b-instruct-2507"}
SPARSE = {"gpt-oss-20b", "qwen3-30b-a3b-instruct-2507", "qwen3.6-35b-a3b", "gemma-4-26b-a4b"}
LARGE = {"gpt-oss-120b", "qwen3.5-122b-a10b", "glm-4.5-air", "qwen3.6-35b-a3b"}

TABLE = [
    ("no-gpu-8gb", SMALL, {Fit.CPU}),
    ("m1-8gb", SMALL, {Fit.CPU, Fit.GPU}),
    ("container-6gb", SMALL, {Fit.CPU}),
    ("no-gpu-16gb", MIDDLE, {Fit.CPU}),
    ("m2-air-16gb", MIDDLE, {Fit.GPU}),
    ("m4-air-16gb", MIDDLE, {Fit.GPU}),
    ("windows-16gb-igpu", MIDDLE, {Fit.CPU, Fit.GPU}),
    ("windows-16gb-rtx-4gb", MIDDLE, {Fit.EXPERTS_ON_CPU, Fit.GPU}),
    ("windows-32gb-rtx-8gb", SPARSE, {Fit.EXPERTS_ON_CPU}),
    ("rtx-3060-12gb", SPARSE, {Fit.EXPERTS_ON_CPU, Fit.GPU}),
    ("arc-a770", SPARSE, {Fit.EXPERTS_ON_CPU, Fit.GPU}),
    ("m4-pro-24gb", {"gpt-oss-20b"}, {Fit.GPU}),
    ("rtx-4090-24gb", SPARSE - {"gpt-oss-20b"}, {Fit.GPU}),
    ("rtx-5090-laptop", SPARSE - {"gpt-oss-20b"}, {Fit.GPU}),
    ("rx-7900-xtx", SPARSE - {"gpt-oss-20b"}, {Fit.GPU}),
    ("two-gpus", SPARSE | LARGE, {Fit.GPU}),
    ("m2-ultra-64gb", SPARSE | {"qwen3-next-80b-a3b"}, {Fit.GPU}),
    ("m4-max-128gb", LARGE, {Fit.GPU}),
    ("m2-ultra-192gb", LARGE, {Fit.GPU}),
    ("dgx-spark", LARGE, {Fit.GPU}),
    ("strix-halo-128gb", LARGE, {Fit.GPU}),
]


@pytest.mark.parametrize(("name", "models", "fits"), TABLE, ids=[row[0] for row in TABLE])
def test_the_pick_for_a_class_of_machines(name: str, models: set[str], fits: set[Fit]) -> None:
    found = recommend(CATALOG, machine(name), ENGINES)
    assert found.recommended is not None
    assert found.recommended.model.id in models
    assert found.recommended.estimate.fit in fits
    assert_sound(found, machine(name))


def assert_sound(found: Recommendation, where: Machine) -> None:
    """What holds for every recommendation."""
    picks = [pick for pick in (found.recommended, *found.alternatives, found.bridge) if pick]
    assert len(found.alternatives) <= 2
    named = [pick.model.id for pick in picks if pick is not found.bridge]
    assert len(named) == len(set(named))
    for pick in picks:
        assert pick.estimate.fit is not Fit.NONE
        assert pick.answer_seconds.low <= pick.answer_seconds.expected <= pick.answer_seconds.high
        assert pick.reasons
        assert pick.context <= pick.estimate.max_context
        tokens = pick.task.prompt_tokens + pick.task.reasoning_tokens + pick.task.answer_tokens
        assert tokens <= pick.context
        if where.disk_free_bytes is not None:
            assert (pick.download_bytes + pick.engine_bytes) * DISK_MARGIN <= where.disk_free_bytes
    if found.recommended:
        assert found.recommended.file.bytes
        assert not found.recommended.model.doubt
    if found.bridge:
        assert 2 * GB <= found.bridge.download_bytes <= 6 * GB


# What must hold -------------------------------------------------------------------------------------------------------


def value(where: Machine, preference: Preference = Preference.BALANCED, use: Use = Use.CHAT) -> float:
    """How good the best model is on ``where``, by what the choice is made by."""
    situation = Situation(where, ENGINES)
    values = [
        one.value(preference) for model in FEW for one in candidates(model, situation, use, preference) if one.sure
    ]
    return max(values, default=float("-inf"))


def with_memory(where: Machine, memory: int, card: int) -> Machine:
    """``where`` with more memory, and larger cards; the limit of a unified GPU grows with the memory."""
    gpus = tuple(
        gpu
        if gpu.unified
        else replace(
            gpu,
            memory_total_bytes=(gpu.memory_total_bytes or 0) + card,
            memory_free_bytes=(gpu.memory_free_bytes or 0) + card,
        )
        for gpu in where.gpus or ()
    )
    limit = where.unified_memory_limit_bytes
    return replace(
        where,
        memory_total_bytes=where.memory_total_bytes + memory,
        memory_available_bytes=where.memory_available_bytes + memory,
        unified_memory_limit_bytes=None if limit is None else limit + memory * 3 // 4,
        gpus=gpus,
    )


ANY_MACHINE = st.sampled_from(
    (DESKTOP, replace(DESKTOP, gpus=()), MAC, replace(MAC, memory_total_bytes=8 * GIB, memory_available_bytes=6 * GIB))
)
ANY_PREFERENCE = st.sampled_from(list(Preference))
ANY_USE = st.sampled_from(list(Use))
FEW_EXAMPLES = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@given(ANY_MACHINE, st.integers(0, 64 * GIB), st.integers(0, 24 * GIB), ANY_PREFERENCE, ANY_USE)
@FEW_EXAMPLES
def test_more_memory_never_gives_a_worse_pick(
    where: Machine, memory: int, card: int, preference: Preference, use: Use
) -> None:
    assert value(with_memory(where, memory, card), preference, use) >= value(where, preference, use) - 1e-9


@given(ANY_MACHINE, st.floats(1, 10), ANY_PREFERENCE, ANY_USE)
@FEW_EXAMPLES
def test_more_bandwidth_never_gives_a_worse_pick(
    where: Machine, factor: float, preference: Preference, use: Use
) -> None:
    faster = replace(
        where,
        memory_bandwidth_gbs=(where.memory_bandwidth_gbs or 0) * factor,
        gpus=tuple(replace(gpu, bandwidth_gbs=(gpu.bandwidth_gbs or 0) * factor) for gpu in where.gpus or ()),
    )
    assert value(faster, preference, use) >= value(where, preference, use) - 1e-9


@given(ANY_MACHINE, st.integers(0, 64 * GIB), ANY_PREFERENCE, ANY_USE)
@settings(FEW_EXAMPLES, max_examples=8)
def test_the_picks_fit_is_the_estimates(where: Machine, memory: int, preference: Preference, use: Use) -> None:
    here = with_memory(where, memory, 0)
    found = recommend(FEW, here, ENGINES, use, preference)
    for pick in (found.recommended, *found.alternatives, found.bridge):
        if pick:
            request = Request(pick.context)
            assert pick.estimate == fit.estimate(shapes.from_catalog(pick.model, pick.file), here, request, ENGINES)
            assert pick.answer_seconds == answer_seconds(pick.estimate, pick.task)
    assert_sound(found, here)


@given(st.randoms(use_true_random=False), ANY_MACHINE)
@settings(FEW_EXAMPLES, max_examples=5)
def test_the_same_question_has_the_same_answer(chance: random.Random, where: Machine) -> None:
    shuffled = list(FEW)
    chance.shuffle(shuffled)
    first, second = recommend(FEW, where, ENGINES), recommend(shuffled, where, ENGINES)
    assert first.recommended == second.recommended
    assert first.alternatives == second.alternatives
    assert first.bridge == second.bridge


def test_changing_a_files_bytes_changes_its_fit() -> None:
    model = require(CATALOG, "gpt-oss-20b")
    situation, request = Situation(DESKTOP, ENGINES), Request(8192)
    file = model.files[0]
    assert file.bytes
    small, large = replace(file, bytes=file.bytes // 4), replace(file, bytes=file.bytes * 20)
    totals = [situation.estimate(model, one, request) for one in (small, file, large)]
    assert [one.fit for one in totals] == [Fit.GPU, Fit.EXPERTS_ON_CPU, Fit.NONE]
    assert totals[0].total_bytes < totals[1].total_bytes < totals[2].total_bytes


@pytest.mark.parametrize("name", ["no-gpu-16gb", "m2-air-16gb", "rtx-4090-24gb", "m4-max-128gb"])
def test_a_bare_id_stands_for_the_build_that_is_advised(name: str) -> None:
    here = machine(name)
    found = recommend(CATALOG, here, ENGINES)
    for pick in (found.recommended, *found.alternatives):
        if pick:
            assert best_build(pick.model, Situation(here, ENGINES), Request(pick.context)) == pick.file


# Sixteen gigabytes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "where", [MAC, replace(DESKTOP, gpus=(), memory_total_bytes=16 * GIB, memory_available_bytes=14 * GIB)]
)
def test_on_16_gb_the_budget_is_what_a_browser_leaves(where: Machine) -> None:
    """Freshly started 12 to 14 GiB are free: gpt-oss 20B would fit, and leave nothing for the person's work."""
    budget = Situation(where).with_browser.machine.memory_available_bytes
    assert 6 * GIB <= budget <= 8 * GIB
    found = recommend(CATALOG, where, ENGINES)
    assert found.recommended
    assert found.recommended.estimate.total_bytes <= budget
    [note] = [note for note in found.notes if note.startswith("gpt-oss 20B")]
    assert "not for this machine" in note
    assert f"{found.recommended.model.name} is the safe pick" in note


def test_a_small_context_is_told_where_only_that_fits() -> None:
    """The memory is there; what the GPU may use of it is too little for more than some thousand tokens."""
    tight = replace(MAC, memory_total_bytes=14 * GIB, memory_available_bytes=int(13.7 * GIB))
    model = require(CATALOG, "gpt-oss-20b")
    smallest = Situation(tight, ENGINES).estimate(model, model.files[0], Request(20480))
    assert smallest.fit is not Fit.NONE or smallest.max_context < 20480
    notes = recommend(CATALOG, tight, ENGINES, Use.DOCUMENTS).notes
    assert any("gpt-oss 20B is not for this machine" in note for note in notes)


def test_large_machines_lose_no_more_than_a_browser_takes() -> None:
    where = replace(DESKTOP, memory_total_bytes=128 * GIB, memory_available_bytes=126 * GIB)
    assert Situation(where).with_browser.machine.memory_available_bytes == 128 * GIB - BROWSER_BYTES


def test_what_is_taken_now_counts() -> None:
    busy = replace(DESKTOP, memory_available_bytes=4 * GIB)
    assert Situation(busy).with_browser.machine.memory_available_bytes == 4 * GIB


# Disk, doubts, engines, bridge ----------------------------------------------------------------------------------------


def test_what_the_disk_cannot_hold_is_not_recommended_and_told() -> None:
    roomy, full = machine("rtx-4090-24gb"), replace(machine("rtx-4090-24gb"), disk_free_bytes=8 * GB)
    wanted, found = recommend(CATALOG, roomy, ENGINES).recommended, recommend(CATALOG, full, ENGINES)
    assert wanted
    assert found.recommended
    assert wanted.download_bytes > 8 * GB >= found.recommended.download_bytes
    assert any("of disk" in note for note in found.notes)
    nothing = recommend(CATALOG, replace(full, disk_free_bytes=GB), ENGINES)
    assert nothing.recommended is None
    assert "1.0 GB of disk" in nothing.notes[0]


def test_nothing_fits_is_said_with_what_would_help() -> None:
    tiny = replace(DESKTOP, gpus=(), memory_total_bytes=2 * GIB, memory_available_bytes=GIB)
    found = recommend(CATALOG, tiny, ENGINES)
    assert (found.recommended, found.alternatives, found.bridge) == (None, (), None)
    assert "the 1 GB that are free" in found.notes[0]
    assert "Gemma 4 E2B" in found.notes[1]


def test_what_closing_programs_would_bring_is_said() -> None:
    """Where nothing fits now, and where only little does; not where about the usual is free."""
    nothing = recommend(CATALOG, replace(machine("m1-8gb"), memory_available_bytes=2 * GIB), ENGINES)
    assert nothing.recommended is None
    assert "With other programs closed, and 5 GB free, it would be Qwen3 4B" in nothing.notes[-1]
    large = replace(
        MAC, memory_total_bytes=32 * GIB, memory_available_bytes=24 * GIB, unified_memory_limit_bytes=25 * GIB
    )
    crowded = recommend(FEW, replace(large, memory_available_bytes=7 * GIB), ENGINES)
    assert crowded.recommended
    assert "With other programs closed" in crowded.notes[0]
    tidy = recommend(FEW, large, ENGINES)
    assert not any("other programs closed" in note for note in tidy.notes)


@pytest.mark.parametrize("use", list(Use))
@pytest.mark.parametrize("preference", list(Preference))
def test_what_is_in_doubt_is_never_the_default(use: Use, preference: Preference) -> None:
    huge = replace(machine("m2-ultra-192gb"), memory_total_bytes=512 * GIB, memory_available_bytes=500 * GIB)
    huge = replace(huge, unified_memory_limit_bytes=490 * GIB)
    found = recommend(CATALOG, huge, ENGINES, use, preference)
    assert found.recommended
    assert found.recommended.model.doubt == found.recommended.file.doubt == ""
    assert found.recommended.model.id != "qwen3.8-flash-next"


def test_a_doubtful_model_is_recommended_to_nobody_even_alone() -> None:
    doubtful = tuple(replace(model, doubt="Not sure.") for model in FEW)
    assert recommend(doubtful, DESKTOP, ENGINES).recommended is None


def test_the_engine_is_part_of_the_plan() -> None:
    found = recommend(CATALOG, machine("rtx-3060-12gb"), ENGINES).recommended
    assert found
    assert (found.estimate.needs_engine, found.engine_bytes) == ("cuda-1", 620_000_000)
    assert any("after installing the CUDA engine (" in reason for reason in found.reasons)
    assert any("and 620 MB of engine" in reason for reason in found.reasons)
    installed = recommend(CATALOG, DESKTOP, ENGINES).recommended
    assert installed
    assert (installed.estimate.needs_engine, installed.engine_bytes) == (None, 0)


def test_a_licence_that_is_not_open_is_told() -> None:
    found = recommend(CATALOG, machine("m2-air-16gb"), ENGINES).recommended
    assert found
    assert found.model.id == "lfm2.5-8b-a1b"
    assert any("LFM Open License" in reason for reason in found.reasons)


def test_a_bridge_talks_while_a_large_one_is_fetched() -> None:
    found = recommend(CATALOG, machine("rtx-4090-24gb"), ENGINES)
    assert found.bridge
    assert found.bridge.estimate.fit is Fit.GPU
    small = recommend(CATALOG, machine("no-gpu-8gb"), ENGINES)
    assert small.recommended
    assert small.bridge is None  # it is small itself
    tight = replace(machine("rtx-4090-24gb"), disk_free_bytes=int(16.5 * GB))
    assert recommend(CATALOG, tight, ENGINES).bridge is None  # no room for both


def test_speed_and_quality_pull_apart() -> None:
    where = machine("rtx-3060-12gb")
    quick, good = (
        recommend(CATALOG, where, ENGINES, Use.CHAT, one).recommended for one in (Preference.SPEED, Preference.QUALITY)
    )
    assert quick
    assert good
    assert quick.answer_seconds.expected < good.answer_seconds.expected
    assert quick.quality < good.quality


def test_the_assumed_tokens_and_seconds_are_shown() -> None:
    found = recommend(CATALOG, DESKTOP, ENGINES).recommended
    assert found
    told = "\n".join(found.reasons)
    assert f"{found.task.prompt_tokens:,} tokens of prompt" in told
    assert f"{found.task.reasoning_tokens:,} of reasoning" in told
    assert "100 Mbit/s" in told


# Overview -------------------------------------------------------------------------------------------------------------


def test_the_overview_has_every_model_whose_shape_is_known() -> None:
    picks = overview(CATALOG, machine("m2-air-16gb"), ENGINES)
    shown = [pick.model.id for pick in picks]
    sized: Sequence[CatalogModel] = [model for model in CATALOG if any(file.size_bytes for file in model.files)]
    assert shown == [model.id for model in sized if model.shape_known]
    absent = next(pick for pick in picks if pick.model.id == "gpt-oss-120b")
    assert absent.estimate.fit is Fit.NONE
    assert any("needs" in reason or "fits where" in reason.lower() for reason in absent.reasons)
