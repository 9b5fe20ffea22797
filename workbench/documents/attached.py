"""Which folders may be attached, and how people name them. Pure, but for looking at the folder itself."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from workbench.documents.collection import Collection
from workbench.errors import UsageError
from workbench.paths import Paths, given

LEAST_OF_AN_ID: Final = 2
_SHOW: Final = "`workbench folders list` shows those that are attached."


def as_folder(path: Path, paths: Paths) -> Path:
    """The folder that a person named, without links on the way. Raises `UsageError` for what is none, or may not be."""
    folder = given(str(path)).absolute()
    if not os.path.isdir(folder):  # noqa: PTH112 - pathlib raises where a folder above may not be read
        what = "is no folder" if os.path.lexists(folder) else "is not there"
        raise UsageError(f"{folder} {what}.", hint="Give the path of a folder.")
    folder = Path(os.path.realpath(folder))
    home = Path(os.path.realpath(paths.home))
    if folder.is_relative_to(home) or home.is_relative_to(folder):
        raise UsageError(
            f"{folder} holds Workbench's own data, or is in it.", hint="Attach the folders with your documents instead."
        )
    return folder


def found(name_or_id: str, collections: Iterable[Collection]) -> Collection:
    """By its name, its id or the beginning of it, or its path. Raises `UsageError` when it is none, or not just one."""
    known, wanted = tuple(collections), name_or_id.strip()
    path = os.path.realpath(given(wanted)) if wanted else ""
    for fits in (
        [one for one in known if one.name.casefold() == wanted.casefold()],
        [one for one in known if one.id == wanted or str(one.path) == path],
        [one for one in known if len(wanted) >= LEAST_OF_AN_ID and one.id.startswith(wanted)],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            names = ", ".join(repr(one.name) for one in fits)
            raise UsageError(f"{wanted!r} could be {names}.", hint="Give the name, or more of the id.")
    raise UsageError(f"No folder {wanted!r} is attached.", hint=_SHOW)
