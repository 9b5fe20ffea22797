"""The cases that are shipped: that they can be done, that doing nothing or the wrong thing fails them, and their number."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.unit.tools.checking.perfect import call_of, called, said, script
from workbench.cancel import CancelToken
from workbench.checks.schema import check_schema
from workbench.errors import UsageError
from workbench.tools.checking.asking import ask
from workbench.tools.checking.case import Case, Kind
from workbench.tools.checking.reading import all_cases, chosen, fingerprint, spread
from workbench.tools.checking.report import CaseResult

CASES = all_cases()


def answered(case: Case, *answers: object) -> CaseResult:
    return ask(ScriptedBackend(*answers), case, CancelToken(), lambda: 0.0)  # type: ignore[arg-type]


def test_there_are_a_hundred_in_five_kinds_and_three_languages() -> None:
    assert len(CASES) == len({case.id for case in CASES}) == len({case.ask for case in CASES}) == 100
    assert Counter(case.kind for case in CASES) == {
        Kind.PICK: 25,
        Kind.ARGUMENTS: 25,
        Kind.NONE: 20,
        Kind.TWO_STEPS: 15,
        Kind.RECOVERY: 15,
    }
    assert {case.language for case in CASES} == {"en", "de", "fr"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_each_can_be_done(case: Case) -> None:
    """And its schemas are understood, its calls keep to them, and its answer is found."""
    for tool in case.tools:
        check_schema(tool.parameters)
    result = answered(case, *script(case))
    assert (result.passed, result.why) == (True, "")
    assert result.calls == result.valid == len(case.steps)


@pytest.mark.parametrize("case", [case for case in CASES if case.steps], ids=lambda case: case.id)
def test_words_without_a_call_fail_each_that_wants_one(case: Case) -> None:
    assert not answered(case, script(case)[-1]).passed


@pytest.mark.parametrize("case", [case for case in CASES if not case.steps], ids=lambda case: case.id)
def test_a_call_fails_each_that_wants_none(case: Case) -> None:
    tool = case.tools[0].name
    for arguments in ("{}", "{"):
        result = answered(case, called((tool, arguments)), script(case)[-1])
        assert not result.passed
        assert "no tool is needed" in result.why


@pytest.mark.parametrize("case", [case for case in CASES if case.answer], ids=lambda case: case.id)
def test_calls_alone_are_no_answer(case: Case) -> None:
    assert not answered(case, *script(case)[:-1], said("Hm.")).passed


@pytest.mark.parametrize("case", [case for case in CASES if len(case.steps) > 1], ids=lambda case: case.id)
def test_several_calls_may_come_at_once(case: Case) -> None:
    at_once = called(*(call_of(step) for step in case.steps))
    assert answered(case, at_once, script(case)[-1]).passed


def test_some_are_chosen_by_number_kind_or_id() -> None:
    assert chosen("", CASES) == CASES
    assert [case.kind for case in chosen("5", CASES)] == list(Kind)
    assert Counter(case.kind for case in chosen("50", CASES)) == dict.fromkeys(Kind, 10)
    assert {case.kind for case in chosen("recovery", CASES)} == {Kind.RECOVERY}
    assert [case.id for case in chosen("pick-03", CASES)] == ["pick-03"]
    assert len(chosen("9999", CASES)) == 100
    assert sorted(case.id for case in spread(CASES)) == sorted(case.id for case in CASES)
    for wrong in ("0", "-3", "nonsense"):
        with pytest.raises(UsageError, match="no cases"):
            chosen(wrong, CASES)


def test_the_fingerprint_tells_other_cases() -> None:
    assert fingerprint(CASES) == fingerprint(tuple(CASES)) != fingerprint(CASES[1:])
