"""The `workbench` command before anything is imported."""

from __future__ import annotations

import sys

import pytest

from workbench import entry
from workbench.hardware import looking, probe_child


class _Pressed:
    """An import during which somebody presses Ctrl-C."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "workbench.cli.main":
            raise KeyboardInterrupt


def test_ctrl_c_while_it_still_imports_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "workbench.cli.main", raising=False)
    monkeypatch.setattr(sys, "meta_path", [_Pressed(), *sys.meta_path])
    assert entry.main(["doctor"]) == 130


def test_a_frozen_program_asks_its_drivers_in_a_child() -> None:
    asked = looking.run([sys.executable, "-m", "workbench.entry", probe_child.CHILD_FLAG, "metal"], 60)
    assert asked == "null\n"  # no Metal here
