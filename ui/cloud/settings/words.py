"""Providers, keys and prices as people read them. Pure."""

from __future__ import annotations

from ui.translation import marked, tr
from workbench.cloud.cloud import OWN_SOURCE, KeyState
from workbench.cloud.provider import CURRENCY, CloudModel, Price, Provider, Rung
from workbench.cloud.spending import amounts

UNKNOWN = marked("not known")
RUNGS = {Rung.OPEN: marked("Open model"), Rung.FRONTIER: marked("Frontier model")}


def money_words(micros: int, currency: str = CURRENCY) -> str:
    """``micros`` millionths, exactly: $0.15, $4.00, $0.0375."""
    return amounts.words(micros) if currency == CURRENCY else f"{amounts.plain(micros)} {currency}"


def price_words(price: Price | None) -> str:
    """For a million tokens."""
    if price is None:
        return tr("Its price is not known: you are asked for it")
    read, written = money_words(price.input_micros, price.currency), money_words(price.output_micros, price.currency)
    return tr("{read} read, {written} written, for a million tokens").format(read=read, written=written)


def source_words(price: Price | None) -> str:
    """Who says so, and when it was read."""
    if price is None or not price.source:
        return ""
    if price.source == OWN_SOURCE:
        return tr("your own price, of {date}").format(date=price.date) if price.date else tr("your own price")
    return tr("{source}, read on {date}").format(source=price.source, date=price.date) if price.date else price.source


def tokens_words(count: int | None) -> str:
    return tr(UNKNOWN) if count is None else f"{count:,}"


def speed_words(tokens_per_second: float | None) -> str:
    """As its provider states it."""
    return tr(UNKNOWN) if tokens_per_second is None else tr("{n} tokens/s").format(n=f"{tokens_per_second:,.0f}")


def column_words(price: Price | None, *, written: bool) -> str:
    """One of both sides of a price, for a column of a table."""
    if price is None:
        return tr(UNKNOWN)
    return money_words(price.output_micros if written else price.input_micros, price.currency)


def retention_words(provider: Provider) -> str:
    """What it says that it does with what it is sent, and where that was read."""
    said = provider.retention
    if not said.words:
        return tr("What {name} keeps of what it is sent is not known here: its terms say.").format(name=provider.name)
    where = ", ".join(piece for piece in (said.source.removeprefix("https://"), said.date) if piece)
    words = tr("By its own words: {words}").format(words=said.words)
    return f"{words} ({where})" if where else words


def short_retention(provider: Provider) -> str:
    return provider.retention.words or tr(UNKNOWN)


def key_words(state: KeyState | None) -> str:
    """None: the keychain has not answered yet."""
    if state is None:
        return tr("Looking into the keychain…")
    if not state.last_four:
        return state.note or tr("No key")
    if state.note:
        return tr("Key ending in {four}, until Workbench is closed").format(four=state.last_four)
    return tr("Key ending in {four}, in the keychain").format(four=state.last_four)


def model_words(model: CloudModel) -> str:
    return model.name or model.id


def rung_words(model: CloudModel) -> str:
    return "" if model.rung is None else tr(RUNGS[model.rung])
