"""Plain text: a file is a prompt, its name the title. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from workbench.prompts.files.markdown import title_of
from workbench.prompts.formats.exchanged import Brought, Exported, Imported, Left, lost_of, text_of, without_steps
from workbench.prompts.names import slug
from workbench.prompts.prompt import Prompt


def is_it(name: str, text: str) -> bool:
    return name.lower().endswith((".txt", ".prompt")) and bool(text.strip())


def read(content: bytes, name: str) -> Imported:
    """Raises `NotThisFormat`."""
    stem = PurePosixPath(name).stem
    text = text_of(content, name).removesuffix("\n")
    if not text.strip():
        return Imported((), (Left(name, "it has no text"),))
    return Imported((Brought(Prompt(title_of(stem), slug(stem), text)),))


def write(prompts: Sequence[Prompt]) -> Exported:
    kept = [prompt for prompt in prompts if not prompt.steps]
    lost = [left for prompt in prompts for left in without_steps(prompt)]
    for prompt in kept:
        more = ("kinds, choices and help of its variables",) if prompt.variables else ()
        lost += lost_of(prompt, (), more)
    return Exported(tuple((f"{prompt.name}.txt", f"{prompt.text}\n".encode()) for prompt in kept), tuple(lost))
