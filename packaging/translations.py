"""The files of Qt Linguist: collects what the window says, and makes what it loads.

python packaging/translations.py collect        assets/translations/workbench_*.ts follow the words of the window
python packaging/translations.py add de         begin a language
python packaging/translations.py release        .qm files beside them, which the program loads
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "assets" / "translations"
TEMPLATE = "workbench_en.ts"


def tool(name: str) -> str:
    """A tool of PySide6, beside this Python."""
    return str(Path(sys.executable).with_name(f"pyside6-{name}"))


def sources() -> list[str]:
    """Every module of the window."""
    return [str(file) for file in sorted((ROOT / "ui").rglob("*.py"))]


def collect(file: Path) -> None:
    """Bring ``file`` up to date; what was translated stays. Raises `CalledProcessError`."""
    command = [tool("lupdate"), "-tr-function-alias", "tr+=marked", "-locations", "none", "-no-obsolete"]
    subprocess.run([*command, *sources(), "-ts", str(file)], check=True, cwd=ROOT)


def release(file: Path) -> Path:
    """Make the file that the program loads. Raises `CalledProcessError`."""
    made = file.with_suffix(".qm")
    subprocess.run([tool("lrelease"), "-silent", str(file), "-qm", str(made)], check=True)
    return made


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code."""
    FOLDER.mkdir(exist_ok=True)
    match list(arguments):
        case ["collect"]:
            for file in sorted({FOLDER / TEMPLATE, *FOLDER.glob("workbench_*.ts")}):
                collect(file)
        case ["add", language]:
            collect(FOLDER / f"workbench_{language}.ts")
        case ["release"]:
            for file in FOLDER.glob("workbench_*.ts"):
                release(file)
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
