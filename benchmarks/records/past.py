"""A clinic's past as drafts: people with 1 to 39 sessions each (20 on average) over ten years, some of them examined.

Every session opens a visit with a key of its own. A person's first session and every tenth after it hold a published
examination with the explanation and the plan that were frozen with it: about every eighth session of all. One person
in 39 or so has exactly ``ALIKE`` sessions; those are the ones that are measured, so that a page holds the same in a
clinic of any size.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from myotome.care.examination import yaml12
from myotome.clinic.entries.entry import Entry
from myotome.clinic.entries.persons import Identifier, PersonRegistered
from myotome.clinic.entries.visits import ExaminationRecorded, VisitOpened
from myotome.clinic.mind import Mind
from myotome.store import Store

EXAMPLES = Path(__file__).parents[2] / "examples"
BEGAN = datetime(2016, 1, 4, 8, 0, tzinfo=UTC)
YEARS = timedelta(days=3650)
ALIKE, MOST = 10, 39
CASES = 12
Told = tuple[str, int, dict[str, Any]]  # kind, version, body
SYLLABLES = ("ba", "der", "fi", "gon", "hal", "ka", "lin", "mo", "ner", "os", "pet", "ri", "sen", "tu", "vel", "zan")


@dataclass(frozen=True, slots=True)
class Session:
    """One session of the past: whose (by number), their how manieth, and when."""

    person: int
    number: int
    at: datetime

    @property
    def examined(self) -> bool:
        """Whether it holds an examination."""
        return self.number % 10 == 0


def sessions(count: int, seed: int = 6) -> Iterator[Session]:
    """That many in the order of time; person 0 has exactly ``ALIKE`` of them."""
    rng = np.random.default_rng(seed)
    each = np.concatenate([[ALIKE], rng.integers(1, MOST + 1, size=count // ALIKE + 1)])
    person = np.repeat(np.arange(len(each)), each)[:count]
    number = np.arange(count) - np.concatenate([[0], np.cumsum(each)])[person]
    start = rng.uniform(0, 0.9, size=len(each))[person]
    moment = start + number * 0.0025 + rng.uniform(0, 0.001, size=count)  # one every nine days or so
    for place in np.argsort(moment, kind="stable"):
        at = BEGAN + YEARS * float(moment[place])
        yield Session(int(person[place]), int(number[place]), at)


def registered(person: int) -> PersonRegistered:
    """Who they are."""
    rng = np.random.default_rng(person)
    family, given = ("".join(rng.choice(SYLLABLES, size=3)).title() for _ in range(2))
    born = date(1930, 1, 1) + timedelta(days=int(rng.integers(0, 29000)))
    card = Identifier(system="health card", value=f"{9_000_000_000 + person}")
    phone = f"+1 604 555 {person % 10000:04}"
    return PersonRegistered(
        family=family, given=given, birth_date=born, sex="unknown", identifiers=(card,), phone=phone
    )


def told(session: Session) -> list[Told]:
    """What was recorded in it."""
    opened = VisitOpened(day=session.at.date(), reason="first visit" if session.number == 0 else "")
    cases = thought()
    return [as_told(opened), *cases[session.person % len(cases)]] if session.examined else [as_told(opened)]


def as_told(entry: Entry) -> Told:
    """An entry as a draft holds it."""
    return type(entry).kind, type(entry).version, entry.body()


@cache
def thought() -> list[tuple[Told, ...]]:
    """A few published examinations, each with what the software says of it."""
    mind = Mind(Store(os.environ).reasoner, lambda: "", dict)
    files = sorted(EXAMPLES.glob("*.yaml"))
    return [_thought(mind, file) for file in files[:: len(files) // CASES][:CASES]]


def _thought(mind: Mind, file: Path) -> tuple[Told, ...]:
    document: dict[str, Any] = yaml12.read(file.read_bytes())
    case = {key: value for key, value in document.items() if key not in ("source", "expected")}
    plain, read = mind.read(case)
    return tuple(as_told(entry) for entry in (ExaminationRecorded(case=plain), *mind.think(read, BEGAN.date())))
