"""Parts as the pages of a clinic: its name and the person's in the foot, its notice, its size of paper."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from myotome.clinic.exports.told import House, day_of
from myotome.clinic.states import ClinicState, PersonState
from myotome.paper.document import Document, Part
from myotome.paper.form import form_parts
from myotome.paper.pdf import PaperSize, pdf

LETTER = ("CA", "US")  # where paper is of this size


def printed(house: House, title: str, person: PersonState, parts: Sequence[Part], *, nameless: bool = False) -> bytes:
    """The pages; whose they are stands on each, with the clinic."""
    born = f", born {day_of(person.birth_date)}" if person.birth_date else ""
    whose = "" if nameless else f"{person.name}{born} · "
    footer = f"{whose}{named_on(house.clinic)}"
    return pdf(Document(title, tuple(parts), banner=house.notice, footer=footer), size_of(house.clinic))


@lru_cache(maxsize=4)
def empty_form(size: PaperSize, notice: str, footer: str) -> bytes:
    """The paper form with nobody on it; the same for everybody of a clinic."""
    return pdf(Document("Visit on paper", form_parts(size), banner=notice, footer=footer), size)


def named_on(clinic: ClinicState) -> str:
    """The clinic as it stands on paper."""
    return f"{clinic.name}{' (demonstration)' if clinic.demonstration else ''}"


def size_of(clinic: ClinicState) -> PaperSize:
    """The paper that is used where the clinic is."""
    return "letter" if clinic.place.partition("-")[0] in LETTER else "a4"
