"""Models of other programs on this disk, used in place and never written to. What is found is in `finders`."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from workbench.cancel import CancelToken
from workbench.errors import ModelError
from workbench.models.catalog.identify import equivalent_bytes, identify
from workbench.models.catalog.model import CatalogModel
from workbench.models.gguf.header import Header
from workbench.models.gguf.kind import PROBLEMS, Kind, kind_of
from workbench.models.library import HeaderCache, file_bytes, relative_key
from workbench.models.pairing import pair_projector
from workbench.models.store import Record, StoredFile

LM_STUDIO: Final = "LM Studio"
OLLAMA: Final = "Ollama"
HUGGING_FACE: Final = "Hugging Face cache"
FOLDER: Final = "Folder"

# The program, as `models list --json` names where a model came from.
SOURCES: Final = {LM_STUDIO: "lmstudio", OLLAMA: "ollama", HUGGING_FACE: "huggingface", FOLDER: "folder"}

MLX: Final = "It is made for Apple's MLX, which llama.cpp cannot read."
NOT_TEXT: Final = "Its path has bytes that are no text: rename the file or folder."

# Ollama and the Hugging Face cache call a blob after its content: `sha256-<hex>`, `<hex>`.
_CONTENT_NAME: Final = re.compile(r"(?:sha256-)?([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a finder came across: the parts of one model in order, unread. ``mlx``: ``path`` is a folder of MLX files.

    ``problem``: what the other program's own records say against using it, empty when nothing.
    """

    program: str
    name: str
    parts: tuple[Path, ...]
    projector: Path | None = None
    mlx: bool = False
    problem: str = ""

    @property
    def path(self) -> Path:
        return self.parts[0]


@dataclass(frozen=True, slots=True)
class FoundModel:
    """``program``: LM Studio, Ollama, Hugging Face cache, or Folder. ``path``: the (first) GGUF file, or the MLX folder.

    ``usable`` False: ``problem`` says why (MLX is not for llama.cpp, a broken header), and ``equivalent`` names a GGUF of
    the catalog (its id) with ``equivalent_bytes``, where one is known. ``catalog_id``: which catalog model it is, if known.
    ``can_chat``: it has a chat template. ``adopted``: it is in the library already. ``bytes``: of all its files.
    """

    program: str
    name: str
    path: Path
    bytes: int
    shards: tuple[Path, ...] = ()
    projector: Path | None = None
    sha256: str | None = None
    catalog_id: str | None = None
    architecture: str = ""
    quantization: str = ""
    can_chat: bool = True
    usable: bool = True
    problem: str = ""
    equivalent: str | None = None
    equivalent_bytes: int | None = None
    adopted: bool = False


def pinned_sha256(path: Path) -> str | None:
    """The sha256 that another program pinned by calling the file after it, None where it did not."""
    found = _CONTENT_NAME.fullmatch(real_path(path).name)
    return found[1] if found else None


def real_path(path: Path) -> Path:
    """Where the file really is: links followed as far as they lead."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a circle of links
        return path


# Looking --------------------------------------------------------------------------------------------------------------


def look_at(
    candidates: Iterable[Candidate],
    catalog: tuple[CatalogModel, ...],
    here: Collection[Path],
    headers: HeaderCache,
    cancel: CancelToken,
) -> tuple[FoundModel, ...]:
    """What the candidates are, each file once, the usable and larger ones first. ``here``: the paths of the library.

    Raises `Cancelled`.
    """
    once: dict[Path, Candidate] = {}
    for candidate in candidates:
        cancel.check()
        once.setdefault(real_path(candidate.path), candidate)
    read: list[tuple[Candidate, Header | None, str]] = []
    for candidate in once.values():
        cancel.check()
        read.append((candidate, *_read(candidate, headers)))
    projectors = [candidate.path for candidate, header, _ in read if header and kind_of(header) is Kind.PROJECTOR]
    files = [candidate.path for candidate in once.values()]
    library = {real_path(path) for path in here}
    found: list[FoundModel] = []
    for candidate, header, problem in read:
        if candidate.path not in projectors:
            projector = candidate.projector or pair_projector(candidate.path, files, projectors)
            one = _found(candidate, header, problem, projector, catalog)
            found.append(replace(one, adopted=real_path(candidate.path) in library))
    return tuple(sorted(found, key=lambda one: (not one.usable, -one.bytes, one.name)))


def _read(candidate: Candidate, headers: HeaderCache) -> tuple[Header | None, str]:
    """The header, or None and what is wrong."""
    if candidate.mlx:
        return None, MLX
    try:
        return headers.read_model(candidate.parts), ""
    except ModelError as error:
        return None, error.message


def _found(
    candidate: Candidate,
    header: Header | None,
    problem: str,
    projector: Path | None,
    catalog: tuple[CatalogModel, ...],
) -> FoundModel:
    problem = candidate.problem or problem or (PROBLEMS[kind_of(header)] if header else "")
    if not _is_text(candidate.path):
        problem = NOT_TEXT
    known = identify(candidate.name, catalog, header)
    return FoundModel(
        program=candidate.program,
        name=candidate.name,
        path=candidate.path,
        bytes=_bytes(candidate) + (file_bytes(projector) if projector else 0),
        shards=() if candidate.mlx else candidate.parts,
        projector=projector,
        sha256=None if candidate.mlx else pinned_sha256(candidate.path),
        catalog_id=known.id if known else None,
        architecture=header.architecture if header else "",
        quantization=header.file_type if header else "",
        can_chat=not problem and header is not None and header.chat_template is not None,
        usable=not problem,
        problem=problem,
        equivalent=known.id if known and problem else None,
        equivalent_bytes=equivalent_bytes(known) if known and problem else None,
    )


def _bytes(candidate: Candidate) -> int:
    if not candidate.mlx:
        return sum(file_bytes(part) for part in candidate.parts)
    try:
        return sum(file_bytes(path) for path in candidate.path.glob("*.safetensors"))
    except OSError:
        return 0


def _is_text(path: Path) -> bool:
    try:
        os.fsencode(path).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


# Adopting -------------------------------------------------------------------------------------------------------------


def adopted_record(found: FoundModel, folder: Path, identifier: str) -> Record:
    """What is remembered of a model that is used where it is; ``folder``: the models folder."""
    further: Sequence[Path] = (*found.shards[1:], *((found.projector,) if found.projector else ()))
    return Record(
        path=relative_key(found.path, folder),
        id=identifier,
        name=found.name,
        bytes=found.bytes,
        sha256=found.sha256,
        source=SOURCES[found.program],
        adopted=True,
        catalog_id=found.catalog_id or "",
        files=tuple(StoredFile(relative_key(path, folder), file_bytes(path), pinned_sha256(path)) for path in further),
        projector=relative_key(found.projector, folder) if found.projector else "",
    )
