"""GGUF and MLX models in any folder: what the person names, and llama.cpp's own cache of before it used the hub's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.models.adoption import FOLDER, Candidate
from workbench.models.finders.places import Places, distinct
from workbench.models.finders.walk import Folder, read_text, walk
from workbench.models.gguf.shards import bare_name, shard_paths


def folders(places: Places) -> tuple[Path, ...]:
    return distinct((places.named("LLAMA_CACHE"), places.caches / "llama.cpp"))


def find(roots: Iterable[Path], cancel: CancelToken, program: str = FOLDER) -> Iterator[Candidate]:
    """Every model below the folders; a root may also be a GGUF file itself. Raises `Cancelled`."""
    for root in roots:
        if root.is_file():
            yield from ggufs(Folder(root.parent, (root.name,)), program)
            continue
        for folder in walk(root, cancel):
            yield from ggufs(folder, program)
            yield from mlx(folder, program)


def ggufs(folder: Folder, program: str) -> Iterator[Candidate]:
    """The models of one folder; the parts of one are one, also where the first is missing."""
    names = [name for name in folder.files if name.lower().endswith(".gguf")]
    for parts in dict.fromkeys(shard_paths(folder.path / name) for name in names):
        yield Candidate(program, bare_name(parts[0].name), parts)


def mlx(folder: Folder, program: str, name: str = "") -> Iterator[Candidate]:
    """The folder itself, if it holds an MLX model: weights with a `config.json` that says how MLX packed them."""
    if "config.json" not in folder.files or not any(file.endswith(".safetensors") for file in folder.files):
        return
    name = name or folder.path.name
    if _is_packed_by_mlx(folder.path / "config.json") or any("mlx" in part.lower() for part in folder.path.parts[-4:]):
        yield Candidate(program, name, (folder.path,), mlx=True)


def _is_packed_by_mlx(config: Path) -> bool:
    try:
        packing = json.loads(read_text(config)).get("quantization")
    except (ValueError, AttributeError, RecursionError):
        return False
    return isinstance(packing, dict) and "group_size" in packing
