"""Stop or continue: what the changes over the last sessions say, what they rest on, and what to think of."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from myotome.care.course.changes import (
    BETTER,
    MEASURED,
    ONE_ACTIVITY,
    UNKNOWN,
    WORSE,
    Change,
    function_change,
    pain_change,
)
from myotome.care.course.judged import Compared, Judged, count, measures, only_changed, over_last, since_first
from myotome.care.course.scores import HERE, IMPORTANT, cited, used
from myotome.care.course.visited import Visited
from myotome.facts.kept import Table, kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import rows

STOP, GO_ON, LOOK, NOT_KNOWN, EARLY, ENOUGH = (
    "stop and think again",
    "go on",
    "look again first",
    "not known",
    "too early to say",
    "good enough",
)
ASKED = (("pain", IMPORTANT), ("function", IMPORTANT), ONE_ACTIVITY)
MEASURES: dict[str, Compared] = {"Pain": pain_change, "Function": function_change}


@dataclass(frozen=True, slots=True)
class Said:
    """Words of a data row, with its source."""

    name: str
    words: str
    remark: str
    value: float
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class StopOrContinue:
    """The advice in a word and a sentence, the changes it rests on, reasons, what to think of, and how sure it is."""

    kind: str
    sentence: str
    sessions: int
    judged: tuple[Judged, ...] = ()
    reasons: tuple[str, ...] = ()
    consider: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@kept
def numbers() -> Table[Said]:
    """The numbers by name."""
    return Table({one.name: one for one in _rows("number")})


@kept
def considered() -> tuple[Said, ...]:
    """What to think of when a course does nothing, in order."""
    return _rows("consider")


@kept
def cautions() -> tuple[Said, ...]:
    """What every course is to be read with."""
    return _rows("caution")


def _rows(table: str) -> tuple[Said, ...]:
    return tuple(
        Said(row["name"], row["words"], row.get("remark", ""), float(row.get("value", 0)), provenance)
        for _, row, provenance in rows(HERE, "stopping", table)
    )


def stop_or_continue(visits: Sequence[Visited]) -> StopOrContinue:
    """What to do next about one complaint; ``visits`` in order of their days.

    Judged over as many sessions as the rule asks for, from scores of the day and from what was measured before the
    needles: what was not asked is not known. Range and strength tell of a change; that they stayed the same does not
    tell that nothing changed. A visit of today that is not finished says nothing before something is scored in it.
    """
    if not visits:
        return StopOrContinue(NOT_KNOWN, "There is no visit yet.", 0)
    begun = len(visits) > 1 and not visits[-1].finished and not visits[-1].is_scored
    said = visits[:-1] if begun else visits
    need, had = sessions_needed(), sum(visit.is_session for visit in said)
    recent = {name: over_last(said, change, need) for name, change in MEASURES.items()}
    signs = only_changed(over_last(visits, change, need) for change in measures(visits))
    judged = (*(one for one in recent.values() if one is not None), *signs)
    since = tuple(one for one in (since_first(said, change) for change in MEASURES.values()) if one is not None)
    sessions = sum(visit.is_session for visit in visits[:-1])
    kind, sentence = _advice(said[-1], judged, since, sessions >= need, had)
    stops = kind in (STOP, LOOK)
    return StopOrContinue(
        kind,
        sentence,
        had,
        judged,
        (*(one.words for one in signs), *_reasons(said, recent, since, kind)),
        tuple(one.words for one in considered()) if stops else (),
        _evidence(measured=bool(signs)),
    )


def sessions_needed() -> int:
    """After how many sessions without measurable change it is said to stop."""
    return int(numbers()["sessions without change"].value)


def _advice(
    last: Visited, judged: Sequence[Judged], since: Sequence[Judged], enough: bool, had: int
) -> tuple[str, str]:
    """What to do; ``enough``: so many sessions were had that it can be judged."""
    good = last.score("satisfied")
    if good is not None and good.total == 1.0:
        return ENOUGH, "The person calls the present state good enough: agree on ending, or on longer gaps."
    overall = {one.change.kind for one in since}
    if judged:
        return _after(judged, overall)
    if WORSE in overall and BETTER not in overall:
        return LOOK, "Look again first: it is worse than at the first visit."
    if not enough:
        needed = count(sessions_needed())
        return EARLY, f"Too early to say: {count(had)} so far; it is judged at the visit after {needed}."
    return NOT_KNOWN, (
        f"Not known: {count(had)}, but neither pain nor function was asked in a way that can be compared. "
        "Ask both today."
    )


def _after(judged: Sequence[Judged], overall: Set[str]) -> tuple[str, str]:
    """What to do where something could be judged over the last sessions."""
    kinds, least = {one.change.kind for one in judged}, min(one.sessions for one in judged)
    over = count(least) if all(one.sessions == least for one in judged) else f"at least {count(least)}"
    if {BETTER, WORSE} <= kinds:
        return LOOK, f"Look again first: over {over} one thing is better and another worse."
    if BETTER in kinds:
        return GO_ON, f"Going on can be defended: there is measurable change over {over}."
    if WORSE in kinds:
        return STOP, f"Stop and think again: over {over} it has become worse."
    more = " further" if BETTER in overall else ""
    return STOP, f"Stop and think again: {over} without{more} measurable change."


def _reasons(
    visits: Sequence[Visited], recent: dict[str, Judged | None], since: Sequence[Judged], kind: str
) -> list[str]:
    found = [one.words for one in recent.values() if one is not None]
    found += [one.words for one in since if one not in recent.values()]
    if len(visits) > 1 and kind != EARLY:
        found += [
            f"{name} cannot be judged: {_why(MEASURES[name](visits[0], visits[-1]))}"
            for name, one in recent.items()
            if one is None
        ]
    unwritten = sum(visit.needles is None for visit in visits)
    if unwritten:
        found.append(f"At {count(unwritten, 'visit')} it was not recorded what was needled: counted as a session each.")
    rated, figure = visits[-1].score("change"), used("change")
    if rated is not None and rated.total is not None:
        found.append(f"The person rates the change since the first visit as {rated.total:+g} of 5: told, not counted.")
        if kind == STOP and figure is not None and rated.total >= figure.value:
            found.append("That does not fit: ask what is better, and score that.")
    return found


def _why(change: Change) -> str:
    words = change.words if change.kind == UNKNOWN else "it was not asked often enough"
    return words[:1].lower() + words[1:].rstrip(".") + "."


def graded() -> str:
    """How firm the rule is, in a line."""
    rule, figures = numbers()["sessions without change"].provenance, {name: used(name) for name in ("pain", "function")}
    told = [f"what matters in {n}: {f.provenance.grade} ({f.provenance.seen})" for n, f in figures.items() if f]
    return f"Evidence: number of sessions: {rule.grade}; {'; '.join(told)}."


def _evidence(*, measured: bool) -> tuple[str, ...]:
    """What the rule rests on, and how firmly; ``measured``: range or strength was judged as well."""
    rule = numbers()["sessions without change"]
    found = [f"After how many sessions to stop: {rule.provenance.grade}. {cited(rule.provenance)} {rule.remark}"]
    for name, what in (*ASKED, *(MEASURED if measured else ())):
        if figure := used(name, what):
            told = f"{figure.value:g} {figure.unit} ({figure.where})"
            found.append(f"What matters in {name}: {told}, {figure.provenance.grade}. {cited(figure.provenance)}")
    for told_beside in ("early change", "ratings lean to the day"):
        row = numbers()[told_beside]
        found.append(f"{row.words} {row.remark} {cited(row.provenance)}")
    return tuple(found)
