"""A process that works on a prompt library, and says of each thing it did that it is done; see `living`."""

from __future__ import annotations

import json
import os
import random
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from workbench import migrations
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import StorageError
from workbench.events import Bus
from workbench.prompts.prompt import Prompt
from workbench.prompts.service import PromptLibrary
from workbench.prompts.store import PromptStore

STEPS = 2000
NAMES = ("plan", "reply", "translate")


def library(home: Path) -> tuple[PromptLibrary, Database]:
    database = Database(home / "workbench.db", migrations.workbench, backups=home / "backups")
    return PromptLibrary(PromptStore(database, SystemClock()), Bus()), database


def work(home: str, seed: int) -> None:
    """Until it is killed: each line of HOME/said-SEED is a text that was acknowledged as saved."""
    folder, chance = Path(home), random.Random(seed)
    prompts, _database = library(folder)
    said = os.open(folder / f"said-{seed}", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for step in range(STEPS):
        with suppress(StorageError):  # the other one had the lock for too long: told, not done
            _step(prompts, said, chance.choice(NAMES), f"{seed} {step}")
        time.sleep(0.001)


def _step(prompts: PromptLibrary, said: int, name: str, text: str) -> None:
    seen = next((one for one in prompts.all() if one.prompt.name == name), None)
    if seen is None:
        saved = prompts.save(Prompt(name.title(), name, text)).prompt
    else:
        saved = prompts.save(replace(seen.prompt, text=text), seen.id, instead_of=seen.version).prompt
    os.write(said, json.dumps(text).encode() + b"\n")
    if text.endswith("4"):
        prompts.remove(saved.id)
        prompts.bring_back(saved.id)


def lost(home: Path) -> list[str]:
    """What was acknowledged and is in no version of any prompt, or what does not fit together."""
    prompts, database = library(home)
    try:
        there = {version.prompt.text for one in (*prompts.all(), *prompts.bin()) for version in prompts.history(one.id)}
        said = [json.loads(line) for file in home.glob("said-*") for line in file.read_bytes().splitlines()]
        newest = database.rows(
            """SELECT id FROM prompts WHERE version != (SELECT max(number) FROM prompt_versions WHERE prompt_id = id)
               OR version != (SELECT count(*) FROM prompt_versions WHERE prompt_id = id)"""
        )
        names = [one.prompt.name for one in prompts.all()]
        wrong = [name for name in names if names.count(name) > 1]
        return [*(text for text in said if text not in there), *(str(row["id"]) for row in newest), *wrong,
                *([told] if (told := database.check()) != "ok" else [])]  # fmt: skip
    finally:
        database.close()
