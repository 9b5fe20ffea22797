"""Getting a model in the window, as a blind person does: the real program, a hub on loopback, the real small model."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Display, Program, ScreenReader
from tests.fakes.http_server import Exchange, file
from tests.fakes.hub import LoopbackHub, Repository

pytestmark = [pytest.mark.display, pytest.mark.engine]
SEA = "Write one sentence about the sea."
FILE = "Smol.Q4_1.gguf"
SMOL = "Smol 135M"
LARGER_BYTES = 1_100_000_000  # what another program has is proposed from a gigabyte on; the end of the file is a hole
BENCHMARKS = ("MMLU-Pro", "GPQA Diamond", "AIME 2025", "LiveCodeBench v6")


@pytest.fixture
def person(tmp_path: Path, home: Path, display: Display) -> Iterator[Path]:
    """A person's folder, with nothing of other programs in it. Answers are short: so small a model may never end."""
    folder = tmp_path / "person"
    folder.mkdir()
    home.mkdir()
    (home / "config.toml").write_text("[answers]\nlow_tokens = 48\nmedium_tokens = 48\nhigh_tokens = 48\n")
    before = dict(display.environment)
    display.environment.update(
        HOME=str(folder), HF_HOME=str(folder / "hf"), OLLAMA_MODELS=str(folder / "ollama"), HF_ENDPOINT="http://[::1]:9"
    )
    yield folder
    display.environment.clear()
    display.environment.update(before)


@pytest.fixture
def hub(person: Path, home: Path, display: Display, starter_model: Path) -> Iterator[LoopbackHub]:
    """A hub with a model that the person's catalog praises, so that it is the one proposed."""
    (home / "catalog.json").write_text(json.dumps({"schema": 1, "models": [smol(starter_model.stat().st_size)]}))
    with LoopbackHub() as server:
        server.repositories["acme/Smol-GGUF"] = Repository({FILE: starter_model.read_bytes()})
        display.environment["HF_ENDPOINT"] = server.url("")
        yield server


def smol(size: int) -> dict[str, Any]:
    praise = [
        {"benchmark": name, "value": 97, "effort": "none", "independent": True, "source": "Nobody"}
        for name in BENCHMARKS
    ]
    return {
        "id": "smol",
        "name": SMOL,
        "architecture": "llama",
        "parameters": 134_515_008,
        "layers": 30,
        "hidden": 576,
        "vocabulary": 49_152,
        "context_length": 8192,
        "cache": [{"kind": "full", "layers": 30, "kv_heads": 3, "key_length": 64, "value_length": 64}],
        "licence": "Apache-2.0",
        "scores": praise,
        "files": [{"repository": "acme/Smol-GGUF", "file": FILE, "quantization": "Q4_1", "bytes": size}],
    }


def ask(reader: ScreenReader) -> None:
    reader.until(lambda: reader("write", "Message", SEA))
    reader.until(lambda: reader("press", "Send"))  # the page changes just now: what was found may be gone
    reader.until(lambda: reader("exists", "Send") and reader.hears("tokens/s"), 60)


def named(reader: ScreenReader, start: str) -> str:
    """The first that is called something beginning so, waiting until it is there."""
    found: str = reader.until(lambda: next((word for word in reader("words") if word.startswith(start)), ""), 60)
    return found


def test_a_model_of_another_program_answers_after_one_click(
    person: Path, open_window: Callable[[], Program], reader: ScreenReader, starter_model: Path
) -> None:
    lent = person / ".lmstudio" / "models" / "acme" / "Smol-GGUF" / FILE
    lent.parent.mkdir(parents=True)
    shutil.copyfile(starter_model, lent)
    os.truncate(lent, LARGER_BYTES)
    before = lent.stat().st_mtime_ns
    program = open_window()
    reader.press(named(reader, "Use Smol"))
    ask(reader)
    assert program.end() == 0
    assert (lent.stat().st_mtime_ns, lent.stat().st_size) == (before, LARGER_BYTES)


def test_the_proposed_model_is_fetched_and_answers(
    hub: LoopbackHub, home: Path, open_window: Callable[[], Program], reader: ScreenReader
) -> None:
    program = open_window()
    get = named(reader, f"Get {SMOL}")
    assert "98 MB" in get
    reader.press(get)
    reader.until(lambda: reader.hears("What are you working on?") and reader.hears(f"Model: {SMOL}"), 60)
    ask(reader)
    assert program.end() == 0
    assert (home / "models" / "acme" / "Smol-GGUF" / FILE).is_file()


def test_a_download_goes_on_after_a_restart(
    hub: LoopbackHub, open_window: Callable[[], Program], reader: ScreenReader, starter_model: Path
) -> None:
    model = starter_model.read_bytes()
    half = len(model) // 2

    def slowly(exchange: Exchange, body: bytes) -> None:
        exchange.body(body[:half])
        for start in range(half, len(body), 16 << 10):
            time.sleep(0.05)
            exchange.body(body[start : start + (16 << 10)])

    hub.script(f"/cdn/acme/Smol-GGUF/{FILE}", file(model, then=slowly), file(model))
    program = open_window()
    reader.press(named(reader, f"Get {SMOL}"))
    reader.until(lambda: reader.hears("49 MB of 98 MB"), 60)
    assert reader("nameless") == []
    assert program.end() == 0
    open_window()
    reader.until(lambda: reader.hears(f"Model: {SMOL}"), 60)
    assert hub.body_bytes <= 1.05 * len(model)


def test_the_catalog_is_searched_and_a_deletion_undone(
    hub: LoopbackHub, home: Path, open_window: Callable[[], Program], reader: ScreenReader, starter_model: Path
) -> None:
    installed = home / "models" / "acme" / "Smol-GGUF" / FILE
    installed.parent.mkdir(parents=True)
    os.link(starter_model, installed)
    open_window()
    reader.until(lambda: reader.hears("Model: Smol"), 60)
    reader.press("Models")
    name = named(reader, "More for ").removeprefix("More for ")
    reader.press(named(reader, "Runs on "))
    reader.until(lambda: reader.hears("Weights"))
    assert reader("nameless") == []
    reader.press("Close the sum")
    reader.press(named(reader, "Catalog"))
    reader.until(lambda: reader("write", "Search the catalog", "gpt-oss"))
    reader.until(lambda: all("gpt-oss" in item for item in reader("items", "Catalog of models")))
    reader.press(named(reader, "On this computer"))
    reader.press(f"More for {name}")
    reader.press("Delete")
    reader.until(lambda: not installed.exists())
    reader.press("Undo")
    reader.until(installed.exists)
    reader.until(lambda: reader("exists", f"More for {name}"))
