"""The tools that a provider's model is offered, as pieces that a person can cut. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from workbench.chat.escalating.drafting import SUMMARY_ID
from workbench.chat.escalating.escalation import Piece, PieceKind
from workbench.chat.tree import Node
from workbench.messages import Tool, ToolResult
from workbench.tools.tool import BUILT_IN, ToolSpec

STRANGERS: Final = "Its description is somebody else's text: it stays here unless you add it."

OF_SERVER: Final = "It carries what a server's tool gave: nobody knows whether that is private."


def tool_pieces(specs: Iterable[ToolSpec], *, kept: bool) -> tuple[Piece, ...]:
    """``kept``: they are offered. Those of a server are listed only: what it says of itself may say anything."""
    return tuple(
        Piece(
            f"tool.{spec.name}",
            PieceKind.TOOL,
            spec.title,
            _told(spec),
            0,
            kept=kept and spec.source == BUILT_IN,
            note="" if spec.source == BUILT_IN else STRANGERS,
            source="" if spec.source == BUILT_IN else spec.source,
        )
        for spec in specs
    )


def tools_of(pieces: Iterable[Piece]) -> tuple[Tool, ...]:
    """Those that are offered, in their order."""
    told = (json.loads(piece.text) for piece in pieces if piece.kind is PieceKind.TOOL and piece.kept)
    return tuple(Tool(one["name"], one["description"], one["parameters"]) for one in told)


def offered_still(specs: Sequence[ToolSpec], pieces: Iterable[Piece]) -> tuple[ToolSpec, ...]:
    """Of those that are there now the ones that were offered, exactly as they were told."""
    told = {piece.text for piece in pieces if piece.kind is PieceKind.TOOL and piece.kept}
    return tuple(spec for spec in specs if _told(spec) in told)


def why_asked_anew(pieces: Sequence[Piece], sent: Iterable[Piece]) -> str:
    """Why a lasting yes does not cover a request of these pieces; empty: it does. ``sent``: what left before."""
    of_servers = {piece.id for piece in pieces if piece.kind is PieceKind.TOOL and piece.source}
    called = {_number(one) for one in pieces if one.kind is PieceKind.CALL and f"tool.{one.title}" in of_servers}
    left = {piece.id for piece in sent if piece.kept and not piece.private}
    new = (one for one in pieces if one.kind is PieceKind.RESULT and one.kept and one.id not in left)
    return OF_SERVER if any(_number(one) in called for one in new) else ""


def may_tell_of_servers(pieces: Iterable[Piece], branch: Iterable[Node], own: Collection[str]) -> bool:
    """Whether what a server's tool gave a model here may stand in a new request: in a result, or in what was written from
    it. ``branch``: with the local answer. ``own``: the program's own tools by name; of others nobody knows."""
    read = (one.name for node in branch for one in node.message.parts if isinstance(one, ToolResult))
    return any(name not in own for name in read) and any(map(_may_repeat, pieces))


def _may_repeat(piece: Piece) -> bool:
    written = piece.kind in (PieceKind.ANSWER, PieceKind.BRIEF) or piece.id == SUMMARY_ID or ".result-" in piece.id
    return written and piece.kept and not piece.private


def _number(piece: Piece) -> str:
    """What a call and its result share."""
    return piece.id.rpartition("-")[2]


def offers_any(pieces: Iterable[Piece]) -> bool | None:
    """Whether the person offers tools; None where there were none to choose from."""
    tools = [piece.kept for piece in pieces if piece.kind is PieceKind.TOOL]
    return any(tools) if tools else None


def _told(spec: ToolSpec) -> str:
    told = {"name": spec.name, "description": spec.description, "parameters": dict(spec.parameters)}
    return json.dumps(told, ensure_ascii=False, indent=2)
