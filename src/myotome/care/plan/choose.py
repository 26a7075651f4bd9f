"""The best set of points by integer programming (HiGHS), the same every time.

Variables: one for each candidate, one for each position, one for the side of the lung. Ties are broken by the ids:
of all best sets the one that holds the earliest id, then the next, and so on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import permutations

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds as Box
from scipy.optimize import LinearConstraint, milp

from myotome.care.plan.candidates import Candidate
from myotome.care.plan.limits import Problem, minutes_of, same_place
from myotome.care.plan.numbers import numbers
from myotome.errors import PlanError

Row = tuple[dict[int, float], float]  # coefficients by variable, and what their sum may be at most
Vector = npt.NDArray[np.float64]
AT_ONCE = 16  # ids decided by one tie-breaking run: powers of two stay far inside the solver's tolerance
HALF = 0.5


def best(problem: Problem) -> tuple[Candidate, ...]:
    """The chosen candidates, in the order of their ids.

    Raises:
        PlanError: the solver stopped without an optimum.
    """
    if not problem.candidates or problem.bounds.needles == 0:
        return ()
    count, turns = len(problem.candidates), len(problem.positions)
    gain = np.array([*(one.value for one in problem.candidates), *[-round(numbers()["turn"])] * turns, 0.0])
    rows = _rows(problem)
    fixed: dict[int, float] = {}
    found = _solve(gain, rows, fixed)
    rows.append(({k: -v for k, v in enumerate(gain) if v}, HALF - round(float(gain @ found))))
    if _is_only(found[:count], gain, rows):
        return _taken(problem, found)
    for start in range(0, count, AT_ONCE):
        some = range(start, min(start + AT_ONCE, count))
        wish = np.zeros(len(gain))
        wish[list(some)] = [2.0 ** (some[-1] - k) for k in some]
        found = _solve(wish, rows, fixed)
        fixed |= {k: float(round(found[k])) for k in some}
    return _taken(problem, found)


def _taken(problem: Problem, found: Vector) -> tuple[Candidate, ...]:
    return tuple(one for one, x in zip(problem.candidates, found, strict=False) if x > HALF)


def _is_only(found: Vector, gain: Vector, rows: Sequence[Row]) -> bool:
    """Whether no other set of points is worth as much: one more run with this set forbidden."""
    taken = {k: 1.0 if x > HALF else -1.0 for k, x in enumerate(found)}
    forbidden = (taken, sum(x > HALF for x in found) - 1.0)
    try:
        _solve(gain, [*rows, forbidden], {})
    except PlanError:
        return True
    return False


def _rows(problem: Problem) -> list[Row]:
    """What every plan must keep (see ``limits.py``), as inequalities."""
    ones, count = problem.candidates, len(problem.candidates)
    at = {one.id: k for k, one in enumerate(ones)}
    position = {name: count + k for k, name in enumerate(problem.positions)}
    lung = count + len(position)
    rows: list[Row] = [(dict.fromkeys(range(count), 1.0), float(problem.bounds.needles))]
    known = numbers()
    spare = problem.bounds.minutes - minutes_of(0, 0)
    rows.append(
        (
            dict.fromkeys(range(count), known["minutes a needle"])
            | dict.fromkeys(position.values(), known["minutes a turn"]),
            spare,
        )
    )
    for k, one in enumerate(ones):
        rows.append(({k: 1.0} | {position[p]: -1.0 for p in problem.ways(one)}, 0.0))
        if companions := problem.companions(one):
            rows.append(({k: 1.0} | {at[c.id]: -1.0 for c in companions}, 0.0))
        if one.at_lung and one.side in ("left", "both"):
            rows.append(({k: 1.0, lung: -1.0}, 0.0))
        if one.at_lung and one.side in ("right", "both"):
            rows.append(({k: 1.0, lung: 1.0}, 1.0))
    rows += _same_place(ones)
    return rows


def _same_place(ones: Sequence[Candidate]) -> Iterable[Row]:
    for (k, one), (j, other) in permutations(enumerate(ones), 2):
        if same_place(one, other):
            yield {k: 1.0, j: 1.0}, 1.0


def _solve(gain: Vector, rows: Sequence[Row], fixed: dict[int, float]) -> Vector:
    """The 0/1 vector of greatest gain.

    Raises:
        PlanError: there is none, or the solver stopped early.
    """
    columns = [(r, k, value) for r, (row, _) in enumerate(rows) for k, value in row.items()]
    r, k, values = zip(*columns, strict=True)
    matrix = sparse.csr_array((values, (r, k)), shape=(len(rows), len(gain)))
    low, high = np.zeros(len(gain)), np.ones(len(gain))
    for variable, value in fixed.items():
        low[variable] = high[variable] = value
    limits = LinearConstraint(matrix, -np.inf, np.array([limit for _, limit in rows]))
    answer = milp(
        -gain,
        constraints=limits,
        bounds=Box(low, high),
        integrality=np.ones(len(gain), dtype=np.int64),
        options={"mip_rel_gap": 0.0},
    )
    if answer.status != 0 or answer.x is None:
        raise PlanError(f"The solver found no plan ({answer.message}). Nothing is planned; report the case.")
    return np.round(answer.x)
