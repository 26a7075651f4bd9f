"""How the check-ins of one visit stand at a moment, and which harms were told: from its entries, late ones too."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from myotome.care.session.adverse import is_open
from myotome.care.session.checkin import NO_ANSWER, Due, Heard, due_checkins, heard, near_lung
from myotome.care.session.links import TAKEN_BACK
from myotome.care.session.noted import Noted
from myotome.care.session.values import Value, Values, values

IN, MADE, ADVERSE = "needle.in", "checkin.made", "adverse.recorded"
TO_COME, IS_DUE, OVERDUE, DONE, NOT_NEEDED, PASSED = "to come", "due", "overdue", "done", "not needed", "passed over"
WAITING = (IS_DUE, OVERDUE)


@dataclass(frozen=True, slots=True)
class Followed:
    """One check-in as it stands; ``made`` are the tries, the last first."""

    due: Due
    stands: str
    made: tuple[Noted, ...]

    @property
    def reached(self) -> Noted | None:
        """The last try at which somebody answered."""
        return next((one for one in self.made if one.word("how") != NO_ANSWER), None)

    @property
    def heard(self) -> Heard | None:
        """What the answers meant, where somebody answered."""
        return _heard(self.reached) if self.reached else None

    @property
    def tries(self) -> int:
        """How often nobody answered."""
        return sum(one.word("how") == NO_ANSWER for one in self.made)


def followed(entries: Iterable[Noted], now: datetime.datetime) -> tuple[Followed, ...]:
    """The check-ins of a visit, soonest first; nothing where no needle went near the lung.

    Where a later one is due already, an earlier one that was not made is passed over: asking once is enough.
    """
    told = _together(entries)
    needles = [entry for entry in told.entries if entry.kind == IN and near_lung(entry.word("point"))]
    moments = [at for entry in needles if (at := moment(entry))]
    if not moments:
        return ()
    tries = sorted((v.heads[-1] for v in told.all(MADE).values()), key=lambda one: one.rank, reverse=True)
    found: list[Followed] = []
    for due in due_checkins([(entry.word("point"), entry.word("side")) for entry in needles], max(moments)):
        made = tuple(one for one in tries if one.word("due") == due.name)
        found.append(Followed(due, _stands(due, made, found, now), made))
    return tuple(_passed(found, now))


def harms_told(entries: Iterable[Noted]) -> tuple[Value, ...]:
    """Every harm that stands, told in the visit or later, in the order of telling; its newest words are its heads."""
    every = tuple(entries)
    as_told = {entry.id: entry for entry in every}
    found = _together(every).all(ADVERSE).values()
    told = (replace(value, heads=tuple(as_told[head.id] for head in value.heads)) for value in found)
    return tuple(sorted(told, key=lambda value: value.heads[0].rank))


def needled_points(entries: Iterable[Noted]) -> tuple[str, ...]:
    """Each point needled, once, late ones too."""
    told = _together(entries)
    return tuple(dict.fromkeys(entry.word("point") for entry in told.entries if entry.kind == IN))


def open_harms(entries: Iterable[Noted]) -> tuple[Value, ...]:
    """The harms that still wait for their end."""
    return tuple(value for value in harms_told(entries) if any(is_open(head.body) for head in value.heads))


def with_late(entries: Iterable[Noted]) -> tuple[Noted, ...]:
    """What was charted before the signature and after it, as one. What a signed note says is not taken back later.

    So no needle of the note, and no harm, goes out of sight: that is written as an amendment, or as newer words.
    """
    every = tuple(entries)
    signed = {entry.id for entry in every if not entry.late and entry.kind != TAKEN_BACK}
    gone = {entry.id for entry in every if entry.late and entry.kind == TAKEN_BACK and entry.word("entry") in signed}
    return tuple(replace(entry, late=False) for entry in every if entry.id not in gone)


def moment(entry: Noted) -> datetime.datetime | None:
    """When an entry happened: as it says, else by the device's clock as far as it is known; never after it arrived."""
    said = entry.word("happened")
    at, arrived = _read(said or entry.made), _read(entry.received)
    off = entry.body.get("clock_off")
    if at and not said and isinstance(off, int):
        at = _earlier(at, off)
    if at is None or (arrived and arrived < at):
        return arrived
    return at


def _earlier(at: datetime.datetime, seconds: int) -> datetime.datetime | None:
    try:
        return at - datetime.timedelta(seconds=seconds)
    except OverflowError:  # a clock at the end of the calendar: then only when it came is known
        return None


def _together(entries: Iterable[Noted]) -> Values:
    return values(with_late(entries))


def _stands(due: Due, made: tuple[Noted, ...], before: list[Followed], now: datetime.datetime) -> str:
    if any(one.word("how") != NO_ANSWER for one in made):
        return DONE
    last = before[-1] if before else None
    if due.checkin.unless_settled and last and last.reached and _heard(last.reached).settled:
        return NOT_NEEDED
    if now < due.due:
        return TO_COME
    return OVERDUE if now >= due.late else IS_DUE


def _passed(found: list[Followed], now: datetime.datetime) -> Iterable[Followed]:
    for place, one in enumerate(found):
        later = any(other.due.due <= now and other.stands != NOT_NEEDED for other in found[place + 1 :])
        yield replace(one, stands=PASSED) if one.stands in WAITING and later else one


def _heard(made: Noted) -> Heard:
    answers = made.body.get("answers") or {}
    return heard({str(code): str(answer) for code, answer in answers.items()})


def _read(text: str) -> datetime.datetime | None:
    try:
        at = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
