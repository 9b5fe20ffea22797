"""What the sheet says: models, modes, pieces, prices and places in words. Pure, no Qt."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence

from ui.translation import marked, tr
from workbench.chat.escalating.counts import Uncounted
from workbench.chat.escalating.escalation import Mode, Piece, PieceKind, Preview
from workbench.cloud.asking import NextStep
from workbench.cloud.hiding.redaction import Hidden
from workbench.cloud.provider import CloudModel, Price, Provider, Rung
from workbench.cloud.spending.amounts import short, short_left
from workbench.cloud.spending.amounts import words as amount
from workbench.cloud.spending.money import Cap, CapKind, Range, Remaining
from workbench.consents.consent import Scope

ANSWER_LENGTHS = (512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768)
MODES: dict[Mode, tuple[str, str]] = {
    Mode.QUESTION: (marked("Only the question"), marked("Nothing of the rest of the chat leaves.")),
    Mode.BRANCH: (marked("The whole chat"), marked("Everything up to this question, as far as you keep it below.")),
    Mode.CONDENSED: (
        marked("A brief"),
        marked("The model on this computer sums up what is needed. You read it, and change it, before it leaves."),
    ),
    Mode.CHECK: (
        marked("A check"),
        marked("The question and the answer you have, to be told what is wrong with it."),
    ),
}
_ICONS = {
    PieceKind.SYSTEM: "settings",
    PieceKind.MEMORY: "bookmark",
    PieceKind.QUESTION: "message-square",
    PieceKind.ANSWER: "cpu",
    PieceKind.PASSAGE: "file-search",
    PieceKind.ATTACHMENT: "paperclip",
    PieceKind.PICTURE: "image",
    PieceKind.BRIEF: "pencil",
    PieceKind.INSTRUCTION: "info",
    PieceKind.TOOL: "wrench",
    PieceKind.CALL: "wrench",
    PieceKind.RESULT: "file-text",
    PieceKind.THOUGHT: "lightbulb",
}
_HIDDEN = {
    Hidden.NAME: marked("Name"),
    Hidden.EMAIL: marked("Mail address"),
    Hidden.PHONE: marked("Phone number"),
    Hidden.KEY: marked("Key or password"),
    Hidden.CARD: marked("Card number"),
    Hidden.ACCOUNT: marked("Account number"),
    Hidden.ADDRESS: marked("Address"),
    Hidden.OWN: marked("Of your own list"),
}
STEPS = {
    NextStep.RETRY: (marked("Try again"), "refresh-cw"),
    NextStep.OTHER_PROVIDER: (marked("Another provider"), "cloud"),
    NextStep.ANSWER_LOCALLY: (marked("Answer here"), "cpu"),
    NextStep.LOGIN: (marked("Log in…"), "lock"),
    NextStep.SHORTEN: (marked("Send less"), "list"),
    NextStep.RAISE_BUDGET: (marked("Raise the budget…"), "gauge"),
    NextStep.GIVE_PRICE: (marked("Give the price…"), "calculator"),
}
_RUNGS = {Rung.OPEN: marked("Open family"), Rung.FRONTIER: marked("Frontier")}
RUNG_ICONS = {Rung.OPEN: "layers", Rung.FRONTIER: "star", None: "cloud"}
MOST_READABLE = 4_000_000  # characters of a body that are taken apart to be read


def step_words(step: NextStep) -> tuple[str, str]:
    """Words and icon of the button."""
    words, icon = STEPS[step]
    return tr(words), icon


def mode_words(mode: Mode) -> tuple[str, str]:
    """What it is called, and what it means."""
    name, meaning = MODES[mode]
    return tr(name), tr(meaning)


def model_name(model: CloudModel) -> str:
    return model.name or model.id


def provider_name(provider: str, providers: Sequence[Provider] = ()) -> str:
    return next((one.name for one in providers if one.id == provider), provider)


def price_words(price: Price | None) -> str:
    """For a million tokens each way."""
    if price is None:
        return tr("Its price is not known")
    return tr("{prompt} in, {answer} out per million tokens").format(
        prompt=amount(price.input_micros), answer=amount(price.output_micros)
    )


def price_in_short(price: Price | None) -> str:
    """In and out, as short as it is told honestly."""
    return tr("no price") if price is None else f"{short(price.input_micros)} / {short(price.output_micros)}"


def model_note(model: CloudModel) -> str:
    """Below its name in the list: price and room."""
    context = tr("{count} tokens of context").format(count=f"{model.context_tokens:,}") if model.context_tokens else ""
    speed = tr("{count} tokens/s").format(count=f"{model.tokens_per_second:,.0f}") if model.tokens_per_second else ""
    dated = tr("price of {date}").format(date=model.price.date) if model.price and model.price.date else ""
    return " · ".join(words for words in (price_words(model.price), context, speed, dated) if words)


def by_rung(models: Sequence[CloudModel]) -> Iterator[tuple[str, tuple[CloudModel, ...]]]:
    """Groups with their title: the open families first, what has no rung last."""
    for rung, title in (*_RUNGS.items(), (None, marked("Others"))):
        group = tuple(model for model in models if model.rung is rung)
        if group:
            yield tr(title), group


def in_order(models: Sequence[CloudModel], askable: Collection[str]) -> list[tuple[CloudModel, str]]:
    """With what is said beside each. Who can be asked at once comes first, whatever its rung; ``askable``: their ids."""
    listed = [(one, title) for title, group in by_rung(models) for one in group]
    ready = [pair for pair in listed if pair[0].provider in askable]
    others = [(one, tr("{rung}, no key").format(rung=title)) for one, title in listed if one.provider not in askable]
    return [*ready, *others]


def piece_icon(piece: Piece) -> str:
    return "lock" if piece.private else _ICONS[piece.kind]


def piece_title(piece: Piece) -> str:
    return tr("Call of {tool}").format(tool=piece.title) if piece.kind is PieceKind.CALL else piece.title


def offered_words(offered: int, there: int) -> str:
    """Below the switch of all tools."""
    if not offered:
        return tr("None is offered: it answers from what it knows.")
    return tr("{count} of {all} are offered").format(count=offered, all=there)


def described(tool: str) -> str:
    """What a tool says of itself, out of the JSON that is told."""
    try:
        told = json.loads(tool)
    except ValueError:
        return ""
    said = told.get("description") if isinstance(told, dict) else None
    return " ".join(said.split()) if isinstance(said, str) else ""


def piece_words(piece: Piece) -> str:
    """What stands below its title: how long it is and how it begins, or why it stays here."""
    if piece.note:
        return piece.note
    if piece.kind is PieceKind.TOOL and (said := described(piece.text[:MOST_READABLE])):
        return said
    if not piece.text:
        return tr("A picture") if piece.kind is PieceKind.PICTURE else tr("Empty")
    begin = " ".join(piece.text[:300].split())
    return f"{size_words(len(piece.text))} · {begin}"


def size_words(characters: int) -> str:
    return tr("{count} characters").format(count=f"{characters:,}")


def hidden_words(kind: Hidden) -> str:
    return tr(_HIDDEN[kind])


def range_words(cost: Range | None) -> str:
    """What the request may cost; one figure where both are the same."""
    if cost is None:
        return tr("Cost not known")
    low, high = short(cost.low), short(cost.high)
    return high if low == high else tr("{low} to {high}").format(low=low, high=high)


def cap_words(kind: CapKind) -> str:
    """What a cap is for, behind an amount."""
    return {
        CapKind.REQUEST: tr("a question"),
        CapKind.DAY: tr("a day"),
        CapKind.MONTH: tr("a month"),
        CapKind.PROVIDER: tr("a month there"),
        CapKind.CHAT: tr("in this chat"),
    }[kind]


def remaining_words(remaining: Remaining) -> str:
    """The cap that is the tightest for this request, and what it leaves."""
    what = {
        CapKind.REQUEST: tr("{left} of {cap} left for this question"),
        CapKind.DAY: tr("{left} of {cap} left today"),
        CapKind.MONTH: tr("{left} of {cap} left this month"),
        CapKind.PROVIDER: tr("{left} of {cap} left this month at this provider"),
        CapKind.CHAT: tr("{left} of {cap} left for this chat"),
    }[remaining.cap.kind]
    return what.format(left=short_left(remaining.micros), cap=amount(remaining.cap.micros))


def caps_words(caps: Sequence[Cap]) -> str:
    """All that hold, in one line."""
    return ", ".join(f"{amount(cap.micros)} {cap_words(cap.kind)}" for cap in caps)


def token_words(preview: Preview) -> str:
    """How long it is: as counted, from and to where the provider's own format is not known; or an estimate, and why."""
    count = preview.count
    if not preview.counted:
        words = _estimate_words(count.why)
    elif count.least < count.most:
        words = tr("{least} to {prompt} tokens go, counted here; at most {answer} come back")
    else:
        words = tr("{prompt} tokens go, at most {answer} come back")
    answer = f"{preview.draft.most_tokens:,}"
    return words.format(least=f"{count.least:,}", prompt=f"{count.most:,}", answer=answer)


