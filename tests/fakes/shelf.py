"""Folders as a person has them, made up: contracts, papers that are being read, mail in the cloud, a drive that is away."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from tests.fakes.document_folders import PAGE_BREAK, FakeDocuments
from workbench.documents.collection import Collection, FileStatus, Phase, Progress

HOME = Path("/home/ada")
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LEASE = f"""# Rent

The monthly rent is 940 euro. It is due on the third working day of each month; heating is paid apart with 110 euro.
{PAGE_BREAK}# Increases

The landlord may raise the rent once in fifteen months, at most to what is usual in the quarter and by no more than 15 per \
cent in three years, and has to say why in writing.

Small repairs up to 100 euro are the tenant's; rent is reduced while the heating does not work.
{PAGE_BREAK}# Notice

Notice has to be given in writing, three months before the end of a month."""
INCREASE = (
    "From May on the rent will rise to 975 euro. The reason is the rent that is usual in the quarter, see the table."
)
NOTES = "Asked when the rent may rise again: not before August of next year. The letter of May gives its reason."
INSURANCE = "The insurance pays for damage by hail and marten. A rental car is not provided."


def fill(documents: FakeDocuments, place: Path) -> Collection:
    """Attach all of it; returns the contracts. ``place``: an empty folder for folders that must exist for a moment."""
    papers, contracts, archive, mail = (
        _attach(documents, place, name, private=name == "Contracts")
        for name in ("Papers", "Contracts", "Archive", "Mail")
    )
    documents.put(contracts.id, "flat/lease 2021.pdf", LEASE, media_type=PDF, size=310_400, days=-60)
    documents.put(contracts.id, "flat/rent increase.docx", INCREASE, media_type=WORD, size=24_100, days=-20)
    documents.put(
        contracts.id, "flat/talk with the landlord.md", NOTES, media_type="text/markdown", size=1_900, days=-3
    )
    documents.put(contracts.id, "car/insurance.pdf", INSURANCE, media_type=PDF, size=1_204_000)
    documents.put(contracts.id, "car/leasing.pdf", status=FileStatus.FAILED, reason="It has a password.", size=880_000)
    documents.put(
        contracts.id, "flat/kitchen.jpg", status=FileStatus.SKIPPED, reason="Pictures have no text.", size=4_100_000
    )
    documents.put(contracts.id, "old/deposit 2014.pdf", status=FileStatus.IN_CLOUD, size=31_000_000)
    documents.put(contracts.id, "flat/new draft.docx", media_type=WORD, size=18_000)
    reading = Progress(Phase.READING, 1204, 4994, 121.0, 31.3)
    counts = {FileStatus.INDEXED: 1204, FileStatus.WAITING: 3790, FileStatus.SKIPPED: 41}
    documents.show(papers.id, counts=counts, progress=reading, chunks=40_211, embedded=12_000)
    gone = {FileStatus.OFFLINE: 812}
    documents.show(archive.id, counts=gone, problem="The drive is gone.", problem_kind="offline", chunks=9000)
    kept = {FileStatus.INDEXED: 5120, FileStatus.IN_CLOUD: 412}
    documents.show(mail.id, counts=kept, cloud_bytes=1_930_000_000, looked_at=time.time() - 150)
    return contracts


def _attach(documents: FakeDocuments, place: Path, name: str, *, private: bool) -> Collection:
    (place / name).mkdir()
    made = replace(documents.add(place / name, private=private), path=HOME / name)
    documents.show(made.id, collection=made)
    return made
