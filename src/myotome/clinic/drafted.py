"""What a device hands in, read as an entry of its kind; what is wrong with it is said with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from myotome.clinic.entries.against import AGAINST, NeedledAgainst
from myotome.clinic.entries.bedside import BedsideEntry
from myotome.clinic.entries.kinds import BEDSIDE
from myotome.clinic.entries.moments import has_offset, zones
from myotome.clinic.entries.needling import PACKET, PacketOpened
from myotome.clinic.entries.visits import ExaminationRecorded, HypothesisRecorded
from myotome.clinic.practice import Made
from myotome.errors import CaseProblem, EntryError
from myotome.records.event import IDENTIFIER

KINDS = (ExaminationRecorded.kind, *BEDSIDE)  # what a device may chart by itself


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a device hands in: which kind of entry, in which visit, its body, and when and where it was made.

    ``author``: who made it, where the device says so; nobody sends what somebody else has made. ``on_behalf``: for whom
    an assistant made it; empty: for whom they chart now.
    """

    kind: str
    visit: str
    body: dict[str, Any]
    made: Made
    author: str = ""
    on_behalf: str = ""


Sent = ExaminationRecorded | BedsideEntry


def drafted(draft: Drafted) -> Sent:
    """A draft as an entry.

    Raises:
        EntryError: it is of no kind that a device sends, or a field cannot be taken.
    """
    if draft.kind not in KINDS_SENT:
        raise EntryError(f"'{draft.kind[:60]}' is nothing that a device sends.")
    kind: type[Sent] = KINDS_SENT[draft.kind]
    try:
        return kind.model_validate(draft.body)
    except ValidationError as error:
        field = ".".join(str(part) for part in error.errors()[0]["loc"][:2]) or "body"
        shape = _SHAPES.get(draft.kind) or f"It may hold {', '.join(f for f in kind.model_fields if f != 'on_behalf')}."
        raise EntryError(f"'{field[:60]}' of the body cannot be taken. {shape}") from None


KINDS_SENT: dict[str, type[Sent]] = {
    ExaminationRecorded.kind: ExaminationRecorded,
    **BEDSIDE,
}
_SHAPES = {
    HypothesisRecorded.kind: "It is {text}, 1 to 5000 legible characters.",
    ExaminationRecorded.kind: "It is {case}, the values of a case file.",
    PacketOpened.kind: PACKET,
    NeedledAgainst.kind: AGAINST,
}


def wrong(place: int, draft: Drafted, staff: str) -> Iterator[CaseProblem]:
    """What is wrong with a draft before it is read."""
    at, made = f"entries[{place}]", draft.made
    if draft.author and draft.author != staff:
        yield CaseProblem(f"{at}.author", "somebody else made this entry. It is sent when they are signed in.")
    if draft.kind not in KINDS:
        yield CaseProblem(
            f"{at}.kind", f"'{draft.kind[:60]}' is nothing that a device sends. Send one of {', '.join(KINDS)}."
        )
    if "on_behalf" in draft.body:
        yield CaseProblem(f"{at}.body.on_behalf", "for whom somebody charts is chosen in their session, not sent.")
    for name, value in (("id", made.id), ("visit", draft.visit)):
        if not IDENTIFIER.fullmatch(value):
            yield CaseProblem(f"{at}.{name}", "this is no identifier: small letters, digits and hyphens, 64 at most.")
    if not has_offset(made.device_time):
        yield CaseProblem(f"{at}.device_time", "this is no time with its offset; write 2026-03-01T09:30:00+01:00.")
    if made.zone not in zones():
        yield CaseProblem(f"{at}.zone", "this is no time zone; write one such as America/Vancouver.")
