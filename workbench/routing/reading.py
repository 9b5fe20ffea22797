"""Rules as a file has them. What is wrong is told with its line and key; a rule with something wrong in it does not hold,
because it would fit more than its writer meant. Pure."""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from workbench.messages import Effort
from workbench.routing.facts import Task
from workbench.routing.language import LANGUAGES
from workbench.routing.lines import Lines
from workbench.routing.rules import BOUNDS, FLAGS, Budget, Rule, Rules, Then, Use, When

MOST_TOKENS: Final = 1 << 20
MOST_SECONDS: Final = 86_400
MOST_NAME: Final = 60
MOST_RULES: Final = 500


@dataclass(frozen=True, slots=True)
class Notice:
    """Something in the file that was not taken. ``line`` from 1."""

    file: Path
    line: int
    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Read:
    """``rules`` None: the file tells none, or cannot be read. ``models`` and ``budgets`` None likewise."""

    rules: tuple[Rule, ...] | None = None
    budgets: Mapping[Effort, Budget] | None = None
    models: tuple[str, str] | None = None
    notices: tuple[Notice, ...] = ()

    def over(self, shipped: Rules) -> Rules:
        """``shipped``, with what this file says in its place."""
        fast, deep = (shipped.fast, shipped.deep) if self.models is None else self.models
        budgets = {**shipped.budgets, **(self.budgets or {})}
        return Rules(shipped.rules if self.rules is None else self.rules, budgets, fast, deep)


