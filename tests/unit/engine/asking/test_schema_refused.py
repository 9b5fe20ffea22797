"""A schema that the engine can make nothing of is the asker's mistake."""

from __future__ import annotations

import pytest

from workbench.api.faults import FAULTS
from workbench.cli import output
from workbench.engine.asking import wire

SAID = "JSON schema error at #/properties/a: cannot resolve $ref #/nope, nope not found"


@pytest.mark.parametrize(
    "before", ["", "Unable to generate parser for this template. Automatic parser generation failed: "]
)
def test_a_schema_that_cannot_be_used_is_told_as_a_mistake_of_who_asked(before: str) -> None:
    error = wire.failure({"error": {"code": 400, "message": before + SAID}}, "", 400)
    assert output.exit_code(error) == output.USAGE
    assert "cannot resolve $ref #/nope" in error.message
    assert "parser" not in error.message
    assert "doctor" not in error.hint
    assert next(status for kind, status, *_rest in FAULTS if isinstance(error, kind)) == 400
