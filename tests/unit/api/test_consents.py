"""Requests to providers over the local API: listed, sent with the hash that was shown, refused; never by a web page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, cast

import pytest

from tests.fakes.cloud import ScriptedClient
from tests.unit.chat.escalating.world import World
from workbench.api.desk import AnswerDesk
from workbench.api.listening import Listener
from workbench.api.served_consents import ServedConsents
from workbench.clock import SystemClock
from workbench.cloud.asking import CloudError
from workbench.cloud.spending.money import CapKind
from workbench.consents.consent import ConsentState
from workbench.paths import Paths
from workbench.serving.activity import Activity
from workbench.serving.token import ApiToken
from workbench.settings import Api

PAGE = "https://notes.example"


class Asking:
    """The API over a chat whose answer waits to be taken to a provider."""

    def __init__(self, home: Path) -> None:
        self.world = World(home)
        self.tokens = ApiToken(Paths(home))
        desk = AnswerDesk(
            cast("Any", None), self.tokens.matches, lambda: Api(enabled=True, origins=PAGE), Activity(SystemClock()),
            consents=ServedConsents(cast("Any", self.world.workbench)),
        )  # fmt: skip
        self.listener = Listener(0, desk)
        desk.port = self.listener.port
        self.consent = self.world.escalations.propose(self.world.preview(self.world.asked()))

    @property
    def client(self) -> ScriptedClient:
        return self.world.client

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        connection = HTTPConnection("127.0.0.1", self.listener.port, timeout=10)
        kind = {} if body is None else {"Content-Type": "application/json"}
        told = {"Authorization": f"Bearer {self.tokens.current()}", **kind, **headers}
        connection.request(method, path, None if body is None else json.dumps(body), told)
        answer = connection.getresponse()
        found = answer.status, json.loads(answer.read())
        connection.close()
        return found

    def close(self) -> None:
        self.listener.close()
        self.world.close()


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Asking]:
    made = Asking(tmp_path / "home")
    yield made
    made.close()


def test_what_waits_is_listed_exactly_and_sent_with_its_hash(api: Asking) -> None:
    status, listed = api.ask("GET", "/v1/consents")
    (one,) = listed["data"]
    assert (status, one["id"], one["state"]) == (200, api.consent.id, "waiting")
    assert one["request"]["body"] == api.consent.request["body"]
    status, answer = api.ask("POST", f"/v1/consents/{one['id']}/accept", {"hash": one["hash"]})
    assert (status, answer["text"], answer["finish"], answer["state"]) == (200, "A better answer.", "stop", "accepted")
    assert answer["cost_micros"] > 0
    assert api.client.sent[0][1].body.decode() == one["request"]["body"]
    assert api.ask("POST", f"/v1/consents/{one['id']}/accept", {"hash": one["hash"]})[0] == 404


@pytest.mark.parametrize("body", [{}, {"hash": "0" * 64}, {"hash": None}])
def test_another_hash_sends_nothing(api: Asking, body: dict[str, Any]) -> None:
    status, told = api.ask("POST", f"/v1/consents/{api.consent.id}/accept", body)
    assert (status, told["error"]["code"]) == (400, "other_hash")
    assert not api.client.sent


def test_a_refused_one_is_gone(api: Asking) -> None:
    status, told = api.ask("POST", f"/v1/consents/{api.consent.id}/refuse", {})
    assert (status, told["state"]) == (200, "refused")
    assert api.world.consents.get(api.consent.id).state is ConsentState.REFUSED
    assert api.ask("GET", "/v1/consents")[1]["data"] == []


def test_a_listed_web_page_may_not_answer_for_the_person(api: Asking) -> None:
    wanted = {"hash": api.consent.request["body_sha256"]}
    assert api.ask("GET", "/v1/consents", Origin=PAGE)[0] == 403
    assert api.ask("POST", f"/v1/consents/{api.consent.id}/accept", wanted, Origin=PAGE)[0] == 403
    assert api.ask("POST", f"/v1/consents/{api.consent.id}/accept", wanted, Authorization="Bearer no")[0] == 401
    assert not api.client.sent


@pytest.mark.parametrize(
    ("path", "status"), [("nobody/accept", 404), ("nobody/refuse", 404), ("x/else", 404), ("", 404)]
)
def test_paths_that_are_none(api: Asking, path: str, status: int) -> None:
    assert api.ask("POST", f"/v1/consents/{path}", {"hash": "1"})[0] == status


def test_a_provider_that_fails_is_told_as_such(api: Asking) -> None:
    api.client.failure = CloudError("OpenRouter has too much to do.", charged=False)
    wanted = {"hash": api.consent.request["body_sha256"]}
    status, told = api.ask("POST", f"/v1/consents/{api.consent.id}/accept", wanted)
    assert (status, told["error"]["code"]) == (502, "provider_failed")


def test_what_a_cap_held_back_can_be_sent_later(api: Asking) -> None:
    wanted = {"hash": api.consent.request["body_sha256"]}
    api.world.ledger.set_cap(CapKind.DAY, 0)
    status, told = api.ask("POST", f"/v1/consents/{api.consent.id}/accept", wanted)
    assert (status, told["error"]["code"]) == (403, "refused")
    api.world.ledger.set_cap(CapKind.DAY, None)
    assert api.ask("POST", f"/v1/consents/{api.consent.id}/accept", wanted)[0] == 200
    assert len(api.client.sent) == 1


def test_nothing_of_a_chat_in_the_bin_is_sent(api: Asking) -> None:
    api.world.chat.delete(api.consent.question.conversation_id or "")
    wanted = {"hash": api.consent.request["body_sha256"]}
    assert api.ask("POST", f"/v1/consents/{api.consent.id}/accept", wanted)[0] == 404
    assert api.world.consents.get(api.consent.id).state is ConsentState.WAITING
    assert not api.client.sent


def test_what_was_accepted_and_held_back_can_be_refused(api: Asking) -> None:
    api.world.consents.accept(api.consent.id)
    status, told = api.ask("POST", f"/v1/consents/{api.consent.id}/refuse", {})
    assert (status, told["state"]) == (200, "refused")
    wanted = {"hash": api.consent.request["body_sha256"]}
    assert api.ask("POST", f"/v1/consents/{api.consent.id}/accept", wanted)[0] == 404
    assert not api.client.sent
