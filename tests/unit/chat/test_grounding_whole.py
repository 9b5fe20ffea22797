"""From files to a checked answer: real files, the real reader, index and search, and a model that the test writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import documents as files
from tests.fakes.backend import ScriptedBackend
from tests.unit.chat.test_service import ScriptedRoute
from workbench import migrations
from workbench.assembly.documents import build_documents
from workbench.assembly.foundation import Foundation
from workbench.chat.asking.options import Options
from workbench.chat.grounding.grounding import Grounding
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.documents.citing.prompt import harmless
from workbench.documents.desk import DocumentDesk
from workbench.events import Bus
from workbench.jobs import quiet_job
from workbench.messages import Sources, Verdict
from workbench.paths import Paths
from workbench.settings import Settings

SEA = "The harbour of Ostend was dredged to a depth of 8.2 metres in 1934, and the lighthouse burns every night."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DocumentDesk]:
    paths = Paths(tmp_path / "home")
    paths.prepare()
    database = Database(paths.database, migrations.workbench, backups=paths.backups)
    desk = build_documents(Foundation(paths, database, SystemClock(), Bus(), Settings), lambda: False)
    folder = tmp_path / "Sea"
    folder.mkdir()
    (folder / "harbour.md").write_text(
        f"# Harbours\n\n## Ostend\n\n{SEA}\n\n## Dover\n\nDover has white cliffs.\n", "utf-8"
    )
    (folder / "ships.pdf").write_bytes(files.pdf(["The ferry Isabella has 340 cabins.", "The tug Marta has 4 cabins."]))
    (folder / "report.docx").write_bytes(files.docx(files.paragraph("The pilots met on 3 May 2021 in Ostend.")))
    (folder / "tides.csv").write_text("Port,Tide in metres\nOstend,4.6\nDover,6.1\n", "utf-8")
    (folder / "umlaut.txt").write_bytes("Das Leuchtfeuer von Ostende ist 57 Meter hoch.".encode("utf-16"))
    desk.add(folder)
    desk.sync(quiet_job())
    yield desk
    desk.close()
    database.close()


def _ask(desk: DocumentDesk, tmp_path: Path, question: str, answer: str) -> Sources:
    database = Database(tmp_path / "chats.db", migrations.workbench, backups=tmp_path)
    try:
        scripted = ScriptedBackend(answer, context_tokens=8192)
        chat = ChatService(
            ConversationStore(database, SystemClock()),
            ScriptedRoute(scripted),
            Bus(),
            SystemClock(),
            grounds=Grounding(lambda: desk, lambda _model: ""),
        )
        folders = chat.known_folders(["Sea"])
        return chat.send(None, question, quiet_job(), Options(folders=folders)).message.sources
    finally:
        database.close()


@pytest.mark.parametrize(
    ("question", "answer", "name", "page"),
    [
        ("How deep is the harbour of Ostend?", "The harbour of Ostend is 8.2 metres deep [1].", "harbour.md", None),
        ("How many cabins has the tug Marta?", "The tug Marta has 4 cabins [1].", "ships.pdf", 2),
        ("When did the pilots meet?", "The pilots met on 3 May 2021 [1].", "report.docx", None),
        ("What is the tide of Dover?", "The tide in Dover is 6.1 metres [1].", "tides.csv", None),
        ("Wie hoch ist das Leuchtfeuer?", "Das Leuchtfeuer ist 57 Meter hoch [1].", "umlaut.txt", None),
    ],
)
def test_every_citation_slices_what_was_read_of_its_file(
    desk: DocumentDesk, tmp_path: Path, question: str, answer: str, name: str, page: int | None
) -> None:
    sources = _ask(desk, tmp_path, question, answer)
    assert sources.passages
    for passage in sources.passages:
        document = desk.find_document(Path(passage.path))
        assert document is not None
        read = desk.text(document.id)
        assert read.text[passage.start : passage.end] == passage.text
        assert passage.sha256 == document.sha256
    first = sources.passages[0]
    assert (first.name, first.page) == (name, page)
    assert [(one.number, one.verdict) for one in sources.citations] == [(1, Verdict.SUPPORTED)], sources.citations


def test_a_changed_number_is_marked_over_the_whole_path(desk: DocumentDesk, tmp_path: Path) -> None:
    sources = _ask(desk, tmp_path, "How many cabins has the ferry Isabella?", "The ferry Isabella has 430 cabins [1].")
    assert [one.verdict for one in sources.citations] == [Verdict.CHANGED]
    assert "430" in sources.citations[0].reason


def test_no_control_token_of_a_real_vocabulary_survives_in_a_document(
    tiny_gpt_oss: Path, tiny_qwen3moe: Path, tiny_gemma4: Path
) -> None:
    """Engines read such tokens in a prompt as their template's own: none may come from a document."""
    from gguf import GGUFReader

    control = 3
    for model in (tiny_gpt_oss, tiny_qwen3moe, tiny_gemma4):
        fields = GGUFReader(model).fields
        texts, kinds = fields["tokenizer.ggml.tokens"], fields["tokenizer.ggml.token_type"]
        tokens = [
            bytes(texts.parts[text]).decode("utf-8", "replace")
            for text, kind in zip(texts.data, kinds.data, strict=True)
            if int(kinds.parts[kind][0]) == control
        ]
        assert len(tokens) > 2
        assert [token for token in tokens if token in harmless(f"before {token} after", numbers=True)] == []
