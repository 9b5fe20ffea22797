"""Who decides how a turn is run: the question, the settings, the choice for the model, its publisher, the engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from workbench import migrations
from workbench.chat.asking.model_options import ModelOptionsService, as_json, changed, from_json, turn_options
from workbench.chat.asking.options import Options
from workbench.chat.asking.resolve import KnownModel, ModelOptions, Resolved, Source, resolve
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import UsageError
from workbench.events import Bus
from workbench.messages import Effort, Sampling
from workbench.ports import BackendInfo

OFF, LOW, MEDIUM, HIGH, ON = Effort
QUESTION, SETTINGS, OWN, PUBLISHER, ENGINE = Source

PUBLISHED: Mapping[Effort | None, Mapping[str, float]] = {
    None: {"temperature": 1.0, "top_k": 20, "note": 3.0},
    ON: {"temperature": 1.0, "top_k": 20},
    OFF: {"temperature": 0.7, "presence_penalty": 1.5},
}
SWITCH = KnownModel("qwen", "Qwen", (OFF, ON), ON, PUBLISHED, ON)
LEVELS = KnownModel("gpt-oss", "gpt-oss", (LOW, MEDIUM, HIGH), MEDIUM, {None: {"temperature": 1.0}}, MEDIUM)
PLAIN = KnownModel("smol", "Smol", (), None, limits_reasoning=False)
UNKNOWN = KnownModel("new", "New", None, None)


def told(resolved: Resolved, name: str) -> tuple[object, Source]:
    return next((value.value, value.source) for value in resolved.values if value.name == name)


def warm(temperature: float) -> Sampling:
    return Sampling(temperature=temperature)


@pytest.mark.parametrize(
    ("asked", "defaults", "own", "value", "source"),
    [
        (Sampling(), Sampling(), Sampling(), 1.0, PUBLISHER),
        (Sampling(), Sampling(), warm(0.3), 0.3, OWN),
        (Sampling(), warm(0.2), warm(0.3), 0.2, SETTINGS),
        (warm(0.1), warm(0.2), warm(0.3), 0.1, QUESTION),
        (warm(0.0), Sampling(), warm(0.3), 0.0, QUESTION),  # nothing random is a choice too
    ],
)
def test_the_nearest_word_counts(
    asked: Sampling, defaults: Sampling, own: Sampling, value: float, source: Source
) -> None:
    found = resolve(Options(sampling=asked), Options(sampling=defaults), ModelOptions(own), SWITCH)
    assert told(found, "temperature") == (value, source)
    assert found.options.sampling.temperature == value


def test_what_nobody_says_is_left_to_the_engine() -> None:
    found = resolve(Options(), Options(), ModelOptions(), PLAIN)
    assert found.options == Options()
    assert {value.source for value in found.values} == {ENGINE}


@pytest.mark.parametrize(
    ("known", "asked", "own", "effort", "source"),
    [
        (SWITCH, None, None, ON, PUBLISHER),
        (SWITCH, None, OFF, OFF, OWN),
        (SWITCH, ON, OFF, ON, QUESTION),
        (SWITCH, None, HIGH, ON, PUBLISHER),  # kept when the file was another one
        (LEVELS, HIGH, LOW, HIGH, QUESTION),
        (replace(LEVELS, publisher_effort=None), None, None, None, ENGINE),
        (replace(SWITCH, publisher_effort=OFF), None, None, OFF, PUBLISHER),  # the engine would switch it on
        (PLAIN, None, HIGH, None, ENGINE),
        (UNKNOWN, HIGH, None, HIGH, QUESTION),  # the backend will tell
        (UNKNOWN, None, HIGH, None, ENGINE),
    ],
)
def test_whose_effort(
    known: KnownModel, asked: Effort | None, own: Effort | None, effort: Effort | None, source: Source
) -> None:
    found = resolve(Options(effort=asked), Options(), ModelOptions(effort=own), known)
    assert found.options.effort == effort
    shown = effort or known.default_effort
    assert told(found, "effort") == (shown.value if shown else None, source)


@pytest.mark.parametrize(
    ("known", "asked", "names"), [(SWITCH, HIGH, "off and on"), (LEVELS, OFF, "low, medium and high")]
)
def test_an_unknown_effort_is_refused_with_those_that_are_known(known: KnownModel, asked: Effort, names: str) -> None:
    with pytest.raises(UsageError) as refused:
        resolve(Options(effort=asked), Options(), ModelOptions(), known)
    assert names in refused.value.hint


def test_a_model_without_efforts_says_so() -> None:
    with pytest.raises(UsageError, match="Smol has no choice of effort"):
        resolve(Options(effort=LOW), Options(), ModelOptions(), PLAIN)


@pytest.mark.parametrize(
    ("effort", "sampling"),
    [
        (None, Sampling(temperature=1.0, top_k=20)),
        (ON, Sampling(temperature=1.0, top_k=20)),
        (OFF, Sampling(temperature=0.7, presence_penalty=1.5)),
    ],
)
def test_a_publisher_samples_as_the_effort_is(effort: Effort | None, sampling: Sampling) -> None:
    assert resolve(Options(effort=effort), Options(), ModelOptions(), SWITCH).options.sampling == sampling


def test_a_limit_of_thoughts_is_not_kept_for_a_model_that_does_not_think() -> None:
    own = ModelOptions(reasoning_tokens=200)
    assert resolve(Options(), Options(), own, SWITCH).options.reasoning_tokens == 200
    assert resolve(Options(), Options(), own, PLAIN).options.reasoning_tokens is None
    assert resolve(Options(reasoning_tokens=7), Options(), own, SWITCH).options.reasoning_tokens == 7


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("temperature", "0.7", ModelOptions(Sampling(temperature=0.7))),
        ("temperature", 0, ModelOptions(Sampling(temperature=0.0))),
        ("top_k", "40", ModelOptions(Sampling(top_k=40))),
        ("seed", "7", ModelOptions(Sampling(seed=7))),
        ("effort", "high", ModelOptions(effort=HIGH)),
        ("reasoning_tokens", "300", ModelOptions(reasoning_tokens=300)),
        ("reasoning_tokens", None, ModelOptions()),
    ],
)
def test_one_value_is_changed(key: str, value: str | float | None, expected: ModelOptions) -> None:
    assert changed(ModelOptions(), key, value) == expected
    assert from_json(as_json(expected)) == expected


def test_no_value_takes_one_back() -> None:
    both = ModelOptions(Sampling(temperature=0.5, top_k=3), HIGH)
    assert changed(both, "temperature", None) == ModelOptions(Sampling(top_k=3), HIGH)
    assert changed(both, "effort", None) == ModelOptions(Sampling(temperature=0.5, top_k=3))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("temperature", "hot"),
        ("temperature", "-1"),
        ("temperature", "nan"),
        ("temperature", "inf"),
        ("top_p", "1.1"),
        ("top_k", "2.5"),
        ("seed", "-1"),
        ("seed", str(2**32 - 1)),
        ("reasoning_tokens", "0"),  # engines differ in what no thought at all looks like: that is the effort off
        ("effort", "enormous"),
        ("warmth", "1"),
    ],
)
def test_a_bad_value_is_refused(key: str, value: str) -> None:
    with pytest.raises(UsageError):
        changed(ModelOptions(), key, value)


def test_what_an_answer_remembers() -> None:
    options = Options("m", "secret words", 100, Sampling(temperature=0.5), HIGH, 20, {"type": "object"})
    assert turn_options(options) == {
        "effort": "high", "reasoning_tokens": 20, "temperature": 0.5, "max_tokens": 100, "schema": True,
    }  # fmt: skip
    assert turn_options(Options()) == {}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ModelOptionsService]:
    database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path / "backups")
    known = {"": SWITCH, "qwen": SWITCH, "gpt-oss": LEVELS, "new": UNKNOWN}
    yield ModelOptionsService(database, SystemClock(), Bus(), lambda name: known[name])
    database.close()


def test_choices_are_kept_for_each_model(service: ModelOptionsService) -> None:
    service.change("qwen", {"effort": "off", "temperature": "0.4"})
    service.change("qwen", {"seed": 3})
    assert service.own("qwen") == service.own("") == ModelOptions(Sampling(temperature=0.4, seed=3), OFF)
    assert service.own("gpt-oss") == ModelOptions()
    assert service.complete(Options(), Options()).effort is OFF
    service.reset("qwen")
    assert service.own("qwen") == ModelOptions()


def test_nothing_is_kept_of_a_change_with_a_bad_value(service: ModelOptionsService) -> None:
    with pytest.raises(UsageError):
        service.change("qwen", {"temperature": "0.4", "effort": "high"})
    assert service.own("qwen") == ModelOptions()


def test_the_backend_knows_best(service: ModelOptionsService) -> None:
    """What was promised by a template's text, or seen of another build, gives way to what this engine rendered."""
    service.change("new", {"effort": "high"})
    info = BackendInfo("engine", "New", local=True, context_tokens=100, efforts=(LOW, HIGH), limits_reasoning=True)
    assert service.complete(Options("new"), Options()).effort is None
    assert service.complete(Options("new"), Options(), info).effort is HIGH
    with pytest.raises(UsageError):
        service.complete(Options("new", effort=LOW), Options(), replace(info, efforts=()))


def test_where_each_value_comes_from(service: ModelOptionsService) -> None:
    service.change("qwen", {"top_k": 5})
    found = service.explain("qwen")
    assert told(found, "top_k") == (5, OWN)
    assert told(found, "temperature") == (1.0, PUBLISHER)
    assert told(found, "min_p") == (None, ENGINE)
