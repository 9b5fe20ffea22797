"""The advisor: what a reference means, the hub asked only where the catalog does not know, the person's additions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.fakes.hub import COMMIT, LoopbackHub
from tests.fakes.model_shapes import dense
from workbench import migrations
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import DownloadError, ModelError, UsageError
from workbench.events import Bus
from workbench.hardware.backends import Engines
from workbench.hardware.machine import Gpu, Machine
from workbench.http import make_client
from workbench.models.advising import choosing
from workbench.models.advising.advice import Use
from workbench.models.advising.advisor import Advisor
from workbench.models.advising.candidates import Situation
from workbench.models.catalog.file import CatalogStore, require
from workbench.models.fetching.hub import Hub, HubFile
from workbench.models.gguf.header import Header
from workbench.models.gguf.remote import read_remote_model
from workbench.models.service import ModelService
from workbench.models.sizing.estimate import Correction, Fit, KvType, Request
from workbench.models.sizing.serving import Wishes, serve
from workbench.paths import Paths

GIB = 1 << 30
HERE = Machine(
    "linux", "CPU", 8, ("avx2",), 32 * GIB, 24 * GIB, 500 * 10**9, "mains", 60.0,
    (Gpu("RTX 4090", "nvidia", 24 * GIB, 23 * GIB, bandwidth_gbs=1008.0, backend="cuda"),),
)  # fmt: skip
SMALL = replace(HERE, gpus=(), memory_total_bytes=8 * GIB, memory_available_bytes=5 * GIB)


@dataclass
class World:
    advisor: Advisor
    paths: Paths
    hub: LoopbackHub
    read: list[str] = field(default_factory=list)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(tmp_path / "token"))
    paths = Paths(tmp_path / "home")
    paths.prepare()
    database, bus, store = (
        Database(paths.database, migrations.workbench, backups=paths.backups),
        Bus(),
        CatalogStore(paths),
    )
    read: list[str] = []
    with LoopbackHub() as server, make_client(keep_alive=False) as client:
        hub = Hub({"HF_ENDPOINT": server.url("")})

        def read_header(files: Sequence[HubFile], cancel: CancelToken) -> Header:
            read.extend(file.path for file in files)
            return read_remote_model([hub.remote(file) for file in files], client, cancel)

        models = ModelService(paths, database, SystemClock(), bus)
        advisor = Advisor(
            lambda fresh=False: HERE,
            lambda machine: Engines(frozenset({"cpu", "cuda"})),
            store,
            models,
            hub,
            read_header,
            bus,
            corrections=lambda architecture: Correction(2.0, 2.0, 1.0, measured=True),
        )
        yield World(advisor, paths, server, read)
    database.close()


@pytest.fixture(scope="module")
def model_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A small real shape, without its weights."""
    return (
        dense("qwen3", hidden=256, layers=4, heads=4, kv_heads=2, feed_forward=512, vocabulary=2048)
        .write(tmp_path_factory.mktemp("shape") / "model.gguf")
        .read_bytes()
    )


# Estimates ------------------------------------------------------------------------------------------------------------


def test_a_catalog_reference_needs_no_network(world: World) -> None:
    file = require(world.advisor.models(), "gemma-4-26b-a4b").files[0]
    request = Request(16384, slots=2, kv=KvType.Q8_0)
    by_reference = world.advisor.estimate(file.reference, request)
    assert by_reference == world.advisor.estimate(f"hf://{file.repository}/{file.file}", request)
    assert by_reference.request == request
    assert by_reference.projector_bytes == file.projector_bytes
    assert world.hub.requests == []


def test_what_the_catalog_knows_is_told_before_a_download(world: World) -> None:
    known = world.advisor.estimate_known("gpt-oss-120b")
    assert known
    assert known == world.advisor.estimate("gpt-oss-120b")
    assert known.fit is Fit.NONE
    assert world.advisor.estimate_known("someone/else/model.gguf") is None
    assert world.hub.requests == []


