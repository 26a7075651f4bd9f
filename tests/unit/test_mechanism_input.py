"""Bodies, courses, parameters and starts that cannot be: each one clear sentence with value, rule and remedy."""

import re

import numpy as np
import pytest

from myotome.errors import MechanismError
from myotome.mechanism.course import Course
from myotome.mechanism.network import Network
from myotome.mechanism.parameters import Parameters
from myotome.mechanism.run import run
from myotome.mechanism.state import State

NAN = float("nan")
BODY = Network([[1, 0], [0.5, 0.5], [0, 1]], [[1, 0, 0], [0, 0, 1]], [0, 0, 1])
OTHER = Network([[1.0]], [[1.0]], [0])
CALM = np.zeros((1, 2, 1))


def course(end=5.0, readings=(1.0,), cause=CALM, **more):
    return Course(BODY, end, readings, cause, **more)


def needled(draw):
    return course(events=[1.0], draws=np.full((1, 3, 1), draw))


TIMES = {
    "ends before it begins": (
        lambda: course(-1),
        "The course ends on day -1. It must end after day 0 and within 3660 days.",
    ),
    "ends at once": (lambda: course(0), "The course ends on day 0. It must end after day 0"),
    "ends never": (lambda: course(NAN), "The course ends on day nan. It must end after day 0"),
    "ends after ten years": (
        lambda: course(4000),
        "The course ends on day 4000. It must end after day 0 and within 3660 days.",
    ),
    "negative": (
        lambda: course(readings=[-1, 2]),
        "'readings' has day -1, outside 0 to 5. Days count from the start of the course.",
    ),
    "after the end": (lambda: course(events=[6]), "'events' has day 6, outside 0 to 5. Days count from the start"),
    "twice": (
        lambda: course(events=[2, 2]),
        "'events' has day 2 twice or out of order. Give each day once, earliest first.",
    ),
    "out of order": (lambda: course(readings=[2, 1]), "'readings' has day 1 twice or out of order."),
    "no number": (
        lambda: course(readings=[1, NAN]),
        "'readings' holds a day that is no number. Give days as plain numbers, such as 0, 7, 14.",
    ),
    "one number": (
        lambda: course(readings=1.0),
        "'readings' holds a day that is no number. Give days as plain numbers",
    ),
    "edges begin late": (lambda: course(edges=[1, 5]), "'edges' must run from 0 to the end, day 5. Add both."),
    "edges end early": (lambda: course(edges=[0, 4]), "'edges' must run from 0 to the end, day 5. Add both."),
    "edges of one": (lambda: course(edges=[0]), "'edges' must run from 0 to the end, day 5. Add both."),
}
VALUES = {
    "cause of 1.2": (lambda: course(cause=CALM + 1.2), "'cause' holds 1.2. It must lie between 0 and 1."),
    "cause below 0": (lambda: course(cause=CALM - 0.1), "'cause' holds -0.1. It must lie between 0 and 1."),
    "cause no number": (lambda: course(cause=CALM + NAN), "'cause' holds nan. It must lie between 0 and 1."),
    "closing": (lambda: course(closing=CALM + 2), "'closing' holds 2. It must lie between 0 and 1."),
    "movement": (lambda: course(movement=[[1.5]]), "'movement' holds 1.5. It must lie between 0 and 1."),
    "stretch": (lambda: course(stretch=[[-1.0]]), "'stretch' holds -1. It must lie between 0 and 20."),
    "heat": (lambda: course(events=[1], heat=np.full((1, 3, 1), 11)), "'heat' holds 11. It must lie between 0 and 10."),
    "draw": (lambda: needled(3.0), "'draws' holds 3. It must lie between -1 and 2."),
    "draw no number": (lambda: needled(NAN), "'draws' holds nan. It must lie between -1 and 2."),
    "levels of another body": (
        lambda: course(cause=np.zeros((1, 3, 1))),
        "'cause' has shape (1, 3, 1). Give (1, 2, people), with 1 for people if all are alike.",
    ),
    "no people": (lambda: course(cause=np.zeros((1, 2))), "'cause' has shape (1, 2). Give (1, 2, people), with 1"),
    "stretches": (lambda: course(edges=[0, 2, 5]), "'cause' has shape (1, 2, 1). Give (2, 2, people), with 1"),
    "draws without events": (
        lambda: course(draws=np.zeros((1, 3, 1))),
        "'draws' has shape (1, 3, 1). Give (0, 3, people)",
    ),
    "inputs of different people": (
        lambda: course(cause=np.zeros((1, 2, 3)), movement=np.zeros((1, 2))),
        "people. Give one for all, or one each.",
    ),
}
PARAMETERS = {
    "unknown": (
        lambda: Parameters(root=1),
        "There is no parameter 'root'. Choose one of root_rise, root_fall, root_half, ",
    ),
    "self": (lambda: Parameters(**{"self": 1}), "There is no parameter 'self'. Choose one of root_rise, "),
    "self changed": (lambda: Parameters().changed(**{"self": 1}), "There is no parameter 'self'. Choose one of"),
    "too small": (lambda: Parameters(root_half=-1), "root_half = -1 is outside "),
    "too large": (
        lambda: Parameters(blood_time=1000),
        "blood_time = 1000 d is outside 0.001 to 200. Time constant of hyper",
    ),
    "no number": (lambda: Parameters(blood_time=[1, NAN]), "blood_time = nan d is outside 0.001 to 200."),
    "different people": (
        lambda: Parameters(root_half=[0.5, 0.5], root_rise=[1, 2, 3]),
        "'root_half' has 2 values for 3 people. Give one, or one each.",
    ),
    "equal times": (
        lambda: Parameters(trauma_time=0.5, soreness_time=[0.7, 0.5]),
        "trauma_time equals soreness_time. The formula for soreness needs them apart.",
    ),
}
BODIES = {
    "shapes": (
        lambda: Network([[1.0]], [[1.0, 0.0]], [0]),
        "Shapes disagree: supply (1, 1), beside (1, 2), region (1,). Give (muscles, levels), (levels, muscles) and ",
    ),
    "negative": (
        lambda: Network([[1.5, -0.5]], [[1], [0]], [0]),
        "A weight of 'supply' is negative or no number. Shares lie between 0 and 1.",
    ),
    "no number": (lambda: Network([[1.0]], [[NAN]], [0]), "A weight of 'beside' is negative or no number."),
    "sum of supply": (
        lambda: Network([[0.5]], [[1]], [0]),
        "Shares do not sum to 1. Each muscle's supply does, and each level's 'beside' (or to 0).",
    ),
    "sum of beside": (lambda: Network([[1]], [[0.5]], [0]), "Shares do not sum to 1."),
    "region": (lambda: Network([[1]], [[1]], [-1]), "Region -1 is negative. Number regions from 0."),
}
RUNS = {
    "kernel": (lambda: run(BODY, course(), kernel="gpu"), "Kernel 'gpu' is unknown. Use one of: auto, c, numpy."),
    "parameters of other people": (
        lambda: run(BODY, course(cause=np.zeros((1, 2, 3))), Parameters(root_half=[0.5, 0.5])),
        "people. Give one for all, or one each.",
    ),
    "start of other people": (
        lambda: run(BODY, course(cause=np.zeros((1, 2, 3))), start=State.rest(BODY, 2)),
        "Course, parameters and start are for",
    ),
}
EVERY = {
    f"{kind}: {name}": case
    for kind, cases in {
        "times": TIMES,
        "values": VALUES,
        "parameters": PARAMETERS,
        "bodies": BODIES,
        "runs": RUNS,
    }.items()
    for name, case in cases.items()
}


