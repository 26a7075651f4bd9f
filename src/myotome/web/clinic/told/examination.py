"""An examination in words: what was looked at and seen, and what was not looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from myotome.care.examination.case import Case, Finding, grade_words
from myotome.care.examination.tables import signs
from myotome.care.examination.visit import Stated
from myotome.care.examination.vocabulary import vocabulary
from myotome.care.screening.items import items

UNSEEN = ("not tested", "not asked")
ORDINARY = ("normal", "absent", "negative")
LISTS = ("medicines", "conditions", "implants")

Plain = Mapping[str, Any]


def in_words(case: Case, plain: Plain) -> dict[str, Any]:
    """What a page shows of an examination; ``plain`` is the case as it was recorded, with the examiner's notes."""
    notes = _notes(plain)
    groups: dict[str, list[dict[str, str]]] = {name: [] for name in signs()}
    for finding in case.findings:
        groups.setdefault(finding.sign, []).append(_finding(finding, notes))
    for sign, row in _unseen(plain):
        groups.setdefault(sign, []).append(row)
    return {
        "complaint": case.complaint.text or "No complaint was given",
        "who": ", ".join(_who(case)),
        "where": " ".join(part for part in (case.complaint.side, case.complaint.area) if part),
        "groups": [{"sign": name, "findings": found} for name, found in groups.items() if found],
        "untested": [name for name, found in groups.items() if not found],
        "yes": [_asked(code) for code, answer in case.screening if answer == "yes"],
        "no": [code for code, answer in case.screening if answer == "no"],
        "not_asked": [code for code, answer in case.screening if answer == "not asked"],
        "background": [{"list": name, "said": _listed(getattr(case.background, name))} for name in LISTS],
        "visit": list(_visit(case)),
        "reasons": [{"fact": fact, "reason": reason} for fact, reason in case.reasons],
        "clearances": [f"{one.flag}: {one.by} ({one.role}), {one.found}" for one in case.clearances],
    }


def _finding(finding: Finding, notes: Plain) -> dict[str, str]:
    side = "" if finding.midline and finding.side == "both" else f", {finding.side}"
    level = "paraspinal " if finding.site.kind == "paraspinal" else ""
    kind = "ordinary" if _is_ordinary(finding) else "changed"
    return {
        "at": f"{level}{finding.site.name}{side}",
        "result": _result(finding),
        "kind": kind,
        "note": str(notes.get(finding.at, "")),
    }


def _is_ordinary(finding: Finding) -> bool:
    return finding.result in ORDINARY and (finding.sign, finding.result) != ("reflex", "absent")


def _result(finding: Finding) -> str:
    said = [finding.result]
    if finding.grade is not None:
        said.append(f"grade {grade_words(finding.grade)}")
    if finding.value is not None:
        said.append(f"{finding.value:g} of 10" if finding.sign == "pain" else f"{finding.value:g}°")
    if finding.quality:
        said.append(finding.quality)
    if finding.when == "after":
        said.append("after treatment")
    return ", ".join(said)


def _rows(plain: Plain) -> list[Plain]:
    """The findings as they were written down."""
    rows = plain.get("findings")
    return [row if isinstance(row, Mapping) else {} for row in rows] if isinstance(rows, list) else []


def _notes(plain: Plain) -> dict[str, Any]:
    return {f"findings[{n}]": row["note"] for n, row in enumerate(_rows(plain)) if row.get("note")}


def _unseen(plain: Plain) -> Iterator[tuple[str, dict[str, str]]]:
    """What was written down as not tested: it is no evidence, so the case that is reasoned with leaves it out."""
    for row in _rows(plain):
        result = str(row.get("result", "")).strip().lower()
        if result in UNSEEN:
            sign = vocabulary().signs.find(str(row.get("sign", ""))) or str(row.get("sign", ""))
            side = f", {row['side']}" if row.get("side") else ""
            said = {"at": f"{row.get('at', '')}{side}", "result": "not tested", "kind": "unseen"}
            yield sign, said | {"note": str(row.get("note") or "")}


def _who(case: Case) -> Iterator[str]:
    if case.person.age is not None:
        yield f"{case.person.age:g} years"
    if case.person.sex:
        yield case.person.sex
    if case.build.height_cm:
        yield f"{case.build.height_cm:g} cm"
    if case.build.weight_kg:
        yield f"{case.build.weight_kg:g} kg"


def _asked(code: str) -> str:
    known = items().get(code)
    return known.question if known else code


def _listed(found: Iterable[Stated] | None) -> str:
    if found is None:
        return "not asked"
    return "; ".join(f"{one.text}{f', {one.side}' if one.side else ''}" for one in found) or "none"


def _visit(case: Case) -> Iterator[str]:
    visit = case.visit
    if visit.number:
        yield f"visit number {visit.number}"
    if visit.minutes:
        yield f"{visit.minutes:g} minutes"
    if visit.max_needles is not None:
        yield f"at most {visit.max_needles} needles"
    if visit.positions:
        yield f"can lie {', '.join(visit.positions)}"
    yield f"fear of needles: {visit.needle_fear}"
    yield f"last reaction: {visit.last_reaction}"
