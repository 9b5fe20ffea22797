"""Exact arithmetic, units and dates, for expressions that models write. Nothing is ever run as code."""
