"""What was done where rows do not follow from each other: changed, missing, put in."""

from __future__ import annotations

from dataclasses import dataclass, field

from myotome.records.chain import first
from myotome.records.verification.found import (
    CHANGED,
    COLUMN,
    HASH,
    INSERTED,
    MANY,
    MISSING,
    MOST,
    REWRITTEN,
    UNOPENED,
    Fault,
    span,
)
from myotome.records.verification.order import Order
from myotome.records.verification.rows import Run, Walk, chained

HYPOTHESES = 16
SAID = {
    "header": "its header was changed and cannot be read.",
    "type": "some of it was stored anew as another type of data.",
}


@dataclass(slots=True)
class Breaks:
    """Goes through the runs in true order, on from the stored or from the recomputed hash, whichever explains more."""

    walk: Walk
    order: Order
    heads: dict[int, str]
    told: list[Fault] = field(default_factory=list)
    spoiled: set[int] = field(default_factory=set)
    pending: list[Run] = field(default_factory=list)  # single rows that wait for what comes next
    maybe: list[tuple[bytes, tuple[str, ...]]] = field(default_factory=list)  # hashes to go on from, and what that says
    at: int = 0

    def work(self) -> list[Fault]:
        """All that the rows by themselves tell."""
        self.maybe = [(first(self.order.clinic), ())]
        for start, run in self.order.arranged():
            self._take(start, run)
        self._settle()
        self.told += self.order.told
        self.spoiled |= self.order.copies
        self._columns_and_bodies()
        if self.walk.full:
            words = f"So much is at fault that only the first {MOST} breaks are told. Restore a backup."
            self.told.append(Fault(self.walk.last[0], "", MANY, words))
        return self.told

    def _take(self, start: int, run: Run) -> None:
        if start <= self.at:
            if not self._replaces(start, run):
                return
        elif start > self.at + 1:
            self._gap(start, run)
        elif (kinds := self._explained(run)) is not None:
            self._settle(kinds)
        elif run.rows == 1:
            on = [(chained(hashed, run.digest), (*kinds, HASH)) for hashed, kinds in self.maybe[:HYPOTHESES]]
            self.maybe = [(run.hash, ("",) * len(self.pending) + (CHANGED,)), *on]
            self.pending.append(run)
            self.at = start
            return
        else:
            self._settle()
            self._changed(run, CHANGED)
        if run.written != run.place and run.place not in self.order.moved:
            self._misplaced(run)
        self.at, self.maybe = start + run.rows - 1, [(run.last_hash, ())]

    def _explained(self, run: Run) -> tuple[str, ...] | None:
        """What must have been done to the waiting rows for this one to follow."""
        return next((kinds for hashed, kinds in self.maybe if chained(hashed, run.digest) == run.hash), None)

    def _misplaced(self, run: Run) -> None:
        if run.place not in self.spoiled:
            words = f"Row {run.place} (event {run.id}) was changed: its header tells position {run.written}."
            self._tell(run.place, run.id, CHANGED, words)

    def _gap(self, start: int, run: Run) -> None:
        self._settle()
        verb = "is" if start == self.at + 2 else "are"
        words = f"{span(self.at + 1, start - 1)} {verb} missing: the record goes on with row {start} (event {run.id})."
        self.told.append(Fault(self.at + 1, "", MISSING, words))

    def _replaces(self, start: int, run: Run) -> bool:
        """Two rows claim one position: tell which was put in; True where the later one is the right one."""
        before = first(self.order.clinic) if start == 1 else self.order.hash_of(start - 1)
        right = before is not None and chained(before, run.digest) == run.hash
        if not right:
            self._inserted(run.place, run.last_place, run.id)
            return False
        self.pending.clear()
        self._inserted(start, self.at, "")
        return True

    def _inserted(self, start: int, end: int, name: str) -> None:
        known = f" (event {name})" if name else ""
        verb = "was" if start == end else "were"
        words = f"{span(start, end)}{known} {verb} put in: what was written there stands elsewhere and fits."
        self._tell(start, name, INSERTED, words)
        self.spoiled |= set(range(start, min(end, start + MOST) + 1))

    def _settle(self, kinds: tuple[str, ...] = ()) -> None:
        """Tell of the rows that waited; where nothing that follows explains them, a head may."""
        head = self.heads.get(self.pending[-1].place, "") if self.pending else ""
        if head and not kinds:
            kinds = next((kinds for hashed, kinds in self.maybe if hashed.hex().startswith(head)), ())
        for number, run in enumerate(self.pending):
            self._changed(run, kinds[number] if kinds else "")
        self.pending.clear()

    def _changed(self, run: Run, kind: str) -> None:
        row = f"Row {run.place} (event {run.id})"
        if kind == HASH:
            self._tell(run.place, run.id, HASH, f"{row}: its hash was changed. Its header and body are as recorded.")
        elif run.opens and kind == CHANGED:
            words = f"{row} is as it was written, but does not follow from the row before it: rows before it, up to "
            self._tell(run.place, run.id, REWRITTEN, words + f"row {run.place - 1}, were changed and linked anew.")
        elif run.opens:
            self._tell(run.place, run.id, HASH, f"{row}: its hash, or that of the row before it, was changed.")
        elif kind == CHANGED:
            self._tell(run.place, run.id, CHANGED, f"{row} was changed: its {run.part}.")
        else:
            words = f"{row} was changed: its {run.part} or its hash."
            if run.written != run.place:
                words += f" Or it was written as row {run.written}, the last one, and rows before it were removed."
            self._tell(run.place, run.id, CHANGED, words)

    def _tell(self, place: int, name: str, what: str, words: str) -> None:
        self.told.append(Fault(place, name, what, words))
        if what in (CHANGED, INSERTED):
            self.spoiled.add(place)

    def _columns_and_bodies(self) -> None:
        """Columns that differ from the header; bodies that do not open although the chain fits."""
        for place, (name, columns) in self.walk.odd.items():
            for column in columns if place not in self.spoiled else ():
                words = SAID.get(column, f"its column '{column}' was changed; its header is as recorded.")
                kind = CHANGED if column == "header" else COLUMN
                self.told.append(Fault(place, name, kind, f"Row {place} (event {name}): {words}"))
        for place, name in self.walk.unopened.items():
            if place not in self.spoiled:
                words = f"Row {place} (event {name}) does not open with its key although its hash fits: "
                words += "it was changed or put in, and the chain was made anew over it."
                self.told.append(Fault(place, name, UNOPENED, words))
