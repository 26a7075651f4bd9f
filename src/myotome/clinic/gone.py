"""A visit that takes no entries: it was moved to a person whose record is not open here, or struck."""

from __future__ import annotations

from myotome.care.session.against import place
from myotome.care.session.late_in import late_in
from myotome.care.session.ledger import ledger
from myotome.clinic.actor import Actor
from myotome.clinic.practice import NotOpenedError, present
from myotome.clinic.shelf import Shelf
from myotome.clinic.states import VisitState
from myotome.errors import EntryError

MOVED = (
    "This visit was moved to another person's record, which is not open here. Nothing was recorded. Confirm two "
    "identifiers of that person; then what waits is sent. What is of somebody else, chart in their own visit."
)
STRUCK = (
    "This visit was struck as entered in error and takes no entries. Nothing was recorded. Chart it in the visit in "
    "which it belongs."
)


class MovedError(NotOpenedError):
    """The visit is another person's now."""

    reason = "moved"

    def __init__(self, visit: str, person: str) -> None:
        """``person``: whose it is now."""
        self.visit, self.person = visit, person
        super().__init__(MOVED)


class StruckError(EntryError):
    """The visit counts no more."""

    reason = "struck"


def open_here(shelf: Shelf, actor: Actor, act: str, kept: VisitState) -> None:
    """See that the record of a visit is open in this session.

    Raises:
        MovedError: it is not, and the visit was moved; NotOpenedError where it was not.
    """
    try:
        present(shelf, actor, act, kept.person)
    except NotOpenedError:
        if kept.moves:
            raise MovedError(kept.id, kept.person) from None
        raise


def strikable(shelf: Shelf, kept: VisitState) -> None:
    """See that a visit can be struck: what takes no entries any more can never say that a needle is out.

    Raises:
        EntryError: it was struck before, or needles are in of which no incident tells.
    """
    if kept.struck:
        raise EntryError("This visit was struck already.")
    entries = shelf.bedside(kept.id)
    if within := tuple(dict.fromkeys(place(one) for one in (*ledger(entries).unexplained, *late_in(entries)))):
        raise EntryError(
            f"By its entries needles of this visit are in: {'; '.join(within)}. Note them as out, or undo the entries "
            "if they never went in; if they are in somebody else, move the visit to that person. Then strike it."
        )


def refuses(kept: VisitState) -> str:
    """Why a visit takes no entries from anybody; empty where it does."""
    return StruckError.reason if kept.struck else ""
