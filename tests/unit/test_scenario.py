"""Scenarios: what is refused, with which words; what follows; that a part of the body stands for the whole."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from myotome.care.simulation.person.body import body
from myotome.care.simulation.person.part import part_of
from myotome.care.simulation.scenario.file import parse_scenario
from myotome.care.simulation.scenario.follow import (
    Context,
    Disruption,
    Repair,
    Scenario,
    Schedule,
    Session,
    Span,
    follow,
)
from myotome.care.simulation.scenario.inputs import course_of, touched
from myotome.care.simulation.scenario.outcome import outcome
from myotome.care.simulation.scenario.teaching import arm, sessions
from myotome.errors import CaseError, MechanismError
from myotome.mechanism.context import context, reported
from myotome.mechanism.grid import FINE
from myotome.mechanism.network import Network
from myotome.mechanism.run import run
from tests.house.tree import ROOT

PERSON = Scenario("C6", (Disruption("C6", "right"),), days=120.0)


def written(schedules="{name: a, first: 56, every: 7, sessions: 2}", rest="", days=120):
    text = f"days: {days}\ndisruptions: [{{level: C6, side: right}}]\nschedules:\n  - {schedules}\n{rest}"
    return text.encode()


REFUSED = {
    "two sessions": (written("{name: a, days: [56, 63, 56]}"), "two sessions on day 56"),
    "after the end": (written("{name: a, first: 100, every: 7, sessions: 9}"), "held on day 121. Days run from 0"),
    "before the start": (written("{name: a, days: [-7]}"), "held on day -7"),
    "no schedule": (b"disruptions: [{level: C6, side: right}]", "there is no schedule"),
    "nothing said": (written("{name: a}"), "does not say what is done"),
    "not a number": (written("{name: a, days: [.nan]}"), "'.nan' is not a number"),
    "infinite": (written("{name: a, first: 1e400, every: 7, sessions: 2}"), "'inf' is too far from 0 to be meant"),
    "unknown muscle": (written("{name: a, days: [56], needle: [bisceps]}"), "Did you mean biceps brachii"),
    "cranial muscle": (written("{name: a, days: [56], needle: [temporalis]}"), "has no root of the spine"),
    "unknown place": (written("{name: a, days: [56], needle: 5}"), "use limb, spine, both, or a list"),
    "unknown level": (b"disruptions: [{level: C9, side: right}]\nschedules: [{name: a, sessions: 0}]", "not a level"),
    "no side": (b"disruptions: [{level: C6}]\nschedules: [{name: a, sessions: 0}]", "use left or right"),
    "backwards": (
        written("{name: a, sessions: 0, exercise: {from: 9, to: 3, share: 0.2}}"),
        "must end after it begins",
    ),
    "half a span": (written("{name: a, sessions: 0, stretch: {from: 9, to: 30}}"), "'release' is missing"),
    "too much": (written("{name: a, sessions: 0, medicine: {from: 9, to: 30, share: 2}}"), "between 0 and 1"),
    "same name": (written("{name: a, sessions: 0}\n  - {name: a, sessions: 0}"), "'a' is given twice"),
    "negative end": (written(days=-3), "the story ends on day -3"),
    "unknown key": (written(rest="sesions: 3"), "'sesions' is not known here"),
    "unknown parameter": (written(rest="parameters: {root_hlaf: 1}"), "There is no parameter 'root_hlaf'"),
    "unknown profile": (written(rest="profile: emgg"), "profile 'emgg' is unknown"),
    "odd twitches": (written(rest="twitches: some"), "use expected or drawn"),
    "half a session": (written("{name: a, first: 56, sessions: 1.5}"), "'1.5'; use a whole number from 0 to 200"),
    "heat for ever": (written("{name: a, sessions: 0, warmth: {from: 1, to: 99, every: 0}}"), "heat every 0 days"),
    "no mapping": (b"- 1", "a scenario is a mapping"),
    "context": (written(rest="context: {dose: 3}"), "outside 0 to 1"),
    "same calendar day": (written("{name: a, days: [56, 56.3, 63, 63.6]}"), "two sessions on day 56. Keep one"),
    "within a second": (written("{name: a, first: 56, every: 1.0e-8, sessions: 3}"), "two sessions on day 56"),
    "days and sessions": (written("{name: a, days: [56], sessions: [{day: 60}]}"), "'days' and 'sessions' both say"),
    "days and first": (written("{name: a, days: [56], first: 60}"), "'days' and 'first' both say when"),
    "first and a list": (written("{name: a, first: 3, sessions: [{day: 6}]}"), "'sessions' and 'first' both say"),
    "backwards in time": (
        written("{name: a, first: 56, every: -7, sessions: 3}"),
        "after -7 days. 'every' is more than",
    ),
    "one day, no list": (written("{name: a, days: ten}"), "days is 'ten'; give a list, such as [56, 63]"),
    "below none": (written("{name: a, sessions: -2}"), "sessions is '-2'; use a whole number from 0 to 200"),
    "a word for a number": (written(days="ten"), "'ten' is not a number. Write digits, such as 252."),
    "yes for a number": (written(days="true"), "'true' is not a number. Write digits"),
    "an instant": (written(days="1.0e-300"), "the story ends on day 1e-300. It ends on a day from 1 to 1830."),
    "both sides": (
        b"disruptions: [{level: C6, side: both}]\nschedules: [{name: a, sessions: 0}]",
        "side is 'both'; use",
    ),
    "no level": (
        b"disruptions: [{side: left}]\nschedules: [{name: a, sessions: 0}]",
        "the level is missing. Write one",
    ),
    "a list as name": (written(rest="name: [a]"), "name is a list; write it as words."),
    "limb without muscles": (
        b"disruptions: [{level: T6, side: left}]\nschedules: [{name: a, days: [56, 63], needle: limb}]",
        "T6: no muscle away from the spine to needle. Use spine, or name muscles.",
    ),
    "201 names": (
        written(f"{{name: a, days: [56], needle: [{'biceps, ' * 200}nonsense]}}"),
        "201 names; at most 200 muscles are needled",
    ),
    "201 days": (written(f"{{name: a, days: {list(range(201))}}}", days=300), "201 days; at most 200 sessions"),
    "2,000 schedules": (written("\n  - ".join(["{name: a, sessions: 0}"] * 2000)), "2,000 rows; at most 12 are read."),
    "3,000 disruptions": (
        b"disruptions: [" + b"{level: C6, side: right}," * 3000 + b"]\nschedules: [{name: a, sessions: 0}]",
        "3,000 rows; at most 40 are read. Leave some out.",
    ),
    "room that narrows": (
        written(rest="repair: {closing: 0.2, least: 0.8, time: 30}"),
        "least is 0.8 and closing is 0.2. Repair widens the room: give a least that is not above closing.",
    ),
    "heat at every moment": (
        written("{name: a, sessions: 0, warmth: {from: 9, every: 1.0e-300}}"),
        "heat every 1e-300 days is too often. Give an 'every' of 0.01 days or more.",
    ),
    "heat too many times": (
        written("{name: a, sessions: 0, warmth: {from: 9, to: 99, every: 0.02}}"),
        "is more than 400 times. End sooner.",
    ),
    "heat backwards": (
        written("{name: a, sessions: 0, warmth: {from: 9, to: 3}}"),
        "from day 9 to 3. It must not end before it begins",
    ),
    "heat some day": (written("{name: a, sessions: 0, warmth: {}}"), "'from' is missing. Give the day on which heat"),
    "heat after the end": (
        written("{name: a, sessions: 0, warmth: {from: 1000, to: 1100}}"),
        "heat is put on on day 1000. Days run from 0",
    ),
    "self": (written(rest="parameters: {self: 1}"), "There is no parameter 'self'. Choose one of root_rise"),
    "shares above 1": (
        written(rest="parameters: {pain_of_ischaemia: 0.9, pain_of_receptors: 0.9}"),
        "sum to more than 1. They are",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_one_clear_message(case):
    data, words = REFUSED[case]
    with pytest.raises(CaseError) as refused:
        parse_scenario(data)
    assert len([p for p in refused.value.problems if words in p.message]) == 1, str(refused.value)
    assert len(refused.value.problems) == 1, str(refused.value)


SOUND = {
    "shares of 1": written(rest="parameters: {pain_of_ischaemia: 0.3, pain_of_receptors: 0.7}"),
    "times exchanged": written(rest="parameters: {trauma_time: 0.7, soreness_time: 1}"),
    "spine of T6": b"disruptions: [{level: T6, side: left}]\nschedules: [{name: a, days: [56], needle: both}]",
    "limb of one of two": (
        b"disruptions: [{level: T6, side: left}, {level: L5, side: left}]\n"
        b"schedules: [{name: a, days: [56], needle: limb}]"
    ),
}


@pytest.mark.parametrize("case", SOUND)
def test_what_is_sound_together_is_taken(case):
    assert parse_scenario(SOUND[case]).schedules[0].name == "a"


def test_heat_at_home_is_put_on_at_its_days_the_last_included():
    once = parse_scenario(written("{name: a, sessions: 0, warmth: {from: 9}}"))
    often = parse_scenario(written("{name: a, sessions: 0, warmth: {from: 9, to: 9.3, every: 0.1, amount: 2}}"))
    assert once.schedules[0].heat == ((9.0, 1.0),)
    assert np.array(often.schedules[0].heat) == pytest.approx(np.array([(9.0, 2), (9.1, 2), (9.2, 2), (9.3, 2)]))


def test_a_flood_of_problems_is_cut_and_counted():
    """Three hundred faults of one list are no help; long nonsense is looked up once, and not echoed whole."""
    rows = ", ".join(f"{{day: {day}, heat: {day + 90}}}" for day in range(101))
    with pytest.raises(CaseError) as refused:
        parse_scenario(written(f"{{name: a, sessions: [{rows}], needle: [{'right x' * 800}]}}"))
    assert len(refused.value.problems) == 21
    assert refused.value.problems[-1].message == "and 82 more problems like these. Mend these first."
    assert all(len(problem.message) < 250 for problem in refused.value.problems)


def test_every_problem_is_collected():
    data = b"days: 0\ndisruptions: [{level: X, side: up}]\nschedules: [{sessions: 0}, 3]"
    with pytest.raises(CaseError) as refused:
        parse_scenario(data)
    assert {p.at for p in refused.value.problems} == {
        "days", "disruptions[0].side", "disruptions[0].level", "schedules[0].name", "schedules[1]",
    }  # fmt: skip


def test_a_written_schedule_is_the_same_as_one_in_words():
    short = parse_scenario(written("{name: a, first: 56, every: 7, sessions: 3, needle: [biceps, left C6 paraspinal]}"))
    long = parse_scenario(written("{name: a, days: [56, 63, 70], needle: [right biceps, left C6 paraspinal]}"))
    assert short == long
    assert short.schedules[0].sessions[1] == Session(63.0, (("biceps", "right"), ("C6 paraspinal", "left")))


def test_every_example_is_read_and_says_what_it_is():
    files = sorted((ROOT / "examples" / "scenarios").glob("*.yaml"))
    assert len(files) >= 4
    for file in files:
        assert file.read_text(encoding="utf-8").startswith("# "), f"{file.name} does not say what it teaches"
        parse_scenario(file.read_bytes())


def test_follow_refuses_an_impossible_schedule():
    with pytest.raises(MechanismError, match=r"sessions\[1\]: there are two sessions on day 7"):
        follow(PERSON, Schedule("a", (Session(7.0), Session(7.0))), body())
    with pytest.raises(MechanismError, match=r"sessions\[1\]: there are two sessions on day 7"):
        follow(PERSON, Schedule("a", (Session(7.0), Session(7.9))), body())
    with pytest.raises(MechanismError, match="held on day nan"):
        follow(PERSON, Schedule("a", (Session(float("nan")),)), body())


def spreading(whole):
    """The same body where the muscle beside C6 also closes in a little on the root of L3, far away."""
    net, beside = whole.network, whole.network.beside.copy()
    for side in ("left", "right"):
        near, far = whole.level("C6", side), whole.level("L3", side)
        beside[far] = 0.7 * net.beside[far] + 0.3 * net.beside[near]
    return replace(whole, network=Network(net.supply, beside, net.region))


@pytest.mark.parametrize("whole", [body(), spreading(body())], ids=["as it is", "spreading"])
def test_the_part_is_the_whole(whole):
    """Following the part concerned gives what following all 400 muscles gives."""
    person, schedule = replace(PERSON, days=70.0), Schedule("both", sessions(2), heat=((3.0, 1.0),))
    one = follow(person, schedule, whole)
    meant = touched(person, schedule, whole)
    everything = part_of(whole, meant.causes, range(len(whole.muscles)))
    assert len(one.part.muscles) <= len(everything.muscles) == len(whole.muscles)
    course = course_of(person, schedule, everything, meant, one.days)
    full = run(whole.network, course, steps=FINE, keep_states=True)
    kept = np.stack([state.muscles[:, list(one.part.kept), 0] for state in full.states])
    assert np.abs(kept - one.muscles).max() < 1e-12
    others = np.setdiff1d(np.arange(len(whole.muscles)), one.part.kept)
    assert len(others)
    assert not np.stack([state.muscles[:, others] for state in full.states]).any()
    assert one.muscles[:, :, list(one.part.ill)].max() > 0.5


def test_everything_written_reaches_the_mechanism():
    """Disruption, repair, exercise, stretch, needles and heat, each in its days and its muscles."""
    schedule = Schedule(
        "all",
        (Session(10.0, (("biceps", "right"),), heat=0.5), Session(20.0, "spine", sham=True)),
        movement=(Span(5.0, 15.0, 0.2), Span(10.0, 12.0, 0.3)),
        stretch=(Span(30.0, 40.0, 0.1),),
        heat=((10.0, 1.0), (12.0, 2.0)),
    )
    person = Scenario("x", (Disruption("C6", "right", 3.0, 4.0, 0.6),), days=50.0, repair=Repair(0.9, 10.0, 0.1))
    one = follow(person, schedule, body())
    part, meant = one.part, touched(person, schedule, body())
    course = course_of(person, schedule, part, meant, one.days)

    def at(values, day):
        return values[np.searchsorted(course.edges, day, side="right") - 1]

    root, biceps = part.levels.index(("C6", "right")), part.muscle("biceps brachii", "right")
    assert [at(course.cause, day)[root, 0] for day in (1.0, 5.0, 6.5, 7.5)] == pytest.approx([0.0, 0.6, 0.6, 0.0])
    assert np.delete(course.cause, root, axis=1).max() == 0.0
    assert [at(course.movement, day)[0] for day in (4.0, 6.0, 11.0, 14.0, 16.0)] == [0.0, 0.2, 0.3, 0.2, 0.0]
    assert [at(course.stretch, day)[0] for day in (29.0, 31.0, 41.0)] == [0.0, 0.1, 0.0]
    # The room is that of the middle of each step: 3.5 days after 42, when the stretch from 42 to 49 is half over.
    assert at(course.closing, 45.0)[root, 0] == pytest.approx(0.1 + 0.8 * np.exp(-4.55))
    assert course.events.tolist() == [10.0, 12.0, 20.0]
    assert np.argwhere(course.draws[..., 0] < 2.0).tolist() == [[0, biceps]]
    assert course.heat[:2, biceps, 0].tolist() == [1.5, 2.0]
    assert course.heat[1, part.muscle("C6 paraspinal", "right"), 0] == 2.0
    assert one.context[np.searchsorted(one.days, 20.25)] > one.context[one.before[1]], "a sham is a visit too"


def test_what_the_schedules_do():
    """Untreated pain stays; six to limb and spine end it; a sham changes reports and nothing else."""
    person = arm(180.0)
    by_name = {
        s.name: follow(person, s, body())
        for s in person.schedules
        if s.name in ("no treatment", "both, weekly", "sham, weekly")
    }
    untreated, treated, sham = by_name.values()
    assert untreated.worst[-1] > 4.0
    assert outcome(treated).settled_on is not None
    assert outcome(treated).twitches[0] > 4.0 * outcome(treated).twitches[-1]
    at = np.searchsorted(sham.days, untreated.days)
    assert np.abs(sham.worst[at] - untreated.worst).max() < 0.01
    assert sham.reported[sham.before[1]] < sham.worst[sham.before[1]] - 0.5
    assert sham.reported[sham.before[0]] == sham.worst[sham.before[0]], "a reading on the day is before the session"
    assert outcome(sham).soreness == 0.0 < outcome(treated).soreness


def test_medicine_masks_and_mends_nothing():
    masked = follow(PERSON, Schedule("m", mask=(Span(40.0, 60.0, 0.5),)), body())
    bare = follow(PERSON, Schedule("n"), body())
    assert np.array_equal(masked.worst, bare.worst)
    assert masked.reported[50] == pytest.approx(bare.reported[50] / 2)
    assert masked.reported[60] == bare.reported[60]


def test_more_room_is_never_more_pain():
    closed = follow(PERSON, Schedule("n"), body())
    widening = follow(replace(PERSON, repair=Repair(time=200.0)), Schedule("n"), body())
    assert (widening.worst <= closed.worst + 1e-9).all()
    assert widening.worst[-1] < closed.worst[-1]


def test_twitches_by_chance_follow_the_seed():
    drawn = [replace(PERSON, twitches="drawn", seed=seed) for seed in (1, 1, 2)]
    a, b, c = (follow(one, Schedule("s", sessions(2)), body()).twitches for one in drawn)
    assert np.array_equal(a, b)
    assert not np.array_equal(a, c)


CURVES = {
    "never": ([0, 1, 1, 1.9], 0.0, None),
    "settles": ([5, 3, 1, 0], 20.0, None),
    "at the end": ([5, 3, 3, 1], 30.0, None),
    "comes back": ([6, 3, 3, 5], None, 30.0),
    "comes back early": ([6, 3, 5, 5], None, 20.0),
    "a little up": ([6, 3, 3, 4.9], None, None),
    "always bad": ([6, 6, 6, 6], None, None),
}


@pytest.mark.parametrize("case", CURVES)
def test_settled_and_come_back(case):
    """Of a curve read every ten days, with one session on day 0."""
    worst, settled, back = CURVES[case]
    one = follow(replace(PERSON, days=30.0), Schedule("s", (Session(0.0, sham=True),)), body(), every=10.0)
    wanted = np.isin(one.days, [0.0, 10.0, 20.0, 30.0])
    curve = np.interp(np.arange(len(one.days)), np.flatnonzero(wanted), np.array(worst, float))
    thin = {name: getattr(one, name)[wanted] for name in ("days", "pain", "range", "context", "masked", "muscles")}
    found = outcome(replace(one, worst=curve[wanted], **thin))
    assert (found.settled_on, found.came_back_on) == (settled, back)


def test_context_against_the_formula_by_hand():
    """One session takes the dose, fades with its time, the next takes its share of the rest, up to the most."""
    taken = context([10.0, 17.0], [10.0, 10.001, 17.0, 17.0001, 30.0], dose=[0.2, 0.5], time=[21.0], most=[0.3, 0.9])
    fade = np.exp(-7.0 / 21.0)
    assert np.array_equal(taken[0], [0.0, 0.0])
    assert taken[2] == pytest.approx([0.2 * fade, 0.5 * fade])
    second = [min(0.3, 0.2 * fade + (1 - 0.2 * fade) * 0.2), 0.5 * fade + (1 - 0.5 * fade) * 0.5]
    assert taken[3] == pytest.approx(second, abs=1e-5)
    assert taken[4] == pytest.approx(np.array(second) * np.exp(-13.0 / 21.0))
    assert reported(np.array([5.0]), 0.2, 0.5) == pytest.approx([2.0])


def test_context_of_those_who_stayed_away():
    came = np.array([[1, 0], [0, 1]])
    taken = context([0.0, 7.0], [1.0, 8.0], attended=came)
    assert taken[0, 1] == 0.0 < taken[0, 0]
    assert taken[1, 1] == pytest.approx(taken[0, 0])
    assert context([], [3.0]).tolist() == [[0.0]]


@pytest.mark.parametrize(
    ("given", "words"),
    [({"dose": 2.0}, "context_dose = 2"), ({"dose": [0.1, 0.2], "time": [9.0, 9.0, 9.0]}, "unequal numbers"),
     ({"attended": [[1.0]]}, "for 2 sessions"), ({"most": float("nan")}, "context_most = nan")],
)  # fmt: skip
def test_context_refuses(given, words):
    with pytest.raises(MechanismError, match=words):
        context([0.0, 7.0], [1.0], **given)


def test_no_part_loses_a_weight():
    """For every level alone: what can fall ill keeps all its roots, and its levels all that they hear."""
    whole = body()
    for segment, side in itertools.product(("C4", "C6", "T6", "L5", "S1"), ("left", "right")):
        part = part_of(whole, [whole.level(segment, side)], ())
        assert isinstance(part.network, Network)
        rows = whole.network.supply[list(part.kept)]
        assert rows.sum(axis=1) == pytest.approx(part.network.supply.sum(axis=1))
        ill = part.network.supply[list(part.ill)].any(axis=0)
        heard = whole.network.drive[np.ix_(part.kept_levels, part.kept)]
        assert np.abs(part.network.drive - heard)[ill].max() < 1e-15


def test_context_of_a_scenario_can_be_turned_off():
    person = replace(PERSON, context=Context(dose=0.0))
    one = follow(person, Schedule("s", sessions(1, sham=True)), body())
    assert np.array_equal(one.reported, one.worst)
