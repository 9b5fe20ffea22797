"""What the first run offers, as tables: no window, no disk, no network."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes import catalog
from tests.fakes.models import LM_STUDIO_MODEL, MLX_FOLDER, model
from tests.fakes.runtimes import CUDA
from ui.chat.arrival import Arrival, arrival, arrived
from ui.chat.words import FIRST, LOCAL
from ui.first_run import words
from ui.first_run.state import (
    ASSUMED_BYTES_PER_SECOND,
    STARTER,
    Advised,
    Again,
    Asked,
    Candidate,
    DiskSeen,
    Event,
    FirstRun,
    Kind,
    Listed,
    LookFailed,
    MachineSeen,
    NetworkSeen,
    Offer,
    Skipped,
    best,
    decide,
    is_good,
    reduce,
    to_follow,
)
from ui.fit_words import duration_words, machine_words, sum_words, task_words
from workbench.errors import HardwareError
from workbench.hardware.machine import Machine
from workbench.models.adoption import FoundModel
from workbench.models.advising.advice import Task
from workbench.models.catalog.model import CatalogModel
from workbench.models.fetching.queue import DownloadItem, DownloadState
from workbench.models.library import InstalledModel
from workbench.models.sizing.estimate import DeviceUse, Fit

DEMO = replace(model("SmolLM2"), id=STARTER, demo=True)
REAL = model("Qwen3 4B", 2_500_000_000)
BROKEN = replace(REAL, problem="It is no GGUF file.")
LARGE = model("gpt-oss 20B", 12_100_000_000)
GB = catalog.GB


def found(one: FoundModel = LM_STUDIO_MODEL, of: CatalogModel = catalog.QWEN_4B, fit: Fit | None = None) -> Candidate:
    estimate = catalog.estimated(of, of.files[0])
    return Candidate(one, replace(estimate, fit=fit) if fit else estimate)


def item(reference: str = "a/b/c.gguf", state: DownloadState = DownloadState.RUNNING, **more: object) -> DownloadItem:
    return DownloadItem(reference, reference, reference, state, **more)  # type: ignore[arg-type]


def advice(machine: Machine = catalog.LAPTOP) -> Advised:
    return Advised(catalog.recommendation(machine=machine), (CUDA,))


def offer(*events: Event) -> Offer:
    state = FirstRun()
    for event in events:
        state = reduce(state, event)
    return decide(state)


SEEN = (MachineSeen(catalog.LAPTOP), DiskSeen(()), advice())
FOUND = (MachineSeen(catalog.LAPTOP), DiskSeen((found(),)), advice())
FAILED = LookFailed(HardwareError("The probe failed."))


@pytest.mark.parametrize(
    ("events", "kind"),
    [
        # nothing is known yet, then piece by piece
        ((), Kind.LOOKING),
        ((MachineSeen(catalog.LAPTOP),), Kind.LOOKING),
        ((MachineSeen(catalog.LAPTOP), DiskSeen(())), Kind.LOOKING),
        (SEEN, Kind.PLAN),
        # a model of another program comes first, even before the advice
        (FOUND[:2], Kind.FOUND),
        (FOUND, Kind.FOUND),
        ((DiskSeen((found(MLX_FOLDER),)), advice()), Kind.PLAN),
        ((DiskSeen((found(fit=Fit.NONE),)), advice()), Kind.PLAN),
        # a download under way, also one of a former run
        ((Listed((), "", (item(),)),), Kind.FETCHING),
        ((*FOUND, Listed((), "", (item(state=DownloadState.FAILED),))), Kind.FETCHING),
        ((*SEEN, Listed((), "", (item(state=DownloadState.READY),))), Kind.PLAN),
        # a model that answers
        ((Listed((REAL,), ""),), Kind.NONE),
        ((Listed((REAL,), "", (item(),)),), Kind.READY),
        ((Listed((REAL,), "", (item(state=DownloadState.PAUSED, bytes=1),)),), Kind.NONE),
        ((Listed((REAL,), "", (item(state=DownloadState.PAUSED),)),), Kind.READY),  # it follows
        ((Asked(frozenset({"x"})), Listed((REAL,), "", (item("x", DownloadState.PAUSED),))), Kind.READY),
        ((*SEEN, Listed((BROKEN,), "")), Kind.PLAN),
        # the demo is not enough until it was chosen
        ((*SEEN, Listed((DEMO,), "")), Kind.PLAN),
        ((*SEEN, Listed((DEMO,), STARTER)), Kind.SKIPPED),
        ((Listed((DEMO,), STARTER), Again()), Kind.LOOKING),
        ((Listed((DEMO,), STARTER), Again(), Skipped()), Kind.SKIPPED),
        ((Listed((DEMO,), STARTER, (item(),)),), Kind.READY),
        ((*SEEN, Listed((), "/a/file.gguf", current=REAL)), Kind.NONE),
        # not now, and again
        ((*SEEN, Skipped()), Kind.SKIPPED),
        ((Skipped(),), Kind.SKIPPED),
        ((*SEEN, Skipped(), Again()), Kind.LOOKING),
        # troubles
        ((FAILED,), Kind.FAILED),
        ((DiskSeen((found(),)), FAILED), Kind.FOUND),
        ((FAILED, Again()), Kind.LOOKING),
        ((DiskSeen(()), Advised(catalog.recommendation(()), ())), Kind.NOTHING),
    ],
)
def test_what_is_offered(events: tuple[Event, ...], kind: Kind) -> None:
    assert offer(*events).kind is kind


def test_a_found_model_leaves_the_plan_as_another_choice() -> None:
    shown = offer(*FOUND)
    assert shown.found == found()
    assert shown.plan is not None
    assert words.use_words(found()) == "Use Qwen3 4B Instruct 2507 from LM Studio — nothing to download"


TOY = replace(LM_STUDIO_MODEL, name="Toy", bytes=400_000_000, catalog_id=None)
UNKNOWN = replace(LM_STUDIO_MODEL, name="Unknown", catalog_id=None, bytes=9 * GB)
RECOMMENDED = replace(LM_STUDIO_MODEL, name="Recommended", catalog_id="qwen3.6-35b-a3b")


@pytest.mark.parametrize(
    ("model_", "good"),
    [
        (LM_STUDIO_MODEL, True),
        (TOY, False),
        (MLX_FOLDER, False),
        (replace(LM_STUDIO_MODEL, can_chat=False), False),
        (replace(LM_STUDIO_MODEL, adopted=True), False),
    ],
)
def test_a_good_model(model_: FoundModel, good: bool) -> None:
    assert is_good(model_) is good


@pytest.mark.parametrize(
    ("candidates", "name"),
    [
        ((), None),
        ((found(TOY), found(MLX_FOLDER)), None),
        ((found(UNKNOWN), found()), "Qwen3 4B Instruct 2507"),  # the catalog knows it
        ((found(UNKNOWN), found(), found(RECOMMENDED)), "Recommended"),
        ((found(fit=Fit.CPU), found(replace(LM_STUDIO_MODEL, name="On the GPU"), fit=Fit.GPU)), "On the GPU"),
        ((found(), found(replace(LM_STUDIO_MODEL, name="Larger", bytes=3 * GB))), "Larger"),
        ((found(RECOMMENDED, fit=Fit.NONE), found()), "Qwen3 4B Instruct 2507"),
    ],
)
def test_the_best_of_what_was_found(candidates: tuple[Candidate, ...], name: str | None) -> None:
    proposed = best(candidates, catalog.recommendation())
    assert (proposed.model.name if proposed else None) == name


# The plan ------------------------------------------------------------------------------------------------------------


def test_the_plan_fetches_the_bridge_the_engine_and_the_model_in_this_order() -> None:
    plan = offer(*SEEN).plan
    assert plan is not None
    assert [title for _reference, title, _bytes in plan.steps] == [
        "Qwen3 4B Instruct 2507",
        "CUDA engine",
        "Qwen3.6 35B-A3B",
    ]
    assert plan.steps[1][0] == "engine:cuda-13"
    assert plan.bytes == 2_497_280_736 + 180_000_000 + 22_360_456_160 + 899_283_680
    assert plan.seconds == pytest.approx(plan.bytes / ASSUMED_BYTES_PER_SECOND)
    assert words.get_words(plan) == "Get Qwen3.6 35B-A3B · 25.9 GB · about 35 min"
    assert words.order_words(plan).startswith("Talk in about 4 min with Qwen3 4B Instruct 2507 (2.5 GB); ")
    assert words.order_words(plan).endswith("Qwen3.6 35B-A3B (23.3 GB) follows with the CUDA engine (180 MB).")
    assert "assume 12.5 MB/s" in words.rate_words(plan)


def test_an_engine_that_is_here_is_not_fetched() -> None:
    plan = offer(MachineSeen(catalog.LAPTOP_WITH_CUDA), DiskSeen(()), advice(catalog.LAPTOP_WITH_CUDA)).plan
    assert plan is not None
    assert plan.engine is None


def test_a_small_recommendation_needs_no_bridge() -> None:
    plan = offer(MachineSeen(catalog.SMALL), DiskSeen(()), advice(catalog.SMALL)).plan
    assert plan is not None
    assert (plan.pick.model.id, plan.bridge) == ("qwen3-4b-instruct-2507", None)
    assert words.order_words(plan) == ""


@pytest.mark.parametrize(
    ("items", "limit", "rate", "said"),
    [
        ((), 0.0, 12.5e6, "The minutes assume 12.5 MB/s and are corrected while it downloads."),
        ((), 2e6, 2e6, "The minutes assume 2 MB/s and are corrected while it downloads."),
        ((), 500e6, 12.5e6, "The minutes assume 12.5 MB/s and are corrected while it downloads."),
        ((item("a", bytes_per_second=3e6), item("b", bytes_per_second=4e6)), 0.0, 7e6, "as measured here."),
    ],
)
def test_the_minutes_are_honest(items: tuple[DownloadItem, ...], limit: float, rate: float, said: str) -> None:
    """Measured while something was fetched; else assumed, and never faster than the person's own limit."""
    plan = offer(*SEEN, Listed((), "", items, limit), Listed((), "", (), limit)).plan
    assert plan is not None
    assert plan.bytes_per_second == rate
    assert words.rate_words(plan).endswith(said)


