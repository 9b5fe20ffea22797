"""No module of the window needs, in the end, itself: not even for a type. What two of them share stands in a third."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def imported(file: Path) -> set[str]:
    """Names that its imports may mean, of modules or of what is in them."""
    named: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            named |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
    return named


def imports_below(package: Path) -> dict[str, set[str]]:
    files = {".".join(file.relative_to(package.parent).with_suffix("").parts): file for file in package.rglob("*.py")}
    return {name: imported(file) & files.keys() - {name} for name, file in files.items()}


def test_the_window_has_no_cycle() -> None:
    TopologicalSorter(imports_below(ROOT / "ui")).prepare()  # raises with the modules of a cycle


def test_a_cycle_is_seen(tmp_path: Path) -> None:
    package = tmp_path / "ui"
    package.mkdir()
    (package / "one.py").write_text("if TYPE_CHECKING:\n    from ui.two import Two\n", encoding="utf-8")
    (package / "two.py").write_text("def make():\n    from ui import one\n", encoding="utf-8")
    with pytest.raises(CycleError, match="one"):
        TopologicalSorter(imports_below(package)).prepare()
