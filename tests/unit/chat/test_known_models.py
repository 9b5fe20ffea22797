"""What is known of a model on this disk: from the catalog, from its template, from what an engine rendered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.workbench import model
from workbench.chat.known_models import known_model
from workbench.engine.effort.traits import Traits
from workbench.messages import Effort
from workbench.models.catalog.file import CatalogStore
from workbench.models.catalog.model import CatalogModel
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
    assert known_model(model(), None, Traits()).efforts == ()  # a template that speaks of none has none
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
