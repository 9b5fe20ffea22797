"""What a person changes of the definition of a server of tools. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from workbench.errors import UsageError
from workbench.tools.servers.definition import Definition, Pairs


@dataclass(frozen=True, slots=True)
class Change:
    """Only what is not None or empty is another than before. ``command``: with its arguments. ``environment`` and
    ``headers``: those that are new or say something else; ``without``: names of those that go."""

    command: tuple[str, ...] = ()
    url: str = ""
    environment: Pairs = ()
    headers: Pairs = ()
    folder: str | None = None
    without: tuple[str, ...] = ()


def changed(definition: Definition, change: Change) -> Definition:
    """A program that becomes an address, or the other way round, begins with no variables and headers. Raises `UsageError`
    for no change, and for a name that is not there."""
    if change == Change():
        raise UsageError("Nothing would change.", hint="For example: --env LANG=en, or -- and another command.")
    if change.command and change.url:
        raise UsageError("A server of tools is either a command or an address.", hint="Leave out one of them.")
    if (definition.is_program and change.url) or (not definition.is_program and change.command):
        definition = Definition()
    _check_there(definition, change.without)
    if change.command:
        command, *arguments = change.command
        definition = replace(definition, command=command, arguments=tuple(arguments))
    return replace(
        definition,
        url=change.url or definition.url,
        environment=_with(definition.environment, change.environment, change.without),
        headers=_with(definition.headers, change.headers, change.without),
        folder=definition.folder if change.folder is None else change.folder,
    )


def _check_there(definition: Definition, names: Iterable[str]) -> None:
    known = [name for name, _value in (*definition.environment, *definition.headers)]
    for name in names:
        if name not in known:
            hint = f"It has: {', '.join(known)}." if known else "It has none."
            raise UsageError(f"There is no variable or header called {name[:60]!r}.", hint=hint)


def _with(pairs: Pairs, new: Pairs, without: Iterable[str]) -> Pairs:
    """In their places; new ones behind them."""
    kept = dict(pairs) | dict(new)
    gone = set(without) - {name for name, _value in new}
    return tuple((name, value) for name, value in kept.items() if name not in gone)
