"""Which model of the catalog a file is: by its name, checked against what its header says."""

from __future__ import annotations

import re
from typing import Final

from workbench.models.catalog.model import CatalogModel
from workbench.models.gguf.header import Header
from workbench.models.gguf.shards import bare_name

# What may stand around a model's own name in the name of a build of it: anything else makes it another model (a
# fine-tune, an abliterated one).
_OWNER: Final = re.compile(r"^[a-z0-9.]+_(?=.*-)")
_BUILD_WORDS: Final = re.compile(
    r"ud|it|instruct|chat|gguf|mlx|qat|mtp|dwq|imat|i1|latest|moe|a\d+b|\d+bit|gs\d+|"
    r"[kms]|0|1|xs|xxs|nl|l|xl|i?q\d(?:_[a-z0-9]+)*|(?:bf|f|fp)(?:16|32|8)|mxfp[48]|nvfp4"
)


def identify(name: str, catalog: tuple[CatalogModel, ...], header: Header | None = None) -> CatalogModel | None:
    """The model of the catalog that ``name`` (a file, a folder or a tag like ``gpt-oss:20b``) is a build of, or None.

    The longest id that begins the name; a header that contradicts it in its number of layers refutes it.
    """
    wanted = _OWNER.sub("", bare_name(name.rpartition("/")[2]).lower()).replace(":", "-")
    fitting = [model for model in catalog if _is_build_of(wanted, model.id)]
    model = max(fitting, key=lambda model: len(model.id), default=None)
    return None if model and header and _refutes(header, model) else model


def _refutes(header: Header, model: CatalogModel) -> bool:
    """Another number of layers, where both are known; one more is that of multi-token prediction."""
    if not (header.block_count and model.layers):
        return False
    return not 0 <= header.block_count - model.layers <= 1


def _is_build_of(name: str, identifier: str) -> bool:
    if name == identifier:
        return True
    if not name.startswith(f"{identifier}-"):
        return False
    return all(_BUILD_WORDS.fullmatch(word) for word in re.split(r"[-.]", name[len(identifier) + 1 :]))


def equivalent_bytes(model: CatalogModel) -> int | None:
    """What the first build of the model with a known size takes on the disk."""
    sizes = (file.bytes or file.about_bytes for file in model.files)
    return next((size for size in sizes if size), None)
