"""A prompt as a Markdown file: its text is the body, all else stands before it as YAML between two lines of dashes. Pure.

Nothing is lost either way: also keys that are not known here, texts that begin or end with empty lines. Files of other
editors are read with their byte order mark and line ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from workbench.errors import UsageError
from workbench.prompts.files.front_matter import near_misses, read_fields, written
from workbench.prompts.files.yaml_reading import Fields, Scalar, WrongYaml, read_yaml
from workbench.prompts.files.yaml_writing import write_yaml
from workbench.prompts.names import slug
from workbench.prompts.prompt import Prompt

SUFFIX: Final = ".md"
MOST_BYTES: Final = 16 << 20
FENCE: Final = "---"
_MARKS: Final = re.compile(r"^<{7} .*?^={7}$.*?^>{7} ", re.MULTILINE | re.DOTALL)


class UnreadablePrompt(UsageError):  # noqa: N818 - named for what it is
    """A file that is no prompt, as it stands. ``line`` from 1."""

    def __init__(self, file: str, line: int, what: str) -> None:
        super().__init__(f"{file}, line {line}: {what}.", hint="Correct the file; it is left as it is.")
        self.file = file
        self.line = line
        self.what = what


@dataclass(frozen=True, slots=True)
class Read:
    """``id``: of the saved prompt that the file belongs to, empty where it does not tell. ``warnings``: sentences with
    the line that each is about."""

    prompt: Prompt
    id: str = ""
    warnings: tuple[tuple[int, str], ...] = ()


def write_markdown(prompt: Prompt, prompt_id: str = "", stem: str = "") -> str:
    """The whole file. ``stem``: its name without the suffix, which need not say again what the prompt is called."""
    values = written(prompt)
    if prompt.name != slug(stem):
        values = {"title": values.pop("title"), "name": prompt.name, **values}
    if "\r" in prompt.text:  # line ends of a file are anybody's to change
        values["text"] = prompt.text
    if prompt_id:
        values["id"] = prompt_id
    body = "" if "text" in values or not prompt.text else f"\n{prompt.text}\n"
    return f"{FENCE}\n{write_yaml(values)}{FENCE}\n{body}"


def read_markdown(content: bytes, stem: str, file: str = "") -> Read:
    """``stem``: the name of the file without its suffix, which names the prompt where it does not say so itself. ``file``:
    as errors call it.

    Raises `UnreadablePrompt`.
    """
    name = file or f"{stem}{SUFFIX}"
    try:
        return _read(_text_of(content), stem)
    except WrongYaml as wrong:
        raise UnreadablePrompt(name, wrong.line, wrong.what) from None


def merge_mark(text: str) -> int:
    """The line on which a merge of git's begins that nobody has finished; 0: none."""
    found = _MARKS.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def title_of(stem: str) -> str:
    """What a file is about, by its name."""
    words = re.sub(r"[-_\s]+", " ", stem).strip()
    return words[:1].upper() + words[1:]


def _text_of(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise WrongYaml(1, f"it is larger than {MOST_BYTES >> 20} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongYaml(content.count(b"\n", 0, error.start) + 1, "it is not UTF-8 text") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read(text: str, stem: str) -> Read:
    front, below = parted(text)
    body = _text_below(text, below)
    node = read_yaml(front, 2)
    if isinstance(node, Scalar) and node.plain and not node.text:
        node = Fields(node.line, {}, {})
    if not isinstance(node, Fields):
        raise WrongYaml(node.line, "what stands between the lines of dashes must be keys with values")
    told, prompt_id, own_text = read_fields(node)
    if own_text is not None and body.strip():
        raise WrongYaml(node.lines["text"], "the text stands here and below the dashes: keep one of them")
    told = {"title": title_of(stem), "name": slug(stem), **told}
    return Read(Prompt(text=body if own_text is None else own_text, **told), prompt_id, near_misses(node))


def parted(text: str) -> tuple[str, str]:
    """What stands between the dashes, and all that stands below them. Raises `WrongYaml`."""
    if not re.match(rf"{FENCE}[ \t]*(?:\n|$)", text):
        return "", text
    end = re.compile(rf"^{FENCE}[ \t]*$\n?", re.MULTILINE).search(text, text.find("\n") + 1 or len(text))
    if end is None:
        raise WrongYaml(1, "the line of dashes that ends the front matter is missing")
    return text[text.find("\n") + 1 : end.start()], text[end.end() :]


def _text_below(text: str, below: str) -> str:
    """Without the empty line after the dashes, and the end of the last line."""
    return (below if below == text else below.removeprefix("\n")).removesuffix("\n")
