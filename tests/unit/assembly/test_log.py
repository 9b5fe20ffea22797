"""The program's log."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

import pytest

from workbench.assembly.log import Log

FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="a device that is always full is Linux's")
def test_a_log_that_cannot_be_written_says_nothing_between_the_words_of_an_answer(
    capfd: pytest.CaptureFixture[str],
) -> None:
    log = Log(FULL, maxBytes=1000)
    log.handle(logging.makeLogRecord({"msg": "checkpoint not saved"}))
    with suppress(OSError):  # closing tries once more
        log.close()
    assert capfd.readouterr() == ("", "")
