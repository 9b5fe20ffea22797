"""The facade over a real database and providers on loopback: off means off, keys stay at their origin, lists are kept."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.cloud_servers import KEY, CloudServer, faults
from tests.fakes.secrets import KEYCHAIN_AWAY, FakeSecrets
from workbench import migrations, settings
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.cloud.asking import CloudError, NextStep
from workbench.cloud.listing.rows import Row
from workbench.cloud.protocols.anthropic import VERSION
from workbench.cloud.provider import CloudModel, Dialect, Price, Provider, Rung
from workbench.cloud.service import CloudService
from workbench.cloud.store import CloudStore
from workbench.db import Database
from workbench.errors import Cancelled, RefusedError, UsageError
from workbench.events import Bus, Topic
from workbench.secrets import KeychainError, SystemSecrets
from workbench.settings import Settings

NOON = 1_795_435_200.0  # 2026-11-23, 12:00 UTC
NOBODY = Provider("groq", "Groq", "https://127.0.0.1:9/v1")
OPENROUTER_ROW = {
    "id": "openai/gpt-oss-120b", "name": "OpenAI: gpt-oss-120b", "context_length": 131072,
    "pricing": {"prompt": "0.0000001", "completion": "0.0000005"}, "supported_parameters": ["tools", "reasoning_effort"],
}  # fmt: skip


class Clock(SystemClock):
    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.at


class Place:
    """One home, whose settings live in memory."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings()
        self.path = folder / "workbench.db"
        self.database = Database(self.path, migrations.workbench, backups=folder / "backups")
        self.secrets, self.clock, self.bus = FakeSecrets(), Clock(), Bus()
        self.told = 0
        self.bus.subscribe(self._hear)

    def cloud(self, *listed: Provider, secrets: Any = None, key_check: str = "", **more: Any) -> CloudService:
        rows = tuple(Row(one, key_check) for one in listed) if listed else None
        return CloudService(
            CloudStore(self.database), secrets or self.secrets, self.clock, self.bus, lambda: self.settings.cloud,
            self.change, listed=rows, **more,
        )  # fmt: skip

    def change(self, key: str, value: Any) -> None:
        self.settings = settings.with_value(self.settings, key, value)

    def _hear(self, changed: Any) -> None:
        self.told += Topic.CLOUD in changed.topics


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.database.close()


@pytest.fixture
def server() -> Iterator[CloudServer]:
    with CloudServer(Dialect.OPENAI, https=True, models=[OPENROUTER_ROW, {"id": "new/model"}]) as server:
        yield server


def on(place: Place, server: CloudServer, provider_id: str = "openrouter", **more: Any) -> CloudService:
    """Switched on, with the key, ``server`` in the place of the provider."""
    cloud = place.cloud(server.provider(provider_id), tls=server.trust, **more)
    cloud.switch(on=True)
    cloud.login(provider_id, KEY)
    return cloud


# Off ------------------------------------------------------------------------------------------------------------------


def test_off_means_off(place: Place, server: CloudServer) -> None:
    cloud = place.cloud(server.provider(), tls=server.trust)
    assert not cloud.enabled
    assert cloud.login("openrouter", KEY) == ""
    for work in (
        lambda: cloud.key("openrouter"),
        lambda: cloud.test("openrouter", CancelToken()),
        lambda: cloud.refresh("openrouter", CancelToken()),
    ):
        with pytest.raises(RefusedError, match="The cloud is off"):
            work()
    assert cloud.proposed() is None
    assert (server.asked, server.connections) == ([], 0)
    cloud.switch(on=True)
    assert cloud.key("openrouter") == KEY
    cloud.switch(on=False)
    with pytest.raises(RefusedError):
        cloud.key("openrouter")


def test_what_is_only_looked_at_reaches_nobody(place: Place, server: CloudServer) -> None:
    cloud = on(place, server)
    cloud.providers(), cloud.models(), cloud.proposed(), cloud.key_state("openrouter"), cloud.model("openrouter/x/y")
    cloud.set_price("openrouter/x/y", Price(1, 2))
    assert server.connections == 0


