"""Which rows stand where they were written, and which were moved, exchanged or copied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from myotome.records.chain import first
from myotome.records.verification.found import DOUBLED, EXCHANGED, MOVED, Fault, span
from myotome.records.verification.rows import Run, chained


@dataclass(slots=True)
class Order:
    """The runs of a walk; ``stored`` gives the hash that stands at a place."""

    clinic: str
    runs: list[Run]
    stored: Callable[[int], bytes | None]
    told: list[Fault] = field(default_factory=list)
    moved: dict[int, Run] = field(default_factory=dict)
    copies: set[int] = field(default_factory=set)

    def arranged(self) -> list[tuple[int, Run]]:
        """Each run with the position it was written for, in that order; copies are told and left out."""
        arranged = []
        for number, run in enumerate(self.runs):
            if run.written == run.place or not self._believed(run, number):
                arranged.append((run.place, run))
            elif run.rows == 1 and self.stored(run.written) == run.hash:
                words = f"Row {run.place} (event {run.id}) was put in: it is a copy of row {run.written}."
                self.told.append(Fault(run.place, run.id, DOUBLED, words))
                self.copies.add(run.place)
            else:
                self.moved[run.place] = run
                arranged.append((run.written, run))
        self._tell_moved()
        return sorted(arranged, key=lambda pair: (pair[0], pair[1].place))

    def hash_of(self, position: int) -> bytes | None:
        """The hash of the row that was written for a position, wherever it stands now."""
        for run in self.runs:
            if run.written != run.place and run.written <= position < run.written + run.rows:
                return self.stored(run.place + position - run.written)
        return self.stored(position)

    def _believed(self, run: Run, number: int) -> bool:
        """Whether the header of the first row is to be believed against the place where it stands."""
        before = first(self.clinic) if run.written == 1 else self.hash_of(run.written - 1)
        if run.opens or (before is not None and chained(before, run.digest) == run.hash):
            return True
        after = self.runs[number + 1] if number + 1 < len(self.runs) else None
        if after is not None and after.place == run.last_place + 1 and _follows(run, after):
            return after.written == run.written + run.rows  # it goes on as the row after it does
        return run.rows > 1 or any(o.written == run.written + 1 and _follows(run, o) for o in self.runs)

    def _tell_moved(self) -> None:
        for place, run in self.moved.items():
            other = self.moved.get(run.written)
            if other is not None and other.written == place and run.rows == other.rows == 1:
                if place < other.place:
                    words = f"Rows {place} and {other.place} were exchanged: row {place} holds event {run.id}, "
                    words += f"row {other.place} holds event {other.id}."
                    self.told.append(Fault(place, run.id, EXCHANGED, words))
                continue
            last = run.written + run.rows - 1
            words = f"{span(run.written, last)} (from event {run.id}) {'was' if run.rows == 1 else 'were'} moved: "
            words += f"now at {span(place, run.last_place).lower().removeprefix('row ')}."
            self.told.append(Fault(run.written, run.id, MOVED, words))


def _follows(run: Run, other: Run) -> bool:
    return chained(run.last_hash, other.digest) == other.hash
