"""Where each safety row stands in one clinic: awaiting, signed, rejected, or signed before it was changed."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, TypeAlias

from myotome.care.review.notice import NOT_REVIEWED
from myotome.care.review.rows import FORM, SafetyRow
from myotome.care.review.tables import POINTS
from myotome.errors import EntryError
from myotome.facts.kept import Table
from myotome.facts.provenance import Provenance

Verdict: TypeAlias = Literal["signed", "rejected"]
State: TypeAlias = Literal["awaiting", "signed", "rejected", "lapsed"]
SIGNED: Verdict = "signed"
REJECTED: Verdict = "rejected"
STATES: tuple[State, ...] = ("awaiting", "signed", "rejected", "lapsed")

GONE = sha256(f"{FORM}: taken out".encode()).hexdigest()  # signing it says: that this row is gone is right


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the lead said of a row as it stood then (``digest``). A rejection gives its reason."""

    table: str
    key: str
    digest: str
    verdict: Verdict
    by: str
    licence: str
    date: datetime.date
    reason: str = ""

    def __post_init__(self) -> None:
        """Refuse what could not be shown or weighed later."""
        if self.verdict not in (SIGNED, REJECTED):
            raise EntryError(f"A row is signed or rejected, not '{str(self.verdict)[:40]}'. Choose one of the two.")
        if not self.by.strip():
            raise EntryError("Nobody is named as having reviewed the row. Give the name of the one who signs.")
        if self.verdict == REJECTED and not self.reason.strip():
            raise EntryError("A row is rejected without a reason. Write what is wrong with it: the plan shows it.")


@dataclass(frozen=True, slots=True)
class Judged:
    """A row, where it stands, and the latest opinion of it; ``changed`` where the row is no longer what it was then."""

    row: SafetyRow
    state: State
    opinion: Opinion | None
    changed: bool

    @property
    def withdrawn(self) -> bool:
        """A point that the lead rejected: it is no longer planned, so nobody is needled by an unsigned row."""
        return self.state == REJECTED and self.row.table == POINTS


@dataclass(frozen=True, slots=True)
class Standing:
    """Where every row stands, in the order of the tables; rows that were judged and are gone stand last."""

    rows: tuple[Judged, ...]

    @property
    def watermark(self) -> str:
        """The words that every page bears; empty only when every row in use is signed as it stands."""
        reviewed = all(one.state == SIGNED or one.withdrawn for one in self.rows)
        return "" if self.rows and reviewed else NOT_REVIEWED

    @property
    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """How many rows of each table stand how; every state is there, also with none."""
        found: dict[str, Counter[State]] = {}
        for one in self.rows:
            found.setdefault(one.row.table, Counter())[one.state] += 1
        return Table({table: Table({state: count[state] for state in STATES}) for table, count in found.items()})


def standing(rows: Iterable[SafetyRow], opinions: Iterable[Opinion]) -> Standing:
    """Where each row stands. ``opinions`` are one clinic's, in the order they were recorded: the last one counts.

    A row that was judged and is no longer in the tables stands among the others until the lead signs that it is gone.
    """
    latest = {(one.table, one.key): one for one in opinions}
    there = tuple(rows)
    known = {(row.table, row.key) for row in there}
    gone = (_gone(table, key) for table, key in latest if (table, key) not in known)
    return Standing(tuple(_judged(row, latest.get((row.table, row.key))) for row in (*there, *gone)))


def withdrawn(found: Standing) -> Mapping[str, str]:
    """The points that the lead rejected, with the reason: ``planner(..., withdrawn=...)`` leaves them out.

    Every other row that is rejected stays in force, since it only forbids, asks, refers or warns. A rejected point
    stays withdrawn when its row changes, until the lead signs it.
    """
    return Table(dict(_withdrawn(found)))


def _withdrawn(found: Standing) -> Iterator[tuple[str, str]]:
    for one in found.rows:
        if one.opinion is not None and one.withdrawn:
            yield one.row.key, one.opinion.reason


def _judged(row: SafetyRow, opinion: Opinion | None) -> Judged:
    if opinion is None:
        return Judged(row, "awaiting", None, changed=False)
    changed = opinion.digest != row.digest
    state: State = "lapsed" if changed and opinion.verdict == SIGNED else opinion.verdict
    return Judged(row, state, opinion, changed)


def _gone(table: str, key: str) -> SafetyRow:
    told = (("Taken out", "This row was judged and is no longer in the tables. Sign it to agree that it is gone."),)
    return SafetyRow(table, key, f"{key} (taken out)", told, Provenance("", "not seen", "", "assumed"), "", "", GONE)
