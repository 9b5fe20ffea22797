"""Caps and calls as people read them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from ui.translation import marked, tr
from workbench.cloud.listing.names import model_called
from workbench.cloud.provider import CloudModel
from workbench.cloud.spending.amounts import plain, short, words
from workbench.cloud.spending.money import CAPS as USUAL
from workbench.cloud.spending.money import By, CallState, Cap, CapKind, CapState, Entry, LocalWorth, Purpose, Total
from workbench.messages import Id

CAPS = {
    CapKind.REQUEST: marked("One request"),
    CapKind.DAY: marked("Today"),
    CapKind.MONTH: marked("This month"),
}
STATES = {
    CallState.RESERVED: marked("on its way"),
    CallState.SETTLED: marked("as counted"),
    CallState.ESTIMATED: marked("estimated"),
    CallState.ASSUMED: marked("at its most"),
    CallState.RELEASED: marked("not charged"),
    CallState.FREE: marked("own subscription"),
}
STATES_TOLD = {
    CallState.RESERVED: marked("On its way: {most} are set aside, the most that it may cost."),
    CallState.SETTLED: marked("As the provider counted; {most} had been set aside."),
    CallState.ESTIMATED: marked("By our own count, for the provider gave none; {most} had been set aside."),
    CallState.ASSUMED: marked("Counted at its most, {most}, for nobody knows what it cost."),
    CallState.RELEASED: marked("Nothing was charged; {most} had been set aside."),
    CallState.FREE: marked("Asked by yourself, over your own subscription."),
}
PURPOSES = {
    Purpose.ESCALATION: marked("Answer"),
    Purpose.CHECK: marked("Check"),
    Purpose.HANDED_OFF: marked("Handed off"),
    Purpose.CONNECTION_TEST: marked("Connection test"),
}
UNKNOWN, NONE = "?", "–"


def cap_title(cap: Cap, providers: Mapping[str, str], chats: Mapping[Id, str]) -> str:
    """``providers``: names by id; ``chats``: titles by id."""
    match cap.kind:
        case CapKind.PROVIDER:
            return tr("{name} this month").format(name=providers.get(cap.name, cap.name))
        case CapKind.CHAT:
            title = chats.get(cap.name)
            return tr("The chat “{title}”").format(title=title) if title else tr("A chat that is gone")
    return tr(CAPS[cap.kind])


def cap_words(state: CapState) -> str:
    """What counts against it, and what it leaves."""
    if state.cap.kind is CapKind.REQUEST:
        return tr("The most that one answer may cost, before it is asked for")
    spent, left = words(state.spent_micros), words(state.left_micros)
    if state.spent_micros > state.cap.micros:
        return tr("{spent} spent, more than the cap: nothing is left").format(spent=spent)
    return tr("{spent} spent, {left} left").format(spent=spent, left=left)


def usual_words(cap: Cap) -> str:
    """What puts it back; empty: there is no usual one."""
    usual = next((one for one in USUAL if one.kind is cap.kind and one.name == cap.name), None)
    return "" if usual is None else tr("Back to {amount}").format(amount=words(usual.micros))


def share(state: CapState) -> int:
    """Of the cap, in thousandths; what was spent at all is at least one."""
    if state.cap.micros <= 0:
        return 1000
    return min(1000, -(-state.spent_micros * 1000 // state.cap.micros))


def typed(micros: int) -> str:
    """As it stands in its field."""
    return plain(micros)


def model_words(entry: Entry, providers: Mapping[str, str]) -> str:
    """What the model is called, and whose it is."""
    name = providers.get(entry.provider, entry.provider)
    return f"{model_called(f'{entry.provider}/{entry.model}')}, {name}" if entry.model else name


def total_title(by: By, key: str, providers: Mapping[str, str]) -> str:
    """What a sum is of: a day, a provider or a model, as people call it."""
    if by is By.DAY:
        return key
    provider, slash, _model = key.partition("/")
    name = providers.get(provider, provider)
    return f"{model_called(key)}, {name}" if by is By.MODEL and slash else name


def tokens_words(entry: Entry) -> tuple[str, str]:
    """Read and written; of a call that counts for nothing there is nothing to know."""
    unknown = NONE if entry.state in (CallState.FREE, CallState.RELEASED) else UNKNOWN
    counts = entry.billed.prompt_tokens, entry.billed.completion_tokens
    read, written = (unknown if count is None else f"{count:,}" for count in counts)
    return read, written


def costs(amounts: Sequence[int]) -> tuple[str, ...]:
    """Exact, with as many decimals as the longest, so that they stand below each other."""
    told = [plain(micros) for micros in amounts]
    longest = max((len(one.partition(".")[2]) for one in told), default=0)
    return tuple(f"${one}{'0' * (longest - len(one.partition('.')[2]))}" for one in told)


def when_words(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def state_words(entry: Entry) -> str:
    if entry.correction is not None:
        return tr("corrected")
    return tr("more than set aside") if entry.passed_its_most else tr(STATES[entry.state])


def told_words(entry: Entry) -> str:
    """How its cost is known, with which price, and what went wrong."""
    full = f"{entry.provider}/{entry.model}" if entry.model else ""
    said = (
        full,
        tr(STATES_TOLD[entry.state]).format(most=words(entry.reserved_micros)),
        price_words(entry),
        entry.error,
        correction_words(entry),
    )
    return "\n".join(piece for piece in said if piece)


def correction_words(entry: Entry) -> str:
    """What had counted before, when it was corrected, and why; empty: it stands as it was counted."""
    told = entry.correction
    if told is None:
        return ""
    words_told = tr("You corrected it on {when}: {before} had counted first.").format(
        when=when_words(told.at), before=words(told.before_micros)
    )
    return f"{words_told} {told.note}".strip()


def price_words(entry: Entry) -> str:
    """What it was computed with, and who says so."""
    price = entry.price
    if price is None:
        return ""
    rates = tr("{read} read, {written} written, for a million tokens").format(
        read=words(price.input_micros), written=words(price.output_micros)
    )
    source = ", ".join(piece for piece in (price.source, price.date) if piece)
    return f"{rates} ({source})" if source else rates


def together(totals: Sequence[Total]) -> str:
    calls, micros = sum(one.calls for one in totals), sum(one.cost_micros for one in totals)
    if not calls:
        return ""
    if calls == 1:
        return tr("{cost} in one call").format(cost=words(micros))
    return tr("{cost} in {count} calls").format(cost=words(micros), count=f"{calls:,}")


def worth_words(worth: LocalWorth) -> str:
    return " ".join(piece for piece in (_worth(worth), _price_source(worth.model), _uncounted(worth.unknown)) if piece)


def _worth(worth: LocalWorth) -> str:
    if not worth.answers:
        return tr("No answer of this machine has its tokens counted yet.")
    tokens = tr("{read} tokens read, {written} written.").format(
        read=f"{worth.prompt_tokens:,}", written=f"{worth.completion_tokens:,}"
    )
    if worth.answers == 1:
        said = tr("One answer of this machine would have cost {cost} there:").format(cost=short(worth.cost_micros))
    else:
        said = tr("{count} answers of this machine would have cost {cost} there:").format(
            count=f"{worth.answers:,}", cost=short(worth.cost_micros)
        )
    return f"{said} {tokens}"


def _price_source(model: CloudModel) -> str:
    price = model.price
    if price is None or not price.source:
        return ""
    return tr("Price: {source}.").format(source=f"{price.source}, {price.date}" if price.date else price.source)


def _uncounted(count: int) -> str:
    if not count:
        return ""
    if count == 1:
        return tr("The tokens of one more were not counted: it is in no sum.")
    return tr("The tokens of {count} more were not counted: they are in no sum.").format(count=f"{count:,}")


def offered(models: Sequence[CloudModel]) -> tuple[CloudModel, ...]:
    """Models of the table that have a price, the open ones first, the cheapest first: to compare this machine with."""
    known = (one for one in models if one.price is not None and one.rung is not None)
    return tuple(sorted(known, key=_rank))


def _rank(model: CloudModel) -> tuple[str, int, str]:
    price = model.price
    cost = 0 if price is None else price.input_micros + price.output_micros
    return "a" if model.rung == "open" else "b", cost, model.full_name
