"""The examination of a note as it was recorded; what was not tested stands apart from what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from myotome.clinic.exports.told import words
from myotome.paper.document import Block, Bullets, Column, Facts, Heading, Paragraph, Table, bold

NOT_DONE = ("not tested", "not asked")
COLUMNS = (Column("Sign", 1.0), Column("Where", 1.9), Column("Side", 0.7), Column("Found", 1.5), Column("Remarks", 1.6))
LISTS = {"medicines": "Medicines", "conditions": "Conditions", "implants": "Implants"}
# How a value is said within its section; what is not listed is said with its name.
SAID = {
    "age": "{} years", "sex": "{}", "height_cm": "{} cm", "weight_kg": "{} kg", "number": "visit {}",
    "minutes": "{} minutes", "max_needles": "{} needles at most", "positions": "lying {}",
}  # fmt: skip
ABOUT = {"person": "Person", "build": "Build", "visit": "Visit", "settings": "Settings"}
LISTED = {"clearances": "Clearances", "reasons": "Reasons given"}


def examined(case: Mapping[str, Any], not_asked: Iterable[Any] = ()) -> Iterator[Block]:
    """The blocks of an examination; ``not_asked``: questions that the software missed."""
    yield Heading("Examination")
    yield Facts(tuple(_facts(case)))
    findings = [row for row in case.get("findings") or () if isinstance(row, Mapping)]
    tested = [row for row in findings if not _not_done(row.get("result"))]
    left = [row for row in findings if _not_done(row.get("result"))]
    if tested:
        rows = tuple(_row(row) for row in tested)
        last = None if any(row[-1] for row in rows) else -1  # no column without a word in it
        yield Table("What was found", COLUMNS[:last], tuple(row[:last] for row in rows))
    if left:
        yield Heading("Not tested", 3)
        yield Bullets(tuple(", ".join(part for part in _where(row) if part) for row in left))
    if not findings:
        yield Paragraph("No finding was recorded.")
    yield from _screening(case.get("screening") or {}, not_asked)


def _facts(case: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    complaint = case.get("complaint")
    if isinstance(complaint, Mapping):
        place = " ".join(words(complaint.get(name)) for name in ("side", "area") if complaint.get(name))
        yield "Complaint", words(complaint.get("text")) or "not said"
        yield "Where", place or "not said"
    else:
        yield "Complaint", words(complaint) or "not said"
    for name, label in ABOUT.items():
        if said := _section(case.get(name)):
            yield label, said
    for name, label in LISTED.items():
        if said := words(case.get(name)):
            yield label, said
    for name, label in LISTS.items():
        yield label, words(case.get(name)) or "not asked"


def _section(section: Any) -> str:
    if not isinstance(section, Mapping):
        return words(section)
    told = ((str(name), words(value)) for name, value in section.items())
    return "; ".join(SAID.get(name, f"{name.replace('_', ' ')}: {{}}").format(said) for name, said in told if said)


def _row(row: Mapping[str, Any]) -> tuple[str, ...]:
    grade = f"grade {words(row['grade'])}" if row.get("grade") is not None else ""
    value = f"{words(row['value'])} degrees" if row.get("value") is not None else ""
    strength = f"{words(row['intensity'])} of 10" if row.get("intensity") is not None else ""
    found = ", ".join(part for part in (words(row.get("result")), grade, value, strength) if part)
    after = "after treatment" if str(row.get("when", "")).lower() == "after" else ""
    beside = "; ".join(part for part in (words(row.get("quality")), words(row.get("note")), after) if part)
    return (*_where(row), found, beside)


def _where(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return words(row.get("sign")), words(row.get("at")), words(row.get("side"))


def _screening(answers: Mapping[str, Any], not_asked: Iterable[Any]) -> Iterator[Block]:
    by: dict[str, list[str]] = {}
    told = [*((question, words(answer).strip().lower()) for question, answer in answers.items())]
    told += [(words(question), "not asked") for question in not_asked if question not in answers]
    for question, said in told:
        by.setdefault("not asked" if said in ("", *NOT_DONE) else said, []).append(str(question))
    if not by:
        yield Paragraph((bold("Questions: "), "none was asked."))
        return
    yield Heading("Questions asked first", 3)
    order = ("yes", "no", "not asked")
    ranked = sorted(by, key=lambda said: (order.index(said) if said in order else len(order), said))
    yield Facts(tuple((_label(said), ", ".join(by[said])) for said in ranked))


def _label(said: str) -> str:
    return "Not asked" if said == "not asked" else f"Answered {said}"


def _not_done(result: Any) -> bool:
    return isinstance(result, str) and result.strip().lower() in NOT_DONE
