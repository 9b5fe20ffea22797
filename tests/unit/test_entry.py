"""The `workbench` command before anything is imported."""

from __future__ import annotations

import sys

import pytest

from workbench import entry


class _Pressed:
    """An import during which somebody presses Ctrl-C."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "workbench.cli.main":
            raise KeyboardInterrupt


def test_ctrl_c_while_it_still_imports_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "workbench.cli.main", raising=False)
    monkeypatch.setattr(sys, "meta_path", [_Pressed(), *sys.meta_path])
    assert entry.main(["doctor"]) == 130
