"""Servers of other programs: what is read of them, how they are asked, and what their answers become."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import openai_servers as fake
from tests.fakes.openai_servers import OpenAiServer, Persona
from tests.fakes.secrets import KEYCHAIN_AWAY, FakeSecrets
from tests.patience import PATIENCE
from workbench import migrations
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.engine.remote.backend import RemoteBackend
from workbench.engine.remote.consent import make_consent
from workbench.engine.remote.errors import UnreachableError, WrongKeyError
from workbench.engine.remote.route import RouteToServers
from workbench.engine.remote.server import Kind, RemoteModel
from workbench.engine.remote.service import RemoteServers
from workbench.engine.remote.store import ServerStore
from workbench.errors import Cancelled, ContextFullError, ModelError, UsageError
from workbench.events import Bus, Topic
from workbench.messages import (
    ChatRequest,
    Effort,
    Finish,
    Finished,
    Message,
    Part,
    Reasoning,
    Role,
    Sampling,
    StreamEvent,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    assistant,
    fold_events,
    user,
)
from workbench.paths import Paths
from workbench.ports import BackendRoute

HELLO = ChatRequest((user("Hello"),))
WEATHER = Tool("weather", "Tells the weather.", {"type": "object", "properties": {"city": {"type": "string"}}})
EVERYTHING = ChatRequest(
    (user("Hello"),),
    max_tokens=9,
    sampling=Sampling(0.5, 0.9, 40, 0.05, 1.1, 0.1, 0.2, 7),
    stop=("END",),
    effort=Effort.LOW,
    reasoning_tokens=100,
    tools=(WEATHER,),
    schema={"type": "object"},
    prefix="conversation-id-4711",
)


@pytest.fixture
def secrets() -> FakeSecrets:
    return FakeSecrets()


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def servers(tmp_path: Path, secrets: FakeSecrets, bus: Bus) -> Iterator[RemoteServers]:
    paths = Paths(tmp_path / "home")
    paths.prepare()
    database = Database(paths.database, migrations.workbench, backups=paths.backups)
    yield RemoteServers(ServerStore(database), secrets, SystemClock(), bus)
    database.close()


def added(servers: RemoteServers, server: OpenAiServer, key: str | None = None, **words: Any) -> RemoteBackend:
    """The backend of the server's first model, after the consent."""
    consent = make_consent(server.url, name="studio", has_key=key is not None, **words)
    servers.add(consent, key, CancelToken())
    found, model = servers.models()[0]
    return servers.backend(found.full_name(model), CancelToken())


def answer(backend: RemoteBackend, request: ChatRequest = HELLO) -> tuple[tuple[Part, ...], Finished]:
    events = list(backend.stream(request, CancelToken()))
    last = events[-1]
    assert isinstance(last, Finished)
    return fold_events(events), last


KINDS: dict[Kind, tuple[Persona, RemoteModel]] = {
    Kind.VLLM: (fake.vllm(), RemoteModel("Qwen/Qwen3-8B", "Qwen/Qwen3-8B", 2048, None, None, (Effort.OFF, Effort.ON))),
    Kind.OLLAMA: (
        fake.ollama(),
        RemoteModel("qwen3:8b", "qwen3:8b", 2048, tools=True, vision=False, efforts=(Effort.OFF, Effort.ON)),
    ),
    Kind.LM_STUDIO: (
        fake.lm_studio(),
        RemoteModel(
            "openai/gpt-oss-20b",
            "openai/gpt-oss-20b",
            2048,
            tools=True,
            vision=False,
            efforts=(Effort.LOW, Effort.MEDIUM, Effort.HIGH),
        ),
    ),
    Kind.OTHER: (fake.plain(), RemoteModel("model-one", "model-one")),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_it_is_and_which_models_it_has(servers: RemoteServers, kind: Kind) -> None:
    persona, model = KINDS[kind]
    with OpenAiServer(persona) as server:
        servers.add(make_consent(server.url, name="studio"), None, CancelToken())
    (found,) = servers.list()  # as it was stored
    assert found.capabilities.kind is kind
    assert found.capabilities.models == (model,)
    assert found.checked_at is not None


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_and_its_numbers(servers: RemoteServers, kind: Kind) -> None:
    with OpenAiServer(KINDS[kind][0], "The sea is wide.", pause_seconds=0.002) as server:
        backend = added(servers, server)
        parts, end = answer(backend)
        assert parts == (Text("The sea is wide."),)
        assert (end.finish, end.usage.completion_tokens, end.usage.prompt_tokens) == (Finish.STOP, 4, 6)
        assert end.timings.first_token_seconds is not None
        assert backend.info.destination == f"127.0.0.1:{server.port}"
        assert not backend.info.local
        assert backend.info.name == "studio"
        assert backend.info.model.endswith("@studio")
    if kind is not Kind.OTHER:
        assert end.timings.generation_tokens_per_second


def test_thoughts_by_any_name(servers: RemoteServers) -> None:
    for persona in (fake.vllm(), fake.lm_studio()):
        with OpenAiServer(persona, "Forty-two.", thoughts="Six times seven.") as server:
            assert answer(added(servers, server))[0] == (Reasoning("Six times seven."), Text("Forty-two."))
        servers.remove("studio")


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("<think>Six times seven. Hm.</think>\n\nIt is 42.", (Reasoning("Six times seven. Hm."), Text("It is 42."))),
        ("<think> </think> So.", (Text("So."),)),
        ("Use the <think> tag </think> so.", (Text("Use the <think> tag </think> so."),)),
        ("<th is no tag", (Text("<th is no tag"),)),
        ("<thi", (Text("<thi"),)),
        ("<think>cut in the mid </thi", (Reasoning("cut in the mid </thi"),)),
    ],
)
def test_thoughts_inside_the_text(servers: RemoteServers, said: str, parts: tuple[Part, ...]) -> None:
    for persona in (fake.vllm(), fake.plain()):
        with OpenAiServer(persona, said) as server:
            assert answer(added(servers, server))[0] == parts
        servers.remove("studio")


