"""What a model is told of the person, in words, and how much of it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from workbench.memory.memory import AboutMe, Fact, Remembered
from workbench.messages import Id

CHARACTERS_PER_TOKEN: Final = 4
LEFT_OUT_AT_ONCE: Final = 8
_LINE_CHARACTERS: Final = 3

_ABOUT: Final = "What the person you talk to wrote about themselves:"
_HOW: Final = "How they want to be answered:"
_PROJECT_ABOUT: Final = "What they wrote for this project:"
_PROJECT_HOW: Final = "How they want to be answered in this project:"
_FACTS: Final = (
    "What you remember of them. Use it where it helps, do not list it, and believe what they say now over it:"
)


def with_memory(system_text: str, remembered: Remembered) -> str:
    """The system text with what is remembered behind it; as it is where nothing is."""
    said = told_text(remembered)
    return "\n\n".join(text for text in (system_text.strip(), said) if text) if said else system_text


def told_text(remembered: Remembered) -> str:
    """What changes seldom stands first, new facts last: what a model has read before of it is found again."""
    own, project = remembered.own, remembered.of_project
    facts = "\n".join(f"- {fact.text}" for fact in remembered.facts)
    said = (
        (_ABOUT, own.about),
        (_HOW, own.how),
        (_PROJECT_ABOUT, project.about),
        (_PROJECT_HOW, project.how),
        (_FACTS, facts),
    )
    return "\n\n".join(f"{head}\n{text}" for head, text in said if text)


def chosen(own: AboutMe, of_project: AboutMe, facts: Sequence[Fact], tokens: int, older: int = 0) -> Remembered:
    """Texts whole, and of ``facts`` (newest first) those that are on: the newest that find room within about ``tokens``,
    oldest first. ``older``: how many more there are that can find none.

    Where some find none, several go at once, so that what stays begins the same for a while.
    """
    active = [fact for fact in reversed(facts) if fact.active]
    texts = own.about, own.how, of_project.about, of_project.how
    left = tokens * CHARACTERS_PER_TOKEN - sum(map(len, texts))
    kept = 0
    for fact in reversed(active):
        left -= len(fact.text) + _LINE_CHARACTERS
        if left < 0:
            break
        kept += 1
    every = len(active) + older
    cut = min(every, -(-(every - kept) // LEFT_OUT_AT_ONCE) * LEFT_OUT_AT_ONCE)
    return Remembered(own, of_project, tuple(active[cut - older :]), cut)


def without_said(remembered: Remembered, messages: Collection[Id]) -> Remembered:
    """Without the facts that come from ``messages``, which the model is sent anyway; one that was edited since stays.

    So a fact that is accepted in a chat does not change what the chat begins with, and nothing is read anew for it.
    """

    def said(fact: Fact) -> bool:
        return fact.message_id in messages and fact.changed_at == fact.created_at

    return replace(remembered, facts=tuple(fact for fact in remembered.facts if not said(fact)))
