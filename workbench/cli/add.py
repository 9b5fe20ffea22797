"""`workbench models add` and `forget`: models of any GGUF repository in the person's own catalog."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.cli import output
from workbench.cli.commands import add_action
from workbench.models.catalog.model import CatalogModel
from workbench.sizes import size_words

if TYPE_CHECKING:
    from workbench.app import Workbench


def register(actions: Any) -> None:
    add = add_action(
        actions,
        "add",
        "take a GGUF repository of the hub into the catalog: its builds and what they take",
        "workbench models add unsloth/Qwen3-0.6B-GGUF",
        run_add,
    )
    add.add_argument("repository", metavar="OWNER/REPO", help="a repository with GGUF files, as in its page's address")
    forget = add_action(
        actions,
        "forget",
        "take an added repository out of the catalog; files on this disk stay",
        "workbench models forget unsloth/qwen3-0.6b-gguf",
        run_forget,
    )
    forget.add_argument("model", metavar="ID", help="the id that `models add` told")


def run_add(arguments: argparse.Namespace, workbench: Workbench) -> int:
    model = workbench.advisor.add_repository(arguments.repository, CancelToken())
    if arguments.json:
        output.document(as_json(model))
        return output.OK
    output.say(output.safe(f"{model.name} is in the catalog as {model.id}. {model.note}".strip()))
    rows: list[tuple[str, ...]] = [("SIZE", "WEIGHTS", "REFERENCE")]
    rows += [
        (size_words(file.bytes) if file.bytes else "?", file.quantization or "?", f"{file.repository}/{file.file}")
        for file in model.files
    ]
    output.write(output.safe(output.table(rows)) + "\n")
    return output.OK


def run_forget(arguments: argparse.Namespace, workbench: Workbench) -> int:
    workbench.advisor.remove_repository(arguments.model)
    return output.done(
        {"forgotten": arguments.model},
        output.safe(f"{arguments.model} is no longer in the catalog."),
        as_json=arguments.json,
    )


def as_json(model: CatalogModel) -> dict[str, Any]:
    return {
        "model": model.id,
        "name": model.name,
        "architecture": model.architecture,
        "parameters": model.parameters,
        "context_length": model.context_length,
        "licence": model.licence or None,
        "files": [
            {
                "repository": file.repository,
                "file": file.file,
                "reference": file.reference,
                "quantization": file.quantization or None,
                "bytes": file.bytes,
                "sha256": file.sha256,
                "shards": list(file.shards),
                "projector": file.projector or None,
            }
            for file in model.files
        ],
    }
