"""What stands on the sheet: the draft as the person wants it, and the preview as far as it is known. Pure, no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbench.chat.escalating.escalation import Draft, Piece, PieceKind, Preview
from workbench.cloud.provider import CloudModel, Provider
from workbench.cloud.spending.money import Cap
from workbench.consents.consent import Consent


@dataclass(frozen=True, slots=True)
class SheetState:
    """``draft`` None: it is being made. ``preview``: the newest one, perhaps of an older draft. ``consent``: what waits is
    shown exactly as it was kept, and nothing of it can be changed. ``busy``: what is being waited for, in words.
    ``problem``: why there is no preview. ``askable``: providers that need no log-in first."""

    draft: Draft | None = None
    preview: Preview | None = None
    models: tuple[CloudModel, ...] = ()
    providers: tuple[Provider, ...] = ()
    caps: tuple[Cap, ...] = ()
    askable: frozenset[str] = frozenset()
    consent: Consent | None = None
    busy: str = ""
    problem: str = ""

    @property
    def fixed(self) -> bool:
        return self.consent is not None

    @property
    def grows(self) -> bool:
        """It is the next request of an answer that goes on: whom it asks, and about what, is settled."""
        return self.draft is not None and self.draft.grows is not None

    @property
    def fresh(self) -> Preview | None:
        """The preview of exactly what is wanted; None: it is not known yet."""
        preview = self.preview
        return preview if preview is not None and preview.draft == self.draft and not self.busy else None

    @property
    def can_send(self) -> bool:
        fresh = self.fresh
        return fresh is not None and not fresh.refused and not self.problem


def kept(draft: Draft, piece_id: str, *, keep: bool) -> Draft:
    """With a piece cut, or back in it; what is needed or private stays as it is."""
    return replace(
        draft,
        pieces=tuple(
            replace(one, kept=keep) if one.id == piece_id and not one.needed and not one.private else one
            for one in draft.pieces
        ),
    )


def page_of(draft: Draft, providers: Sequence[Provider]) -> str:
    """The id of the provider whose page is proposed: some, such as one's own addresses, have none."""
    pages = [one.id for one in providers if one.chat_page]
    return draft.model.provider if draft.model.provider in pages or not pages else pages[0]


def tools_of(draft: Draft) -> tuple[Piece, ...]:
    """What may be offered; empty for a model that is known to call none."""
    return () if draft.model.calls_tools is False else tuple(one for one in draft.pieces if one.kind is PieceKind.TOOL)


def offering(draft: Draft, *, on: bool) -> Draft:
    """With its tools, or without. On brings those that come with the program: a stranger's text is added one by one."""
    return replace(
        draft, pieces=tuple(_offered(one, on=on) if one.kind is PieceKind.TOOL else one for one in draft.pieces)
    )


def rewritten(draft: Draft, piece_id: str, text: str) -> Draft:
    """With another text in a piece."""
    return replace(draft, pieces=tuple(_with_text(one, text) if one.id == piece_id else one for one in draft.pieces))


def showing(draft: Draft, original: str, *, shown: bool) -> Draft:
    """With an original that leaves as it is, or is hidden again."""
    others = tuple(one for one in draft.shown if one != original)
    return replace(draft, shown=(*others, original) if shown else others)


def asking(draft: Draft, model: CloudModel) -> Draft:
    """For another model: no longer an answer, no other effort and no tools than it can give."""
    most = min(draft.most_tokens, model.most_output_tokens or draft.most_tokens)
    effort = draft.effort if draft.effort in model.efforts else None
    draft = replace(draft, model=model, most_tokens=most, effort=effort)
    return offering(draft, on=False) if model.calls_tools is False else draft


def carried(draft: Draft, before: Draft | None) -> Draft:
    """A draft in another mode, with what the person had chosen beside the mode."""
    if before is None:
        return draft
    same = replace(
        draft, most_tokens=before.most_tokens, effort=before.effort, redact=before.redact, shown=before.shown
    )
    for one in before.pieces:
        if not one.private:
            same = kept(same, one.id, keep=one.kept)
    return same


def _offered(piece: Piece, *, on: bool) -> Piece:
    if piece.needed or piece.private:
        return piece
    return replace(piece, kept=on and not piece.note)


def _with_text(piece: Piece, text: str) -> Piece:
    return replace(piece, text=text)
