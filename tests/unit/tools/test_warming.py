"""What tools import is imported while nobody asks: in a thread of its own, in pieces, and only where it may be used."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.patience import until
from workbench.assembly.tool_warming import wanted
from workbench.errors import ModelError
from workbench.settings import Settings, Tools
from workbench.tools import warming
from workbench.tools.servers.definition import Definition, Server
from workbench.tools.warming import SERVERS, UNITS, ToolWarming

PIECE = "import threading\nTHREAD = threading.current_thread().name\n"


@pytest.fixture
def pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Modules that note who imported them."""
    names = [f"warm_piece_{number}" for number in range(3)]
    for name in names:
        (tmp_path / f"{name}.py").write_text(PIECE)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield names
    for name in names:
        sys.modules.pop(name, None)


def test_pieces_come_after_a_rest_in_a_thread_of_their_own(pieces: list[str]) -> None:
    made = ToolWarming(lambda: pieces, lambda: False, rest_seconds=0.01)
    made.start()
    made.start()
    until(lambda: all(hasattr(sys.modules.get(name), "THREAD") for name in pieces))
    assert {sys.modules[name].THREAD for name in pieces} == {"tool-warming"}
    made.close()


def test_nothing_is_imported_while_somebody_is_answered(pieces: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "LOOK_SECONDS", 0.01)
    looks, answered = [], threading.Event()

    def busy() -> bool:
        looks.append(1)
        return not answered.is_set()

    made = ToolWarming(lambda: pieces, busy, rest_seconds=0.01)
    made.start()
    until(lambda: len(looks) > 3)
    assert not any(name in sys.modules for name in pieces)
    answered.set()
    until(lambda: pieces[-1] in sys.modules)
    made.close()


def test_closing_ends_it_before_the_rest_is_over(pieces: list[str]) -> None:
    made = ToolWarming(lambda: pieces, lambda: False)
    made.start()
    made.close()
    made.start()
    assert not any(name in sys.modules for name in pieces)


@pytest.mark.parametrize("names", [SERVERS, UNITS])
def test_the_pieces_are_modules_that_there_are(names: tuple[str, ...]) -> None:
    code = "\n".join(f"import {name}" for name in names)
    told = f"{code}\nimport sys\nassert 'PySide6' not in sys.modules"
    subprocess.run([sys.executable, "-c", told], check=True)


def server(*, enabled: bool = True, agreed: bool = True) -> Server:
    definition = Definition("program")
    return Server("s", "fake", definition, enabled, definition.hash if agreed else "", 0.0)


def missing(_model: str) -> bool:
    raise ModelError("There is no such model.")


@pytest.mark.parametrize(
    ("tools", "capable", "servers", "expected"),
    [
        (Tools(), lambda _model: None, (), ()),
        (Tools(), lambda _model: True, (), UNITS),
        (Tools(), missing, (server(),), SERVERS),
        (Tools(off="now calculate"), lambda _model: True, (), ()),
        (Tools(in_chats="off"), lambda _model: True, (), ()),
        (Tools(), lambda _model: True, (server(enabled=False), server(agreed=False)), UNITS),
        (Tools(), lambda _model: True, (server(),), (*UNITS, *SERVERS)),
    ],
)
def test_only_what_may_soon_be_used_here_is_wanted(
    tools: Tools, capable: Callable[[str], bool | None], servers: tuple[Server, ...], expected: tuple[str, ...]
) -> None:
    assert wanted(Settings(tools=tools), capable, servers) == expected
