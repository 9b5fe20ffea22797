"""`package`: the double-click program in dist/, and a try-out of it that ends red when it would fail a person."""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from steps import environment, smoke, system
from steps.places import PACKAGING, PYTHON, ROOT, RUNTIME_LOCK
from steps.process import StepError, call, say

LICENCES = ROOT / "build" / "LICENSES"
BUILT = ROOT / "dist" / "Workbench"
# In the lock because the project is installed with them or because a library names them; not in the program.
NOT_BUNDLED = {"editables", "hatchling", "packaging", "pip", "trove-classifiers"}


def package() -> int:
    """Build the program for this system; on Linux also try it out. Returns the exit status."""
    system.ensure(system.WINDOW + system.TESTS + system.PACKAGING, "building and trying out the program")
    environment.ensure(environment.DEVELOPMENT)
    started = time.monotonic()
    _build()
    seconds = time.monotonic() - started
    say(f"Built {BUILT.relative_to(ROOT)}: {size(BUILT) / 1e6:.0f} MB in {seconds:.0f} s.")
    return smoke.try_out(BUILT)


def _build() -> None:
    collect = [str(PYTHON), str(PACKAGING / "collect_licences.py"), str(LICENCES), *bundled_distributions()]
    freeze = [str(PYTHON), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "--distpath", str(ROOT / "dist")]
    freeze += ["--workpath", str(ROOT / "build" / "pyinstaller"), str(PACKAGING / "workbench.spec")]
    for command in (collect, freeze):
        if call(command) != 0:
            raise StepError("The program could not be built; the reason stands above.")
    if sys.platform.startswith("linux"):
        _finish_linux()


def _finish_linux() -> None:
    """Leave out what only a debugger reads (110 MB), and add the menu entry with its installer.

    Only these libraries are stripped: those of Qt were altered after linking, and stripping such files can break them.
    """
    for pattern in ("xllamacpp/*.so", "pysqlite3/*.so", "libpython3*.so*", "python3*/lib-dynload/*.so"):
        for library in (BUILT / "_internal").glob(pattern):
            subprocess.run(["strip", "--strip-unneeded", library], check=True)
    for item in (PACKAGING / "linux").iterdir():
        target = BUILT if item.suffix == ".sh" else BUILT / "share"
        target.mkdir(exist_ok=True)
        shutil.copy(item, target)


def bundled_distributions() -> list[str]:
    """The names of the distributions that users get, from the runtime lock."""
    names = re.findall(r"^([a-z0-9._-]+)==", RUNTIME_LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    return [name for name in dict.fromkeys(names) if name not in NOT_BUNDLED]


def size(folder: Path) -> int:
    """The bytes of all files under `folder`; links count nothing."""
    return sum(entry.stat().st_size for entry in folder.rglob("*") if entry.is_file() and not entry.is_symlink())
