"""What is said where tools were asked for and none could be offered."""

from __future__ import annotations

import pytest

from workbench.chat.asking.options import Options
from workbench.chat.tooling.offering import none_offered
from workbench.tools.tool import ToolSpec

CLOCK = ToolSpec("now", "Look at the clock", "The time.", {"type": "object"})


@pytest.mark.parametrize(
    ("asked", "specs", "told"),
    [(("now",), (), True), (("now",), (CLOCK,), False), ((), (), False), (None, (), False)],
)
def test_tools_that_were_asked_for_and_are_not_offered_are_told(
    asked: tuple[str, ...] | None, specs: tuple[ToolSpec, ...], told: bool
) -> None:
    words = none_offered(Options(tools=asked), specs, "Smol")
    assert bool(words) is told
    assert words.startswith("Smol was offered no tools") is told
