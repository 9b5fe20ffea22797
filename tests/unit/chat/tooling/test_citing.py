"""What tools found is cited like passages: numbered on, checked, and kept from strangers where it is private."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.backend import calling
from tests.fakes.document_folders import FakeDocuments
from tests.fakes.turn_tools import spec
from tests.unit.chat.tooling.scene import Make
from workbench.chat.asking.options import Options
from workbench.chat.events import SourcesFound
from workbench.chat.grounding.grounding import Grounding
from workbench.errors import RefusedError
from workbench.messages import Passage, Verdict
from workbench.tools.tool import Call, Harm, Outcome

LOOK = spec("look")
TIDES = "The tide at Brest rises by 7 metres in spring."


def find(_arguments: Mapping[str, Any], call: Call) -> Outcome:
    number = call.first_number
    passage = Passage(number, "https://example.org/tides", "", "", 0, len(TIDES), TIDES)
    return Outcome(f"[{number}] Tides\n{TIDES}", (passage,), untrusted=True)


def private(arguments: Mapping[str, Any], call: Call) -> Outcome:
    found = find(arguments, call)
    return replace(found, passages=(replace(found.passages[0], private=True),))


@pytest.fixture
def documents(tmp_path: Path) -> FakeDocuments:
    return FakeDocuments()


def grounds(documents: FakeDocuments, strangers: list[str]) -> Grounding:
    return Grounding(lambda: documents, lambda _model: strangers[0] if strangers else "")


LOOKS = calling(("look", '{"text": "tide"}'))


def test_what_a_tool_found_can_be_cited_and_is_checked(make: Make, documents: FakeDocuments) -> None:
    wrong = "The tide at Brest rises by 9 metres in spring [1]."
    scene = make(
        LOOKS,
        "The tide at Brest rises by 7 metres in spring [1].",
        wrong,
        tools={LOOK: find},
        grounds=grounds(documents, []),
    )
    answer = scene.ask("How high is the tide?").message
    (citation,) = answer.sources.citations
    assert (citation.number, citation.verdict) == (1, Verdict.SUPPORTED)
    assert answer.text[citation.start : citation.end] == "[1]"
    assert answer.sources.passages == ()  # it stands with its result
    assert [passage.number for passage in answer.passages] == [1]
    assert [len(event.sources.citations) for event in scene.news if isinstance(event, SourcesFound)] == [1]
    later = scene.ask("How high again?").message
    assert later.sources.citations[0].verdict is Verdict.CHANGED
    assert [passage.number for passage in later.sources.passages] == [1]
    assert "Passages from my files" not in str(scene.scripted.requests[-1].messages)


def test_numbers_go_on(make: Make, documents: FakeDocuments) -> None:
    again = calling(("look", '{"text": "other"}'), ids=["b"])
    scene = make(LOOKS, again, "Both [1][2].", LOOKS, "More [3].", tools={LOOK: find}, grounds=grounds(documents, []))
    scene.ask()
    scene.ask()
    assert [call.first_number for call in scene.tools.given] == [1, 2, 3]


def test_numbers_go_on_after_the_passages_of_the_question(make: Make, documents: FakeDocuments, tmp_path: Path) -> None:
    folder = documents.add(tmp_path).id
    documents.put(folder, "sea.txt", "The tide comes twice a day.")
    scene = make(LOOKS, "Twice [1], by 7 metres [2].", tools={LOOK: find}, grounds=grounds(documents, []))
    answer = scene.chat.send(None, "When is the tide?", scene.job(), Options(folders=(folder,)))
    assert scene.tools.given[0].first_number == 2
    assert [passage.number for passage in answer.message.sources.passages] == [1]
    assert [citation.number for citation in answer.message.sources.citations] == [1, 2]


def test_what_is_private_in_a_result_goes_to_no_stranger(make: Make, documents: FakeDocuments) -> None:
    strangers: list[str] = []
    scene = make(LOOKS, "Seven [1].", "Well.", tools={LOOK: private}, grounds=grounds(documents, strangers))
    scene.ask()
    strangers.append("a machine of others")
    with pytest.raises(RefusedError):
        scene.ask("And now?")
    assert len(scene.scripted.requests) == 2


def test_an_answer_that_goes_on_is_not_searched_for_anew(make: Make, documents: FakeDocuments, tmp_path: Path) -> None:
    folder = documents.add(tmp_path).id
    documents.put(folder, "sea.txt", "Nothing of use.")
    put = spec("put", Harm.WRITE)
    scene = make(calling(("put", '{"text": "a"}')), "Done.", tools={put: find}, grounds=grounds(documents, []))
    answer = scene.ask("Where is the harbour?")
    scene.chat.set_folders(scene.conversation, (folder,))
    asked = len(documents.asked)
    scene.consents.accept(scene.waiting()[0].id)
    scene.chat.resume(answer.id, scene.job())
    assert len(documents.asked) == asked
