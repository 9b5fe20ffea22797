"""A tool as its server describes it, made fit for a model and a person; what becomes of it when it is told anew. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from workbench.tools.servers.definition import Server
from workbench.tools.servers.hidden import is_hidden, without_hidden, without_hidden_in
from workbench.tools.tool import Harm, ToolSpec

MOST_AT_ONCE = 20  # of a new server's tools are switched on together: more, and a model no longer finds the right one
MOST_DESCRIPTION, MOST_SCHEMA = 4_000, 64 << 10
CHANGED = "The server describes it differently now: it was switched off until you have looked at it."
NEW = "The server has offered it only since you agreed to it."
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST = 64
_EMPTY_SCHEMA: Mapping[str, Any] = {"type": "object", "properties": {}}


@dataclass(frozen=True, slots=True)
class OfferedTool:
    """``name``: the server's. ``hint``: what the server says of its harm, which is only shown. ``fingerprint``: of all that
    the server says of it. ``usable`` False: it is never offered, ``note`` says why. ``reads``: the person says that it
    changes nothing."""

    name: str
    title: str
    description: str
    parameters: Mapping[str, Any] = field(hash=False)
    hint: str
    fingerprint: str
    usable: bool = True
    enabled: bool = False
    reads: bool = False
    note: str = ""


def read_tool(raw: Mapping[str, Any]) -> OfferedTool:
    """What the protocol's JSON says of a tool, bounded and without hidden characters."""
    name = str(raw.get("name", ""))
    annotations = raw["annotations"] if isinstance(raw.get("annotations"), Mapping) else {}
    description, hidden = without_hidden(str(raw.get("description") or ""))
    schema = raw["inputSchema"] if isinstance(raw.get("inputSchema"), Mapping) else _EMPTY_SCHEMA
    title, hidden_there = without_hidden(str(raw.get("title") or annotations.get("title") or name)[:200])
    parameters, hidden_in_schema = without_hidden_in(schema)
    problem = _problem(name, schema)
    notes = [problem] if problem else []
    if count := hidden + hidden_there + hidden_in_schema:
        notes.append(
            f"{count:,} hidden {'character was' if count == 1 else 'characters were'} removed from its description."
        )
    if len(description) > MOST_DESCRIPTION:
        notes.append(f"Its description has {len(description):,} characters: the model is told {MOST_DESCRIPTION:,}.")
        description = description[:MOST_DESCRIPTION]
    return OfferedTool(
        name[:200],
        title,
        description,
        _EMPTY_SCHEMA if problem else parameters,
        _hint(annotations),
        _fingerprint(raw, name, schema, annotations),
        usable=not problem,
        note=" ".join(notes),
    )


def merged(before: Iterable[OfferedTool], told: Iterable[OfferedTool], *, first: bool) -> tuple[OfferedTool, ...]:
    """What is kept of a new listing: what the person chose stays, but for tools that are described differently.

    ``first``: nothing was known of this server; its tools are switched on, unless they are too many to choose from.
    """
    known = {tool.name: tool for tool in before}
    unique = {tool.name: tool for tool in told}
    few = sum(tool.usable for tool in unique.values()) <= MOST_AT_ONCE
    return tuple(_merged(known.get(name), tool, first=first, few=few) for name, tool in unique.items())


def _merged(before: OfferedTool | None, tool: OfferedTool, *, first: bool, few: bool) -> OfferedTool:
    if before is None:
        if first:
            return replace(tool, enabled=few and tool.usable)
        return replace(tool, note=f"{NEW} {tool.note}".strip())
    if before.fingerprint == tool.fingerprint:
        return replace(tool, enabled=before.enabled and tool.usable, reads=before.reads, note=before.note)
    was_chosen = before.enabled or before.reads or before.note.startswith(CHANGED)
    return replace(tool, note=f"{CHANGED} {tool.note}".strip() if was_chosen else tool.note)


def spec(server: Server, tool: OfferedTool) -> ToolSpec:
    """As the model is told of it. What the server says of its harm is not believed: a program's tools run programs, an
    address's send, unless the person says that this one only reads."""
    program = server.definition.is_program
    harm = (Harm.READ if program else Harm.FETCH) if tool.reads else (Harm.RUN if program else Harm.SEND)
    return ToolSpec(
        called(server.name, tool.name),
        tool.title,
        tool.description,
        tool.parameters,
        harm,
        server.name,
        server.definition.destination,
        tool.fingerprint,
        asks_first=not program,
    )


def called(server: str, tool: str) -> str:
    """What a model calls it: the server's name stands before, so that none is taken for a built-in one or for another
    server's. A name that cannot be said so, or is too long, is cut and gets a sign of its own."""
    prefix = f"{server.lower()}_"
    if _NAME.fullmatch(tool) and len(prefix) + len(tool) <= _LONGEST - 7:
        return prefix + tool
    sign = hashlib.sha256(tool.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{prefix}{re.sub(r'[^A-Za-z0-9_-]', '_', tool)[: _LONGEST - 7 - len(prefix)]}-{sign}"


def to_json(tool: OfferedTool) -> dict[str, Any]:
    """But for what the person chose."""
    return {
        "title": tool.title,
        "description": tool.description,
        "parameters": tool.parameters,
        "hint": tool.hint,
        "usable": tool.usable,
    }


def _problem(name: str, schema: Mapping[str, Any]) -> str:
    if not name or len(name) > 200 or any(is_hidden(one) for one in name):
        return "It has no name that can be used."
    said = _said(schema)
    if len(said) > MOST_SCHEMA:
        return f"What it is called with is described in more than {MOST_SCHEMA >> 10} KB."
    if schema.get("type", "object") != "object":
        return "What it is called with is no object."
    return "The names of its arguments have hidden characters." if _hides_in_names(schema) else ""


def _hides_in_names(value: Any, depth: int = 0) -> bool:
    if depth > 64:
        return True
    if isinstance(value, Mapping):
        return any(
            any(is_hidden(one) for one in name) or _hides_in_names(inside, depth + 1) for name, inside in value.items()
        )
    return isinstance(value, list) and any(_hides_in_names(one, depth + 1) for one in value)


def _hint(annotations: Mapping[str, Any]) -> str:
    if annotations.get("readOnlyHint") is True:
        return "only reads"
    if annotations.get("destructiveHint") is True:
        return "may destroy"
    return ""


def _fingerprint(raw: Mapping[str, Any], name: str, schema: Mapping[str, Any], annotations: Mapping[str, Any]) -> str:
    said = [name, raw.get("title"), raw.get("description"), schema, annotations]
    return hashlib.sha256(_said(said).encode("utf-8", "surrogatepass")).hexdigest()


def _said(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)
