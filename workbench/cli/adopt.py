"""`workbench models adopt`: use the models of other programs where they are."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.cli import output
from workbench.cli.commands import add_action
from workbench.errors import ModelError
from workbench.paths import given
from workbench.sizes import size_words

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.models.adoption import FoundModel
    from workbench.models.service import ModelService

NOTHING = (
    "No models of other programs were found (LM Studio, Ollama, Hugging Face cache). "
    "`workbench models adopt FOLDER` looks in a folder."
)


def register(actions: Any) -> None:
    adopt = add_action(
        actions,
        "adopt",
        "use models of LM Studio, Ollama, the Hugging Face cache or a folder where they are",
        "workbench models adopt gpt-oss:20b",
        run,
    )
    adopt.add_argument(
        "names", metavar="NAME|PATH", nargs="*", help="a model that was found, a GGUF file or a folder; none: list them"
    )
    adopt.add_argument("--list", action="store_true", help="list what is found, and adopt nothing")
    adopt.add_argument("--all", action="store_true", help="every model that can be used")


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    places, names = _split(arguments.names)
    found = _look(workbench.models, places, everywhere=bool(names) or not places)
    if arguments.list or not (arguments.names or arguments.all):
        _show(found, as_json=arguments.json)
        return output.OK
    wanted = [_choose(found, name) for name in names]
    wanted += [one for one in found if one.usable and _below(one, places)]
    if places and not wanted:
        raise _nothing_in(places[0], found)
    if arguments.all:
        wanted += [one for one in found if one.usable and not one.adopted and one not in wanted]
    models = workbench.models.adopt(wanted)
    if arguments.json:
        output.document([{"model": model.id, "path": str(model.path), "bytes": model.bytes} for model in models])
        return output.OK
    for model in models:
        output.write(output.safe(f"{model.id}: used where it is, {model.path}") + "\n")
    if not models:
        output.say("There was nothing left to adopt.")
    return output.OK


def _split(words: Sequence[str]) -> tuple[list[Path], list[str]]:
    """The words that are places on this disk, and the others: names."""
    paths = {word: given(word).absolute() for word in words if "\0" not in word}
    places = [path for path in paths.values() if os.path.exists(path)]  # noqa: PTH110 - pathlib raises for a name that is too long
    return places, [word for word in words if paths.get(word) not in places]


def _look(models: ModelService, places: Sequence[Path], *, everywhere: bool) -> tuple[FoundModel, ...]:
    cancel = CancelToken()
    found = models.found(cancel) if everywhere else ()
    return found + tuple(one for place in places for one in models.found(cancel, place))


def _below(found: FoundModel, places: Sequence[Path]) -> bool:
    return any(found.path.is_relative_to(place) for place in places)


def _nothing_in(place: Path, found: Sequence[FoundModel]) -> ModelError:
    why = f" {found[0].name}: {found[0].problem}" if found else ""
    return ModelError(
        f"There is no model to adopt in {place}.{why}",
        hint="Give a GGUF file, or a folder with models that can be used.",
    )


def _choose(found: Sequence[FoundModel], name: str) -> FoundModel:
    """The one of this name. Raises `ModelError` for a name that nothing or more than one has."""
    alike = [one for one in found if one.name.casefold() == name.casefold()]
    if not alike:
        from workbench.models.library import unknown_model  # only here: the library opens the database's module

        hint = "Run `workbench models adopt --list` to see what was found."
        raise unknown_model(name, [one.name for one in found], "of another program on this disk", hint)
    if len(alike) > 1:
        paths = ", ".join(str(one.path) for one in alike)
        raise ModelError(f"{name!r} may mean any of these: {paths}.", hint="Give one of these paths.")
    return alike[0]


def _show(found: Sequence[FoundModel], *, as_json: bool) -> None:
    if as_json:
        output.document([_as_json(one) for one in found])
    elif not found:
        output.say(NOTHING)
    else:
        rows = [(one.name, size_words(one.bytes), one.program, _remark(one)) for one in found]
        safe_rows: list[tuple[str, ...]] = [tuple(output.safe(cell) for cell in row) for row in rows]
        output.write(output.table([("NAME", "SIZE", "PROGRAM", "REMARK"), *safe_rows]) + "\n")
        output.say("`workbench models adopt NAME` uses one where it is; `--all` uses all that can be used.")


def _remark(found: FoundModel) -> str:
    if found.adopted:
        return "in the library"
    if found.equivalent:
        size = f" ({size_words(found.equivalent_bytes)})" if found.equivalent_bytes else ""
        return f"{found.problem} As GGUF: {found.equivalent}{size}"
    return found.problem


def _as_json(found: FoundModel) -> dict[str, Any]:
    return {
        "name": found.name,
        "program": found.program,
        "path": str(found.path),
        "bytes": found.bytes,
        "files": [str(path) for path in found.shards],
        "projector": str(found.projector) if found.projector else None,
        "sha256": found.sha256,
        "catalog_id": found.catalog_id,
        "architecture": found.architecture or None,
        "quantization": found.quantization or None,
        "can_chat": found.can_chat,
        "usable": found.usable,
        "problem": found.problem or None,
        "equivalent": found.equivalent,
        "equivalent_bytes": found.equivalent_bytes,
        "adopted": found.adopted,
    }
