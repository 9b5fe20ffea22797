"""Access, as assistive technology has it: real keys, and what AT-SPI tells of the answers and of what has the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Display, Program, ScreenReader, change
from tests.e2e.test_window import LONG, answered, ask
from tests.e2e.test_window import with_model as with_model

pytestmark = [pytest.mark.display, pytest.mark.engine]
UNKNOWN_ROLES = {"unknown", "filler", "invalid", "redundant object", ""}


def walked(reader: ScreenReader, display: Display, most: int = 120) -> list[tuple[str, str]]:
    """Role and name of each stop of Tab, from what has the keyboard now until it comes round."""
    stops: list[tuple[str, str]] = []
    for _step in range(most):
        role, name = reader.until(lambda: reader("focused"))
        if stops and (role, name) == stops[0]:
            return stops
        stops.append((role, name))
        display.keys("Tab")
    pytest.fail(f"Tab does not come round: {stops}")


def test_an_answer_is_heard_in_sentences_while_it_is_written(
    with_model: Path, open_window: Callable[[], Program], reader: ScreenReader
) -> None:
    change(with_model, ("chat.max_tokens", 120))
    program = open_window()
    reader.until(lambda: reader.hears("SmolLM2"))
    before = len(reader("announced"))
    ask(reader, LONG)
    reader.until(lambda: "Answer finished." in reader("announced") and answered(reader), 60)
    heard = reader("announced")[before:]
    answer = max(reader("words"), key=len)
    assert heard[-1] == "Answer finished."
    said = [words for words in heard if " ".join(words.split()[:6]) in " ".join(answer.split())]
    assert len(said) >= 2, heard
    assert program.end() == 0


@pytest.mark.parametrize("page", ["chat", "settings"])
def test_tab_reaches_names_and_roles_only(
    with_model: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display, page: str
) -> None:
    program = open_window()
    reader.until(lambda: reader.hears("SmolLM2"))
    if page == "settings":
        display.keys("ctrl+comma")
        reader.until(lambda: reader("exists", "Close settings"))
    stops = walked(reader, display)
    assert [stop for stop in stops if not stop[1] or stop[0] in UNKNOWN_ROLES] == []
    names = {name for _role, name in stops}
    assert {"New chat", "Settings", "Models"} <= names
    if page == "settings":
        assert {"Change shortcuts…", "Instructions for the model", "Close settings"} <= names
    assert program.end() == 0