def _estimate_words(why: Uncounted | None) -> str:
    """With places for ``prompt`` and ``answer``."""
    if why is Uncounted.COMING:
        return tr("At most {prompt} tokens go (being counted…), at most {answer} come back")
    if why is Uncounted.UNPUBLISHED:
        return tr("At most {prompt} tokens go (its tokenizer is not published), at most {answer} come back")
    if why is Uncounted.NO_FILE:
        return tr("At most {prompt} tokens go (no model of its family is here), at most {answer} come back")
    return tr("At most {prompt} tokens go by our estimate, at most {answer} come back")


def retention_words(provider: Provider) -> tuple[str, str]:
    """What the provider says that it does with what it is sent; and where that was read."""
    kept = provider.retention
    if not kept.words:
        return tr("What {name} keeps of it is not known to Workbench.").format(name=provider.name), ""
    return kept.words, ", ".join(piece for piece in (kept.source, kept.date) if piece)


def send_words(scope: Scope, preview: Preview, caps: str) -> tuple[str, str]:
    """A way to send: its words, and what it means."""
    name = preview.provider.name
    if scope is Scope.CHAT:
        return (
            tr("Send, and in this chat from now on without asking"),
            tr("Within {caps}").format(caps=caps),
        )
    if scope is Scope.ALWAYS:
        return (
            tr("Send, and to {name} always without asking").format(name=name),
            tr("Within {caps}").format(caps=caps),
        )
    return tr("Send"), tr("This question, this once.")


