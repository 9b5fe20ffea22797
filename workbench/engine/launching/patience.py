"""How long a start may take: as long as it makes progress, and no longer."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.engine.launching.log_reader import Cause

SILENT_SECONDS = 30.0
BUSY_SECONDS = 180.0
GAP_SECONDS = 5.0  # it is asked twice a second; a longer pause is a machine that slept, or a process that was stopped
_NOTABLE_BYTES = 1 << 20
_NOTABLE_CPU_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Signs:
    """What a process has done so far. ``read_bytes`` counts mapped pages too: it is the larger of I/O and residence."""

    lines: int = 0
    read_bytes: int = 0
    cpu_seconds: float = 0.0
    private_bytes: int = 0

    @classmethod
    def of(cls, process_id: int, lines: int) -> Signs:
        """Zeros when the process is gone: its end is noticed elsewhere."""
        import psutil

        try:
            process = psutil.Process(process_id)
            with process.oneshot():
                cpu, memory = process.cpu_times(), process.memory_info()
            counters = process.io_counters() if hasattr(process, "io_counters") else None
            read = max(memory.rss, counters.read_bytes if counters else 0)
            return cls(lines, read, cpu.user + cpu.system, private_bytes(process_id))
        except psutil.Error:
            return cls(lines)


def private_bytes(process_id: int) -> int:
    """Memory that would be free if the process ended; 0 when it is gone.

    macOS tells only what is resident, mapped weights included: more, but below any limit that a plan sets.
    """
    import psutil

    try:
        process = psutil.Process(process_id)
        try:
            return int(process.memory_full_info().uss)
        except psutil.AccessDenied:
            return int(process.memory_info().rss)
    except psutil.Error:
        return 0


class Patience:
    """Moves the deadline while there is progress.

    Log lines and bytes read are progress. Computing alone is progress only up to ``busy_seconds``: a template that
    loops for ever computes too.
    """

    def __init__(
        self,
        silent_seconds: float = SILENT_SECONDS,
        busy_seconds: float = BUSY_SECONDS,
        gap_seconds: float = GAP_SECONDS,
    ) -> None:
        self._silent_seconds = silent_seconds
        self._busy_seconds = busy_seconds
        self._gap_seconds = gap_seconds
        self._seen: Signs | None = None
        self._last_sign = 0.0
        self._last_work = 0.0
        self._asked_at: float | None = None

    def complaint(self, signs: Signs, now: float) -> Cause | None:
        """None while there is hope. ``now``: monotonic seconds."""
        self._forgive_sleep(now)
        seen = self._seen
        if seen is None or _advanced(seen, signs):
            self._seen, self._last_sign, self._last_work = signs, now, now
        elif signs.cpu_seconds > seen.cpu_seconds + _NOTABLE_CPU_SECONDS:
            self._seen, self._last_work = Signs(seen.lines, seen.read_bytes, signs.cpu_seconds), now
        if now - self._last_work > self._silent_seconds:
            return Cause(
                f"The engine has made no progress for {self._silent_seconds:.0f} seconds.",
                "Check the disk that the model is on, and try again.",
            )
        if now - self._last_sign > self._busy_seconds:
            return Cause(
                f"The engine has computed for {self._busy_seconds:.0f} seconds without getting further.",
                "The file's chat template may be broken: choose another file of this model.",
            )
        return None

    def _forgive_sleep(self, now: float) -> None:
        """While this process stood still, so did the engine."""
        slept = 0.0 if self._asked_at is None else now - self._asked_at
        self._asked_at = now
        if slept > self._gap_seconds:
            self._last_sign += slept
            self._last_work += slept


def _advanced(seen: Signs, now: Signs) -> bool:
    return now.lines > seen.lines or now.read_bytes >= seen.read_bytes + _NOTABLE_BYTES