@pytest.mark.parametrize("case", EVERY)
def test_what_cannot_be_is_said_in_one_sentence(case):
    make, said = EVERY[case]
    with pytest.raises(MechanismError, match=re.escape(said)) as caught:
        make()
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_the_kernel_of_the_environment_is_checked_too(monkeypatch):
    monkeypatch.setenv("MYOTOME_KERNEL", "fortran")
    with pytest.raises(MechanismError, match="Kernel 'fortran' is unknown"):
        run(BODY, course())


def test_without_a_compiler_c_is_refused_and_auto_is_numpy(monkeypatch):
    monkeypatch.setattr("myotome.mechanism.native.load", lambda: None)
    monkeypatch.delenv("MYOTOME_KERNEL", raising=False)
    assert run(BODY, course()).kernel == "numpy"
    with pytest.raises(MechanismError, match="The C kernel was not built") as caught:
        run(BODY, course(), kernel="c")
    assert str(caught.value).endswith("Install a C compiler and reinstall, or use 'numpy'.")


@pytest.mark.parametrize("kernel", ["numpy", "auto"])
def test_a_start_that_is_no_number_is_an_outcome_of_that_person(kernel):
    """The others are followed to the end, untouched."""
    start = State.rest(BODY, 3)
    start.muscles[0, 1, 1] = NAN
    found = run(BODY, course(cause=CALM + 0.5), start=start, kernel=kernel)
    assert found.outcome.tolist() == [0, 1, 0]
    well = run(BODY, course(cause=CALM + 0.5), kernel=kernel)
    assert (found.drive[..., [0, 2]] == well.drive).all()


@pytest.mark.parametrize("end", [2 / 3, 1e-8, 0.1 + 0.2, 18.750999999999998])
def test_a_course_may_end_on_any_day(end):
    """Also one that nine digits do not write exactly: its readings and edges end with it."""
    found = run(BODY, course(end, [0.0, end], CALM + 0.9, edges=[0.0, end]))
    assert found.days.tolist() == [0.0, round(end, 9)]


# What only a mistake in a program gives; each is said, and none becomes an error of another kind or a wrong number.
UNLIKELY = {
    "no person": lambda: run(BODY, course(cause=np.zeros((1, 2, 0)))),
    "course of another body": lambda: run(OTHER, course()),
    "start of another body": lambda: run(BODY, course(), start=State.rest(OTHER, 1)),
    "a draw that is none": lambda: needled(1.7),
    "a draw that is almost the mean": lambda: needled(-0.5),
    "a table of one parameter": lambda: Parameters(root_half=[[0.5, 0.6]]),
    "times that are almost equal": lambda: Parameters(trauma_time=0.7, soreness_time=0.7 + 1e-13),
    "shares of pain above 1": lambda: Parameters(pain_of_ischaemia=1.0, pain_of_receptors=1.0),
    "one number for events": lambda: course(events=3.0),
    "one number for edges": lambda: course(edges=3.0),
    "a body without muscles": lambda: Network(np.zeros((0, 0)), np.zeros((0, 0)), []),
}


@pytest.mark.parametrize("case", UNLIKELY)
def test_mistakes_of_programs_are_said_too(case):
    with pytest.raises(MechanismError):
        UNLIKELY[case]()
