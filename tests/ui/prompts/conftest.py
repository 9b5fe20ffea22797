"""The Prompts page over a real library."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.prompts.desk import PromptsDesk
from ui.prompts.page import PromptsPage
from ui.widgets.notice import NoticeCard
from workbench.prompts.prompt import Prompt

PROMPTS = (
    Prompt("Reply to mail", "reply", "Write a {{ tone }} reply to this mail:\n\n{{ mail }}", tags=("mail", "writing")),
    Prompt("Explain code", "explain", "Explain what this does:\n\n{{ code }}", tags=("code",)),
    Prompt("Summarise", "summarise", "Summarise in {{ count }} sentences:\n\n{{ text }}", tags=("writing",)),
)


class OpenPrompts(OpenWindow):
    """The window with the Prompts page in view."""

    @property
    def prompts(self) -> PromptsPage:
        assert self.window.pages.prompts is not None
        return self.window.pages.prompts

    @property
    def desk_(self) -> PromptsDesk:
        assert self.window.pages.prompts_desk is not None
        return self.window.pages.prompts_desk

    @property
    def titles(self) -> list[str]:
        return [one.prompt.title for one in self.prompts.library.model.prompts]

    @property
    def shown_words(self) -> str:
        """Of the notices of the list."""
        cards = [one for one in self.prompts.library.findChildren(NoticeCard) if one.isVisible()]
        return "\n".join(f"{one.accessibleName()} {one.accessibleDescription()}" for one in cards)


OpenPage = Callable[..., OpenPrompts]


@pytest.fixture
def open_prompts(make_window: MakeWindow) -> OpenPage:
    def make(*prompts: Prompt, prepare: Callable[[FakeWorkbench], None] | None = None) -> OpenPrompts:
        def fill(workbench: FakeWorkbench) -> None:
            for prompt in prompts:
                workbench.prompts.save(prompt)
            if prepare is not None:
                prepare(workbench)

        one = make_window(prepare=fill)
        one.window.actions_["prompts"].trigger()
        opened = OpenPrompts(one.window, one.workbench, one.bot)
        opened.until(lambda: opened.desk_.read)
        return opened

    return make
