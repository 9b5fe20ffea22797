"""Projects: chats that belong together, with what holds for all of them. Pure values and decisions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from workbench.chat.asking.options import Options
from workbench.errors import UsageError
from workbench.messages import Effort, Id

MOST_NAME_CHARACTERS: Final = 80
MOST_INSTRUCTION_CHARACTERS: Final = 100_000
MOST_PATHS: Final = 1000


@dataclass(frozen=True, slots=True)
class Project:
    """``instructions``: the model is told them first. ``model`` and ``effort``: of its chats where nothing else is asked.

    ``folders`` and ``files``: absolute paths; ``prompts``: ids or slash names of pinned prompts, whose system parts the
    model is told too. ``private``: nothing of it leaves the person's own machines. ``memory``: what is remembered is told.
    ``tools``: names of those that are offered in its chats, None: as the settings say.
    ``chats``: how many there are, those of the bin left out. ``removed_at``: it is in the bin.
    """

    id: Id
    name: str
    instructions: str = ""
    model: str = ""
    effort: Effort | None = None
    private: bool = False
    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    created_at: float = 0.0
    updated_at: float = 0.0
    chats: int = 0
    removed_at: float | None = None
    memory: bool = True
    tools: tuple[str, ...] | None = None

    @property
    def options(self) -> Options:
        """How a turn in it is run where nothing else is asked."""
        told = None if self.memory else False
        said = self.instructions.strip()
        return Options(model=self.model, system=said, effort=self.effort, tools=self.tools, memory=told)


CHANGEABLE: Final = (
    *("name", "instructions", "model", "effort", "private", "folders", "files", "prompts", "tools", "memory"),
)
_LISTS: Final = frozenset({"folders", "files", "prompts"})


def changed(project: Project, changes: Mapping[str, Any]) -> Project:
    """The project with these values; keys: `CHANGEABLE`. Lists lose what is there twice.

    Raises `UsageError` for an unknown key, and for what no project can have.
    """
    unknown = set(changes) - set(CHANGEABLE)
    if unknown:
        raise UsageError(f"A project has no {min(unknown)!r}.", hint=f"It has {', '.join(CHANGEABLE)}.")
    return replace(project, **{key: _checked(key, value) for key, value in changes.items()})


def _checked(key: str, value: Any) -> Any:
    if key in _LISTS:
        return _list(key, value)
    match key:
        case "name":
            return checked_name(str(value))
        case "instructions":
            return _instructions(str(value))
        case "effort":
            return _effort(value)
        case "private" | "memory":
            return bool(value)
        case "tools":
            return None if value is None else tuple(dict.fromkeys(str(name) for name in value))
        case _:
            return str(value).strip()


def checked_name(text: str) -> str:
    """On one line. Raises `UsageError` for none, and for a longer one than lists can show."""
    name = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    if not name:
        raise UsageError("A project needs a name.", hint="Type at least one letter.")
    if len(name) > MOST_NAME_CHARACTERS:
        raise UsageError(f"A project's name has at most {MOST_NAME_CHARACTERS} characters.", hint="Shorten it.")
    return name


def _instructions(text: str) -> str:
    if len(text) > MOST_INSTRUCTION_CHARACTERS:
        raise UsageError(
            f"Instructions have at most {MOST_INSTRUCTION_CHARACTERS:,} characters; these have {len(text):,}.",
            hint="Add long texts to the project as files.",
        )
    return text


def _effort(value: Any) -> Effort | None:
    if value is None or value == "":
        return None
    try:
        return Effort(str(value).strip().lower())
    except ValueError:
        known = ", ".join(effort.value for effort in Effort)
        raise UsageError(f"There is no effort {str(value)!r}.", hint=f"There are {known}.") from None


def _list(key: str, value: Sequence[str]) -> tuple[str, ...]:
    kept = tuple(dict.fromkeys(one for one in value if one.strip()))
    if len(kept) > MOST_PATHS:
        raise UsageError(f"A project has at most {MOST_PATHS:,} {key}.", hint="Add the folder that they are in.")
    return kept


def free_name(name: str, taken: Collection[str]) -> str:
    """``name``, or with a number behind it where another project is called so."""
    used = {one.casefold() for one in taken}
    found, number = name, 2
    while found.casefold() in used:
        suffix = f" {number}"
        found, number = name[: MOST_NAME_CHARACTERS - len(suffix)] + suffix, number + 1
    return found


def named(words: str, projects: Sequence[Project]) -> Project:
    """The project of this name, or whose id begins so. Raises `UsageError` where none or several do."""
    wanted = " ".join(words.split()).casefold()
    found = [one for one in projects if one.name.casefold() == wanted]
    found = found or [one for one in projects if wanted and one.id.startswith(wanted)]
    if not found:
        raise UsageError(f"There is no project {words!r}.", hint="`workbench projects list` shows them.")
    if len(found) > 1:
        raise UsageError(f"Several projects have an id that begins with {words!r}.", hint="Give its whole name.")
    return found[0]


# Moving a chat --------------------------------------------------------------------------------------------------------


def told_of_moving(before: Project | None, after: Project | None, sent_to: Sequence[str] = ()) -> tuple[str, ...]:
    """What changes for a chat that moves between projects (None: in none), as sentences for a person.

    ``sent_to``: other machines that have answered in it, as they are called.
    """
    if (before and before.id) == (after and after.id):
        return ()
    old, new = before or _NONE, after or _NONE
    told = (
        _instructions_told(old, new),
        _model_told(old, new),
        _effort_told(old, new),
        _files_told(old, new),
        _prompts_told(old, new),
        _tools_told(old, new),
        _memory_told(old, new),
        _privacy_told(old, new),
        _sent_told(new, sent_to),
    )
    return (*(sentence for sentence in told if sentence), "What was said in it stays as it is.")


_NONE: Final = Project("", "")


def _instructions_told(old: Project, new: Project) -> str:
    before, after = old.instructions.strip(), new.instructions.strip()
    if before == after:
        return ""
    if after:
        instead = f", no longer those of “{old.name}”" if before else ""
        return f"From the next question on the model is told the instructions of “{new.name}”{instead}."
    return f"The model is no longer told the instructions of “{old.name}”."


def _model_told(old: Project, new: Project) -> str:
    if old.model == new.model:
        return ""
    return f"{new.model} answers, unless you choose another model." if new.model else _as_everywhere(old.model)


def _as_everywhere(model: str) -> str:
    return f"{model} no longer answers by itself: the model that you use everywhere does."


def _effort_told(old: Project, new: Project) -> str:
    if old.effort is new.effort:
        return ""
    if new.effort is None:
        return "It is no longer asked with an effort of its own."
    return f"It is asked with the effort “{new.effort.value}”, where the model knows it."


def _files_told(old: Project, new: Project) -> str:
    before, after = (old.files, old.folders), (new.files, new.folders)
    if before == after:
        return ""
    gone = (
        f"{_of(len(old.files), 'file', old)} no longer given.",
        f"{_of(len(old.folders), 'folder', old)} out of it.",
    )
    come = (
        f"{_of(len(new.files), 'file', new)} given with the next question.",
        f"{_of(len(new.folders), 'folder', new)} part of it.",
    )
    counts = (len(old.files), len(old.folders), len(new.files), len(new.folders))
    return " ".join(sentence for sentence, count in zip((*gone, *come), counts, strict=True) if count)


def _of(count: int, word: str, project: Project) -> str:
    """ "2 files of “Thesis” are", "1 folder of “Thesis” is"."""
    return f"{count} {word} of “{project.name}” is" if count == 1 else f"{count:,} {word}s of “{project.name}” are"


def _prompts_told(old: Project, new: Project) -> str:
    if old.prompts == new.prompts:
        return ""
    if new.prompts:
        return f"The pinned prompts of “{new.name}” stand ready in it, and what they tell first holds."
    return f"The pinned prompts of “{old.name}” no longer stand ready in it."


def _tools_told(old: Project, new: Project) -> str:
    if old.tools == new.tools:
        return ""
    if new.tools is None:
        return "Tools are offered in it as the settings say."
    return (
        f"Tools that the model may call in it: {', '.join(new.tools)}." if new.tools else "No tools are offered in it."
    )


def _memory_told(old: Project, new: Project) -> str:
    if old.memory == new.memory:
        return ""
    return (
        "What is remembered of you is told in it again."
        if new.memory
        else "What is remembered of you is not told in it."
    )


def _privacy_told(old: Project, new: Project) -> str:
    if old.private == new.private:
        return ""
    if new.private:
        return f"It becomes private, as all of “{new.name}”: only this computer and machines of your own may answer."
    return "It is no longer private: a model of another machine that you choose is sent the whole chat."


def _sent_told(new: Project, sent_to: Sequence[str]) -> str:
    if not new.private or not sent_to:
        return ""
    return f"What {' and '.join(sent_to)} was sent before cannot be called back."


PRIVATE_WORDS: Final = (
    "Nothing of a private project leaves your own machines: no cloud service is ever asked, and another machine only if "
    "you marked it as yours."
)


def told_of_removing(project: Project) -> str:
    """What removing it means for its chats, as one sentence."""
    if not project.chats:
        return "It can be restored for 30 days."
    chats = "Its chat stays" if project.chats == 1 else f"Its {project.chats:,} chats stay"
    private = " and private" if project.private else ""
    return f"{chats} in the list{private}. It can be restored for 30 days."


def as_json(project: Project) -> dict[str, Any]:
    """As JSON can hold it: the one form of scripts and of the exported folder."""
    found = {field.name: getattr(project, field.name) for field in fields(project)}
    return found | {
        "effort": project.effort.value if project.effort else None,
        "folders": list(project.folders),
        "files": list(project.files),
        "prompts": list(project.prompts),
    }
