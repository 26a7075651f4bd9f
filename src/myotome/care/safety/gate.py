"""Whether a plan may be made at all: what was not asked, which flag blocks, what a clearance lifts."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from myotome.care.examination.case import Case
from myotome.care.examination.visit import Clearance
from myotome.care.safety.standing import Standing
from myotome.care.screening.items import RED_FLAG, applicable, code_of, items, spread
from myotome.care.screening.referral import Referral, ReferralReason, clusters, refer
from myotome.errors import CaseError, CaseProblem, FactError, UnknownNameError
from myotome.facts.kept import Table, kept
from myotome.facts.tables import rows

HERE = "myotome.care.safety"
BLOCKING = ("emergency", "urgent")


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that must be asked before a plan, in words to ask it with."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Vital:
    """A question that every plan needs, and the lists of answers that settle it."""

    code: str
    words: str
    answered_by: tuple[tuple[str, ...], ...]
    listed_in: str
    sex: str
    age_min: float
    age_max: float


@dataclass(frozen=True, slots=True)
class Gate:
    """What stands before a plan. ``lifted`` and ``lapsed`` say what became of each clearance."""

    questions: tuple[Question, ...]
    blocking: tuple[ReferralReason, ...]
    warning: tuple[ReferralReason, ...]
    referral: Referral
    lifted: tuple[str, ...]
    lapsed: tuple[str, ...]


@kept
def vitals() -> Mapping[str, Vital]:
    """The questions that every plan needs.

    Raises:
        FactError: a row that names an unknown item, or no row at all.
    """
    found = {}
    for where, row, _ in rows(HERE, "vital", "question"):
        listed = tuple(tuple(group) for group in row["answered_by"])
        if unknown := {code for group in listed for code in group} - set(items()):
            raise FactError(f"{where}: {sorted(unknown)} is no screening item. Correct the row.")
        limits = (row["sex"], row["age_min"], row["age_max"])
        found[row["code"]] = Vital(row["code"], row["words"], listed, row["listed_in"], *limits)
    if not found:
        raise FactError("vital.toml holds no question, so nothing would have to be asked. Put the rows back.")
    return Table(found)


def gate(case: Case, person: Standing, on: datetime.date) -> Gate:
    """What stands before a plan on a day.

    Raises:
        CaseError: a clearance names something that is no flag.
    """
    cleared, lifted, lapsed = _cleared(case, on)
    case = _with_listed(case, person)
    referral = _referral(case, cleared)
    return Gate(
        (*_unasked(case, person), *_emergencies(case)),
        tuple(reason for reason in referral.reasons if reason.urgency in BLOCKING),
        tuple(reason for reason in referral.reasons if reason.urgency not in BLOCKING),
        referral,
        lifted,
        lapsed,
    )


def blocking(case: Case, person: Standing, on: datetime.date) -> tuple[ReferralReason, ...]:
    """The flags that block every needle on a day: those of ``gate``, without looking for what was not asked.

    Raises:
        CaseError: a clearance names something that is no flag.
    """
    cleared, _, _ = _cleared(case, on)
    reasons = _referral(_with_listed(case, person), cleared).reasons
    return tuple(reason for reason in reasons if reason.urgency in BLOCKING)


def _referral(case: Case, cleared: frozenset[str]) -> Referral:
    """Whom to send where, without what a clearance lifts."""
    answers = {code: answer for code, answer in case.answers.items() if not (code in cleared and answer == "yes")}
    referral = refer(replace(case, screening=tuple(sorted(answers.items()))))
    kept_reasons = tuple(reason for reason in referral.reasons if reason.flag.lower() not in cleared)
    return replace(referral, reasons=kept_reasons, urgency=kept_reasons[0].urgency if kept_reasons else "none")


def _with_listed(case: Case, person: Standing) -> Case:
    """The case with a yes for every question whose answer stands in a list instead."""
    listed = {code: "yes" for code in person.codes if code in items() and code not in case.answers}
    return replace(case, screening=tuple(sorted({**case.answers, **listed}.items())))


def _unasked(case: Case, person: Standing) -> Iterator[Question]:
    answered = {code for code, answer in spread(case.answers).items() if answer in ("yes", "no")} | person.codes
    for vital in vitals().values():
        listed = vital.listed_in and _is_told(case, person, vital.listed_in)
        settled = any(set(group) <= answered for group in vital.answered_by)
        if _concerns(vital, case) and not listed and not settled:
            yield Question(vital.code, vital.words)


def _is_told(case: Case, person: Standing, name: str) -> bool:
    """Whether a list says something: none, or at least one thing that is recognised."""
    listed = getattr(case.background, name)
    unknown = {text for kind, text in person.unrecognised if kind == name}
    return listed is not None and (not listed or any(stated.text not in unknown for stated in listed))


def _concerns(vital: Vital, case: Case) -> bool:
    """Whether the question must be put to this person; what is not known of them never rules it out."""
    age, sex = case.person.age, case.person.sex
    return (not vital.sex or sex in (None, "other", vital.sex)) and (
        age is None or vital.age_min <= int(age) <= vital.age_max
    )


def _emergencies(case: Case) -> Iterator[Question]:
    """Red flags of the region that were not asked, and whose yes would make an emergency that is none now."""
    answers = spread(case.answers)
    asked = {code for code, answer in answers.items() if answer in ("yes", "no")}
    flags = (item for item in applicable(case.person, case.complaint.area) if item.kind == RED_FLAG)
    unasked = [item for item in flags if item.code in _alarming() and item.code not in asked]
    known = _alarms(case) if unasked else frozenset()
    for item in unasked:
        others = tuple(pair for pair in case.screening if pair[0] != item.code)
        if _alarms(replace(case, screening=(*others, (item.code, "yes")))) - known:
            yield Question(item.code, item.question)


def _alarms(case: Case) -> frozenset[str]:
    return frozenset(reason.flag for reason in refer(case).reasons if reason.urgency == "emergency")


@kept
def _alarming() -> frozenset[str]:
    """The items that some emergency names."""
    return frozenset(
        code
        for cluster in clusters()
        for one in cluster.alternatives
        if one.urgency == "emergency"
        for term in (*one.every, *one.some)
        if (code := getattr(term, "code", None))
    )


def _cleared(case: Case, on: datetime.date) -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """The flags that are lifted on this day, and a sentence for each clearance."""
    cleared, lifted, lapsed, problems = set(), [], [], []
    for number, one in enumerate(case.clearances):
        try:
            flag = _flag(one.flag)
        except UnknownNameError as error:
            problems.append(CaseProblem(f"clearances[{number}].flag", str(error), error.did_you_mean))
            continue
        if one.holds_on(on):
            cleared.add(flag)
            lifted.append(f"{flag}: looked into by {_who(one)}; found: {one.found}. Holds until {one.valid_until}.")
        else:
            lapsed.append(f"{flag}: the clearance by {_who(one)} does not hold on {on}; ask again.")
    if problems:
        raise CaseError(problems)
    return frozenset(cleared), tuple(lifted), tuple(lapsed)


def _who(one: Clearance) -> str:
    return f"{one.by} ({one.role}) on {one.date}"


def _flag(text: str) -> str:
    """The cluster or red-flag item that a clearance names.

    Raises:
        UnknownNameError: it names neither.
    """
    named = {cluster.flag.lower() for cluster in clusters()}
    if text.lower() in named:
        return text.lower()
    code = code_of(text)
    if items()[code].kind != RED_FLAG:
        raise UnknownNameError(
            f"'{text}' is no red flag: a clearance lifts a flag, and a contraindication stays. "
            "Name the flag as the referral names it."
        )
    return code
