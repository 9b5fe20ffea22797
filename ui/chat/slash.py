"""Saved prompts in the composer: what "/" offers, and how a chosen one is told. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ui.translation import tr
from workbench.messages import Id, UsedPrompt
from workbench.prompts.prompt import Prompt, SavedPrompt

MOST_OFFERED = 9
MOST_DETAIL = 90  # characters of a prompt's text in the list
MOST_VALUES, MOST_VALUE = 8, 120  # variables that are told of, and characters of each
CLOUD = "cloud"  # what is written after the slash to ask a stronger model
_SLASH = re.compile(r"(?:^|[\s(\[\"'“])/([^\s/\\]{0,60})\Z")


def slash_in(before: str) -> str | None:
    """What is being written after a "/" at the end of ``before``, without it; None: nothing is. A path has a second one,
    and "and/or" has it within a word."""
    found = _SLASH.search(before)
    return found[1] if found is not None else None


@dataclass(frozen=True, slots=True)
class PromptOffer:
    """A prompt that can be chosen. ``pinned``: to the project of the chat in view."""

    prompt_id: Id
    name: str
    detail: str
    favourite: bool = False
    pinned: bool = False

    @property
    def icon(self) -> str:
        return "pin" if self.pinned else "star" if self.favourite else "book-open"

    @property
    def kind(self) -> str:
        return tr("pinned prompt") if self.pinned else tr("prompt")


@dataclass(frozen=True, slots=True)
class CloudOffer:
    """A stronger model can be asked what stands in the message."""

    @property
    def name(self) -> str:
        return tr("Ask a stronger model")

    @property
    def detail(self) -> str:
        return " · ".join((f"/{CLOUD}", tr("Shows first what would leave, and its price")))

    @property
    def icon(self) -> str:
        return "cloud"

    @property
    def kind(self) -> str:
        return tr("action")


def meets_cloud(query: str) -> bool:
    """Whether these letters may mean it."""
    wanted = query.casefold()
    return bool(wanted) and wanted in " ".join((CLOUD, tr("Ask a stronger model"))).casefold()


def for_cloud(text: str) -> str | None:
    """What a message beginning with `/cloud` asks; None: it is another one."""
    words = text.split(maxsplit=1)
    return "".join(words[1:]) if words[:1] == [f"/{CLOUD}"] else None


def offers(found: Sequence[SavedPrompt], pinned: Collection[str] = ()) -> tuple[PromptOffer, ...]:
    """Those that are pinned (by id or slash name) first, else as they were found."""
    wanted = {one.casefold() for one in pinned}
    made = [
        PromptOffer(
            one.id,
            one.prompt.title,
            _detail(one.prompt),
            one.favourite,
            one.id.casefold() in wanted or one.prompt.name.casefold() in wanted,
        )
        for one in found
    ]
    return tuple(sorted(made, key=lambda one: not one.pinned)[:MOST_OFFERED])


def _detail(prompt: Prompt) -> str:
    said = " ".join((prompt.notes or prompt.line[0].text or prompt.system)[:1000].split())
    steps = tr("{count} steps").format(count=len(prompt.steps)) if prompt.steps else ""
    return " · ".join(words for words in (f"/{prompt.name}", steps, said[:MOST_DETAIL]) if words)


def chip_words(title: str, number: int) -> str:
    """A prompt of a question, in few words."""
    return tr("{title} · v{number}").format(title=title, number=number)


def chip_tip(used: UsedPrompt, notes: Sequence[str] = ()) -> str:
    """All that choosing it changes for the next question, line by line."""
    effort = tr("Effort: {effort}").format(effort=used.effort.value) if used.effort else ""
    lines = (
        tr("Prompt /{name}, version {number}").format(name=used.name, number=used.version),
        tr("Answered by {model}").format(model=used.model) if used.model else "",
        effort,
        tr("Temperature: {value}").format(value=f"{used.temperature:g}") if used.temperature is not None else "",
        tr("The answer keeps to a form (JSON)") if used.schema is not None else "",
        tr("Told first: {text}").format(text=" ".join(used.system.split())[:200]) if used.system.strip() else "",
        tr("Its document folders are asked") if used.folders else "",
        tr("For this question only") if used.model or used.schema is not None or used.effort else "",
        *(f"{name}: {' '.join(value.split())[:MOST_VALUE]}" for name, value in list(used.values.items())[:MOST_VALUES]),
        *notes,
    )
    return "\n".join(line for line in lines if line)
