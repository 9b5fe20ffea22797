"""Chats by day, as people look for them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from operator import attrgetter

from ui.translation import marked, tr
from workbench.chat.tree import ConversationSummary

PINNED = marked("Pinned")
TODAY, YESTERDAY, THIS_WEEK = marked("Today"), marked("Yesterday"), marked("This week")
MONTHS = (
    marked("January"),
    marked("February"),
    marked("March"),
    marked("April"),
    marked("May"),
    marked("June"),
    marked("July"),
    marked("August"),
    marked("September"),
    marked("October"),
    marked("November"),
    marked("December"),
)


def day_label(then: date, today: date) -> str:
    """Today, Yesterday, This week (the last seven days), then month and year. The future counts as today."""
    days = (today - then).days
    if days <= 0:
        return tr(TODAY)
    if days == 1:
        return tr(YESTERDAY)
    if days < 7:
        return tr(THIS_WEEK)
    month = tr(MONTHS[then.month - 1])
    return month if then.year == today.year else tr("{month} {year}").format(month=month, year=then.year)


def by_day(
    chats: Iterable[ConversationSummary], now: datetime
) -> tuple[tuple[str, tuple[ConversationSummary, ...]], ...]:
    """Groups with their labels, newest first; within a group newest first. ``now`` carries the person's time zone."""
    groups: dict[str, list[ConversationSummary]] = {}
    members: list[ConversationSummary] = []
    midnight = float("inf")  # before the day of the last chat: until then nothing is to be computed
    for chat in sorted(chats, key=attrgetter("updated_at"), reverse=True):
        if chat.updated_at < midnight:
            then = datetime.fromtimestamp(chat.updated_at, now.tzinfo)
            midnight = then.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
            members = groups.setdefault(day_label(then.date(), now.date()), [])
        members.append(chat)
    return tuple((label, tuple(members)) for label, members in groups.items())
