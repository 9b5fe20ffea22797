"""The switch of the local API: the port really opens and closes."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from workbench.app import Workbench, build
from workbench.entry import open_api
from workbench.errors import UsageError
from workbench.events import Bus, Topic
from workbench.paths import Paths
from workbench.serving.activity import KEPT, Activity, short_client
from workbench.serving.switch import ApiState, ApiSwitch, PortTakenError
from workbench.serving.token import ApiToken
from workbench.settings import Api


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Workbench]:
    made = build(Paths(tmp_path / "home"), open_api=open_api)
    yield made
    made.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def answers(port: int, token: str = "") -> int | None:
    """The status of `/health`, None when nobody listens."""
    try:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.get(f"http://127.0.0.1:{port}/health", headers=headers, trust_env=False).status_code
    except httpx.ConnectError:
        return None


def test_the_setting_opens_moves_and_closes_the_port(workbench: Workbench) -> None:
    first, second = free_port(), free_port()
    workbench.change_setting("api.port", first)
    workbench.api.follow()
    assert answers(first) is None
    workbench.change_setting("api.enabled", value=True)
    token = workbench.api.token.current()
    assert (answers(first, token), answers(first)) == (200, 401)
    assert workbench.api.status().address == f"http://127.0.0.1:{first}/v1"
    workbench.change_setting("api.port", second)
    assert (answers(first), answers(second, token)) == (None, 200)
    workbench.change_setting("api.enabled", value=False)
    assert answers(second) is None
    assert workbench.api.status().state is ApiState.OFF


def test_it_is_off_by_default_and_a_short_command_never_opens_it(workbench: Workbench) -> None:
    port = free_port()
    workbench.api.follow()
    assert workbench.api.status().state is ApiState.OFF
    workbench.api._following = False
    workbench.change_setting("api.port", port)
    workbench.change_setting("api.enabled", value=True)
    assert answers(port) is None


def test_the_switch_of_the_origins_is_wired(workbench: Workbench) -> None:
    workbench.api.open(free_port())
    url, page = workbench.api.status().address + "/models", {"Origin": "https://notes.example"}
    headers = {"Authorization": f"Bearer {workbench.api.token.current()}", **page}
    assert httpx.get(url, headers=headers, trust_env=False).status_code == 403
    workbench.change_setting("api.origins", "https://notes.example")
    answer = httpx.get(url, headers=headers, trust_env=False)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "https://notes.example")


def test_a_port_that_is_taken_names_who_has_it(workbench: Workbench, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        with pytest.raises(PortTakenError, match=rf"Port {port} is in use by .*process {os.getpid()}"):
            workbench.api.open(port)
        workbench.change_setting("api.port", port)
        workbench.change_setting("api.enabled", value=True)
        workbench.api.follow()  # tells, raises nothing
        status = workbench.api.status()
        assert (status.state, status.port) == (ApiState.FAILED, port)
        assert status.error is not None
    workbench.api.apply()
    assert workbench.api.status().state is ApiState.ON


def test_another_workbench_on_the_port_is_named(workbench: Workbench) -> None:
    port = free_port()
    workbench.api.open(port)
    other = build(workbench.paths, open_api=open_api)
    try:
        with pytest.raises(PortTakenError, match=f"by another Workbench .process {os.getpid()}"):
            other.api.open(port)
        assert answers(port, workbench.api.token.current()) == 200
    finally:
        other.close()


def test_a_request_reaches_who_follows_the_topic(workbench: Workbench) -> None:
    heard: list[Topic] = []
    workbench.bus.subscribe(lambda news: heard.extend(news.topics))
    workbench.api.open(free_port())
    heard.clear()
    answers(workbench.api.status().port, workbench.api.token.current())
    assert Topic.API in heard
    workbench.api.close()  # the server ends a request a moment after its client has the answer
    assert workbench.api.recent()[0].status == 200


def test_without_a_server_it_says_so(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "home")
    paths.prepare()
    with pytest.raises(UsageError, match="not part of this program"):
        ApiSwitch(paths, Counter(), Bus(), Api, None).open()


# The token ------------------------------------------------------------------------------------------------------------


def test_the_token_is_in_a_private_file_and_stays(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "home")
    paths.prepare()
    token = ApiToken(paths)
    first = token.current()
    assert len(first) > 40
    assert (token.current(), ApiToken(paths).current()) == (first, first)
    assert stat.S_IMODE(token.file.stat().st_mode) == 0o600
    assert token.matches(first.encode())
    assert not token.matches(first.encode()[:-1])
    second = ApiToken(paths).renew()
    assert second != first
    assert not token.matches(first.encode())
    assert token.matches(second.encode())


@pytest.mark.parametrize("text", ["", "\n", "short"])
def test_a_file_without_a_token_lets_nobody_in(tmp_path: Path, text: str) -> None:
    paths = Paths(tmp_path / "home")
    paths.prepare()
    token = ApiToken(paths)
    token.file.write_text(text)
    token.file.chmod(0o600)
    assert not token.matches(text.strip().encode())
    assert not token.matches(b"")


@pytest.mark.skipif(os.name != "posix", reason="rights as POSIX has them")
def test_a_token_that_others_may_have_read_is_replaced(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "home")
    paths.prepare()
    token = ApiToken(paths)
    first = token.current()
    token.file.chmod(0o644)
    assert not token.matches(first.encode())
    assert token.current() != first


def test_the_token_is_nowhere_but_in_its_file(workbench: Workbench) -> None:
    workbench.api.open(free_port())
    token = workbench.api.token.current()
    answers(workbench.api.status().port, token)
    answers(workbench.api.status().port, token + "x")
    workbench.api.close()
    found = [
        path.name for path in workbench.paths.home.rglob("*") if path.is_file() and token.encode() in path.read_bytes()
    ]
    assert found == ["api-token"]
    assert token not in " ".join(os.environ.values())


# The activity ---------------------------------------------------------------------------------------------------------


class Counter:
    """A clock that steps by one."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        return 1000.0 + self.monotonic()

    def monotonic(self) -> float:
        self.seconds += 1
        return self.seconds


def test_only_the_last_are_kept_newest_first() -> None:
    activity = Activity(Counter())
    for number in range(KEPT + 5):
        activity.end(activity.begin("/v1/models", f"client {number}"), 200)
    kept = activity.list()
    assert (len(kept), kept[0].client, kept[-1].client) == (KEPT, f"client {KEPT + 4}", "client 5")
    assert kept[0].seconds == 1.0
    activity.note(1, model="pushed out long ago")


def test_many_refusals_alike_push_nothing_out() -> None:
    activity = Activity(Counter())
    told: list[int] = []
    activity.follow(lambda one: told.append(one.times))
    activity.end(activity.begin("/v1/models", "mine"), 200)
    for _number in range(1000):
        activity.refused("/v1/models", "evil", 401, "invalid_api_key")
    newest, first = activity.list()
    assert (newest.times, first.client) == (1000, "mine")
    assert len(told) == 2


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        ("", ""), ("curl/7.88", "curl/7.88"), ("a\x1b[31m\nb", "a [31m b"), ("x" * 90, "x" * 40), ("naïve", "na ve"),
    ],
)  # fmt: skip
def test_what_programs_call_themselves(agent: str, shown: str) -> None:
    assert short_client(agent) == shown
