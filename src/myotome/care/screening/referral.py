"""Whom to send on before anything else, how soon, why, and whether everything was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from myotome.care.examination.case import Case
from myotome.care.screening.items import RED_FLAG, applicable, items, spread
from myotome.care.screening.terms import Term, parse
from myotome.care.screening.view import CaseView, view_of
from myotome.errors import FactError
from myotome.facts.kept import kept
from myotome.facts.provenance import JUDGEMENT, Provenance
from myotome.facts.tables import rows, sources

HERE = "myotome.care.screening"
URGENCIES = ("none", "soon", "urgent", "emergency")


class Heard(dict[Term, str | None]):
    """What a case says to each term, asked once: many combinations share their terms."""

    def __init__(self, view: CaseView) -> None:
        super().__init__()
        self.view = view

    def __missing__(self, term: Term) -> str | None:
        self[term] = said = term.holds(self.view)
        return said


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way in which a combination fires, and how urgent it then is."""

    urgency: str
    every: tuple[Term, ...]
    some: tuple[Term, ...]
    at_least: int
    unless: tuple[Term, ...]

    def because(self, heard: Heard) -> tuple[str, ...]:
        """The sentences of what made it fire; empty where it does not."""
        if not all(heard[term] for term in self.every) or any(heard[term] for term in self.unless):
            return ()
        some = [said for term in self.some if (said := heard[term])]
        if len(some) < self.at_least:
            return ()
        return tuple(dict.fromkeys([*(said for term in self.every if (said := heard[term])), *some]))


@dataclass(frozen=True, slots=True)
class Cluster:
    """A dangerous combination: its name, its alternatives and what to say."""

    flag: str
    words: str
    alternatives: tuple[Alternative, ...]
    provenance: Provenance
    reviewed_by: str

    def reason(self, heard: Heard) -> ReferralReason | None:
        """The strongest alternative that fires, or None."""
        fired = [(one.urgency, said) for one in self.alternatives if (said := one.because(heard))]
        if not fired:
            return None
        urgency, because = max(fired, key=lambda f: (URGENCIES.index(f[0]), len(f[1])))
        return ReferralReason(self.flag, urgency, because, self.words, _citation(self.provenance), self.reviewed_by)


@dataclass(frozen=True, slots=True)
class ReferralReason:
    """One danger: how urgent, what speaks for it, what to say, and who says so."""

    flag: str
    urgency: str
    because: tuple[str, ...]
    words: str
    source: str
    reviewed_by: str

    def as_dict(self) -> dict[str, Any]:
        """The JSON shape of a reason."""
        return {
            "flag": self.flag,
            "urgency": self.urgency,
            "because": list(self.because),
            "words": self.words,
            "source": self.source,
            "reviewed_by": self.reviewed_by,
        }


@dataclass(frozen=True, slots=True)
class Referral:
    """What the evidence supports, and beside it whether everything was asked."""

    urgency: str
    screen: str
    not_asked: tuple[str, ...]
    reasons: tuple[ReferralReason, ...]

    def as_dict(self) -> dict[str, Any]:
        """The JSON shape of a referral."""
        return {
            "urgency": self.urgency,
            "screen": self.screen,
            "not_asked": list(self.not_asked),
            "reasons": [reason.as_dict() for reason in self.reasons],
        }


@kept
def clusters() -> tuple[Cluster, ...]:
    """The dangerous combinations in table order.

    Raises:
        FactError: a term that cannot be read, or a combination that a site, an age or a sex alone would fire.
    """
    found: dict[str, Cluster] = {}
    for where, row, provenance in rows(HERE, "referral", "cluster"):
        if row["flag"] in found or not row["when"]:
            raise FactError(f"{where}: a second row of this flag, or no 'when'. Correct the row.")
        alternatives = tuple(
            _alternative(when, f"{where}, when {number}") for number, when in enumerate(row["when"], start=1)
        )
        found[row["flag"]] = Cluster(row["flag"], row["words"], alternatives, provenance, row["reviewed_by"])
    if not found:
        raise FactError("referral.toml holds no cluster, so nobody would ever be referred. Put the rows back.")
    return tuple(found.values())


def refer(case: Case) -> Referral:
    """Whom to send where, from the person's own answers and signs."""
    heard = Heard(view_of(case))
    found = [reason for cluster in clusters() if (reason := cluster.reason(heard))]
    reasons = tuple(sorted(found, key=lambda reason: -URGENCIES.index(reason.urgency)))
    not_asked = _not_asked(case)
    return Referral(reasons[0].urgency if reasons else "none", _screen(case, not_asked), not_asked, reasons)


def _not_asked(case: Case) -> tuple[str, ...]:
    answers = spread(case.answers)
    asked = (item for item in applicable(case.person, case.complaint.area) if item.kind == RED_FLAG)
    return tuple(item.code for item in asked if answers.get(item.code) not in ("yes", "no"))


def _screen(case: Case, not_asked: tuple[str, ...]) -> str:
    flags = {item.code for item in items().values() if item.kind == RED_FLAG}
    if not any(answer in ("yes", "no") for code, answer in spread(case.answers).items() if code in flags):
        return "not done"
    return "partial" if not_asked else "complete"


def _alternative(when: Mapping[str, Any], where: str) -> Alternative:
    every, some = (_terms(when[key], where) for key in ("all", "any"))
    unless = _terms(when["none"], where, blocking=True)
    at_least = int(when["at_least"])
    if when["urgency"] not in URGENCIES[1:] or not 0 <= at_least <= len(some) or bool(some) != bool(at_least):
        raise FactError(
            f"{where}: urgency '{when['urgency']}', at_least {at_least} of {len(some)}. Urgency is "
            f"{', '.join(URGENCIES[1:])}; at_least is 1 or more where 'any' is given, never more than it "
            "holds."
        )
    signless = sum(term.circumstance for term in some) >= at_least
    if all(term.circumstance for term in every) and signless:
        raise FactError(f"{where}: a site, an age or a sex alone would fire it. Add an answer or a finding.")
    return Alternative(when["urgency"], every, some, at_least, unless)


def _terms(texts: Iterable[str], where: str, blocking: bool = False) -> tuple[Term, ...]:
    # One sign under two names is one term, so that it cannot count twice.
    return tuple(dict.fromkeys(parse(text, where, blocking) for text in texts))


def _citation(provenance: Provenance) -> str:
    if provenance.is_judgement:
        return f"Judgement: {provenance.source.removeprefix(JUDGEMENT).strip()}"
    return sources()[provenance.source].citation
