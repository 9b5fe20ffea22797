"""Models of several files, projectors, the bin and its undo, finished downloads, templates of publishers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes import catalog
from tests.fakes.gguf_file import gguf, string_key, tensor, tiny_model
from tests.fakes.other_programs import projector, put, shard
from tests.unit.models.test_service import Shelf
from workbench.cancel import CancelToken
from workbench.db import Database
from workbench.errors import ModelError
from workbench.models.gguf import templates
from workbench.models.library import InstalledModel, ModelFile
from workbench.models.pairing import plain_name
from workbench.paths import Paths, asset


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path / "home")
    paths.prepare()
    return paths


@pytest.fixture
def open_shelf(paths: Paths) -> Iterator[Callable[..., Shelf]]:
    shelves: list[Shelf] = []

    def open_one(**options: object) -> Shelf:
        shelves.append(Shelf(paths, **options))
        return shelves[-1]

    yield open_one
    for shelf in shelves:
        shelf.database.close()


@pytest.fixture
def shelf(open_shelf: Callable[..., Shelf]) -> Shelf:
    return open_shelf(known=lambda: catalog.MODELS)


def split(paths: Paths, *numbers: int) -> list[Path]:
    return [put(paths.models / f"Big-Q4-{number:05}-of-00003.gguf", shard(number, 3)) for number in numbers]


# Several files --------------------------------------------------------------------------------------------------------


def test_the_parts_of_a_model_are_one_model(shelf: Shelf, paths: Paths) -> None:
    parts = split(paths, 1, 2, 3)
    (model,) = shelf.models.list()
    assert (model.id, model.name, model.problem) == ("Big-Q4", "Split", "")
    assert model.shards == tuple(parts)
    assert model.bytes == sum(part.stat().st_size for part in parts)
    assert len(shelf.models.header(model).tensors) == 3
    results = list(shelf.models.verify(CancelToken()))
    assert [(result.path, result.ok) for result in results] == [(part, True) for part in parts]
    parts[2].write_bytes(shard(3, 3)[:-1] + b"!")
    assert [result.ok for result in shelf.models.verify(CancelToken())] == [True, True, False]
    with pytest.raises(ModelError, match="content has changed"):
        shelf.models.get("Big-Q4")


@pytest.mark.parametrize("present", [(2,), (2, 3), (1, 3)])
def test_a_model_with_a_missing_part_is_listed_with_its_number(
    shelf: Shelf, paths: Paths, present: tuple[int, ...]
) -> None:
    split(paths, *present)
    (model,) = shelf.models.list()
    assert model.id == "Big-Q4"
    for number in {1, 2, 3} - {*present}:
        assert str(number) in model.problem


def test_a_split_model_elsewhere_is_used_in_place(shelf: Shelf, tmp_path: Path) -> None:
    first, second = (put(tmp_path / f"m-{number:05}-of-00002.gguf", shard(number, 2)) for number in (1, 2))
    assert shelf.models.get(str(first)).shards == (first, second)
    second.unlink()
    with pytest.raises(ModelError, match="part 2 is not there"):
        shelf.models.get(str(first))


def test_a_projector_belongs_to_the_model_beside_it(shelf: Shelf, paths: Paths) -> None:
    model_file = put(paths.models / "org" / "See-Q4_K_M.gguf", tiny_model("See"))
    other = put(paths.models / "org" / "See-Q8_0.gguf", tiny_model("See"))
    eyes = put(paths.models / "org" / "mmproj-F16.gguf", projector())
    listed = shelf.models.list()
    assert [(model.path, model.projector) for model in listed] == [(model_file, eyes), (other, eyes)]
    assert listed[0].bytes == len(tiny_model("See")) + len(projector())
    shelf.models.remove("See-Q4_K_M")
    assert eyes.exists()  # the other build needs it
    shelf.models.remove("See-Q8_0")
    assert not eyes.exists()


def test_a_projector_alone_is_no_model(shelf: Shelf, paths: Paths) -> None:
    put(paths.models / "mmproj-Other-F16.gguf", projector())
    put(paths.models / "A-Q4_0.gguf", tiny_model("A"))
    put(paths.models / "B-Q4_0.gguf", tiny_model("B"))
    *models, eyes = shelf.models.list()
    assert [model.projector for model in models] == [None, None]
    assert "projector" in eyes.problem


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("mmproj-F16.gguf", ""),
        ("mmproj-model-f16.gguf", ""),
        ("mmproj-Qwen_Qwen3.5-35B-A3B-f16.gguf", "qwen_qwen3.5-35b-a3b"),
        ("Qwen_Qwen3.5-35B-A3B-Q4_K_M.gguf", "qwen_qwen3.5-35b-a3b"),
        ("gemma-4-26B-A4B-it-qat-UD-Q4_K_XL.gguf", "gemma-4-26b-a4b-it"),
        ("Qwen2.5-VL-7B-Instruct-mmproj-f16.gguf", "qwen2.5-vl-7b-instruct"),
        ("X-IQ2_XXS-00001-of-00003.gguf", "x"),
    ],
)
def test_names_without_their_packing(name: str, plain: str) -> None:
    assert plain_name(name) == plain


# The bin --------------------------------------------------------------------------------------------------------------


def test_a_removal_can_be_undone_also_after_a_restart(
    open_shelf: Callable[..., Shelf], shelf: Shelf, paths: Paths
) -> None:
    split(paths, 1, 2, 3)
    list(shelf.models.verify(CancelToken()))
    before = shelf.models.get("Big-Q4")
    assert shelf.models.remove("Big-Q4") == before
    assert list(paths.models.glob("*.gguf")) == []
    again = open_shelf()
    assert again.models.list() == ()
    assert again.models.restore(before) == before
    assert [result.ok for result in again.models.verify(CancelToken())] == [True] * 3


def test_purging_deletes_for_good(shelf: Shelf, paths: Paths) -> None:
    put(paths.models / "a" / "m.gguf", tiny_model())
    gone = shelf.models.remove("m")
    shelf.models.purge(older_than_seconds=60)
    assert shelf.models.restore(gone).problem == ""
    shelf.models.remove("m")
    put(paths.models / ".bin" / "left over", b"of a crash")
    shelf.models.purge()
    assert list((paths.models / ".bin").iterdir()) == []
    with pytest.raises(ModelError, match="deleted for good"):
        shelf.models.restore(gone)


def test_a_place_that_is_taken_is_not_overwritten(shelf: Shelf, paths: Paths) -> None:
    path = put(paths.models / "m.gguf", tiny_model("old"))
    gone = shelf.models.remove("m")
    put(path, tiny_model("new"))
    with pytest.raises(ModelError, match="another file now"):
        shelf.models.restore(gone)
    assert shelf.models.get("m").name == "new"
    path.unlink()
    assert shelf.models.restore(gone).name == "old"


def test_a_crash_between_record_and_move_loses_nothing(shelf: Shelf, paths: Paths) -> None:
    path = put(paths.models / "m.gguf", tiny_model())
    shelf.models.remove("m")
    (paths.models / ".bin" / "m.gguf").rename(path)  # as it was before the move
    assert [model.id for model in shelf.models.list()] == ["m"]
    assert shelf.models.remove("m").path == path


def test_a_bin_that_cannot_be_used_keeps_the_model(shelf: Shelf, paths: Paths) -> None:
    parts = split(paths, 1, 2, 3)
    list(shelf.models.verify(CancelToken()))
    before = shelf.models.get("Big-Q4")
    put(paths.models / ".bin", b"no folder")
    with pytest.raises(ModelError, match="cannot be moved"):
        shelf.models.remove("Big-Q4")
    assert shelf.models.get("Big-Q4") == before
    (paths.models / ".bin").unlink()
    (paths.models / ".bin" / parts[1].name / "in the way").mkdir(parents=True)
    with pytest.raises(ModelError, match="cannot be moved"):
        shelf.models.remove("Big-Q4")
    assert shelf.models.get("Big-Q4") == before  # its first part was moved back


def test_a_full_disk_can_be_made_room_on(shelf: Shelf, paths: Paths) -> None:
    path = put(paths.models / "m.gguf", tiny_model())
    database: Database = shelf.database
    database.read_only = "The disk is full."
    shelf.models.remove("m")
    assert not path.exists()
    database.read_only = ""


# Downloads and choice -------------------------------------------------------------------------------------------------


def place(shelf: Shelf, paths: Paths, name: str = "org/repo/gpt-oss-20b-MXFP4.gguf") -> InstalledModel:
    path = put(paths.models / name, tiny_model("gpt-oss 20B"))
    eyes = put(path.with_name("mmproj-F16.gguf"), projector())
    return shelf.models.place(
        [ModelFile(path, path.stat().st_size, "1" * 64)],
        projector=ModelFile(eyes, eyes.stat().st_size, "2" * 64),
        catalog_id="gpt-oss-20b",
        repository="org/repo",
        revision="c" * 40,
    )


def test_a_finished_download_is_in_the_library(open_shelf: Callable[..., Shelf], shelf: Shelf, paths: Paths) -> None:
    placed = place(shelf, paths)
    (model,) = open_shelf().models.list()
    assert model == placed
    assert (model.id, model.name, model.source) == ("gpt-oss-20b-MXFP4", "gpt-oss 20B", "huggingface")
    assert (model.repository, model.revision, model.adopted) == ("org/repo", "c" * 40, False)
    assert [file.sha256 for file in model.files] == ["1" * 64, "2" * 64]
    assert model.verified_at
    assert shelf.models.get("gpt-oss-20b") == placed
    assert place(shelf, paths).id == placed.id
    second = place(shelf, paths, "org/two/gpt-oss-20b-MXFP4.gguf")
    assert second.id == "org/two/gpt-oss-20b-MXFP4.gguf"


def test_a_better_model_is_preferred_to_a_larger_one(open_shelf: Callable[..., Shelf], paths: Paths) -> None:
    shelf = open_shelf(rank=lambda model: 1.0 if model.catalog_id else -1.0 if model.name == "huge" else 0.0)
    put(paths.models / "large.gguf", tiny_model("large") + bytes(9000))
    put(paths.models / "huge.gguf", tiny_model("huge") + bytes(99_000))
    assert shelf.models.get(None).name == "large"
    place(shelf, paths)
    assert shelf.models.get(None).catalog_id == "gpt-oss-20b"


# Templates ------------------------------------------------------------------------------------------------------------


def test_the_publishers_templates_are_recorded_with_their_source() -> None:
    table = json.loads(asset("chat_templates.json").read_text())
    for entry in table["templates"]:
        assert entry["publisher"]
        assert entry["source"]
        assert all(len(bytes.fromhex(sha256)) == 32 for sha256 in entry["sha256"])
    assert "gpt-oss-20b" in templates.published()


def test_a_template_of_somebody_else_is_told(shelf: Shelf, paths: Paths) -> None:
    put(paths.models / "gpt-oss-20b-Q4_K_M.gguf", tiny_model("oss", template="{{ theirs }}"))
    put(paths.models / "unknown.gguf", tiny_model("?", template="{{ anything }}"))
    put(paths.models / "gpt-oss-120b-Q4_K_M.gguf", tiny_model("base", template=""))
    assert "not one that OpenAI published" in shelf.models.template_note(shelf.models.get("gpt-oss-20b-Q4_K_M"))
    assert shelf.models.template_note(shelf.models.get("unknown")) == ""
    assert shelf.models.template_note(shelf.models.find("gpt-oss-120b-Q4_K_M")) == ""


def test_the_publishers_own_template_is_no_news() -> None:
    table = {"a": templates.Published("Somebody", frozenset({templates.fingerprint("\r\n{{ theirs }}\n")}))}
    assert templates.note("{{ theirs }}", "a", table) == ""
    assert "Somebody published" in templates.note("{{ other }}", "a", table)
    assert templates.note("{{ other }}", "b", table) == ""


def test_vision_tensors_within_the_model_are_for_ollama_only(shelf: Shelf, paths: Paths) -> None:
    keys = [string_key("general.architecture", "gemma3")]
    put(paths.models / "copied.gguf", gguf(keys, [tensor("v.blk.0.weight", (64,), 0, 0)], bytes(256)))
    (model,) = shelf.models.list()
    assert "only Ollama reads" in model.problem
