"""`workbench prompts`: the prompt library. What runs, fills and exchanges prompts registers itself here too."""

from __future__ import annotations

import argparse
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING, Any, Final

from workbench.cli import (
    output,
    prompts_batch,
    prompts_erase,
    prompts_exchange,
    prompts_render,
    prompts_run,
    prompts_save,
)
from workbench.cli import prompts_shown as shown
from workbench.cli.commands import add_action, add_noun, positive
from workbench.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbench.app import Workbench
    from workbench.prompts.prompt import SavedPrompt, Version
    from workbench.prompts.word_diff import Piece

MORE: Final = (prompts_save, prompts_erase, prompts_render, prompts_run, prompts_batch, prompts_exchange)
"""Modules with a ``register(actions)`` of their own."""


def register(commands: Any) -> None:
    actions = add_noun(
        commands,
        "prompts",
        "your library of prompts: kept in versions, filled in, run",
        "workbench prompts list --tag mail",
    )
    _register_reading(actions)
    _register_changing(actions)
    for more in MORE:
        more.register(actions)
    prompts_exchange.keep_in_step(actions.choices.values())


def _register_reading(actions: Any) -> None:
    listing = add_action(
        actions,
        "list",
        "the prompts: favourites first, or the best for some words",
        "workbench prompts list mail",
        run_list,
    )
    listing.add_argument("words", metavar="WORDS", nargs="*", help="letters of its name, title, tags or text")
    listing.add_argument("--tag", metavar="TAG", action="append", default=[], help="only those with it")
    listing.add_argument("--favourites", action="store_true", help="only favourites")
    listing.add_argument("--bin", action="store_true", help="those in the bin, last removed first")
    listing.add_argument("--limit", type=positive, help="at most this many")
    show = add_action(
        actions, "show", "a prompt as its Markdown file", "workbench prompts show summarise > summarise.md", run_show
    )
    show.add_argument("--version", metavar="N", type=positive, help="as it was in this version")
    history = add_action(
        actions,
        "history",
        "the versions of a prompt, newest first",
        "workbench prompts history summarise --diff",
        run_history,
    )
    history.add_argument("--diff", action="store_true", help="with the words that came {+so+} and went [-so-]")
    history.add_argument("--limit", type=positive, help="at most this many")
    for action in (show, history):
        _named(action)


def _register_changing(actions: Any) -> None:
    remove = add_action(
        actions, "remove", "put a prompt into the bin, for 30 days", "workbench prompts remove summarise", run_remove
    )
    restore = add_action(
        actions,
        "restore",
        "take a prompt out of the bin, or make an old version of it the newest",
        "workbench prompts restore summarise --version 3",
        run_restore,
    )
    restore.add_argument("--version", metavar="N", type=positive, help="this version becomes the newest")
    duplicate = add_action(
        actions, "duplicate", "a copy with a name of its own", "workbench prompts duplicate summarise", run_duplicate
    )
    favourite = add_action(
        actions, "favourite", "mark a prompt as a favourite", "workbench prompts favourite summarise", run_favourite
    )
    favourite.add_argument("--off", action="store_true", help="it is one no more")
    for action in (remove, restore, duplicate, favourite):
        _named(action)


def _named(action: argparse.ArgumentParser) -> None:
    action.add_argument("name", metavar="NAME", help="its name, or the beginning of its id")


# Reading --------------------------------------------------------------------------------------------------------------


def run_list(arguments: argparse.Namespace, workbench: Workbench) -> int:
    found = _listed(arguments, workbench)
    found = tuple(one for one in found if one.favourite or not arguments.favourites)[: arguments.limit]
    if arguments.json:
        output.document([shown.head_json(one) for one in found])
    elif not found:
        output.say(_nothing(arguments))
    else:
        output.write(output.safe(output.table(shown.rows(found))) + "\n")
    return output.OK


def _listed(arguments: argparse.Namespace, workbench: Workbench) -> Sequence[SavedPrompt]:
    prompts = workbench.prompts
    if arguments.bin:
        if arguments.words or arguments.tag:
            raise UsageError("The bin is listed as a whole.", hint="workbench prompts list --bin")
        return prompts.bin()
    everything = prompts.all()
    if not arguments.words and not arguments.tag:
        return everything
    found = prompts.find(" ".join(arguments.words), arguments.tag, max(1, len(everything)))
    return found if arguments.words else [one for one in everything if one in found]