def test_a_change_is_told(place: Place) -> None:
    cloud = place.cloud()
    for work in (
        lambda: cloud.switch(on=True),
        lambda: cloud.set_address("mine", "https://llm.example.org/v1"),
        lambda: cloud.login("mine", KEY),
        lambda: cloud.set_price("mine/x", Price(1, 2)),
        lambda: cloud.logout("mine"),
        lambda: cloud.set_address("mine", ""),
    ):
        before = place.told
        work()
        assert place.told == before + 1


# Keys -----------------------------------------------------------------------------------------------------------------


def test_a_key_is_bound_to_its_origin(place: Place) -> None:
    cloud = place.cloud()
    cloud.switch(on=True)
    cloud.login("openai", KEY)
    assert place.secrets.kept == {"openai@https://api.openai.com": KEY}
    cloud.set_address("openai", "https://api.openai.com.evil.example/v1")
    assert cloud.key_state("openai").last_four == ""
    with pytest.raises(RefusedError, match=r"at api\.openai\.com\.evil\.example"):
        cloud.key("openai")
    cloud.login("openai", "sk-another-key-0000")
    cloud.set_address("openai", "")
    assert cloud.key("openai") == KEY  # and the other one is gone with its address
    assert list(place.secrets.kept) == ["openai@https://api.openai.com"]


@pytest.mark.parametrize("other", ["http://127.0.0.1:8081/v1", "http://localhost:8080/v1", "https://127.0.0.1:8080/v1"])
def test_port_host_and_scheme_are_of_the_origin_but_the_path_is_not(place: Place, other: str) -> None:
    cloud = place.cloud()
    cloud.switch(on=True)
    cloud.set_address("mine", "http://127.0.0.1:8080/v1")
    cloud.login("mine", KEY)
    cloud.set_address("mine", "http://127.0.0.1:8080/v2")
    assert cloud.key("mine") == KEY
    cloud.set_address("mine", other)
    with pytest.raises(RefusedError):
        cloud.key("mine")


def test_an_address_in_the_settings_file_gets_no_key_of_another(place: Place) -> None:
    cloud = place.cloud()
    cloud.switch(on=True)
    cloud.login("groq", KEY)
    place.change(
        "cloud.addresses", {"groq": "https://evil.example/openai/v1", "bad": "http://evil.example", "Worse": "x"}
    )
    assert cloud.provider("groq").host == "evil.example"
    with pytest.raises(RefusedError):
        cloud.key("groq")
    assert {"bad", "Worse"}.isdisjoint(one.id for one in cloud.providers())
    with pytest.raises(RefusedError, match="http://"):
        cloud.provider("bad")
    assert cloud.key_state("bad").note


@pytest.mark.parametrize("key", ["", "  ", "two words of it", "kéy-of-somebody", "line\nbreak-of-a-key", "x" * 5000])
def test_what_is_no_key_is_not_kept_and_not_repeated(place: Place, key: str) -> None:
    with pytest.raises(UsageError) as raised:
        place.cloud().login("openai", key)
    assert place.secrets.kept == {}
    assert not key.strip() or key.strip() not in f"{raised.value.message}{raised.value.hint}"


def test_of_a_key_only_its_end_is_shown(place: Place) -> None:
    cloud = place.cloud()
    cloud.login("openai", f"  {KEY}\n")
    assert cloud.key_state("openai").last_four == KEY[-4:]
    cloud.login("openai", "short-key")
    assert cloud.key_state("openai").last_four == "····"
    cloud.logout("openai")
    assert cloud.key_state("openai").last_four == ""


def test_without_a_keychain_a_key_is_known_for_now_and_that_is_said(place: Place) -> None:
    def nowhere() -> Any:
        raise KeychainError("This system has no keychain that can be used.")

    cloud = place.cloud(secrets=SystemSecrets(find=nowhere))
    cloud.switch(on=True)
    assert "no keychain" in cloud.key_state("openai").note
    with pytest.raises(RefusedError, match="This system has no keychain"):
        cloud.key("openai")
    assert "kept until Workbench is closed" in cloud.login("openai", KEY)
    state = cloud.key_state("openai")
    assert (state.last_four, "kept until" in state.note) == (KEY[-4:], True)
    assert cloud.key("openai") == KEY
    cloud.logout("openai")
    with pytest.raises(RefusedError):
        cloud.key("openai")