@pytest.mark.parametrize("kind", [Kind.VLLM, Kind.OLLAMA])
def test_two_calls_of_tools(servers: RemoteServers, kind: Kind) -> None:
    calls = [("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"})]
    with OpenAiServer(KINDS[kind][0], calls=calls) as server:
        parts, end = answer(added(servers, server), ChatRequest((user("?"),), tools=(WEATHER,)))
    made = [part for part in parts if isinstance(part, ToolCall)]
    assert [(call.name, json.loads(call.arguments)) for call in made] == calls
    assert len({call.id for call in made}) == 2
    assert end.finish is Finish.TOOL_CALLS


def test_results_of_tools_are_sent_with_their_calls(servers: RemoteServers) -> None:
    history = (
        user("Weather?"),
        Message(Role.ASSISTANT, (ToolCall("c1", "weather", '{"city": "Rome"}'),)),
        Message(Role.TOOL, (ToolResult("c1", "weather", "Sunny."),)),
    )
    with OpenAiServer(fake.vllm()) as server:
        answer(added(servers, server), ChatRequest(history, tools=(WEATHER,)))
        sent = server.asked("/v1/chat/completions")[0].json["messages"]
    assert sent[1]["tool_calls"][0]["id"] == sent[2]["tool_call_id"] == "c1"


COMMON = {
    "model", "messages", "max_tokens", "temperature", "top_p", "presence_penalty", "frequency_penalty", "seed", "stop",
    "tools", "tool_choice", "response_format", "stream", "stream_options",
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (Kind.VLLM, {"top_k", "min_p", "repetition_penalty", "chat_template_kwargs"}),
        (Kind.OLLAMA, {"reasoning_effort"}),
        (Kind.LM_STUDIO, {"top_k", "repeat_penalty", "reasoning_effort"}),
        (Kind.OTHER, set()),
    ],
)
def test_only_fields_that_it_knows_are_sent(servers: RemoteServers, kind: Kind, more: set[str]) -> None:
    with OpenAiServer(KINDS[kind][0]) as server:
        answer(added(servers, server), EVERYTHING)
        sent = server.asked("/v1/chat/completions")[0]
    assert set(sent.json) == COMMON | more
    assert "4711" not in json.dumps(sent.json) + json.dumps(dict(sent.headers))
    assert not {"x-conversation-id", "cookie", "referer"} & set(sent.headers)


def test_going_on_with_a_partial_answer(servers: RemoteServers) -> None:
    partial = ChatRequest((user("Count."), assistant("1, 2,")))
    with OpenAiServer(fake.vllm()) as server:
        answer(added(servers, server), partial)
        body = server.asked("/v1/chat/completions")[0].json
        assert (body["continue_final_message"], body["add_generation_prompt"]) == (True, False)
    servers.remove("studio")
    with OpenAiServer(fake.ollama()) as server:
        answer(added(servers, server), partial)
        body = server.asked("/v1/chat/completions")[0].json
        assert [message["role"] for message in body["messages"]] == ["user", "assistant", "user"]
        assert "Go on" in body["messages"][-1]["content"]


