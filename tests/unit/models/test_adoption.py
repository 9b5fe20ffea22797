"""Models of LM Studio, Ollama and the Hugging Face cache: found, told apart, adopted, and never touched."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import catalog
from tests.fakes.gguf_file import gguf, string_key, tiny_model, u32_key
from tests.fakes.other_programs import (
    OLDER,
    PersonsDisk,
    embedder,
    mlx_folder,
    projector,
    put,
    shard,
    with_architecture,
)
from tests.unit.models.test_service import Shelf
from workbench.cancel import CancelToken
from workbench.errors import Cancelled, ModelError
from workbench.models.adoption import FoundModel
from workbench.models.catalog.identify import identify
from workbench.models.finders import find_everywhere, folder, hugging_face, lm_studio, ollama
from workbench.models.finders.places import Places
from workbench.models.finders.walk import walk
from workbench.models.gguf.header import read_header
from workbench.models.library import MISSING
from workbench.paths import Paths

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the cache's links")


@pytest.fixture
def disk(tmp_path: Path) -> PersonsDisk:
    (tmp_path / "person").mkdir()
    return PersonsDisk(tmp_path / "person")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path / "home")
    paths.prepare()
    return paths


@pytest.fixture
def open_shelf(paths: Paths, disk: PersonsDisk) -> Iterator[Callable[[], Shelf]]:
    """Starts of the program over one home, on the disk of one person."""
    shelves: list[Shelf] = []
    places = Places(disk.home, {}, "darwin")

    def open_one() -> Shelf:
        shelves.append(
            Shelf(paths, known=lambda: catalog.MODELS, finders=lambda cancel: find_everywhere(cancel, places))
        )
        return shelves[-1]

    yield open_one
    for shelf in shelves:
        shelf.database.close()


@pytest.fixture
def shelf(open_shelf: Callable[[], Shelf]) -> Shelf:
    return open_shelf()


def found(shelf: Shelf) -> dict[str, FoundModel]:
    return {one.name: one for one in shelf.models.found(CancelToken())}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# Finding --------------------------------------------------------------------------------------------------------------


def test_every_program_is_looked_into_and_every_kind_told_apart(disk: PersonsDisk, shelf: Shelf) -> None:
    disk.fill()
    all_found = found(shelf)
    assert {name: (one.program, one.usable) for name, one in all_found.items()} == {
        "gpt-oss-20b-MXFP4": ("LM Studio", True),
        "See-Q4_K_M": ("LM Studio", True),
        "small:1b": ("Ollama", True),
        "Split-Q4": ("Hugging Face cache", True),
        "embed-Q8_0": ("LM Studio", False),
        "gpt-oss-20b-4bit": ("LM Studio", False),
    }
    usable = [one.usable for one in shelf.models.found(CancelToken())]
    assert usable == sorted(usable, reverse=True)
    see, split = all_found["See-Q4_K_M"], all_found["Split-Q4"]
    assert see.projector == see.path.with_name("mmproj-F16.gguf")
    assert see.bytes == len(tiny_model("See")) + len(projector())
    assert [path.name[9:14] for path in split.shards] == ["00001", "00002", "00003"]
    assert split.bytes == sum(len(shard(number, 3)) for number in (1, 2, 3))
    assert split.sha256 == sha256(shard(1, 3))
    assert all_found["small:1b"].sha256 == sha256(tiny_model("small", filling=b"l"))
    assert "embedding model" in all_found["embed-Q8_0"].problem
    mlx = all_found["gpt-oss-20b-4bit"]
    assert "llama.cpp cannot read" in mlx.problem
    assert (mlx.bytes, mlx.equivalent) == (1500, "gpt-oss-20b")
    assert mlx.equivalent_bytes == catalog.GPT_OSS_20B.files[0].bytes


def test_nothing_is_ever_written_there(disk: PersonsDisk, shelf: Shelf) -> None:
    disk.fill()
    before = disk.state()
    models = shelf.models.adopt([one for one in shelf.models.found(CancelToken()) if one.usable])
    assert all(result.ok for result in shelf.models.verify(CancelToken()))
    for model in models:
        shelf.models.template_note(model)
        shelf.models.remove(model.id)
    shelf.models.purge()
    assert disk.state() == before


def test_an_empty_disk(shelf: Shelf) -> None:
    assert shelf.models.found(CancelToken()) == ()


@pytest.mark.parametrize(
    ("digest", "size"),
    [
        ("sha256:../../../../secret", 1),
        ("sha256:" + "A" * 64, 1),
        ("sha256:" + "0" * 63, 1),
        ("sha256:" + "0" * 64 + "/../../secret", 1),
        ("sha256-" + "0" * 64 + "\n", 1),
        ("md5:" + "0" * 64, 1),
        (["sha256"], 1),
        (None, "big"),
    ],
)
def test_a_digest_from_outside_never_makes_a_path(disk: PersonsDisk, shelf: Shelf, digest: str, size: int) -> None:
    put(disk.home / "secret", tiny_model())
    disk.ollama.manifest("registry.ollama.ai/library/evil", [("model", digest, size)])
    assert found(shelf) == {}


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b"{}", b'{"layers": 7}', b'{"layers": [{}]}', b'{"layers": [null]}', b"[" * 100_000, b"\xff"],
)
def test_a_manifest_that_makes_no_sense_is_passed_over(disk: PersonsDisk, shelf: Shelf, manifest: bytes) -> None:
    put(disk.ollama.root / "manifests" / "registry.ollama.ai" / "library" / "broken" / "latest", manifest)
    disk.ollama.model("registry.ollama.ai/library/good", tiny_model("good"))
    assert list(found(shelf)) == ["good:latest"]


def test_names_of_ollama_say_what_is_unusual(disk: PersonsDisk, shelf: Shelf) -> None:
    disk.ollama.model("registry.ollama.ai/library/one", tiny_model("1"), "8b")
    disk.ollama.model("registry.ollama.ai/anna/two", tiny_model("2"))
    disk.ollama.model("hf.co/unsloth/three-GGUF", tiny_model("3"), "Q4_K_M")
    assert set(found(shelf)) == {"one:8b", "anna/two:latest", "hf.co/unsloth/three-GGUF:Q4_K_M"}


def test_what_only_ollama_can_use(disk: PersonsDisk, shelf: Shelf) -> None:
    name = "registry.ollama.ai/library"
    disk.ollama.model(f"{name}/tuned", tiny_model("t"), "latest", ("adapter", b"adapter"))
    disk.ollama.model(f"{name}/gpt-oss", with_architecture("gptoss"), "20b")
    disk.ollama.model(f"{name}/eyes", with_architecture("gemma3", "v.blk.0.weight"))
    disk.ollama.model(f"{name}/parts", tiny_model("p"), "latest", ("model", tiny_model("q")))
    digest = disk.ollama.blob(b"half")
    disk.ollama.manifest(f"{name}/half", [("model", digest, 99)])
    disk.ollama.manifest(f"{name}/gone", [("model", f"sha256:{'0' * 64}", 99)])
    all_found = found(shelf)
    assert not any(one.usable for one in all_found.values())
    problems = {name.split(":")[0]: one.problem for name, one in all_found.items()}
    assert "adapter" in problems["tuned"]
    assert "only Ollama reads" in problems["gpt-oss"]
    assert "only Ollama reads" in problems["eyes"]
    assert "only Ollama puts together" in problems["parts"]
    assert "not complete" in problems["half"]
    assert "not there" in problems["gone"]
    assert all_found["gpt-oss:20b"].equivalent == "gpt-oss-20b"
    with pytest.raises(ModelError, match="cannot be adopted") as caught:
        shelf.models.adopt([all_found["gpt-oss:20b"]])
    assert "models pull gpt-oss-20b" in caught.value.hint


def test_ollamas_projector_goes_with_its_model(disk: PersonsDisk, shelf: Shelf) -> None:
    disk.ollama.model("registry.ollama.ai/library/eyes", tiny_model(), "latest", ("projector", projector()))
    (model,) = shelf.models.adopt(shelf.models.found(CancelToken()))
    assert model.projector
    assert model.projector_bytes == len(projector())
    assert [result.expected for result in shelf.models.verify(CancelToken())] == [
        sha256(tiny_model()),
        sha256(projector()),
    ]


def test_the_newest_snapshot_of_the_hub_wins_and_older_ones_fill_up(disk: PersonsDisk, shelf: Shelf) -> None:
    disk.hub.file("org/m", "a-Q4.gguf", tiny_model("old"), OLDER)
    disk.hub.file("org/m", "only-old.gguf", tiny_model("only old"), OLDER)
    new = disk.hub.file("org/m", "a-Q4.gguf", tiny_model("new"))
    put(disk.hub.root / "models--org--m" / "blobs" / f"{'c' * 64}.incomplete", b"GGUF")
    all_found = found(shelf)
    assert set(all_found) == {"a-Q4", "only-old"}
    assert all_found["a-Q4"].path == new


def test_a_hostile_ref_of_the_hub_leads_nowhere(disk: PersonsDisk, shelf: Shelf) -> None:
    put(disk.home / "elsewhere" / "x.gguf", tiny_model())
    disk.hub.file("org/m", "a.gguf", tiny_model("a"))
    put(disk.hub.root / "models--org--m" / "refs" / "main", b"../../../../elsewhere")
    assert list(found(shelf)) == ["a"]


def test_one_file_reached_on_two_ways_is_one_model(disk: PersonsDisk, shelf: Shelf) -> None:
    link = disk.hub.file("org/m", "a.gguf", tiny_model("a"))
    place = disk.home / ".lmstudio" / "models" / "org" / "m" / "a.gguf"
    place.parent.mkdir(parents=True)
    place.symlink_to(link.resolve())
    (one,) = shelf.models.found(CancelToken())
    assert one.program == "LM Studio"
    shelf.models.adopt([one])
    assert [model.adopted for model in shelf.models.found(CancelToken())] == [True]
    assert len(shelf.models.adopt([replace(one, path=link)])) == 1
    assert len(shelf.models.list()) == 1


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (tiny_model()[:-1], "is incomplete"),
        (with_architecture("eagle3"), "draft model"),
        (with_architecture("nomic-bert"), "embedding model"),
        (with_architecture("qwen_image21"), "does not write"),
        (gguf([string_key("general.type", "adapter"), string_key("general.architecture", "llama")], []), "an adapter"),
    ],
)
def test_what_cannot_be_used_says_why(disk: PersonsDisk, shelf: Shelf, content: bytes, problem: str) -> None:
    disk.lm_studio("a/b/c.gguf", content)
    (one,) = shelf.models.found(CancelToken())
    assert not one.usable
    assert problem in one.problem


def test_missing_parts_are_told_by_number(disk: PersonsDisk, shelf: Shelf) -> None:
    disk.lm_studio("a/b/m-00002-of-00003.gguf", shard(2, 3))
    (one,) = shelf.models.found(CancelToken())
    assert one.problem == "It comes in 3 parts, and parts 1, 3 are not there."


def test_ordinary_safetensors_are_no_mlx(disk: PersonsDisk, shelf: Shelf) -> None:
    plain = mlx_folder(disk.home / ".lmstudio" / "models" / "a" / "original")
    put(plain / "config.json", json.dumps({"architectures": ["X"]}).encode())
    put(disk.home / ".lmstudio" / "models" / "a" / "broken" / "config.json", b"[" * 99_999)
    put(disk.home / ".lmstudio" / "models" / "a" / "broken" / "x.safetensors", b"")
    mlx_folder(disk.hub.root / "models--mlx-community--Qwen3-30B-A3B-Instruct-2507-4bit" / "snapshots" / OLDER)
    assert list(found(shelf)) == ["Qwen3-30B-A3B-Instruct-2507-4bit"]


# Where they keep things -----------------------------------------------------------------------------------------------


def test_lm_studio_is_found_by_its_pointer_and_its_settings(disk: PersonsDisk) -> None:
    home, chosen = disk.home / "moved", disk.home / "on another drive"
    for place in (home / "models", chosen, disk.home / ".cache" / "lm-studio" / "models"):
        place.mkdir(parents=True)
    put(disk.home / ".lmstudio-home-pointer", f"{home}\n".encode())
    put(home / "settings.json", json.dumps({"downloadsFolder": str(chosen)}).encode())
    folders = lm_studio.folders(Places(disk.home, {}, "linux"))
    assert folders == (home / "models", disk.home / ".cache" / "lm-studio" / "models", chosen)


@pytest.mark.parametrize(
    ("platform", "place"),
    [
        ("win32", "AppData/Roaming/LM Studio"),
        ("darwin", "Library/Application Support/LM Studio"),
        ("linux", ".config/LM Studio"),
    ],
)
def test_lm_studios_settings_on_each_system(disk: PersonsDisk, platform: str, place: str) -> None:
    (disk.home / "chosen").mkdir()
    put(disk.home / place / "settings.json", json.dumps({"downloadsFolder": "~/chosen"}).encode())
    assert lm_studio.folders(Places(disk.home, {}, platform)) == (disk.home / "chosen",)


@pytest.mark.parametrize("text", [b"", b"relative/path", b"\xff\xfe", b"/no\0where", b"x" * (2 << 20), b"~"])
def test_a_pointer_that_points_nowhere(disk: PersonsDisk, text: bytes) -> None:
    put(disk.home / ".lmstudio-home-pointer", text)
    put(disk.home / ".lmstudio" / "settings.json", b'{"downloadsFolder": ["x"]}')
    assert lm_studio.folders(Places(disk.home, {}, "linux")) == ()


def test_variables_move_the_folders(disk: PersonsDisk) -> None:
    for name in ("o", "h/hub", "c", "l"):
        (disk.home / name).mkdir(parents=True)
    variables = {"OLLAMA_MODELS": "o", "HF_HOME": "h", "HF_HUB_CACHE": "c", "LLAMA_CACHE": "l"}
    places = Places(disk.home, {name: str(disk.home / place) for name, place in variables.items()}, "darwin")
    assert ollama.folders(places) == (disk.home / "o",)
    assert hugging_face.folders(places) == (disk.home / "c", disk.home / "h" / "hub")
    assert folder.folders(places) == (disk.home / "l",)


# Bounds ---------------------------------------------------------------------------------------------------------------


def test_circles_pipes_and_closed_folders_never_hang(disk: PersonsDisk, shelf: Shelf) -> None:
    models = disk.home / ".lmstudio" / "models"
    good = disk.lm_studio("a/b/good.gguf", tiny_model("good"))
    (models / "circle").symlink_to(models)
    (models / "self.gguf").symlink_to(models / "self.gguf")
    (models / "gone.gguf").symlink_to(models / "nowhere.gguf")
    os.mkfifo(models / "pipe.gguf")
    os.mkfifo(models / "config.json")
    put(models / "model.safetensors", b"")
    closed = models / "closed"
    closed.mkdir()
    closed.chmod(0)
    os.mkfifo(disk.home / ".lmstudio" / "settings.json")
    tags = disk.ollama.root / "manifests" / "registry.ollama.ai" / "library" / "pipe"
    tags.mkdir(parents=True)
    os.mkfifo(tags / "latest")
    try:
        assert [one.path for one in shelf.models.found(CancelToken())] == [good]
    finally:
        closed.chmod(0o700)


def test_a_huge_tree_ends(tmp_path: Path) -> None:
    for number in range(100):
        put(tmp_path / f"{number:03}" / "x.gguf", b"")
    assert len(list(walk(tmp_path, CancelToken(), most=150))) == 51  # the root's 100 entries come first
    tmp_path.joinpath(*"abcdefghijkl").mkdir(parents=True)
    assert len(list(walk(tmp_path / "a", CancelToken(), depth=3))) == 4


def test_each_real_folder_is_walked_through_once(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path / "a")
    assert len(list(walk(tmp_path, CancelToken()))) == 3


def test_looking_can_be_cancelled(disk: PersonsDisk, shelf: Shelf) -> None:
    disk.fill()
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        shelf.models.found(cancel)


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes")
def test_a_path_that_is_no_text_is_told(disk: PersonsDisk, shelf: Shelf) -> None:
    name = os.fsencode(disk.home / ".lmstudio" / "models") + b"/m\xff.gguf"
    put(Path(os.fsdecode(name)), tiny_model())
    (one,) = shelf.models.found(CancelToken())
    assert not one.usable
    assert "no text" in one.problem


# Adopting -------------------------------------------------------------------------------------------------------------


def adopt_all(shelf: Shelf) -> None:
    shelf.models.adopt([one for one in shelf.models.found(CancelToken()) if one.usable])


def test_adopted_models_are_listed_also_after_a_restart(disk: PersonsDisk, open_shelf: Callable[[], Shelf]) -> None:
    disk.fill()
    first = open_shelf()
    adopt_all(first)
    assert len(first.changes) == 1
    listed = {model.id: model for model in open_shelf().models.list()}
    assert {name: (model.source, model.adopted, model.problem) for name, model in listed.items()} == {
        "gpt-oss-20b-MXFP4": ("lmstudio", True, ""),
        "See-Q4_K_M": ("lmstudio", True, ""),
        "small:1b": ("ollama", True, ""),
        "Split-Q4": ("huggingface", True, ""),
    }
    split = listed["Split-Q4"]
    assert len(split.shards) == 3
    assert len(first.models.header(split).tensors) == 3
    assert listed["See-Q4_K_M"].projector
    assert listed["gpt-oss-20b-MXFP4"].catalog_id == "gpt-oss-20b"
    assert first.models.get("gpt-oss-20b").id == "gpt-oss-20b-MXFP4"
    assert first.models.get("small:1b").path.name.startswith("sha256-")


def test_two_of_one_name_have_two_ids(disk: PersonsDisk, shelf: Shelf) -> None:
    disk.lm_studio("a/one/m.gguf", tiny_model("1"))
    second = disk.lm_studio("b/two/m.gguf", tiny_model("2"))
    adopt_all(shelf)
    assert {model.id for model in shelf.models.list()} == {"m", str(second)}


def test_a_folder_of_the_persons_choice(disk: PersonsDisk, shelf: Shelf) -> None:
    path = put(disk.home / "usb" / "deep" / "mine.gguf", tiny_model("Mine"))
    for place in (path, disk.home / "usb"):
        (one,) = shelf.models.found(CancelToken(), place)
        assert (one.program, one.path) == ("Folder", path)
    (model,) = shelf.models.adopt([one])
    assert (model.source, model.adopted) == ("folder", True)


def test_forgetting_an_adopted_model_leaves_its_file_and_can_be_undone(
    disk: PersonsDisk, open_shelf: Callable[[], Shelf]
) -> None:
    disk.fill()
    shelf = open_shelf()
    adopt_all(shelf)
    before = disk.state()
    gone = shelf.models.remove("Split-Q4")
    assert "Split-Q4" not in [model.id for model in shelf.models.list()]
    assert disk.state() == before
    assert open_shelf().models.restore(gone) == gone
    assert shelf.models.get("Split-Q4") == gone
    shelf.models.remove("Split-Q4")
    shelf.models.purge()
    with pytest.raises(ModelError, match="deleted for good"):
        shelf.models.restore(gone)
    assert disk.state() == before
    adopt_all(shelf)
    assert shelf.models.get("Split-Q4").shards == gone.shards


def test_an_unplugged_drive_is_grey_and_comes_back(disk: PersonsDisk, shelf: Shelf) -> None:
    disk.fill()
    adopt_all(shelf)
    away = disk.home.with_name("unplugged")
    disk.home.rename(away)
    assert {model.problem for model in shelf.models.list()} == {MISSING}
    assert not any(result.ok for result in shelf.models.verify(CancelToken()))
    assert shelf.models.found(CancelToken()) == ()
    away.rename(disk.home)
    assert {model.problem for model in shelf.models.list()} == {""}


def test_a_lost_part_is_told_by_its_number(disk: PersonsDisk, shelf: Shelf) -> None:
    disk.fill()
    adopt_all(shelf)
    split = shelf.models.get("Split-Q4")
    split.shards[1].unlink()
    with pytest.raises(ModelError, match="part 2 is not there"):
        shelf.models.get("Split-Q4")
    listed = shelf.models.find("Split-Q4")
    assert listed.bytes == split.bytes


def test_verifying_compares_with_what_the_other_program_pinned(disk: PersonsDisk, shelf: Shelf) -> None:
    disk.fill()
    adopt_all(shelf)
    results = {str(result.path): result for result in shelf.models.verify(CancelToken())}
    assert all(result.ok for result in results.values())
    expected = [result.expected for path, result in results.items() if "00002-of-00003" in path]
    assert expected == [sha256(shard(2, 3))]
    blob = shelf.models.get("Split-Q4").shards[1].resolve()
    blob.write_bytes(shard(2, 3)[:-1] + b"!")
    wrong = [result for result in shelf.models.verify(CancelToken(), ("Split-Q4",)) if not result.ok]
    assert [result.path.resolve() for result in wrong] == [blob]
    with pytest.raises(ModelError, match="content has changed"):
        shelf.models.get("Split-Q4")


def test_an_adopted_model_talks_at_once(disk: PersonsDisk, shelf: Shelf) -> None:
    disk.fill()
    adopt_all(shelf)
    model = shelf.models.get("small:1b")
    model.path.write_bytes(tiny_model("small", filling=b"x"))
    shelf.models.check_first_use(model, CancelToken())  # its 12 GB are not read before the first answer


ADOPTER = """
import sys
from pathlib import Path
from workbench import migrations
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.events import Bus
from workbench.models.service import ModelService
from workbench.paths import Paths

