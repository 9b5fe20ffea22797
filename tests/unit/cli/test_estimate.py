"""`workbench models estimate`: its document, its words, and what it refuses. The sums behind it are the real ones."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from workbench.cancel import CancelToken
from workbench.cli import estimate
from workbench.errors import UsageError
from workbench.hardware.machine import Gpu, Machine
from workbench.models.sizing import fit
from workbench.models.sizing.estimate import Estimate, KvType, Request
from workbench.models.sizing.serving import serve
from workbench.models.sizing.shape import CacheGroup, CacheKind, ModelShape

GIB = 1 << 30
CARD = Gpu("RTX 3060", "nvidia", 12 * GIB, 11 * GIB, bandwidth_gbs=360, backend="cuda")
HERE = Machine("linux", "Some CPU", 8, ("avx2",), 32 * GIB, 24 * GIB, None, "mains", 60.0, (CARD,))
SHAPE = ModelShape(
    "qwen3moe",
    48,
    262_144,
    17 * GIB,
    GIB // 4,
    (GIB // 3,) * 48,
    2 * GIB,
    (CacheGroup(CacheKind.FULL, 48, 4, 128, 128),),
)


@dataclass
class Advisor:
    asked: list[tuple[str, Request, Machine | None]] = field(default_factory=list)

    def estimate(self, reference: str, request: Request, machine: Machine | None, cancel: CancelToken) -> Estimate:
        self.asked.append((reference, request, machine))
        return fit.estimate(SHAPE, machine or HERE, request)

    def estimate_as_started(self, reference: str, machine: Machine | None, cancel: CancelToken) -> Estimate:
        return self.estimate(reference, serve(SHAPE, machine or HERE).request, machine, cancel)


def run(*words: str) -> tuple[int, Advisor]:
    parser = argparse.ArgumentParser()
    estimate.register(parser.add_subparsers())
    arguments = parser.parse_args(["estimate", *words])
    advisor = Advisor()
    workbench: Any = SimpleNamespace(advisor=advisor)
    return arguments.run(arguments, workbench), advisor


def test_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    code, advisor = run("some-model", "--context", "32768", "--slots", "2", "--kv", "q8_0", "--batch", "256", "--json")
    assert code == 0
    assert advisor.asked == [("some-model", Request(32_768, 2, KvType.Q8_0, 256), None)]
    document = json.loads(capsys.readouterr().out)
    assert {
        "weights_bytes",
        "cache_bytes",
        "compute_bytes",
        "overhead_bytes",
        "total_bytes",
        "fit",
        "max_context",
        "devices",
        "expert_layers_on_cpu",
        "advice",
    } <= set(document)
    assert document["fit"] == "experts_on_cpu"
    assert set(document["devices"][0]) == {"name", "bytes", "free_bytes"}
    assert set(document["advice"][0]) == {"code", "text"}
    assert sum(device["bytes"] for device in document["devices"]) == document["total_bytes"]
    at_start, full = document["generation_tokens_per_second"], document["full_context_tokens_per_second"]
    assert 0 < full["expected"] < at_start["expected"]


def test_the_words_show_the_sum(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("some-model")[0] == 0
    shown = capsys.readouterr().out
    for words in (
        "weights",
        "17 GB",
        "cache",
        "in all",
        "RTX 3060",
        "Some CPU",
        "with a full context",
        "layers lie in memory",
    ):
        assert words in shown


def test_one_wish_leaves_the_rest_as_in_every_comparison() -> None:
    assert run("some-model", "--kv", "q4_0")[1].asked[0][1] == Request(kv=KvType.Q4_0)


def test_without_a_wish_it_is_what_would_be_started(capsys: pytest.CaptureFixture[str]) -> None:
    """Each slot has its context for itself."""
    asked = run("some-model", "--json")[1].asked[0][1]
    document = json.loads(capsys.readouterr().out)
    assert (asked.unified, asked.slots) == (False, 2)
    assert (document["chat_context"], document["context"]) == (asked.context_tokens // 2, asked.context_tokens)
    assert run("some-model")[0] == 0
    assert f"{asked.context_tokens // 2} tokens for each of 2 slots" in capsys.readouterr().out


def test_another_machine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "machine.json"
    other.write_text(json.dumps({"machine": {"memory_total_bytes": 8 * GIB}}))
    code, advisor = run("some-model", "--machine", str(other))
    assert code == 0  # whatever it finds
    assert advisor.asked[0][2] is not None
    assert "does not fit" in capsys.readouterr().out
    with pytest.raises(UsageError):
        run("some-model", "--machine", str(tmp_path / "missing.json"))


@pytest.mark.parametrize(
    "words", [("--context", "0"), ("--context", "many"), ("--slots", "1000"), ("--kv", "q2_k"), ()]
)
def test_bad_input_is_refused(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*(("some-model", *words) if words else ()))
    assert ended.value.code == 2
    assert capsys.readouterr().err
