"""The doctor's line about prompts."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes.launcher import FakeLauncher
from workbench.app import build
from workbench.diagnostics.checks import Status
from workbench.diagnostics.prompt_check import check_prompts
from workbench.paths import Paths
from workbench.prompts.prompt import Prompt


@pytest.mark.parametrize(
    ("kept", "damaged", "status", "detail"),
    [
        (0, (), Status.OK, "none yet"),
        (1, (), Status.OK, "1 kept"),
        (1234, (), Status.OK, "1,234 kept"),
        (2, ("plan",), Status.WARNING, "2 kept; the newest version of 1 cannot be read: plan"),
        (9, tuple("abcdefg"), Status.WARNING, "9 kept; the newest version of 7 cannot be read: a, b, c, d, e…"),
    ],
)
def test_what_is_told(kept: int, damaged: tuple[str, ...], status: Status, detail: str) -> None:
    check = check_prompts(kept, damaged)
    assert (check.name, check.status, check.detail) == ("prompts", status, detail)
    assert bool(check.hint) is bool(damaged)


def test_the_doctor_looks_at_the_library(tmp_path: Path) -> None:
    with closing(build(Paths(tmp_path / "home"), launcher=FakeLauncher("Hello."))) as workbench:
        workbench.prompts.save(Prompt("Plan", "plan", "Make a plan."))
        with workbench._database.write() as tx:
            tx.execute("UPDATE prompt_versions SET content = '{'")
        (told,) = [check for check in workbench.doctor().checks if check.name == "prompts"]
        assert told.detail == "none yet; the newest version of 1 cannot be read: plan"
