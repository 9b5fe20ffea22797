"""`workbench models estimate`: what a model would take in memory, where it would run and how fast, before it is loaded."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.cli import output
from workbench.cli.commands import add_action, positive
from workbench.models.sizing.estimate import DEFAULT_REQUEST, Estimate, Fit, KvType, Range, Request
from workbench.sizes import memory_words

if TYPE_CHECKING:
    from workbench.app import Workbench

MOST_CONTEXT_TOKENS = 1 << 30
MOST_SLOTS = 256
MOST_BATCH_TOKENS = 1 << 16

FIT_WORDS = {
    Fit.GPU: "fits on the GPU",
    Fit.EXPERTS_ON_CPU: "fits with the experts of {layers} layers in memory, computed by the processor",
    Fit.CPU: "fits, computed by the processor alone",
    Fit.NONE: "does not fit into what is free",
}


def register(actions: Any) -> None:
    estimate = add_action(
        actions,
        "estimate",
        "what a model would take in memory and how fast it would be",
        "workbench models estimate gpt-oss-20b --context 32768",
        run,
    )
    estimate.add_argument(
        "model",
        metavar="FILE|ID",
        help="a GGUF file, a name from `models list`, a catalog id, or OWNER/REPO/FILE[@COMMIT]",
    )
    estimate.add_argument(
        "--context",
        metavar="N",
        type=_up_to(MOST_CONTEXT_TOKENS),
        help="tokens of context that all slots share (default, as of all these: as the engine would be started)",
    )
    estimate.add_argument(
        "--slots",
        metavar="N",
        type=_up_to(MOST_SLOTS),
        help="answers at the same time",
    )
    estimate.add_argument(
        "--kv",
        choices=[str(kv) for kv in KvType],
        help="type of the cache",
    )
    estimate.add_argument(
        "--batch",
        metavar="N",
        type=_up_to(MOST_BATCH_TOKENS),
        help="tokens of a prompt computed at once",
    )
    estimate.add_argument(
        "--machine", metavar="FILE", type=Path, help="another machine: what `workbench doctor --json` wrote there"
    )


def _up_to(most: int) -> Any:
    def number(text: str) -> int:
        value = positive(text)
        if value > most:
            raise argparse.ArgumentTypeError(f"must be at most {most}")
        return value

    return number


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    from workbench.hardware.machine_file import read_machine_file

    machine = read_machine_file(arguments.machine) if arguments.machine else None
    request = _request(arguments)
    if request is None:
        found = workbench.advisor.estimate_as_started(arguments.model, machine, CancelToken())
    else:
        found = workbench.advisor.estimate(arguments.model, request, machine, CancelToken())
    if arguments.json:
        output.document(found.as_json())
    else:
        output.write(output.safe(words(arguments.model, found)) + "\n")
    return output.OK


def _request(arguments: argparse.Namespace) -> Request | None:
    """What was asked for, the rest as in every comparison; None: nothing was."""
    context, slots, kv, batch = arguments.context, arguments.slots, arguments.kv, arguments.batch
    if not (context or slots or kv or batch):
        return None
    usual = DEFAULT_REQUEST
    return Request(
        context or usual.context_tokens, slots or usual.slots, KvType(kv or usual.kv), batch or usual.batch_tokens
    )


def words(model: str, found: Estimate) -> str:
    """The sum as a small table, the verdict, the speeds, and what to do."""
    parts = {
        "weights": found.weights_bytes,
        "projector": found.projector_bytes,
        "cache": found.cache_bytes,
        "compute buffers": found.compute_bytes,
        "runtime": found.overhead_bytes,
        "in all": found.total_bytes,
    }
    lines = [
        f"{model} {FIT_WORDS[found.fit].format(layers=found.expert_layers_on_cpu)}.",
        "",
        output.table([(name, memory_words(size)) for name, size in parts.items() if size or name != "projector"]),
        "",
        output.table([("on", "takes", "of free"), *_devices(found)]),
        "",
        output.table(_figures(found)),
    ]
    if found.advice:
        lines += ["", *(f"- {advice.text}" for advice in found.advice)]
    return "\n".join(lines)


def _devices(found: Estimate) -> list[tuple[str, ...]]:
    return [(device.name, memory_words(device.bytes), memory_words(device.free_bytes)) for device in found.devices]


def _figures(found: Estimate) -> list[tuple[str, ...]]:
    asked = found.request
    share = 1 if asked.unified else asked.slots
    slots = f" for each of {asked.slots} slots" if share > 1 else f", {asked.slots} slots" if asked.slots > 1 else ""
    most = found.max_context // share
    rows = [("context", f"{asked.chat_tokens} tokens{slots}, {asked.kv} cache; at most {most} would fit")]
    if found.max_gpu_context not in (0, found.max_context):
        rows.append(("on the GPU alone", f"at most {found.max_gpu_context // share} tokens"))
    if found.generation_tokens_per_second and found.prompt_tokens_per_second:
        measured = " (measured here)" if found.measured else ""
        rows.append(("answer", f"{_speed(found.generation_tokens_per_second)} tokens/s{measured}"))
        if full := found.generation_at(asked.chat_tokens):
            rows.append(("with a full context", f"{_speed(full)} tokens/s"))
        rows.append(("prompt", f"{_speed(found.prompt_tokens_per_second)} tokens/s"))
    return list(rows)


def _speed(speed: Range) -> str:
    return f"about {speed.expected:.0f} ({speed.low:.0f} to {speed.high:.0f})"
