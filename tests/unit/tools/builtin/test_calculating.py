"""Expressions are calculated exactly; what is hostile is refused before it costs anything."""

from __future__ import annotations

import math
import re
from datetime import datetime
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workbench.tools.builtin.calculate import calculation
from workbench.tools.builtin.calculating import functions, numbers
from workbench.tools.builtin.calculating.evaluating import calculated
from workbench.tools.builtin.calculating.telling import told
from workbench.tools.builtin.calculating.values import MOST_WORK, CalculationError, Number, Work

NOW = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001 - local, as it is handed in


def result(expression: str) -> str:
    """What is told of it, without the expression and the notes."""
    return told(calculated(expression, NOW, Work()))


ARITHMETIC = {
    "0.1 + 0.2": "= 0.3",
    "1/3": "= 1/3 ≈ 0.333333333333333",
    "(2+3)*4^2/7": "= 80/7 ≈ 11.4285714285714",
    "2**100": "= 1267650600228229401496703205376",
    "-2^2": "= -4",
    "2^3^2": "= 512",
    "2^-3": "= 0.125",
    "10 - 4 - 3": "= 3",
    "6/2(1+2)": "= 9",
    "2(3+4)": "= 14",
    "--3": "= 3",
    "5!": "= 120",
    "12²": "= 144",
    "7 // 2": "= 3",
    "-7 mod 3": "= 2",
    "17 % 5": "= 2",
    "15% of 80": "= 12",
    "150 + 20%": "= 180",
    "200 - 10%": "= 180",
    "20% + 30%": "= 50% (as a number 0.5)",
    "0.75 in percent": "= 75% (as a number 0.75)",
    "1,234,567 * 2": "= 2469134",
    "max(1,234)": "= 234",
    "1e3": "= 1000",
    "0xff + 0b1": "= 256",
    "255 in hex": "= 0xff",
    "2 million / 4": "= 500000",
    "3 × 4 − 2": "= 10",
    "2+2=?": "= 4",
    "4^0.5": "= 2",
    "8^(2/3)": "= 4",
    "sqrt(16/9)": "= 4/3 ≈ 1.33333333333333",
    "sqrt(2)": "≈ 1.4142135623731",
    "√2 * √2": "≈ 2",
    "root(3, -8)": "= -2",
    "sin(pi/6)": "≈ 0.5",
    "sin(pi)": "≈ 0",
    "cos(0)": "= 1",
    "ln(e)": "≈ 1",
    "log(1000)": "= 3",
    "log2(1024)": "= 10",
    "atan(1) * 4 - pi": "≈ 0",
    "round(2.345, 2)": "= 2.35",
    "round(-2.5)": "= -3",
    "mean(1, 2, 3, 4)": "= 2.5",
    "median(3, 1, 2)": "= 2",
    "stdev(2, 4, 4, 4, 5, 5, 7, 9)": "≈ 2.1380899352994",
    "gcd(12, 18) + lcm(4, 6)": "= 18",
    "sum([1, 2, 3])": "= 6",
    "math.sqrt(9)": "= 3",
    "math.log(10)": "≈ 2.30258509299405",
    "math.log(8, 2)": "= 3",
    "comb(52, 5)": "= 2598960",
    "1000 * (1 + 3.5%/12)^(12*10)": "≈ 1418.34482228688",
    "3000! / 2999!": "= 3000",
    "1e5000": "≈ 1e+5000 (5,001 digits)",
}
UNITS = {
    "5 miles to km": "= 8.04672 kilometer",
    "60 km/h in m/s": "≈ 16.6666666666667 meter/second",
    "100 km / 2 h": "= 50 kilometer/hour",
    "60 km/h * 90 min": "= 90 kilometer",
    "20 °C in °F": "= 68 degree Fahrenheit",
    "-40 F in C": "= -40 degree Celsius",
    "5 ft 3 in in cm": "= 160.02 centimeter",
    "5 in in cm": "= 12.7 centimeter",
    "2 m^2 in cm^2": "= 20000 centimeter^2",
    "3 m2 + 1 m²": "= 4 meter^2",
    "10 kg * 9.81 m/s^2 in N": "= 98.1 newton",
    "5 GB / (100 Mbit/s)": "= 400 second",
    "10 km / 2 km": "= 5",
    "sum(1 m, 20 cm)": "= 1.2 meter",
    "sin(30 deg)": "≈ 0.5",
    "3/4 inch in mm": "= 19.05 millimeter",
    "1 1/2 ft in inch": "= 18 inch",
    "120 m - 25%": "= 90 meter",
}
DATES = {
    "2026-03-01 + 45 days": "= 2026-04-15 (Wednesday)",
    "45 days + 2026-03-01": "= 2026-04-15 (Wednesday)",
    "2026-01-31 + 1 month": "= 2026-02-28 (Saturday)",
    "2024-02-29 + 1 year": "= 2025-02-28 (Friday)",
    "2026-03-01 - 1 week": "= 2026-02-22 (Sunday)",
    "2026-12-24 - 2026-03-01": "= 298 day",
    "days between 2026-03-01 and 2026-12-24": "= 298 day",
    "months between 2026-01-15 and 2026-04-14": "= 2 month",
    "years between 1990-05-04 and today": "= 36 year",
    "days until 2026-12-24": "= 31 day",
    "weekday(2026-03-01)": "= Sunday",
    "weekday of March 1, 2026": "= Sunday",
    "week(2026-12-31)": "= 2026-W53",
    "1 March 2026 + 2 weeks": "= 2026-03-15 (Sunday)",
    "31.12.2026 - today": "= 38 day",
    "2026-03-01 14:30 + 95 min": "= 2026-03-01 16:05 (Sunday)",
    "2026-03-29 12:00 - 2026-03-28 06:30": "= 29.5 hour",
    "tomorrow": "= 2026-11-24 (Tuesday)",
    "2 weeks after 2026-03-31": "= 2026-04-14 (Tuesday)",
    "1 month before 2026-03-31": "= 2026-02-28 (Saturday)",
    "now + 3 hours": "= 2026-11-23 15:00 (Monday)",
}


