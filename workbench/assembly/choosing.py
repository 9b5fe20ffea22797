"""The rules of Auto outside of chats, for steps of prompts: fast or deep; nothing is proposed, and nothing sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from workbench.chat.asking.routing import DEEPER, Asked, Router, is_auto
from workbench.messages import user
from workbench.prompts.running.ports import Choose, Question
from workbench.prompts.running.run import StepOptions
from workbench.settings import Settings


def chosen_by(router: Router, settings: Callable[[], Settings]) -> Choose:
    """Where `auto` is asked for, or nothing is and the settings say `auto`."""

    def choose(question: Question, asked: StepOptions) -> tuple[StepOptions, str]:
        wanted = asked.model or settings().chat.model
        if not is_auto(wanted):
            return asked, ""
        told = Asked(
            user(question.text),
            documents=question.documents,
            schema=question.schema,
            tools=(),
            effort=asked.effort,
            deeper=wanted == DEEPER,
        )
        choice = router.choose(told)
        return replace(asked, model=choice.model, effort=asked.effort or choice.effort), choice.why

    return choose
