"""The rows of a cohort: what is seen of people at each visit, what was drawn of them and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from myotome.care.simulation.cohort.patients import Patients, reports, varied
from myotome.facts.kept import Table, kept
from myotome.facts.tables import rows
from myotome.mechanism.context import context
from myotome.mechanism.network import Floats
from myotome.mechanism.run import Trajectory

Values = NDArray[Any]


@kept
def numbers() -> Mapping[str, float]:
    """When a person counts as eased and as not responding, by name."""
    found = rows("myotome.care.simulation.cohort", "cohort", "number")
    return Table({row["name"]: float(row["value"]) for _, row, _ in found})


def visit_rows(
    patients: Patients,
    found: Trajectory,
    days: Floats,
    sessions: Floats,
    answers: Generator,
    measures: Generator,
) -> dict[str, Values]:
    """The columns of the table of visits but for the person, each (visits, people).

    ``days`` (visits,) and ``sessions`` (sessions,) are days from the first visit; each session is on a
    visit's day. ``answers`` draws the errors of reports, ``measures`` those of measured range.
    """
    shape = (len(days), patients.count)
    session, twitch = np.zeros(shape), np.zeros(shape)
    at = np.searchsorted(days, sessions)
    session[at] = np.arange(1.0, len(at) + 1.0)[:, None]
    twitch[at] = found.twitches.sum(axis=1, dtype=np.float64)
    taken = np.broadcast_to(context(sessions, days, dose=patients.context_dose), shape)
    error = patients.world.noise * patients.world.number("range error") * measures.standard_normal(shape)
    return {
        "day": np.repeat(days[:, None], patients.count, axis=1),
        "session": session,
        "pain_spine": found.pain[:, 0],
        "pain_limb": found.pain[:, 1],
        "pain_reported": reports(patients, found.worst, taken, days, answers),
        "range_spine": found.range[:, 0],
        "range_limb": found.range[:, 1],
        "range_measured": np.clip(found.range.min(axis=1) + error, 0.0, 100.0),
        "twitch_sum": twitch,
        "context_share": taken,
    }


def people_rows(
    patients: Patients, found: Trajectory, said: Floats, days: Floats, sessions: Floats
) -> dict[str, Values]:
    """The columns of the table of people but for the person, each (people,); ``said`` (visits, people): reports."""
    first, k = patients.first, numbers()
    end = said[-int(k["last visits"]) :].mean(axis=0)
    eased = _eased(said, k["eased share"], int(k["eased visits"]))
    day = np.where(eased < len(days), np.append(days, np.nan)[eased], np.nan)
    return {
        # A root is disrupted from the week of its onset on, and in none before.
        "wait_weeks": first - (patients.cause > 0.0).argmax(axis=0),
        "cause_most": patients.cause[:first].max(axis=0),
        "cause_start": patients.cause[first],
        "cause_after": patients.cause[first:].mean(axis=0),
        "persisting": patients.persisting,
        "closing_start": patients.closing[first],
        "movement_after": patients.movement[first:].mean(axis=0),
        "report_gain": patients.gain,
        "context_dose": patients.context_dose,
        **{name: np.broadcast_to(getattr(patients.parameters, name), patients.count) for name in varied()},
        "sessions_had": np.full(patients.count, len(sessions)),
        "pain_reported_start": said[0],
        "pain_reported_end": end,
        "pain_end": found.worst[-1],
        "eased_on": day,
        "sessions_needed": np.where(np.isnan(day), np.nan, np.searchsorted(sessions, day)),
        "non_responder": ~(end <= (1.0 - k["response share"]) * said[0]),
        "outcome": found.outcome,
    }


def _eased(said: Floats, share: float, visits: int) -> NDArray[np.int64]:
    """(people,) number of the visit from which so many in a row report little enough; how many there are for never."""
    little = said <= share * said[0]
    run = np.ones_like(little)
    for later in range(visits):
        run[: len(said) - later] &= little[later:]
        run[len(said) - later :] = False
    return np.asarray(np.where(run.any(axis=0), run.argmax(axis=0), len(said)))