def test_the_picks_fit_is_what_estimate_says(world: World) -> None:
    for where in (None, HERE, SMALL):
        found = world.advisor.recommend(machine=where)
        assert found.recommended
        for pick in (found.recommended, *found.alternatives):
            for reference in (pick.file.reference, pick.model.id):
                assert world.advisor.estimate(reference, Request(pick.context), where) == pick.estimate


def test_what_was_measured_here_says_nothing_of_another_machine(world: World) -> None:
    here, there = world.advisor.estimate("gpt-oss-20b"), world.advisor.estimate("gpt-oss-20b", machine=HERE)
    assert (here.measured, there.measured) == (True, False)
    assert here.generation_tokens_per_second
    assert there.generation_tokens_per_second
    expected = there.generation_tokens_per_second.expected * 2
    assert here.generation_tokens_per_second.expected == pytest.approx(expected)


def test_another_mac_would_have_our_engine(world: World) -> None:
    gpu = Gpu("Apple M4 Pro", "apple", unified=True, bandwidth_gbs=273.0)
    mac = replace(HERE, os="macos", gpus=(gpu,), unified_memory_limit_bytes=18 * GIB)
    assert world.advisor.estimate("gpt-oss-20b", machine=mac).fit is Fit.GPU


def test_what_would_be_started_is_what_the_plan_asks(world: World) -> None:
    """Of this machine with the person's wishes; of another one without."""
    estimate = world.advisor.estimate_as_started("gpt-oss-20b")
    assert estimate.fit is world.advisor.estimate("gpt-oss-20b").fit
    assert not estimate.request.unified
    file = world.advisor.known("gpt-oss-20b")
    assert file is not None
    asked = serve(Situation(HERE).shape(*file), HERE, engines=world.advisor._engines(None)).request
    assert estimate.request == asked
    world.advisor._wishes = lambda: Wishes(slots=3)
    assert world.advisor.estimate_as_started("gpt-oss-20b").request.slots == 3
    assert world.advisor.estimate_as_started("gpt-oss-20b", HERE).request.slots != 3


def test_a_file_on_this_disk_is_estimated_from_its_header(world: World, model_bytes: bytes) -> None:
    path = world.paths.models / "mine.gguf"
    path.write_bytes(model_bytes)
    by_path, by_name = world.advisor.estimate(str(path)), world.advisor.estimate("mine")
    assert by_path == by_name
    assert by_path.weights_bytes < len(model_bytes)
    assert world.hub.requests == []


def test_a_file_without_an_ending_is_a_file_too(world: World, model_bytes: bytes) -> None:
    blob = world.paths.home / "sha256-0"  # as Ollama keeps its models
    blob.write_bytes(model_bytes)
    assert world.advisor.estimate(str(blob)).weights_bytes > 0


def test_a_file_of_the_hub_is_estimated_from_its_header_alone(world: World, model_bytes: bytes) -> None:
    world.hub.add("owner/some-GGUF", some=model_bytes)
    (world.paths.models / "same.gguf").write_bytes(model_bytes)
    remote = world.advisor.estimate("owner/some-GGUF/some.gguf", cancel=CancelToken())
    assert remote == world.advisor.estimate("same")
    assert world.read == ["some.gguf"]


def test_another_commit_of_a_catalog_file_is_another_file(world: World, model_bytes: bytes) -> None:
    known = require(world.advisor.models(), "qwen3-4b-instruct-2507").files[0]
    world.hub.add(known.repository, **{known.file.removesuffix(".gguf"): model_bytes})
    estimate = world.advisor.estimate(f"{known.repository}/{known.file}@{COMMIT}")
    assert world.read == [known.file]
    assert estimate.weights_bytes < world.advisor.estimate(known.reference).weights_bytes


def test_a_catalog_model_of_unknown_shape_is_read_from_the_hub(world: World, model_bytes: bytes) -> None:
    known = require(world.advisor.models(), "gemma-4-12b").files[0]
    world.hub.add(known.repository, **{known.file.removesuffix(".gguf"): model_bytes})
    assert world.advisor.estimate("gemma-4-12b").fit is Fit.GPU
    assert world.read == [known.file]


