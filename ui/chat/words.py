"""What a new chat says first; times, states and code as people read or want them. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from ui.translation import marked, tr

HEADING = marked("What are you working on?")
WORDS = marked("The model runs on this computer. What you write stays here.")
FIRST, LOCAL = marked("First, a model"), marked("It runs on this computer: what you write stays here.")


def time_words(seconds: float) -> str:
    """A time left, rounded the way a person would say it."""
    if seconds < 60:
        return tr("{seconds} s").format(seconds=max(1, round(seconds)))
    if seconds < 3600:
        return tr("{minutes} min").format(minutes=round(seconds / 60))
    hours, minutes = divmod(round(seconds / 60), 60)
    return tr("{hours} h {minutes} min").format(hours=hours, minutes=minutes)


def sentence(text: str) -> str:
    """With a capital at its beginning."""
    return text[:1].upper() + text[1:]


def shortened(text: str, length: int = 40) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def engine_words(state: str, model: str, context_tokens: int | None, *, kept_ready: bool = False) -> str:
    """The engine's state for the title bar; nothing before a model was asked anything."""
    if not model:
        return ""
    ready = tr("Kept ready") if kept_ready else tr("Ready")
    failed, stopped = tr("The engine stopped"), tr("Unloaded")
    doing = {"starting": tr("Loading"), "ready": ready, "failed": failed, "stopped": stopped}[state]
    context = tr("{tokens} tokens of context").format(tokens=f"{context_tokens:,}") if context_tokens else ""
    return " · ".join(piece for piece in (model, doing, context) if piece)


def smaller_words(changes: Iterable[tuple[str, str, str]], cause: str) -> str:
    """What an engine that died too often would do otherwise when loaded smaller: names, values and reasons, which may
    begin with ``cause``."""
    told = [
        f"{name.lower()} {value}. {because.removeprefix(cause).strip()}".strip() for name, value, because in changes
    ]
    wait = tr("Or wait three minutes and go on as before.")
    smaller = tr("Loaded smaller it may hold.")
    if told:
        smaller = tr("Loaded smaller it may hold: {changes}").format(changes=" ".join(told))
    return f"{smaller} {wait}"


def last_code(markdown: str) -> str:
    """The content of the last fenced code block, or nothing."""
    blocks: list[str] = []
    fence = ""
    for line in markdown.splitlines():
        bare = line.strip()
        if fence:
            if bare.startswith(fence) and not bare.strip(fence[0]):
                fence = ""
            else:
                blocks[-1] += line + "\n"
        elif bare.startswith(("```", "~~~")):
            fence = bare[: len(bare) - len(bare.lstrip(bare[0]))]
            blocks.append("")
    return blocks[-1] if blocks else ""
