"""The stand-in for document folders keeps the promises that others build on."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.document_folders import PAGE_BREAK, FakeDocuments
from workbench.cancel import CancelToken
from workbench.documents.collection import FileStatus
from workbench.documents.retrieval.hit import Query
from workbench.documents.service import Documents


def test_passages_are_pieces_of_the_text_and_stand_on_pages(tmp_path: Path) -> None:
    documents: Documents = (fake := FakeDocuments())
    folder = documents.add(tmp_path, "Papers")
    fake.put(folder.id, "a.pdf", f"# Rent\n\nThe rent is 900 euro.{PAGE_BREAK}Notice: three months.", title="Lease")
    fake.put(folder.id, "b.pdf", status=FileStatus.FAILED, reason="It has a password.")
    (hit,) = documents.search(Query("notice"), CancelToken()).hits
    text = documents.text(hit.document.id)
    assert hit.chunk.text == text.text[hit.chunk.start : hit.chunk.end] == "Notice: three months."
    assert (hit.chunk.page, hit.chunk.text[slice(*hit.marks[0])]) == (2, "Notice")
    assert [section.label for section in text.sections] == ["Page 1", "Page 2"]
    assert documents.state("Papers").counts == {FileStatus.INDEXED: 1, FileStatus.FAILED: 1}
    why = documents.explain(Query("quorum", collections=(folder.id,)), CancelToken())
    assert why.unknown_words == ("quorum",)
    assert [(one.status, one.reason) for one in why.not_searched] == [("failed", "It has a password.")]