def _nothing(arguments: argparse.Namespace) -> str:
    if arguments.bin:
        return "The bin is empty."
    if arguments.words or arguments.tag or arguments.favourites:
        return "No prompt is like this. `workbench prompts list` shows all."
    return (
        "There are no prompts yet. `workbench prompts starters` adds ten to begin with,"
        " `workbench prompts save FILE` keeps one of yours."
    )


def run_show(arguments: argparse.Namespace, workbench: Workbench) -> int:
    one = workbench.prompts.get(arguments.name)
    prompt = one.prompt if arguments.version is None else _version(workbench, one, arguments.version).prompt
    if arguments.json:
        told = {**shown.head_json(one), **shown.prompt_json(prompt)}
        output.document(told | {"version": arguments.version or one.version})
        return output.OK
    from workbench.prompts.files.markdown import write_markdown

    output.write(output.safe(write_markdown(prompt)))
    return output.OK


def run_history(arguments: argparse.Namespace, workbench: Workbench) -> int:
    one = workbench.prompts.get(arguments.name)
    versions = workbench.prompts.history(one.id)
    told = islice(_with_changes(versions, diff=arguments.diff), arguments.limit)
    if arguments.json:
        output.document([shown.version_json(version, changes) for version, changes in told])
        return output.OK
    for version, changes in told:
        note = f"  {version.note}" if version.note else ""
        line = f"{version.number:>4}  {shown.when(version.saved_at)}  {version.origin.value}{note}"
        output.write(output.safe(line) + "\n")
        if changes is not None and version.number > 1:
            output.write(output.safe(f"\n{shown.diff_text(changes)}\n") + "\n")
    return output.OK


def _with_changes(versions: Sequence[Version], *, diff: bool) -> Iterator[tuple[Version, Sequence[Piece] | None]]:
    """Each with the words that it changed; of the first one all are new."""
    if not diff:
        yield from ((version, None) for version in versions)
        return
    from workbench.prompts.files.markdown import write_markdown
    from workbench.prompts.word_diff import changes

    texts = chain((write_markdown(version.prompt) for version in versions), [""])
    for version, (new, old) in zip(versions, pairwise(texts), strict=True):
        yield version, changes(old, new)


def _version(workbench: Workbench, one: SavedPrompt, number: int) -> Version:
    found = next((version for version in workbench.prompts.history(one.id) if version.number == number), None)
    if found is None:
        hint = f"It has the versions 1 to {one.version}."
        raise UsageError(f"There is no version {number} of {one.prompt.name!r}.", hint=hint)
    return found


# Changing -------------------------------------------------------------------------------------------------------------


def run_remove(arguments: argparse.Namespace, workbench: Workbench) -> int:
    one = workbench.prompts.remove(workbench.prompts.get(arguments.name).id)
    return output.done(
        {"removed": one.id}, f"In the bin for 30 days. Undo: workbench prompts restore {one.id}", as_json=arguments.json
    )


def run_restore(arguments: argparse.Namespace, workbench: Workbench) -> int:
    prompts = workbench.prompts
    one = _restorable(arguments, workbench)
    if arguments.version is not None:
        one = prompts.restore_version(one.id, arguments.version)
    elif one.removed_at is not None:
        one = prompts.bring_back(one.id)
    else:
        raise UsageError(
            f"“{one.prompt.title}” is not in the bin.", hint="--version N makes an old version of it the newest."
        )
    return output.done(
        shown.saved_json(one),
        output.safe(f"Restored as /{one.prompt.name}, version {one.version}."),
        as_json=arguments.json,
    )


def _restorable(arguments: argparse.Namespace, workbench: Workbench) -> SavedPrompt:
    """By name: the one that is there when a version is asked for, else the one that was removed last."""
    if arguments.version is None:
        wanted = arguments.name.strip().removeprefix("/").casefold()
        for one in workbench.prompts.bin():
            if wanted in (one.id, one.prompt.name.casefold()):
                return one
    return workbench.prompts.get(arguments.name)


def run_duplicate(arguments: argparse.Namespace, workbench: Workbench) -> int:
    one = workbench.prompts.duplicate(workbench.prompts.get(arguments.name).id)
    return output.done(shown.saved_json(one), output.safe(f"Copied as /{one.prompt.name}."), as_json=arguments.json)


def run_favourite(arguments: argparse.Namespace, workbench: Workbench) -> int:
    one = workbench.prompts.get(arguments.name)
    workbench.prompts.favourite(one.id, on=not arguments.off)
    if arguments.json:
        output.document(shown.head_json(workbench.prompts.get(one.id)))
    else:
        told = "is no favourite any more" if arguments.off else "is a favourite"
        output.say(output.safe(f"/{one.prompt.name} {told}."))
    return output.OK