@pytest.mark.parametrize(
    ("free", "first", "bridge", "missing"),
    [
        (None, "Qwen3.6 35B-A3B", True, 0),
        (27 * GB, "Qwen3.6 35B-A3B", True, 0),
        (26 * GB, "Qwen3.6 35B-A3B", False, 0),  # no room for the bridge beside it
        (24 * GB, "Qwen3 4B Instruct 2507", False, 0),
        (3 * GB, "Qwen3.6 35B-A3B", False, 23_439_739_840 + GB - 3 * GB),
    ],
)
def test_the_disk_has_room_for_the_plan(free: int | None, first: str, bridge: bool, missing: int) -> None:
    plan = offer(MachineSeen(replace(catalog.LAPTOP, disk_free_bytes=free)), *SEEN[1:]).plan
    assert plan is not None
    assert (plan.pick.model.name, plan.bridge is not None, plan.missing_bytes) == (first, bridge, missing)


def test_what_the_disk_has_no_room_for_is_told_with_the_sum() -> None:
    tight = offer(MachineSeen(replace(catalog.LAPTOP, disk_free_bytes=3 * GB)), *SEEN[1:])
    assert [(one.text, one.hint) for one in words.troubles(tight)] == [
        (
            "Qwen3.6 35B-A3B needs 23.4 GB; 3.0 GB are free on this disk.",
            "Free 21.4 GB more, so that 1 GB stays free, and look again.",
        )
    ]
    smaller = offer(MachineSeen(replace(catalog.LAPTOP, disk_free_bytes=24 * GB)), *SEEN[1:])
    assert smaller.notes[0] == "Qwen3.6 35B-A3B would be better, with 440 MB more free on this disk."
    assert words.troubles(smaller) == ()


