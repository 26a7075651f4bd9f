"""People drawn forward and the reader that goes backward share one model: what must agree between them."""

from functools import cache

import numpy as np
import pytest
from benchmarks.calibration.measures import noise, reliability, risk_coverage
from benchmarks.calibration.runs import record

from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Case, Complaint
from myotome.care.examination.vocabulary import resolve
from myotome.care.explanation.partition import KINDS
from myotome.care.simulation.examiners import HARMLESS, examination, examine, examiners, looks
from myotome.care.simulation.people import chances, person
from myotome.care.simulation.routine import candidates, item
from myotome.care.simulation.truth import truth
from tests.reading import reasoner

COMPLAINTS = [("lateral forearm", "right"), ("low back", "left"), ("chest", "right"), ("head", "left")]
PEOPLE = 4000
FAR = 4.5  # standard deviations: once in 150,000 comparisons by chance
RARE = 7e-6  # the same, as a chance
SURE = 0.999  # a fair check of calibration fails once in a thousand seeds


@cache
def crowd(area, side):
    rng = np.random.default_rng(20)
    return [person(reasoner().model, Complaint(area=area, side=side), rng) for _ in range(PEOPLE)]


def far(stated, count, number=PEOPLE):
    """Distance of a count from a stated probability, in standard deviations (and half a person)."""
    spread = np.sqrt(number * stated * (1 - stated)) + 0.5
    return np.abs(count - number * stated) / spread


def allowed(lane, states):
    """P(every segment in one of these states), from the tables that people are drawn with."""
    keep = np.isin(range(len(lane.first)), states)
    left = np.diff(lane.first, prepend=0.0) / lane.first[-1] * keep
    for step in lane.steps:
        left = left @ (np.diff(step, axis=1, prepend=0.0) / step[:, -1:]) * keep
    return left.sum()


def test_tables_that_people_are_drawn_with_are_the_readers_prior():
    """Exactly: a prior that one of them knows and the other does not hides in the noise of thousands of people."""
    for area in (a.name for a in anatomy().areas.values() if a.segments):
        reading = reasoner().read(Case(complaint=Complaint(area=area, side="right")))
        drawn, posterior = chances(reading.model, area, "right"), reading.posterior
        people = np.diff(drawn.people, prepend=0.0) / drawn.people[-1]
        assert people == pytest.approx(posterior.people, abs=1e-12)
        calm, quiet = np.ones((2, len(people)))
        for s in (0, 1):
            lanes = drawn.lanes[s]
            weights = np.exp(posterior.sides[s].free_log)
            assert weights[:, 0] == pytest.approx([pair[0].weight for pair in lanes], rel=1e-9)
            for w, pair in enumerate(lanes):
                assert weights[w, 1:] == pytest.approx(pair[1].weight, rel=1e-9)
            lesions = np.diff(drawn.lesions[s], axis=1, prepend=0.0) / drawn.lesions[s][:, -1:]
            mean = (people[:, None] * lesions).sum(axis=0)
            assert mean == pytest.approx(posterior.lesions(s), abs=1e-12)
            calm = calm * lesions[:, 0] * [allowed(pair[0], (0, 1)) for pair in lanes]
            quiet = quiet * lesions[:, 0] * [allowed(pair[0], (0,)) for pair in lanes]
        kinds = reading.partition.kinds
        assert kinds["irritation"] == pytest.approx(people @ (calm - quiet), abs=1e-9)
        assert kinds["generalised"] == pytest.approx(people[1] * quiet[1], abs=1e-9)
        assert kinds["polyneuropathy"] == pytest.approx(people[2:] @ quiet[2:], abs=1e-9)


@pytest.mark.parametrize("place", COMPLAINTS, ids=str)
def test_kinds_of_people_are_those_of_an_empty_examination(place):
    """Without findings the partition states how many people of each kind there are."""
    stated = reasoner().read(Case(complaint=Complaint(area=place[0], side=place[1]))).partition.kinds
    kinds = [truth(p).kind for p in crowd(*place)]
    assert sum(stated.values()) == pytest.approx(1.0)
    assert max(far(stated[k], kinds.count(k)) for k in KINDS) < FAR
    assert sum(kinds.count(k) > 20 for k in KINDS) >= 4, "the law was vacuous"


@pytest.mark.parametrize("place", COMPLAINTS, ids=str)
def test_hidden_states_are_those_of_an_empty_examination(place):
    """Segments with their neighbours, local causes, lesions and the whole person, each by itself."""
    model = reasoner().model
    posterior = reasoner().read(Case(complaint=Complaint(area=place[0], side=place[1]))).posterior
    people = crowd(*place)
    for s in (0, 1):
        drawn = np.array([p.states[s] for p in people])
        stated, counts = posterior.states(s), np.zeros(model.tree.states)
        for place_of, variable in enumerate(model.tree.network.variables):
            start = model.row(variable.name, 0)
            states = len(variable.states)
            counts[start : start + states] = np.bincount(drawn[:, place_of], minlength=states)
        assert far(stated, counts).max() < FAR
        lesions = np.bincount([p.lesions[s] for p in people], minlength=len(model.lesions))
        assert far(posterior.lesions(s), lesions).max() < FAR
    assert far(posterior.people, np.bincount([p.whole for p in people], minlength=4)).max() < FAR


