"""What an experiment finds: numbers, and checks made on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from myotome.mechanism.network import Floats

HURTS, FREE = 4.0, 1.0  # pain from which a claim calls it pain, and below which it is off


@dataclass(frozen=True)
class Found:
    """Numbers found, by name, for each set of parameters; and the checks made on them."""

    numbers: Mapping[str, Floats]
    checks: Mapping[str, Any]


def first_day(days: Floats, above: Any) -> Floats:
    """The first day on which something holds, (readings, people) -> (people,); endless where never."""
    return np.where(above.any(axis=0), days[above.argmax(axis=0)], np.inf)
