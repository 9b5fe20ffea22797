"""References and the hub's metadata, with the real `huggingface_hub` against a hub on loopback."""

from __future__ import annotations

import gzip
import hashlib
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import http_server as fake
from tests.fakes.hub import COMMIT, LoopbackHub
from workbench.cancel import CancelToken
from workbench.errors import Cancelled, DownloadError, UsageError
from workbench.models.catalog.model import CatalogFile, CatalogModel
from workbench.models.fetching import reference as references
from workbench.models.fetching.hub import Hub, choose_projector
from workbench.models.fetching.transfer import TransientDownloadError

WEIGHTS, SEEING = b"weights" * 1000, b"projector" * 100


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LoopbackHub]:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(tmp_path / "token"))
    with LoopbackHub() as running:
        yield running


def hub(server: LoopbackHub, known: CatalogFile | None = None, *, sees: bool = False, **environment: str) -> Hub:
    def look_up(text: str) -> tuple[CatalogModel, CatalogFile] | None:
        if known is None or text not in ("small", f"{known.repository}/{known.file}"):
            return None
        return replace(MODEL, vision=sees), known

    return Hub({"HF_ENDPOINT": server.url(""), **environment}, look_up)


MODEL = CatalogModel(
    id="small", name="Small 1B", vendor="", family="", licence="MIT", released="", architecture="llama", parameters=1,
    active_parameters=1, layers=1, hidden=None, vocabulary=None, context_length=1, experts=0, experts_used=0, cache=(),
    active_bytes=None, effort="none", effort_values=(), tools=False, vision=False,
)  # fmt: skip


# References -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "repository", "file", "revision"),
    [
        ("o/r/f.gguf", "o/r", "f.gguf", None),
        ("o/r/Q4/f.gguf@main", "o/r", "Q4/f.gguf", "main"),
        (f"unsloth/gpt-oss-20b-GGUF/a.b_c-1.GGUF@{COMMIT}", "unsloth/gpt-oss-20b-GGUF", "a.b_c-1.GGUF", COMMIT),
        ("hf://o/r/f.gguf", "o/r", "f.gguf", None),
        ("o/r/f.gguf@refs/pr/1", "o/r", "f.gguf", "refs/pr/1"),
    ],
)
def test_a_reference_is_understood(text: str, repository: str, file: str, revision: str | None) -> None:
    assert references.parse(text) == references.Reference(repository, file, revision)
    assert references.is_reference(text)


