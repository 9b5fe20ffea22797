"""What the window remembers between starts: size, sidebar, the chat in view. Losing it loses nothing."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from workbench.errors import StorageError
from workbench.settings import replace_file


@dataclass(frozen=True, slots=True)
class WindowState:
    """Sizes in logical pixels."""

    width: int = 1280
    height: int = 860
    sidebar: bool = True
    chat: str = ""


def load(path: Path) -> WindowState:
    """The state of ``path``; defaults for what is missing, damaged or of a wrong type."""
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return WindowState()
    if not isinstance(read, dict):
        return WindowState()
    known = asdict(WindowState())
    good = {name: value for name, value in read.items() if name in known and type(value) is type(known[name])}
    state = replace(WindowState(), **good)
    return state if 320 <= state.width <= 20_000 and 240 <= state.height <= 20_000 else WindowState(chat=state.chat)


def save(path: Path, state: WindowState) -> None:
    """Keep it where the disk allows it."""
    try:
        replace_file(path, json.dumps(asdict(state)))
    except StorageError:
        return
