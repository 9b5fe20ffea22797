"""A queue of downloads that moves when the test says so."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from tests.fakes.models import FakeModels, model
from workbench.events import Bus, Topic
from workbench.models.fetching.queue import DownloadItem, DownloadState


@dataclass
class FakeDownloads:
    """A queue that moves only when the test says `step` or `finish`. ``done``: what happened, in order."""

    bus: Bus
    models: FakeModels
    queue: tuple[DownloadItem, ...] = ()
    done: list[tuple[str, str]] = field(default_factory=list)

    def items(self) -> tuple[DownloadItem, ...]:
        return self.queue

    def add(self, reference: str, title: str = "") -> DownloadItem:
        known = next((item for item in self.queue if item.reference == reference), None)
        if known:
            return known
        item = DownloadItem(f"download-{len(self.done)}", reference, title or reference, DownloadState.QUEUED)
        self.done.append(("add", reference))
        self.queue = (*self.queue, item)
        self.bus.publish(Topic.DOWNLOADS)
        return item

    def pause(self, item_id: str) -> None:
        self.change("pause", item_id, state=DownloadState.PAUSED, bytes_per_second=None, seconds_left=None)

    def resume(self, item_id: str) -> None:
        self.change("resume", item_id, state=DownloadState.QUEUED, error="", hint="")

    def cancel(self, item_id: str) -> None:
        self.done.append(("cancel", item_id))
        self.queue = tuple(item for item in self.queue if item.id != item_id)
        self.bus.publish(Topic.DOWNLOADS)

    def clear(self) -> None:
        self.done.append(("clear", ""))
        over = (DownloadState.READY, DownloadState.FAILED)
        self.queue = tuple(item for item in self.queue if item.state not in over)
        self.bus.publish(Topic.DOWNLOADS)

    def start(self) -> None:
        self.done.append(("start", ""))

    def close(self) -> None:
        self.done.append(("close", ""))

    # What the test lets happen ----------------------------------------------------------------------------------------

    def step(self, item_id: str, done: int, total: int, rate: float = 24_000_000.0) -> None:
        """So much has arrived."""
        self.change(
            "step", item_id, state=DownloadState.RUNNING, bytes=done, total_bytes=total, bytes_per_second=rate,
            seconds_left=(total - done) / rate, step="fetching",
        )  # fmt: skip

    def finish(self, item_id: str) -> None:
        """It is on the disk."""
        item = next(item for item in self.queue if item.id == item_id)
        self.models.installed = (*self.models.installed, model(item.title, item.total_bytes or 1_000_000_000))
        self.change("finish", item_id, state=DownloadState.READY, bytes=item.total_bytes or 0)
        self.bus.publish(Topic.MODELS)

    def change(self, what: str, item_id: str, **values: Any) -> None:
        """Change an item as a worker would."""
        self.done.append((what, item_id))
        self.queue = tuple(replace(item, **values) if item.id == item_id else item for item in self.queue)
        self.bus.publish(Topic.DOWNLOADS)
