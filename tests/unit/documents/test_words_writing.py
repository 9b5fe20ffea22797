"""What writes an index of words: nobody waits for parts of it that are put together."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from workbench.documents.retrieval.tantivy_writing import MOST_PARTS, Writing


class Parts:
    """An index of so many parts, and all its writers: what each was told."""

    def __init__(self, parts: int) -> None:
        self.parts = parts
        self.told: list[list[str]] = []

    def writer(self, _bytes: int, _threads: int) -> SimpleNamespace:
        told: list[str] = []
        self.told.append(told)
        return SimpleNamespace(
            commit=lambda: told.append("commit"),
            rollback=lambda: told.append("rollback"),
            wait_merging_threads=lambda: told.append("wait"),
        )

    def searcher(self) -> SimpleNamespace:
        return SimpleNamespace(num_segments=self.parts)


def written(writing: Writing, index: Parts) -> None:
    assert writing.begin()
    with writing.commit(index, lambda: None):
        pass


def test_one_writer_commits_again_and_again_and_waits_for_nothing(tmp_path: Path) -> None:
    writing, index = Writing(tmp_path / "words"), Parts(MOST_PARTS + 1)
    written(writing, index)
    written(writing, index)
    writing.end()
    assert index.told == [["commit", "commit"]]
    written(writing, index)
    writing.end()
    assert index.told == [["commit", "commit"], ["commit"]]


@pytest.mark.parametrize(("parts", "last"), [(MOST_PARTS, "commit"), (MOST_PARTS + 1, "wait")])
def test_many_parts_are_put_together_before_the_program_ends(tmp_path: Path, parts: int, last: str) -> None:
    writing, index = Writing(tmp_path / "words"), Parts(parts)
    written(writing, index)
    writing.end(tidy=True)
    assert index.told[0][-1] == last


def test_what_failed_is_as_if_it_had_not_begun(tmp_path: Path) -> None:
    writing, index = Writing(tmp_path / "words"), Parts(1)

    def fail() -> None:
        raise OSError(28, "No space left on device")

    assert writing.begin()
    with pytest.raises(OSError, match="No space"), writing.commit(index, fail):
        pass
    written(writing, index)
    writing.end()
    assert index.told == [["commit", "rollback"], ["commit"]]


def test_another_index_gets_a_writer_of_its_own(tmp_path: Path) -> None:
    writing, first, second = Writing(tmp_path / "words"), Parts(1), Parts(1)
    written(writing, first)
    written(writing, second)
    writing.end()
    assert (first.told, second.told) == ([["commit"]], [["commit"]])


def test_one_process_writes_until_it_ends(tmp_path: Path) -> None:
    first, second = Writing(tmp_path / "words"), Writing(tmp_path / "words")
    assert first.begin()
    assert not second.begin()
    first.end()
    assert second.begin()
    second.end()
