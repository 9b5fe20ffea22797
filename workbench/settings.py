"""Settings: a TOML file that people may edit. A wrong value never stops the program: it is told, with its line."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Final

from workbench.errors import StorageError, UsageError

THEMES = ("system", "light", "dark")
FONTS = ("inter", "system", "serif")
CACHE_TYPES = ("auto", "f16", "q8_0", "q4_0")
SWITCHES = ("auto", "on", "off")
TOOLS_IN_CHATS = ("auto", "off")
CLOUD_MODES = ("branch", "question", "condensed", "check")
SEARCH_PROVIDERS = ("searxng", "brave", "tavily", "exa")


AUTO: Final = "auto"
"""The name of the model that is none: one is chosen for each question."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """``text_scale`` 0.8 to 2.0 multiplies every type size. ``column_width``: of the conversation, in pixels at most."""

    theme: str = "system"
    text_scale: float = 1.0
    font: str = "inter"
    column_width: int = 744


@dataclass(frozen=True, slots=True)
class Chat:
    """``model``: a name of `workbench models list`, or the path of a GGUF; empty: the most useful one installed; `AUTO`:
    one is chosen for each question.
    ``system``: what the model is told before every chat. ``max_tokens`` 0: as `Answers` says.
    ``automatic_titles``: a loaded model of this machine names chats that nobody named."""

    model: str = ""
    system: str = ""
    max_tokens: int = 0
    automatic_titles: bool = True


@dataclass(frozen=True, slots=True)
class Answers:
    """When an answer is stopped, kept, and offered to be gone on with. Tokens by effort, thoughts included, where nobody
    said how long it may be (`chat.max_tokens`); without a choice of effort the medium one counts. ``most_minutes``: from
    its first word on. 0: no limit."""

    low_tokens: int = 8192
    medium_tokens: int = 16384
    high_tokens: int = 32768
    most_minutes: int = 60


@dataclass(frozen=True, slots=True)
class Engine:
    """``context_tokens`` 0: as large as the model and the memory allow, within reason. ``threads`` 0: physical cores.

    ``runtime``: ``auto`` or the id of an installed engine. ``binary``: the path of a `llama-server` of the person's own, or
    of a folder with one; empty: only what is on the PATH. ``gpu_layers`` and ``expert_layers_on_cpu`` -1: as they fit.
    ``cache_type``: how the cache stores keys and values. ``batch_tokens``, ``slots`` 0: decided by the program.
    ``prompt_cache_megabytes`` -1: by the memory. ``models_at_once`` 0: as many as fit. ``unload_after_minutes`` 0: never;
    a model that nobody asks is ended after so long. ``keep_ready``: the model is loaded at login and kept in memory.
    ``saved_states_megabytes``: what read chats may take on the disk, so that they need not be read again; 0: none."""

    context_tokens: int = 0
    threads: int = 0
    runtime: str = "auto"
    binary: str = ""
    gpu_layers: int = -1
    expert_layers_on_cpu: int = -1
    cache_type: str = "auto"
    flash_attention: str = "auto"
    batch_tokens: int = 0
    slots: int = 0
    memory_map: str = "auto"
    prompt_cache_megabytes: int = -1
    models_at_once: int = 0
    unload_after_minutes: int = 30
    keep_ready: bool = False
    saved_states_megabytes: int = 4096


@dataclass(frozen=True, slots=True)
class Downloads:
    """``at_once``: files fetched at the same time. ``limit_megabytes_per_second`` 0: as fast as it comes."""

    at_once: int = 2
    limit_megabytes_per_second: float = 0.0


@dataclass(frozen=True, slots=True)
class Documents:
    """``embedding_model``: name or id of an embedding model on this disk that makes the vectors of attached folders; empty:
    the one that comes with the program. ``reranking_model``: of a reranker on this disk that puts the best passages found
    in order; empty: none does."""

    embedding_model: str = ""
    reranking_model: str = ""


@dataclass(frozen=True, slots=True)
class Prompts:
    """``user_name``: what ``{{ user_name }}`` says; empty: as the account has it. ``files``: each prompt is also a Markdown
    file, in ``folder``; empty: the folder of prompts in the home."""

    user_name: str = ""
    folder: str = ""
    files: bool = True


@dataclass(frozen=True, slots=True)
class Tools:
    """``in_chats``: ``auto`` offers the tools to models that were seen to call tools properly, ``off`` only where a chat or
    project says so. ``off``: names of tools that are offered nowhere, with spaces between. ``web_search``: who is asked,
    empty: nobody, and no page is fetched. ``searxng``: address of a SearXNG of one's own. ``most_calls``,
    ``most_seconds``: of one answer."""

    in_chats: str = "auto"
    off: str = ""
    web_search: str = ""
    searxng: str = ""
    most_calls: int = 12
    most_seconds: int = 300


@dataclass(frozen=True, slots=True)
class Memory:
    """``enabled``: what is remembered is told. ``proposals``: a model may propose something to remember."""

    enabled: bool = True
    proposals: bool = True


@dataclass(frozen=True, slots=True)
class Cloud:
    """``enabled``: a person may take a question to a provider; else nothing of the kind is there. ``addresses``: providers
    of one's own, address by name. ``model``: the one that is proposed, as `provider/model`; empty: the program's choice.
    ``redact``: names, numbers and keys are hidden before a text leaves. ``hidden_words``: that are hidden too, with commas
    between. ``mode``: what of the chat is proposed to be sent. ``tools``: the tools of the chat are offered too."""

    enabled: bool = False
    addresses: Mapping[str, str] = field(default_factory=dict)
    model: str = ""
    redact: bool = True
    hidden_words: str = ""
    mode: str = "question"
    tools: bool = False


@dataclass(frozen=True, slots=True)
class Api:
    """The local API for other programs. ``port``: on loopback only. ``origins``: web pages that may ask, exactly as a
    browser names them, with spaces between. ``remote_models``: whether models of other machines answer here too."""

    enabled: bool = False
    port: int = 9117
    origins: str = ""
    remote_models: bool = False


@dataclass(frozen=True, slots=True)
class AtHand:
    """``notify_after_seconds``: an answer that took at least so long is told when the window is not in front; 0: never.
    ``tray``: an icon there, and closing the window leaves the program running. ``open_at_login``: the window opens then.
    ``quick_entry``: keys in Qt's portable form that open the quick entry from any program; empty: none."""

    notify_after_seconds: int = 10
    tray: bool = False
    open_at_login: bool = False
    quick_entry: str = ""


