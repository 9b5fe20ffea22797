"""What a prompt must have before it is kept, and the form in which it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from workbench.errors import UsageError
from workbench.prompts import content, names
from workbench.prompts.prompt import Prompt

MOST_CHARACTERS: Final = 10_000_000  # of a prompt as JSON; more is a document, not a prompt


def tidied(prompt: Prompt) -> Prompt:
    """As it is kept: a title on one line, a name that can be one, no tag twice, nothing that cannot be stored.

    Raises `UsageError` for a prompt without a title, a name or any text, and for one that is far too long.
    """
    title = " ".join("".join(letter if letter.isprintable() else " " for letter in content.clean(prompt.title)).split())
    if not title:
        raise UsageError("A prompt needs a title.", hint="Type at least one letter.")
    if not prompt.name.strip():
        raise UsageError("A prompt needs a name to be called by.", hint=f"For example {names.slug(title)!r}.")
    if not _says_something(prompt):
        raise UsageError("A prompt needs a text.", hint="Write what the model is to do.")
    name = content.clean(prompt.name)
    kept = replace(prompt, title=title, name=names.slug(name) if names.problem(name) else name, tags=tags(prompt.tags))
    text = content.to_text(kept)
    if len(text) > MOST_CHARACTERS:
        raise UsageError(
            f"A prompt has at most {MOST_CHARACTERS:,} characters; this one has {len(text):,}.",
            hint="Add long texts to the question as files.",
        )
    return content.from_text(text)


def tags(written: Iterable[str]) -> tuple[str, ...]:
    """Each once, without regard to case, as it was written first; without the # that people type before them."""
    found: dict[str, str] = {}
    for tag in written:
        words = " ".join(tag.split()).removeprefix("#").strip()
        if words:
            found.setdefault(words.casefold(), words)
    return tuple(found.values())


def _says_something(prompt: Prompt) -> bool:
    steps = (word for step in prompt.steps for word in (step.text, step.prompt, step.system))
    return any(word.strip() for word in (prompt.text, prompt.system, *steps))
