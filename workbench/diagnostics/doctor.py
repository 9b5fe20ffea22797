"""`workbench doctor`: what this machine and this installation can do, each line ok, warning or error with a hint."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from workbench import __version__
from workbench.clock import SystemClock
from workbench.db import Database, sqlite_version
from workbench.diagnostics.backup_making import SPARE_BYTES, Backups
from workbench.diagnostics.checks import Check, Status
from workbench.diagnostics.folder_check import check_folders
from workbench.diagnostics.machine_checks import check_gpus, check_machine, check_probes
from workbench.documents.collection import CollectionState
from workbench.errors import WorkbenchError
from workbench.hardware.backends import Engines
from workbench.hardware.reading import read_machine
from workbench.hardware.service import Hardware
from workbench.models.service import ModelService
from workbench.paths import Paths
from workbench.ports import EngineLauncher
from workbench.settings import Notice
from workbench.sizes import size_words

SAFE_SQLITE = (3, 51, 3)
LOW_DISK_BYTES = 2 << 30
OLD_BACKUP_SECONDS = 7 * 86400


@dataclass(frozen=True, slots=True)
class Report:
    """``machine`` and ``engine`` as in the command's JSON."""

    machine: dict[str, Any]
    engine: dict[str, Any]
    checks: tuple[Check, ...]

    def as_json(self) -> dict[str, Any]:
        return {"machine": self.machine, "engine": self.engine, "checks": [asdict(check) for check in self.checks]}


def examine(
    paths: Paths,
    database: Database,
    models: ModelService,
    launcher: EngineLauncher,
    notices: Sequence[Notice],
    *,
    hardware: Hardware | None = None,
    engines: Callable[[], Engines] = Engines,
    folders: Callable[[], Sequence[CollectionState]] = tuple,
    prompts: Callable[[], Check] | None = None,
    cloud: Callable[[], Check] | None = None,
) -> Report:
    """Look at everything; nothing that is found raises.

    ``hardware``: tells of the GPUs; without it nobody looks. ``engines``: those installed here and those to be had.
    ``folders``: the attached ones. ``prompts``: looks at the library of prompts. ``cloud``: tells of providers,
    and asks none.
    """
    machine, engine, basics = _basics(paths.home, launcher, hardware, engines)
    checks = (
        *basics,
        _speaking("database", lambda: _database(database)),
        check_folder(paths.home, machine["disk_free_bytes"]),
        _speaking("models", lambda: _models(models)),
        _speaking("folders", lambda: check_folders(folders())),
        *([] if prompts is None else [_speaking("prompts", prompts)]),
        *([] if cloud is None else [_speaking("cloud", cloud)]),
        check_backups(paths, database, machine["disk_free_bytes"]),
        check_settings(paths, notices),
    )
    return Report(machine, engine, checks)


def examine_unopened(paths: Paths, launcher: EngineLauncher, problem: WorkbenchError) -> Report:
    """Look at what there is when ``problem`` kept the program from opening its data folder."""
    machine, engine, basics = _basics(paths.home, launcher)
    return Report(machine, engine, (*basics, Check("data folder", Status.ERROR, problem.message, problem.hint)))


def _basics(
    home: Path, launcher: EngineLauncher, hardware: Hardware | None = None, engines: Callable[[], Engines] = Engines
) -> tuple[dict[str, Any], dict[str, Any], tuple[Check, ...]]:
    """The machine, the engine, and the checks that need no data."""
    machine = read_machine(home) if hardware is None else hardware.machine(fresh=True)
    engine_check = check_engine(launcher)
    engine = {"runtime": launcher.name, "build": engine_check.detail if engine_check.status is Status.OK else None}
    checks = (
        check_machine(machine),
        *check_gpus(machine, _engines(engines)),
        *(() if hardware is None else check_probes(hardware.problems())),
        Check("workbench", Status.OK, f"Workbench {__version__} on Python {sys.version.split()[0]}"),
        engine_check,
        check_sqlite(sqlite_version()),
    )
    return machine.as_json(), engine, checks


