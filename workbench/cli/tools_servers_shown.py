"""Servers of tools, as the command line shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.cli import output

if TYPE_CHECKING:
    from workbench.tools.servers.offer import Added, Offer
    from workbench.tools.servers.offered import OfferedTool

_DESCRIPTION_CHARACTERS = 70


def offer_json(offer: Offer) -> dict[str, Any]:
    """A server; never its keys."""
    server = offer.server
    return {
        "name": server.name,
        **server.definition.shown(),
        "keys": list(server.definition.secrets),
        "enabled": server.enabled,
        "agreed": server.is_agreed,
        "state": offer.health.state.value,
        "says": offer.health.words,
        "tools": [tool_json(tool) for tool in offer.tools],
        "created_at": server.created_at,
    }


def tool_json(tool: OfferedTool) -> dict[str, Any]:
    return {
        "name": tool.name,
        "title": tool.title,
        "description": tool.description,
        "enabled": tool.enabled,
        "reads": tool.reads,
        "claims": tool.hint or None,
        "usable": tool.usable,
        "note": tool.note or None,
    }


def added_json(added: Added) -> dict[str, Any]:
    return {
        "name": added.server.name,
        **added.server.definition.shown(),
        "in_keychain": list(added.secrets),
        "notes": list(added.notes),
    }


def offer_text(offer: Offer) -> str:
    definition = offer.server.definition
    lines = [
        f"{offer.server.name}  {'on' if offer.server.enabled else 'off'}, {_agreed(offer)}, {_health(offer)}",
        f"  {definition.url or ' '.join((definition.command, *definition.arguments))}",
        *(f"  {name}={value}" for name, value in (*definition.environment, *definition.headers)),
    ]
    rows: list[tuple[str, ...]] = [
        (
            f"  {'on ' if tool.enabled else 'off'}",
            tool.name,
            "you say it only reads" if tool.reads else f"says it {tool.hint}" if tool.hint else "",
            _short(tool.description),
        )
        for tool in offer.tools
    ]
    notes = [f"  {tool.name}: {tool.note}" for tool in offer.tools if tool.note]
    table = output.table(rows)
    return "\n".join([*lines, *([table] if table else []), *notes]) + "\n"


def _agreed(offer: Offer) -> str:
    return "agreed to" if offer.server.is_agreed else "not agreed to"


def _health(offer: Offer) -> str:
    words = f" ({offer.health.words})" if offer.health.words else ""
    return f"{offer.health.state.value} here{words}"


def _short(description: str) -> str:
    line = " ".join(description.split())
    return line if len(line) <= _DESCRIPTION_CHARACTERS else f"{line[:_DESCRIPTION_CHARACTERS]}…"