class _Wrong(Exception):  # noqa: N818 - never leaves this module
    """A key, and what is wrong with it."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key
        self.text = text


def read(text: str, file: Path) -> Read:
    """Never raises."""
    try:
        tree = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None) or _line_in(str(error))
        told = f"this is not valid TOML ({error}); the rules that come with the program are used."
        return Read(notices=(Notice(file, line, "", told),))
    lines, notices = Lines(text), list[Notice]()

    def note(key: str, what: str, place: int = 0) -> None:
        notices.append(Notice(file, lines.of(key, place), key, what))

    for key in tree:
        if key not in _SECTIONS:
            note(key, f"unknown key {key!r}{_nearest(key, _SECTIONS)}; it is ignored.")
    return Read(
        _rules(tree.get("rule"), note),
        _budgets(tree.get("budgets"), note),
        _models(tree.get("models"), note),
        tuple(notices),
    )


Note = Callable[..., None]
_SECTIONS: Final = ("models", "budgets", "rule")


def _rules(found: Any, note: Note) -> tuple[Rule, ...] | None:
    if found is None:
        return None
    if not isinstance(found, list):
        note("rule", "a rule begins with [[rule]] in double brackets; the rules that come with the program are used.")
        return None
    rules: list[Rule] = []
    for place, one in enumerate(found[:MOST_RULES]):
        try:
            rule = _rule(one)
        except _Wrong as wrong:
            name = one.get("name") if isinstance(one, Mapping) else None
            called = f"rule {name!r}" if isinstance(name, str) else f"rule {place + 1}"
            note(f"rule.{wrong.key}" if wrong.key else "rule", f"{wrong.text}; {called} does not hold.", place)
            continue
        if any(other.name == rule.name for other in rules):
            note("rule.name", f"there are two rules called {rule.name!r}; both hold.", place)
        rules.append(rule)
    if len(found) > MOST_RULES:
        note("rule", f"there are more than {MOST_RULES} rules; the others do not hold.", MOST_RULES)
    return tuple(rules)


def _rule(one: Any) -> Rule:
    table = _table("", one)
    _only(table, ("name", "when", "then"), "")
    name = table.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > MOST_NAME:
        raise _Wrong(
            "name" if "name" in table else "", f"name must be a few words in quotes, at most {MOST_NAME} letters"
        )
    if "then" not in table:
        raise _Wrong("", 'then is missing, such as then = { use = "deep" }')
    return Rule(" ".join(name.split()), _when(table.get("when", {})), _then(table["then"]))


def _when(found: Any) -> When:
    table = _table("when", found)
    _only(table, ("task", "language", *FLAGS, *BOUNDS), "when.")
    flags = {name: _flag(f"when.{name}", table[name]) for name in FLAGS if name in table}
    bounds = {name: _whole(f"when.{name}", table[name], 0, MOST_TOKENS) for name in BOUNDS if name in table}
    tasks = _words("when.task", table.get("task", []), tuple(Task))
    return When(
        tuple(Task(task) for task in tasks),
        _words("when.language", table.get("language", []), LANGUAGES),
        flags,
        bounds,
    )


def _then(found: Any) -> Then:
    table = _table("then", found)
    _only(table, ("use", "effort", "most_tokens", "most_seconds", "because"), "then.")
    use = _words("then.use", table.get("use", "fast"), tuple(Use))
    effort = _words("then.effort", table.get("effort", []), tuple(Effort))
    because = table.get("because", "")
    if not isinstance(because, str) or len(because) > 200:
        raise _Wrong("then.because", "because must be a text in quotes, at most 200 letters")
    if len(use) != 1 or len(effort) > 1:
        raise _Wrong("then.use" if len(use) != 1 else "then.effort", "one word is wanted here, not a list")
    budget = _budget(table, "then.")
    return Then(
        Use(use[0]),
        Effort(effort[0]) if effort else None,
        budget.most_tokens,
        budget.most_seconds,
        " ".join(because.split()),
    )


def _budgets(found: Any, note: Note) -> Mapping[Effort, Budget] | None:
    if found is None:
        return None
    taken: dict[Effort, Budget] = {}
    try:
        table = _table("budgets", found)
    except _Wrong as wrong:
        note("budgets", f"{wrong.text}; it is ignored.")
        return None
    for name, one in table.items():
        try:
            (effort,) = _words(f"budgets.{name}", name, tuple(Effort))
            inside = _table(f"budgets.{name}", one)
            _only(inside, ("most_tokens", "most_seconds"), f"budgets.{name}.")
            taken[Effort(effort)] = _budget(inside, f"budgets.{name}.")
        except _Wrong as wrong:
            note(wrong.key, f"{wrong.text}; it is ignored.")
    return taken


def _models(found: Any, note: Note) -> tuple[str, str] | None:
    if found is None:
        return None
    try:
        table = _table("models", found)
        _only(table, ("fast", "deep"), "models.")
        return _name(table, "fast"), _name(table, "deep")
    except _Wrong as wrong:
        note(wrong.key, f"{wrong.text}; it is ignored.")
        return None


def _name(table: Mapping[str, Any], key: str) -> str:
    name = table.get(key, "")
    if not isinstance(name, str):
        raise _Wrong(f"models.{key}", f"{key} must be the name of a model in quotes, not {_shown(name)}")
    return name.strip()


# Values --------------------------------------------------------------------------------------------------------------


def _budget(table: Mapping[str, Any], prefix: str) -> Budget:
    tokens = table.get("most_tokens")
    seconds = table.get("most_seconds")
    return Budget(
        None if tokens is None else _whole(f"{prefix}most_tokens", tokens, 1, MOST_TOKENS),
        None if seconds is None else _number(f"{prefix}most_seconds", seconds, 1, MOST_SECONDS),
    )


def _table(key: str, found: Any) -> Mapping[str, Any]:
    if not isinstance(found, Mapping):
        raise _Wrong(key, f"{key or 'a rule'} must be a table, not {_shown(found)}")
    return found


def _only(table: Mapping[str, Any], known: Iterable[str], prefix: str) -> None:
    """Raises for the first key that nobody knows."""
    known = tuple(known)
    for key in table:
        if key not in known:
            raise _Wrong(f"{prefix}{key}", f"unknown key {key!r}{_nearest(key, known)}")


def _flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(key, f"{_last(key)} must be true or false, not {_shown(value)}")
    return value


def _whole(key: str, value: Any, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise _Wrong(key, f"{_last(key)} must be a whole number from {least:,} to {most:,}, not {_shown(value)}")
    return value


def _number(key: str, value: Any, least: int, most: int) -> float:
    right = isinstance(value, int | float) and not isinstance(value, bool)
    if not right or math.isnan(value) or not least <= value <= most:
        raise _Wrong(key, f"{_last(key)} must be a number from {least:,} to {most:,}, not {_shown(value)}")
    return float(value)


def _words(key: str, value: Any, known: Iterable[str]) -> tuple[str, ...]:
    """One word or a list of them, each of ``known``."""
    known = tuple(str(one) for one in known)
    given = value if isinstance(value, list) else [value]
    for one in given:
        if not isinstance(one, str) or one not in known:
            near = _nearest(one, known) if isinstance(one, str) else ""
            raise _Wrong(key, f"{_last(key)} must be one of {', '.join(known)}, not {_shown(one)}{near}")
    return tuple(dict.fromkeys(given))


def _last(key: str) -> str:
    return key.rpartition(".")[2]


def _shown(value: Any) -> str:
    """As the file would have it, in short."""
    try:
        text = repr(value).lower() if isinstance(value, bool) else repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, a table of thousands of levels
        return "what stands there"
    return text if len(text) <= 60 else f"{text[:60]}…"


def _nearest(key: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(key[:60], tuple(known), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _line_in(message: str) -> int:
    digits = message.partition("line ")[2].split(",")[0].split(")")[0].strip()
    return int(digits) if digits.isdigit() else 1
