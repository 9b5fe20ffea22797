"""What prompts that are pinned to a project tell the model first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes.workbench import FakeWorkbench
from workbench.assembly.pinned import told_by_pinned
from workbench.prompts.filling.fill import Filler, Ground
from workbench.prompts.prompt import Prompt, Step, Variable


@pytest.fixture
def world(tmp_path: Path) -> FakeWorkbench:
    return FakeWorkbench(tmp_path)


def told(world: FakeWorkbench) -> Callable[[list[str]], tuple[str, ...]]:
    filler = Filler(
        lambda: Ground(datetime(2026, 11, 23, tzinfo=UTC), "Ada"), world.filler._sources, world.filler._renderer
    )
    return told_by_pinned(lambda: world.prompts, lambda: filler)


def test_their_system_parts_in_order_by_name_or_id(world: FakeWorkbench) -> None:
    critic = world.prompts.save(Prompt("Critic", "critic", "Look at it.", "You doubt everything.")).prompt
    world.prompts.save(
        Prompt(
            "Tutor",
            "tutor",
            "Teach.",
            "You teach {{ user_name }} {{ subject }}.",
            (Variable("subject", default="Welsh"),),
        )
    )
    world.prompts.save(Prompt("Plain", "plain", "Only a text."))
    assert told(world)(["Tutor", "plain", critic.id]) == ("You teach Ada Welsh.", "You doubt everything.")


def test_one_that_is_gone_or_wants_to_be_asked_says_nothing(world: FakeWorkbench) -> None:
    gone = world.prompts.save(Prompt("Gone", "gone", "x", "Old words.")).prompt
    world.prompts.remove(gone.id)
    world.prompts.save(Prompt("Asks", "asks", "x", "You speak {{ tongue }}."))
    assert told(world)(["gone", gone.id, "asks", "never there"]) == ()


def test_of_one_with_steps_the_first_counts(world: FakeWorkbench) -> None:
    steps = (Step("one", "a", "First words."), Step("two", "b", "Later words."))
    world.prompts.save(Prompt("Line", "line", steps=steps))
    assert told(world)(["line"]) == ("First words.",)
