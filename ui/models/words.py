"""What the Models page says: fits, sources, states of a download, figures. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ui.chat.words import sentence, time_words
from ui.fit_words import fit_words, task_words
from ui.models.state import CatalogRow, LibraryEntry, UnseenRow, sees
from ui.translation import marked, tr
from workbench.engine.checking.checkup import CheckUp, Verdict
from workbench.engine.runtimes.builds import EngineBuild, InstalledEngine
from workbench.hardware.machine import Gpu, Machine
from workbench.models.advising.advice import Pick
from workbench.models.catalog.model import CatalogModel, Score
from workbench.models.fetching.queue import DownloadItem, DownloadState
from workbench.models.library import InstalledModel
from workbench.models.sizing.estimate import Estimate, Fit, Range
from workbench.sizes import memory_words, size_words

FIT_ICONS = {Fit.GPU: "gpu", Fit.EXPERTS_ON_CPU: "layers", Fit.CPU: "cpu", Fit.NONE: "ban"}
VERDICT_ICONS = {
    Verdict.OK: "circle-check",
    Verdict.WARNING: "circle-alert",
    Verdict.PROBLEM: "triangle-alert",
    Verdict.SKIPPED: "info",
}
VERDICTS = {
    Verdict.OK: marked("ok"),
    Verdict.WARNING: marked("warning"),
    Verdict.PROBLEM: marked("problem"),
    Verdict.SKIPPED: marked("skipped"),
}
SOURCES = {
    "pypi": marked("Downloaded"),
    "huggingface": marked("Downloaded"),
    "file": marked("Your own file"),
    "folder": marked("Your own file"),
}
PROGRAMS = {
    "lmstudio": "LM Studio",
    "ollama": "Ollama",
    "huggingface": marked("the Hugging Face cache"),
    "folder": marked("your folder"),
}
EFFORTS = {
    "reasoning_effort": marked("Effort can be chosen"),
    "enable_thinking": marked("Thinking can be switched on and off"),
    "always-on": marked("Always thinks before it answers"),
    "none": marked("Answers without thinking first"),
}
BACKENDS = {"cuda": "CUDA", "vulkan": "Vulkan", "rocm": "ROCm", "metal": "Metal", "sycl": "SYCL", "hip": "ROCm"}
PREFERRED = {
    "nvidia": ("cuda", "vulkan"),
    "amd": ("rocm", "hip", "vulkan"),
    "intel": ("vulkan", "sycl"),
    "other": ("vulkan",),
}


# Speed and fit --------------------------------------------------------------------------------------------------------


def rate_words(rate: Range | None) -> str:
    """ "23-34 tokens/s", with whole numbers where they say enough; empty where nothing is known."""
    if rate is None:
        return ""
    low, high = (f"{value:.0f}" if rate.expected >= 10 else f"{value:.1f}" for value in (rate.low, rate.high))
    return (
        tr("{low} tokens/s").format(low=low) if low == high else tr("{low}–{high} tokens/s").format(low=low, high=high)
    )


def answer_words(pick: Pick) -> str:
    """Seconds of one answer; empty where it does not run."""
    if pick.estimate.fit is Fit.NONE or not pick.answer_seconds.expected:
        return ""
    return tr("about {time} per answer").format(time=time_words(pick.answer_seconds.expected))


def answer_sentence(pick: Pick) -> str:
    """The seconds and what they are for."""
    task = task_words(pick.task, pick.effort)
    return tr("One answer takes about {time} ({task}).").format(
        time=time_words(pick.answer_seconds.expected), task=task
    )


def engine_note(estimate: Estimate | None, builds: Sequence[EngineBuild]) -> str:
    """ "after installing the CUDA engine", empty when it runs with what is here."""
    if estimate is None or estimate.needs_engine is None:
        return ""
    build = next((one for one in builds if one.id == estimate.needs_engine), None)
    engine = build.label if build else estimate.needs_engine
    return tr("after installing the {engine}").format(engine=engine)


def full_fit_words(estimate: Estimate | None, builds: Sequence[EngineBuild]) -> str:
    """The fit with what has to be done for it."""
    if estimate is None:
        return tr("Fit unknown")
    return " ".join(piece for piece in (fit_words(estimate), engine_note(estimate, builds)) if piece)


# Catalog --------------------------------------------------------------------------------------------------------------


def row_words(row: CatalogRow, builds: Sequence[EngineBuild]) -> str:
    """A whole row in one sentence, for those who hear it."""
    model = row.model
    pieces = [
        model.name,
        model.vendor,
        tr("recommended") if row.recommended else "",
        full_fit_words(row.pick.estimate, builds),
        answer_words(row.pick),
        rate_words(row.pick.estimate.generation_tokens_per_second),
        tr("{size} to download").format(size=size_words(row.pick.download_bytes)),
        tr("reads pictures") if sees(row.pick) else "",
        tr("uses tools") if model.tools else "",
        state_words(row),
    ]
    return ", ".join(piece for piece in pieces if piece)


def state_words(row: CatalogRow | UnseenRow) -> str:
    """What has become of the wish for it, empty before there is one."""
    if row.installed:
        return tr("On this computer")
    item = row.download
    if item is None:
        return ""
    if item.state is DownloadState.RUNNING and item.total_bytes:
        return tr("Downloading, {percent} %").format(percent=100 * item.bytes // item.total_bytes)
    return {DownloadState.PAUSED: tr("Paused"), DownloadState.FAILED: tr("Failed")}.get(item.state, tr("Waiting"))


def size_line(model: CatalogModel) -> str:
    """ "34.7 billion parameters, 3.0 active"."""
    whole, active = f"{model.parameters / 1e9:.1f}", f"{model.active_parameters / 1e9:.1f}"
    if model.active_parameters >= model.parameters:
        return tr("{whole} billion parameters").format(whole=whole)
    return tr("{whole} billion parameters, {active} active").format(whole=whole, active=active)


def abilities(model: CatalogModel) -> str:
    """What it takes in and does beside writing."""
    pieces = (tr("read pictures") if model.vision else "", tr("use tools") if model.tools else "")
    return ", ".join(piece for piece in pieces if piece) or tr("read and write text")


def effort_line(model: CatalogModel) -> str:
    words = tr(EFFORTS[model.effort]) if model.effort in EFFORTS else sentence(model.effort)
    return f"{words}: {', '.join(model.effort_values)}" if model.effort == "reasoning_effort" else words


def score_line(score: Score) -> str:
    """Where a figure comes from, and at which effort it holds."""
    by = tr("independent") if score.independent else tr("by the publisher")
    effort = "" if score.effort in ("", "none", "default") else tr("effort {effort}").format(effort=score.effort)
    return " · ".join(piece for piece in (effort, by, score.source, score.date) if piece)


def sampling_line(model: CatalogModel) -> str:
    return " · ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in model.sampling.items())


# Library --------------------------------------------------------------------------------------------------------------


def source_words(model: InstalledModel) -> str:
    """Whose file it is."""
    if model.adopted:
        return tr("In place, from {program}").format(program=tr(PROGRAMS.get(model.source, model.source)))
    return tr(SOURCES[model.source]) if model.source in SOURCES else sentence(model.source)


def measured_words(entry: LibraryEntry) -> str:
    """The speed that was measured here, else what is predicted."""
    if entry.checkup is not None and entry.checkup.generation_tokens_per_second is not None:
        return tr("{rate} tokens/s measured").format(rate=f"{entry.checkup.generation_tokens_per_second:.1f}")
    predicted = rate_words(entry.estimate.generation_tokens_per_second) if entry.estimate else ""
    return tr("{rate} expected").format(rate=predicted) if predicted else ""


def verdict_words(checkup: CheckUp | None) -> str:
    """What the last check-up said: how many things, where some were wrong."""
    if checkup is None:
        return tr("Not checked yet")
    wrong = sum(step.verdict is Verdict.PROBLEM for step in checkup.steps)
    known = sum(step.verdict is Verdict.WARNING for step in checkup.steps)
    if wrong:
        return tr("Check-up: 1 problem") if wrong == 1 else tr("Check-up: {count} problems").format(count=wrong)
    if known:
        return (
            tr("Check-up: 1 thing to know")
            if known == 1
            else tr("Check-up: {count} things to know").format(count=known)
        )
    return tr("Check-up passed")


def disk_words(own: int, adopted: int) -> str:
    """What the library takes."""
    pieces = [tr("{size} in Workbench's folder").format(size=size_words(own))] if own or not adopted else []
    pieces += [tr("{size} in place with other programs").format(size=size_words(adopted))] if adopted else []
    return " · ".join(pieces)


def cores_words(count: int) -> str:
    return tr("1 core") if count == 1 else tr("{count} cores").format(count=count)


# Downloads ------------------------------------------------------------------------------------------------------------


def download_words(item: DownloadItem) -> str:
    """How far it is, how fast, how long; or why it waits."""
    if item.state is DownloadState.FAILED:
        said = item.error or tr("It failed.")
        return f"{said} {item.hint}".strip()
    if item.state is DownloadState.READY:
        return tr("Ready")
    parts = [_amount(item)]
    if item.state is DownloadState.PAUSED:
        parts.append(tr("paused, what has arrived is kept") if item.bytes else tr("on hold"))
    elif item.state is DownloadState.QUEUED:
        parts.append(f"{item.error} {item.hint}".strip() or tr("waits for its turn"))
    else:
        parts += [item.error.rstrip(".")] if item.error else []  # why it waits
        parts += [item.step] if item.step and item.step != "fetching" else []
        parts += [f"{size_words(round(item.bytes_per_second))}/s"] if item.bytes_per_second else []
        parts += [tr("{time} left").format(time=time_words(item.seconds_left))] if item.seconds_left is not None else []
    return sentence(" · ".join(part for part in parts if part))


def _amount(item: DownloadItem) -> str:
    if item.is_work:
        return f"{100 * item.bytes // item.total_bytes} %" if item.bytes and item.total_bytes else ""
    if not item.total_bytes:
        return size_words(item.bytes) if item.bytes else ""
    if not item.bytes:
        return size_words(item.total_bytes)
    return tr("{done} of {whole}").format(done=size_words(item.bytes), whole=size_words(item.total_bytes))


# This computer --------------------------------------------------------------------------------------------------------


def memory_line(machine: Machine) -> str:
    free, whole = memory_words(machine.memory_available_bytes), memory_words(machine.memory_total_bytes)
    return tr("{free} free of {whole}").format(free=free, whole=whole)


def gpu_line(gpu: Gpu, machine: Machine) -> str:
    """Its memory, as far as it is known."""
    if gpu.unified:
        limit = machine.unified_memory_limit_bytes
        return (
            tr("may use {memory} of the memory").format(memory=memory_words(limit))
            if limit
            else tr("shares the memory")
        )
    if gpu.memory_total_bytes is None:
        return tr("memory unknown")
    if gpu.memory_free_bytes is None:
        return tr("{memory} of its own").format(memory=memory_words(gpu.memory_total_bytes))
    free, whole = memory_words(gpu.memory_free_bytes), memory_words(gpu.memory_total_bytes)
    return tr("{free} free of {whole}").format(free=free, whole=whole)


def gpu_state(gpu: Gpu, build: EngineBuild | None) -> str:
    """Whether an engine that is installed here can use it, and which one could."""
    if gpu.backend is not None:
        driver = BACKENDS.get(gpu.backend, gpu.backend)
        return tr("{name} is used through {driver}.").format(name=gpu.name, driver=driver)
    if build is None:
        return tr(
            "{name} is not used: no engine can drive it as it is. A newer graphics driver may change that."
        ).format(name=gpu.name)
    return tr("{name} is not used: the engine that is installed cannot drive it; the {label} can.").format(
        name=gpu.name, label=build.label
    )


def engine_for(gpu: Gpu, builds: Sequence[EngineBuild], engines: Sequence[InstalledEngine]) -> EngineBuild | None:
    """The engine to install so that this GPU is used; None when it is used, or when there is none.

    ``builds``: those that work with the GPUs and drivers of this computer.
    """
    if gpu.backend is not None:
        return None
    here = {engine.id for engine in engines}
    for backend in PREFERRED.get(gpu.vendor, ()):
        for build in builds:
            if build.backend == backend and build.id not in here:
                return build
    return None


def bandwidth_words(gbs: float | None) -> str:
    return f"{gbs:.0f} GB/s" if gbs else ""


def hosted_line(hosts: int) -> str:
    """Of a model that is too large here."""
    listed = tr("one host") if hosts == 1 else tr("{n} hosts").format(n=hosts)
    return tr("Too large here, but {hosts} would answer with it for a price: Settings, Cloud.").format(hosts=listed)
