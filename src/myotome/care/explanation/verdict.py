"""What to say: the answer worth most under the cost table, or that the findings do not decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from myotome.care.explanation.chances import percent
from myotome.care.explanation.likelihoods import SIDES
from myotome.care.explanation.model import Model
from myotome.care.explanation.numbers import decision
from myotome.care.explanation.partition import KINDS, LESIONS, Partition, Row
from myotome.care.explanation.priors import Priors
from myotome.care.explanation.towards import NOT_LOOKED, Towards

OF_NERVE = LESIONS | {"irritation"}
HARMLESS = ("local", "generalised", "none")
SAID = (
    "said rather than left open: weighed with the harm that a wrong answer would do, by costs that the authors "
    "assumed, it comes out better than no answer"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Kind (or ``indeterminate``), the sentence, its probability, and the row it states."""

    kind: str
    statement: str
    confidence: float
    row: Row | None
    because: str


def merged(found: Partition, model: Model, priors: Priors) -> Partition:
    """Put lesions of one kind and side that the examination cannot separate into one row.

    Two cannot be separated where the evidence for them (posterior over prior) differs by less than
    the factor in the decision table.
    """
    limits = decision("rows")
    limit = limits["inseparable"]
    rows = list(found.rows)
    result: list[Row] = []
    while rows:
        row = rows.pop(0)
        if row.kind in ("root", "nerve", "plexus") and len(row.names) == 1:
            alike = [r for r in rows if _alike(row, r, model, priors, limit)]
            # Where many lesions fit alike the examination has not begun to tell; they stay apart.
            if 0 < len(alike) < limits["most_merged"]:
                rows = [r for r in rows if r not in alike]
                names = (*row.names, *(n for r in alike for n in r.names))
                row = Row(row.kind, names, row.side, row.probability + sum(r.probability for r in alike), True)
        result.append(row)
    return replace(found, rows=tuple(sorted(result, key=lambda r: -r.probability)))


def _alike(one: Row, other: Row, model: Model, priors: Priors, limit: float) -> bool:
    if (other.kind, other.side, len(other.names)) != (one.kind, one.side, 1):
        return False
    evidence = [r.probability / _prior(r, model, priors) for r in (one, other)]
    # Lesions that nothing speaks for are not "alike": they are merely unexamined.
    return min(evidence) > limit and max(evidence) < limit * min(evidence)


def _prior(row: Row, model: Model, priors: Priors) -> float:
    side = SIDES.index(row.side or "left")
    if row.kind == "root":
        return float(priors.states[model.row(row.names[0], model.deficient), side])
    number = next(k for k, lesion in enumerate(model.lesions) if lesion.names == row.names)
    return float(priors.lesions[number, side])


def decide(found: Partition, towards: Towards = NOT_LOOKED) -> Verdict:
    """The row of highest expected utility, or ``indeterminate`` where abstaining is worth more.

    A harmless verdict names what was found ``towards`` a nerve or level.
    """
    table = decision("cost table")
    lesion = sum(found.kinds[k] for k in LESIONS)
    abstain = table["abstain"] * (1 - lesion) + table["abstain_lesion"] * lesion
    valued = [(_worth(row, found), row) for row in found.rows]
    worth, row = max(valued, key=lambda v: (v[0], v[1].probability), default=(abstain - 1.0, None))
    if row is None or worth <= abstain:
        return _abstain(found)
    return Verdict(row.kind, statement(row, found, towards), row.probability, row, SAID)


NOT_EXAMINED = Verdict(
    "indeterminate",
    "Nothing was examined that speaks for or against a segment, nerve or local cause. Not tested is not normal.",
    0.0,
    None,
    "there is no finding to weigh",
)


def _worth(row: Row, found: Partition) -> float:
    table = decision("cost table")
    total = table["right"] * row.probability
    for kind in KINDS:
        chance = found.kinds[kind] - (row.probability if kind == row.kind else 0.0)
        total += max(chance, 0.0) * table[error_of(row.kind, kind)]
    return total


def error_of(stated: str, true: str) -> str:
    """The row of the cost table for stating one kind where another, or another of its kind, is true."""
    if stated == true:
        return "right_kind"
    if true in LESIONS and stated not in LESIONS:
        return "missed_lesion"
    if stated in ("root", "nerve", "plexus", "multiple") and true not in LESIONS:
        return "overcalled_root"
    return "wrong"


def _abstain(found: Partition) -> Verdict:
    best = [row for row in found.rows if row.probability >= 0.05][:3]
    named = "; ".join(f"{describe(row)} ({percent(row.probability)})" for row in best)
    text = "The findings do not decide." + (f" In question: {named}." if named else "")
    top = best[0].probability if best else 0.0
    return Verdict("indeterminate", text, top, None, "no answer is worth more than saying so")


_SENTENCE = {
    "root": "The findings fit a loss of function of {what}.",
    "irritation": "The findings fit a pattern of irritation of {what}, without loss of function.",
    "nerve": "The findings fit a lesion of the {what}.",
    "plexus": "The findings fit a lesion of the plexus: {what}.",
    "polyneuropathy": "The findings fit a polyneuropathy: the longest nerves, on both sides.",
    "generalised": "The findings fit generalised tenderness more than any one nerve{nerve}.",
    "local": "The findings fit a local cause: {what}{nerve}.",
    "multiple": "The findings need more than one lesion: {what}.",
    "none": "The findings need neither segment, nerve nor local cause to explain them{nerve}.",
}


def statement(row: Row, found: Partition, towards: Towards) -> str:
    """The verdict as one sentence."""
    return _SENTENCE[row.kind].format(what=_what(row), nerve=_of_nerve(row, found, towards))


def _of_nerve(row: Row, found: Partition, towards: Towards) -> str:
    """Beside a harmless verdict: what points to a nerve or level all the same, or that nothing does."""
    if row.kind not in HARMLESS:
        return ""
    limits, chance = decision("not excluded"), sum(found.kinds[kind] for kind in OF_NERVE)
    if towards.found:
        return f"; {_named(towards.found, int(limits['named']))} to a nerve or level, not excluded ({percent(chance)})"
    unseen = "" if towards.looked else ", and no sign of one was looked for"
    if chance >= limits["least"]:
        return f"; a nerve or level is not excluded ({percent(chance)}){unseen}"
    return f"; nothing found points to a nerve{unseen}"


def _named(found: Sequence[str], most: int) -> str:
    """Findings as the subject of a sentence, with its verb."""
    more = len(found) - most
    listed = [*found[:most], *([f"{more} more"] if more > 0 else [])]
    if len(listed) == 1:
        return f"{listed[0]} points"
    return f"{', '.join(listed[:-1])} and {listed[-1]} point"


def describe(row: Row) -> str:
    """An explanation in a few words."""
    plain = {
        "polyneuropathy": "polyneuropathy",
        "generalised": "generalised tenderness",
        "none": "nothing wrong with segment, nerve or joint",
    }
    return plain.get(row.kind) or f"{row.kind}: {_what(row)}"


def _what(row: Row) -> str:
    if row.kind == "multiple" and not row.names:
        return "no pair of lesions stands out"
    side = "" if row.side is None else " on both sides" if row.side == "both" else f" on the {row.side}"
    if row.kind == "irritation" and row.one_of:
        return f"one or more of {', '.join(row.names)}{side}"
    joint = " or " if row.one_of else " and "
    return joint.join(row.names) + side
