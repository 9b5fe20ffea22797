"""`workbench engines install llama-cpp-python`: how it would be installed, and how far that is."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.engine.runtimes.builds import WORKER
from workbench.jobs import Job, JobEvent
from workbench.models.fetching.progress import DownloadProgress, DownloadStep

if TYPE_CHECKING:
    from workbench.engine.compiling.plan import BuildPlan
    from workbench.engine.runtimes.service import RuntimeService

SECONDS_BETWEEN_LINES = 15.0  # where it is no terminal


def row(plan: BuildPlan) -> tuple[str, ...]:
    """Its line in `engines list`."""
    return (
        WORKER,
        f"{plan.minutes} min",
        f"llama-cpp-python {plan.version}, compiled for {plan.backend}",
        remark(plan),
    )


def remark(plan: BuildPlan) -> str:
    missing = [need.sentence() for need in (plan.python, *plan.needs) if need is not None]
    better = f"Better with {plan.better.sentence()}" if plan.better else ""
    return " ".join(["Missing:", *missing]) if missing else better


def plan_json(plan: BuildPlan) -> dict[str, Any]:
    return {
        "id": WORKER,
        "version": plan.version,
        "backend": plan.backend,
        "minutes": plan.minutes,
        "cmake_args": list(plan.cmake_args),
        "missing": [asdict(need) for need in (plan.python, *plan.needs) if need is not None],
        "better": asdict(plan.better) if plan.better else None,
    }


def fetch(runtimes: RuntimeService, arguments: argparse.Namespace) -> None:
    """Install it and tell how far it is: one JSON object a line, or one line in a terminal."""
    line = _Line()

    def report(event: JobEvent) -> None:
        news = event.payload
        if arguments.json and isinstance(news, DownloadProgress):
            left = news.seconds_left
            output.line({"event": "progress", "share": news.bytes / news.total_bytes, "seconds_left": left})
        elif arguments.json and isinstance(news, DownloadStep):
            output.line({"event": "step", "text": news.text})
        else:
            line.show(news)

    try:
        runtimes.fetch(WORKER, Job(report))
    finally:
        line.end()


class _Line:
    """Progress on stderr: one line written over and over on a terminal, else a new one from time to time."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._step = ""
        self._told_at = float("-inf")
        self._width = 0

    def show(self, news: object) -> None:
        if isinstance(news, DownloadStep):
            self._step = news.text
        if not isinstance(news, DownloadProgress):
            return
        text = f"{WORKER}: {progress_text(self._step, news)}"
        now = time.monotonic()
        if self._live:
            sys.stderr.write(f"\r{text.ljust(self._width)}")
            sys.stderr.flush()
            self._width = len(text)
        elif now - self._told_at >= SECONDS_BETWEEN_LINES:
            self._told_at = now
            output.say(text)

    def end(self) -> None:
        if self._width:
            sys.stderr.write("\n")
            self._width = 0


def progress_text(step: str, progress: DownloadProgress) -> str:
    text = f"{100 * progress.bytes // progress.total_bytes} %, {step}"
    if progress.seconds_left:
        minutes, seconds = divmod(round(progress.seconds_left), 60)
        text += f", {minutes}:{seconds:02} left"
    return text
