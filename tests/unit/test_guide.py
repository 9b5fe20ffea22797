"""The user guide names every shortcut and every setting, with its default."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from ui.actions import ACTIONS, FIELD_KEYS, HIDDEN_KEYS
from workbench.settings import Settings

GUIDE = (Path(__file__).parents[2] / "docs" / "guide.md").read_text(encoding="utf-8")
ROWS = [line for line in GUIDE.splitlines() if line.startswith("|")]
SHORTCUTS = [
    (keys, action.text)
    for action in ACTIONS
    for keys in action.keys
    if not action.id.startswith("chat_") and keys not in HIDDEN_KEYS
]
SETTINGS = [
    (f"{section.name}.{field.name}", getattr(getattr(Settings(), section.name), field.name))
    for section in fields(Settings())
    for field in fields(getattr(Settings(), section.name))
]


@pytest.mark.parametrize(("keys", "text"), [*SHORTCUTS, *FIELD_KEYS])
def test_every_shortcut_is_in_the_guide(keys: str, text: str) -> None:
    cells = [row.strip("| ").split(" | ") for row in ROWS if " | " in row]
    assert any(keys in row[0].split(", ") or keys == row[0] for row in cells if row[1].startswith(text)), (keys, text)


def test_the_numbered_chats_are_in_the_guide() -> None:
    assert "| Ctrl+1 … Ctrl+9 | Open chat 1 to 9 of the list |" in ROWS


@pytest.mark.parametrize(("key", "default"), SETTINGS)
def test_every_setting_is_in_the_guide_with_its_default(key: str, default: object) -> None:
    shown = f'"{default}"' if isinstance(default, str) else str(default)
    assert any(row.startswith(f"| `{key}` | `{shown}` |") for row in ROWS)


def test_every_part_of_the_guide_is_in_its_contents() -> None:
    parts = [line.removeprefix("## ") for line in GUIDE.splitlines() if line.startswith("## ")]
    named = re.findall(r"\]\(#([^)]+)\)", GUIDE.partition("\n## ")[0])
    assert sorted(named) == sorted(re.sub(r"[^\w -]", "", part.lower()).replace(" ", "-") for part in parts)


def test_no_shortcut_is_used_twice() -> None:
    used = [keys for action in ACTIONS for keys in action.keys]
    assert len(used) == len(set(used))
