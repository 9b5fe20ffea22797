"""The doctor's line about document folders."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.diagnostics.checks import Check, Status
from workbench.documents.collection import CollectionState, FileStatus


def check_folders(states: Sequence[CollectionState]) -> Check:
    """Pure. A warning where a folder cannot be read, or files of one could not."""
    if not states:
        return Check("folders", Status.OK, "none is attached")
    read = sum(state.counts.get(FileStatus.INDEXED, 0) for state in states)
    told = [f"{len(states)} attached, {read:,} of {sum(state.files for state in states):,} files read"]
    away = [f"{state.collection.name}: {state.problem}" for state in states if state.problem]
    if away:
        return Check("folders", Status.WARNING, "; ".join([*told, *away]), _OF_A_FOLDER)
    refused = {status: sum(state.counts.get(status, 0) for state in states) for status in _TROUBLE}
    if any(refused.values()):
        told += [f"{count:,} {_TROUBLE[status]}" for status, count in refused.items() if count]
        return Check("folders", Status.WARNING, "; ".join(told), _OF_FILES)
    return Check("folders", Status.OK, "; ".join(told))


_TROUBLE = {FileStatus.FAILED: "could not be read", FileStatus.NO_PERMISSION: "may not be read by this user"}
_OF_A_FOLDER = "`workbench folders status NAME` tells more; `folders change NAME --path PATH` when it is elsewhere now."
_OF_FILES = "`workbench folders status NAME --status failed --status no_permission` shows them, and why."
