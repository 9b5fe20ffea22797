"""Ollama: ``manifests/<host>/<namespace>/<model>/<tag>`` names layers, and ``blobs/sha256-<hex>`` holds their bytes.

A digest comes from a registry: only one of exactly 64 hexadecimal digits ever becomes a part of a path.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from workbench.cancel import CancelToken
from workbench.models.adoption import OLLAMA, Candidate
from workbench.models.finders.places import Places, distinct
from workbench.models.finders.walk import read_text, walk
from workbench.models.library import file_bytes

LEVELS: Final = 3  # host, namespace, model; the tag is a file
DEFAULT_HOST, DEFAULT_NAMESPACE = "registry.ollama.ai", "library"
_SERVICES: Final = ("/usr/share/ollama/.ollama/models", "/var/lib/ollama", "/var/snap/ollama/common/models")
_DIGEST: Final = re.compile(r"sha256[:-]([0-9a-f]{64})")
_MODEL, _PROJECTOR, _ADAPTER, _TENSOR = (
    f"application/vnd.ollama.image.{kind}" for kind in ("model", "projector", "adapter", "tensor")
)


@dataclass(frozen=True, slots=True)
class Layer:
    kind: str
    blob: Path
    bytes: int | None


def folders(places: Places) -> tuple[Path, ...]:
    """The set folder, the person's own, and those of the system's service on Linux."""
    service = _SERVICES if places.platform == "linux" else ()
    return distinct((places.named("OLLAMA_MODELS"), places.home / ".ollama" / "models", *map(Path, service)))


def find(roots: Iterable[Path], cancel: CancelToken) -> Iterator[Candidate]:
    """Raises `Cancelled`."""
    for root in roots:
        manifests = root / "manifests"
        for folder in walk(manifests, cancel, depth=LEVELS):
            names = folder.path.relative_to(manifests).parts
            if len(names) == LEVELS:
                for tag in folder.files:
                    cancel.check()
                    yield from _candidate(_title(names, tag), _layers(folder.path / tag, root / "blobs"))


def _title(names: tuple[str, ...], tag: str) -> str:
    """As the person calls it: ``gpt-oss:20b``, with what is unusual of its origin before it."""
    host, namespace, model = names
    unusual = [host] if host != DEFAULT_HOST else []
    unusual += [namespace] if unusual or namespace != DEFAULT_NAMESPACE else []
    return f"{'/'.join([*unusual, model])}:{tag}"


def _layers(manifest: Path, blobs: Path) -> list[Layer]:
    """The layers that can be followed; none for a manifest that makes no sense."""
    try:
        listed = json.loads(read_text(manifest))["layers"]
        return [layer for entry in listed if (layer := _layer(entry, blobs))]
    except (ValueError, TypeError, KeyError, RecursionError):
        return []


def _layer(entry: Any, blobs: Path) -> Layer | None:
    digest = _DIGEST.fullmatch(str(entry["digest"]))
    size = entry.get("size")
    if not digest:
        return None
    return Layer(str(entry["mediaType"]), blobs / f"sha256-{digest[1]}", size if type(size) is int else None)


def _candidate(title: str, layers: list[Layer]) -> Iterator[Candidate]:
    models = [layer for layer in layers if layer.kind == _MODEL]
    if not models:  # a model of Ollama's cloud, or in its own form of single tensors
        return
    projector = next((layer.blob for layer in layers if layer.kind == _PROJECTOR and layer.blob.is_file()), None)
    yield Candidate(OLLAMA, title, (models[0].blob,), projector, problem=_problem(models, layers))


def _problem(models: list[Layer], layers: list[Layer]) -> str:
    kinds = {layer.kind for layer in layers}
    if len(models) > 1 or _TENSOR in kinds:
        return "It comes in parts that only Ollama puts together."
    if _ADAPTER in kinds:
        return "It is changed by an adapter, which only Ollama applies."
    if not models[0].blob.is_file():
        return "Its file is not there: an unfinished download, or it was deleted."
    if models[0].bytes not in (None, file_bytes(models[0].blob)):
        return "Its file is not complete: an unfinished download."
    return ""
