"""`workbench cloud models` and `prices`: what providers offer, what it costs, and the same model side by side."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.cli.commands import add_action
from workbench.cli.typed_key import typed_key
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.cloud.comparing import Offer
    from workbench.cloud.provider import CloudModel, Price


def register(actions: Any) -> None:
    models = add_action(
        actions,
        "models",
        "models of providers with their prices, from the last list that was fetched",
        "workbench cloud models --compare gpt-oss-120b",
        run_models,
    )
    models.add_argument("provider", metavar="PROVIDER", nargs="?", default="", help="only of this one")
    models.add_argument("--refresh", action="store_true", help="ask the provider for its list now: costs nothing")
    models.add_argument("--key-stdin", action="store_true", help="read the key from standard input, for this once")
    models.add_argument("--compare", metavar="MODEL", help="one open model, at all providers that have it")
    prices = add_action(
        actions,
        "prices",
        "what a model costs, in dollars for a million tokens; also to give a price of your own",
        "workbench cloud prices groq/openai/gpt-oss-120b --input 0.15 --output 0.60",
        run_prices,
    )
    prices.add_argument("model", metavar="PROVIDER/MODEL")
    for name, words in (
        ("--input", "of what is sent"),
        ("--output", "of the answer"),
        ("--cached", "of what the provider has read before"),
        ("--cache-write", "of what the provider keeps to read again"),
    ):
        prices.add_argument(name, metavar="PRICE", help=words)
    prices.add_argument("--listed", action="store_true", help="use the listed price again")
    _register_propose(actions)


def _register_propose(actions: Any) -> None:
    propose = add_action(
        actions,
        "propose",
        "the model that is proposed for a question; with a name: this one from now on",
        "workbench cloud propose groq/openai/gpt-oss-120b",
        run_propose,
    )
    propose.add_argument("model", metavar="PROVIDER/MODEL", nargs="?", default="")
    propose.add_argument("--default", action="store_true", help="the program's choice again: an open model")


def run_models(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Raises `UsageError`, and as `Cloud.refresh`."""
    cloud = workbench.cloud
    if arguments.refresh and not arguments.provider:
        raise UsageError("Whose list is to be fetched?", hint="workbench cloud models groq --refresh")
    if arguments.compare is not None:
        return _compared(arguments, workbench)
    if arguments.refresh:
        from workbench.cancel import CancelToken

        if arguments.key_stdin:
            cloud.use_key(arguments.provider, typed_key("workbench cloud models"))
        found = cloud.refresh(arguments.provider, CancelToken())
    else:
        found = cloud.models(arguments.provider)
    if arguments.json:
        output.document([model_json(model) for model in found])
        return output.OK
    rows = [(model.full_name, *_price_cells(model.price), _tokens(model), _rung(model)) for model in found]
    head = ("MODEL", "IN $/M", "OUT $/M", "CONTEXT", "KIND")
    output.write(output.safe(output.table([head, *rows])) + "\n")
    if not found:
        output.say("No model is known there yet: --refresh asks for the list.")
    return output.OK


