"""The one person of the figures: an arm whose C6 and C7 roots were disrupted for four weeks, two months ago."""

from __future__ import annotations

from myotome.care.simulation.scenario.schedule import BOTH, LIMB, SPINE, Disruption, Scenario, Schedule, Session, Span

FIRST = 56.0  # day of the first session
MUSCLE, BESIDE, LEVEL = ("extensor carpi radialis brevis", "right"), ("C6 paraspinal", "right"), ("C6", "right")


def sessions(count: int, every: float = 7.0, needled: str = BOTH, sham: bool = False) -> tuple[Session, ...]:
    """So many sessions, so many days apart, from the first day of treatment."""
    return tuple(Session(FIRST + every * number, needled, sham) for number in range(count))


def arm(days: float = 252.0) -> Scenario:
    """The person, with schedules side by side."""
    exercise = (Span(FIRST, FIRST + 42.0, 0.2),)
    return Scenario(
        "An arm two months after four weeks of trouble at C6 and C7",
        (Disruption("C6", "right"), Disruption("C7", "right")),
        (
            Schedule("no treatment"),
            Schedule("limb only, weekly", sessions(6, needled=LIMB)),
            Schedule("spine only, weekly", sessions(6, needled=SPINE)),
            Schedule("both, weekly", sessions(6)),
            Schedule("both, fortnightly", sessions(6, every=14.0)),
            Schedule("both, three times", sessions(3)),
            Schedule("both, three times, with exercise", sessions(3), movement=exercise),
            Schedule("exercise alone", movement=exercise),
            Schedule("sham, weekly", sessions(6, sham=True)),
        ),
        days=days,
    )
