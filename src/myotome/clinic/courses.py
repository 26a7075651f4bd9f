"""The courses of a person: the visits of each complaint, with what was scored, found and needled at each."""

from __future__ import annotations

from collections.abc import Sequence

from myotome.care.course.followed import Followed, courses
from myotome.care.course.from_visit import Kept, visited, with_complaint_only
from myotome.care.course.visited import Visited
from myotome.care.examination.case import Case
from myotome.care.session.noted import Noted
from myotome.clinic.actor import Actor
from myotome.clinic.at_bedside import bedside_document
from myotome.clinic.mind import Mind
from myotome.clinic.practice import Practice
from myotome.clinic.shelf import Shelf
from myotome.clinic.states import PersonState, VisitState
from myotome.errors import CaseError

MOST_VISITS = 200  # of one person, the latest
UNREAD = "The examination of this visit cannot be read today; it stands as it was recorded on its own page."


class Courses:
    """What is told of a person over all their visits."""

    def __init__(self, practice: Practice, mind: Mind) -> None:
        """``mind`` reads the examinations."""
        self.practice, self.mind = practice, mind

    def of(self, actor: Actor, person: str, what: str = "course") -> tuple[PersonState, tuple[Followed, ...]]:
        """The person and their courses, the latest first. Looking at ``what`` is recorded.

        Raises:
            AccessError: this person may not, or has not opened the record.
            MissingError: there is nobody by that id.
        """
        with self.practice.looking(actor, "read record", what, person) as shelf:
            found = shelf.person(person)
            kept = shelf.visits(shelf.together(found), MOST_VISITS)
            # One that was opened, and in which nothing was charted yet, says nothing of the course.
            told = [one for one in reversed(kept) if one.struck is None and (one.charted or one.case is not None)]
            visits = [self._visited(shelf, one) for one in told]
        return found, courses(visits)

    def _visited(self, shelf: Shelf, kept: VisitState) -> Visited:
        entries = shelf.bedside(kept.id)
        case, unread = self._case(shelf, kept, entries)
        said = kept.explanation.says if kept.explanation else ""
        return visited(Kept(kept.id, kept.day, said, unread, kept.signature is not None), case, entries)

    def _case(self, shelf: Shelf, kept: VisitState, entries: Sequence[Noted]) -> tuple[Case | None, str]:
        """The examination as the entries make it, re-tests among them; of an older visit, its case file."""
        document = bedside_document(shelf, kept, entries) if entries else kept.case
        if document is None:
            return None, ""
        try:
            return self.mind.read(document)[1], ""
        except CaseError:
            return with_complaint_only(document), UNREAD if document.get("findings") else ""
