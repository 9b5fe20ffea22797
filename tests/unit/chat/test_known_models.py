"""What is known of a model on this disk: from the catalog, from its template, from what an engine rendered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.models import model
from workbench import migrations
from workbench.chat.asking.known_models import KnownModels, known_model
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.engine.effort.service import TraitsService
from workbench.engine.effort.traits import Traits
from workbench.engine.remote.address import parse
from workbench.engine.remote.server import Capabilities, RemoteModel, Server
from workbench.errors import ModelError
from workbench.events import Bus
from workbench.messages import Effort
from workbench.models.catalog.file import CatalogStore
from workbench.models.catalog.model import CatalogModel
from workbench.models.library import InstalledModel
from workbench.paths import Paths

OFF, LOW, MEDIUM, HIGH, ON = Effort


@pytest.fixture
def catalog(tmp_path: Path) -> dict[str, CatalogModel]:
    return {one.id: one for one in CatalogStore(Paths(tmp_path)).models()}


def test_a_model_that_nobody_knows() -> None:
    known = known_model(model(), None, None)
    assert (known.key, known.efforts, known.publisher, known.publisher_effort) == ("fake-1b", None, {}, None)


def test_efforts_that_were_only_promised_refuse_nothing() -> None:
    assert known_model(model(), None, Traits((OFF, ON), None, thinks=True)).efforts is None
    assert known_model(model(), None, Traits(thinks=True)).efforts is None  # in words that nobody knows yet
    assert known_model(model(), None, Traits()).efforts == ()  # a template that speaks of no thinking has none
    assert known_model(model(), None, Traits((LOW, HIGH), LOW, thinks=True, build="b1")).efforts == (LOW, HIGH)


def test_a_publisher_recommends_by_effort(catalog: dict[str, CatalogModel]) -> None:
    known = known_model(model(), catalog["qwen3.5-35b-a3b"], Traits((OFF, ON), ON, thinks=True, build="b1"))
    assert known.publisher_effort is ON
    assert known.publisher[OFF]["temperature"] == 0.7
    assert known.publisher[ON]["temperature"] == known.publisher[None]["temperature"] == 1.0


@pytest.mark.parametrize(("half", "temperature"), [("none", 0.7), ("on", 0.6)])
def test_half_of_a_model_in_two_files(catalog: dict[str, CatalogModel], half: str, temperature: float) -> None:
    entry = catalog["qwen3-235b-a22b-2507"]
    file = replace(entry.files[0], file="half.gguf", shards=("half.gguf",), effort=half)
    one = replace(model(), path=Path("/models/half.gguf"))
    known = known_model(one, replace(entry, files=(file,)), Traits())
    assert known.publisher == {None: entry.sampling_for(half)}
    assert known.publisher[None]["temperature"] == temperature


def test_a_model_of_another_machine(tmp_path: Path) -> None:
    """Its efforts were seen there; what its own machine does by itself is not ours to change."""
    server = Server(
        "1",
        "studio",
        parse("http://192.168.1.9:8080"),
        mine=True,
        has_key=False,
        capabilities=Capabilities(),
        consented_at=0.0,
    )
    remote = RemoteModel("gpt-oss", "gpt-oss", efforts=(LOW, HIGH))

    def match(name: str) -> tuple[Server, RemoteModel] | None:
        return (server, remote) if name == "gpt-oss@studio" else None

    def get(name: str | None) -> InstalledModel:
        if name != "fake-1b":
            raise ModelError(f"There is no model {name}.")
        return model()

    database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path / "backups")
    traits = TraitsService(database, SystemClock(), Bus())
    known = KnownModels(get, CatalogStore(Paths(tmp_path)).models, traits, match)
    found = known("gpt-oss@studio")
    assert (found.key, found.efforts, found.publisher) == ("gpt-oss@studio", (LOW, HIGH), {})
    assert known("fake-1b").key == "fake-1b"
    with pytest.raises(ModelError):
        known("gpt-oss@elsewhere")
    database.close()
