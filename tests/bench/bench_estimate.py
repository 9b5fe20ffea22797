"""The predicted sum against what the real engine allocates, over shapes, contexts, slots and cache types.

The files are whole but for their weights. Run: ``python -m tests.bench.bench_estimate [SEED]``; each row also goes to
stderr with both sides in MiB. A seed draws other random shapes.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.loading import load
from tests.fakes import model_shapes
from tests.fakes.model_shapes import Model
from workbench.models.gguf.header import read_header
from workbench.models.sizing.estimate import KvType, Request
from workbench.models.sizing.measurements import EngineMemory
from workbench.models.sizing.memory import cache_bytes, compute_bytes
from workbench.models.sizing.shape import ModelShape
from workbench.models.sizing.shapes import from_header

MIB = 1 << 20
RANDOM_SHAPES = 12

Sum = tuple[int, int, int]  # weights, cache, compute


def real_shapes() -> Iterator[tuple[str, Model]]:
    """As the models are, with fewer layers where all are alike: the engine maps every byte."""
    yield "llama 1B", model_shapes.dense()
    yield (
        "qwen3 4B",
        model_shapes.dense(
            "qwen3", hidden=2560, layers=36, heads=32, length=128, feed_forward=9728, vocabulary=151_936
        ),
    )
    yield "gpt-oss 20B", model_shapes.gpt_oss()
    yield "qwen3moe 30B, 12 layers", model_shapes.qwen3moe(layers=12)
    yield "gemma3 4B", model_shapes.gemma3()
    yield "gemma4 26B, 12 layers", model_shapes.gemma4(layers=12)
    yield "gemma4 E4B", model_shapes.gemma4(
        experts=0, hidden=2560, layers=42, heads=8, kv_heads=(2, 2), feed_forward=10_240, window=512,
        shared_layers=18, per_layer=256,
    )  # fmt: skip
    yield "qwen35moe 35B, 12 layers", model_shapes.qwen35moe(layers=12)
    yield "deepseek2 (GLM-4.7-Flash), 8 layers", model_shapes.mla(layers=8)
    yield "granitehybrid tiny", model_shapes.granite_hybrid()
    yield "nemotron_h_moe, 10 layers", model_shapes.nemotron(pattern="MEMEM*EMEM")
    yield "lfm2moe 8B", model_shapes.lfm2moe()


def random_shapes(chance: random.Random) -> Iterator[tuple[str, Model]]:
    """Sizes that no model has."""
    for number in range(RANDOM_SHAPES):
        model = _random_model(chance.choice(["qwen3moe", "gpt-oss", "llama", "gemma3"]), chance)
        yield f"{model.architecture}, random {number}", model


def _random_model(architecture: str, chance: random.Random) -> Model:
    kv_heads = chance.choice([1, 2, 4, 8])
    size, vocabulary = 64 * chance.randint(4, 40), chance.randint(1_000, 60_000)
    attention: dict[str, Any] = {
        "hidden": 256 * chance.randint(2, 12),
        "layers": chance.randint(3, 20),
        "kv_heads": kv_heads,
        "heads": kv_heads * chance.choice([1, 2, 4, 8]),
        "length": chance.choice([64, 96, 128]),
        "vocabulary": vocabulary,
    }
    routed = {"experts": chance.choice([8, 16, 32]), "used": chance.choice([1, 2, 4, 8]), "size": size}
    if architecture == "qwen3moe":
        return model_shapes.qwen3moe(**attention, **routed)
    if architecture == "gpt-oss":
        return model_shapes.gpt_oss(**attention, **routed, window=chance.choice([64, 128, 512]))
    if architecture == "gemma3":
        return model_shapes.gemma3(**attention, feed_forward=4 * size, window=chance.choice([512, 1024]))
    return model_shapes.dense(**attention, feed_forward=4 * size)


def requests(chance: random.Random) -> Iterator[Request]:
    """A usual request, and one of any kind."""
    yield Request(8192)
    yield Request(
        chance.choice([1024, 4096, 20_000, 32_768]),
        slots=chance.choice([1, 2, 4]),
        kv=chance.choice(list(KvType)),
        batch_tokens=chance.choice([128, 256, 512, 1024]),
        unified=chance.random() < 0.5,
    )


def predicted(shape: ModelShape, request: Request) -> Sum:
    return shape.weights_bytes, cache_bytes(shape, request), compute_bytes(shape, request)


def allocated(memory: EngineMemory) -> Sum:
    return memory.weights_bytes, memory.cache_bytes, memory.compute_bytes


def error(ours: int, real: int) -> float:
    """In per cent; half a MiB is nothing."""
    return 0.0 if abs(ours - real) <= MIB / 2 else 100 * abs(ours - real) / max(real, 1)


def row(name: str, value: float, aim: str) -> None:
    print(json.dumps({"name": f"estimate: {name}", "value": round(value, 3), "unit": "%", "aim": aim}), flush=True)


def main() -> int:
    chance = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    errors: list[list[float]] = []
    with tempfile.TemporaryDirectory(prefix="wb-shapes-") as folder:
        for name, model in (*real_shapes(), *random_shapes(chance)):
            path = model.write(Path(folder) / "shape.gguf")
            shape = from_header(read_header(path))
            for request in requests(chance):
                ours, real = predicted(shape, request), allocated(load(path, request))
                errors.append([*map(error, ours, real), error(sum(ours), sum(real))])
                sides = "  ".join(f"{a / MIB:.1f}/{b / MIB:.1f}" for a, b in zip(ours, real, strict=True))
                asked = f"-c {request.context_tokens} -np {request.slots} {request.kv} -ub {request.batch_tokens}"
                kind = "unified" if request.unified else "parted"
                print(f"{name:<38}{asked:<34}{kind:<9}{sides}  {errors[-1][3]:.1f} %", file=sys.stderr, flush=True)
    for part, aim, values in zip(
        ("weights", "cache", "compute buffers", "all together"), ("<= 2", "<= 2", "", "<= 10"), zip(*errors, strict=True),
        strict=True,
    ):  # fmt: skip
        row(f"{part}, worst of {len(values)}", max(values), aim)
        row(f"{part}, mean", sum(values) / len(values), aim)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
