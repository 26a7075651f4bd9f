"""How long a health record must be kept in each place, and the first day on which it may be destroyed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from myotome.errors import FactError, MyotomeError
from myotome.facts.kept import Table, kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import rows

HERE = "myotome.clinic.retention"
CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")  # ISO 3166-2, or the country where one rule holds everywhere
LONGEST = 100
ONE_DAY = datetime.timedelta(days=1)


class RetentionError(MyotomeError):
    """Dates that cannot be true together, or a place whose rule is not known."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What the law or the regulator says, in short, and where that was read."""

    says: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Period:
    """``years`` after the last entry, and not before ``plus_years`` after the age of ``until_age``.

    An age of 0 and 0 years: no rule of their own for children is known.
    """

    code: str
    place: str
    years: int
    until_age: int
    plus_years: int
    adult: Rule
    child: Rule

    @property
    def opened(self) -> bool:
        """True where both rules were read, not remembered or assumed; ``says`` tells if for another profession."""
        return self.adult.provenance.grade == self.child.provenance.grade == "read"

    @property
    def in_words(self) -> str:
        """The rule as it is worked out here, in one sentence."""
        said = f"{self.place}: {self.years} years after the last entry"
        if not self.until_age:
            return f"{said}."
        plus = f"{self.plus_years} year{'s' * (self.plus_years > 1)} after" if self.plus_years else "until"
        return f"{said}, and {plus} the age of {self.until_age}, whichever is later."


@kept
def periods() -> Mapping[str, Period]:
    """The period of every place, by its code.

    Raises:
        FactError: a code that is none, a place twice or with one rule only, or years that cannot be meant.
    """
    adults = {row["code"]: (where, row, provenance) for where, row, provenance in rows(HERE, "periods", "adult")}
    found: dict[str, Period] = {}
    for where, row, provenance in rows(HERE, "periods", "child"):
        code = row["code"]
        if code not in adults or code in found:
            raise FactError(f"{where}: needs exactly one adult row and one child row of '{code}'. Mend the table.")
        found[code] = _period(where, adults[code], row, provenance)
    if left := sorted(set(adults) - set(found)):
        raise FactError(f"periods.toml: no child row for {', '.join(left)}. Add it; 0 and 0 where there is no rule.")
    return Table(found)


def _period(where: str, adult: tuple[str, dict[str, Any], Provenance], child: dict[str, Any], of: Provenance) -> Period:
    row, code = adult[1], child["code"]
    years, until, plus = int(row["years"]), int(child["until_age"]), int(child["plus_years"])
    if not CODE.fullmatch(code) or not 0 < years <= LONGEST or not 0 <= until <= LONGEST or not 0 <= plus <= LONGEST:
        raise FactError(f"{where}: code '{code}', {years} years, age {until} plus {plus}. Codes are ISO 3166-2.")
    adult_rule, child_rule = Rule(row["says"], adult[2]), Rule(child["says"], of)
    return Period(code, row["place"], years, until, plus, adult_rule, child_rule)


def period_of(code: str) -> Period:
    """The period of one place.

    Raises:
        RetentionError: the place is not in the table.
    """
    try:
        return periods()[code]
    except KeyError:
        known = ", ".join(sorted(periods()))
        raise RetentionError(
            f"No retention period is known for '{code}'. Known are {known}. Ask the regulator and add a row."
        ) from None


def due(
    period: Period, last_entry: datetime.date, birth_date: datetime.date | None, today: datetime.date
) -> datetime.date:
    """The first day on which the record may be destroyed: the day after the later of the two periods has run out.

    The rule for children is applied to everybody: a record may begin in childhood and end long after. Who has no
    birth date could have been born on the day of the last entry, so counts as that young.

    Raises:
        RetentionError: the last entry is later than tomorrow, or the birth later than the last entry.
    """
    # A day is allowed for: it can be tomorrow already where the entry was made.
    if last_entry > today + ONE_DAY:
        raise RetentionError(
            f"The last entry is dated {last_entry}, after today, {today}. Set the clock right and ask again."
        )
    if birth_date is not None and birth_date > last_entry:
        raise RetentionError(
            f"The birth date {birth_date} is after the last entry, {last_entry}. Correct the birth date first."
        )
    by_entry = later_by(last_entry, period.years)
    by_age = later_by(birth_date or last_entry, period.until_age + period.plus_years)
    return max(by_entry, by_age) + ONE_DAY


def later_by(day: datetime.date, years: int) -> datetime.date:
    """The same day some years later; 29 February becomes 1 March where there is none, never a day too early."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return datetime.date(day.year + years, 3, 1)
