"""Names in the order in which people look for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ordering import natural_key


@pytest.mark.parametrize(
    "names",
    [
        ["Step 1", "Step 2", "Step 10", "Step 11"],
        ["1", "2", "10", "a"],
        ["Apfel", "Äpfel", "Birne", "zebra", "Zug"],
        ["2024-9", "2024-10", "2024-10-1"],
        ["a", "A1", "a01b", "a2"],
        ["", "1" * 5000, "1" * 5001],
        ["v1.9.2", "v1.10"],
    ],
)
def test_as_a_person_would_put_them(names: list[str]) -> None:
    names_backwards = names[::-1]
    assert sorted(names_backwards, key=natural_key) == names


@given(st.lists(st.text(alphabet="aÄ0019٣² -")))
def test_any_names_have_one_order(names: list[str]) -> None:
    backwards = names[::-1]
    ordered = sorted(names, key=natural_key)
    assert ordered == sorted(backwards, key=natural_key)
    assert sorted(ordered) == sorted(names)
