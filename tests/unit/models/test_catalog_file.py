"""The catalog: ours is whole and sound; the person's file extends it, and one bad entry hides nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.errors import StorageError, UsageError
from workbench.models.catalog.entry import as_entry
from workbench.models.catalog.file import CatalogStore, find, read_catalog, require
from workbench.paths import Paths, asset

OWN_MODEL: dict[str, Any] = {
    "id": "me/tiny",
    "name": "Tiny",
    "architecture": "llama",
    "parameters": 1_000_000_000,
    "context_length": 8192,
    "layers": 16,
    "cache": [{"kind": "full", "layers": 16, "kv_heads": 8, "key_length": 64, "value_length": 64}],
    "files": [
        {"repository": "me/tiny-GGUF", "file": "tiny-Q4_K_M.gguf", "quantization": "Q4_K_M", "bytes": 700_000_000}
    ],
}


@pytest.fixture
def store(tmp_path: Path) -> CatalogStore:
    return CatalogStore(Paths(tmp_path))


def put(store: CatalogStore, *entries: Any) -> Path:
    store._own.write_text(json.dumps({"schema": 1, "models": list(entries)}), "utf-8")
    return store._own


# Ours -----------------------------------------------------------------------------------------------------------------


def test_ours_reads_without_a_remark(store: CatalogStore) -> None:
    assert store.notices() == ()
    assert len(store.models()) == 30
    assert len({model.id for model in store.models()}) == 30


def test_every_build_can_be_asked_for_and_is_told_apart(store: CatalogStore) -> None:
    references = [file.reference for model in store.models() for file in model.files]
    assert len(references) == len(set(references))
    for model in store.models():
        for file in model.files:
            assert find(store.models(), file.reference) == (model, file)
            assert file.bytes is None or file.about_bytes is None
            assert len(file.shard_sha256) in (0, len(file.shards))
            assert file.shards[0] == file.file


def test_superseded_and_placeholder_names_are_left_out(store: CatalogStore) -> None:
    names = {file.file for model in store.models() for file in model.files}
    assert "gpt-oss-20b-MXFP4.gguf" in names
    assert not any("mxfp4" in name or "…" in name or "{" in name for name in names)


def test_the_sum_of_the_caches_is_what_the_engine_showed(store: CatalogStore) -> None:
    """Cells of 8,192 tokens at f16, as llama-server printed them: 210 MiB for gpt-oss 20B, 768 for Qwen3 30B."""
    from workbench.models.sizing.estimate import Request
    from workbench.models.sizing.memory import cache_bytes
    from workbench.models.sizing.shapes import from_catalog

    for model_id, mebibytes in (("gpt-oss-20b", 210), ("qwen3-30b-a3b-instruct-2507", 768), ("gemma-4-26b-a4b", 460)):
        model = require(store.models(), model_id)
        assert round(cache_bytes(from_catalog(model, model.files[0]), Request(8192)) / 2**20) == mebibytes


def test_only_one_shape_is_unknown(store: CatalogStore) -> None:
    assert [model.id for model in store.models() if not model.shape_known] == ["gemma-4-12b"]


def test_figures_say_at_which_effort_by_whom_and_when(store: CatalogStore) -> None:
    for model in store.models():
        for score in model.scores:
            assert score.source
            assert score.date
            assert score.effort in (*model.effort_values, "default")
        assert model.default_effort in model.effort_values


def test_vision_builds_carry_their_projector(store: CatalogStore) -> None:
    gemma = require(store.models(), "gemma-4-26b-a4b")
    file = gemma.files[0]
    assert (file.projector, file.projector_bytes) == ("mmproj-BF16.gguf", 1_194_828_256)  # the one whose hash is known
    assert file.projector_sha256


def test_builds_that_name_no_projector_count_the_largest_of_the_others(store: CatalogStore) -> None:
    sees = [model for model in store.models() if model.vision and any(file.projector_bytes for file in model.files)]
    assert sees
    for model in sees:
        assert all(file.projector_bytes for file in model.files), model.id
    gemma = require(store.models(), "gemma-4-26b-a4b")
    assert {file.projector_bytes for file in gemma.files if not file.projector} == {1_194_828_256}
    blind = [file for model in store.models() if not model.vision for file in model.files]
    assert not any(file.projector_bytes for file in blind)


# The person's ---------------------------------------------------------------------------------------------------------


def test_the_person_adds_a_model(store: CatalogStore) -> None:
    put(store, OWN_MODEL)
    model = store.models()[-1]
    assert (model.id, model.user_added, model.files[0].reference) == ("me/tiny", True, "me/tiny-GGUF/tiny-Q4_K_M.gguf")
    assert store.notices() == ()


def test_a_later_entry_of_the_person_changes_an_earlier_one(store: CatalogStore) -> None:
    put(store, OWN_MODEL, {"id": "me/tiny", "name": "Tinier"})
    assert [(model.name, model.user_added) for model in store.models()[30:]] == [("Tinier", True)]


def test_the_person_changes_only_what_they_name(store: CatalogStore) -> None:
    before = require(store.models(), "gpt-oss-20b")
    put(store, {"id": "gpt-oss-20b", "doubt": "I do not like it."})
    after = require(store.models(), "gpt-oss-20b")
    assert after == replace(before, doubt="I do not like it.")
    assert len(store.models()) == 30


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"parameters": "many"}, "models[0].parameters"),
        ({"parameters": -1}, "models[0].parameters"),
        ({"parameters": True}, "models[0].parameters"),
        ({"layers": 10**9}, "models[0].layers"),
        ({"thoughts": -1}, "models[0].thoughts"),
        ({"thoughts": float("nan")}, "models[0].thoughts"),
        ({"name": 7}, "models[0].name"),
        ({"id": None}, "models[0].id"),
        ({"files": []}, "models[0].files"),
        ({"files": [{**OWN_MODEL["files"][0], "bytes": 0}]}, "models[0].files[0].bytes"),
        ({"files": [{**OWN_MODEL["files"][0], "file": "../../etc/passwd"}]}, "models[0].files[0].file"),
        ({"files": [{**OWN_MODEL["files"][0], "file": "C:evil.gguf"}]}, "models[0].files[0].file"),
        ({"files": [{**OWN_MODEL["files"][0], "repository": "alone"}]}, "models[0].files[0].repository"),
        ({"files": [{**OWN_MODEL["files"][0], "sha256": "abc"}]}, "models[0].files[0].sha256"),
        ({"cache": [{"kind": "mystery", "layers": 1}]}, "models[0].cache[0].kind"),
        ({"effort": "telepathy"}, "models[0].effort"),
        ({"default_effort": "high"}, "models[0].default_effort"),
        (
            {"scores": [{"benchmark": "X", "value": "good", "effort": "none", "source": "me"}]},
            "models[0].scores[0].value",
        ),
        ({"sampling": {"temperature": "hot"}}, "models[0].sampling.temperature"),
        ({"sampling_when": {"none": {"top_p": "all"}}}, "models[0].sampling_when.none.top_p"),
        ({"sampling_when": {"sometimes": {}}}, "models[0].sampling_when.sometimes"),
        ({"experts": 4, "experts_used": 8}, "models[0].experts_used"),
        ({"vision": "yes"}, "models[0].vision"),
    ],
)
def test_a_bad_entry_is_told_with_file_and_key_and_left_out(
    store: CatalogStore, change: dict[str, Any], key: str
) -> None:
    path = put(store, {**OWN_MODEL, **change}, {**OWN_MODEL, "id": "me/good"})
    assert [model.id for model in store.models()[30:]] == ["me/good"]
    [notice] = store.notices()
    assert (notice.file, notice.key) == (path, key)
    assert str(path) in str(notice)


def test_a_bad_change_leaves_ours_as_it_was(store: CatalogStore) -> None:
    before = require(store.models(), "gpt-oss-20b")
    put(store, {"id": "gpt-oss-20b", "layers": "all"})
    assert require(store.models(), "gpt-oss-20b") == before
    assert [notice.key for notice in store.notices()] == ["models[0].layers"]


ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(OWN_MODEL)), inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*OWN_MODEL, "scores", "sampling", "sampling_when", "thoughts"]), ANY_VALUE))
@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_an_entry_says_it_is_read_or_told(tmp_path: Path, change: dict[str, Any]) -> None:
    shipped, own = tmp_path / "shipped.json", tmp_path / "own.json"
    shipped.write_text(json.dumps({"models": [OWN_MODEL]}), "utf-8")
    own.write_text(json.dumps({"models": [{**OWN_MODEL, "id": "me/other", **change}]}), "utf-8")
    models, notices = read_catalog(shipped, own)
    assert models
    assert models[0].id == "me/tiny"
    assert len(models) == 2 or notices or models[0].id == change.get("id")


def test_an_unknown_key_is_told_and_the_model_kept(store: CatalogStore) -> None:
    put(store, {**OWN_MODEL, "licens": "MIT"})
    assert store.models()[-1].id == "me/tiny"
    assert [notice.key for notice in store.notices()] == ["models[0].licens"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"models": 3}', '{"schema": 9, "models": []}', "\x00", "[" * 100_000])
def test_a_file_that_is_no_catalog_is_told_and_ours_stays(store: CatalogStore, text: str) -> None:
    store._own.write_text(text, "utf-8")
    assert len(store.models()) == 30
    assert len(store.notices()) == 1
    with pytest.raises(StorageError) as told:
        store.add(store.models()[0])
    assert str(store._own) in told.value.message
    assert store._own.read_text("utf-8") == text


def test_what_is_added_is_read_back_and_can_be_taken_out(store: CatalogStore) -> None:
    added = replace(require(store.models(), "qwen3.5-122b-a10b"), id="me/copy", user_added=True)
    store.add(added)
    store.add(added)
    assert store.models()[30:] == (added,)
    assert store.remove("me/copy")
    assert not store.remove("me/copy")
    assert len(store.models()) == 30


def test_every_model_of_ours_survives_being_written(store: CatalogStore, tmp_path: Path) -> None:
    copy = tmp_path / "copy.json"
    copy.write_text(json.dumps({"schema": 1, "models": [as_entry(model) for model in store.models()]}), "utf-8")
    models, notices = read_catalog(copy, tmp_path / "absent.json")
    assert notices == ()
    assert models == store.models()


def test_other_entries_of_the_persons_file_stay_as_they_are(store: CatalogStore) -> None:
    path = put(store, {**OWN_MODEL, "note_to_myself": "keep"}, {"id": "broken"})
    store.add(replace(require(store.models(), "gpt-oss-20b"), id="me/other"))
    kept = json.loads(path.read_text("utf-8"))["models"]
    assert kept[:2] == [{**OWN_MODEL, "note_to_myself": "keep"}, {"id": "broken"}]


def test_an_unknown_id_is_told_with_the_nearest(store: CatalogStore) -> None:
    with pytest.raises(UsageError) as told:
        require(store.models(), "gpt-oss-20")
    assert "gpt-oss-20b" in told.value.hint


def test_the_shipped_file_is_an_asset() -> None:
    assert asset("catalog.json").is_file()


@pytest.mark.parametrize(
    ("model_id", "effort", "tools", "temperature"),
    [
        ("qwen3.5-35b-a3b", "", False, 1.0),  # it thinks by itself
        ("qwen3.5-35b-a3b", "on", False, 1.0),
        ("qwen3.5-35b-a3b", "none", False, 0.7),
        ("qwen3-235b-a22b-2507", "", False, 0.7),
        ("qwen3-235b-a22b-2507", "on", False, 0.6),
        ("glm-4.7-flash", "on", True, 0.7),
        ("gpt-oss-20b", "high", True, 1.0),
    ],
)
def test_what_a_publisher_recommends_goes_by_the_effort(
    store: CatalogStore, model_id: str, effort: str, tools: bool, temperature: float
) -> None:
    model = next(one for one in store.models() if one.id == model_id)
    assert model.sampling_for(effort, tools=tools)["temperature"] == temperature
