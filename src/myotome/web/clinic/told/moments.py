"""Days and moments as a page writes them."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

NO_DAY = "not known"


def day(value: datetime.date | str | None) -> str:
    """A day, such as 5 March 2026."""
    if not value:
        return NO_DAY
    found = datetime.date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{found.day} {found:%B %Y}"


def moment(value: str, zone: str) -> str:
    """A moment as it is kept, on the clinic's clock, such as 5 March 2026, 14:05."""
    if not value:
        return NO_DAY
    here = datetime.datetime.fromisoformat(value).astimezone(ZoneInfo(zone))
    return f"{day(here.date())}, {here:%H:%M}"


def age(born: datetime.date | None, today: datetime.date) -> str:
    """How old somebody is; months below two years."""
    if born is None or born > today:
        return ""
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    return f"{months // 12} years" if months >= 24 else f"{months} month{'s' * (months != 1)}"