def _engines(engines: Callable[[], Engines]) -> Engines:
    try:
        return engines()
    except WorkbenchError:  # told by the check of the engine
        return Engines()


def check_engine(launcher: EngineLauncher) -> Check:
    try:
        return Check("engine", Status.OK, f"{launcher.name}: {launcher.build()}")
    except WorkbenchError as error:
        return Check("engine", Status.ERROR, error.message, error.hint)


def check_sqlite(version: str) -> Check:
    """Up to 3.51.2 a race in the write-ahead log can lose commits (sqlite.org, release log of 3.51.3)."""
    if tuple(int(number) for number in version.split(".")[:3]) >= SAFE_SQLITE:
        return Check("sqlite", Status.OK, f"SQLite {version}")
    hint = "Install the package pysqlite3, or a Python with SQLite 3.51.3 or newer."
    return Check("sqlite", Status.WARNING, f"SQLite {version} has a known fault with several programs at once", hint)


def check_folder(home: Path, free_bytes: int | None) -> Check:
    if not os.access(home, os.W_OK):
        return Check(
            "data folder", Status.ERROR, f"{home} cannot be written", "Make it writable, or set WORKBENCH_HOME."
        )
    if free_bytes is not None and free_bytes < LOW_DISK_BYTES:
        return Check(
            "data folder",
            Status.WARNING,
            f"{home}: only {size_words(free_bytes)} free",
            "Make room before downloading a model.",
        )
    free = "" if free_bytes is None else f" ({size_words(free_bytes)} free)"
    return Check("data folder", Status.OK, f"{home}{free}")


def check_backups(paths: Paths, database: Database, free_bytes: int | None) -> Check:
    """When the last one was made; a warning where none was made for days, with the reason."""
    clock = SystemClock()
    backups = Backups(paths, database, clock, lambda _folder: SPARE_BYTES << 20 if free_bytes is None else free_bytes)
    made = backups.list()
    if not made:
        told = "none yet"
    else:
        day = datetime.fromtimestamp(made[0].made_at).astimezone().strftime("%Y-%m-%d %H:%M")
        told = f"{len(made)}, the last of {day}"
    if reason := backups.too_little_room():
        hint = "Make room on the disk: until then no daily backup is made."
        return Check("backups", Status.WARNING, f"{told}; {reason}", hint)
    if made and clock.now() - made[0].made_at > OLD_BACKUP_SECONDS:
        return Check(
            "backups", Status.WARNING, told, "The window makes one a day; `workbench backup create` makes one now."
        )
    return Check("backups", Status.OK, told)


def check_settings(paths: Paths, notices: Sequence[Notice]) -> Check:
    if notices:
        return Check("settings", Status.WARNING, "; ".join(str(notice) for notice in notices), "Correct these lines.")
    return Check("settings", Status.OK, str(paths.config) if paths.config.exists() else "all defaults")


def _database(database: Database) -> Check:
    if database.read_only:
        return Check("database", Status.ERROR, database.read_only, "Chats can be read; nothing new can be saved.")
    found = database.check()
    if found != "ok":
        return Check(
            "database",
            Status.ERROR,
            f"{database.path}: {found}",
            "`workbench backup restore latest` puts the last backup in its place.",
        )
    return Check("database", Status.OK, str(database.path))


def _models(models: ModelService) -> Check:
    installed = models.list()
    if not installed:
        hint = "Run `workbench models pull starter`, or put a GGUF file into the models folder."
        return Check("models", Status.WARNING, "No model is installed", hint)
    problems = [f"{model.name}: {model.problem}" for model in installed if model.problem]
    if problems:
        return Check("models", Status.WARNING, "; ".join(problems), "`workbench models verify` looks at every byte.")
    return Check("models", Status.OK, ", ".join(model.name for model in installed))


def _speaking(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except WorkbenchError as error:
        return Check(name, Status.ERROR, error.message, error.hint)
