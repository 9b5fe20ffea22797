"""`llama-cpp-python`: builds that engine for the tests, once, with the program's own command.

It is kept in `.cache`, which clones of a CI keep too, until its version, the Python or the processor is another one.
"""

import os
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from steps import environment, system
from steps.places import PYTHON, ROOT, VENV
from steps.process import StepError, say

NAME = "llama-cpp-python"
HOME = ROOT / ".cache" / NAME  # a data home of its own: the engine lies in it as it does in a person's
SITE = HOME / "engines" / NAME / "site"
LOG = HOME / "logs" / f"{NAME}-install.log"
LOCKS = (ROOT / "assets" / f"{NAME}.lock", ROOT / "assets" / f"{NAME}-build.lock")
PLAN = ROOT / "workbench" / "engine" / "compiling" / "plan.py"  # what the compiler is told
STAMP = HOME / "made-for"
LIMIT_SECONDS = 40 * 60.0  # eleven minutes on two cores that do nothing else
LEAVE_SECONDS = 20.0
OFFLINE = 4  # the exit status for what could not be fetched


def main() -> int:
    """Build it unless it is there. Raises StepError when it cannot be built."""
    environment.ensure(environment.DEVELOPMENT)
    reason, status = ensure()
    if reason:
        raise StepError(reason, status=status)
    say(f"{NAME} is in {SITE}.")
    return 0


def ensure() -> tuple[str, int]:
    """Build it unless it is there: why it is not there, and the exit status of what failed; both empty when it is.

    A machine that cannot build it (no compiler, no network) is told apart by the status `OFFLINE`.
    """
    with _alone():
        if up_to_date():
            return "", 0
        system.ensure(system.COMPILING, f"building {NAME}")
        if sys.platform.startswith("linux") and not all(system.present(item) for item in system.COMPILING):
            return f"There is no C++ compiler to build {NAME} with.", OFFLINE
        say(f"Building {NAME} for this machine, once: about ten minutes. The log: {LOG.relative_to(ROOT)}")
        status = _install()
        if status == 0:
            STAMP.write_text(wanted_stamp(), encoding="ascii")
            return "", 0
    reason = f"{NAME} could not be fetched" if status == OFFLINE else f"{NAME} could not be built"
    return f"{reason}; the reason stands above, all that was printed in {LOG}.", status


def up_to_date() -> bool:
    """Whether it is there, whole, and made for this machine."""
    try:
        return (SITE.parent / "workbench-engine.json").exists() and STAMP.read_text("ascii") == wanted_stamp()
    except OSError:
        return False


def wanted_stamp() -> str:
    """What it depends on: its version, what it imports and is told, the Python, and what the processor can do."""
    python = environment.read_configuration(VENV / "pyvenv.cfg").get("version", "")
    minor = ".".join(python.split(".")[:2])
    files = [file.read_bytes() for file in (*LOCKS, PLAN)]
    return environment.fingerprint([*files, minor.encode(), processor().encode()])


def processor(information: Path = Path("/proc/cpuinfo")) -> str:
    """Its kind and instruction sets: the compiler uses all of them, and another processor would stop at the first one."""
    try:
        lines = information.read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    words = (
        line.partition(":")[2].split() for line in lines if line.partition(":")[0].strip() in ("flags", "Features")
    )
    return " ".join([platform.machine(), *sorted(next(words, []))])


def _install() -> int:
    """The program's own command; ended when it takes longer than the limit."""
    child = subprocess.Popen(
        [str(PYTHON), "-m", "workbench.entry", "engines", "install", NAME],
        cwd=ROOT,
        env={**os.environ, "WORKBENCH_HOME": str(HOME)},
    )
    try:
        return child.wait(LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        say(f"It takes longer than {LIMIT_SECONDS / 60:.0f} minutes, and was stopped.")
    finally:
        _end(child)
    return 1


def _end(child: "subprocess.Popen[bytes]") -> None:
    """As Ctrl-C does, so that it ends its compilers; by force when it does not."""
    if child.poll() is None:
        child.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            child.wait(LEAVE_SECONDS)
        child.kill()
        child.wait()


@contextmanager
def _alone() -> Iterator[None]:
    """Wait for another one that builds it here. On Windows the second one is told so by the program instead."""
    HOME.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with (HOME / "make.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Another one builds {NAME} here; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
