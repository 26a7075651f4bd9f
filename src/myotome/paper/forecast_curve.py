"""A forecast as a figure: the scores so far, and the band of those to come."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import ScaledTranslation

from myotome.care.course.course import TreatmentCourse
from myotome.care.course.forecast import EVIDENCE, Forecast
from myotome.care.simulation.scenario.schedule import Session
from myotome.paper.ink import BLACK, BLUE, FULL, PALE, SIZE, heading, line, marks, name, sheet, visits, weeks

TITLE = 70  # letters
ROOM = 0.35  # points below 0 and above 10, so that a mark there is whole


def band(course: TreatmentCourse, found: Forecast) -> Figure:
    """Scores so far as points, the 80 % band of those to come by week, and its middle; sessions as marks."""
    figure, (axes,) = sheet(8.2, 4.4, 1, 1)
    asked = [(session.day, session.pain) for session in course.sessions if session.pain is not None]
    axes.plot(*zip(*asked, strict=True), "o", color=BLACK, markersize=5, zorder=5)
    days = [week.day for week in found.weeks]
    low, high = ([getattr(week, key) for week in found.weeks] for key in ("low", "high"))
    axes.fill_between(days, low, high, color=BLUE, alpha=0.22, linewidth=0, zorder=2)
    axes.plot(days, [week.middle for week in found.weeks], "-o", color=BLUE, markersize=3, linewidth=1.5, zorder=3)
    axes.axvline(course.sessions[-1].day, color=PALE, linewidth=0.8)
    visits(axes, [Session(session.day, sham=session.needled == "none") for session in course.sessions])
    coming = [day for day in found.days[found.had :] if day <= days[-1]]
    under = axes.get_xaxis_transform() + ScaledTranslation(0.0, -6.5 / 72.0, figure.dpi_scale_trans)  # as visits
    axes.plot(coming, [0.0] * len(coming), "^", color=PALE, markersize=4.5, transform=under, clip_on=False)
    axes.set_ylim(-ROOM, FULL + ROOM)
    axes.set_ylabel("pain as reported, 0–10", fontsize=SIZE)
    axes.set_xlabel("weeks", fontsize=SIZE)
    weeks(axes, days[-1])
    name(axes, "A band, not a promise", EVIDENCE)
    coming_is = "visit without needles" if found.needled == "none" else "session"
    key: list[Line2D | Patch] = [
        Line2D([], [], marker="o", linestyle="", color=BLACK, markersize=5, label="score before a session"),
        line(BLUE, "middle of the forecast"),
        Patch(facecolor=BLUE, alpha=0.22, label="80 % of simulated people like this; one in five outside"),
        *marks([Session(0.0)]),
        Line2D([], [], marker="^", linestyle="", color=PALE, markersize=4, label=f"{coming_is} thought to come"),
    ]
    heading(figure, _title(course), key, 3)  # type: ignore[arg-type]  # a patch too
    axes.set_xlim(-1.5, days[-1] + 1.5)
    return figure


def _title(course: TreatmentCourse) -> str:
    """The complaint, short enough for the width of the figure."""
    text = " ".join(course.complaint.text.split()) or "Forecast of a course"
    return text if len(text) <= TITLE else text[: TITLE - 1].rstrip() + "…"
