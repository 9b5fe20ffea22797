"""The page on open formats: what it shows is what is written and read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.unit.chat.keeping import full_chat, new_home
from workbench.chat.exporting.service import ExportFormat

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")


def _example() -> str:
    found = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def test_the_example_is_imported_whole(tmp_path: Path) -> None:
    (tmp_path / "example.json").write_text(_example(), encoding="utf-8")
    with new_home(tmp_path / "home") as home:
        report = home.bring_in(tmp_path / "example.json")
        assert (report.imported, report.messages) == (1, 2)
        assert [skipped.why for skipped in report.skipped] == ["the file 'log.txt' is not in the export"]
        [chat] = home.ids
        written = json.loads(home.exports.text(chat, ExportFormat.JSON))
    expected = json.loads(_example())
    keys = _turn_keys(expected)
    for message in written["messages"]:
        message["turns"] = [{key: turn[key] for key in turn if key in keys} for turn in message["turns"]]
    assert written == expected


def _turn_keys(expected: dict[str, Any]) -> set[str]:
    return set(expected["messages"][1]["turns"][0])


def test_every_key_that_is_written_is_on_the_page(tmp_path: Path) -> None:
    with new_home(tmp_path) as home:
        written = json.loads(home.exports.text(full_chat(home), ExportFormat.JSON))
    keys = {*written, *(key for message in written["messages"] for key in message)}
    parts = [part for message in written["messages"] for part in message["parts"]]
    keys |= {key for part in parts for key in part} | {part["kind"] for part in parts}
    assert {key for key in keys if f'"{key}"' not in PAGE and f"`{key}`" not in PAGE} == set()
