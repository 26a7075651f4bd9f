"""What a followed schedule came to, in the few numbers that a clinician asks for."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from myotome.care.simulation.scenario.follow import Followed
from myotome.mechanism import readings
from myotome.mechanism.network import Floats
from myotome.mechanism.parameters import reading_table
from myotome.mechanism.state import HYPERAEMIA, SORENESS

LITTLE = 2.0  # points of pain of 10: under it for good counts as settled
BACK = 2.0  # a rise of so many points above the lowest counts as pain that came back
SORE_FOR = 4.0  # days after a session in which its soreness is looked for


@dataclass(frozen=True, slots=True)
class Outcome:
    """One schedule in numbers. Pain is that of the worst region, 0..10.

    ``before`` and ``reported_before``: just before each session, as muscle and nerve give it, and as the person
    reports it; ``settled_on``: the day from which pain stays under 2, None where it does not; ``came_back_on``: the
    day by which it has risen again by 2 points from its lowest and ends so; ``twitches``: their sum at each session;
    ``soreness``: most pain that soreness alone would give after a session, and ``sore_after`` how many days after.
    """

    name: str
    days: tuple[float, ...]
    shams: int
    region: str
    before: tuple[float, ...]
    reported_before: tuple[float, ...]
    end: float
    reported_end: float
    lowest: float
    settled_on: float | None
    came_back_on: float | None
    twitches: tuple[float, ...]
    soreness: float
    sore_after: float
    range_at_end: float
    strength_at_end: float

    @property
    def verdict(self) -> str:
        """How it ended, in a few words."""
        if self.settled_on == 0.0:
            return f"always under {LITTLE:g}"
        if self.settled_on is not None:
            return f"under {LITTLE:g} from day {self.settled_on:.0f}"
        if self.came_back_on is not None:
            return f"came back: {self.end:.1f} at the end"
        return f"not settled: {self.end:.1f} at the end"

    def as_dict(self) -> dict[str, Any]:
        """The one JSON shape of an outcome, numbers to three decimals."""
        return {key: _rounded(value) for key, value in asdict(self).items()}


def outcome(followed: Followed) -> Outcome:
    """The outcome of one schedule."""
    before, worst = followed.before, followed.worst
    soreness, after = _soreness(followed)
    region = followed.part.regions[int(followed.pain[before[0] if before else -1].argmax())]
    return Outcome(
        followed.schedule.name,
        tuple(map(float, followed.sessions)),
        sum(session.sham for session in followed.schedule.sessions),
        f"{region[0]}, {region[1]}",
        tuple(map(float, worst[before])),
        tuple(map(float, followed.reported[before])),
        float(worst[-1]),
        float(followed.reported[-1]),
        float(worst[before[0] if before else 0 :].min()),
        _settled(followed.days, worst),
        _came_back(followed.days, worst, before[0]) if before else None,
        tuple(map(float, followed.twitches.sum(axis=1))),
        soreness,
        after,
        float(followed.range[-1].min()),
        float(followed.strength[-1].min()),
    )


def soreness(followed: Followed) -> Floats:
    """(readings,) pain that soreness alone would give, 0..10, of the sorest muscle."""
    k, sore = reading_table(), followed.muscles[:, SORENESS]
    eased = sore / (1.0 + k["soreness_heat"].value * followed.muscles[:, HYPERAEMIA])
    return readings.pain(k["pain_soreness"].value * eased.max(axis=1))


def _soreness(followed: Followed) -> tuple[float, float]:
    felt, most, after = soreness(followed), 0.0, 0.0
    for day in followed.sessions:
        near = np.flatnonzero((followed.days > day) & (followed.days <= day + SORE_FOR))
        if near.size and felt[near].max() > most:
            most, after = float(felt[near].max()), float(followed.days[near[felt[near].argmax()]] - day)
    return most, after


def _settled(days: Floats, worst: Floats) -> float | None:
    painful = np.flatnonzero(worst >= LITTLE)
    if not painful.size:
        return 0.0
    return None if painful[-1] == len(days) - 1 else float(days[painful[-1] + 1])


def _came_back(days: Floats, worst: Floats, start: int) -> float | None:
    later = worst[start:]
    lowest = int(later.argmin())
    if later[-1] < later[lowest] + BACK:
        return None
    under = np.flatnonzero(later < later[lowest] + BACK)
    return float(days[start + under[-1] + 1])


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3)
    return [_rounded(one) for one in value] if isinstance(value, tuple) else value