@dataclass(frozen=True, slots=True)
class Shortcuts:
    """``keys``: keys of one's own by the id of an action, several with a space between; empty: none."""

    keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    appearance: Appearance = Appearance()
    chat: Chat = Chat()
    answers: Answers = Answers()
    engine: Engine = Engine()
    downloads: Downloads = Downloads()
    documents: Documents = Documents()
    prompts: Prompts = Prompts()
    tools: Tools = Tools()
    memory: Memory = Memory()
    cloud: Cloud = Cloud()
    api: Api = Api()
    at_hand: AtHand = AtHand()
    shortcuts: Shortcuts = Shortcuts()


@dataclass(frozen=True, slots=True)
class Notice:
    """Something in the file that was not taken, and where."""

    file: Path
    key: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.text}"


def _one_of(values: tuple[str, ...]) -> tuple[Callable[[Any], bool], str]:
    return (lambda value: value in values), f"one of {', '.join(values)}"


def _words_by_name(value: Mapping[Any, Any]) -> bool:
    return all(isinstance(name, str) and isinstance(words, str) for name, words in value.items())


def _between(low: float, high: float) -> tuple[Callable[[Any], bool], str]:
    return (lambda value: low <= value <= high), f"a number from {low:,.10g} to {high:,.10g}"


