"""Which needle a point takes, in words and millimetres, and the tender count with its historical labels."""

import re

import pytest

from myotome.care.examination.case_file import build
from myotome.care.plan.tender_count import groups, tender_count
from myotome.care.points.needle import ceiling_of, needle_for, sizes
from myotome.care.points.point import BUILDS
from myotome.care.points.tables import points
from myotome.care.screening.items import code_of

SHORTEST = sizes()[0][0]
OWN = r"Never deeper than \d+ mm \(.+\)\."
USED = r"No limit was published; a needle of \d+ mm was used here \(.+\)\."
BORROWED = r"No depth was published for this point: stay within \d+ mm, the least published for .+, and go by feel\."
JUDGED = r"Depth by judgement(; keep clear of: .+)?\."
AWAY = r"( Keep clear of: [^.]+\.)?"
SHORT = rf"( The shortest needle has {SHORTEST} mm: nothing but the fingers holds it back\.)?"
EVERY = [(name, build) for name in points() for build in (*BUILDS, None)]


def test_every_needle_in_one_of_four_wordings():
    seen = dict.fromkeys((OWN, USED, BORROWED, JUDGED), 0)
    for name, build_ in EVERY:
        needle = needle_for(name, build_)
        (said,) = [w for w in seen if re.fullmatch(w + ("" if w == JUDGED else AWAY + SHORT), needle.words)]
        seen[said] += 1
        assert needle.own == (said in (OWN, USED)), (name, needle)
        assert (needle.ceiling_mm is None) == (said == JUDGED)
        assert bool(needle.source) == (said != JUDGED)
        assert (needle.length_mm is None) == (needle.ceiling_mm is None or needle.ceiling_mm < SHORTEST)
        assert (needle.text == "by judgement") == (needle.length_mm is None)
        assert ("The shortest needle" in needle.words) == (said != JUDGED and needle.length_mm is None)
    assert min(seen.values()) >= 10, seen


def test_no_needle_reaches_beyond_its_limit_or_a_measured_danger():
    """Nor does a thinner person get a longer needle, nor one whose build is not known than anyone."""
    tight = 0
    for name, build_ in EVERY:
        needle, point = needle_for(name, build_), points()[name]
        if needle.length_mm is None:
            continue
        assert needle.length_mm <= needle.ceiling_mm
        for danger in point.reads("to structure", build_ or "lean"):
            tight += 1
            assert needle.length_mm <= danger.mm, (name, build_, danger)
            assert needle.own or needle.length_mm < danger.mm, "a borrowed limit stays short of it"
        if not point.specialist or needle.own:
            thicker = BUILDS[BUILDS.index(build_) :] if build_ else BUILDS
            lengths = [needle_for(name, b).length_mm for b in thicker if ceiling_of(point, b)]
            assert not needle.own or all(length is None or needle.length_mm <= length for length in lengths)
    assert tight >= 10


def test_where_nothing_was_published_a_specialist_point_has_no_number():
    unmeasured = [p for p in points().values() if p.specialist and ceiling_of(p, None) is None]
    assert len(unmeasured) >= 10
    for point in unmeasured:
        needle = needle_for(point.name, None)
        assert not re.search(r"\d", needle.words)
        assert (needle.length_mm, needle.gauge_mm, needle.ceiling_mm, needle.source) == (None, None, None, "")


def test_unknown_point():
    with pytest.raises(KeyError):
        needle_for("no such point", None)


# Tender count


@pytest.mark.parametrize(
    ("tender", "group"),
    [(0, "none"), (1, "A"), (4, "A"), (5, "B"), (8, "B"), (9, "C"), (12, "C"), (13, "D"), (16, "D")],
)
def test_groups_of_the_tender_count(tender, group):
    visit = build({"screening": {"consent": "yes"}, "visit": {"tender_points": tender}}, code_of).visit
    found = tender_count(visit.tender_points)
    assert (found.tender, found.group) == (tender, group)
    assert found.label == "historical practitioner's label; not validated, no diagnosis, no forecast"


def test_tender_count_claims_nothing_of_its_own():
    assert tender_count(None) is None
    assert tender_count(0).words == "No test point was tender."
    assert all(words.startswith("said to ") for _, _, _, words in groups())
