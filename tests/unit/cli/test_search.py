"""`workbench search`, over a real index."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.unit.documents.shelf import Shelf, ToldVectors
from workbench.app import Workbench
from workbench.cli import output
from workbench.cli.main import parser
from workbench.documents.retrieval.opening import open_words
from workbench.documents.retrieval.search import Search
from workbench.errors import UsageError

Run = Callable[..., tuple[str, str]]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    made.put("papers/lease.txt", "The tenant may end the lease.", "Notice is three months.", modified=1_000.0)
    made.put("sea.md", "The deep sea is dark.\x1b[31m", folder="b", media_type="text/markdown", title="The sea")
    made.put_unread("scan.pdf", "failed", "The file is damaged.")
    yield made
    made.database.close()


@pytest.fixture
def run(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    words = open_words(shelf.home / "index-words", shelf.store)
    search = Search(shelf.store, words, ToldVectors(), lambda _text: [1.0], lambda: shelf.collections)

    def state(name: str) -> Any:
        for one in shelf.collections.values():
            if name in (one.id, one.name):
                return SimpleNamespace(collection=one)
        raise UsageError(f"No folder {name!r} is attached.")

    documents = SimpleNamespace(search=search.find, explain=search.explain, state=state)
    workbench = cast(Workbench, SimpleNamespace(documents=documents))

    def run(*arguments: str) -> tuple[str, str]:
        parsed = parser().parse_args(["search", *arguments])
        assert parsed.run(parsed, workbench) == output.OK
        told = capsys.readouterr()
        return told.out, told.err

    yield run
    search.close()


def test_hits_have_the_keys_that_scripts_rely_on(shelf: Shelf, run: Run) -> None:
    out, err = run("tenant", "ends", "--json")
    (hit,) = json.loads(out)
    assert hit["path"] == str(shelf.home / "a" / "papers" / "lease.txt")
    assert (hit["page"], hit["start"], hit["end"], hit["text"]) == (None, 0, 29, "The tenant may end the lease.")
    assert hit["folder"] == "Folder a"
    assert hit["score"] > 0
    assert set(hit["methods"]) == {"words"}
    assert "found by their words only so far" in err


def test_options_narrow(run: Run) -> None:
    def names(*arguments: str) -> list[str]:
        return [Path(hit["path"]).name for hit in json.loads(run("lease sea months", *arguments, "--json")[0])]

    assert sorted(set(names())) == ["lease.txt", "sea.md"]
    assert names("--folder", "Folder b") == ["sea.md"]
    assert names("--type", "markdown") == names("--type", ".md") == names("--type", "text/markdown") == ["sea.md"]
    assert set(names("--path", "papers/")) == {"lease.txt"}
    assert names("--before", "1970-01-02", "--type", "md") == ["sea.md"]
    assert names("--after", "2020") == []
    assert len(names("--limit", "1")) == 1
    assert sorted(names("--per-file", "1")) == ["lease.txt", "sea.md"]


def test_what_a_person_reads(run: Run) -> None:
    out, err = run("sea")
    assert out == "Folder b/sea.md\n    The deep sea is dark.[31m\n"
    assert err.startswith("1 passage shown, of 1 file.\n")
    out, err = run("zorkwobble")
    assert out == ""
    assert "`workbench search --why QUERY` tells why" in err


def test_why(run: Run) -> None:
    out, _err = run("lease of zorkwobbles", "--why")
    assert "In no file: zorkwobbles" in out
    assert "1 file of Folder a: could not be read: The file is damaged." in out
    found = json.loads(run("lease of zorkwobbles", "--why", "--json", "--folder", "a")[0])
    assert found["unknown_words"] == ["zorkwobbles"]
    assert [Path(hit["path"]).name for hit in found["by_method"]["words"]] == ["lease.txt"]
    assert found["not_searched"][0]["status"] == "failed"
    assert found["wider"]["everywhere"]


@pytest.mark.parametrize("arguments", [("x", "--folder", "no"), ("x", "--type", "zzz"), ("x", "--after", "soon")])
def test_what_is_not_known_is_told(run: Run, arguments: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        run(*arguments)
