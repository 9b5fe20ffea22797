"""The try-out of the frozen program on Linux: what a person does in the first minute, in a home of its own."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from steps.places import ROOT
from steps.process import StepError, say

SCREEN = (1280, 860)
START_LIMIT = 30.0
PAINTED_COLOURS = 24


def try_out(folder: Path) -> int:
    """Run the program in `folder` through diagnosis, download, chat and window; raises StepError on the first failure."""
    if not sys.platform.startswith("linux"):
        say("Not tried out: the try-out drives an X display, which this system has not. See docs/platforms.md.")
        return 0
    program = folder / "Workbench"
    with tempfile.TemporaryDirectory(prefix="workbench-try-") as home:
        environ = {**os.environ, "WORKBENCH_HOME": home}
        checks = (
            ("doctor", _doctor),
            ("starter model", _pull),
            ("chat", _chat),
            ("documents", _documents),
            ("prompts", _prompts),
            ("tools", _tools),
            ("window", _window),
        )
        for name, check in checks:
            started = time.monotonic()
            found = check(program, environ)
            say(f"ok     {name:<14}{time.monotonic() - started:6.1f} s   {found}")
    left = processes_of(folder)
    if left:
        raise StepError(f"FAILED: the program left processes behind: {left}")
    say("The built program works.")
    return 0


def _ask(program: Path, environ: dict[str, str], *arguments: str) -> str:
    command = [str(program), *arguments]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode != 0:
        raise StepError(f"FAILED: {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def _doctor(program: Path, environ: dict[str, str]) -> str:
    report: dict[str, Any] = json.loads(_ask(program, environ, "doctor", "--json"))
    return f"{len(report['checks'])} checks"


def _pull(program: Path, environ: dict[str, str]) -> str:
    last = _ask(program, environ, "models", "pull", "starter", "--json").splitlines()[-1]
    return f"{json.loads(last)['bytes'] / 1e6:.0f} MB"


def _chat(program: Path, environ: dict[str, str]) -> str:
    """A real answer, through the engine child that the frozen program starts from itself."""
    lines = _ask(program, environ, "chat", "--json", "Write one sentence about the sea.").splitlines()
    end: dict[str, Any] = json.loads(lines[-1])
    if not end["text"].strip():
        raise StepError("FAILED: the model answered nothing.")
    return f"{end['timings']['generation_tokens_per_second']:.0f} tokens per second"


def _documents(program: Path, environ: dict[str, str]) -> str:
    """A folder is read by the children that the frozen program starts from itself, and found by words and by meaning."""
    with tempfile.TemporaryDirectory(prefix="workbench-documents-") as folder:
        Path(folder, "boat.md").write_text(
            "# The boat\n\nWe bought the boat in Kiel for 14,500 euros.\n", encoding="utf-8"
        )
        Path(folder, "tap.html").write_text("<h1>The tap</h1><p>The plumber came on Monday.</p>", encoding="utf-8")
        _ask(program, environ, "folders", "add", folder, "--name", "Try", "--wait", "--vectors")
        hits: list[dict[str, Any]] = json.loads(_ask(program, environ, "search", "price of the ship", "--json"))
    if not hits or not hits[0]["path"].endswith("boat.md") or "vectors" not in hits[0]["methods"]:
        raise StepError(f"FAILED: the boat is not found by its meaning: {hits}")
    return f"found by {' and '.join(hits[0]['methods'])}"


def _prompts(program: Path, environ: dict[str, str]) -> str:
    """A prompt with a condition is filled in by the child that the frozen program starts from itself."""
    text = "Say hello{% if name %} to {{ name }}{% endif %}."
    _ask(program, environ, "prompts", "save", "--name", "hello", "--text", text)
    said = _ask(program, environ, "prompts", "render", "hello", "--set", "name=Ada").strip()
    if said != "Say hello to Ada.":
        raise StepError(f"FAILED: a prompt is filled in as {said!r}.")
    return "filled in"


def _tools(program: Path, environ: dict[str, str]) -> str:
    """A server of tools is started by the keeper that the frozen program starts from itself, and says what it offers."""
    server = str(ROOT / "tests" / "fakes" / "tool_server.py")
    _ask(program, environ, "tools", "servers", "add", "Try", "--", sys.executable, server, "good")
    _ask(program, environ, "tools", "servers", "start", "Try", "--yes")
    names = [one["name"] for one in json.loads(_ask(program, environ, "tools", "list", "--json"))]
    if not {"calculate", "try_echo"} <= set(names):
        raise StepError(f"FAILED: the server's tool is not offered: {names}")
    return f"{len(names)} offered"


def _window(program: Path, environ: dict[str, str]) -> str:
    """The window is painted, closes at Alt+F4, and the program ends with 0."""
    with _screen() as (display, picture):
        environ = {**environ, "DISPLAY": display}
        environ.pop("QT_QPA_PLATFORM", None)
        started = time.monotonic()
        child = subprocess.Popen([str(program)], env=environ)
        try:
            _wait_until(lambda: colours(picture) >= PAINTED_COLOURS, child, "The window was not painted")
            painted = time.monotonic() - started
            status = _close(child, environ)
        finally:
            child.kill()
    if status != 0:
        raise StepError(f"FAILED: the window ended with {status}.")
    return f"painted after {painted:.2f} s"


def _close(child: subprocess.Popen[bytes], environ: dict[str, str]) -> int:
    """Press Alt+F4 until the program ends; returns its status.

    The window manager, whose key that is, comes only now: it paints things of its own, which would count as the window's.
    """
    search = ["xdotool", "search", "--onlyvisible", "--name", "Workbench", "windowfocus", "key", "alt+F4"]
    manager = subprocess.Popen(["openbox"], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    try:
        for _ in range(20):
            subprocess.run(search, env=environ, capture_output=True, check=False, timeout=20)
            with suppress(subprocess.TimeoutExpired):
                return child.wait(timeout=1)
    finally:
        manager.terminate()
        manager.wait()
    raise StepError("FAILED: the window did not close at Alt+F4.")


@contextmanager
def _screen() -> Iterator[tuple[str, Path]]:
    """A virtual display: yields its name and the file in which its picture lies."""
    with tempfile.TemporaryDirectory(prefix="workbench-screen-") as folder:
        readable, writable = os.pipe()
        size = f"{SCREEN[0]}x{SCREEN[1]}x24"
        command = ["Xvfb", "-displayfd", str(writable), "-screen", "0", size, "-fbdir", folder, "-nolisten", "tcp"]
        server = subprocess.Popen(command, pass_fds=[writable], stderr=subprocess.DEVNULL)
        os.close(writable)
        try:
            with os.fdopen(readable) as pipe:
                display = f":{pipe.readline().strip()}"
            yield display, Path(folder) / "Xvfb_screen0"
        finally:
            server.terminate()
            server.wait()


def colours(picture: Path) -> int:
    """How many different pixels are on the screen: one when nothing is painted, many where there is text."""
    pixels = picture.read_bytes()[-SCREEN[0] * SCREEN[1] * 4 :]
    return len(set(memoryview(pixels).cast("I")))


def _wait_until(condition: Any, child: subprocess.Popen[bytes], complaint: str) -> None:
    deadline = time.monotonic() + START_LIMIT
    while not condition():
        if child.poll() is not None:
            raise StepError(f"FAILED: {complaint}: the program ended with {child.returncode}.")
        if time.monotonic() > deadline:
            raise StepError(f"FAILED: {complaint} within {START_LIMIT:.0f} s.")
        time.sleep(0.02)


def processes_of(folder: Path) -> list[int]:
    """The ids of running processes whose program lies in `folder`."""
    found = []
    for link in Path("/proc").glob("[0-9]*/exe"):
        try:
            program = link.readlink()
        except OSError:
            continue
        if program.is_relative_to(folder):
            found.append(int(link.parent.name))
    return found