@pytest.mark.parametrize(("expression", "expected"), [*ARITHMETIC.items(), *UNITS.items(), *DATES.items()])
def test_results(expression: str, expected: str) -> None:
    assert result(expression) == expected


REFUSED = {
    "": "nothing to calculate",
    "1/0": "divided by zero",
    "0^-1": "divided by zero",
    "(-8)^(1/3)": "no real power",
    "2 +": "A number is missing at the end",
    "(2": "')' is missing",
    "2 3": "operator is missing",
    "foo + 1": "'foo' is no unit, function or constant",
    "sqrt(1, 2)": "sqrt takes 1 numbers, not 2",
    "$80 * 15%": "is money",
    "80 EUR in USD": "is money",
    "5 kg + 3 m": "kilogram and meter do not go together",
    "3 m in kg": "do not go together",
    "20 °C * 2 + 5 °C": "Temperatures",
    "2026-02-30": "There is no date 2026-02-30",
    "3/1/2026": "Write the date 3/1/2026 as",
    "2026-03-01 * 2": "A number is needed here, not a date",
    "2026-03-01 + 5 kg": "Only a time",
    "9999-12-31 + 1 day": "too far away",
    "2026-03-01 + 9000 years": "years 1 to 9999",
    "log(-1)": "above zero",
    "2x + 3 = 7": "equation",
    "12:30 + 45 min": "with its day",
    "2 after 2026-01-01": "A time, such as 2 weeks",
    "asin(2)": "from -1 to 1",
    "(1/2)!": "whole numbers",
    "(-1)!": "from 0",
    "__import__('os').system('id')": "is not understood",
    "today.__class__": "is not understood",
    "lambda: 1": "is not understood",
}
HOSTILE = {
    "9**9**9": "369,693,100 digits",
    "9^9^9^9": "369,693,100 digits",
    "9" * 1_000 + "^" + "9" * 900: "too large",
    "1e99999999": "too large",
    "1e-99999999": "too near to zero",
    "100000!": "digits: too many",
    "9999999999999999999!": "digits: too many",
    "5!!!!": "digits: too many",
    "exp(1e300)": "digits: too many",
    "(" * 900 + "1" + ")" * 900: "nested too deep",
    "√" * 1_900 + "2": "nested too deep",
    "9^" * 900 + "9": "nested too deep",
    "-(" * 600 + "1" + ")" * 600: "nested too deep",
    "1" * 1_000_000: "at most 2,000 characters",
    "(" * 1_000_000: "at most 2,000 characters",
    "comb(1000000, 500000)": "too many digits",
    "sin(1e4000)": "angle is too large",
    "round(1, 99999)": "at most 1,000 places",
    "km^1000": "whole powers up to 12",
    "1e4999 in hex": "at most 300 digits",
    "*".join(["7000!"] * 200): "digits: too many",
    "+".join(f"1/{n}!" for n in range(900, 1_100)): "too long to calculate",
}


@pytest.mark.parametrize(("expression", "because"), [*REFUSED.items(), *HOSTILE.items()])
def test_what_cannot_be_calculated_is_told_in_a_sentence(expression: str, because: str) -> None:
    work = Work()
    with pytest.raises(CalculationError) as refused:
        told(calculated(expression, NOW, work))
    assert because in refused.value.message
    assert work.spent <= MOST_WORK + 2**17