def test_a_key_given_for_this_process_is_written_nowhere(place: Place) -> None:
    cloud = place.cloud()
    cloud.switch(on=True)
    cloud.use_key("openai", KEY)
    assert cloud.key("openai") == KEY
    assert "until this program ends" in cloud.key_state("openai").note
    assert place.secrets.kept == {}
    cloud.set_address("openai", "https://elsewhere.example/v1")
    with pytest.raises(RefusedError):
        cloud.key("openai")


# Asking for lists -----------------------------------------------------------------------------------------------------


def test_the_list_is_fetched_with_the_key_and_kept(place: Place, server: CloudServer) -> None:
    cloud = on(place, server)
    found = {model.id: model for model in cloud.refresh("openrouter", CancelToken())}
    assert [(one.method, one.path) for one in server.asked] == [("GET", "/v1/models")]
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert server.asked[0].headers["user-agent"] == "Workbench"
    model = found["openai/gpt-oss-120b"]
    assert model.price == Price(100_000, 500_000, source=f"127.0.0.1:{server.port}", date="2026-11-23")
    assert (model.open_model, model.rung, model.context_tokens) == ("gpt-oss-120b", Rung.OPEN, 131072)
    assert (found["new/model"].price, found["new/model"].rung) == (None, None)
    again = place.cloud(server.provider("openrouter"))  # another process
    assert {one.id: one for one in again.models("openrouter")} == found
    server.models = [{"id": "new/model"}]
    assert "openai/gpt-oss-120b" in {one.id for one in cloud.refresh("openrouter", CancelToken())}  # of the table
    assert len(server.asked) == 2


def test_anthropics_list_comes_in_pages_with_its_own_headers(place: Place) -> None:
    def page(rows: list[dict[str, Any]], more: bool) -> faults.Fault:
        body = {"data": rows, "has_more": more, "first_id": rows[0]["id"], "last_id": rows[-1]["id"]}
        return faults.body(200, json.dumps(body).encode())

    with CloudServer(Dialect.ANTHROPIC, https=True) as server:
        server.faults += [page([{"id": "claude-a"}], more=True), page([{"id": "claude-b"}], more=False)]
        cloud = on(place, server, "anthropic")
        ids = {model.id for model in cloud.refresh("anthropic", CancelToken())}
        assert {"claude-a", "claude-b", "claude-sonnet-5-5"} <= ids
        assert [one.path for one in server.asked] == [
            "/v1/models?limit=1000",
            "/v1/models?limit=1000&after_id=claude-a",
        ]
        headers = server.asked[1].headers
        assert (headers["x-api-key"], headers["anthropic-version"]) == (KEY, VERSION)
        assert "authorization" not in headers


def test_a_list_without_end_ends(place: Place, server: CloudServer) -> None:
    page = json.dumps({"data": [{"id": "one"}], "links": {"next": "/v1/models?again"}}).encode()
    server.faults += [faults.body(200, page)] * 40
    cloud = on(place, server)
    cloud.refresh("openrouter", CancelToken())
    assert len(server.asked) == 20


def test_a_test_tells_in_words_and_keeps_nothing(place: Place, server: CloudServer) -> None:
    cloud = on(place, server)
    found = cloud.test("openrouter", CancelToken())
    assert (found.ok, found.models, found.words) == (True, 2, "Openrouter takes the key, and lists 2 models.")
    assert place.database.rows("SELECT * FROM cloud_models") == []
    cloud.login("openrouter", "sk-wrong-key-000000")
    refused = cloud.test("openrouter", CancelToken())
    assert (refused.ok, refused.models) == (False, 0)
    assert "does not accept the key" in refused.words


