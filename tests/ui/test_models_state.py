"""The Models page as values: the reducer, the filters, what follows from the state, and every sentence. No Qt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import catalog
from tests.fakes.catalog import GEMMA_26B, GPT_OSS_20B, GPT_OSS_120B, LFM_8B, QWEN_4B, QWEN_35B, QWEN_CODER
from tests.fakes.measured import STEPS
from tests.fakes.models import LM_STUDIO_MODEL, MLX_FOLDER, model
from tests.fakes.runtimes import CUDA, NATIVE
from ui.models import words
from ui.models.state import (
    Area,
    CatalogRead,
    CatalogRow,
    DownloadsRead,
    Event,
    Filter,
    Filtered,
    FoundRead,
    LibraryEntry,
    LibraryRead,
    MachineRead,
    MemoryRead,
    ModelsState,
    ReadFailed,
    Sort,
    Work,
    Worked,
    catalog_row,
    catalog_rows,
    disk_use,
    new_on_disk,
    on_shelf,
    passes,
    pick_of,
    reduce,
    shelf,
)
from workbench.engine.checking.checkup import CheckStep, CheckUp, Verdict
from workbench.engine.runtimes.builds import InstalledEngine
from workbench.errors import DownloadError
from workbench.hardware.machine import Gpu
from workbench.models.advising.advice import Use
from workbench.models.catalog.model import Score
from workbench.models.fetching.queue import DownloadItem, DownloadState
from workbench.models.sizing.estimate import Range

PICKS = tuple(catalog.pick(one) for one in catalog.MODELS)
ADVICE = catalog.recommendation()
ERROR = DownloadError("The hub does not answer.", hint="Check the network.")


def after(*events: Event, state: ModelsState = ModelsState()) -> ModelsState:
    for event in events:
        state = reduce(state, event)
    return state


def ids(state: ModelsState) -> list[str]:
    return [row.model.id for row in catalog_rows(state)]


def item(state: DownloadState = DownloadState.QUEUED, **values: object) -> DownloadItem:
    return replace(DownloadItem("1", QWEN_35B.files[0].reference, "Qwen3.6", state), **values)  # type: ignore[arg-type]


# The reducer ----------------------------------------------------------------------------------------------------------


def test_what_was_read_once_stays_when_reading_it_again_fails() -> None:
    state = after(CatalogRead(PICKS, ADVICE), ReadFailed(Area.CATALOG, ERROR))
    assert state.picks == PICKS
    assert state.failures == {Area.CATALOG: ERROR}
    assert after(CatalogRead(PICKS, ADVICE), state=state).failures == {}


def test_a_failure_of_one_area_is_not_taken_back_by_another() -> None:
    state = after(ReadFailed(Area.FOUND, ERROR), LibraryRead(()), DownloadsRead(()))
    assert state.failures == {Area.FOUND: ERROR}


def test_a_look_at_the_memory_leaves_the_engines() -> None:
    state = after(MachineRead(catalog.LAPTOP, (NATIVE,), (CUDA,)), MemoryRead(catalog.LAPTOP_WITH_CUDA))
    assert (state.machine, state.engines, state.builds) == (catalog.LAPTOP_WITH_CUDA, (NATIVE,), (CUDA,))


def test_advice_for_another_use_than_the_chosen_one_is_dropped() -> None:
    state = after(Filtered(Filter(use=Use.CODE)), CatalogRead(PICKS, ADVICE))
    assert state.picks is None


def test_work_comes_and_goes_by_model() -> None:
    state = after(Worked("a", Work("…")), Worked("b", Work("…", 0.5)), Worked("a", None))
    assert state.work == {"b": Work("…", 0.5)}


# Search, filters, order -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (Filter(), {one.id for one in catalog.MODELS}),
        (Filter(words="qwen"), {QWEN_35B.id, QWEN_CODER.id, QWEN_4B.id}),
        (Filter(words="GOOGLE gemma"), {GEMMA_26B.id}),
        (Filter(words="qwen google"), set()),
        (Filter(fits=True), {one.id for one in catalog.MODELS} - {GPT_OSS_120B.id}),
        (Filter(vision=True), {QWEN_35B.id, GEMMA_26B.id}),
        (Filter(free_licence=True), {one.id for one in catalog.MODELS} - {LFM_8B.id}),
        (Filter(vision=True, words="qwen"), {QWEN_35B.id}),
    ],
)
def test_filters(chosen: Filter, expected: set[str]) -> None:
    state = after(CatalogRead(PICKS, ADVICE), Filtered(chosen))
    assert set(ids(state)) == expected


def test_tools_filter() -> None:
    mute = replace(PICKS[0], model=replace(QWEN_35B, tools=False))
    assert passes(PICKS[0], Filter(tools=True))
    assert not passes(mute, Filter(tools=True))


def test_a_build_without_a_projector_does_not_claim_to_see() -> None:
    blind = replace(PICKS[0], file=replace(QWEN_35B.files[0], projector="", projector_bytes=0))
    assert "reads pictures" in words.row_words(CatalogRow(PICKS[0]), ())
    assert "reads pictures" not in words.row_words(CatalogRow(blind), ())
    assert passes(blind, Filter(vision=True))  # another build of it sees


def test_recommended_come_first_and_what_does_not_fit_last() -> None:
    found = ids(after(CatalogRead(PICKS, ADVICE)))
    assert found[0] == QWEN_35B.id
    assert found[-1] == GPT_OSS_120B.id


def test_what_nobody_would_wait_for_comes_after_what_answers_in_minutes() -> None:
    best, fast = catalog.pick(QWEN_35B), catalog.pick(QWEN_4B)
    hours = replace(best, answer_seconds=Range(4000.0, 7380.0, 9000.0))
    advice = replace(ADVICE, recommended=None, alternatives=())
    assert ids(after(CatalogRead((hours, fast), advice))) == [QWEN_4B.id, QWEN_35B.id]
    assert ids(after(CatalogRead((best, fast), advice))) == [QWEN_35B.id, QWEN_4B.id]


def test_smallest_first_is_by_what_is_downloaded() -> None:
    found = catalog_rows(after(CatalogRead(PICKS, ADVICE), Filtered(Filter(sort=Sort.SIZE))))
    sizes = [row.pick.download_bytes for row in found]
    assert sizes == sorted(sizes)


def test_fastest_first() -> None:
    found = ids(after(CatalogRead(PICKS, ADVICE), Filtered(Filter(sort=Sort.SPEED))))
    assert found[0] == LFM_8B.id
    assert found[-1] == GPT_OSS_120B.id  # no speed: it does not fit


# Catalog, library and downloads together -------------------------------------------------------------------------------


def test_a_build_on_the_disk_is_known_by_its_record_or_its_file() -> None:
    by_file = LibraryEntry(replace(model("x"), path=Path("/m/gpt-oss-20b-mxfp4.GGUF")))
    by_record = LibraryEntry(replace(model("y"), path=Path("/m/other.gguf"), catalog_id=LFM_8B.id))
    state = after(LibraryRead((by_file, by_record)), CatalogRead(PICKS, ADVICE))
    assert on_shelf(GPT_OSS_20B, shelf(state)) is by_file
    assert on_shelf(LFM_8B, shelf(state)) is by_record
    assert on_shelf(QWEN_4B, shelf(state)) is None
    found = pick_of(by_record.model, state)
    assert found is not None
    assert found.model is LFM_8B


def test_a_wish_that_is_fulfilled_is_none_any_more() -> None:
    pick = catalog.pick(QWEN_35B)
    assert catalog_row(pick, after(DownloadsRead((item(),))), {}).download is not None
    assert catalog_row(pick, after(DownloadsRead((item(DownloadState.READY),))), {}).download is None
    assert catalog_row(catalog.pick(QWEN_4B), after(DownloadsRead((item(),))), {}).download is None


def test_only_what_is_new_is_offered_for_adoption_the_usable_first() -> None:
    adopted = replace(LM_STUDIO_MODEL, name="known", adopted=True)
    state = after(FoundRead((MLX_FOLDER, adopted, LM_STUDIO_MODEL)))
    assert new_on_disk(state) == (LM_STUDIO_MODEL, MLX_FOLDER)


def test_disk_use_tells_own_files_from_those_in_place() -> None:
    own, adopted = model("a", 3_000_000_000), replace(model("b", 2_000_000_000), adopted=True)
    state = after(LibraryRead((LibraryEntry(own), LibraryEntry(adopted))))
    assert disk_use(state) == (3_000_000_000, 2_000_000_000)
    assert words.disk_words(*disk_use(state)) == "3.0 GB in Workbench's folder · 2.0 GB in place with other programs"
    assert words.disk_words(0, 2_000_000_000) == "2.0 GB in place with other programs"


# Words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (None, ""),
        (Range(22.7, 28.4, 34.1), "23–34 tokens/s"),
        (Range(2.44, 3.0, 3.61), "2.4–3.6 tokens/s"),
        (Range(11.0, 11.2, 11.3), "11 tokens/s"),
    ],
)
def test_rates(rate: Range | None, said: str) -> None:
    assert words.rate_words(rate) == said


@pytest.mark.parametrize(
    ("download", "said"),
    [
        (item(), "Waits for its turn"),
        (item(error="The disk is full.", hint="Free 3 GB."), "The disk is full. Free 3 GB."),
        (
            item(DownloadState.RUNNING, bytes=7_300_000_000, total_bytes=23_000_000_000, bytes_per_second=24e6,
                 seconds_left=654, step="fetching"),
            "7.3 GB of 23.0 GB · 24 MB/s · 11 min left",
        ),
        (item(DownloadState.RUNNING, bytes=5_000_000, total_bytes=5_000_000, step="checking"), "5 MB of 5 MB · checking"),
        (item(DownloadState.RUNNING, step="looking up"), "Looking up"),
        (
            item(DownloadState.RUNNING, error="No connection.", step="waiting until 17:26:52"),
            "No connection · waiting until 17:26:52",
        ),
        (item(DownloadState.PAUSED, total_bytes=9_000_000), "9 MB · on hold"),
        (
            item(DownloadState.PAUSED, bytes=5_000_000, total_bytes=9_000_000),
            "5 MB of 9 MB · paused, what has arrived is kept",
        ),
        (item(DownloadState.FAILED, error="The hub said no.", hint="Sign in."), "The hub said no. Sign in."),
        (item(DownloadState.FAILED), "It failed."),
        (item(DownloadState.READY), "Ready"),
    ],
)  # fmt: skip
def test_a_download_says_how_far_it_is_or_why_it_waits(download: DownloadItem, said: str) -> None:
    assert words.download_words(download) == said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (CatalogRow(PICKS[0]), ""),
        (CatalogRow(PICKS[0], installed=True), "On this computer"),
        (CatalogRow(PICKS[0], download=item(DownloadState.RUNNING, bytes=1, total_bytes=3)), "Downloading, 33 %"),
        (CatalogRow(PICKS[0], download=item(DownloadState.RUNNING)), "Waiting"),
        (CatalogRow(PICKS[0], download=item(DownloadState.PAUSED)), "Paused"),
        (CatalogRow(PICKS[0], download=item(DownloadState.FAILED)), "Failed"),
    ],
)
def test_what_has_become_of_a_wish(row: CatalogRow, said: str) -> None:
    assert words.state_words(row) == said


def test_a_row_is_one_sentence_for_those_who_hear_it() -> None:
    said = words.row_words(CatalogRow(PICKS[0], recommended=True), (CUDA,))
    for piece in (
        "Qwen3.6 35B-A3B",
        "recommended",
        "after installing the CUDA engine",
        "per answer",
        "23.3 GB",
        "pictures",
    ):
        assert piece in said
    unfit = words.row_words(CatalogRow(catalog.pick(GPT_OSS_120B)), (CUDA,))
    assert "tokens/s" not in unfit
    assert "per answer" not in unfit


def test_a_gpu_that_no_engine_drives_is_explained_with_what_to_install() -> None:
    (gpu,) = catalog.LAPTOP.gpus or ()
    assert words.engine_for(gpu, (CUDA,), (NATIVE,)) is CUDA
    assert "the CUDA engine can" in words.gpu_state(gpu, CUDA)
    used = replace(gpu, backend="cuda")
    assert words.engine_for(used, (CUDA,), (NATIVE,)) is None
    assert words.gpu_state(used, None) == f"{gpu.name} is used through CUDA."


def test_the_engine_made_for_a_gpu_comes_before_the_one_for_all() -> None:
    vulkan = replace(CUDA, id="vulkan", backend="vulkan", label="Vulkan engine")
    nvidia, amd, intel = (Gpu("G", vendor) for vendor in ("nvidia", "amd", "intel"))
    assert words.engine_for(nvidia, (vulkan, CUDA), ()) is CUDA
    assert words.engine_for(amd, (CUDA, vulkan), ()) is vulkan
    assert words.engine_for(intel, (CUDA,), ()) is None
    here = InstalledEngine(CUDA.id, CUDA.label, CUDA.version, None, frozenset())
    assert words.engine_for(nvidia, (CUDA,), (here,)) is None  # installed, and still it cannot: not offered again
    assert "A newer graphics driver" in words.gpu_state(intel, None)


@pytest.mark.parametrize(
    ("gpu", "said"),
    [
        (Gpu("A", "nvidia", 8 << 30, 6 << 30), "6 GB free of 8 GB"),
        (Gpu("A", "nvidia", 8 << 30), "8 GB of its own"),
        (Gpu("A", "nvidia"), "memory unknown"),
        (Gpu("A", "apple", unified=True), "may use 48 GB of the memory"),
    ],
)
def test_a_gpus_memory(gpu: Gpu, said: str) -> None:
    assert words.gpu_line(gpu, catalog.STUDIO) == said


def _checkup(*verdicts: Verdict) -> CheckUp:
    return CheckUp("m", 0.0, "native", tuple(CheckStep("s", "S", verdict, "") for verdict in verdicts))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, "Not checked yet"),
        (_checkup(Verdict.OK, Verdict.SKIPPED), "Check-up passed"),
        (_checkup(Verdict.WARNING, Verdict.OK), "Check-up: 1 thing to know"),
        (_checkup(Verdict.WARNING, Verdict.PROBLEM, Verdict.PROBLEM), "Check-up: 2 problems"),
    ],
)
def test_the_verdict_counts_what_matters(found: CheckUp | None, said: str) -> None:
    assert words.verdict_words(found) == said


def test_a_measured_speed_wins_over_a_predicted_one() -> None:
    estimate = PICKS[0].estimate
    assert words.measured_words(LibraryEntry(model(), estimate)) == "23–34 tokens/s expected"
    found = CheckUp("m", 0.0, "native", STEPS, generation_tokens_per_second=21.44)
    assert words.measured_words(LibraryEntry(model(), estimate, found)) == "21.4 tokens/s measured"
    assert words.measured_words(LibraryEntry(model())) == ""


def test_figures_carry_effort_source_and_independence() -> None:
    card = Score("GPQA", 71.5, "high", independent=False, source="model card", date="2025-08-05")
    assert words.score_line(card) == "effort high · by the publisher · model card · 2025-08-05"
    other = Score("GPQA", 70.1, "none", independent=True, source="whatmodel", date="2026-06-02")
    assert words.score_line(other) == "independent · whatmodel · 2026-06-02"


def test_sources_in_words() -> None:
    assert words.source_words(replace(model(), source="ollama", adopted=True)) == "In place, from Ollama"
    assert words.source_words(model()) == "Your own file"
    assert words.source_words(replace(model(), source="huggingface")) == "Downloaded"


def test_what_a_model_can_do() -> None:
    assert words.abilities(QWEN_35B) == "read pictures, use tools"
    assert words.abilities(replace(QWEN_4B, tools=False)) == "read and write text"
    assert words.effort_line(GPT_OSS_20B) == "Effort can be chosen: low, medium, high"
    assert words.effort_line(QWEN_35B) == "Thinking can be switched on and off"
    assert words.size_line(QWEN_4B) == "4.0 billion parameters"
    assert words.sampling_line(QWEN_CODER).startswith("temperature 0.7 · top p 0.8")
