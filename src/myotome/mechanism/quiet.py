"""What stays exactly healthy during a course and need not be computed: rest is a fixed point of the equations."""

from __future__ import annotations

from typing import Any

import numpy as np

from myotome.mechanism.course import Course
from myotome.mechanism.network import Ints, Network
from myotome.mechanism.state import ROOT, State


def disturbed(network: Network, course: Course, start: State | None) -> tuple[Ints, Ints]:
    """Numbers of the muscles and of the levels that anything can reach, in order; at least one of each.

    A root is reached by its cause and by shortening beside it, a muscle by its roots, by a needle and by heat, a
    level by what its muscles tell it. Central sensitisation alone reaches no muscle: it only strengthens.
    """
    roots = (course.cause > 0.0).any(axis=(0, 2))
    muscles = (course.draws < 1.5).any(axis=(0, 2)) | (course.heat > 0.0).any(axis=(0, 2))
    levels = np.zeros(network.levels, dtype=bool)
    if start is not None:
        roots |= (start.levels[ROOT] > 0.0).any(axis=-1)
        levels |= (start.levels > 0.0).any(axis=(0, 2))
        muscles |= (start.muscles > 0.0).any(axis=(0, 2))
    supplied, beside = network.supply > 0.0, network.beside > 0.0
    while True:
        more = muscles | supplied[:, roots].any(axis=1)
        further = roots | beside[:, more].any(axis=1)
        if (more == muscles).all() and (further == roots).all():
            break
        muscles, roots = more, further
    levels |= roots | (network.drive[:, muscles] > 0.0).any(axis=1)
    return _numbers(muscles), _numbers(levels)


def _numbers(chosen: Any) -> Ints:
    found = np.flatnonzero(chosen).astype(np.int32)
    return found if len(found) else np.zeros(1, dtype=np.int32)