def test_where_anybody_may_read_the_list_the_key_is_tried_elsewhere(place: Place, server: CloudServer) -> None:
    """The fake knows no `/key`, so that asking for it fails where asking for the list would not."""
    cloud = on(place, server, key_check="/key")
    assert not cloud.test("openrouter", CancelToken()).ok
    assert [one.path for one in server.asked] == ["/v1/key"]
    with CloudServer() as gate:  # another address need not know it
        cloud.set_address("openrouter", gate.base_url)
        cloud.login("openrouter", KEY)
        assert cloud.test("openrouter", CancelToken()).ok


def test_a_redirect_is_not_followed_and_gets_no_key(place: Place, server: CloudServer) -> None:
    with CloudServer(https=True) as other:
        server.faults += [
            faults.redirect(f"{other.base_url}/models"),
            faults.redirect(f"http://127.0.0.1:{other.port}/x"),
        ]
        cloud = on(place, server)
        for _way in ("another origin", "http"):
            with pytest.raises(CloudError, match="sends its visitors to another address"):
                cloud.refresh("openrouter", CancelToken())
        assert (other.connections, len(server.asked)) == (0, 2)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (faults.status(401), "does not accept the key"),
        (faults.status(402), "used up"),
        (faults.status(404), "has no list of models at"),
        (faults.status(429), "too"),
        (faults.status(500), "fault of its own"),
        (faults.reset, "hung up"),
        (faults.html, "something that is no list of models"),
        (faults.body(200, b"[" * 200_000), "something that is no list of models"),
        (faults.body(200, b'{"error": "x"}'), "something that is no list of models"),
    ],
)
def test_each_failure_has_its_sentence_and_what_was_there_stays(
    place: Place, server: CloudServer, fault: faults.Fault, words: str
) -> None:
    cloud = on(place, server)
    before = cloud.refresh("openrouter", CancelToken())
    server.faults.append(fault)
    with pytest.raises(CloudError) as raised:
        cloud.refresh("openrouter", CancelToken())
    assert words in raised.value.message
    assert raised.value.hint
    assert raised.value.steps
    assert not raised.value.charged
    assert cloud.models("openrouter") == before


def test_a_wrong_key_leads_to_the_login(place: Place, server: CloudServer) -> None:
    cloud = on(place, server)
    server.key = "sk-another-key-00000"
    with pytest.raises(CloudError) as raised:
        cloud.refresh("openrouter", CancelToken())
    assert raised.value.steps[0] is NextStep.LOGIN


def test_a_stranger_who_vouches_for_itself_gets_no_key(place: Place, server: CloudServer) -> None:
    cloud = on(place, server)
    stranger = place.cloud(server.provider(), tls=None)  # the usual authorities do not know its certificate
    with pytest.raises(CloudError) as raised:
        stranger.refresh("openrouter", CancelToken())
    assert "certificate" in raised.value.message
    assert server.asked == []
    assert cloud.test("openrouter", CancelToken()).ok


def test_nobody_there(place: Place) -> None:
    cloud = place.cloud(NOBODY)
    cloud.switch(on=True)
    cloud.login("groq", KEY)
    with pytest.raises(CloudError) as raised:
        cloud.refresh("groq", CancelToken())
    assert "Groq" in raised.value.message
    assert not cloud.test("groq", CancelToken()).ok


def test_asking_can_be_cancelled(place: Place, server: CloudServer) -> None:
    cloud, cancel = on(place, server), CancelToken()

    def cancelled(exchange: Any) -> None:
        cancel.cancel()
        exchange.hang()

    server.faults.append(cancelled)
    with pytest.raises(Cancelled):
        cloud.refresh("openrouter", cancel)


def test_a_hostile_list_is_kept_and_read(place: Place, server: CloudServer) -> None:
    server.models = [
        {"id": "a" * 500}, {"id": "bell\a"}, {"id": "twice", "name": "first"}, {"id": "twice", "name": "second"},
        {"id": "-1", "pricing": {"prompt": "-5", "completion": "NaN"}}, {"id": "deep", "pricing": [[[]]]},
        *({"id": f"m{number}", "name": "\u202e" + "x" * 2000} for number in range(6000)),
    ]  # fmt: skip
    found = on(place, server).refresh("openrouter", CancelToken())
    assert len(found) <= 5100
    assert {one.name for one in found if one.id == "twice"} == {"first"}
    assert all(one.price is None or one.price.input_micros > 0 for one in found)


