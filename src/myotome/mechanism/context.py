"""The context of a session: attention, hope and touch ease reported pain, with a needle or a sham; solved exactly.

One number E a person, 0..1, is the share of pain that is not reported. A session raises it by a share of what is
left, E + (1 - E) dose, up to a ceiling; between sessions it fades exponentially. It changes what a person reports
and nothing in the muscle or the nerve.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from myotome.errors import MechanismError
from myotome.mechanism.network import Floats
from myotome.mechanism.parameters import reading_table


def context(
    sessions: ArrayLike,
    days: ArrayLike,
    *,
    dose: ArrayLike | None = None,
    time: ArrayLike | None = None,
    most: ArrayLike | None = None,
    attended: ArrayLike | None = None,
) -> Floats:
    """Share of pain that context takes away, (days, people).

    Args:
        sessions: (sessions,) their days in order; a reading on the day of a session is taken before it.
        days: (days,) when to look, in any order.
        dose: (1,) or (people,) share taken by one session, 0..1; the table's ``context_dose`` where missing.
        time: likewise, days in which it fades to 1/e; ``context_time`` where missing.
        most: likewise, the most that is taken away, 0..1; ``context_most`` where missing.
        attended: (sessions, people) 1 where a person came, 0 where not; all came where missing.

    Raises:
        MechanismError: a number is out of its range, or numbers of people disagree.
    """
    at, looked = np.asarray(sessions, np.float64), np.asarray(days, np.float64)
    doses, times, ceiling = (_one(name, value) for name, value in (("dose", dose), ("time", time), ("most", most)))
    came = _came(at, attended)
    try:
        people = np.broadcast_shapes(doses.shape, times.shape, ceiling.shape, came.shape[1:])
    except ValueError:
        raise MechanismError("Context is given for unequal numbers of people. Give one number, or one each.") from None
    after = np.zeros((len(at) + 1, *people))  # row k: just after session k - 1; row 0: before all
    for k, gap in enumerate(np.diff(at, prepend=at[:1])):
        before = after[k] * np.exp(-gap / times)
        raised = np.minimum(before + (1.0 - before) * doses, np.maximum(ceiling, before))
        after[k + 1] = np.where(came[k] > 0.0, raised, before)
    last = np.searchsorted(at, looked, side="left")
    since = np.where(last > 0, looked - np.append(0.0, at)[last], 0.0)
    return np.asarray(after[last] * np.exp(-since[:, None] / times))


def _came(sessions: Floats, attended: ArrayLike | None) -> Floats:
    came = np.ones((len(sessions), 1)) if attended is None else np.asarray(attended, np.float64)
    if came.ndim != 2 or len(came) != len(sessions) or (np.diff(sessions) < 0.0).any():
        raise MechanismError(
            f"'attended' has shape {came.shape} for {len(sessions)} sessions. "
            "Give sessions in order, and (sessions, people)."
        )
    return came


def reported(pain: Floats, taken: ArrayLike, masked: ArrayLike = 0.0) -> Floats:
    """Pain as a person reports it: what context leaves, and medicine of strength ``masked`` 0..1 leaves of that."""
    return np.asarray(pain * (1.0 - np.asarray(taken)) * (1.0 - np.asarray(masked)))


def _one(name: str, value: ArrayLike | None) -> Floats:
    row = reading_table()[f"context_{name}"]
    found = np.atleast_1d(np.asarray(row.value if value is None else value, np.float64))
    bad = found[~((found >= row.least) & (found <= row.most))]
    if bad.size:
        raise MechanismError(
            f"{row.name} = {bad[0]:g} {row.unit} is outside {row.least:g} to {row.most:g}. {row.words}"
        )
    return found
