"""How a turn is run: which model, what it is told first, how long and how freely it answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """How a turn is run. Empty or None: as the settings say, else the backend's default."""

    model: str = ""
    system: str = ""
    max_tokens: int | None = None
    temperature: float | None = None
    seed: int | None = None

    def over(self, defaults: Options) -> Options:
        """These options, with ``defaults`` where they say nothing."""
        return Options(
            self.model or defaults.model,
            self.system or defaults.system,
            self.max_tokens or defaults.max_tokens,
            defaults.temperature if self.temperature is None else self.temperature,
            defaults.seed if self.seed is None else self.seed,
        )


AS_SET = Options()
"""All as the settings say."""
