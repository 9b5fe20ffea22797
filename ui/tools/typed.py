"""A server of tools from what a person types: a command or an address, and lines of variables or headers. Pure."""

from __future__ import annotations

import shlex
import sys

from ui.translation import tr
from workbench.errors import UsageError
from workbench.tools.servers.definition import Definition, Pairs, checked, name_from


def definition_of(where: str, more: str = "", *, windows: bool = sys.platform == "win32") -> Definition:
    """``where``: a command as it is typed in a terminal, without a shell's signs, or an address. ``more``: NAME=value, one
    to a line: variables of a program, headers of an address. Raises `UsageError`, `RefusedError`."""
    where = where.strip()
    if where.lower().startswith(("http://", "https://")):
        return checked(Definition(url=where, headers=_pairs(more)))
    try:
        words = shlex.split(where, posix=not windows)
    except ValueError as error:
        raise UsageError(tr("A quotation mark in the command is not closed."), hint=where) from error
    if not words:
        raise UsageError(tr("Write a command, or an address."), hint=tr("For example: uvx mcp-server-time"))
    command, *arguments = (word.strip('"') if windows else word for word in words)
    return checked(Definition(command, tuple(arguments), _pairs(more)))


def typed_of(definition: Definition, *, windows: bool = sys.platform == "win32") -> tuple[str, str]:
    """What a person would type for it, so that `definition_of` makes the same of it, but for the folder it starts in."""
    more = "\n".join(f"{name}={value}" for name, value in (*definition.environment, *definition.headers))
    words = [definition.command, *definition.arguments]
    written = " ".join(_quoted(word) for word in words) if windows else shlex.join(words)
    return definition.url or written, more


def _quoted(word: str) -> str:
    """For Windows, where only what has spaces needs signs around it."""
    return f'"{word}"' if not word or any(sign.isspace() for sign in word) else word


def name_of(definition: Definition) -> str:
    """A name for it, where the person gave none: of what is started, or the host."""
    if definition.url:
        return name_from(definition.destination.rpartition(":")[0]) or "server"
    said = [definition.command, *(one for one in definition.arguments if not one.startswith("-"))]
    bases = [one.replace("\\", "/").rpartition("/")[2].partition("@")[0] for one in said]
    base = next((one for one in bases if "mcp" in one.lower() or "server" in one.lower()), bases[0])
    short = base.replace("mcp-server-", "").replace("server-", "").replace("mcp-", "") or base
    return name_from(short) or "server"


def _pairs(lines: str) -> Pairs:
    pairs = []
    for line in lines.splitlines():
        if not line.strip():
            continue
        cut = min((at for at in (line.find("="), line.find(":")) if at > 0), default=-1)
        if cut < 0:
            raise UsageError(
                tr("{line} is no name and value.").format(line=repr(line.strip()[:60])), hint=tr("For example LANG=en")
            )
        pairs.append((line[:cut].strip(), line[cut + 1 :].strip()))
    return tuple(pairs)
