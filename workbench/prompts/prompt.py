"""The words of the prompt library: prompts, their variables and steps, versions. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from workbench.checks.check import Check
from workbench.messages import Effort, Id


class VariableKind(StrEnum):
    """``file``: a path, whose text is read; ``clipboard``: what was copied last; ``folder_search``: the passages that a
    document folder has for the words that are filled in."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"
    FILE = "file"
    CLIPBOARD = "clipboard"
    FOLDER_SEARCH = "folder_search"


@dataclass(frozen=True, slots=True)
class Variable:
    """What is filled in at ``{{ name }}``. ``name``: a letter or underscore, then letters, digits, underscores; in any
    script. ``label``: as the form calls it; empty: its name. ``default``: as text, also of numbers and dates (ISO 8601);
    for dates also ``today``. ``choices``: of `CHOICE`. ``folder``: the name of a document folder, of `FOLDER_SEARCH`."""

    name: str
    kind: VariableKind = VariableKind.TEXT
    label: str = ""
    help: str = ""
    default: str = ""
    required: bool = True
    choices: tuple[str, ...] = ()
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a prompt wants to be answered. Empty or None: as everything else says."""

    model: str = ""
    effort: Effort | None = None
    temperature: float | None = None


class OutputKind(StrEnum):
    """What form an answer has: as the model likes, JSON that keeps to a schema, or a table with these columns."""

    FREE = "free"
    SCHEMA = "schema"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Output:
    """``schema``: of `SCHEMA`. ``columns``: of `TABLE`, which is asked for as JSON rows with these names."""

    kind: OutputKind = OutputKind.FREE
    schema: Mapping[str, Any] | None = None
    columns: tuple[str, ...] = ()


FREE = Output()


@dataclass(frozen=True, slots=True)
class StepCase:
    """A test of a step: what its names are filled with (``extract.items`` for a result of an earlier step), and how the
    answer is checked."""

    values: Mapping[str, str]
    check: Check
    title: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One model call of a prompt. ``name``: as later steps call its result, ``{{ steps.name }}`` or, of JSON,
    ``{{ steps.name.key }}``; a name like a variable's. ``prompt``: the slash name of a saved prompt whose text, system
    part, preferences and output it takes where it says nothing itself."""

    name: str
    text: str = ""
    system: str = ""
    prompt: str = ""
    preferences: Preferences = Preferences()
    output: Output = FREE
    cases: tuple[StepCase, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that a person wrote: one version of it. ``name``: its slash name, lower case words with hyphens, in any script.

    ``text``: with variables; empty where there are ``steps``. ``system``: what the model is told first; may have variables
    too. ``folders``: names of document folders that its answers stand on. ``cases``: tests of a prompt without steps.
    ``extra``: what a file's front matter said that is not known here, kept for whoever wrote it."""

    title: str
    name: str
    text: str = ""
    system: str = ""
    variables: tuple[Variable, ...] = ()
    tags: tuple[str, ...] = ()
    preferences: Preferences = Preferences()
    folders: tuple[str, ...] = ()
    output: Output = FREE
    notes: str = ""
    steps: tuple[Step, ...] = ()
    cases: tuple[StepCase, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def line(self) -> tuple[Step, ...]:
        """Its steps; a prompt without any is one step, called ``answer``."""
        only = Step("answer", self.text, self.system, "", self.preferences, self.output, self.cases)
        return self.steps or (only,)


@dataclass(frozen=True, slots=True)
class SavedPrompt:
    """A prompt of the library. ``version``: its number, from 1. Times in seconds since the epoch; ``removed_at``: in the
    bin since then. ``file``: its path relative to the prompts folder, empty where it has none yet."""

    id: Id
    prompt: Prompt
    version: int = 1
    favourite: bool = False
    uses: int = 0
    last_used_at: float | None = None
    created_at: float = 0.0
    changed_at: float = 0.0
    removed_at: float | None = None
    file: str = ""


class Origin(StrEnum):
    """Where a version came from."""

    WRITTEN = "written"
    FILE = "file"
    IMPORTED = "imported"
    RESTORED = "restored"
    STARTER = "starter"


@dataclass(frozen=True, slots=True)
class Version:
    """``note``: what was changed, where the person said so."""

    number: int
    saved_at: float
    origin: Origin
    note: str
    prompt: Prompt