def run_prices(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Raises `UsageError` for a price that is none."""
    cloud = workbench.cloud
    given = (arguments.input, arguments.output, arguments.cached, arguments.cache_write)
    if arguments.listed and any(one is not None for one in given):
        raise UsageError("--listed goes with no price.", hint="workbench cloud prices --help")
    if arguments.listed:
        cloud.set_price(arguments.model, None)
    elif any(one is not None for one in given):
        cloud.set_price(arguments.model, _typed_price(arguments))
    model = cloud.model(arguments.model)
    if arguments.json:
        output.document(model_json(model))
        return output.OK
    output.write(output.safe(_price_words(model)) + "\n")
    return output.OK


def run_propose(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Nothing is sent by it. Raises `UsageError` for what names no model of a provider."""
    if arguments.default and arguments.model:
        raise UsageError("--default goes with no model.", hint="workbench cloud propose --help")
    if arguments.model:
        workbench.change_setting("cloud.model", workbench.cloud.model(arguments.model).full_name)
    elif arguments.default:
        workbench.change_setting("cloud.model", "")
    found = workbench.cloud.proposed()
    if arguments.json:
        output.document(None if found is None else model_json(found))
    elif found is None:
        output.say("The cloud is off, so that nothing is proposed: `workbench cloud on` switches it on.")
    else:
        output.write(output.safe(_price_words(found)) + "\n")
    return output.OK


def model_json(model: CloudModel) -> dict[str, Any]:
    price = model.price
    return {
        "provider": model.provider,
        "model": model.id,
        "name": model.name or None,
        "kind": model.rung.value if model.rung else None,
        "open_model": model.open_model or None,
        "context_tokens": model.context_tokens,
        "most_output_tokens": model.most_output_tokens,
        "sees": model.sees,
        "calls_tools": model.calls_tools,
        "efforts": [effort.value for effort in model.efforts],
        "tokens_per_second": model.tokens_per_second,
        "price": None if price is None else _price_json(price),
    }


def _compared(arguments: argparse.Namespace, workbench: Workbench) -> int:
    from workbench.cloud.comparing import offers, open_models

    cloud = workbench.cloud
    models, providers = cloud.models(), cloud.providers()
    rows = offers(arguments.compare.lower(), models, providers)
    if not rows:
        hint = f"There are {', '.join(open_models(models))}."
        raise UsageError(f"No provider is known to have {arguments.compare[:80]!r}.", hint=hint)
    if arguments.json:
        output.document([_offer_json(row) for row in rows])
        return output.OK
    cells = [(row.provider.name, *_price_cells(row.model.price), _speed(row.model), _tokens(row.model)) for row in rows]
    output.write(output.safe(output.table([("PROVIDER", "IN $/M", "OUT $/M", "TOKENS/S", "CONTEXT"), *cells])) + "\n\n")
    for row in rows:
        kept = row.provider.retention
        words = f"{kept.words} (read on {kept.date})" if kept.words else "what it keeps is not known."
        output.write(output.safe(f"  {row.provider.name}: {words}") + "\n")
    output.say("Speed and what is kept: as the providers say; “?” where they do not.")
    return output.OK


def _offer_json(row: Offer) -> dict[str, Any]:
    kept = row.provider.retention
    retention = {"words": kept.words, "source": kept.source, "date": kept.date} if kept.words else None
    return {**model_json(row.model), "retention": retention}


def _typed_price(arguments: argparse.Namespace) -> Price:
    from workbench.cloud.provider import Price
    from workbench.cloud.spending.amounts import micros_of

    if arguments.input is None or arguments.output is None:
        raise UsageError("A price has two parts: --input and --output.", hint="workbench cloud prices --help")
    cached, written = arguments.cached, arguments.cache_write
    return Price(
        micros_of(arguments.input),
        micros_of(arguments.output),
        None if cached is None else micros_of(cached),
        None if written is None else micros_of(written),
    )


def _price_json(price: Price) -> dict[str, Any]:
    return {
        "input_micros": price.input_micros,
        "output_micros": price.output_micros,
        "cached_micros": price.cached_micros,
        "cache_write_micros": price.cache_write_micros,
        "tokens": 1_000_000,
        "currency": price.currency,
        "source": price.source,
        "date": price.date,
    }


def _price_words(model: CloudModel) -> str:
    from workbench.cloud.spending.amounts import words

    price = model.price
    if price is None:
        return f"{model.full_name}: the price is not known. Give it with --input and --output."
    lines = [
        f"{model.full_name}, for a million tokens",
        f"  sent       {words(price.input_micros)}",
        f"  answered   {words(price.output_micros)}",
    ]
    if price.cached_micros is not None:
        lines.append(f"  read again {words(price.cached_micros)}")
    if price.cache_write_micros is not None:
        lines.append(f"  kept       {words(price.cache_write_micros)}")
    return "\n".join([*lines, f"  says {price.source}, {price.date}"])


def _price_cells(price: Price | None) -> tuple[str, str]:
    from workbench.cloud.spending.amounts import plain

    return ("?", "?") if price is None else (plain(price.input_micros), plain(price.output_micros))


def _tokens(model: CloudModel) -> str:
    return "?" if model.context_tokens is None else f"{model.context_tokens:,}"


def _speed(model: CloudModel) -> str:
    return "?" if model.tokens_per_second is None else f"{model.tokens_per_second:,.0f}"


def _rung(model: CloudModel) -> str:
    return model.rung.value if model.rung else ""
