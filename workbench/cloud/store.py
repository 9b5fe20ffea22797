"""Fetched models and prices of the person's own: the only SQL about them."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.cloud.model_json import model_of, model_text, price_of, price_text
from workbench.cloud.provider import CloudModel, Price
from workbench.db import Database


class CloudStore:
    """Lists of models as providers gave them, and prices of the person's own. All raise `StorageError`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def fetched(self) -> tuple[CloudModel, ...]:
        """By name. What cannot be read any more is left out."""
        rows = self._db.rows("SELECT provider, id, model FROM cloud_models ORDER BY provider, id")
        found = (model_of(row["provider"], row["id"], row["model"]) for row in rows)
        return tuple(model for model in found if model is not None)

    def keep_fetched(self, provider_id: str, models: Sequence[CloudModel], at: float) -> None:
        """In the place of what was fetched from it before. ``at``: seconds since 1970."""
        with self._db.write() as tx:
            tx.execute("DELETE FROM cloud_models WHERE provider = ?", (provider_id,))
            for model in models:
                tx.execute(
                    "INSERT INTO cloud_models (provider, id, model, fetched_at) VALUES (?, ?, ?, ?)",
                    (provider_id, model.id, model_text(model), at),
                )

    def forget_provider(self, provider_id: str) -> None:
        """Its lists and prices: they were another address's."""
        with self._db.write() as tx:
            tx.execute("DELETE FROM cloud_models WHERE provider = ?", (provider_id,))
            tx.execute("DELETE FROM cloud_prices WHERE provider = ?", (provider_id,))

    def own_prices(self) -> dict[tuple[str, str], Price]:
        """By provider and model."""
        rows = self._db.rows("SELECT provider, id, price FROM cloud_prices")
        found = {(row["provider"], row["id"]): price_of(row["price"]) for row in rows}
        return {name: price for name, price in found.items() if price is not None}

    def set_own_price(self, provider_id: str, model_id: str, price: Price | None) -> None:
        with self._db.write() as tx:
            tx.execute("DELETE FROM cloud_prices WHERE provider = ? AND id = ?", (provider_id, model_id))
            if price is not None:
                tx.execute(
                    "INSERT INTO cloud_prices (provider, id, price) VALUES (?, ?, ?)",
                    (provider_id, model_id, price_text(price)),
                )
