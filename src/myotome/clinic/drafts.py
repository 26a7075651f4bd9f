"""Entries that a device made by itself and sends later, perhaps twice: recorded once, all of them or none."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from pydantic import ValidationError

from myotome.clinic.actor import Actor
from myotome.clinic.entries.visits import ExaminationRecorded, HypothesisRecorded
from myotome.clinic.practice import Acting, Made, NotOpenedError, Practice
from myotome.clinic.visits import Thought, Visits, examined, supposed, unsigned
from myotome.errors import CaseError, CaseProblem, EntryError, MissingError
from myotome.records.event import IDENTIFIER, Event, Receipt

KINDS = (HypothesisRecorded.kind, ExaminationRecorded.kind)  # what a device may chart by itself
MOST = 100  # at once
MOST_EXAMINED = 10  # each is thought through, a second or two
NO_VISIT = "there is no such visit in this clinic. Send what belongs to a visit that was opened here."
USED = "this id was used for another entry. Give the entry a new id."


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a device hands in: which kind of entry, in which visit, its body, and when and where it was made."""

    kind: str
    visit: str
    body: dict[str, Any]
    made: Made


@dataclass(frozen=True, slots=True)
class _Ready:
    """A draft that was read, and thought through where it is an examination."""

    draft: Drafted
    entry: HypothesisRecorded | ExaminationRecorded
    thought: Thought | None


class Drafts:
    """Takes what devices send."""

    def __init__(self, practice: Practice, visits: Visits) -> None:
        """``visits`` thinks examinations through and holds the rules of charting."""
        self.practice, self.visits = practice, visits

    def record(self, actor: Actor, drafts: Sequence[Drafted]) -> list[Receipt]:
        """Record all of them, in their order; one that was recorded before gives its receipt again and nothing else.

        Raises:
            CaseError: one or more are refused, with every problem and its place; nothing was recorded.
            AccessError: this person may not chart, or has not opened a record that is charted in.
        """
        if not 1 <= len(drafts) <= MOST:
            raise CaseError([CaseProblem("entries", f"there are {len(drafts)} entries; send 1 to {MOST} at once.")])
        problems = [problem for place, one in enumerate(drafts) for problem in _wrong(place, one)]
        if (count := sum(one.kind == ExaminationRecorded.kind for one in drafts)) > MOST_EXAMINED:
            many = f"there are {count} examinations; send at most {MOST_EXAMINED} of them at once."
            problems.append(CaseProblem("entries", many))
        names = [one.made.id for one in drafts]
        problems += [
            CaseProblem(f"entries[{place}].id", "this id stands here twice. Give each entry an id of its own.")
            for place, name in enumerate(names)
            if name in names[:place]
        ]
        if problems:
            raise CaseError(problems)
        ready = self._ready(actor, drafts)
        with self.practice.acting(actor, "chart") as desk:
            return [self._recorded(desk, place, one) for place, one in enumerate(ready)]

    def _ready(self, actor: Actor, drafts: Sequence[Drafted]) -> list[_Ready]:
        """Read each; think through what is new, outside of any transaction."""
        ready: list[_Ready] = []
        problems: list[CaseProblem] = []
        for place, draft in enumerate(drafts):
            try:
                with _at(place):
                    ready.append(self._read(actor, draft))
            except CaseError as error:
                problems += error.problems
        if problems:
            raise CaseError(problems)
        return ready

    def _read(self, actor: Actor, draft: Drafted) -> _Ready:
        entry = _entry(draft)
        if isinstance(entry, HypothesisRecorded):
            return _Ready(draft, entry, None)
        plain, _ = self.visits.mind.read(_written(entry.case))
        entry = ExaminationRecorded(case=plain)
        with self.practice.within() as shelf:
            known = shelf.reading.event(draft.made.id)
        return _Ready(draft, entry, None if known else self.visits.thought(actor, draft.visit, plain))

    def _recorded(self, desk: Acting, place: int, one: _Ready) -> Receipt:
        with _at(place):
            if known := desk.reading.event(one.draft.made.id):
                return _again(desk, known, one)
            kept = desk.visit(one.draft.visit)
            desk.present(desk.actor, "chart", kept.person)
            unsigned(kept)
            if isinstance(one.entry, HypothesisRecorded):
                return supposed(desk, kept, one.entry, one.draft.made)
            if one.thought is None:
                raise EntryError("this entry was being taken away while it was read. Send it again.")
            return examined(desk, kept, one.thought, one.draft.made)


