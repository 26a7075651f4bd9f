"""A case file document of what was noted: what is not noted is not in it, of what differs the careful one counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from myotome.care.session.keys import FINDING, UNCHANGED, Key, excludes, key_of
from myotome.care.session.noted import Noted
from myotome.care.session.values import Value, Values, careful, values

LISTS = ("medicines", "conditions", "implants")
TOLD = "case.told"
SEEN = ("result", "grade", "value", "intensity", "quality")
NONE, NOT_ASKED, NOT_TESTED = "none", "not asked", "not tested"
NOTHING: tuple[Any, ...] = (None, "", [], ())


def case_document(entries: Iterable[Noted], known: Mapping[str, Any]) -> dict[str, Any]:
    """The document of a case file, on top of what is known already; it may hold neither findings nor screening."""
    found = values(entries)
    document = {part: dict(told) if isinstance(told, Mapping) else told for part, told in known.items()}
    for part, told in _carried(found).items():
        document[part] = told
    for value in found.all(TOLD).values():
        _tell(document, value)
    answers = found.answers()
    if answers:
        before = document.get("screening")
        document["screening"] = {**(before if isinstance(before, dict) else {}), **answers}
    findings = _findings(found)
    if findings:
        newer = [_key(row) for row in findings]
        handed_in = document.get("findings") or ()
        kept = (row for row in handed_in if not any(excludes(_key(row), key) for key in newer))
        document["findings"] = [*kept, *findings]
    return {part: told for part, told in document.items() if told not in ({}, *NOTHING)}


def _carried(found: Values) -> dict[str, Any]:
    """Medicines, conditions and implants that were said to be as last time; of two that differ, all."""
    carried = found.one(UNCHANGED)
    said: dict[str, list[Any]] = {}
    for head in carried.heads if carried else ():
        told = head.body.get("told")
        if not isinstance(told, Mapping):
            continue
        for part in LISTS:
            if told.get(part) not in NOTHING:
                said.setdefault(part, []).append(told[part])
    return {part: _all_of(lists) for part, lists in said.items()}


def _tell(document: dict[str, Any], value: Value) -> None:
    part, name = value.key[0], value.key[1]
    said = [_plain(head.body.get("value")) for head in value.heads]
    if part in LISTS:
        document[part] = _all_of(said)
        return
    name = name or ("text" if part == "complaint" else "")
    if part == "complaint" and isinstance(document.get(part), str):
        document[part] = {"text": document[part]}
    section = document.setdefault(part, {})
    if not name or not isinstance(section, dict):
        return
    one = said[0] if not value.conflict else _careful_of(part, name, said)
    if one not in NOTHING:
        section[name] = one
    elif not value.conflict:
        section.pop(name, None)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return list(value) if isinstance(value, list | tuple) else value


def _all_of(said: list[Any]) -> Any:
    """Of several lists all that is named; else not asked before none."""
    named = [one for told in said if isinstance(told, list | tuple) for one in told]
    named += [told for told in said if isinstance(told, str) and told and told.lower() not in (NONE, NOT_ASKED)]
    if named:
        return list(dict.fromkeys(named))
    return NONE if all(told == NONE for told in said) else NOT_ASKED


def _careful_of(part: str, name: str, said: list[Any]) -> Any:
    """What counts of values that differ; nothing where no one of them is the careful one."""
    if part == "settings":
        return "no"
    if name == "needle_fear":
        return careful(name, [{True: "yes", False: "no"}[one] if isinstance(one, bool) else str(one) for one in said])
    if name in ("max_needles", "minutes") and all(isinstance(one, int | float) for one in said):
        return min(said)
    if name == "last_reaction":
        told = [str(one) for one in said if one not in (*NOTHING, NONE, NOT_ASKED)]
        return "; ".join(dict.fromkeys(told)) or NOT_ASKED
    return None


def _findings(found: Values) -> list[dict[str, Any]]:
    return [_row(value) for value in found.all(FINDING).values()]


def _row(value: Value) -> dict[str, Any]:
    body = value.body
    row = {name: body[name] for name in ("sign", "at", "side") if body.get(name) not in NOTHING}
    if value.conflict:
        row["result"] = NOT_TESTED
    else:
        row.update({name: _plain(body[name]) for name in SEEN if body.get(name) not in NOTHING})
    if body.get("when") == "after":
        row["when"] = "after"
    return row


def _key(row: Any) -> Key:
    """What a finding is a finding of; a newer one takes its place."""
    told = {name: str(it) for name, it in row.items() if it is not None} if isinstance(row, Mapping) else {}
    return key_of(Noted("", FINDING, told)) if told else ""
