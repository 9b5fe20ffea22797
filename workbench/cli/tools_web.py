"""`workbench tools web`: who is asked when a model searches the web."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.cli import output
from workbench.cli.commands import add_action
from workbench.cli.typed_key import typed_key
from workbench.errors import UsageError
from workbench.settings import SEARCH_PROVIDERS

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.tools.web.search import Hit, Preview, WebState


def register(actions: Any) -> None:
    web = add_action(
        actions,
        "web",
        "who is asked when a model searches the web: nobody, until you choose",
        "workbench tools web --provider searxng --address http://127.0.0.1:8888",
        run_web,
    )
    web.add_argument("--provider", choices=SEARCH_PROVIDERS, help="let this one be asked from now on")
    web.add_argument("--address", metavar="URL", default="", help="of a SearXNG of your own")
    web.add_argument(
        "--key-stdin", action="store_true", help="read the key from standard input; it goes to the keychain"
    )
    web.add_argument("--forget-key", action="store_true", help="delete the key of who is asked from the keychain")
    web.add_argument("--off", action="store_true", help="ask nobody, and fetch no page")
    web.add_argument("--test", metavar="QUERY", help="show what a search sends, send it, and show what is found")


def run_web(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Raises `UsageError`, and as `WebSearch` does."""
    web, note = workbench.web_search, ""
    if arguments.off and (arguments.provider or arguments.address or arguments.key_stdin or arguments.test):
        raise UsageError("--off goes with no other choice.", hint="workbench tools web --help")
    chosen = arguments.provider or ("searxng" if arguments.address else workbench.settings.tools.web_search)
    if arguments.off:
        web.choose("")
    elif arguments.provider or arguments.address or arguments.key_stdin:
        if not chosen:
            raise UsageError("A key needs to know whose it is.", hint="Add --provider brave, tavily or exa.")
        key = typed_key("workbench tools web") if arguments.key_stdin else ""
        note = web.choose(chosen, address=arguments.address, key=key)
    if arguments.forget_key:
        if not chosen:
            raise UsageError("Whose key is to be deleted?", hint="Add --provider brave, tavily or exa.")
        web.forget_key(chosen)
    shown, hits = _tested(arguments.test, workbench)
    _told(arguments, web.state(), note, shown, hits)
    return output.OK


def _tested(query: str | None, workbench: Workbench) -> tuple[Preview | None, tuple[Hit, ...]]:
    if query is None:
        return None, ()
    shown = workbench.web_search.preview(query)
    output.say("This is sent:\n" + "\n".join(f"  {line}" for line in preview_lines(shown)))
    return shown, workbench.web_search.search(query, CancelToken())


def preview_lines(shown: Preview) -> tuple[str, ...]:
    """As a person reads what is sent; of the key only its end."""
    key = f"{shown.key_header}: (your key, ending in {shown.key_ending or '…'})" if shown.key_header else ""
    return tuple(filter(None, (f"{shown.method} {shown.url}", key, shown.body)))


def _told(
    arguments: argparse.Namespace, state: WebState, note: str, shown: Preview | None, hits: tuple[Hit, ...]
) -> None:
    if note:
        output.say(f"workbench: {note}")
    if arguments.json:
        test = None if shown is None else {"request": asdict(shown), "results": [asdict(one) for one in hits]}
        output.document({**asdict(state), "note": note or None, "test": test})
        return
    if shown is None:
        output.write(output.safe(_state_words(state)) + "\n")
        return
    for hit in hits:
        date = f" ({hit.date})" if hit.date else ""
        output.write(output.safe(f"{hit.title}{date}\n  {hit.url}\n  {hit.snippet}") + "\n")
    if not hits:
        output.say(f"{state.title} answers, and found nothing.")


def _state_words(state: WebState) -> str:
    if not state.name:
        return "Nobody is asked: models cannot search the web, and no page is fetched."
    if state.problem:
        hint = f" {state.keys_at} has one for you; give it with --key-stdin." if state.wants_key else ""
        return f"{state.problem}{hint}"
    key = f", with your key ending in {state.key_ending or '…'}" if state.has_key else ""
    return f"{state.title} at {state.host} is asked when a model searches the web{key}."
