"""A model of the catalog out of any GGUF repository: its builds by their names, its shape from a header. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from workbench.errors import UsageError
from workbench.models.catalog.model import CatalogFile, CatalogModel
from workbench.models.fetching import reference as references
from workbench.models.fetching.hub import HubFile, Listing, choose_projector
from workbench.models.gguf.header import Header
from workbench.models.sizing import shapes

OPEN_LICENCES: Final = frozenset({"apache-2.0", "mit", "bsd-2-clause", "bsd-3-clause", "cc0-1.0", "isc", "unlicense"})
READ_LICENCE: Final = "Read it before use at work."
_QUANTIZATION: Final = re.compile(
    r"(?:UD-)?(?:I?Q\d[A-Z0-9_]*|TQ\d_\d|MXFP4(?:_MOE)?|NVFP4|BF16|F16|F32)", re.IGNORECASE
)
_NO_MODEL: Final = re.compile(r"imatrix|^(?:mtp|draft|eagle\d?)-", re.IGNORECASE)


def builds(listing: Listing) -> tuple[CatalogFile, ...]:
    """Each complete build, with its shards and projector, the smallest first. Raises `UsageError` when there is none."""
    there = {file.path: file for file in listing.files}
    found = []
    for path in there:
        if (
            not path.lower().endswith(".gguf")
            or references.is_projector(path)
            or _NO_MODEL.search(PurePosixPath(path).name)
        ):
            continue
        parts = references.shards(path)
        if parts[0] == path and all(part in there for part in parts):
            found.append(_build(listing, [there[part] for part in parts], there))
    if not found:
        raise UsageError(
            f"{listing.repository} has no GGUF model in it.",
            hint="Look for a repository of the same model whose name ends in -GGUF.",
        )
    return tuple(sorted(found, key=lambda file: (file.bytes or 0, file.file)))


def _build(listing: Listing, parts: list[HubFile], there: dict[str, HubFile]) -> CatalogFile:
    first = parts[0]
    sizes = [part.bytes for part in parts]
    projector = there.get(choose_projector(there, first.path))
    return CatalogFile(
        repository=listing.repository,
        file=first.path,
        quantization=quantization(first.path),
        bytes=sum(size or 0 for size in sizes) if all(sizes) else None,
        sha256=first.sha256 if len(parts) == 1 else None,
        revision=listing.commit if references.is_commit(listing.commit) else None,
        shards=tuple(part.path for part in parts),
        shard_sha256=tuple(part.sha256 for part in parts) if len(parts) > 1 else (),
        projector=projector.path if projector else "",
        projector_bytes=(projector.bytes or 0) if projector else 0,
        projector_sha256=projector.sha256 if projector else None,
    )


def quantization(path: str) -> str:
    """The kind of the weights as the file's name tells it, empty when it does not."""
    found = _QUANTIZATION.findall(PurePosixPath(path).name)
    return found[-1].upper() if found else ""


def first_to_read(found: tuple[CatalogFile, ...]) -> CatalogFile:
    """The build whose header tells the shape with the fewest requests; it is the same in all."""
    return min(found, key=lambda file: len(file.shards))


def model(listing: Listing, found: tuple[CatalogFile, ...], header: Header) -> CatalogModel:
    """The entry for ``listing``. What a header cannot tell (figures, sampling) stays empty."""
    owner, _, name = listing.repository.partition("/")
    shape = shapes.from_header(header)
    template = header.chat_template or ""
    thinks = "enable_thinking" in template
    return CatalogModel(
        id=listing.repository.lower(),
        name=header.name or name,
        vendor=owner,
        family=header.architecture,
        licence=listing.licence,
        licence_terms="" if listing.licence in OPEN_LICENCES else READ_LICENCE,
        released="",
        architecture=header.architecture,
        parameters=shape.parameters or 1,
        active_parameters=shape.active_parameters or shape.parameters or 1,
        layers=shape.layers,
        hidden=shape.hidden,
        vocabulary=shape.vocabulary,
        context_length=shape.context_length or 4096,
        experts=header.expert_count or 0,
        experts_used=header.expert_used_count or 0,
        cache=shape.cache,
        active_bytes=None,
        effort="enable_thinking" if thinks else "none",
        effort_values=("none", "on") if thinks else ("none",),
        default_effort="on" if thinks else "none",
        tools="tools" in template,
        vision=any(file.projector for file in found),
        files=tuple(replace(file, quantization=file.quantization or header.file_type) for file in found),
        note="" if template else "It has no chat template: it goes on with a text and does not answer.",
        user_added=True,
    )
