"""How the engine's process is started, and what it is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from workbench.engine.launching import native_child

ROOT = Path(__file__).parents[4]


def test_from_a_checkout_it_is_a_module() -> None:
    assert native_child.command() == [sys.executable, "-m", "workbench.engine.launching.native_child"]


def test_the_frozen_app_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert native_child.command() == [sys.executable, "--engine-child"]


def test_it_imports_little_before_the_engine() -> None:
    script = "import sys, workbench.engine.launching.native_child; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert not {"httpx", "psutil", "sqlite3", "xllamacpp", "PySide6"} & set(loaded.split())
