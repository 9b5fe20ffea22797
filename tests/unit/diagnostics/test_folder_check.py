"""What the doctor says of document folders."""

from __future__ import annotations

from pathlib import Path

from workbench.diagnostics.checks import Status
from workbench.diagnostics.folder_check import check_folders
from workbench.documents.collection import Collection, CollectionState, FileStatus


def state(problem: str = "", **counts: int) -> CollectionState:
    files = {FileStatus(status): count for status, count in counts.items()}
    return CollectionState(Collection("1", "Papers", Path("/papers")), files, problem=problem)


def test_no_folder_is_in_order() -> None:
    found = check_folders([])
    assert (found.status, found.detail) == (Status.OK, "none is attached")


def test_folders_that_are_read_are_counted() -> None:
    found = check_folders([state(indexed=1200, skipped=3), state(indexed=1)])
    assert (found.status, found.detail, found.hint) == (Status.OK, "2 attached, 1,201 of 1,204 files read", "")


def test_files_that_could_not_be_read_are_a_warning() -> None:
    found = check_folders([state(indexed=1, failed=2, no_permission=1)])
    assert found.status is Status.WARNING
    assert found.detail == "1 attached, 1 of 4 files read; 2 could not be read; 1 may not be read by this user"
    assert "--status failed" in found.hint


def test_a_folder_that_is_away_is_a_warning() -> None:
    found = check_folders([state("Its drive is not there.", offline=2)])
    assert found.status is Status.WARNING
    assert found.detail == "1 attached, 0 of 2 files read; Papers: Its drive is not there."
    assert found.hint