HOSTILE = [
    "../r/f.gguf", "o/../f.gguf", "o/r/../f.gguf", "o/r/a/../../../f.gguf", "o/r//f.gguf", "o/r/./f.gguf", "/o/r/f.gguf",
    "o/r/C:/f.gguf", "o/r/C:f.gguf", "o/r/a\\..\\f.gguf", "o/r/con.gguf", "o/r/NUL/f.gguf", "o/r/com1.x.gguf",
    "o/r/f.gguf.", "o/r/a /f.gguf", "o/r/.hidden.gguf", ".partial/r/f.gguf", "o/.r/f.gguf", "o/r/f\x00.gguf",
    "o/r/~f.gguf", "o/r/f\n.gguf", "o/r/f\u202egguf.gguf", "o/r/f.gguf@../x", "o/r/f.gguf@", "o/r/", "o/r", "o",
    "o/r/f.safetensors", f"o/r/{'x' * 300}.gguf", f"o/{'x' * 300}/f.gguf", "ö/r/f.gguf", "o/r/aux", "CON/r/f.gguf",
    "o/r./f.gguf",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_that_could_leave_the_folder_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        references.parse(text)


@given(st.text(max_size=40), st.text(st.sampled_from("./\\a:~C$ -"), max_size=30))
def test_no_name_leads_out_of_the_folder(repository: str, file: str) -> None:
    folder = Path("/models")
    for name in (f"{file}.gguf", f"{repository}/{file}.gguf", repository):
        try:
            place = references.place(folder, "owner/name", name)
        except UsageError:
            continue
        assert place.resolve().is_relative_to("/models/owner/name")


def test_shards_are_counted() -> None:
    assert references.shards("a/m-00002-of-00003.gguf") == tuple(f"a/m-0000{part}-of-00003.gguf" for part in (1, 2, 3))
    assert references.shards("m.gguf") == ("m.gguf",)
    for impossible in ("m-00000-of-00003.gguf", "m-00004-of-00003.gguf", "m-00001-of-99999.gguf"):
        with pytest.raises(UsageError):
            references.shards(impossible)


@pytest.mark.parametrize(
    ("beside", "chosen"),
    [("m.gguf", "mmproj-F16.gguf"), ("Q4/m.gguf", "Q4/mmproj-model-bf16.gguf"), ("Q8/m.gguf", "mmproj-F16.gguf")],
)
def test_the_projector_beside_the_model(beside: str, chosen: str) -> None:
    paths = [
        "mmproj-F32.gguf",
        "mmproj-F16.gguf",
        "mmproj.txt",
        "Q4/mmproj-model-f32.gguf",
        "Q4/mmproj-model-bf16.gguf",
    ]
    assert choose_projector([*paths, beside], beside) == chosen
    assert choose_projector([beside], beside) == ""


# Metadata -------------------------------------------------------------------------------------------------------------


def test_every_shard_and_the_projector_at_one_commit(server: LoopbackHub) -> None:
    files = {"Q4__m-00001-of-00002": WEIGHTS, "Q4__m-00002-of-00002": b"more", "mmproj-F16": SEEING, "other": b"x"}
    server.add("Some/Model-GGUF", **files)
    found = hub(server).resolve("Some/Model-GGUF/Q4/m-00002-of-00002.gguf", CancelToken())
    assert [file.path for file in found.shards] == ["Q4/m-00001-of-00002.gguf", "Q4/m-00002-of-00002.gguf"]
    assert found.shards[0].sha256 == hashlib.sha256(WEIGHTS).hexdigest()
    assert found.projector is not None
    assert found.projector.path == "mmproj-F16.gguf"
    assert found.bytes == len(WEIGHTS) + 4 + len(SEEING)
    assert (found.commit, found.licence) == (COMMIT, "apache-2.0")
    remote = hub(server, HF_TOKEN="hf_secret").remote(found.shards[0])
    assert remote.url == server.url(f"/Some/Model-GGUF/resolve/{COMMIT}/Q4/m-00001-of-00002.gguf")
    assert remote.credentials is not None
    assert "hf_secret" not in repr(remote)


def test_a_listing_without_sizes_is_completed(server: LoopbackHub) -> None:
    server.add("o/r", m=WEIGHTS).lists_sizes = False
    (shard,) = hub(server).resolve("o/r/m.gguf", CancelToken()).shards
    assert (shard.bytes, shard.sha256) == (len(WEIGHTS), hashlib.sha256(WEIGHTS).hexdigest())


def test_the_token_goes_with_the_questions(server: LoopbackHub, tmp_path: Path) -> None:
    server.add("o/r", m=WEIGHTS)
    hub(server, HF_TOKEN="hf_one").resolve("o/r/m.gguf", CancelToken())
    (tmp_path / "token").write_text("hf_two\n")
    hub(server).resolve("o/r/m.gguf", CancelToken())
    hub(server, HF_HUB_DISABLE_IMPLICIT_TOKEN="1").resolve("o/r/m.gguf", CancelToken())
    asked = [request.headers.get("authorization") for request in server.requests]
    assert asked == ["Bearer hf_one", "Bearer hf_two", None]


def test_offline_asks_nothing(server: LoopbackHub) -> None:
    with pytest.raises(DownloadError, match="HF_HUB_OFFLINE is set"):
        hub(server, HF_HUB_OFFLINE="1").resolve("o/r/m.gguf", CancelToken())
    assert server.requests == []


# The catalog's pins ---------------------------------------------------------------------------------------------------


def pinned(**changes: object) -> CatalogFile:
    sha256 = hashlib.sha256(WEIGHTS).hexdigest()
    values: Mapping[str, object] = {"bytes": len(WEIGHTS), "sha256": sha256, "quantization": "Q4", **changes}
    return CatalogFile(repository="o/r", file="m.gguf", **values)  # type: ignore[arg-type]


def test_a_catalog_id_means_its_file(server: LoopbackHub) -> None:
    server.add("o/r", m=WEIGHTS, mmproj=SEEING, other=b"")
    found = hub(server, pinned(revision=COMMIT, projector="mmproj.gguf")).resolve("small", CancelToken())
    assert (found.catalog_id, found.title, found.licence) == ("small", "Small 1B", "MIT")
    assert found.projector is not None
    assert server.requests[0].path.startswith(f"/api/models/o/r/revision/{COMMIT}")
    without = hub(server, pinned()).resolve("o/r/m.gguf", CancelToken())
    assert (without.catalog_id, without.projector) == ("small", None)


def test_a_model_that_sees_gets_the_projector_that_lies_beside_it(server: LoopbackHub) -> None:
    """The catalog does not know the names of all; of a model that does not see none is taken."""
    server.add("o/r", m=WEIGHTS, **{"mmproj-BF16": SEEING, "mmproj-F16": SEEING})
    found = hub(server, pinned(), sees=True).resolve("small", CancelToken())
    assert found.projector is not None
    assert found.projector.path == "mmproj-F16.gguf"
    named = hub(server, pinned(projector="mmproj-BF16.gguf"), sees=True).resolve("small", CancelToken())
    assert named.projector is not None
    assert named.projector.path == "mmproj-BF16.gguf"
    assert hub(server, pinned()).resolve("small", CancelToken()).projector is None


def test_a_replaced_file_is_told_and_only_fetched_when_asked_for(server: LoopbackHub) -> None:
    server.add("o/r", m=b"something else")
    with pytest.raises(DownloadError, match=r"has replaced m\.gguf") as caught:
        hub(server, pinned()).resolve("small", CancelToken())
    assert f"pull o/r/m.gguf@{COMMIT}" in caught.value.hint
    found = hub(server, pinned()).resolve(f"o/r/m.gguf@{COMMIT}", CancelToken())
    assert found.shards[0].sha256 == hashlib.sha256(b"something else").hexdigest()


def test_the_catalogs_hash_stands_in_where_the_hub_has_none(server: LoopbackHub) -> None:
    server.add("o/r", m=WEIGHTS).has_hashes = False
    assert hub(server).resolve("o/r/m.gguf", CancelToken()).shards[0].sha256 is None
    assert hub(server, pinned()).resolve("small", CancelToken()).shards[0].sha256 == pinned().sha256


# What goes wrong ------------------------------------------------------------------------------------------------------

API = "/api/models/o/r"
BAD = [
    ("no repository", None, "has no repository o/r", "HF_TOKEN"),
    ("gated", fake.status(403, X_Error_Code="GatedRepo"), "its publisher lets in", "Accept its conditions at"),
    ("unauthorised", fake.status(401), "its publisher lets in", "HF_TOKEN"),
    ("no commit", fake.status(404, X_Error_Code="RevisionNotFound"), "no commit or branch", ""),
    ("busy", fake.status(429, Retry_After="90"), "is busy (status 429) and asks to wait 90 seconds", ""),
    ("broken", fake.status(503), "is busy (status 503)", ""),
    ("web page", fake.web_page, "sent an answer that is not a hub's", "HF_ENDPOINT"),
    ("no object", lambda exchange: exchange.send(200, {}, b"[]"), "sent an answer that is not a hub's", ""),
    ("odd object", lambda exchange: exchange.send(200, {}, b'{"id": "x", "siblings": 5}'), "is not a hub's", ""),
    ("nested", lambda exchange: exchange.send(200, {}, b'{"id":' + b"[" * 100_000), "is not a hub's", ""),
    ("packed", lambda exchange: exchange.send(200, {"Content-Encoding": "gzip"}, gzip.compress(b"{}")), "not a hub's", ""),
    ("cut", lambda exchange: exchange.head(200, {"Content-Length": "9"}), "broke off", ""),
    ("circle", fake.redirect(API), "is not a hub's", ""),
]  # fmt: skip


@pytest.mark.parametrize(("reply", "message", "hint"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD])
def test_every_refusal_is_one_sentence(server: LoopbackHub, reply: fake.Reply | None, message: str, hint: str) -> None:
    if reply:
        server.script(API, reply)
    with pytest.raises(DownloadError) as caught:
        hub(server).resolve("o/r/m.gguf", CancelToken())
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_an_answer_without_end_is_not_taken_into_memory(server: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    server.script(API, lambda exchange: exchange.send(200, {}, b'{"id": "' + b"x" * 100_000 + b'"}'))
    monkeypatch.setattr("workbench.models.fetching.hub_session.MOST_BYTES", 50_000)
    with pytest.raises(TransientDownloadError, match="not a hub's") as caught:
        hub(server).resolve("o/r/m.gguf", CancelToken())
    assert "longer than 50000 bytes" in caught.value.detail


@pytest.mark.parametrize(
    ("told", "commit"),
    [("2" * 40, "2" * 40), ("../../etc", "main"), ("\x1b[31m", "main"), (None, "main"), ([1], "main")],
)
def test_a_commit_that_is_no_hash_is_not_believed(server: LoopbackHub, told: object, commit: str) -> None:
    listing = {"id": "o/r", "sha": told, "siblings": [{"rfilename": "m.gguf", "size": 5}]}
    server.script(API, lambda exchange: exchange.send(200, {}, json.dumps(listing).encode()))
    assert hub(server).list_files("o/r", None, CancelToken()).commit == commit


def test_a_file_that_is_not_there_is_told_with_the_nearest(server: LoopbackHub) -> None:
    server.add("o/r", **{"model-Q4_K_M": WEIGHTS})
    with pytest.raises(DownloadError, match=r"has no file model-Q4_K_S\.gguf") as caught:
        hub(server).resolve("o/r/model-Q4_K_S.gguf", CancelToken())
    assert "model-Q4_K_M.gguf" in caught.value.hint


@pytest.mark.parametrize("size", ["many", -1, None, 1.5, [], {}])
def test_a_size_that_is_none_is_not_believed(server: LoopbackHub, size: object) -> None:
    listing = {"id": "o/r", "sha": COMMIT, "siblings": [{"rfilename": "m.gguf", "size": size}, {"rfilename": 5}]}
    server.script(API, lambda exchange: exchange.send(200, {}, json.dumps(listing).encode()))
    with pytest.raises(DownloadError, match="has no repository"):  # which is asked for what the listing does not tell
        hub(server).resolve("o/r/m.gguf", CancelToken())


def test_an_unknown_word_is_no_model(server: LoopbackHub) -> None:
    with pytest.raises(UsageError, match="no model 'large' to fetch"):
        hub(server).resolve("large", CancelToken())


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(TransientDownloadError, match="refuses connections"):
        Hub({"HF_ENDPOINT": f"http://127.0.0.1:{port}", "HF_TOKEN": "x"}).resolve("o/r/m.gguf", CancelToken())


def test_a_silent_hub_is_left_at_once_when_cancelled_and_after_a_while_by_itself(
    server: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script(API, fake.silence)
    cancel = CancelToken()
    timer = threading.Timer(0.1, cancel.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        hub(server).resolve("o/r/m.gguf", cancel)
    timer.join()
    monkeypatch.setattr("workbench.models.fetching.hub_session.CALL_SECONDS", 0.1)
    with pytest.raises(TransientDownloadError, match="took too long"):
        hub(server).resolve("o/r/m.gguf", CancelToken())
