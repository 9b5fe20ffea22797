"""How the Prompts page says things. Pure."""

from __future__ import annotations

from datetime import datetime

from ui.prompts.state import Sort
from ui.translation import marked, tr
from workbench.messages import Effort
from workbench.prompts.prompt import Origin, OutputKind, Prompt, SavedPrompt, VariableKind, Version

PURPOSE = marked("Keep the prompts that work.")
FIRST_STEP = marked(
    "Write a prompt once, with {{ variables }} for what changes, and use it in any chat. Every version is kept, and each"
    " prompt is also a Markdown file."
)
SORTS = {
    Sort.TITLE: marked("By title"),
    Sort.LAST_USED: marked("Last used first"),
    Sort.MOST_USED: marked("Most used first"),
}
KINDS = {
    VariableKind.TEXT: marked("Text"),
    VariableKind.LONG_TEXT: marked("Long text"),
    VariableKind.CHOICE: marked("Choice"),
    VariableKind.NUMBER: marked("Number"),
    VariableKind.DATE: marked("Date"),
    VariableKind.FILE: marked("File"),
    VariableKind.CLIPBOARD: marked("Clipboard"),
    VariableKind.FOLDER_SEARCH: marked("Passages of a folder"),
}
OUTPUTS = {
    OutputKind.FREE: marked("Free"),
    OutputKind.SCHEMA: marked("JSON by a schema"),
    OutputKind.TABLE: marked("A table"),
}
EFFORTS = {
    None: marked("As set"),
    Effort.OFF: marked("Off"),
    Effort.LOW: marked("Low"),
    Effort.MEDIUM: marked("Medium"),
    Effort.HIGH: marked("High"),
    Effort.ON: marked("On"),
}
ORIGINS = {
    Origin.WRITTEN: marked("Written here"),
    Origin.FILE: marked("From its file"),
    Origin.IMPORTED: marked("Imported"),
    Origin.RESTORED: marked("Restored"),
    Origin.STARTER: marked("From the starter set"),
}
MINUTE, HOUR, DAY, FORTNIGHT = 60, 3600, 86_400, 14 * 86_400
FIRST_CHARACTERS = 200


def ago_words(then: float, now: float) -> str:
    """When that was, as far as it matters; both in seconds since the epoch."""
    passed = max(0.0, now - then)
    if passed < 2 * MINUTE:
        return tr("just now")
    if passed < HOUR:
        return tr("{count} minutes ago").format(count=int(passed // MINUTE))
    if passed < 2 * HOUR:
        return tr("an hour ago")
    if passed < DAY:
        return tr("{count} hours ago").format(count=int(passed // HOUR))
    if passed < 2 * DAY:
        return tr("yesterday")
    if passed < FORTNIGHT:
        return tr("{count} days ago").format(count=int(passed // DAY))
    return datetime.fromtimestamp(then).astimezone().strftime("%Y-%m-%d")


def uses_words(one: SavedPrompt, now: float) -> str:
    """ "Used 12 times, last yesterday"; empty: never."""
    if not one.uses:
        return ""
    times = tr("used once") if one.uses == 1 else tr("used {count} times").format(count=f"{one.uses:,}")
    return times if one.last_used_at is None else f"{times} · {ago_words(one.last_used_at, now)}"


def gain_words(cold_seconds: float, warm_seconds: float) -> str:
    """ "0.2 s instead of 1.4 s" to the first word; empty: not measured, or nothing gained."""
    if cold_seconds <= 0 or warm_seconds >= cold_seconds:
        return ""
    return tr("{warm} s instead of {cold} s").format(warm=f"{warm_seconds:.1f}", cold=f"{cold_seconds:.1f}")


def count_words(count: int) -> str:
    return tr("1 prompt") if count == 1 else tr("{count} prompts").format(count=f"{count:,}")


def first_line(prompt: Prompt) -> str:
    """What tells it from others at a glance: its text, or that of its first step."""
    text = prompt.text or next((step.text or step.prompt for step in prompt.steps), "") or prompt.notes
    return " ".join(text[:FIRST_CHARACTERS].split())


def steps_words(prompt: Prompt) -> str:
    """ "3 steps"; empty for a prompt without any."""
    count = len(prompt.steps)
    if not count:
        return ""
    return tr("1 step") if count == 1 else tr("{count} steps").format(count=count)


def spoken(one: SavedPrompt, now: float, *, draft: bool, gain: str = "") -> str:
    """A row of the list as a screen reader says it."""
    pieces = (
        one.prompt.title,
        f"/{one.prompt.name}",
        tr("favourite") if one.favourite else "",
        tr("with changes that are not saved") if draft else "",
        ", ".join(one.prompt.tags),
        steps_words(one.prompt),
        uses_words(one, now),
        tr("kept ready: {gain}").format(gain=gain) if gain else "",
    )
    return ", ".join(piece for piece in pieces if piece)


def version_words(version: Version, now: float) -> str:
    """ "Version 3 · written here · 2 hours ago"."""
    said = tr("Version {number}").format(number=version.number)
    return " · ".join((said, tr(ORIGINS[version.origin]), ago_words(version.saved_at, now)))
