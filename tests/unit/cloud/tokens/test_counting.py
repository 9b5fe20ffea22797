"""The child that counts: it answers, says what is wrong, and ends with what keeps it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import until
from workbench import entry
from workbench.cancel import CancelToken
from workbench.cloud.tokens import child
from workbench.cloud.tokens.counting import PublishedTokens
from workbench.engine.counting.keeper import Keeper
from workbench.errors import EngineError


def test_the_texts_of_a_request_are_counted_together() -> None:
    tokens = PublishedTokens()
    try:
        assert tokens.count(["Hello, world!", "tiktoken is great!\n"], CancelToken()) == 4 + 6
        assert tokens.count([], CancelToken()) == 0
    finally:
        tokens.close()


def test_a_child_that_has_ended_is_told_and_the_next_one_counts() -> None:
    made: list[PublishedTokens] = []

    def make(_cancel: CancelToken) -> PublishedTokens:
        made.append(PublishedTokens())
        return made[-1]

    keeper = Keeper(make)
    try:
        assert keeper.count(["one"], wait=True) == 1
        made[0]._process.kill()
        with pytest.raises(EngineError, match="has ended"):
            keeper.count(["one"], wait=True)
        assert keeper.count(["one"], wait=True) == 1
    finally:
        keeper.close()
    assert len(made) == 2


def test_it_ends_with_its_input() -> None:
    process = subprocess.Popen(
        child.command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(entry.__file__).parent.parent
    )
    out, _ = process.communicate(b'["one two"]\n', timeout=30)
    assert (process.returncode, out) == (0, b'{"tokens": 2}\n')


def test_the_frozen_program_knows_its_child() -> None:
    assert entry.CHILDREN[child.CHILD_FLAG] == child.__name__
    assert child.command()[0] == sys.executable


def test_nothing_lives_on_when_nobody_asks() -> None:
    keeper = Keeper(lambda _cancel: PublishedTokens(), idle_seconds=0.05)
    assert keeper.count(["one"], wait=True) == 1
    until(lambda: not keeper.is_kept)
    assert keeper.count(["one"], wait=True) == 1, "it is made anew"
    keeper.close()