def test_at_most_two_other_choices_and_none_twice() -> None:
    shown = offer(*SEEN)
    assert shown.plan is not None
    names = [plan.pick.model.id for plan in (shown.plan, *shown.others)]
    assert len(names) == len(set(names)) <= 3


# Words ---------------------------------------------------------------------------------------------------------------


def test_troubles_say_what_to_do() -> None:
    assert words.troubles(offer(*SEEN)) == ()
    offline = words.troubles(offer(*SEEN, NetworkSeen(online=False)))
    assert [one.text for one in offline] == ["This computer has no network connection now."]
    assert words.troubles(offer(FAILED))[0].text == "The probe failed."
    nothing = words.troubles(offer(DiskSeen(()), Advised(catalog.recommendation(()), ())))
    assert nothing[0].text == "No model of the catalog fits this machine."


@pytest.mark.parametrize(
    ("items", "heading", "said"),
    [
        ((item("model", seconds_left=130.0),), words.COMING, "You can talk in about 2 min, with model."),
        (
            (item("engine:cuda-13", seconds_left=9.0), item("model", seconds_left=60.0)),
            words.COMING,
            "60 s, with model.",
        ),
        (
            (item("model", DownloadState.QUEUED),),
            words.COMING,
            "You can talk as soon as model is here.",
        ),
        ((item("model"), item("other", DownloadState.PAUSED)), words.COMING, "as model is here. other follows."),
        ((item("model", DownloadState.FAILED),), FIRST, LOCAL),
    ],
)
def test_when_the_first_model_can_answer(items: tuple[DownloadItem, ...], heading: str, said: str) -> None:
    shown = offer(Listed((), "", items))
    assert words.heading(shown) == heading
    assert words.introduction(shown).endswith(said)


