"""Clinical governance: the safety rows as the clinical lead signs or rejects them, and what follows from it."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from myotome.care.review.rows import safety_rows
from myotome.care.review.signed import REJECTED, SIGNED, Judged, Opinion, Standing, State, Verdict, standing, withdrawn
from myotome.clinic.actor import Actor, Proof
from myotome.clinic.entries.clinics import ReviewGiven
from myotome.clinic.entries.made import made
from myotome.clinic.practice import Practice
from myotome.clinic.states import ReviewState
from myotome.errors import AccessError, EntryError, MissingError

AT_ONCE = 50  # rows on a page


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of rows: which of how many. Each row (``Judged``) has ``row``, ``state``, ``opinion`` and ``changed``."""

    rows: tuple[Judged, ...]
    start: int
    total: int


class Governance:
    """The safety rows of one clinic, each awaiting, signed, rejected, or lapsed because it was changed since."""

    def __init__(self, practice: Practice) -> None:
        """What stands is worked out at the first question and again after a new opinion."""
        self.practice = practice
        self._opinions: dict[tuple[str, str], Opinion] = {}
        self._seen = -1
        self._standing = standing((), ())
        self._places: dict[tuple[str, str], int] = {}
        self._lock = threading.Lock()

    def rows(
        self, actor: Actor, table: str | None = None, state: State | None = None, start: int = 0, limit: int = AT_ONCE
    ) -> Listed:
        """A page of the rows of one table or all, in one state or any, in the order of the tables.

        Raises:
            AccessError: this person may not.
        """
        with self.practice.looking(actor, "see review"):
            found = self.standing().rows
        wanted = [one for one in found if table in (None, one.row.table) and state in (None, one.state)]
        start = max(0, start)
        return Listed(tuple(wanted[start : start + limit]), start, len(wanted))

    def row(self, actor: Actor, table: str, key: str) -> Judged:
        """One row with its fields, source, quote and what was said of it.

        Raises:
            MissingError: there is none.
            AccessError: this person may not.
        """
        with self.practice.looking(actor, "see review"):
            found = self.standing()
        return found.rows[self._place(table, key)]

    def tables(self, actor: Actor) -> Mapping[str, Mapping[str, int]]:
        """How many rows of each table are awaiting, signed, rejected and lapsed.

        Raises:
            AccessError: this person may not.
        """
        with self.practice.looking(actor, "see review"):
            return self.standing().counts

    def give(
        self,
        actor: Actor,
        chosen: Sequence[tuple[str, str, str]],
        verdict: Verdict,
        licence: str,
        reason: str = "",
        proof: Proof | None = None,
    ) -> None:
        """Sign or reject rows, each as (table, key, digest as it was shown): all of them, or none.

        A signature stands for exactly what has that digest: the row in words, its source and quote, the rows it leans
        on. When any of it changes, the signature lapses. Signing needs a fresh ``proof``; rejecting does not, so that
        nothing stands between a danger and its end.

        Raises:
            EntryError: nothing was chosen, a row has changed since it was shown, or a rejection has no reason.
            MissingError: there is no such row.
            AccessError: this person may not, or did not sign in again to sign.
        """
        if not chosen:
            raise EntryError("No row was chosen. Choose at least one, then sign or reject.")
        if verdict == REJECTED and not reason.strip():
            raise EntryError("A row is rejected without a reason. Write what is wrong with it: the plan shows it.")
        if verdict == SIGNED and (proof is None or not proof.holds(actor, self.practice.clock())):
            raise AccessError("Sign in again to sign: it needs your password or passkey within two minutes.")
        method = proof.method if proof and proof.holds(actor, self.practice.clock()) else ""
        with self.practice.acting(actor, "review rows") as desk:
            found = self.standing()
            for table, key, digest in dict.fromkeys(chosen):
                row = found.rows[self._place(table, key)].row
                if row.digest != digest:
                    raise EntryError(
                        f"The row '{row.title}' of '{table}' is not what was shown: it was changed since. Nothing was "
                        "recorded. Open it, read it again, then sign or reject it."
                    )
                told = {"table": row.table, "row": row.key, "digest": row.digest, "verdict": verdict}
                desk.record(made(ReviewGiven, **told, licence=licence, reason=reason, method=method))

    def notice(self) -> str:
        """The words that every page bears; empty once every row is signed as it stands."""
        return self.standing().watermark

    def withdrawn(self) -> Mapping[str, str]:
        """The points that the lead rejected, each with the reason; no plan uses them."""
        return withdrawn(self.standing())

    def standing(self) -> Standing:
        """Where every row stands; worked out anew only when an opinion was added."""
        with self.practice.within() as shelf, self._lock:
            changed = shelf.reading.changed("review", max(0, self._seen))
            if changed or self._seen < 0:
                staff = shelf.staff()
                for _, state, position in changed:
                    told = ReviewState.model_validate(state)
                    name = staff[told.by].name if told.by in staff else told.by
                    self._opinions[told.table, told.row] = _opinion(told, name)
                    self._seen = position
                self._seen = max(0, self._seen)
                self._standing = standing(safety_rows(), self._opinions.values())
                self._places = {(one.row.table, one.row.key): n for n, one in enumerate(self._standing.rows)}
            return self._standing

    def _place(self, table: str, key: str) -> int:
        try:
            return self._places[table, key]
        except KeyError:
            raise MissingError("There is no such safety row.") from None


def _opinion(told: ReviewState, name: str) -> Opinion:
    verdict: Verdict = SIGNED if told.verdict == SIGNED else REJECTED
    return Opinion(told.table, told.row, told.digest, verdict, name, told.licence, told.day, told.reason)
