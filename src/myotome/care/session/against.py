"""Needles that went in against what the software says, and whether somebody has written why.

Nothing keeps a needle that is in from being recorded. But no note is signed before it says why: ``unwritten``.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from myotome.care.examination.case_file import build
from myotome.care.plan.against import Against, against
from myotome.care.screening.items import code_of
from myotome.care.session.document import TOLD, case_document
from myotome.care.session.keys import ANSWERED, FINDING, UNCHANGED
from myotome.care.session.ledger import Insertion, ledger
from myotome.care.session.links import TAKEN_BACK
from myotome.care.session.noted import Noted, in_order
from myotome.care.session.values import CONSENT, values
from myotome.errors import CaseError

WHY = "needled.against"
CONSENT_NO = "Consent to needling was answered no."
NOT_ASKED = {CONSENT: "not asked"}  # says nothing, and lets lists be read where nothing was asked yet
# Entries that change what the case says; the others need no new thought.
CASE_KINDS = frozenset({ANSWERED, UNCHANGED, TOLD, FINDING, TAKEN_BACK})


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a visit beside its entries.

    ``document``: the case beneath the entries; ``withdrawn``: points that the lead withdrew; ``consent``: a sentence
    that a consent was withdrawn and since when, empty where none was.
    """

    document: Mapping[str, Any]
    on: datetime.date
    withdrawn: Mapping[str, str] = field(default_factory=dict)
    consent: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything that speaks against needles at one moment of a visit; ``told`` is None where no case can be read."""

    visit: tuple[str, ...] = ()
    told: Against | None = None

    def of(self, one: Insertion) -> frozenset[str]:
        """What speaks against one needle; what concerns its point alone names it."""
        there = self.told.at(one.point, one.side) if self.told else ""
        return frozenset((*self.visit, f"{place(one)}: {there}") if there else self.visit)

    def points(self) -> list[dict[str, Any]]:
        """The points that may not be needled in this person, together where the reason is the same."""
        found = self.told.points() if self.told else {}
        return [{"why": why, "points": names} for why, names in found.items()]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A needle that is or was in, and what speaks against it."""

    insertion: Insertion
    said: frozenset[str]


class Course:
    """What spoke against needles, from the first entry of a visit to the last."""

    def __init__(self, entries: Iterable[Noted], known: Known) -> None:
        """``entries``: of the visit; those that came after the signature change nothing."""
        self.entries = tuple(one for one in in_order(entries) if not one.late)
        self.known = known
        self._kept: dict[int, Ground] = {}

    @property
    def now(self) -> Ground:
        """As it stands after the last entry."""
        return self.after(len(self.entries))

    def after(self, count: int) -> Ground:
        """As it stood after the first ``count`` entries."""
        case = next((n for n in range(count, 0, -1) if self.entries[n - 1].kind in CASE_KINDS), 0)
        if case not in self._kept:
            self._kept[case] = _ground(self.entries[:case], self.known)
        ground, (consent, since) = self._kept[case], self.known.consent
        received = self.entries[count - 1].received if count else ""
        holds = consent and (count == len(self.entries) or not received or received >= since)
        return Ground((*ground.visit, consent), ground.told) if holds else ground

    def unwritten(self) -> tuple[Spoken, ...]:
        """The needles in against which something spoke then, or speaks now, and no entry says why.

        A reason answers every needle before it. For those after it, it answers what spoke against all needles then
        already, and the sentences that it names.
        """
        turn = {one.id: n for n, one in enumerate(self.entries, start=1)}
        reasons = [head for value in values(self.entries).all(WHY).values() for head in value.heads]
        answered = [(turn[one.id], one) for one in reasons]
        found = []
        for one in ledger(self.entries).insertions:
            then = self.after(turn[one.id]).of(one)
            left = {said for said in (*then, *self.now.of(one)) if not self._answers(answered, said, one, turn, then)}
            if left:
                found.append(Spoken(one, frozenset(left)))
        return tuple(found)

    def _answers(
        self,
        answered: Sequence[tuple[int, Noted]],
        said: str,
        one: Insertion,
        turn: Mapping[str, int],
        then: frozenset[str],
    ) -> bool:
        """Whether somebody wrote why a needle went in although this was said."""
        for n, reason in answered:
            ground = self.after(n)
            if n > turn[one.id]:
                if said in then or said in ground.of(one):
                    return True
            elif said in ground.visit or said in reason.ids("said"):
                return True
        return False


def sentence(unwritten: Sequence[Spoken]) -> str:
    """Why a note cannot be signed: what the software says, how many needles went in where, and what to do."""
    if not unwritten:
        return ""
    count = len({one.insertion.needle for one in unwritten})
    places = "; ".join(dict.fromkeys(place(one.insertion) for one in unwritten))
    needles = "1 needle" if count == 1 else f"{count} needles"
    said = " ".join(said_of(unwritten))
    return f"The software says not to needle. {said} {needles} went in all the same: {places}. Write why."


def said_of(unwritten: Iterable[Spoken]) -> tuple[str, ...]:
    """The sentences against several needles, each once, in one order."""
    return tuple(sorted({said for one in unwritten for said in one.said}))


def place(one: Insertion) -> str:
    """Point and side of a needle."""
    return f"{one.point}, {one.side}" if one.side else one.point


def answered_no(entries: Iterable[Noted], document: Mapping[str, Any]) -> bool:
    """Whether consent is answered no."""
    screening = document.get("screening")
    handed_in = screening if isinstance(screening, Mapping) else {}
    return str({**handed_in, **values(entries).answers()}.get(CONSENT, "")) == "no"


def _ground(entries: Sequence[Noted], known: Known) -> Ground:
    document = case_document(entries, known.document)
    if not document.get("findings") and not document.get("screening"):
        document["screening"] = NOT_ASKED
    try:
        case = build(document, code_of)
        told = against(case, case.visit.date or known.on, known.withdrawn)
    except CaseError:
        told = None
    said = told.visit if told else ()
    return Ground(said or ((CONSENT_NO,) if answered_no(entries, known.document) else ()), told)