def test_the_demo_is_called_one() -> None:
    shown = offer(*SEEN, Listed((DEMO,), ""))
    assert words.heading(shown) == "What are you working on?"
    assert "demo" in words.introduction(shown)


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ((), "Looking at this computer."),
        (FOUND, "Qwen3 4B Instruct 2507 is on this disk already, from LM Studio."),
        (SEEN, "Proposed for this computer: Qwen3.6 35B-A3B."),
        ((FAILED,), "The probe failed."),
        ((Listed((), "", (item("model", seconds_left=130.0),)),), "You can talk in about 2 min, with model."),
        ((Skipped(),), ""),
    ],
)
def test_what_is_said_aloud(events: tuple[Event, ...], said: str) -> None:
    assert words.announcement(offer(*events)) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "1 s"), (89, "89 s"), (91, "2 min"), (3570, "1 h"), (3629, "1 h"), (4300, "1 h 12 min"), (7200, "2 h")],
)
def test_durations(seconds: float, said: str) -> None:
    assert duration_words(seconds) == said


def test_machines_and_sums_in_words() -> None:
    studio = replace(catalog.STUDIO, memory_total_bytes=64 * 2**30, memory_available_bytes=41 * 2**30)
    assert machine_words(studio) == "Apple M4 Max · 64 GB memory, 41 GB free · its GPU shares the memory"
    assert machine_words(catalog.SMALL).endswith("no GPU found")
    estimate = catalog.estimated(catalog.QWEN_4B, catalog.QWEN_4B.files[0])
    sum_ = sum_words(estimate)
    assert "2.3 GB weights + " in sum_
    assert "free on NVIDIA GeForce RTX 4060 Laptop GPU." in sum_
    on_processor = replace(estimate, devices=(DeviceUse("AMD Ryzen 7 7840HS", 3 << 30, 9 << 30),))
    assert sum_words(on_processor, "AMD Ryzen 7 7840HS").endswith(": 3 GB of 9 GB free in memory.")


