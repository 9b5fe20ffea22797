"""Files of other programs that name servers: Claude Desktop, Cursor, LM Studio and others, and VS Code. Pure but for the
reading of the file.

What is taken over is off, and nothing of it is started. Keys go to the keychain; what is not understood is told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.errors import UsageError, WorkbenchError
from workbench.tools.servers.definition import REFERENCE, Definition, checked, from_json, name_from
from workbench.tools.servers.keys import without_keys
from workbench.tools.tool import BUILT_IN

MOST_BYTES, MOST_SERVERS = 1 << 20, 100
_GROUPS = ("mcpServers", "servers", "context_servers")
_KNOWN = frozenset({"command", "args", "env", "cwd", "url", "headers", "type", "transport", "serverUrl"})
_SILENT = frozenset({"disabled", "enabled", "autoApprove", "alwaysAllow", "gallery", "version", "name", "description"})
_TYPES = frozenset({"", "stdio", "http", "streamable-http", "streamableHttp", "sse"})
_TRAILING = re.compile(r",(\s*[}\]])")


@dataclass(frozen=True, slots=True)
class Imported:
    """``definition`` holds references where keys stood; ``keys`` has them. ``notes``: what to know of it."""

    name: str
    definition: Definition
    keys: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Import:
    """``problems``: sentences about what was not taken."""

    servers: tuple[Imported, ...]
    problems: tuple[str, ...]


def read_file(path: Path) -> Import:
    """Raises `UsageError` for a file that is not there, too large or no such file."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path} is too large to be a list of servers.", hint="Choose the program's mcp.json.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.", hint="Choose another file.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not text.", hint="Choose the program's mcp.json.") from error
    return read_text(text, str(path))


def read_text(text: str, named: str = "This text") -> Import:
    """Raises `UsageError` for what is not JSON (comments and a comma too many are), or names no servers."""
    try:
        whole = json.loads(without_comments(text))
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise UsageError(f"{named} is not JSON{where}.", hint="Choose the program's mcp.json.") from error
    servers, inputs = _group(whole)
    if servers is None:
        raise UsageError(
            f"{named} names no servers of tools.",
            hint='It should have {"mcpServers": {…}}, as Claude Desktop writes it.',
        )
    found, problems = list[Imported](), list[str]()
    for name, raw in list(servers.items())[:MOST_SERVERS]:
        try:
            found.append(_server(str(name), raw, inputs, {one.name.lower() for one in found}))
        except WorkbenchError as error:
            problems.append(f"“{str(name)[:60]}” was left out: {error.message}")
    if len(servers) > MOST_SERVERS:
        problems.append(f"Only the first {MOST_SERVERS} of {len(servers):,} servers were read.")
    return Import(tuple(found), tuple(problems))


def renamed(found: Import, taken: set[str]) -> Import:
    """Without those whose name there is already (``taken``, in lower case): they are told."""
    kept = tuple(one for one in found.servers if one.name.lower() not in taken)
    there = [one.name for one in found.servers if one.name.lower() in taken]
    told = (f"Already here: {', '.join(there)}.",) if there else ()
    return Import(kept, (*found.problems, *told))


def without_comments(text: str) -> str:
    """JSON without ``//`` and ``/* */`` and without commas before an end, outside of strings."""
    pieces: list[str] = []
    outside: list[str] = []
    at = 0
    while at < len(text):
        if text[at] == '"':
            end = _end_of_string(text, at)
            pieces += [_TRAILING.sub(r"\1", "".join(outside)), text[at:end]]
            outside.clear()
        elif text.startswith("//", at):
            end = at + len(text[at:].partition("\n")[0])
        elif text.startswith("/*", at):
            closed = text.find("*/", at + 2)
            end = len(text) if closed < 0 else closed + 2
        else:
            end = at + 1
            outside.append(text[at])
        at = end
    return "".join([*pieces, _TRAILING.sub(r"\1", "".join(outside))])


def _end_of_string(text: str, at: int) -> int:
    end = at + 1
    while end < len(text) and text[end] != '"':
        end += 2 if text[end] == "\\" else 1
    return min(end + 1, len(text))


def _group(whole: Any) -> tuple[Mapping[str, Any] | None, Mapping[str, Mapping[str, Any]]]:
    """Where the servers stand, also within VS Code's settings, and what VS Code would ask for."""
    if not isinstance(whole, Mapping):
        return None, {}
    for place in (whole, whole.get("mcp")):
        if isinstance(place, Mapping):
            for key in _GROUPS:
                if isinstance(place.get(key), Mapping):
                    return place[key], _inputs(place.get("inputs"))
    return None, {}


def _inputs(raw: Any) -> dict[str, Mapping[str, Any]]:
    listed = raw if isinstance(raw, list) else []
    return {str(one["id"]): one for one in listed if isinstance(one, Mapping) and "id" in one}


def _server(name: str, raw: Any, inputs: Mapping[str, Mapping[str, Any]], taken: set[str]) -> Imported:
    if not isinstance(raw, Mapping):
        raise UsageError("It is no object.")
    kind = str(raw.get("type") or raw.get("transport") or "")
    if kind not in _TYPES:
        raise UsageError(f"Its kind {kind[:40]!r} is not known here.")
    ours = _free_name(name, taken)
    definition = from_json({**raw, "url": raw.get("url") or raw.get("serverUrl") or ""})
    definition = _asked(definition, inputs)
    clean, keys = without_keys(checked(definition))
    return Imported(ours, clean, keys, tuple(_notes(name, ours, kind, raw, clean)))


def _free_name(name: str, taken: set[str]) -> str:
    free = ours = name_from(name) or "server"
    number = 1
    while free.lower() in taken or free.lower() == BUILT_IN:
        number += 1
        free = f"{ours[:28]}-{number}"
    return free


def _asked(definition: Definition, inputs: Mapping[str, Mapping[str, Any]]) -> Definition:
    """What VS Code asks for when it starts a server: what it would offer, where that is no key; else a key of ours."""

    def value(kind: str, name: str) -> str:
        if kind != "input":
            return f"${{{kind}:{name}}}" if name else f"${{{kind}}}"
        asked = inputs.get(name, {})
        default = asked.get("default")
        plain = isinstance(default, str) and default and not asked.get("password")
        return str(default) if plain else f"${{secret:{name}}}"

    return definition.filled(value)


def _notes(name: str, ours: str, kind: str, raw: Mapping[str, Any], definition: Definition) -> Iterator[str]:
    if ours != name:
        yield f"“{name[:60]}” is called {ours} here."
    if kind == "sse":
        yield "It names the old transport (SSE), which is not spoken here: its address is tried with the new one."
    if unknown := sorted(str(key)[:40] for key in raw if key not in _KNOWN | _SILENT):
        yield f"Not taken over: {', '.join(unknown)}."
    elsewhere = {found[0] for found in _unknown_references(definition)}
    if elsewhere:
        yield f"It refers to what only its own program knows: {', '.join(sorted(elsewhere))}."


def _unknown_references(definition: Definition) -> Iterator[re.Match[str]]:
    texts = (definition.command, *definition.arguments, definition.folder, definition.url)
    values = (value for _name, value in (*definition.environment, *definition.headers))
    for text in (*texts, *values):
        for found in REFERENCE.finditer(text):
            if found[1] not in ("secret", "env", "userHome"):
                yield found
