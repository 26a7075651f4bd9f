"""The time axis of a course, and small pieces of drawing: elements with classes, coloured by course.css alone."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDE, NARROW, SHEET = 860, 344, 700  # units of the drawings, for a tablet, a phone and paper
MOST = {WIDE: 20, NARROW: 7, SHEET: 12}  # visits drawn
LEAST_APART = 34.0  # units between two visits, so that their numbers can be read
LEFT, RIGHT = 34.0, 20.0
TEXT = 13.0  # units a letter is high


@dataclass(frozen=True, slots=True)
class Axis:
    """Where each visit stands. ``moved``: some are drawn apart, since they lie too close together."""

    width: float
    days: tuple[datetime.date, ...]
    at: tuple[float, ...]
    moved: bool
    per_day: float

    @property
    def end(self) -> float:
        """The right edge of the rows."""
        return self.width - RIGHT

    def later(self, days: float) -> float:
        """Where something stands so many days after the last visit."""
        return self.at[-1] + days * self.per_day


def axis(days: Sequence[datetime.date], width: float, after: float = 0.0, least: float = LEAST_APART) -> Axis:
    """The axis of some visits; ``after``: days to leave free after the last; ``least``: units between two."""
    start, end = LEFT + 16.0, width - RIGHT - 16.0
    span = (days[-1] - days[0]).days + after
    per_day = (end - start) / span if span else 0.0
    wished = [start + (day - days[0]).days * per_day for day in days]
    room = end - after * per_day
    apart = min(least, (room - start) / (len(days) - 1)) if len(days) > 1 else 0.0
    at = list(wished)
    for n in range(1, len(at)):
        at[n] = max(at[n], at[n - 1] + apart)
    limit = room
    for n in range(len(at) - 1, -1, -1):
        at[n] = min(at[n], limit)
        limit = at[n] - apart
    moved = any(abs(a - b) > 1.0 for a, b in zip(at, wished, strict=True))
    return Axis(width, tuple(days), tuple(at), moved, per_day)


def line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    """A straight line."""
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def label(words: str, x: float, y: float, kind: str = "", anchor: str = "middle") -> str:
    """Words, escaped."""
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def box(kind: str, x: float, y: float, width: float, height: float, round_: float = 0.0) -> str:
    """A rectangle."""
    corner = f' rx="{round_:g}"' if round_ else ""
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{max(height, 0):.1f}"{corner}/>'


def dot(kind: str, x: float, y: float, radius: float) -> str:
    """A disc or ring."""
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"/>'


def path(kind: str, points: Sequence[tuple[float, float]], closed: bool = False) -> str:
    """A line through points, or the area within them."""
    joined = " ".join(f"{'L' if n else 'M'}{x:.1f} {y:.1f}" for n, (x, y) in enumerate(points))
    return f'<path class="{kind}" d="{joined}{"Z" if closed else ""}"/>'


def short(day: datetime.date) -> str:
    """A day as it stands under the axis."""
    return f"{day.day} {day:%b}"
