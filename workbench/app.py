"""The composition root: builds the parts, fills the ports, owns the lifetimes."""

from __future__ import annotations