def source_words(model: str, micros: int | None, seconds: float | None) -> str:
    """ "From OpenRouter, $0.0012, 4 s"; what is not known is left out."""
    told = [tr("From {model}").format(model=model)]
    if micros is not None:
        told.append(short(micros))
    if seconds is not None:
        told.append(f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s")
    return ", ".join(told)


def readable(body: str) -> str:
    """A body with its lines broken and its escapes resolved, to be read; as it is where it is no JSON."""
    if len(body) > MOST_READABLE:
        return body
    try:
        told = json.loads(body)
    except ValueError:
        return body
    return "\n".join(_lines(told, 0)).strip("\n")


def _lines(told: object, depth: int) -> Iterator[str]:
    """Texts stand on lines of their own: nothing of them is changed but their escapes."""
    pad = "  " * depth
    if isinstance(told, dict):
        for key, value in told.items():
            if isinstance(value, dict | list) or (isinstance(value, str) and ("\n" in value or len(value) > 60)):
                yield f"{pad}{key}:"
                yield from _lines(value, depth + 1)
            else:
                yield f"{pad}{key}: {value if isinstance(value, str) else json.dumps(value)}"
    elif isinstance(told, list):
        for number, value in enumerate(told):
            if number and isinstance(value, dict):
                yield ""
            yield from _lines(value, depth)
    elif isinstance(told, str):
        yield from (f"{pad}{line}" for line in told.split("\n"))
    else:
        yield f"{pad}{json.dumps(told)}"