RULES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "appearance.theme": _one_of(THEMES),
    "appearance.text_scale": _between(0.8, 2.0),
    "appearance.font": _one_of(FONTS),
    "appearance.column_width": _between(480, 1600),
    "chat.max_tokens": _between(0, 1 << 20),
    "answers.low_tokens": _between(0, 1 << 20),
    "answers.medium_tokens": _between(0, 1 << 20),
    "answers.high_tokens": _between(0, 1 << 20),
    "answers.most_minutes": _between(0, 10_000),
    "engine.context_tokens": _between(0, 1 << 24),
    "engine.threads": _between(0, 1024),
    "engine.gpu_layers": _between(-1, 10_000),
    "engine.expert_layers_on_cpu": _between(-1, 10_000),
    "engine.cache_type": _one_of(CACHE_TYPES),
    "engine.flash_attention": _one_of(SWITCHES),
    "engine.batch_tokens": _between(0, 8192),
    "engine.slots": _between(0, 64),
    "engine.memory_map": _one_of(SWITCHES),
    "engine.prompt_cache_megabytes": _between(-1, 1 << 20),
    "engine.models_at_once": _between(0, 16),
    "engine.unload_after_minutes": _between(0, 10_000),
    "engine.saved_states_megabytes": _between(0, 1 << 22),
    "at_hand.notify_after_seconds": _between(0, 86_400),
    "shortcuts.keys": (_words_by_name, "a table of keys in quotes"),
    "cloud.addresses": (_words_by_name, "a table of addresses in quotes"),
    "cloud.mode": _one_of(CLOUD_MODES),
    "api.port": _between(1024, 65535),
    "tools.in_chats": _one_of(TOOLS_IN_CHATS),
    "tools.web_search": _one_of(("", *SEARCH_PROVIDERS)),
    "tools.most_calls": _between(1, 100),
    "tools.most_seconds": _between(5, 3600),
    "downloads.at_once": _between(1, 8),
    "downloads.limit_megabytes_per_second": _between(0, 100_000),
}


def load(path: Path) -> tuple[Settings, tuple[Notice, ...]]:
    """The settings of ``path``, defaults for what is missing or wrong, and a notice for each thing not taken."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings(), ()
    except (OSError, UnicodeDecodeError) as error:
        return Settings(), (Notice(path, "", 1, f"cannot be read ({error}); the defaults are used."),)
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = getattr(error, "lineno", None) or _line_in(str(error))
        return Settings(), (Notice(path, "", line, f"is not valid TOML ({error}); the defaults are used."),)
    notices: list[Notice] = []

    def note(key: str, what: str) -> None:
        notices.append(Notice(path, key, _line_of(text, key), what))

    return _section(Settings(), tree, "", note), tuple(notices)


def save(path: Path, settings: Settings) -> None:
    """Write what differs from the defaults; comments, order and keys of the person's own stay. Raises `StorageError`."""
    import tomlkit  # only when something is saved
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise StorageError(
            f"{path} is not valid TOML, so nothing was saved: {error}.",
            hint="Correct or remove the file, then save again.",
        ) from error
    for section in fields(settings):
        _write_section(document, section.name, getattr(settings, section.name), getattr(Settings(), section.name))
    replace_file(path, tomlkit.dumps(document))


def with_value(settings: Settings, key: str, value: Any) -> Settings:
    """``settings`` with ``key`` (``section.name``) set. Raises `UsageError` for an unknown key or a bad value."""
    section_name, _, name = key.partition(".")
    problem = _problem(key, value, _default(key)) if key in _all_keys() else f"unknown setting{_nearest(key)}"
    if problem:
        raise UsageError(f"{key}: {problem}.", hint="The user guide lists the settings.")
    section = replace(getattr(settings, section_name), **{name: value})
    return replace(settings, **{section_name: section})


