"""How long a record is kept: the table, and the first day on which it may be destroyed."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myotome.clinic.retention.periods import RetentionError, due, later_by, period_of, periods

DAY = datetime.timedelta(days=1)
EVERY = sorted(periods().values(), key=lambda period: period.code)
PERIODS = st.sampled_from(EVERY)
DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2150, 12, 31))
TODAY = datetime.date(2200, 1, 1)


@st.composite
def lives(draw):
    """A birth and an entry on or after it."""
    born, entry = sorted((draw(DAYS), draw(DAYS)))
    return born, entry


def age_on(day, born):
    """Whole years as people count them; whoever was born on 29 February turns on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@given(PERIODS, lives())
def test_never_before_the_years_and_the_age_have_passed(period, life):
    """Counted the other way round: on the day before, the period of the law has not yet run out a full day."""
    born, entry = life
    day = due(period, entry, born, TODAY)
    assert age_on(day - DAY, entry) >= period.years, "the years since the last entry"
    assert age_on(day - DAY, born) >= period.until_age + period.plus_years, "the age"


@given(PERIODS, lives())
def test_not_kept_a_day_longer_than_it_must_be(period, life):
    """Destroy when no longer needed: two days before, one of the two has not been reached."""
    born, entry = life
    day = due(period, entry, born, TODAY) - 2 * DAY
    assert age_on(day, entry) < period.years or age_on(day, born) < period.until_age + period.plus_years


@given(PERIODS, DAYS, DAYS, st.one_of(st.none(), DAYS))
def test_a_later_entry_never_makes_it_due_earlier(period, one, other, born):
    first, second = sorted((one, other))
    if born is not None and born > first:
        born = first
    assert due(period, first, born, TODAY) <= due(period, second, born, TODAY)


@given(PERIODS, lives())
def test_an_unknown_birth_is_never_due_before_a_known_one(period, life):
    born, entry = life
    assert due(period, entry, None, TODAY) >= due(period, entry, born, TODAY)


@given(PERIODS, DAYS)
def test_an_unknown_birth_counts_as_the_latest_that_can_be(period, entry):
    assert due(period, entry, None, TODAY) == due(period, entry, entry, TODAY)


@given(PERIODS, lives(), st.integers(0, 400))
def test_the_day_of_asking_does_not_change_the_answer(period, life, later):
    born, entry = life
    asked = entry + datetime.timedelta(days=later)
    assert due(period, entry, born, asked) == due(period, entry, born, TODAY)


@given(DAYS, st.integers(0, 100))
def test_years_later_is_the_same_day_or_the_first_of_march(day, years):
    found = later_by(day, years)
    assert found.year == day.year + years
    same = (found.month, found.day) == (day.month, day.day)
    assert same or ((day.month, day.day), (found.month, found.day)) == ((2, 29), (3, 1))


@pytest.mark.parametrize(
    ("code", "entry", "born", "expected"),
    [
        ("CA-BC", "2020-05-01", "1970-01-01", "2036-05-02"),
        ("CA-BC", "2020-05-01", "2010-06-15", "2045-06-16"),  # 19 on 2029-06-15, and 16 years
        ("CA-BC", "2020-02-29", "1970-01-01", "2036-03-01"),  # 2036 has a 29 February
        ("CA-ON", "2020-02-29", "1970-01-01", "2030-03-02"),  # 2030 has none: 1 March, and a day
        ("GB-ENG", "2020-05-01", "2002-05-20", "2028-05-21"),  # 17 at the last entry: until 26
        ("GB-ENG", "2020-05-01", "2002-05-01", "2028-05-02"),  # 18 that day: both rules agree
        ("GB-SCT", "2020-05-01", "2001-05-01", "2027-05-02"),  # 19, yet may have come as a child
        ("AU-NSW", "2020-05-01", "2020-02-29", "2045-03-02"),  # born on a leap day
        ("NZ", "2020-05-01", "2019-05-01", "2030-05-02"),  # no rule of their own for children
        ("US-CA", "2020-05-01", None, "2039-05-02"),  # may have been born that day
        ("US-NY", "2020-05-01", "2004-05-02", "2026-05-03"),
    ],
)
def test_worked_examples(code, entry, born, expected):
    known = datetime.date.fromisoformat(born) if born else None
    found = due(period_of(code), datetime.date.fromisoformat(entry), known, TODAY)
    assert found == datetime.date.fromisoformat(expected)


def test_an_entry_after_today_is_refused_and_tomorrow_is_not():
    """The clock may have been set back; a day of difference is the time zone."""
    today = datetime.date(2026, 11, 21)
    assert due(period_of("NZ"), today + DAY, None, today)
    with pytest.raises(RetentionError, match=r"dated 2026-11-23, after today, 2026-11-21\. Set the clock right"):
        due(period_of("NZ"), today + 2 * DAY, None, today)


def test_a_birth_after_the_last_entry_is_refused():
    with pytest.raises(RetentionError, match=r"birth date 2026-11-22 is after the last entry, 2026-11-21\. Correct"):
        due(period_of("NZ"), datetime.date(2026, 11, 21), datetime.date(2026, 11, 22), TODAY)


def test_an_unknown_place_is_refused_with_those_that_are_known():
    with pytest.raises(RetentionError, match=r"'XX-YY'\. Known are AU-NSW, .*US-VA\. Ask the regulator"):
        period_of("XX-YY")


def test_the_places_asked_for_are_there():
    asked = {
        "CA-BC",
        "CA-AB",
        "CA-ON",
        "GB-ENG",
        "GB-SCT",
        "IE",
        "DE",
        "AU-NSW",
        "AU-VIC",
        "NZ",
        "US-VA",
        "US-KS",
        "US-CA",
    }
    assert asked <= set(periods())
    assert sum(code.startswith("CA-") for code in periods()) >= 6


@pytest.mark.parametrize("period", EVERY, ids=lambda period: period.code)
def test_each_rule_is_said_in_words_with_its_numbers(period):
    assert str(period.years) in period.in_words
    assert not period.until_age or f"the age of {period.until_age}" in period.in_words
    assert period.adult.says.endswith(".")
    assert period.child.says.endswith(".")


def test_what_was_not_opened_is_known_as_such():
    assert {code for code, period in periods().items() if not period.opened} == {"CA-MB", "CA-NS", "CA-QC", "GB-SCT"}


def test_words_of_a_rule_without_and_with_an_age():
    assert period_of("NZ").in_words == "New Zealand: 10 years after the last entry."
    assert period_of("US-CA").in_words == (
        "California: 7 years after the last entry, and 1 year after the age of 18, whichever is later."
    )
