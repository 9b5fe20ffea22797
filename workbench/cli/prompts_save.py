"""`workbench prompts save`: a prompt from a file, from standard input, or as it was typed."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from workbench.cli import output
from workbench.cli.commands import add_action
from workbench.cli.prompts_shown import saved_json
from workbench.errors import UsageError
from workbench.paths import given

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.prompts.library import Saved
    from workbench.prompts.prompt import Prompt, SavedPrompt

MOST_BYTES: Final = 8 << 20
_FRONT_MATTER: Final = "---"


def register(actions: Any) -> None:
    save = add_action(
        actions,
        "save",
        "keep a prompt, or a new version of one: from a Markdown file, standard input or --text",
        'workbench prompts save --name summarise --text "Summarise in {{ sentences }} sentences: {{ text }}" --tag mail',
        run_save,
    )
    save.add_argument(
        "file", metavar="FILE", nargs="?", help="Markdown, with front matter or without; - or none: stdin"
    )
    save.add_argument("--text", help="its text, instead of a file")
    save.add_argument("--name", default="", help="what it is called by; a prompt of this name gets a new version")
    save.add_argument("--title", help="what lists show")
    save.add_argument("--system", metavar="TEXT", help="what the model is told first")
    save.add_argument("--notes", metavar="TEXT", help="for yourself")
    save.add_argument("--tag", metavar="TAG", action="append", help="in place of its tags; may be given several times")
    save.add_argument("--message", metavar="TEXT", default="", help="what was changed, for its history")
    save.add_argument("--new", action="store_true", help="a prompt of its own, also where the name is taken")


def run_save(arguments: argparse.Namespace, workbench: Workbench) -> int:
    stem, content = _content(arguments)
    before, prompt = _wanted(arguments, workbench, stem, content)
    saved = workbench.prompts.save(
        prompt,
        before.id if before else None,
        instead_of=before.version if before else None,
        note=arguments.message,
    )
    return output.done(
        {**saved_json(saved.prompt), "changed": saved.changed}, output.safe(_told(saved)), as_json=arguments.json
    )


def _wanted(
    arguments: argparse.Namespace, workbench: Workbench, stem: str, content: bytes
) -> tuple[SavedPrompt | None, Prompt]:
    """The prompt that gets a new version, where it is one, and what is to be kept."""
    from workbench.prompts import names  # here and below: other commands need not know of prompts
    from workbench.prompts.prompt import Prompt

    whole = _whole(content, stem)
    name = (
        names.slug(arguments.name) if arguments.name else whole.name if whole else names.slug(arguments.title or stem)
    )
    if not (arguments.name or arguments.title or stem or whole):
        raise UsageError("A prompt needs a name to be called by.", hint="Give it: --name summarise")
    before = None if arguments.new else _named(workbench, name)
    prompt = whole or _with_text(before.prompt if before else Prompt(_title(name), name), content)
    keys = ("title", "system", "notes")
    changes: dict[str, Any] = {key: getattr(arguments, key) for key in keys if getattr(arguments, key) is not None}
    if arguments.tag is not None:
        changes["tags"] = tuple(arguments.tag)
    return before, replace(prompt, name=name, **changes)


def _with_text(prompt: Prompt, content: bytes) -> Prompt:
    """A prompt with steps has its texts in them."""
    if prompt.steps:
        raise UsageError(
            f"“{prompt.title}” has steps: its texts are theirs.",
            hint=f"workbench prompts show {prompt.name} > {prompt.name}.md, change that file, and save it.",
        )
    return replace(prompt, text=content.decode("utf-8", "replace").removeprefix("\ufeff"))


def _whole(content: bytes, stem: str) -> Prompt | None:
    """What a file with front matter says; None for one that is only a text. Raises `UsageError`."""
    if not content.removeprefix(b"\xef\xbb\xbf").startswith(_FRONT_MATTER.encode()):
        return None
    from workbench.prompts.files.markdown import read_markdown

    return read_markdown(content, stem, f"{stem}.md" if stem else "standard input").prompt


def _named(workbench: Workbench, name: str) -> SavedPrompt | None:
    from workbench.prompts.names import folded

    wanted = folded(name)
    return next((one for one in workbench.prompts.all() if folded(one.prompt.name) == wanted), None)


def _content(arguments: argparse.Namespace) -> tuple[str, bytes]:
    """The name of the file without its ending, and what it has; the name is empty where there is none."""
    if arguments.text is not None:
        if arguments.file:
            raise UsageError("The text comes from the file or from --text, not from both.", hint="Leave one out.")
        return "", arguments.text.encode("utf-8", "replace")
    if arguments.file in (None, "-"):
        return "", _limited(sys.stdin.buffer.read(MOST_BYTES + 1), "standard input")
    path = given(arguments.file)
    try:
        with Path(path).open("rb") as file:
            return path.stem, _limited(file.read(MOST_BYTES + 1), str(path))
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror or error}.", hint="Check how it is written."
        ) from None


def _limited(content: bytes, name: str) -> bytes:
    if len(content) > MOST_BYTES:
        raise UsageError(f"{name} is longer than {MOST_BYTES >> 20} MB.", hint="Give a long text to a chat as a file.")
    return content


def _title(name: str) -> str:
    words = name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _told(saved: Saved) -> str:
    one = saved.prompt
    if not saved.changed:
        return f"/{one.prompt.name} is so already."
    if saved.beside:
        return f"It was changed elsewhere meanwhile: yours is kept beside it as /{one.prompt.name}."
    return f"Saved as /{one.prompt.name}, version {one.version}."
