"""`workbench cloud`: who may be asked in the cloud, with which key, at which price; what may be spent and what was."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from workbench.cli import cloud_models, cloud_money, output
from workbench.cli.commands import add_action, add_noun
from workbench.cli.typed_key import typed_key

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.cloud.cloud import KeyState
    from workbench.cloud.provider import Provider

NOT_KNOWN = "not known"


def register(commands: Any) -> None:
    actions = add_noun(
        commands,
        "cloud",
        "stronger models of providers, asked when you say so: keys, models, prices, what may be spent",
        "workbench cloud providers",
    )
    add_action(actions, "on", "a question may be taken to a provider, when you say so", "workbench cloud on", run_on)
    add_action(actions, "off", "nothing is sent to any provider", "workbench cloud off", run_off)
    add_action(
        actions, "providers", "who may be asked, and what they keep", "workbench cloud providers --json", run_providers
    )
    login = add_action(
        actions,
        "login",
        "keep a provider's key in the keychain; it is typed, or read from standard input",
        "workbench cloud login groq",
        run_login,
    )
    login.add_argument(
        "--base-url", metavar="URL", default="", help="of a provider of your own, or another address of this one"
    )
    logout = add_action(actions, "logout", "delete a key from the keychain", "workbench cloud logout groq", run_logout)
    logout.add_argument("--address", action="store_true", help="forget the address of your own, too")
    test = add_action(
        actions, "test", "ask a provider whether it takes the key: costs nothing", "workbench cloud test groq", run_test
    )
    test.add_argument("--key-stdin", action="store_true", help="read the key from standard input, for this once")
    for action in (login, logout, test):
        action.add_argument("provider", metavar="PROVIDER", help="as `providers` names it")
    cloud_models.register(actions)
    cloud_money.register(actions)


def run_on(arguments: argparse.Namespace, workbench: Workbench) -> int:
    return _switched(arguments, workbench, on=True)


def run_off(arguments: argparse.Namespace, workbench: Workbench) -> int:
    return _switched(arguments, workbench, on=False)


def run_providers(arguments: argparse.Namespace, workbench: Workbench) -> int:
    cloud = workbench.cloud
    found = [(provider, cloud.key_state(provider.id)) for provider in cloud.providers()]
    if arguments.json:
        output.document([_as_json(*one) for one in found])
        return output.OK
    rows = [(one.id, one.name, one.base_url, _key_words(state)) for one, state in found]
    output.write(output.table([("NAME", "PROVIDER", "ADDRESS", "KEY"), *rows]) + "\n\nWhat they say that they keep:\n")
    for provider, _state in found:
        kept = provider.retention
        read = f" ({kept.source}, read on {kept.date})" if kept.words else ""
        output.write(output.safe(f"  {provider.name}: {kept.words or f'{NOT_KNOWN}.'}{read}") + "\n")
    if notes := {state.note for _provider, state in found if state.note}:
        output.say("\n".join(f"workbench: {note}" for note in sorted(notes)))
    if not cloud.enabled:
        output.say("The cloud is off: `workbench cloud on` switches it on.")
    return output.OK


def run_login(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Raises `UsageError`, `RefusedError`."""
    cloud = workbench.cloud
    _check_place(arguments, workbench)
    key = typed_key("workbench cloud login")
    if arguments.base_url:
        cloud.set_address(arguments.provider, arguments.base_url)
    note = cloud.login(arguments.provider, key)
    provider, state = cloud.provider(arguments.provider), cloud.key_state(arguments.provider)
    if arguments.json:
        output.document({**_as_json(provider, state), "kept": not note, "note": note or None})
    elif note:
        output.say(f"workbench: {note}\n  This command ends now: give the key with --key-stdin each time.")
    else:
        output.say(f"The key for {provider.host}, ending in {state.last_four}, is in the keychain of this system.")
    if not note and not arguments.json and not cloud.enabled:
        output.say("The cloud is off: `workbench cloud on` switches it on.")
    return output.STORAGE if note else output.OK


def _check_place(arguments: argparse.Namespace, workbench: Workbench) -> None:
    """What is wrong with the name or the address is told before a key is typed."""
    if not arguments.base_url:
        workbench.cloud.provider(arguments.provider)
        return
    from workbench.cloud.addresses import checked_address

    checked_address(arguments.base_url)


def run_logout(arguments: argparse.Namespace, workbench: Workbench) -> int:
    cloud = workbench.cloud
    provider = cloud.provider(arguments.provider)
    if arguments.address:
        cloud.set_address(provider.id, "")
    else:
        cloud.logout(provider.id)
    return output.done(
        {"id": provider.id, "address_forgotten": arguments.address},
        f"There is no key for {provider.host} any more.",
        as_json=arguments.json,
    )


def run_test(arguments: argparse.Namespace, workbench: Workbench) -> int:
    from workbench.cancel import CancelToken

    use_typed_key(arguments, arguments.provider, workbench)
    found = workbench.cloud.test(arguments.provider, CancelToken())
    if arguments.json:
        output.document(asdict(found))
    else:
        output.say(output.safe(found.words))
    return output.OK if found.ok else output.NETWORK


def use_typed_key(arguments: argparse.Namespace, provider: str, workbench: Workbench) -> None:
    """Where `--key-stdin` is given. Raises `UsageError`."""
    if arguments.key_stdin:
        workbench.cloud.use_key(provider, typed_key("workbench cloud"))


def _switched(arguments: argparse.Namespace, workbench: Workbench, *, on: bool) -> int:
    workbench.cloud.switch(on)
    if arguments.json:
        output.document({"enabled": on})
    elif on:
        output.say("The cloud is on. Nothing is sent by that: each request is shown first, with its price.")
    else:
        output.say("The cloud is off: nothing is sent to any provider. Keys stay until you log out.")
    return output.OK


def _key_words(state: KeyState) -> str:
    if not state.last_four:
        return "none" if not state.note else NOT_KNOWN
    return f"ends in {state.last_four}" + (", for now" if state.note else "")


def _as_json(provider: Provider, state: KeyState) -> dict[str, Any]:
    return {
        "id": provider.id,
        "name": provider.name,
        "base_url": provider.base_url,
        "own": provider.own,
        "key_last_four": state.last_four or None,
        "key_note": state.note or None,
        "key_page": provider.key_page or None,
        "chat_page": provider.chat_page or None,
        "retention": asdict(provider.retention) if provider.retention.words else None,
    }