def test_counting_where_the_server_can_and_an_estimate_where_not(servers: RemoteServers) -> None:
    request = ChatRequest((user("one two three"),))
    with OpenAiServer(fake.vllm()) as server:
        assert added(servers, server).count_tokens(request, CancelToken()) == 8
    servers.remove("studio")
    with OpenAiServer(fake.lm_studio()) as server:
        backend = added(servers, server)
        before = len(server.questions)
        assert backend.count_tokens(request, CancelToken()) > 8
        assert len(server.questions) == before


def test_a_draft_is_measured_here_and_sent_nowhere(servers: RemoteServers) -> None:
    with OpenAiServer(fake.vllm()) as server:
        added(servers, server)
        before = len(server.questions)
        ready = servers.ready("Qwen/Qwen3-8B@studio")
        assert ready is not None
        assert ready.count_tokens(HELLO, CancelToken()) > 0
        assert len(server.questions) == before


def test_a_chat_that_is_too_long_says_both_numbers(servers: RemoteServers) -> None:
    with OpenAiServer(fake.vllm()) as server:
        backend = added(servers, server)
        with pytest.raises(ContextFullError, match=r"3,005 tokens.*2,048"):
            answer(backend, ChatRequest((user("word " * 3000),)))


def test_ollamas_context_is_asked_before_each_answer(servers: RemoteServers) -> None:
    persona = fake.ollama()
    with OpenAiServer(persona) as server:
        assert added(servers, server).info.context_tokens == 2048
        persona.gets["/api/ps"] = {"models": []}
        assert servers.backend("qwen3:8b@studio", CancelToken()).info.context_tokens == 4096


def test_stopping_ends_the_connection(servers: RemoteServers) -> None:
    with OpenAiServer(fake.vllm(), "word " * 400, pause_seconds=0.01) as server:
        backend, cancel = added(servers, server), CancelToken()
        events: list[StreamEvent] = []
        with pytest.raises(Cancelled):
            for event in backend.stream(HELLO, cancel):
                events.append(event)
                if len(events) == 3:
                    cancel.cancel()
        deadline = time.monotonic() + PATIENCE
        while not server.disconnects and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.disconnects == 1


# Keys -----------------------------------------------------------------------------------------------------------------


def test_the_key_goes_to_the_keychain_and_to_its_server_only(
    servers: RemoteServers, secrets: FakeSecrets, tmp_path: Path
) -> None:
    with OpenAiServer(fake.vllm(), key="sk-canary-123") as server:
        with pytest.raises(WrongKeyError):
            added(servers, server)
        with pytest.raises(WrongKeyError):
            added(servers, server, "sk-wrong")
        assert servers.list() == ()
        assert secrets.kept == {}
        backend = added(servers, server, " sk-canary-123\n")
        assert answer(backend)[1].finish is Finish.STOP
        assert secrets.kept == {f"server@{server.url}": "sk-canary-123"}
        assert "canary" not in repr(servers.list()) + repr(backend) + repr(vars(backend))
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and b"canary" in file.read_bytes()]
    servers.remove("studio")
    assert secrets.kept == {}


def test_without_a_keychain_it_is_said(servers: RemoteServers, secrets: FakeSecrets) -> None:
    secrets.note = KEYCHAIN_AWAY
    with OpenAiServer(fake.vllm(), key="sk-1") as server:
        told = servers.add(make_consent(server.url, has_key=True), "sk-1", CancelToken())
    assert told.note == KEYCHAIN_AWAY


def test_a_key_that_is_gone_is_told_before_anything_is_sent(servers: RemoteServers, secrets: FakeSecrets) -> None:
    with OpenAiServer(fake.vllm(), key="sk-1") as server:
        added(servers, server, "sk-1")
        secrets.kept.clear()
        before = len(server.questions)
        with pytest.raises(UsageError, match="not in the keychain"):
            servers.backend("Qwen/Qwen3-8B@studio", CancelToken())
        assert len(server.questions) == before


@pytest.mark.parametrize("key", ["sk 1", "sk-\n1", "schlüssel", "sk-\x00"])
def test_what_is_no_key(servers: RemoteServers, key: str) -> None:
    with pytest.raises(UsageError, match="no key"):
        servers.add(make_consent("http://127.0.0.1:9"), key, CancelToken())


# The list -------------------------------------------------------------------------------------------------------------