paths = Paths(Path(sys.argv[1]))
database = Database(paths.database, migrations.workbench, backups=paths.backups)
models = ModelService(paths, database, SystemClock(), Bus())
models.adopt(models.found(CancelToken(), Path(sys.argv[2])))
database.close()
"""


def test_two_processes_adopt_at_once(disk: PersonsDisk, paths: Paths, shelf: Shelf) -> None:
    for name in ("a", "b"):
        put(disk.home / name / f"{name}.gguf", tiny_model(name))
    children = [
        subprocess.Popen([sys.executable, "-c", ADOPTER, str(paths.home), str(disk.home / name)]) for name in ("a", "b")
    ]
    assert [child.wait(60) for child in children] == [0, 0]
    assert [model.id for model in shelf.models.list()] == ["a", "b"]


# Recognising ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("gpt-oss-20b-MXFP4.gguf", "gpt-oss-20b"),
        ("gpt-oss:20b", "gpt-oss-20b"),
        ("openai_gpt-oss-20b-Q4_K_M.gguf", "gpt-oss-20b"),
        ("gpt-oss-20b-MXFP4-Q8", "gpt-oss-20b"),
        ("Qwen3-30B-A3B-Instruct-2507-UD-Q4_K_XL-00001-of-00002.gguf", "qwen3-30b-a3b-instruct-2507"),
        ("hf.co/unsloth/gpt-oss-20b-GGUF:Q4_K_M", "gpt-oss-20b"),
        ("gpt-oss-20b-abliterated-Q4_K_M.gguf", None),
        ("my-gpt-oss-20b.gguf", None),
        ("gpt-oss-200b.gguf", None),
        ("", None),
    ],
)
def test_a_build_is_recognised_by_its_name(name: str, known: str | None) -> None:
    models = [
        replace(catalog.GPT_OSS_20B, id=model) for model in ("gpt-oss-20b", "qwen3-30b-a3b-instruct-2507", "qwen3")
    ]
    model = identify(name, tuple(models))
    assert (model.id if model else None) == known


def test_a_header_with_other_layers_is_another_model(disk: PersonsDisk, shelf: Shelf) -> None:
    keys = [string_key("general.architecture", "gpt-oss"), u32_key("gpt-oss.block_count", 36)]
    disk.lm_studio("a/b/gpt-oss-20b-Q4_0.gguf", gguf(keys, []))
    (one,) = shelf.models.found(CancelToken())
    assert one.catalog_id is None


def test_layers_that_nobody_recorded_refute_nothing(tmp_path: Path) -> None:
    keys = [string_key("general.architecture", "gpt-oss"), u32_key("gpt-oss.block_count", 36)]
    header = read_header(put(tmp_path / "gpt-oss-20b-Q4_0.gguf", gguf(keys, [])))
    known = catalog.GPT_OSS_20B
    assert identify("gpt-oss-20b-Q4_0.gguf", (known,), header) is None
    unread = replace(known, layers=0, cache=())
    assert identify("gpt-oss-20b-Q4_0.gguf", (unread,), header) is unread


def test_an_embedding_model_in_the_models_folder_is_not_chosen(paths: Paths, shelf: Shelf) -> None:
    put(paths.models / "embed.gguf", embedder())
    with pytest.raises(ModelError, match="embedding model"):
        shelf.models.get(None)
