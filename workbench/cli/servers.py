"""`workbench servers`: other machines that answer, added by a consent."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.cli import output
from workbench.cli.commands import add_action, add_noun
from workbench.engine.remote.consent import Consent, make_consent
from workbench.engine.remote.server import RemoteModel, Server, Trial
from workbench.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from workbench.app import Workbench

MOST_KEY_CHARACTERS = 4096


def register(commands: Any) -> None:
    actions = add_noun(
        commands, "servers", "models on other machines and in other programs", "workbench servers add 192.168.1.20:8080"
    )
    add = add_action(
        actions,
        "add",
        "let an OpenAI-compatible server answer, after you agree",
        "workbench servers add http://192.168.1.20:8080 --name studio",
        run_add,
    )
    add.add_argument("url", metavar="ADDRESS", help="http:// (own network only) or https://, host and port")
    add.add_argument("--name", default="", help="what it is called in a model's name: qwen3@NAME")
    add.add_argument("--mine", action="store_true", help="it is yours: private documents may go there too")
    add.add_argument(
        "--key-stdin", action="store_true", help="read its key from standard input; it goes to the keychain"
    )
    add.add_argument("--yes", action="store_true", help="agree without being asked")
    add_action(actions, "list", "the servers that were added", "workbench servers list", run_list)
    add_action(actions, "models", "the models of all servers, as NAME@SERVER", "workbench servers models", run_models)
    check = add_action(
        actions,
        "check",
        "ask a server again what it has, and try one of its models",
        "workbench servers check studio --model qwen3",
        run_check,
    )
    check.add_argument("name", metavar="NAME", help="a name from `servers list`")
    check.add_argument("--model", help="also ask this model three short questions, to see what it can")
    remove = add_action(actions, "remove", "forget a server and its key", "workbench servers remove studio", run_remove)
    remove.add_argument("name", metavar="NAME", help="a name from `servers list`")
    add_action(
        actions,
        "find",
        "look for servers of other programs on this machine (LM Studio, Ollama, llama-server, vLLM, Jan)",
        "workbench servers find",
        run_find,
    )


# add ------------------------------------------------------------------------------------------------------------------


def run_add(arguments: argparse.Namespace, workbench: Workbench) -> int:
    consent = make_consent(arguments.url, name=arguments.name, mine=arguments.mine, has_key=arguments.key_stdin)
    for sentence in consent.sentences:
        output.say(sentence)
    if not arguments.yes:
        _ask(consent)
    key = _key() if arguments.key_stdin else None
    added = workbench.servers.add(consent, key, CancelToken())
    if added.note:
        output.say(f"workbench: {added.note}")
    if arguments.json:
        output.document({**server_json(added.server), "note": added.note or None})
        return output.OK
    models = added.server.capabilities.models
    output.say(f"{added.server.label} runs {added.server.capabilities.kind} and has {_counted(len(models))}.")
    for model in models:
        output.write(output.safe(added.server.full_name(model)) + "\n")
    return output.OK


def _ask(consent: Consent) -> None:
    """Raises `RefusedError` unless a person at the terminal agrees."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise RefusedError(
            f"Nobody was asked whether {consent.address.destination} may answer.",
            hint="Nothing was sent. Read the above, then add --yes.",
        )
    sys.stderr.write(f"{consent.question} [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise RefusedError(f"{consent.address.destination} was not added.")


def _key() -> str:
    """From a pipe, or typed without being shown. Raises `UsageError` for none."""
    if sys.stdin is not None and sys.stdin.isatty():
        import getpass

        key = getpass.getpass("Key: ")
    else:
        key = sys.stdin.read(MOST_KEY_CHARACTERS + 1) if sys.stdin is not None else ""
    if not key.strip() or len(key) > MOST_KEY_CHARACTERS:
        raise UsageError("There is no key on standard input.", hint="workbench servers add --help")
    return key


# list, models, check, remove, find ------------------------------------------------------------------------------------


def run_list(arguments: argparse.Namespace, workbench: Workbench) -> int:
    servers = workbench.servers.list()
    if arguments.json:
        output.document([server_json(server) for server in servers])
        return output.OK
    if not servers:
        output.say("No server was added. `workbench servers find` looks for those of this machine.")
        return output.OK
    rows: list[tuple[str, ...]] = [("NAME", "ADDRESS", "PROGRAM", "MODELS", "MINE", "KEY")]
    rows += [
        (
            server.name,
            server.address.base_url,
            str(server.capabilities.kind),
            str(len(server.capabilities.models)),
            "yes" if server.mine else "no",
            "yes" if server.has_key else "no",
        )
        for server in servers
    ]
    output.write(output.safe(output.table(rows)) + "\n")
    return output.OK


def run_models(arguments: argparse.Namespace, workbench: Workbench) -> int:
    found = workbench.servers.models()
    if arguments.json:
        output.document([model_json(server, model) for server, model in found])
        return output.OK
    rows: list[tuple[str, ...]] = [("MODEL", "CONTEXT", "TOOLS", "SEES", "HOST")] if found else []
    rows += [
        (
            server.full_name(model),
            f"{model.context_tokens:,}" if model.context_tokens else "not told",
            _known(model.tools),
            _known(model.vision),
            server.address.destination,
        )
        for server, model in found
    ]
    output.write(output.safe(output.table(rows)) + ("\n" if rows else ""))
    return output.OK


def run_check(arguments: argparse.Namespace, workbench: Workbench) -> int:
    server = workbench.servers.check(arguments.name, CancelToken(), model=arguments.model)
    trial = server.capabilities.trial if arguments.model is not None else None
    if arguments.json:
        output.document({**server_json(server), "trial": asdict(trial) if trial else None})
        return output.OK
    output.write(
        output.safe(
            f"{server.label} answers: {server.capabilities.kind}, {_counted(len(server.capabilities.models))}.\n"
            + (_trial_words(trial) if trial else "")
        )
    )
    return output.OK


def run_remove(arguments: argparse.Namespace, workbench: Workbench) -> int:
    server = workbench.servers.remove(arguments.name)
    if arguments.json:
        output.document({"removed": server.name})
    else:
        output.say(
            f"{server.label} is forgotten, and its key with it." if server.has_key else f"{server.label} is forgotten."
        )
    return output.OK


def run_find(arguments: argparse.Namespace, workbench: Workbench) -> int:
    found = workbench.servers.find(CancelToken())
    if arguments.json:
        output.document([{"name": one.name, "url": one.address.base_url, "models": one.models} for one in found])
        return output.OK
    if not found:
        output.say("No other program on this machine serves models at a port that is known for it.")
    for one in found:
        models = "wants a key" if one.models is None else _counted(one.models)
        output.write(f"workbench servers add {one.address.base_url} --name {one.name}   # {models}\n")
    return output.OK


# Shapes ---------------------------------------------------------------------------------------------------------------


def server_json(server: Server) -> dict[str, Any]:
    """A server; never its key."""
    return {
        "name": server.name,
        "url": server.address.base_url,
        "destination": server.address.destination,
        "program": str(server.capabilities.kind),
        "mine": server.mine,
        "has_key": server.has_key,
        "models": [model_json(server, model) for model in server.capabilities.models],
        "consented_at": server.consented_at,
        "checked_at": server.checked_at,
    }


def model_json(server: Server, model: RemoteModel) -> dict[str, Any]:
    return {
        "name": server.full_name(model),
        "id": model.id,
        "server": server.name,
        "destination": server.address.destination,
        "context_tokens": model.context_tokens,
        "tools": model.tools,
        "vision": model.vision,
        "efforts": [effort.value for effort in model.efforts],
    }


def _trial_words(trial: Trial) -> str:
    can = {
        "streams": trial.streaming,
        "counts its tokens": trial.usage,
        "thinks apart from its answer": trial.reasoning,
        "calls tools": trial.tools,
        "keeps to a JSON schema": trial.schema,
    }
    lines = [f"  {'yes' if yes else 'no ':3} {words}" for words, yes in can.items()]
    if trial.first_token_seconds is not None:
        lines.append(f"  first token after {trial.first_token_seconds:.2f} s")
    if trial.tokens_per_second is not None:
        lines.append(f"  {trial.tokens_per_second:.1f} tokens/s")
    return f"{trial.model}\n" + "\n".join(lines) + "\n"


def _known(can: bool | None) -> str:
    return "not told" if can is None else "yes" if can else "no"


def _counted(models: int) -> str:
    return f"{models} {'model' if models == 1 else 'models'}"
