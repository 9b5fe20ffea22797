"""The formats that prompts can be exchanged in, by their names, and which one a file has. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from workbench.errors import UsageError
from workbench.prompts.formats import claude, llm, lmstudio, openwebui, ours, plain, prompts_chat
from workbench.prompts.formats.exchanged import Exported, Imported, NotThisFormat
from workbench.prompts.prompt import Prompt

JSON: Final = "json"
MARKDOWN: Final = "markdown"


@dataclass(frozen=True, slots=True)
class Format:
    """``is_it``: of a file's name and text. ``write`` None: it needs more than the newest versions. ``single``: all prompts
    are in one file, else each has its own."""

    label: str
    suffixes: tuple[str, ...]
    is_it: Callable[[str, str], bool]
    read: Callable[[bytes, str], Imported]
    write: Callable[[Sequence[Prompt]], Exported] | None
    single: bool = False


FORMATS: Final[Mapping[str, Format]] = {
    JSON: Format("Workbench, with all versions", (".json",), ours.is_json, ours.read_json, None, single=True),
    "openwebui": Format("Open WebUI", (".json",), openwebui.is_it, openwebui.read, openwebui.write, single=True),
    "lmstudio": Format("LM Studio presets", (".json",), lmstudio.is_it, lmstudio.read, lmstudio.write),
    "prompts.chat": Format(
        "prompts.chat", (".csv",), prompts_chat.is_it, prompts_chat.read, prompts_chat.write, single=True
    ),
    "claude": Format("Claude commands", (".md",), claude.is_it, claude.read, claude.write),
    "llm": Format("templates of llm", (".yaml", ".yml"), llm.is_it, llm.read, llm.write),
    MARKDOWN: Format("Workbench, Markdown files", (".md",), ours.is_markdown, ours.read_file, ours.write_files),
    "text": Format("plain text", (".txt", ".prompt"), plain.is_it, plain.read, plain.write),
}
SUFFIXES: Final = tuple({suffix for one in FORMATS.values() for suffix in one.suffixes})


def named(name: str) -> Format:
    """Raises `UsageError`."""
    if name not in FORMATS:
        raise UsageError(f"There is no format {name!r}.", hint=f"There are: {', '.join(FORMATS)}.")
    return FORMATS[name]


def guessed(content: bytes, name: str) -> str:
    """The name of the format. Raises `NotThisFormat` where none fits."""
    text = content[: 1 << 20].decode("utf-8-sig", "replace")
    found = next((key for key, one in FORMATS.items() if one.is_it(name, text)), None)
    if found is None:
        raise NotThisFormat(f"{name} is in no format that is known here.", hint=f"Known are: {', '.join(FORMATS)}.")
    return found


def read(name: str, content: bytes, file: str) -> Imported:
    """``file``: its name, or its path within a folder or zip. Raises `UsageError`."""
    return named(name).read(content, file)