@pytest.mark.parametrize(
    ("reference", "error"),
    [
        ("gpt-oss-20", UsageError),
        ("nothing like it", UsageError),
        ("/nowhere/model.gguf", ModelError),
        ("model.gguf", ModelError),
        ("owner/absent-GGUF/model.gguf", DownloadError),
        ("~nobody-here/model.gguf", ModelError),
        ("x" * 5000, UsageError),
        (f"/{'x' * 5000}.gguf", ModelError),
    ],
)
def test_a_reference_that_means_nothing_is_told(world: World, reference: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        world.advisor.estimate(reference)


def test_a_damaged_file_is_told_as_such(world: World) -> None:
    path = world.paths.models / "broken.gguf"
    path.write_bytes(b"not a model")
    with pytest.raises(ModelError, match="GGUF"):
        world.advisor.estimate(str(path))


# Additions ------------------------------------------------------------------------------------------------------------


def test_a_repository_is_added_with_its_builds_and_shape(world: World, model_bytes: bytes) -> None:
    repository = world.hub.add(
        "Owner/Some-GGUF",
        **{
            "Some-Q4_K_M": model_bytes,
            "BF16__Some-BF16-00001-of-00002": model_bytes,
            "BF16__Some-BF16-00002-of-00002": model_bytes,
            "Q8_0__Some-Q8_0-00001-of-00002": model_bytes,  # its second part is not there
            "mmproj-F16": b"eyes",
            "mtp-Some-Q4_0": b"draft",
        },
    )
    repository.files["README.md"] = b"#"
    model = world.advisor.add_repository("Owner/Some-GGUF", CancelToken())
    assert (model.id, model.layers, model.user_added) == ("owner/some-gguf", 4, True)
    assert [(file.quantization, len(file.shards)) for file in model.files] == [("Q4_K_M", 1), ("BF16", 2)]
    assert all(file.revision == COMMIT and file.projector == "mmproj-F16.gguf" for file in model.files)
    assert model.files[0].sha256
    assert len(model.files[1].shard_sha256) == 2
    assert world.read == ["Some-Q4_K_M.gguf"]
    assert world.advisor.models()[-1] == model
    known = world.advisor.known(model.id)
    assert known
    assert known[1].quantization == "BF16"  # so small that nothing speaks for fewer bits
    assert world.advisor.estimate(model.id).fit is Fit.GPU
    assert any(pick.model == model for pick in world.advisor.overview())


def test_an_addition_survives_and_can_be_taken_out(world: World, model_bytes: bytes) -> None:
    world.hub.add("o/r-GGUF", model=model_bytes)
    world.advisor.add_repository("o/r-GGUF", CancelToken())
    again = CatalogStore(world.paths)
    assert again.models()[-1].id == "o/r-gguf"
    assert again.notices() == ()
    world.advisor.remove_repository("o/r-gguf")
    assert again.models()[-1].id != "o/r-gguf"
    with pytest.raises(UsageError, match="came with Workbench"):
        world.advisor.remove_repository("gpt-oss-20b")


def test_a_repository_without_a_model_is_refused(world: World) -> None:
    world.hub.add("o/empty").files["model.safetensors"] = b"x"
    with pytest.raises(UsageError, match="no GGUF model"):
        world.advisor.add_repository("o/empty", CancelToken())


# The person's file ----------------------------------------------------------------------------------------------------


def test_the_persons_catalog_changes_the_advice_at_once(world: World) -> None:
    before = world.advisor.recommend().recommended
    assert before
    doubted = [{"id": before.model.id, "doubt": "Not for me."}]
    (world.paths.home / "catalog.json").write_text(json.dumps({"models": doubted}), "utf-8")
    after = world.advisor.recommend().recommended
    assert after
    assert after.model.id != before.model.id
    assert world.advisor.notices() == ()


def test_one_code_path_for_all_uses(world: World) -> None:
    assert {pick.model.id for pick in world.advisor.overview(Use.CODE, SMALL)} == {
        pick.model.id for pick in choosing.overview(world.advisor.models(), SMALL, use=Use.CODE)
    }
