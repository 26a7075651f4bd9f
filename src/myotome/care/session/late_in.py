"""Needles that came to light after the signature, as in, and of which nobody has said that they are out.

The note was signed without them and stays as it was. So they are raised wherever somebody looks, until a later entry
notes them as out, or an incident names them.
"""

from __future__ import annotations

from collections.abc import Iterable

from myotome.care.session.followed import with_late
from myotome.care.session.ledger import INCIDENT, Insertion, ledger
from myotome.care.session.noted import Noted
from myotome.care.session.values import values


def late_in(entries: Iterable[Noted]) -> tuple[Insertion, ...]:
    """The needles in by late entries that are neither out nor named by an incident written after them."""
    every = tuple(entries)
    late = {one.id for one in every if one.late}
    if not late:
        return ()
    together = with_late(every)
    named = [
        (head.rank[:2], {*head.ids("needles")})
        for value in values(together).all(INCIDENT).values()
        for head in value.heads
    ]
    return tuple(
        one
        for one in ledger(together).open
        if one.id in late and not any(at > one.entry.rank[:2] and {one.needle, one.id} & them for at, them in named)
    )
