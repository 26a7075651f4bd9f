"""A ceiling on what one session may ask that costs the clinic's computer much: a bucket of questions that refills.

It stays in memory: what it guards against is a page or program that asks without end, not somebody who guesses, so a
restart may fill it. Limits on guessing are kept with the record, in ``clinic/access/limits``.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

MOST_SESSIONS = 1000  # that are remembered; the one longest quiet is forgotten first: its bucket is full by then


class Ceiling:
    """So many questions at once, and ``each_second`` more."""

    def __init__(self, at_once: int, each_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.at_once, self.each_second, self.clock = at_once, each_second, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, session: str) -> float:
        """Use up one; 0 if there was one, else the seconds until there is."""
        with self._lock:
            now = self.clock()
            left, at = self._left.pop(session, (float(self.at_once), now))
            left = min(float(self.at_once), left + (now - at) * self.each_second)
            self._left[session] = (left - 1 if left >= 1 else left), now
            if len(self._left) > MOST_SESSIONS:
                self._left.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) / self.each_second