@pytest.mark.parametrize(
    ("task", "effort", "said"),
    [
        (Task(600, 300, 350), "low", "600 tokens read, 300 thought, 350 written, effort low"),
        (Task(600, 300, 350), "on", "600 tokens read, 300 thought, 350 written"),
        (Task(4_000, 0, 350), "none", "4,000 tokens read, 350 written"),
    ],
)
def test_what_one_answer_is_assumed_to_be(task: Task, effort: str, said: str) -> None:
    assert task_words(task, effort) == said


RUNNING, QUEUED, PAUSED, FAILED_, READY = (
    DownloadState.RUNNING,
    DownloadState.QUEUED,
    DownloadState.PAUSED,
    DownloadState.FAILED,
    DownloadState.READY,
)


@pytest.mark.parametrize(
    ("before", "now", "goes_on"),
    [
        ((item("bridge"), item("large", PAUSED)), (item("bridge"), item("large", PAUSED)), ()),
        ((item("bridge"), item("large", PAUSED)), (item("bridge", READY), item("large", PAUSED)), ("large",)),
        ((item("bridge"), item("large", PAUSED)), (item("large", PAUSED),), ("large",)),  # cancelled, or cleared away
        ((item("bridge"), item("large", PAUSED)), (item("bridge", FAILED_), item("large", PAUSED)), ("large",)),
        ((item("bridge"), item("large", PAUSED)), (item("bridge", PAUSED), item("large", PAUSED)), ()),
        ((item("bridge"), item("large", PAUSED, bytes=9)), (item("large", PAUSED, bytes=9),), ()),  # by the person
        ((item("engine:x"), item("large", PAUSED)), (item("engine:x", READY), item("large", PAUSED)), ()),
        ((item("a"), item("b", QUEUED), item("large", PAUSED)), (item("b"), item("large", PAUSED)), ()),
        ((), (item("large", PAUSED),), ()),  # a start of the program decides nothing
    ],
)
def test_the_large_model_follows_the_bridge(
    before: tuple[DownloadItem, ...], now: tuple[DownloadItem, ...], goes_on: tuple[str, ...]
) -> None:
    assert to_follow(before, now) == goes_on


# A model has come ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("new", "current", "chosen", "talking", "what"),
    [
        (REAL, None, False, False, Arrival.ANSWER),
        (DEMO, None, False, True, Arrival.ANSWER),
        (LARGE, REAL, False, False, Arrival.ANSWER),
        (LARGE, REAL, False, True, Arrival.ASK),
        (LARGE, REAL, True, False, Arrival.ASK),
        (REAL, DEMO, True, False, Arrival.ANSWER),
        (REAL, DEMO, True, True, Arrival.ASK),
        (REAL, LARGE, False, False, Arrival.TELL),
        (DEMO, REAL, False, False, Arrival.TELL),
    ],
)
def test_a_new_model_never_takes_over_a_chat(
    new: InstalledModel, current: InstalledModel | None, chosen: bool, talking: bool, what: Arrival
) -> None:
    assert arrival(new, current, chosen=chosen, talking=talking) is what


@pytest.mark.parametrize(
    ("before", "now", "new"),
    [
        ((), (), None),
        ((), (DEMO, REAL), REAL),
        ((REAL,), (REAL, LARGE), LARGE),
        ((REAL, LARGE), (REAL,), None),
        ((BROKEN,), (REAL,), REAL),
        ((), (BROKEN, replace(LARGE, can_chat=False)), None),
    ],
)
def test_which_model_has_come(
    before: tuple[InstalledModel, ...], now: tuple[InstalledModel, ...], new: InstalledModel | None
) -> None:
    assert arrived(before, now) == new


def test_what_stays_free_says_where_when_there_are_several_places() -> None:
    pick = catalog.pick(catalog.QWEN_4B)
    alone = replace(pick, estimate=replace(pick.estimate, devices=pick.estimate.devices[:1]))
    two = replace(pick, estimate=replace(pick.estimate, devices=pick.estimate.devices[:1] * 2))
    assert words.pick_facts(alone, None)[-1][2].endswith(" free")
    assert words.pick_facts(two, None)[-1][2].endswith(" free where it is tightest")