def test_a_list_that_unpacks_to_more_than_anybody_needs_is_given_up(place: Place, server: CloudServer) -> None:
    bomb = gzip.compress(b"[" + b" " * (100 << 20), compresslevel=1)
    server.faults.append(lambda exchange: exchange.send(200, bomb, **{"Content-Encoding": "gzip"}))
    with pytest.raises(CloudError, match="answers with more than"):
        on(place, server).refresh("openrouter", CancelToken())


# Models and prices ----------------------------------------------------------------------------------------------------


def test_the_persons_own_price_comes_first_then_the_providers_then_the_tables(
    place: Place, server: CloudServer
) -> None:
    name = "openrouter/openai/gpt-oss-120b"
    server.models = [{**OPENROUTER_ROW, "pricing": {"prompt": "0.0000002", "completion": "0.0000007"}}]
    cloud = on(place, server)

    def price() -> tuple[int, str]:
        found = cloud.model(name).price
        assert found is not None
        return found.input_micros, found.source

    assert price()[0] == 100_000
    cloud.refresh("openrouter", CancelToken())
    assert price()[0] == 200_000
    cloud.set_price(name, Price(300_000, 900_000))
    assert price() == (300_000, "you")
    cloud.set_price(name, None)
    assert price()[0] == 200_000


def test_a_model_whose_price_the_person_gave_is_in_the_list(place: Place) -> None:
    """Its provider's list may never be fetched."""
    cloud = place.cloud()
    assert "groq/some/new-model" not in [one.full_name for one in cloud.models()]
    cloud.set_price("groq/some/new-model", Price(10, 20))
    assert [one.price is not None for one in cloud.models("groq") if one.id == "some/new-model"] == [True]
    assert "groq/some/new-model" not in [one.full_name for one in cloud.models("openrouter")]
    cloud.set_price("groq/some/new-model", None)
    assert "groq/some/new-model" not in [one.full_name for one in cloud.models()]


def test_an_unknown_price_is_none_and_never_zero(place: Place) -> None:
    cloud = place.cloud()
    assert cloud.model("groq/some/new-model") == CloudModel("groq", "some/new-model")
    cloud.set_price("groq/some/new-model", Price(10, 20))
    found = cloud.model("groq/some/new-model").price
    assert found is not None
    assert (found.input_micros, found.source, found.date) == (10, "you", "2026-11-23")


@pytest.mark.parametrize("price", [Price(-1, 0), Price(0, 10**15), Price(1, 1, -1), Price(1, 1, currency="EUR")])
def test_what_is_no_price(place: Place, price: Price) -> None:
    with pytest.raises(UsageError):
        place.cloud().set_price("groq/openai/gpt-oss-120b", price)


@pytest.mark.parametrize("name", ["", "groq", "groq/", "/x", "nobody/x", "groq/a b", "groq/a\nb", f"groq/{'x' * 300}"])
def test_what_names_no_model(place: Place, name: str) -> None:
    with pytest.raises(UsageError):
        place.cloud().model(name)


def test_another_address_has_neither_list_nor_prices_of_the_one_before(place: Place, server: CloudServer) -> None:
    cloud = on(place, server)
    cloud.refresh("openrouter", CancelToken())
    cloud.set_price("openrouter/new/model", Price(1, 2))
    cloud.set_address("openrouter", "https://gate.example.org/v1")
    models = cloud.models("openrouter")
    assert "new/model" not in {one.id for one in models}
    assert all(one.price is None for one in models)
    assert cloud.model("openrouter/new/model").price is None


