"""Which projector (`mmproj`) belongs to which model: judged by where they lie and how they are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from workbench.models.gguf.shards import bare_name

# What file names say beside the model's own name: how it was packed, and that it is a projector.
_PACKING = re.compile(
    r"(?i)(^|[-_.])(mmproj|model|ud|qat|gguf|imat|i1|(?:bf|fp?)(?:16|32)|i?q\d(?:[-_](?:k|0|1|xxs|xs|s|m|l|xl|nl))*|mxfp4(?:[-_]moe)?|nvfp4)(?=$|[-_.])"
)


def plain_name(name: str) -> str:
    """A file's name without its ending, part number, packing and the word for a projector, in lower case."""
    plain, before = bare_name(name), ""
    while plain != before:
        before, plain = plain, _PACKING.sub("", plain)
    return plain.strip("-_.").lower()


def pair_projector(model: Path, models: Sequence[Path], projectors: Sequence[Path]) -> Path | None:
    """The one of ``projectors`` that belongs to ``model``, from the same folder: of the same plain name, or, where the
    folder holds builds of one model only, of a name that does not contradict it. F16 first: every engine runs it well.
    """
    beside = [path for path in projectors if path.parent == model.parent]
    if not beside:
        return None
    beside.sort(key=lambda path: ("-f16" not in path.name.lower(), path.name))
    wanted = plain_name(model.name)
    names = {plain_name(path.name) for path in models if path.parent == model.parent and path not in projectors}
    for path in beside:
        name = plain_name(path.name)
        if name == wanted or (len(names) == 1 and (wanted.startswith(name) or name.startswith(wanted))):
            return path
    return None