def replace_file(path: Path, text: str) -> None:
    """Put ``text`` in the place of ``path``, whole or not at all, readable by this user only. Raises `StorageError`."""
    draft = path.with_name(path.name + ".new")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StorageError(f"{path} could not be saved: {error.strerror or error}.") from error


def _section(default: Any, tree: Mapping[str, Any], prefix: str, note: Callable[[str, str], None]) -> Any:
    """``default`` with the good values of ``tree``."""
    known = {one.name: getattr(default, one.name) for one in fields(default)}
    taken: dict[str, Any] = {}
    for name, value in tree.items():
        key = f"{prefix}{name}"
        if name not in known:
            note(key, f"unknown setting {key!r}{_nearest(key)}; it is ignored.")
        elif is_dataclass(known[name]):
            if isinstance(value, Mapping):
                taken[name] = _section(known[name], value, f"{key}.", note)
            else:
                note(key, f"{key} must be a table; the defaults are used.")
        elif problem := _problem(key, value, known[name]):
            note(key, f"{key} {problem}; {_shown(known[name])} is used.")
        else:
            taken[name] = type(known[name])(value)
    return replace(default, **taken)


_TYPE_WORDS = {bool: "true or false", int: "a whole number", str: "text in quotes", dict: "a table"}


def _shown(value: Any) -> str:
    """``value`` as the file would have it."""
    return repr(value).lower() if isinstance(value, bool) else repr(value)


def _problem(key: str, value: Any, default: Any) -> str:
    wanted = type(default)
    right = isinstance(value, int | float) if wanted is float else isinstance(value, wanted)
    if not right or (isinstance(value, bool) and wanted is not bool):
        return f"must be {_TYPE_WORDS.get(wanted, 'a number')}, not {_shown(value)}"
    allowed, words = RULES.get(key, ((lambda _value: True), ""))
    return "" if allowed(value) else f"must be {words}, not {value!r}"


def _all_keys() -> tuple[str, ...]:
    defaults = Settings()
    return tuple(
        f"{section.name}.{one.name}" for section in fields(defaults) for one in fields(getattr(defaults, section.name))
    )


def _default(key: str) -> Any:
    section, _, name = key.partition(".")
    return getattr(getattr(Settings(), section), name)


def _nearest(key: str) -> str:
    near = difflib.get_close_matches(key, (*_all_keys(), *(one.name for one in fields(Settings))), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _line_of(text: str, key: str) -> int:
    """The line (from 1) on which ``key`` is set, as far as a plain look can tell."""
    section, _, name = key.rpartition(".")
    inside = not section
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            inside = stripped.strip("[] ") in (section, key)
            if inside and stripped.strip("[] ") == key:
                return number
        elif inside and stripped.split("=")[0].strip().strip("\"'") == name:
            return number
    return 1


def _line_in(message: str) -> int:
    _, _, rest = message.partition("line ")
    digits = rest.split(",")[0].split(")")[0].strip()
    return int(digits) if digits.isdigit() else 1


def _write_section(document: Any, name: str, section: Any, defaults: Any) -> None:
    import tomlkit

    for one in fields(section):
        value = getattr(section, one.name)
        table = document.get(name)
        if value == getattr(defaults, one.name):
            if table is not None:
                table.pop(one.name, None)
            continue
        if table is None:
            table = document[name] = tomlkit.table()
        if isinstance(value, Mapping):
            _write_table(table, one.name, value)
        else:
            table[one.name] = value


def _write_table(parent: Any, name: str, values: Mapping[str, str]) -> None:
    """A table within a section, line by line: the person's comments stay."""
    import tomlkit

    table = parent.get(name)
    if table is None:
        table = parent[name] = tomlkit.table()
    for gone in [key for key in table if key not in values]:
        table.pop(gone)
    for key, value in values.items():
        if table.get(key) != value:
            table[key] = value
