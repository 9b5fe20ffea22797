"""How often and how long a download tries again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.models.fetching.transfer import TransientDownloadError


@dataclass(frozen=True, slots=True)
class Patience:
    """Tries in a row that brought nothing, and the seconds waited between tries: doubled each time up to ``longest_wait``.

    A server that asks for a longer wait than ``longest_asked`` is not waited for.
    """

    attempts: int = 5
    first_wait: float = 1.0
    longest_wait: float = 60.0
    longest_asked: float = 60.0

    def wait_after(self, error: TransientDownloadError, failures: int) -> float:
        """Seconds to wait after so many failures in a row. Raises ``error`` when it is no use."""
        if failures >= self.attempts or (error.retry_after or 0) > self.longest_asked:
            raise error
        doubled: float = self.first_wait * 2 ** (failures - 1)
        return min(doubled, self.longest_wait) if error.retry_after is None else error.retry_after


USUAL = Patience()  # somebody is waiting for it
PATIENT = Patience(attempts=60, longest_asked=3600.0)  # nobody watches: about an hour without a new byte