def test_adding_again_replaces_and_names_are_told_apart(servers: RemoteServers, bus: Bus) -> None:
    heard: list[frozenset[Topic]] = []
    bus.subscribe(lambda changed: heard.append(changed.topics))
    with OpenAiServer(fake.vllm()) as one, OpenAiServer(fake.ollama()) as two:
        servers.add(make_consent(one.url, name="studio"), None, CancelToken())
        servers.add(make_consent(one.url, name="Studio2", mine=True), None, CancelToken())
        assert [(server.name, server.mine) for server in servers.list()] == [("Studio2", True)]
        with pytest.raises(UsageError, match="called Studio2 already"):
            servers.add(make_consent(two.url, name="studio2"), None, CancelToken())
        servers.add(make_consent(two.url, name="attic"), None, CancelToken())
    assert [server.name for server in servers.list()] == ["attic", "Studio2"]
    assert not servers.mark("studio2", mine=False).mine
    servers.remove("attic")
    with pytest.raises(UsageError, match="no server called"):
        servers.get("attic")
    assert set(heard) == {frozenset({Topic.SERVERS})}
    assert len(heard) == 5


def test_a_check_with_a_try(servers: RemoteServers) -> None:
    with OpenAiServer(fake.vllm(), '{"answer": true}', thoughts="Hm.", pause_seconds=0.001) as server:
        added(servers, server)
        trial = servers.check("studio", CancelToken(), model="").capabilities.trial
        assert trial is not None
        assert (trial.streaming, trial.usage, trial.reasoning, trial.tools, trial.schema) == (
            True,
            True,
            True,
            False,
            True,
        )
        assert servers.get("studio").capabilities.trial == trial
        assert servers.check("studio", CancelToken()).capabilities.trial == trial
    with pytest.raises(UnreachableError, match="Nothing listens at"):
        servers.check("studio", CancelToken())
    assert servers.get("studio").capabilities.models


def test_other_programs_on_this_machine(servers: RemoteServers) -> None:
    with OpenAiServer(fake.ollama()) as one, OpenAiServer(fake.lm_studio(), key="k") as two:
        ports = {one.port: "ollama", two.port: "lm-studio", 9: "nobody"}
        found = servers.find(CancelToken(), ports)
        assert {(each.name, each.models) for each in found} == {("ollama", 2), ("lm-studio", None)}
        servers.add(make_consent(found[0].address.base_url), "k", CancelToken())
        assert len(servers.find(CancelToken(), ports)) == 1


def test_what_is_stored_and_cannot_be_read_is_left_out(servers: RemoteServers, tmp_path: Path) -> None:
    with OpenAiServer(fake.vllm()) as server:
        added(servers, server)
    with sqlite3.connect(tmp_path / "home" / "workbench.db") as database:
        database.execute('UPDATE servers SET capabilities = \'{"kind": "new"}\'')
        database.execute(
            "INSERT INTO servers (id, name, base_url, consented_at) VALUES ('x', 'evil', 'http://8.8.8.8:80', 1)"
        )
    database.close()
    (only,) = servers.list()
    assert only.capabilities.kind is Kind.OTHER


# The route ------------------------------------------------------------------------------------------------------------


class Local:
    """The route on this machine."""

    def name(self, model: str) -> str:
        return f"local {model}"

    def source(self, model: str) -> str:
        return "engine"

    def backend(self, model: str, cancel: CancelToken, progress: Any) -> Any:
        return f"local {model}"

    def ready(self, model: str) -> Any:
        return None


def test_only_a_name_with_a_server_leads_there(servers: RemoteServers) -> None:
    local: BackendRoute = Local()
    route = RouteToServers(local, servers)
    with OpenAiServer(fake.ollama()) as server:
        added(servers, server)
        for here in ("", "gemma", "/home/me@work/model.gguf", "qwen3:8b", "qwen3:8b@elsewhere"):
            assert route.name(here) == f"local {here}"
            assert route.source(here) == "engine"
            assert str(route.backend(here, CancelToken(), print)) == f"local {here}"
            assert route.ready(here) is None
        told: list[str] = []
        assert route.name("QWEN3:8b@STUDIO") == "qwen3:8b@studio"
        assert route.source("qwen3:8b@studio") == f"server:studio (127.0.0.1:{server.port})"
        backend = route.backend("qwen3:8b@studio", CancelToken(), told.append)
        assert isinstance(backend, RemoteBackend)
        assert backend.server.mine is False
        assert told == [f"Asking studio (127.0.0.1:{server.port})"]
        with pytest.raises(ModelError, match="studio has no model called 'llama'"):
            route.name("llama@studio")
