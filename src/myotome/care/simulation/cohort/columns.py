"""The columns of a cohort's two tables: what each is, in which unit."""

from __future__ import annotations

from dataclasses import dataclass

from myotome.care.simulation.cohort.patients import varied
from myotome.mechanism.parameters import table
from myotome.mechanism.run import OUTCOMES

NUMBER, WHOLE, FLAG = "number", "whole number", "yes or no"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its kind (number, whole number, yes or no), its unit ('' where it has none) and what it means."""

    name: str
    kind: str
    unit: str
    words: str


PERSON = Column("person", WHOLE, "", "Number of the person, from 1; the same in both tables.")
VISITS = (
    PERSON,
    Column("day", WHOLE, "d", "Day of the visit, from the first visit; day 0 is before any session."),
    Column("session", WHOLE, "", "Number of the session on that day, from 1; 0 where there was none."),
    Column("pain_spine", NUMBER, "0 to 10", "The model's pain beside the spine, before that day's session."),
    Column("pain_limb", NUMBER, "0 to 10", "The model's pain in the limb, before that day's session."),
    Column("pain_reported", WHOLE, "0 to 10", "Pain as the person says it: eased by context, with error."),
    Column("range_spine", NUMBER, "%", "The model's range of movement of the spine, of full range."),
    Column("range_limb", NUMBER, "%", "The model's range of movement of the limb, of full range."),
    Column("range_measured", NUMBER, "%", "The lesser of both as it is measured, with error."),
    Column("twitch_sum", NUMBER, "1", "Sum of the sizes (0 to 1) of all twitches of that day's session."),
    Column("context_share", NUMBER, "1", "Share of pain that earlier sessions' context took away from the report."),
)
DRAWN = (
    Column("wait_weeks", WHOLE, "weeks", "Weeks from onset to the first visit."),
    Column("cause_most", NUMBER, "1", "Strongest disruption of the root in any week before the first visit, 0 to 1."),
    Column("cause_start", NUMBER, "1", "Disruption of the root in the week of the first visit, 0 to 1."),
    Column("cause_after", NUMBER, "1", "Mean disruption of the root from the first visit on, 0 to 1."),
    Column("persisting", FLAG, "", "Whether a cause stays for good."),
    Column("closing_start", NUMBER, "1", "How far a shortened muscle can close in on the root at the first visit."),
    Column("movement_after", NUMBER, "1", "Mean share of lost impulses that everyday movement makes good."),
    Column("report_gain", NUMBER, "1", "Reported pain over the model's pain."),
    Column("context_dose", NUMBER, "1", "Share of reported pain that the context of one session takes away."),
)
BECAME = (
    Column("sessions_had", WHOLE, "", "Sessions had."),
    Column("pain_reported_start", WHOLE, "0 to 10", "Reported pain at the first visit."),
    Column("pain_reported_end", NUMBER, "0 to 10", "Mean of reported pain at the last three visits."),
    Column("pain_end", NUMBER, "0 to 10", "The model's pain of the worse region at the last visit."),
    Column(
        "eased_on", WHOLE, "d", "Day of the first of two visits in a row with at most half the first pain, or empty."
    ),
    Column("sessions_needed", WHOLE, "", "Sessions had before that day, or empty: it says when, not why."),
    Column("non_responder", FLAG, "", "Whether reported pain at the end is less than 30 % below that at the start."),
    Column("outcome", WHOLE, "", "How the computation ended: " + " ".join(f"{k} {s}" for k, s in enumerate(OUTCOMES))),
)


def people_columns() -> tuple[Column, ...]:
    """The columns of the table of people: what was drawn, their own parameters, what became of them."""
    own = (Column(name, NUMBER, table()[name].unit, table()[name].words) for name in varied())
    return (PERSON, *DRAWN, *own, *BECAME)