def test_what_was_understood_in_one_of_several_ways_is_said() -> None:
    assert calculation("17 % 5", NOW) == "17 % 5 = 2 (% was taken for the remainder of a division)"
    assert "from what stands before it" in calculation("150 + 20%", NOW)
    assert "radians" in calculation("sin(1)", NOW)
    assert "radians" not in calculation("sin(30°)", NOW)
    assert calculation("2026-12-24 - 2026-03-01", NOW).endswith("(9 months 23 days, or 42 weeks 4 days)")


def test_a_long_expression_is_not_repeated_whole() -> None:
    assert len(calculation("1+" * 600 + "1", NOW)) < 400


# Against fractions ----------------------------------------------------------------------------------------------------

Written = tuple[str, Fraction]
WHOLE = st.integers(0, 10**12).map(lambda n: (str(n), Fraction(n)))
DECIMAL = st.decimals(0, 10**6, places=4).map(lambda d: (f"{d:f}", Fraction(d)))


def _combined(parts: tuple[Written, str, Written]) -> Written:
    (one, left), sign, (other, right) = parts
    text = f"({one} {sign} {other})"
    match sign:
        case "+":
            return text, left + right
        case "-":
            return text, left - right
        case "*":
            return text, left * right
        case _:
            return (text, left / right) if right else (f"({one} + {other})", left + right)


def _powered(parts: tuple[Written, int]) -> Written:
    (one, value), exponent = parts
    exponent = exponent if value else abs(exponent)
    return f"({one})^({exponent})", value**exponent


EXPRESSIONS = st.recursive(
    st.one_of(WHOLE, DECIMAL),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(_combined),
        st.tuples(inner, st.integers(-4, 4)).map(_powered),
        inner.map(lambda one: (f"-({one[0]})", -one[1])),
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(EXPRESSIONS)
def test_arithmetic_is_exact(written: Written) -> None:
    expression, expected = written
    if len(expression) > 1_900 or max(expected.numerator.bit_length(), expected.denominator.bit_length()) > 20_000:
        return
    assert calculated(expression, NOW, Work()) == Number(expected)


@settings(max_examples=50, deadline=None)
@given(st.fractions(min_value=-(10**12), max_value=10**12, max_denominator=10**9))
def test_what_is_told_is_the_number(value: Fraction) -> None:
    shown = told(Number(value)).replace("= ", "").split(" ≈ ")
    exact = Fraction(shown[0].removeprefix("≈ "))
    assert exact == value or shown[0].startswith("≈ ")
    assert abs(Fraction(shown[-1].removeprefix("≈ ")) - value) <= abs(value) * Fraction(1, 10**14)


@settings(max_examples=30, deadline=None)
@given(st.fractions(min_value=Fraction(-30), max_value=30, max_denominator=1_000))
def test_series_agree_with_the_machine(value: Fraction) -> None:
    at = float(value)
    for name, expected in (
        ("sin", math.sin(at)),
        ("cos", math.cos(at)),
        ("atan", math.atan(at)),
        ("exp", math.exp(at)),
    ):
        found = functions.call(name, [Number(value)], Work())
        assert math.isclose(float(found.value), expected, rel_tol=1e-12, abs_tol=1e-12), name


@settings(max_examples=40, deadline=None)
@given(st.fractions(min_value=0, max_value=10**9, max_denominator=10**6), st.integers(2, 9))
def test_a_power_has_its_root(value: Fraction, degree: int) -> None:
    assert numbers.root(numbers.of_int(degree), Number(value**degree), Work()) == Number(value)


PIECES = tuple(
    re.split(
        " ",
        "1 2.5 1e9 ( ) + - * / ^ ! % , of in to m km °C sqrt( sin( max( today 2026-01-31 days between and pi e month"
        " week( mod // ² √ fraction hex percent 10! x $ = ?",
    )
)


@settings(max_examples=120, deadline=None)
@example("1e")
@example("°")
@example("in in-0")
@example("m^m")
@example("(,)")
@example("days between")
@example("5 5 m")
@example("2026-01-01 in days")
@example("1 % %")
@given(
    st.one_of(
        st.text(max_size=40),
        st.lists(
            st.sampled_from(PIECES),
            max_size=14,
        ).map(" ".join),
    )
)
def test_nothing_written_is_more_than_a_refusal(text: str) -> None:
    work = Work()
    try:
        said = told(calculated(text, NOW, work))
    except CalculationError as error:
        said = error.message
    assert said
    assert work.spent <= MOST_WORK + 2**17
