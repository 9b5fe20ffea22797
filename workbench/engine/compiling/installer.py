"""Installs llama-cpp-python into the folder of the engines: a ready wheel of its makers where one fits, else compiled.

All work is done in a folder beside, which is kept when it fails: what was fetched and compiled is not done again. The
engine gets its place by one rename, after it was started once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from workbench.cancel import CancelToken
from workbench.engine.compiling.lock import Lock
from workbench.engine.compiling.plan import BuildPlan
from workbench.engine.compiling.progress import COMPILE, INSTALL, PROBE, SOURCE, TOOLS, Course
from workbench.engine.compiling.step import Runner
from workbench.engine.launching.process import environment
from workbench.engine.runtimes.builds import WORKER
from workbench.engine.runtimes.found_engines import WORKSHOP
from workbench.engine.runtimes.unpack import unpack
from workbench.engine.worker import found
from workbench.errors import EngineError, WorkbenchError
from workbench.models.fetching.partial import (
    FreeBytes,
    check_room,
    free_bytes,
    locked,
    move_into_place,
    speaking_disk_errors,
)
from workbench.paths import private_folder

LOG_NAME = "llama-cpp-python-install.log"
DOING = "Compiling llama-cpp-python"
_INDEX_SECONDS = 10  # it is not the only way: a server that does not answer is not waited for
_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True, slots=True)
class CompiledInstaller:
    """``folder``: of the engines; ``logs``: where the log is written; ``python``: one with pip."""

    folder: Path
    logs: Path
    python: str
    lock: Lock
    plan: BuildPlan
    course: Course
    cancel: CancelToken
    free: FreeBytes = free_bytes

    def install(self) -> None:
        """Raises `EngineError` for what is missing or does not compile, `DownloadError`, `StorageError`, `Cancelled`."""
        check_python(self.plan)
        workshop = private_folder(private_folder(self.folder) / WORKSHOP)
        with locked(workshop / WORKER), self._logged() as runner:
            shop = private_folder(workshop / WORKER)
            stage = workshop / f"{WORKER}.new"
            try:
                if not self._take_ready(shop, stage, runner):
                    self._compile(shop, stage, runner)
                self._put_in_place(stage)
            finally:
                shutil.rmtree(stage, ignore_errors=True)
                shutil.rmtree(shop / "tmp", ignore_errors=True)
            shutil.rmtree(shop, ignore_errors=True)
        self.course.finish()

    # A ready wheel ----------------------------------------------------------------------------------------------------

    def _take_ready(self, shop: Path, stage: Path, runner: Runner) -> bool:
        """Whether there was a wheel of its makers that runs here. That there is none is no failure."""
        for index in self.plan.indexes:
            self.course.begin("looking for a ready build", 0)
            ready = fresh_folder(shop / "ready")
            command = self._pip("download", "--no-deps", "--only-binary", ":all:", "--python-version", _PYTHON)
            command += ["--retries", "0", "--timeout", str(_INDEX_SECONDS), "--index-url", index, "--dest", str(ready)]
            try:
                runner.run("Looking for a ready build", [*command, self._requirement()], self._environment(shop))
                self._assemble(only_wheel(ready), stage, shop, runner)
            except WorkbenchError as error:
                runner.note(f"No ready build: {error.message}")
                continue
            return True
        return False

    # Compiling --------------------------------------------------------------------------------------------------------

    def _compile(self, shop: Path, stage: Path, runner: Runner) -> None:
        made = private_folder(shop / f"made-{self.plan.backend}")
        if not any(made.glob("*.whl")):
            check_compiler(self.plan)
            check_room(self.plan.disk_bytes, self.folder, self.free)
            self._fetch(shop, runner)
            self.course.begin("preparing to compile", COMPILE)
            command = self._pip(
                "wheel", "--no-deps", "--no-index", "--no-build-isolation", "-v", "--wheel-dir", str(made)
            )
            command += ["--config-settings", f"build-dir={shop / f'build-{self.plan.backend}'}", str(shop / "source")]
            runner.run(DOING, command, self._environment(shop), self.course.compiled)
        self._assemble(only_wheel(made), stage, shop, runner)

    def _fetch(self, shop: Path, runner: Runner) -> None:
        """What compiles, and the source; each is there already when an earlier try got so far."""
        self.course.begin("fetching what compiles it", TOOLS)
        if self.lock.building and not (shop / "tools").is_dir():
            partial = fresh_folder(shop / "tools.new")
            wanted = requirements(shop / "tools.txt", self.lock.building)
            command = self._pip("install", "--target", str(partial), "--no-deps", "--only-binary", ":all:")
            runner.run(
                "Fetching what compiles it", [*command, "--require-hashes", "-r", wanted], self._environment(shop)
            )
            move_into_place(partial, shop / "tools")
        self.course.begin("fetching the source", SOURCE)
        if not (shop / "source").is_dir():
            partial = fresh_folder(shop / "source.new")
            wanted = requirements(shop / "source.txt", [self.lock.source])
            command = self._pip("download", "--no-deps", "--no-binary", WORKER, "--no-build-isolation")
            command += ["--dest", str(fresh_folder(shop / "archive")), "--require-hashes", "-r", wanted]
            runner.run("Fetching the source", command, self._environment(shop))
            unpack(next((shop / "archive").glob("*.tar.gz")), partial, self.cancel)
            move_into_place(partial, shop / "source")

    # Into place -------------------------------------------------------------------------------------------------------

    def _assemble(self, wheel: Path, stage: Path, shop: Path, runner: Runner) -> None:
        """The package with what it imports, in ``stage``, once started."""
        self.course.begin("installing", INSTALL)
        site = fresh_folder(stage) / found.SITE
        own = f"{wheel.as_posix()} --hash=sha256:{sha256(wheel)}"
        wanted = requirements(shop / "imports.txt", [*self.lock.imports, own])
        command = self._pip("install", "--target", str(site), "--no-deps", "--only-binary", ":all:")
        command += ["--python-version", _PYTHON, "--require-hashes", "-r", wanted]
        runner.run("Installing it", command, self._environment(shop))
        self.course.begin("starting it once", PROBE)
        try:
            devices = found.devices(site, self.cancel)
        except EngineError as error:
            runner.note(f"It does not start.\n{error.message}\n{error.detail}")
            raise
        runner.note(f"It starts and sees {', '.join(device.name for device in devices) or 'the processor'}.")
        with speaking_disk_errors(stage):
            found.write_manifest(stage, self.lock.version)

    def _put_in_place(self, stage: Path) -> None:
        self.cancel.check()
        target, old = self.folder / WORKER, stage.with_suffix(".old")
        with speaking_disk_errors(target):
            shutil.rmtree(old, ignore_errors=True)
            if target.exists():
                target.replace(old)
        move_into_place(stage, target)
        shutil.rmtree(old, ignore_errors=True)

    # Small things -----------------------------------------------------------------------------------------------------

    def _requirement(self) -> str:
        return f"{WORKER}=={self.lock.version}"

    def _pip(self, command: str, *arguments: str) -> list[str]:
        return [self.python, "-m", "pip", command, "--no-input", "--disable-pip-version-check", *arguments]

    def _environment(self, shop: Path) -> dict[str, str]:
        return child_environment(environment(), self.plan, shop)

    @contextmanager
    def _logged(self) -> Iterator[Runner]:
        file = private_folder(self.logs) / LOG_NAME
        with speaking_disk_errors(file), _private(file) as log:
            runner = Runner(log, file, self.cancel)
            runner.note(f"llama-cpp-python {self.plan.version} for {self.plan.backend}, with {self.python}")
            yield runner


def check_python(plan: BuildPlan) -> None:
    """Raises `EngineError` when there is no Python that could install anything."""
    if plan.python is not None:
        raise EngineError(
            f"llama-cpp-python cannot be installed: this computer has not got {plan.python.what}.",
            hint=plan.python.command(),
        )


def check_compiler(plan: BuildPlan) -> None:
    """Raises `EngineError` when something to compile with is missing."""
    if plan.needs:
        raise EngineError(
            f"llama-cpp-python has to be compiled, and this computer has not got "
            f"{' and '.join(need.what for need in plan.needs)}.",
            hint=" ".join(need.command() for need in plan.needs),
        )


def child_environment(inherited: dict[str, str], plan: BuildPlan, shop: Path) -> dict[str, str]:
    """For pip and what it starts: the person's own CMAKE_ARGS and flags count after ours.

    All goes to the disk of ``shop``. The frozen program's libraries are not for other programs.
    """
    result = dict(plan.environment) | inherited
    for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
        if getattr(sys, "frozen", False):
            result.pop(name, None)
            if original := inherited.get(f"{name}_ORIG"):
                result[name] = original
    for name in ("PYTHONHOME", "PYTHONPLATLIBDIR", "PYTHONSAFEPATH"):
        result.pop(name, None)
    temporary = private_folder(shop / "tmp")
    tools = shop / "tools"
    return result | {
        **{name: " ".join([*plan.compiler_flags, inherited.get(name, "")]).strip() for name in ("CFLAGS", "CXXFLAGS")},
        "CMAKE_ARGS": " ".join([*plan.cmake_args, inherited.get("CMAKE_ARGS", "")]).strip(),
        "PATH": os.pathsep.join([str(tools / "bin"), inherited.get("PATH", os.defpath)]),
        "PYTHONPATH": str(tools),
        "PYTHONUNBUFFERED": "1",
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary)),
    }


def requirements(file: Path, lines: Sequence[str]) -> str:
    """Write a requirements file; returns its name."""
    with speaking_disk_errors(file):
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(file)


def only_wheel(folder: Path) -> Path:
    """Raises `EngineError` when there is none."""
    wheel = next(iter(sorted(folder.glob("*.whl"))), None)
    if wheel is None:
        raise EngineError(f"There is no package in {folder}.")
    return wheel


def fresh_folder(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return private_folder(folder)


def sha256(file: Path) -> str:
    with speaking_disk_errors(file), file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def discard(folder: Path) -> None:
    """Throw away what was fetched and compiled. Raises `BusyError` while somebody installs it, `StorageError`."""
    workshop = private_folder(private_folder(folder) / WORKSHOP)
    with locked(workshop / WORKER), speaking_disk_errors(workshop):
        for path in (workshop / WORKER, workshop / f"{WORKER}.new", workshop / f"{WORKER}.old"):
            with suppress(FileNotFoundError):
                shutil.rmtree(path)


def _private(file: Path) -> IO[str]:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8", errors="replace")
