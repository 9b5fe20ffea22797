"""Card numbers: the ranges of the issuers, and the check digit of Luhn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from workbench.cloud.hiding.digits import Group, runs
from workbench.cloud.hiding.found import Found
from workbench.cloud.hiding.redaction import Hidden

SHORTEST, LONGEST = 14, 19
MOST_GROUPS: Final = 5
# First and last of the first six digits, and the lengths that are issued. Visa's old 13 digits are left out: one in ten
# article numbers (EAN) that begin with 4 would be a card.
_ISSUERS: Final = (
    (400000, 499999, (16, 19)),  # Visa
    (510000, 559999, (16,)),  # Mastercard
    (222100, 272099, (16,)),  # Mastercard
    (340000, 349999, (15,)),  # American Express
    (370000, 379999, (15,)),
    (601100, 601199, (16, 19)),  # Discover
    (644000, 659999, (16, 19)),
    (300000, 305999, (14,)),  # Diners Club
    (360000, 369999, (14,)),
    (380000, 399999, (14, 16)),
    (352800, 358999, (16,)),  # JCB
    (620000, 629999, (16, 17, 18, 19)),  # UnionPay
    (500000, 509999, (16, 19)),  # Maestro
    (560000, 589999, (16, 19)),
    (670000, 679999, (16, 18, 19)),
)


def cards(text: str) -> Iterator[Found]:
    """Each card number, written in one piece or in groups."""
    for groups in runs(text, SHORTEST):
        place = 0
        while place < len(groups):
            length = _card_at(groups, place)
            if length:
                yield Found(groups[place].start, groups[place + length - 1].end, Hidden.CARD)
            place += max(1, length)


def is_card(digits: str) -> bool:
    """Whether an issuer has numbers of this range and length, and the check digit is right."""
    if not SHORTEST <= len(digits) <= LONGEST:
        return False
    first = int(digits[:6])
    return any(low <= first <= high and len(digits) in lengths for low, high, lengths in _ISSUERS) and _luhn(digits)


def _card_at(groups: list[Group], place: int) -> int:
    """How many groups from ``place`` on are a card number; 0 for none."""
    digits = ""
    for count, group in enumerate(groups[place : place + MOST_GROUPS], 1):
        if len(digits) + len(group.digits) > LONGEST:
            return 0
        digits += group.digits
        if is_card(digits) and (count == 1 or _grouped(groups[place : place + count])):
            return count
    return 0


def _grouped(groups: list[Group]) -> bool:
    """As on cards: groups of four, or 4-6-5 and 4-6-4."""
    lengths = [len(group.digits) for group in groups]
    return lengths[:-1] in ([4, 6], [4] * (len(lengths) - 1))


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
