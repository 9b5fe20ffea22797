"""What stands on the sheet: the draft as the person wants it, and the preview as far as it is known. Pure, no Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

from workbench.chat.escalating.escalation import Draft, Piece, Preview
from workbench.cloud.provider import CloudModel, Provider
from workbench.cloud.spending.money import Cap
from workbench.consents.consent import Consent


@dataclass(frozen=True, slots=True)
class SheetState:
    """``draft`` None: it is being made. ``preview``: the newest one, perhaps of an older draft. ``consent``: what waits is
    shown exactly as it was kept, and nothing of it can be changed. ``busy``: what is being waited for, in words.
    ``problem``: why there is no preview."""

    draft: Draft | None = None
    preview: Preview | None = None
    models: tuple[CloudModel, ...] = ()
    providers: tuple[Provider, ...] = ()
    caps: tuple[Cap, ...] = ()
    consent: Consent | None = None
    busy: str = ""
    problem: str = ""

    @property
    def fixed(self) -> bool:
        return self.consent is not None

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


def rewritten(draft: Draft, piece_id: str, text: str) -> Draft:
    """With another text in a piece."""
    return replace(draft, pieces=tuple(_with_text(one, text) if one.id == piece_id else one for one in draft.pieces))


def showing(draft: Draft, original: str, *, shown: bool) -> Draft:
    """With an original that leaves as it is, or is hidden again."""
    others = tuple(one for one in draft.shown if one != original)
    return replace(draft, shown=(*others, original) if shown else others)


def asking(draft: Draft, model: CloudModel) -> Draft:
    """For another model: no longer an answer and no other effort than it can give."""
    most = min(draft.most_tokens, model.most_output_tokens or draft.most_tokens)
    effort = draft.effort if draft.effort in model.efforts else None
    return replace(draft, model=model, most_tokens=most, effort=effort)


def carried(draft: Draft, before: Draft | None) -> Draft:
    """A draft in another mode, with what the person had chosen beside the mode."""
    if before is None:
        return draft
    same = replace(
        draft, most_tokens=before.most_tokens, effort=before.effort, redact=before.redact, shown=before.shown
    )
    cut = {one.id for one in before.pieces if not one.kept and not one.private}
    for piece_id in cut:
        same = kept(same, piece_id, keep=False)
    return same


def _with_text(piece: Piece, text: str) -> Piece:
    return replace(piece, text=text)
