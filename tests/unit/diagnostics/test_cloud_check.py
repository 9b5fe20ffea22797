"""The doctor's line about the cloud: off is off, and whatever would stand in the way is told."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.launcher import FakeLauncher
from tests.fakes.secrets import FakeSecrets
from workbench import migrations
from workbench.app import build
from workbench.clock import SystemClock
from workbench.cloud.provider import CloudModel, Price
from workbench.cloud.service import CloudService
from workbench.cloud.spending.money import CAPS
from workbench.cloud.spending.service import LedgerService
from workbench.cloud.spending.store import LedgerStore
from workbench.cloud.store import CloudStore
from workbench.db import MemoryDatabase
from workbench.diagnostics.checks import Status
from workbench.diagnostics.cloud_check import CloudSeen, check_cloud, see_cloud
from workbench.engine.remote.route import LOCAL
from workbench.events import Bus
from workbench.paths import Paths
from workbench.secrets import KeychainError
from workbench.settings import Cloud as CloudSettings

KEY = "sk-canary-0123456789wxyz"
MODEL = CloudModel("groq", "openai/gpt-oss-120b", price=Price(150_000, 600_000))
GOOD = CloudSeen(True, ("Groq",), caps=CAPS, proposed=MODEL, proposed_keyed=True)  # noqa: FBT003 - a row of a table
CAPS_TOLD = "at most $0.50 a question, $2.00 a day, $10.00 a month"


class Locked(FakeSecrets):
    """Counts who wants a key, and gives none."""

    asked = 0

    def get(self, account: str) -> str | None:
        self.asked += 1
        raise KeychainError("The keychain of this system is locked.")


@pytest.mark.parametrize(
    ("seen", "status", "detail"),
    [
        (CloudSeen(False), Status.OK, "off: nothing goes to a provider"),  # noqa: FBT003
        (GOOD, Status.OK, f"on; keys of Groq; {CAPS_TOLD}"),
        (
            replace(GOOD, unpriced=2),
            Status.OK,
            f"on; keys of Groq; {CAPS_TOLD}; 2 of their models have no known price, which is asked for",
        ),
        (
            replace(GOOD, keyed=("A", "B", "C", "D", "E")),
            Status.OK,
            f"on; keys of A, B, C and 2 more; {CAPS_TOLD}",
        ),
        (
            replace(GOOD, keyed=()),
            Status.WARNING,
            f"on; no provider has a key; {CAPS_TOLD}; nobody can be asked",
        ),
        (
            replace(GOOD, for_now=("Groq",)),
            Status.WARNING,
            f"on; keys of Groq; {CAPS_TOLD}; no keychain has the key of Groq",
        ),
        (
            replace(GOOD, proposed_keyed=False),
            Status.WARNING,
            f"on; keys of Groq; {CAPS_TOLD}; groq/openai/gpt-oss-120b is proposed, but has no key",
        ),
        (
            replace(GOOD, proposed=replace(MODEL, price=None)),
            Status.WARNING,
            f"on; keys of Groq; {CAPS_TOLD}; the price of groq/openai/gpt-oss-120b, which is proposed, is not known",
        ),
        (
            replace(GOOD, problems=("The keychain is locked.",)),
            Status.WARNING,
            f"on; keys of Groq; {CAPS_TOLD}; The keychain is locked.",
        ),
    ],
)
def test_what_is_told(seen: CloudSeen, status: Status, detail: str) -> None:
    check = check_cloud(seen)
    assert (check.name, check.status, check.detail) == ("cloud", status, detail)
    assert bool(check.hint) is (status is Status.WARNING)


@pytest.fixture
def facades() -> Callable[..., tuple[CloudService, LedgerService]]:
    def make(secrets: FakeSecrets, **settings: Any) -> tuple[CloudService, LedgerService]:
        database, clock = MemoryDatabase(migrations.workbench), SystemClock()
        cloud = CloudService(
            CloudStore(database), secrets, clock, Bus(), lambda: CloudSettings(**settings), lambda _key, _value: None
        )
        return cloud, LedgerService(LedgerStore(database, clock), Bus(), LOCAL)

    return make


def test_while_it_is_off_the_keychain_is_not_asked(facades: Callable[..., Any]) -> None:
    secrets = Locked()
    assert see_cloud(*facades(secrets)) == CloudSeen(enabled=False)
    assert secrets.asked == 0


def test_a_locked_keychain_is_told_once_and_keys_of_this_session_are_seen(facades: Callable[..., Any]) -> None:
    cloud, ledger = facades(Locked(), enabled=True)
    cloud.use_key("groq", KEY)
    seen = see_cloud(cloud, ledger)
    assert len(seen.problems) == 1
    assert "The keychain of this system is locked." in seen.problems[0]
    assert (seen.keyed, seen.for_now) == (("Groq",), ("Groq",))


def test_keys_prices_and_caps_are_seen(facades: Callable[..., Any]) -> None:
    secrets = FakeSecrets()
    cloud, ledger = facades(secrets, enabled=True, model="groq/new-model")
    cloud.login("groq", KEY)
    seen = see_cloud(cloud, ledger)
    assert (seen.keyed, seen.for_now, seen.problems, seen.caps) == (("Groq",), (), (), CAPS)
    assert (seen.proposed, seen.proposed_keyed) == (CloudModel("groq", "new-model"), True)
    assert KEY not in check_cloud(seen).detail


def test_an_address_in_the_settings_that_cannot_be_used_is_told(facades: Callable[..., Any]) -> None:
    addresses = {"mine": "http://models.example.org/v1", "good": "https://models.example.org/v1"}
    cloud, ledger = facades(FakeSecrets(), enabled=True, addresses=addresses)
    seen = see_cloud(cloud, ledger, addresses)
    assert len(seen.problems) == 1
    assert check_cloud(seen).status is Status.WARNING


def test_the_doctor_looks_at_it(tmp_path: Path) -> None:
    with closing(build(Paths(tmp_path / "home"), launcher=FakeLauncher("Hello."))) as workbench:
        (told,) = [check for check in workbench.doctor().checks if check.name == "cloud"]
        assert (told.status, told.detail) == (Status.OK, "off: nothing goes to a provider")
