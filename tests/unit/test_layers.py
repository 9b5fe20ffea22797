"""The layer contracts hold, and each can fail: a planted violation turns it red."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

PLANTED = {
    "The core is layered: a module imports only what stands below it": (
        "workbench/models/planted.py",
        "from workbench.chat import tree\n",
    ),
    "The core never imports Qt or the window": (
        "workbench/chat/planted.py",
        "def later():\n    from PySide6 import QtCore\n    return QtCore\n",
    ),
    "The window speaks to the facade, value types and errors": ("ui/planted.py", "from workbench.chat import store\n"),
    "Only ui.bridge touches threads": ("ui/planted.py", "import threading\n"),
    "Only workbench.db imports SQLite": ("workbench/chat/planted.py", "import sqlite3\n"),
    "Reusable widgets know nothing of the program": ("ui/widgets/planted.py", "from workbench.chat import tree\n"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ]
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=100
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The program's source alone, to plant things in."""
    for package in ("workbench", "ui", "assets"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "*.ttf", "*.png")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_hold(copy: Path) -> None:
    seen = lint(copy)
    assert seen.returncode == 0, seen.stdout + seen.stderr


def test_each_contract_can_fail(copy: Path) -> None:
    for file, code in PLANTED.values():
        with (copy / file).open("a", encoding="utf-8") as stream:
            stream.write(code)
    seen = lint(copy)
    kept = [name for name in PLANTED if f"{name} BROKEN" not in " ".join(seen.stdout.split())]
    assert kept == [], seen.stdout
    contracts = (copy / "pyproject.toml").read_text().count("[[tool.importlinter.contracts]]")
    assert contracts == len(PLANTED), "plant a violation for each contract"


def modules_after(code: str) -> set[str]:
    """The modules loaded by ``code`` in a fresh interpreter: also what `importlib` and other libraries pull in."""
    command = [sys.executable, "-c", f"{code}\nimport sys; print('\\n=====\\n' + '\\n'.join(sys.modules))"]
    seen = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert seen.returncode == 0, seen.stderr
    return {line.partition(".")[0] for line in seen.stdout.partition("=====")[2].splitlines()}


def test_the_core_loads_no_qt() -> None:
    loaded = modules_after("import workbench.app, workbench.cli.main, workbench.entry, workbench.markup")
    assert not loaded & {"PySide6", "shiboken6", "ui"}


def test_help_is_quick_because_it_loads_nothing_heavy() -> None:
    loaded = modules_after("from workbench.entry import main; assert main(['--help']) == 0")
    assert not loaded & {"sqlite_utils", "httpx", "pygments", "markdown_it", "psutil", "xllamacpp"}


def test_opening_the_core_loads_no_http_client_and_no_engine() -> None:
    loaded = modules_after("import workbench.app")
    assert not loaded & {"httpx", "xllamacpp", "pygments", "markdown_it"}


def test_the_window_loads_nothing_heavy_before_it_is_painted() -> None:
    loaded = modules_after("import ui.application, ui.main_window")
    assert not loaded & {"sqlite_utils", "httpx", "pygments", "markdown_it", "nh3", "xllamacpp"}
