"""A server of tools that runs on this machine: started, heard line by line, ended with all that came from it."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import workbench
from workbench.engine.launching import containment
from workbench.engine.launching.process import LogFile
from workbench.errors import ToolError
from workbench.tools.servers import keeper
from workbench.tools.servers.lines import Lines, LineTooLongError, Tail

# What a program needs to find its way; all else is given to it by its definition, so that it is seen.
_INHERITED: Final = frozenset(
    {
        "HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR",
        "APPDATA", "HOMEDRIVE", "HOMEPATH", "LOCALAPPDATA", "PATHEXT", "PROCESSOR_ARCHITECTURE", "PROGRAMDATA",
        "PROGRAMFILES", "SYSTEMDRIVE", "SYSTEMROOT", "TEMP", "TMP", "USERNAME", "USERPROFILE", "WINDIR", "COMSPEC",
    }
)  # fmt: skip
_OF_THE_KEEPER: Final = _INHERITED | {"PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"}
_PIECE: Final = 64 << 10
_LOG_LINE: Final = 8 << 10
_BURST_BYTES: Final = 1 << 20
_BREATH_SECONDS: Final = 0.05  # after so much: a flood takes 20 MB/s at most, and leaves time for others
_LEAVE_SECONDS: Final = 2.0
_KILL_SECONDS: Final = 5.0
_MOST_JUNK: Final = 1_000


@dataclass(frozen=True, slots=True)
class Launch:
    """A program with everything filled in."""

    command: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path


class Child:
    """In the loop of the island only. ``end_cause``: why it is of no more use, in a sentence; empty while it lives."""

    def __init__(self, name: str, log: Path) -> None:
        self.name = name
        self.end_cause = ""
        self.lines = Lines()
        self.tail = Tail()
        self.junk = 0
        self._log = LogFile(log)
        self._process: Process | None = None
        self._control: int | None = None
        self._bond: object | None = None
        self._heard: asyncio.Task[None] | None = None

    async def start(self, launch: Launch) -> None:
        """Raises `ToolError` for a program or folder that is not there."""
        path = _found(launch)
        environment = inherited(os.environ, _INHERITED) | dict(launch.environment)
        try:
            if sys.platform == "win32":
                await self._start_bound([path, *launch.arguments], environment, launch.folder)
            else:
                await self._start_kept([path, *launch.arguments], environment, launch.folder)
        except OSError as error:
            raise ToolError(f"{launch.command} cannot be started: {error.strerror or error}.") from error
        self._heard = asyncio.create_task(self._hear())

    async def send(self, line: bytes) -> None:
        """Raises `OSError` when it hears nothing any more."""
        stdin = self._running.stdin
        assert stdin is not None  # noqa: S101 - opened as a pipe
        stdin.write(line + b"\n")
        await stdin.drain()

    async def receive(self, take: Callable[[bytes], Any]) -> None:
        """Await ``take`` for each line of its output, until there is none; sets `end_cause`."""
        stdout = self._running.stdout
        assert stdout is not None  # noqa: S101 - opened as a pipe
        burst = 0
        try:
            while piece := await stdout.read(_PIECE):
                for line in self.lines.feed(piece):
                    await take(line)
                burst = await _breathed(burst + len(piece))
                if self.junk > _MOST_JUNK:
                    self.end_cause = f"{self.name} prints text where only messages belong."
                    return
        except LineTooLongError:
            self.end_cause = f"{self.name} printed a message of more than {self.lines.most >> 20} MB."
        except OSError:
            pass

    def heard_junk(self, line: bytes) -> None:
        """A line of its output that is no message."""
        self.junk += 1
        if self.junk <= 20:
            self._note(f"(no message) {line[:500].decode('utf-8', 'replace')}")

    async def ended(self) -> str:
        """When it has: why, in a sentence."""
        process = self._running
        if not self.end_cause and not await _gone(process, _LEAVE_SECONDS):
            self.end_cause = f"{self.name} closed its output."
        if self._heard is not None and process.returncode is not None:
            await asyncio.wait({self._heard}, timeout=1.0)
        if not self.end_cause:
            status = process.returncode or 0
            last = self.tail.text(1)[:300]
            self.end_cause = f"{self.name} ended by itself ({_status(status)})." + (f" It said: {last}" if last else "")
        return self.end_cause

    async def stop(self) -> None:
        """Close its input; soon after end it and all that came from it; wait until it is gone."""
        process = self._process
        if process is None:
            self._tidy()
            return
        if process.stdin is not None:
            process.stdin.close()
        if not await _gone(process, 0 if self.end_cause else _LEAVE_SECONDS):
            self._let_go()
            if not await _gone(process, _KILL_SECONDS):
                with suppress(OSError):
                    process.kill()
                await _gone(process, _KILL_SECONDS)
        self._let_go()
        if self._heard is not None:
            self._heard.cancel()
            await asyncio.wait({self._heard}, timeout=1.0)
        _close_pipes(process)
        self._tidy()

    async def _start_kept(self, command: list[str], environment: Mapping[str, str], folder: Path) -> None:
        watched, self._control = os.pipe()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *keeper.command(watched),
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                cwd=Path(workbench.__file__).parent.parent,  # not the person's folder: Python imports from there
                env=inherited(os.environ, _OF_THE_KEEPER),
                pass_fds=(watched,),
                **containment.spawn_options(),
            )
        finally:
            os.close(watched)
        assert self._process.stdin is not None  # noqa: S101 - opened as a pipe
        self._process.stdin.write(keeper.order(command, environment, str(folder)))
        with suppress(OSError):
            await self._process.stdin.drain()

    async def _start_bound(self, command: list[str], environment: Mapping[str, str], folder: Path) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=folder, env=environment, **containment.spawn_options()
        )
        inside = self._process._transport.get_extra_info("subprocess")  # type: ignore[attr-defined]  # noqa: SLF001 - the job wants its handle
        self._bond = containment.bind(inside)

    @property
    def _running(self) -> Process:
        assert self._process is not None, "started"  # noqa: S101 - for the type checker
        return self._process

    async def _hear(self) -> None:
        """What it says on standard error, into the log."""
        stderr = self._running.stderr
        assert stderr is not None  # noqa: S101 - opened as a pipe
        rest, burst = b"", 0
        with suppress(OSError):
            while piece := await stderr.read(_PIECE):
                *lines, rest = (rest + piece).split(b"\n")
                for line in (*lines, *([rest] if len(rest) > _LOG_LINE else [])):
                    self._note(line[:_LOG_LINE].decode("utf-8", "replace").rstrip())
                rest = rest if len(rest) <= _LOG_LINE else b""
                burst = await _breathed(burst + len(piece))
        if rest:
            self._note(rest.decode("utf-8", "replace").rstrip())

    def _note(self, line: str) -> None:
        if line:
            self._log.write(f"{self.tail.add(line)}\n".encode())

    def _let_go(self) -> None:
        """The keeper ends the server when this closes; on Windows the job does."""
        if self._control is not None:
            os.close(self._control)
            self._control = None
        if self._bond is not None:
            self._bond = None

    def _tidy(self) -> None:
        self._let_go()
        self._log.close()


def inherited(environment: Mapping[str, str], names: frozenset[str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.upper() in names}


def _found(launch: Launch) -> str:
    if not launch.folder.is_dir():
        raise ToolError(f"The folder {launch.folder} is not there.", hint="Make it, or change the server's definition.")
    search = launch.environment.get("PATH", os.environ.get("PATH"))
    found = shutil.which(launch.command, path=search)
    if found is None and re.search(r"[/\\]", launch.command):
        found = shutil.which(str(launch.folder / launch.command))
    if found is None:
        raise ToolError(
            f"The program {launch.command} was not found on this machine.", hint="Install it, or write its whole path."
        )
    return str(Path(found).absolute())


async def _breathed(burst: int) -> int:
    if burst < _BURST_BYTES:
        return burst
    await asyncio.sleep(_BREATH_SECONDS)
    return 0


async def _gone(process: Process, seconds: float) -> bool:
    """Not `Process.wait`: that waits for the ends of its pipes too, which others may hold."""
    until = asyncio.get_running_loop().time() + seconds
    while process.returncode is None:
        if asyncio.get_running_loop().time() >= until:
            return False
        await asyncio.sleep(0.01)
    return True


def _close_pipes(process: Process) -> None:
    """Who outlived the server may hold their other ends."""
    transport = getattr(process, "_transport", None)
    if transport is not None:
        with suppress(PermissionError):
            transport.close()


def _status(status: int) -> str:
    if status > 128:
        return f"signal {status - 128}"
    return f"status {status}"
