"""Imported to have the units read before the first calculation needs them."""

from __future__ import annotations

from workbench.tools.builtin.calculating.measures import registry

registry()
