"""Examinations read off simulated people: the reader finds the disturbed level, and nothing where nothing is."""

from collections import Counter
from functools import cache

import numpy as np
import pytest
import yaml

from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Complaint
from myotome.care.examination.case_file import build, parse
from myotome.care.explanation.numbers import number
from myotome.care.screening.items import code_of
from myotome.care.simulation.person.body import body
from myotome.care.simulation.person.read_off import examination, routine_of
from myotome.care.simulation.routine import item
from myotome.errors import MechanismError
from myotome.mechanism.course import Course
from myotome.mechanism.run import run
from myotome.mechanism.state import ROOT, State
from tests.reading import SIDES, read

ROOTS = [("C5", "left"), ("C6", "right"), ("C7", "left"), ("L4", "right"), ("L5", "left"), ("S1", "right")]
WELL = ("normal", "absent")
FAR = 4.5  # standard deviations: once in 150,000 comparisons by chance


@cache
def ill():
    """One person for each of ROOTS: two weeks of disruption, ten weeks on their own."""
    whole = body()
    cause = np.zeros((2, len(whole.levels), len(ROOTS)))
    for who, root in enumerate(ROOTS):
        cause[0, whole.level(*root), who] = 0.9
    end = run(whole.network, Course(whole.network, 84, [84], cause, edges=[0, 14, 84])).end
    assert (end.levels[ROOT].max(axis=0) > 0.5).all(), (
        "nobody would be chronically ill: the laws below would be vacuous"
    )
    return end


@cache
def treated():
    """The same people after ten weekly sessions of every muscle, and two months more."""
    net = body().network
    needles = np.full((10, net.muscles, 1), -1.0)
    course = Course(net, 130, [130], np.zeros((1, net.levels, 1)), events=np.arange(10) * 7.0, draws=needles)
    return run(net, course, start=ill()).end


def signs(document):
    return [f for f in document["findings"] if f["result"] not in WELL]


def involved(reading):
    """Segments and sides by P(irritated or deficient), likeliest first."""
    chances = {
        (segment, side): 1.0 - float(reading.posterior.states(s)[reading.model.row(segment, 0)])
        for s, side in enumerate(SIDES)
        for segment in reading.model.segments
    }
    return sorted(chances, key=lambda at: -chances[at])


@pytest.mark.parametrize("who", range(len(ROOTS)), ids=[" ".join(r) for r in ROOTS])
def test_the_disturbed_level_is_among_the_likeliest_of_the_reader(who):
    found = examination(body(), ill(), who)
    assert ROOTS[who] in involved(read(found))[:2]
    assert {f["side"] for f in signs(found)} <= {ROOTS[who][1], "both"}
    assert found["complaint"]["side"] == ROOTS[who][1]


def test_clear_roots_are_named_by_the_verdict():
    """Not every root: L4 shares each of its muscles with two others, and the mechanism then weakens none."""
    stated = {}
    for who, (segment, side) in enumerate(ROOTS):
        row = read(examination(body(), ill(), who)).verdict.row
        stated[segment] = row is not None and segment in row.names and row.side == side
    assert sum(stated.values()) >= 4, stated


def healthy():
    """Two people with whom nothing ever was wrong."""
    return State.rest(body().network, 2)


@pytest.mark.parametrize("well", [healthy, treated])
def test_who_is_well_has_no_sign_and_no_root(well):
    state = well()
    for who in range(state.muscles.shape[-1]):
        for complaint in (None, Complaint("It hurts", "left", "lateral forearm")):
            found = examination(body(), state, who, complaint)
            assert len(found["findings"]) > 80
            assert signs(found) == []
        reading = read(found)
        assert reading.verdict.kind in ("none", "local", "indeterminate")
        assert reading.partition.kinds["root"] < 0.05


def test_what_is_read_off_is_a_case_file_and_every_finding_arrives():
    for who in range(len(ROOTS)):
        document = examination(body(), ill(), who, rng=np.random.default_rng(who))
        case = parse(yaml.safe_dump(document, allow_unicode=True).encode(), code_of)
        assert case == build(document, code_of)
        assert len(case.findings) == len(document["findings"])
        assert [f.result for f in case.findings] == [f["result"] for f in document["findings"]]
        assert set(dict(case.screening).values()) == {"yes", "no"}
        assert case.answers["consent"] == "yes"


def test_mistakes_are_as_frequent_as_the_tables_of_the_explanation_say():
    """Of 3000 looks at one place; the results that are no sign take the rest."""
    looks = 3000
    for sign, kind, name, wanted in (
        ("strength", "muscle", "pronator teres", {"weak": "strength weak"}),
        ("tenderness", "paraspinal", "C6", {"present": "paraspinal tenderness present"}),
        ("reflex", "reflex", "brachioradialis reflex", {k: f"reflex {k}" for k in ("absent", "reduced", "brisk")}),
        ("trophic", "segment", "C6", {"coolness": "trophic present"}),
    ):
        for side, rate in (("right", "sensitivity"), ("left", "false positive")):
            look = item(sign, kind, name, side, "forearm")
            rows = examination(body(), ill(), 1, rng=np.random.default_rng(8), looks=[look] * looks)["findings"]
            counts = Counter(row["result"] for row in rows)
            for result, view in wanted.items():
                p = number(f"{rate}.{view}")
                assert abs(counts[result] - looks * p) < FAR * np.sqrt(looks * p * (1 - p)), (
                    sign,
                    side,
                    result,
                    counts,
                )


def test_the_same_draws_make_the_same_examination():
    one, again, other = (examination(body(), ill(), 2, rng=np.random.default_rng(seed)) for seed in (4, 4, 5))
    assert one == again != other


def test_what_the_mechanism_cannot_say_is_not_tested():
    """No sign of examination that the mechanism has no word for, and no muscle of a cranial nerve, is written down."""
    found = [f for who in range(len(ROOTS)) for f in examination(body(), ill(), who)["findings"]]
    assert {f["sign"] for f in found} == {
        *("strength", "tenderness", "taut band", "reflex", "sensation", "trophic", "range", "pain"),
    }
    head = examination(body(), ill(), 0, Complaint("", "left", "temple"))["findings"]
    looked = {look.site.name for look in routine_of(Complaint("", "left", "temple"))}
    assert {"temporalis", "jaw jerk", "temple"} <= looked
    assert not {"temporalis", "jaw jerk", "temple"} & {f["at"] for f in head}


@pytest.mark.parametrize(
    ("person", "complaint", "words"),
    [
        (99, None, "There is no person 99. The state has 6, numbered from 0."),
        (-1, None, "There is no person -1"),
        (0, Complaint("", "left", "elbo"), "'elbo' is no area of the body. Choose one of head, forehead"),
    ],
)
def test_an_examination_of_nobody_or_nowhere_is_refused(person, complaint, words):
    assert "elbow" in anatomy().areas
    with pytest.raises(MechanismError, match=words):
        examination(body(), ill(), person, complaint)