def test_what_another_program_wrote_into_the_database_harms_nobody(place: Place) -> None:
    with place.database.write() as tx:
        for text in (
            "",
            "7",
            "{",
            '{"efforts": ["much"]}',
            '{"price": {"input_micros": -1, "output_micros": 0}}',
            "[]",
        ):
            row = ("groq", f"m{text}", text, 0.0)
            tx.execute("INSERT INTO cloud_models (provider, id, model, fetched_at) VALUES (?, ?, ?, ?)", row)
            tx.execute("INSERT INTO cloud_prices (provider, id, price) VALUES (?, ?, ?)", row[:3])
    cloud = place.cloud()
    assert {one.id for one in cloud.models("groq")} == {"openai/gpt-oss-120b", "openai/gpt-oss-20b", "qwen/qwen3.8-27b"}


# What is proposed -----------------------------------------------------------------------------------------------------


def test_an_open_model_is_proposed_first_and_a_frontier_one_only_once_it_was_chosen(place: Place) -> None:
    cloud = place.cloud()
    cloud.switch(on=True)
    first = cloud.proposed()
    assert first is not None
    assert (first.open_model, first.rung) == ("gpt-oss-120b", Rung.OPEN)  # nobody is logged in: who is cheapest
    cloud.login("openai", KEY)  # has no open model
    assert cloud.proposed() == first
    cloud.login("together", KEY)
    assert (cloud.proposed() or first).provider == "together"
    place.change("cloud.model", "anthropic/claude-sonnet-5-5")
    assert (cloud.proposed() or first).full_name == "anthropic/claude-sonnet-5-5"
    place.change("cloud.model", "gone/model")
    assert (cloud.proposed() or first).provider == "together"


def test_who_is_cheapest_of_those_with_a_key(place: Place) -> None:
    cloud = place.cloud()
    cloud.switch(on=True)
    for one in ("groq", "openrouter"):
        cloud.login(one, KEY)
    assert (cloud.proposed() or CloudModel("", "")).provider == "openrouter"
    cloud.set_price("openrouter/openai/gpt-oss-120b", Price(9_000_000, 9_000_000))
    assert (cloud.proposed() or CloudModel("", "")).provider == "groq"


class CountingSecrets(FakeSecrets):
    asked = 0

    def get(self, account: str) -> str | None:
        self.asked += 1
        return super().get(account)


def test_the_keychain_is_not_asked_again_and_again(place: Place) -> None:
    secrets = CountingSecrets(KEYCHAIN_AWAY)
    cloud = place.cloud(secrets=secrets)
    cloud.switch(on=True)
    cloud.proposed()
    asked = secrets.asked
    assert 0 < asked < 20
    for _again in range(5):
        cloud.proposed()
    assert secrets.asked == asked
    place.clock.at += 31
    cloud.proposed()
    assert secrets.asked == 2 * asked


# The canary -----------------------------------------------------------------------------------------------------------


def test_the_key_is_in_no_file_no_log_and_no_error(
    place: Place, server: CloudServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    cloud, told = on(place, server), list[str]()
    server.faults += [
        faults.status(401, f"Incorrect key {KEY}"),
        faults.redirect("https://evil.example/"),
        faults.html,
    ]
    for _fault in range(4):
        try:
            told.append(repr(cloud.refresh("openrouter", CancelToken())))
        except CloudError as error:
            told += [repr(error), error.message, error.hint, error.detail]
    told += [
        cloud.test("openrouter", CancelToken()).words,
        repr(cloud),
        repr(cloud.key_state("openrouter")),
        caplog.text,
    ]
    files = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert len(files) >= 2  # the database and its log
    assert not [text for text in told if KEY in text]
    assert not [content for content in files if KEY.encode() in content]


def test_own_addresses_offer_open_models_too(place: Place) -> None:
    with CloudServer(models=[{"id": "gpt-oss-120b"}]) as near:
        cloud = place.cloud()
        cloud.switch(on=True)
        cloud.set_address("mine", near.base_url)
        cloud.login("mine", KEY)
        (model,) = cloud.refresh("mine", CancelToken())
        assert (model.open_model, model.price, model.family) == ("gpt-oss-120b", None, "gpt-oss")
        assert replace(model, price=None) in cloud.models()
        cloud.set_address("mine", "")
        assert "mine" not in {one.id for one in cloud.providers()}
        assert [name for name in place.secrets.kept if name.startswith("mine@")] == []
