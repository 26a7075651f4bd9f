"""What is missing before a visit can be signed, in words. The page of the bedside says the same words (fold.js)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from myotome.care.session.ledger import Insertion, Ledger
    from myotome.care.session.values import Value

WHAT = {"grasp": "grasp", "depth_mm": "depth", "technique": "technique"}


def sentences(ledger: Ledger) -> tuple[str, ...]:
    """A sentence for each thing that is missing; none of them tells the number before it was counted."""
    return (*_in(ledger), *(_differing(one, ledger) for one in ledger.conflicts), *_sharps(ledger))


def _in(ledger: Ledger) -> list[str]:
    unsure = {one.needle for one in ledger.unexplained if one.removed}
    here = [one for one in ledger.unexplained if one.needle not in unsure]
    gone = [one for one in ledger.unexplained if one.needle in unsure]
    found = []
    if here:
        count = len({one.needle for one in here})
        which = f"{count} {_plural(count, 'needle is', 'needles are')} still in: {_places(here)}."
        them = _plural(count, "it", "them")
        found.append(f"{which} Note {them} as out, or write an incident that names {them}.")
    if gone:
        count = len(unsure)
        which = f"{count} {_plural(count, 'needle is', 'needles are')} to reconcile after all were removed"
        found.append(f"{which}: {_places(gone)}. Say which came out, or write an incident that names what did not.")
    return found


def _sharps(ledger: Ledger) -> list[str]:
    if ledger.excused or (ledger.sharps == "never" and not ledger.opened):
        return []
    if ledger.sharps == "never":
        return ["The needles in the sharps container are not counted. Count them."]
    if ledger.sharps == "before the last needle":
        return ["A needle was noted after the sharps container was counted. Count again."]
    if ledger.in_sharps is None or ledger.in_sharps == ledger.opened:
        return []
    count = ledger.opened
    opened = f"{count} {_plural(count, 'needle was', 'needles were')} opened and {ledger.in_sharps} counted"
    less = ledger.in_sharps < count
    remedy = "Look for what is missing" if less else "Note the needle that is not in the ledger"
    return [f"{opened} in the sharps container. {remedy} and count again, or write an incident."]


def _differing(value: Value, ledger: Ledger) -> str:
    if value.kind == "sharps.counted":
        return (
            f"The counts of the sharps container differ: {_listed([str(one) for one in ledger.counts])}. Count again."
        )
    if value.kind == "needle.unused":
        return "Two entries differ on the needles that were opened and not used. Choose the true one."
    insertion, what = (value.key, "response") if isinstance(value.key, str) else (value.key[0], WHAT.get(value.key[1]))
    place = next(_place(one) for one in ledger.insertions if one.id == insertion)
    return f"Two entries differ on the {what or 'note'} at {place}. Choose the true one."


def _places(insertions: Sequence[Insertion]) -> str:
    counts = Counter(dict.fromkeys(map(_place, insertions), 0))
    counts.update(map(_place, insertions))
    return _listed([place if count == 1 else f"{place} ({count})" for place, count in counts.items()], "; ")


def _place(insertion: Insertion) -> str:
    return f"{insertion.point}, {insertion.side}" if insertion.side else insertion.point


def _listed(words: Sequence[str], between: str = ", ") -> str:
    return between.join(words)


def _plural(count: int, one: str, many: str) -> str:
    return one if count == 1 else many