def test_facts_happen_as_often_as_the_reader_expects():
    """Noisy-OR, run forward, against the reader's chance of each fact before anything is found."""
    place = COMPLAINTS[0]
    wanted = [
        ("weakened", "wrist extensors"), ("irritable", "extensor digitorum"), ("paraspinal", "C6"),
        ("numb", "thumb"), ("unreflexed", "triceps reflex"), ("pain", "lateral elbow"), ("test", "Spurling"),
    ]  # fmt: skip
    reading = reasoner().read(Case(complaint=Complaint(area=place[0], side=place[1])))
    rng = np.random.default_rng(21)
    for s in (0, 1):
        stated = reading.fact_chances(wanted, s)
        for name in wanted:
            k = reasoner().model.fact(*name)
            assert far(stated[name], sum(p.fact(s, k, rng) for p in crowd(*place))) < FAR, name


def tail(stated, count):
    """Chance, by exact statements, of a count as far out as this; kinds are rare, so counts are skewed."""
    chance = np.ones(1)
    for p in stated:
        chance = np.convolve(chance, (1.0 - p, p))
    count = int(count)
    return 2 * min(chance[: count + 1].sum(), chance[count:].sum())


@cache
def records():
    number = 400 if reasoner().engine.kernel == "c" else 80
    rng, found = np.random.default_rng(23), {}
    for _ in range(number):
        seen = examination(examiners()["own model"], reasoner().model, rng)
        for key, values in record(reasoner().read(seen.case), seen).items():
            found.setdefault(key, []).extend(values)
    return {key: np.array(values, dtype=float) for key, values in found.items()}


def calibrated(stated, true):
    """Whether the calibration error is within what chance gives exact statements."""
    _, bound = noise(stated, np.random.default_rng(24), draws=4000, quantile=SURE)
    return reliability(stated, true).error <= bound


def test_statements_are_true_as_often_as_stated():
    """Small n; the full check is `make calibrate`."""
    data = records()
    assert calibrated(data["top_p"], data["top_true"])
    for k, kind in enumerate(KINDS):
        stated, true = data["kinds"][:, k], data["truth"] == k
        assert tail(stated, true.sum()) > RARE, kind
    assert data["top_true"].sum() > 20, "the law was vacuous"


def test_the_check_of_calibration_can_fail():
    """The same examinations with statements made surer, or less sure, are found out."""
    data = records()
    assert not calibrated(data["top_p"] ** 0.3, data["top_true"])
    assert not calibrated(data["top_p"] ** 3, data["top_true"])


def test_the_same_seed_gives_the_same_examination():
    """A run that was broken off goes on as if it had not been."""
    one, two = (
        examination(examiners()["examiner of kappa 0.45"], reasoner().model, np.random.default_rng(5)) for _ in range(2)
    )
    assert one == two


@pytest.mark.parametrize("examiner", examiners().values(), ids=lambda e: e.name)
def test_no_examiner_is_worse_than_chance(examiner):
    """Rates stay probabilities, and a sign is never likelier where its fact is not."""
    seen = 0
    for area in anatomy().areas:
        for one in (i for part in candidates(area, "left") for i in part):
            k, cumulative = looks(reasoner().model, one, examiner)
            if k is None:
                continue
            seen += 1
            assert cumulative[:, -1] == pytest.approx(1.0)
            rates = np.diff(cumulative, axis=1, prepend=0.0)
            assert (rates > -1e-12).all(), one
            false, right = rates[:, [r not in HARMLESS for r in one.results]].sum(axis=1)
            assert right >= false - 1e-12, one
    assert seen > 1000, "the law was vacuous"


def test_everything_looked_at_is_in_the_vocabulary():
    """A simulated case could have been written down by a person."""
    words = {"paraspinal": "paraspinal {}", "segment": "{}"}
    for area in anatomy().areas:
        for one in (i for part in candidates(area, "left") for i in part):
            assert one.site in resolve(one.sign, words.get(one.site.kind, "{}").format(one.site.name))


def test_kappa_is_the_share_of_evidence_that_is_left():
    """The difference that a fact makes to a finding shrinks to kappa; how often it is found stays."""
    rng, own = np.random.default_rng(27), examiners()["own model"]
    poor = examiners()["examiner of kappa 0.45"]
    look = item("tenderness", "muscle", "extensor digitorum", "right", "forearm")
    k, _ = looks(reasoner().model, look, own)
    found = {}
    for who in (own, poor):
        facts, signs = [], []
        for somebody in crowd("lateral elbow", "right"):
            seen = examine(somebody, [look], who, rng)
            facts.append(somebody.fact(1, k, rng))
            signs.append(seen.case.findings[0].result == "present")
        facts, signs = np.array(facts), np.array(signs, dtype=float)
        found[who.name] = signs.mean(), signs[facts].mean() - signs[~facts].mean()
    (often, clear), (also, blurred) = found.values()
    assert also == pytest.approx(often, abs=0.04)
    assert blurred == pytest.approx(poor.kappa * clear, abs=0.06)


def test_risk_falls_with_coverage_where_statements_are_exact():
    """The surest half is wrong less often than all."""
    data = records()
    coverage, risk = risk_coverage(data["top_p"], data["top_true"])
    assert coverage[-1] == 1.0
    assert risk[len(risk) // 2] < risk[-1]