def _again(desk: Acting, known: Event, one: _Ready) -> Receipt:
    """The receipt of what was recorded before, if it was the same and this person's.

    Raises:
        EntryError: the id was used for something else.
    """
    body = dict(known.body or {})
    body.pop("on_behalf", None)
    same = (known.kind, known.visit, known.author, known.device_time, known.zone, body)
    made = one.draft.made
    if same != (one.draft.kind, one.draft.visit, desk.actor.staff, made.device_time, made.zone, one.entry.body()):
        raise EntryError(USED)
    return Receipt(known.id, known.position, known.hash, known.received, repeated=True)


@contextmanager
def _at(place: int) -> Iterator[None]:
    """Say at which entry something is wrong; that a record is not opened stays what it is."""
    try:
        yield
    except NotOpenedError:
        raise
    except CaseError as error:
        inside = f"entries[{place}].body.case"
        raise CaseError(CaseProblem(f"{inside}.{p.at}", p.message, p.did_you_mean) for p in error.problems) from None
    except MissingError:
        raise CaseError([CaseProblem(f"entries[{place}].visit", NO_VISIT)]) from None
    except EntryError as error:
        raise CaseError([CaseProblem(f"entries[{place}]", str(error))]) from None


def _entry(draft: Drafted) -> HypothesisRecorded | ExaminationRecorded:
    kind = HypothesisRecorded if draft.kind == HypothesisRecorded.kind else ExaminationRecorded
    try:
        return kind.model_validate(draft.body)
    except ValidationError as error:
        field = ".".join(str(part) for part in error.errors()[0]["loc"][:2]) or "body"
        raise EntryError(f"'{field[:60]}' of the body cannot be taken. {_SHAPES[draft.kind]}") from None


def _written(case: dict[str, Any]) -> bytes:
    """The case as text, so that one reader holds every bound: JSON is YAML too.

    Raises:
        CaseError: it holds a number that is none, or half a character.
    """
    try:
        return json.dumps(case, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise CaseError([CaseProblem("file", "it cannot be written down. Send text, numbers and lists.")]) from None


_SHAPES = {
    HypothesisRecorded.kind: "It is {text}, 1 to 5000 legible characters.",
    ExaminationRecorded.kind: "It is {case}, the values of a case file.",
}


def _wrong(place: int, draft: Drafted) -> Iterator[CaseProblem]:
    at, made = f"entries[{place}]", draft.made
    if draft.kind not in KINDS:
        yield CaseProblem(
            f"{at}.kind", f"'{draft.kind[:60]}' is nothing that a device sends. Send {' or '.join(KINDS)}."
        )
    if "on_behalf" in draft.body:
        yield CaseProblem(f"{at}.body.on_behalf", "for whom somebody charts is chosen in their session, not sent.")
    for name, value in (("id", made.id), ("visit", draft.visit)):
        if not IDENTIFIER.fullmatch(value):
            yield CaseProblem(f"{at}.{name}", "this is no identifier: small letters, digits and hyphens, 64 at most.")
    if not _has_offset(made.device_time):
        yield CaseProblem(f"{at}.device_time", "this is no time with its offset; write 2026-03-01T09:30:00+01:00.")
    if made.zone not in available_timezones():
        yield CaseProblem(f"{at}.zone", "this is no time zone; write one such as America/Vancouver.")


def _has_offset(text: str) -> bool:
    try:
        return datetime.datetime.fromisoformat(text).utcoffset() is not None
    except ValueError:
        return False
