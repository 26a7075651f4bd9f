"""A cohort of simulated people: who comes, what depends on what, and what the tables say of the people."""

from __future__ import annotations

import numpy as np
import pytest

from myotome.care.simulation.cohort import chunk as made
from myotome.care.simulation.cohort.chunk import Cohort, drawn
from myotome.care.simulation.cohort.columns import DRAWN, VISITS, people_columns
from myotome.care.simulation.cohort.patients import World, varied
from myotome.care.simulation.cohort.worlds import world, worlds
from myotome.errors import MechanismError

SMALL = {"weeks": 8, "sessions": 3, "chunk": 40}
GIVEN = ("person", *(column.name for column in DRAWN), *varied(), "pain_reported_start")


def same(a, b, names=None):
    return all(np.array_equal(a[name], b[name], equal_nan=True) for name in names or a)


@pytest.fixture(scope="module")
def chunk():
    return drawn(Cohort(100, **SMALL), 1)


def test_a_chunk_depends_on_its_number_and_the_settings_alone(chunk):
    again = drawn(Cohort(100, **SMALL), 1)
    assert same(chunk.people, again.people)
    assert same(chunk.visits, again.visits)
    assert list(chunk.people["person"]) == list(range(41, 81))
    assert not same(chunk.people, drawn(Cohort(100, seed=2, **SMALL), 1).people, ["report_gain"])
    assert not same(chunk.people, drawn(Cohort(100, **SMALL), 0).people, ["report_gain"])


def test_a_smaller_cohort_is_the_beginning_of_a_larger_one(chunk):
    few = drawn(Cohort(47, **SMALL), 1)
    assert same(few.people, {name: column[:7] for name, column in chunk.people.items()})
    assert same(few.visits, {name: column[: 7 * 9] for name, column in chunk.visits.items()})
    assert few.drawn < chunk.drawn


@pytest.mark.parametrize("needle", ["limb", "spine", "sham", "none"])
def test_people_are_the_same_whatever_is_done_to_them(chunk, needle):
    other = drawn(Cohort(100, needle=needle, **SMALL), 1)
    assert same(chunk.people, other.people, GIVEN)
    start = chunk.visits["day"] == 0.0
    assert np.array_equal(chunk.visits["range_measured"][start], other.visits["range_measured"][start])
    assert not same(chunk.visits, other.visits, ["pain_spine"])
    assert (other.visits["twitch_sum"].max() > 0.0) == (needle in ("limb", "spine"))
    assert (other.visits["context_share"].max() > 0.0) == (needle != "none")
    assert other.people["sessions_had"][0] == (0 if needle == "none" else 3)


def test_the_columns_are_those_that_are_described(chunk):
    assert list(chunk.people) == [column.name for column in people_columns()]
    assert list(chunk.visits) == [column.name for column in VISITS]
    assert {len(column) for column in chunk.people.values()} == {40}
    assert {len(column) for column in chunk.visits.values()} == {40 * 9}


def test_those_come_who_say_that_it_hurts(chunk):
    assert chunk.people["pain_reported_start"].min() >= 3.0
    assert chunk.drawn > 40
    assert chunk.people["wait_weeks"].min() >= 6
    assert chunk.people["wait_weeks"].max() <= 52


def test_what_became_of_people_is_what_the_visits_say(chunk):
    """Counted again, person by person, from the table of visits."""
    eased = 0
    for k, person in enumerate(chunk.people["person"]):
        mine = chunk.visits["person"] == person
        said, day = chunk.visits["pain_reported"][mine], chunk.visits["day"][mine]
        hits = [i for i in range(len(said) - 1) if said[i] <= said[0] / 2 and said[i + 1] <= said[0] / 2]
        end = said[-3:].mean()
        assert chunk.people["pain_reported_end"][k] == pytest.approx(end)
        assert bool(chunk.people["non_responder"][k]) == (end > 0.7 * said[0] + 1e-9)
        assert np.isnan(chunk.people["eased_on"][k]) == (not hits)
        if hits:
            eased += 1
            before = (chunk.visits["session"][mine] > 0) & (day < day[hits[0]])
            assert chunk.people["eased_on"][k] == day[hits[0]]
            assert chunk.people["sessions_needed"][k] == before.sum()
    assert 0 < eased < 40, "both kinds of people are here"


def test_visits_are_weekly_and_at_every_session():
    days = Cohort(1, weeks=4, sessions=3, every=10).visit_days
    assert list(days) == [0, 7, 10, 14, 20, 21, 28]
    assert list(Cohort(1, weeks=1, needle="none").visit_days) == [0, 7]


def test_where_a_needle_does_nothing_it_is_a_sham():
    sham = drawn(Cohort(20, needle="sham", weeks=6, chunk=20), 0)
    idle = drawn(Cohort(20, world=world("no-needle"), weeks=6, chunk=20), 0)
    assert same(sham.visits, idle.visits)


@pytest.mark.parametrize("name", ["quick", "noisy", "no-root-loop", "persisting"])
def test_a_wrong_world_differs_in_what_it_says(name):
    """Among all who are drawn: who comes is another question."""
    everybody = World(changes={"enrolled from": 0})
    here = worlds()[name]
    there = World(here.name, here.rates, here.noise, here.root_loop, here.needle, {**here.changes, "enrolled from": 0})
    own, other = (drawn(Cohort(300, weeks=6, sessions=0, world=w, chunk=300), 0) for w in (everybody, there))
    mean = {k: (own.people[k].mean(), other.people[k].mean()) for k in ("persisting", "closing_start", "root_fall")}
    assert mean["root_fall"][1] / mean["root_fall"][0] == pytest.approx(0.5 if name == "quick" else 1.0, rel=0.05)
    assert mean["persisting"][1] == pytest.approx(0.4 if name == "persisting" else 0.12, abs=0.08)
    assert (mean["closing_start"][1] == 0.0) == (name == "no-root-loop")
    strayed = [np.std(c.visits["range_measured"] - c.visits["range_spine"]) for c in (own, other)]
    assert (strayed[1] > 1.15 * strayed[0]) == (name == "noisy")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"people": 0}, "'people' is 0. Give a whole number from 1 to 10000000."),
        ({"people": 2.5}, "'people' is 2.5. Give a whole number"),
        ({"people": 1, "weeks": -1}, "'weeks' is -1. Give a whole number from 1 to 470."),
        ({"people": 1, "seed": -1}, "'seed' is -1. Give a whole number from 0"),
        ({"people": 1, "sessions": -2}, "'sessions' is -2."),
        ({"people": 1, "every": 0}, "'every' is 0."),
        ({"people": 1, "needle": "elbow"}, "There is no needle 'elbow'. Choose one of both, limb, spine, sham, none."),
        ({"people": 1, "weeks": 4}, "6 sessions every 7 days last until day 35, but 4 weeks end on day 28. Give more"),
    ],
)
def test_impossible_settings_are_refused(settings, said):
    with pytest.raises(MechanismError, match=said.replace(".", r"\.")):
        Cohort(**settings)


def test_a_world_without_pain_is_said(monkeypatch):
    monkeypatch.setattr(made, "MOST_TRIES", 2)
    nobody = World(changes={"enrolled from": 11})
    with pytest.raises(MechanismError, match=r"Of 20 people drawn only 0 hurt enough to come. Choose another world"):
        drawn(Cohort(5, weeks=6, chunk=10, world=nobody), 0)
