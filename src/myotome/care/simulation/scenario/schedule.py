"""What is done to a simulated person and what befell him: disruption, sessions, exercise, heat, medicine."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

LIMB, SPINE, BOTH = "limb", "spine", "both"
PLACES = (LIMB, SPINE, BOTH)
EXPECTED, DRAWN = "expected", "drawn"
SHORTEST, LONGEST = 1.0, 1830.0  # days; five years of daily readings
MOST_SESSIONS = 200
MOST_SCHEDULES = 12

Muscles = tuple[tuple[str, str], ...]  # each (name, side)


@dataclass(frozen=True, slots=True)
class Disruption:
    """A nerve root disrupted from outside: its segment and side, from which day, for how long, how much (0..1)."""

    level: str
    side: str
    from_day: float = 0.0
    days: float = 28.0
    strength: float = 0.9


@dataclass(frozen=True, slots=True)
class Session:
    """One visit: its day, what is needled, whether the needle is a sham, and heat to the same muscles after it.

    ``needled`` is 'limb' (muscles of the disrupted roots away from the spine), 'spine' (those beside it), 'both', or
    the muscles themselves. A sham touches no muscle and still is a visit. ``heat`` is hyperaemia, 1 as a full twitch.
    """

    day: float
    needled: str | Muscles = BOTH
    sham: bool = False
    heat: float = 0.0


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasts: from one day to another, and how much of it."""

    from_day: float
    to_day: float
    amount: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """What is done, by name.

    ``movement``: exercise, share of lost impulses that it makes good, 0..1. ``stretch``: release a day by stretch or
    massage. ``heat``: pairs (day, hyperaemia) of warmth at home. ``mask``: medicine, share of pain that is not felt.
    """

    name: str
    sessions: tuple[Session, ...] = ()
    movement: tuple[Span, ...] = ()
    stretch: tuple[Span, ...] = ()
    heat: tuple[tuple[float, float], ...] = ()
    mask: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """How the room around a root widens with time.

    A shortened muscle closes in on the root fully at ``closing`` 1; that share falls with the time constant ``time``
    (days; endless: it stays) towards ``least``.
    """

    closing: float = 1.0
    time: float = math.inf
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class Context:
    """What attention, hope and touch of a session take from reported pain; the table's numbers where None."""

    dose: float | None = None
    time: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One simulated person, and the schedules to compare.

    ``parameters`` are pairs (name, value) that differ from the table; ``twitches`` is 'expected' (the mean response)
    or 'drawn' (each needle by chance, from ``seed``); ``days`` is where the story ends; ``profile`` says whose
    charts of roots are believed.
    """

    name: str
    disruptions: tuple[Disruption, ...]
    schedules: tuple[Schedule, ...] = ()
    days: float = 365.0
    repair: Repair = field(default_factory=Repair)
    context: Context = field(default_factory=Context)
    parameters: tuple[tuple[str, float], ...] = ()
    twitches: str = EXPECTED
    seed: int = 0
    profile: str = "emg"
    note: str = ""
