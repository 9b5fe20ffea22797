"""The Hugging Face cache: ``models--org--name/snapshots/<commit>/`` links into ``blobs``, whose names are sha256."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from workbench.cancel import CancelToken
from workbench.models.adoption import HUGGING_FACE, Candidate
from workbench.models.finders import folder
from workbench.models.finders.places import Places, distinct
from workbench.models.finders.walk import read_text, walk

_PREFIX: Final = "models--"
MAX_REPOSITORIES: Final = 10_000


def folders(places: Places) -> tuple[Path, ...]:
    """`HF_HUB_CACHE`, `hub` in `HF_HOME`, and the default on every system: `~/.cache/huggingface/hub`."""
    home = places.named("HF_HOME")
    cache = places.named("XDG_CACHE_HOME") or places.home / ".cache"
    return distinct(
        (
            places.named("HF_HUB_CACHE") or places.named("HUGGINGFACE_HUB_CACHE"),
            home / "hub" if home else None,
            cache / "huggingface" / "hub",
        )
    )


def find(roots: Iterable[Path], cancel: CancelToken) -> Iterator[Candidate]:
    """Each file of a repository once, from the newest snapshot that has it. Raises `Cancelled`."""
    for root in roots:
        for repository in _repositories(root):
            cancel.check()
            seen: set[str] = set()
            for snapshot in _snapshots(repository):
                for candidate in _in_snapshot(snapshot, repository, cancel):
                    name = str(candidate.path.relative_to(snapshot))
                    if name not in seen:
                        seen.add(name)
                        yield candidate


def _repositories(root: Path) -> list[Path]:
    try:
        names = sorted(name for name in os.listdir(root) if name.startswith(_PREFIX))  # noqa: PTH208 - names are enough
    except OSError:
        return []
    return [root / name for name in names[:MAX_REPOSITORIES]]


def _snapshots(repository: Path) -> list[Path]:
    """Newest first: the one that ``main`` stands for, then by time."""
    main = read_text(repository / "refs" / "main").strip()  # only compared with what is there
    try:
        dated = [(path.stat().st_mtime, path) for path in (repository / "snapshots").iterdir() if path.is_dir()]
    except OSError:
        return []
    return [path for _, path in sorted(dated, key=lambda pair: (pair[1].name == main, pair[0]), reverse=True)]


def _in_snapshot(snapshot: Path, repository: Path, cancel: CancelToken) -> Iterator[Candidate]:
    title = repository.name.removeprefix(_PREFIX).rpartition("--")[2]
    for place in walk(snapshot, cancel, depth=3):
        yield from folder.ggufs(place, HUGGING_FACE)
        yield from folder.mlx(place, HUGGING_FACE, title)
