"""`workbench engines`: which engines can drive this machine, how they are started, and installing a faster one."""

from __future__ import annotations

import argparse
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli import compiling, loaded, output
from workbench.cli.commands import add_action, add_noun
from workbench.cli.models import download_line
from workbench.engine.runtimes.builds import WORKER
from workbench.engine.runtimes.service import is_compiled
from workbench.jobs import Job, JobEvent
from workbench.models.fetching.progress import DownloadProgress
from workbench.sizes import size_words

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.engine.runtimes.builds import EngineBuild, InstalledEngine
    from workbench.ports import LaunchPlan


def register(commands: Any) -> None:
    actions = add_noun(
        commands, "engines", "list, install and remove engines for this machine's GPU", "workbench engines list"
    )
    add_action(
        actions, "list", "the engines here, and those that could be installed", "workbench engines list", run_list
    )
    plan = add_action(
        actions, "plan", "how a model is or would be started, and why", "workbench engines plan gpt-oss-20b", run_plan
    )
    plan.add_argument("model", metavar="MODEL", nargs="?", default="", help="from `models list` (default: as in chats)")
    install = add_action(
        actions,
        "install",
        "fetch an official llama.cpp build and check that it runs here",
        "workbench engines install vulkan",
        run_install,
        "one JSON object a line, while it is fetched",
    )
    install.add_argument(
        "name", metavar="NAME", help="an id from `engines list`, or cuda, vulkan, rocm, llama-cpp-python"
    )
    install.add_argument("--force", action="store_true", help="also when this machine lacks what it needs")
    remove = add_action(actions, "remove", "delete an installed build", "workbench engines remove ID", run_remove)
    remove.add_argument("name", metavar="ID", help="an id from `engines list`")
    loaded.register(actions)


# list -----------------------------------------------------------------------------------------------------------------


def run_list(arguments: argparse.Namespace, workbench: Workbench) -> int:
    runtimes = workbench.runtimes
    installed = runtimes.installed(fresh=True)
    here = {engine.id for engine in installed}
    others = [(build, runtimes.obstacle(build)) for build in runtimes.available() if build.id not in here]
    compiled = None if WORKER in here else runtimes.compiled()
    if arguments.json:
        output.document(
            {
                "installed": [engine_json(engine) for engine in installed],
                "available": [build_json(build, obstacle) for build, obstacle in others],
                "compiled": None if compiled is None else compiling.plan_json(compiled),
            }
        )
        return output.OK
    rows: list[tuple[str, ...]] = [("ID", "ENGINE", "DEVICES")]
    rows += [(engine.id, f"{engine.label} {engine.version}".strip(), _devices(engine)) for engine in installed]
    output.write(output.safe(f"Installed\n{output.table(rows)}") + "\n")
    rows = [("ID", "SIZE", "ENGINE", "REMARK")]
    rows += [(build.id, size_words(build.download_bytes), build.label, _remark(build, why)) for build, why in others]
    rows += [] if compiled is None else [compiling.row(compiled)]
    output.write(output.safe(f"\nTo be had with `workbench engines install ID`\n{output.table(rows)}") + "\n")
    return output.OK


def engine_json(engine: InstalledEngine) -> dict[str, Any]:
    return {
        "id": engine.id,
        "label": engine.label,
        "version": engine.version or None,
        "path": None if engine.path is None else str(engine.path),
        "backends": sorted(engine.backends),
        "devices": [asdict(device) for device in engine.devices],
        "problem": engine.problem or None,
    }


def build_json(build: EngineBuild, obstacle: str) -> dict[str, Any]:
    return {
        "id": build.id,
        "label": build.label,
        "version": build.version,
        "backend": build.backend,
        "download_bytes": build.download_bytes,
        "needs": build.needs or None,
        "obstacle": obstacle or None,
    }


def _devices(engine: InstalledEngine) -> str:
    return engine.problem or ", ".join(f"{device.id} {device.name}" for device in engine.devices) or "processor"


def _remark(build: EngineBuild, obstacle: str) -> str:
    return obstacle or (f"needs {build.needs}" if build.needs else "")


# plan -----------------------------------------------------------------------------------------------------------------


def run_plan(arguments: argparse.Namespace, workbench: Workbench) -> int:
    model, plan = workbench.launch_plan(arguments.model)
    if arguments.json:
        output.document(plan_json(model.name, plan))
        return output.OK
    rows: list[tuple[str, ...]] = [("SETTING", "VALUE", "WHY")]
    rows += [(choice.name, choice.value, choice.because) for choice in plan.choices]
    output.write(output.safe(f"{model.name}\n\n{output.table(rows)}") + "\n")
    return output.OK


def plan_json(model: str, plan: LaunchPlan) -> dict[str, Any]:
    told = {field.name: getattr(plan, field.name) for field in fields(plan)}
    paths = {name: str(value) for name, value in told.items() if isinstance(value, Path)}
    return {
        "model": model,
        **told,
        **paths,
        "options": dict(plan.options or {}),
        "choices": [asdict(choice) for choice in plan.choices],
    }


# install, remove ------------------------------------------------------------------------------------------------------


def run_install(arguments: argparse.Namespace, workbench: Workbench) -> int:
    runtimes = workbench.runtimes
    if is_compiled(arguments.name):
        compiling.fetch(runtimes, arguments)
        name = WORKER
    else:
        name = _fetch(arguments, workbench)
    engine = next(engine for engine in runtimes.installed() if engine.id == name)
    if arguments.json:
        output.line({"event": "ready", "engine": engine_json(engine)})
    else:
        output.say(f"{engine.label} is installed; it sees: {output.safe(_devices(engine))}.")
        output.write(f"{engine.id}\n")
    return output.OK


def _fetch(arguments: argparse.Namespace, workbench: Workbench) -> str:
    """Fetch a build; returns its id."""
    build = workbench.runtimes.find(arguments.name)
    progress = download_line(f"Fetching {build.id}")

    def report(event: JobEvent) -> None:
        if isinstance(event.payload, DownloadProgress):
            if arguments.json:
                output.line({"event": "progress", **asdict(event.payload)})
            else:
                progress.show(event.payload)

    try:
        workbench.runtimes.fetch(build.id, Job(report), workbench.downloads.pace, force=arguments.force)
    finally:
        progress.end()
    return build.id


def run_remove(arguments: argparse.Namespace, workbench: Workbench) -> int:
    workbench.runtimes.remove(arguments.name)
    return output.done({"removed": arguments.name}, f"Deleted the engine {arguments.name}.", as_json=arguments.json)
