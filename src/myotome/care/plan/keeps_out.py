"""Which rule of safety keeps needles out of a point of one person."""

from __future__ import annotations

from collections.abc import Iterable

from myotome.care.examination.case import Case
from myotome.care.safety.ruling import Applied


def keeps_out(case: Case, said: Iterable[Applied]) -> Applied | None:
    """Of the rules that act on a point the first that blocks it, or limits it without a written reason."""
    return next((one for one in said if one.action == "block" or (one.action == "limit" and _unsaid(case, one))), None)


def why_not(case: Case, said: Iterable[Applied]) -> str:
    """The same in a sentence, with what would let the point be planned; empty where no rule keeps needles out."""
    one = keeps_out(case, said)
    if one is None:
        return ""
    if one.action == "block":
        return f"blocked, {one.code}: {one.practitioner}"
    keys = ", ".join(f'"{fact}": ...' if "," in fact else f"{fact}: ..." for fact in _unsaid(case, one))
    return f"limited, {one.code}: {one.practitioner} Write the reason under 'reasons: {{{keys}}}' to plan it."


def _unsaid(case: Case, one: Applied) -> tuple[str, ...]:
    """The facts of a rule that limits for which no reason is written; none where one is written for the rule itself."""
    written = dict(case.reasons)
    return () if one.code.lower() in written else tuple(fact for fact in one.given if fact.lower() not in written)
