"""Read segments and runs of them: "C6", "C5-C7", "L4/5", "C6 and C7"."""

from __future__ import annotations

import re

from myotome.anatomy.tables import anatomy

LEVEL = r"([ctls])\s?-?(\d{1,2})"
RUN = rf"\b{LEVEL}\s*(?:-|–|to|/|and)\s*{LEVEL.replace('([ctls])', '([ctls]?)')}(?!\d)"
_RUN = re.compile(rf"^{RUN}$", re.IGNORECASE)
_ONE = re.compile(rf"^{LEVEL}$", re.IGNORECASE)


def levels(text: str) -> tuple[str, ...]:
    """Segments named by "C6", "C5-C7", "L4/5" or "C6 and C7"; empty where the text is no level.

    A disc ("C5/6") stands for the root that it usually presses: C6, and below T1 for L4/5: L5.
    """
    text = text.strip()
    if one := _ONE.match(text):
        return _existing(one.group(1).upper(), int(one.group(2)), int(one.group(2)))
    if run := _RUN.match(text):
        first, start, second, end = run.groups()
        if second and second.upper() != first.upper():
            return _between(first.upper() + start, second.upper() + end)
        return _existing(first.upper(), *sorted((int(start), int(end))))
    return ()


def _existing(letter: str, start: int, end: int) -> tuple[str, ...]:
    known = anatomy().segments
    run = tuple(f"{letter}{n}" for n in range(start, end + 1))
    return run if run and all(s in known for s in run) else ()


def _between(first: str, second: str) -> tuple[str, ...]:
    order = list(anatomy().segments)
    if first not in order or second not in order:
        return ()
    a, b = order.index(first), order.index(second)
    return tuple(order[a : b + 1]) if a <= b and b - a < 8 else ()
