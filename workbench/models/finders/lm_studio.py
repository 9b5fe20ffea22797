"""LM Studio: ``models/<publisher>/<model>/*.gguf`` in its home, or in the folder that its settings name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.models.adoption import LM_STUDIO, Candidate
from workbench.models.finders import folder
from workbench.models.finders.places import Places, absolute, distinct
from workbench.models.finders.walk import read_text


def folders(places: Places) -> tuple[Path, ...]:
    """The pointer file says where its home is; without one it is `~/.lmstudio`, before 2025 `~/.cache/lm-studio`."""
    pointed = absolute(read_text(places.home / ".lmstudio-home-pointer"), places.home)
    homes = [home for home in (pointed, places.home / ".lmstudio", places.home / ".cache" / "lm-studio") if home]
    settings = [*(home / "settings.json" for home in homes), places.application_data / "LM Studio" / "settings.json"]
    chosen = [_downloads_folder(path, places.home) for path in settings]
    return distinct([*(home / "models" for home in homes), *chosen])


def find(roots: Iterable[Path], cancel: CancelToken) -> Iterator[Candidate]:
    """Raises `Cancelled`."""
    return folder.find(roots, cancel, LM_STUDIO)


def _downloads_folder(settings: Path, home: Path) -> Path | None:
    try:
        chosen = json.loads(read_text(settings)).get("downloadsFolder")
    except (ValueError, AttributeError, RecursionError):
        return None
    return absolute(chosen, home) if isinstance(chosen, str) else None
