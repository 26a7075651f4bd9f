"""The ledger of needles: opened, in, out, in sharps; and what is missing before the visit can be signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from myotome.care.session.links import TAKEN_BACK, covered
from myotome.care.session.noted import Noted, in_order
from myotome.care.session.values import Value, Values, values_of
from myotome.care.session.wording import sentences

IN, OUT, REMOVED, UNUSED, COUNTED = "needle.in", "needle.out", "needles.removed", "needle.unused", "sharps.counted"
RESPONSE, NOTE, INCIDENT = "needle.response", "needle.noted", "incident.written"
LEDGER_KINDS = frozenset({IN, OUT, REMOVED, UNUSED, COUNTED})


@dataclass(frozen=True, slots=True)
class Insertion:
    """One needle in one place. ``how`` it ended: out, in and out, in again (the same needle, elsewhere), or empty."""

    entry: Noted
    how: str = ""
    ended_by: Noted | None = None
    removed: bool = False
    response: Value | None = None
    notes: Mapping[str, Value] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The entry by which it began."""
        return self.entry.id

    @property
    def needle(self) -> str:
        """The needle; one that is out and in again is the same."""
        return needle_of(self.entry)

    @property
    def point(self) -> str:
        """Where it is."""
        return self.entry.word("point")

    @property
    def side(self) -> str:
        """On which side."""
        return self.entry.word("side")

    @property
    def made(self) -> str:
        """When it went in."""
        return self.entry.happened

    @property
    def ended(self) -> bool:
        """Whether the needle has left this place."""
        return bool(self.how)

    @property
    def to_reconcile(self) -> bool:
        """Whether it was in when all were removed and nobody has said since that it is out."""
        return self.removed and not self.how


@dataclass(frozen=True, slots=True)
class Ledger:
    """Needles counted by needle. ``sharps``: never, differing, before the last needle, or counted."""

    insertions: tuple[Insertion, ...] = ()
    unused: int = 0
    in_sharps: int | None = None
    sharps: str = "never"
    counts: tuple[int, ...] = ()
    conflicts: tuple[Value, ...] = ()
    excused: bool = False
    named: frozenset[str] = frozenset()

    @property
    def ever_in(self) -> int:
        """Needles that were in the person, those that still are among them."""
        return len({one.needle for one in self.insertions})

    @property
    def opened(self) -> int:
        """Needles taken out of their packets."""
        return self.ever_in + self.unused

    @property
    def still_in(self) -> int:
        """Needles of which nobody has said that they are out."""
        return len({one.needle for one in self.open})

    @property
    def out(self) -> int:
        """Needles that were in and are out."""
        return self.ever_in - self.still_in

    @property
    def to_reconcile(self) -> int:
        """Needles that were in when all were removed, and are not yet said to be out."""
        return len({one.needle for one in self.open if one.removed})

    @property
    def open(self) -> tuple[Insertion, ...]:
        """Insertions that have not ended."""
        return tuple(one for one in self.insertions if not one.how)

    @property
    def unexplained(self) -> tuple[Insertion, ...]:
        """Those of which no incident tells."""
        return tuple(one for one in self.open if one.needle not in self.named)

    @property
    def needled(self) -> tuple[tuple[str, str], ...]:
        """Each point and side once, in the order needled."""
        return tuple(dict.fromkeys((one.point, one.side) for one in self.insertions))

    @property
    def settled(self) -> bool:
        """Whether every needle is accounted for."""
        return not self.missing()

    def missing(self) -> tuple[str, ...]:
        """What must be done before the visit can be signed, a sentence each; empty where nothing is."""
        return sentences(self)


def ledger(entries: Iterable[Noted]) -> Ledger:
    """The ledger of the entries, in whatever order they come."""
    early = tuple(entry for entry in in_order(entries) if not entry.late)
    known = values_of(early)
    found = _insertions(early, known)
    counted = known.one(COUNTED)
    numbers = sorted({_number(head) for head in counted.heads}) if counted else []
    state = _sharps(counted, known)
    incidents = _newest_incidents(early, known)
    return Ledger(
        insertions=found,
        unused=sum(max(_number(head) for head in value.heads) for value in known.all(UNUSED).values()),
        in_sharps=numbers[0] if state == "counted" else None,
        sharps=state,
        counts=tuple(numbers),
        conflicts=_conflicts(known, {one.id for one in found}),
        excused=bool(incidents),
        named=frozenset(needle for one in incidents for needle in one.ids("needles")),
    )


def needle_of(entry: Noted) -> str:
    """The needle of an insertion; one that names none is a needle of its own."""
    return entry.word("needle") or entry.id


def _number(entry: Noted) -> int:
    count = entry.body.get("count")
    return int(count) if isinstance(count, int | float) and not isinstance(count, bool) else 0


def _insertions(early: tuple[Noted, ...], known: Values) -> tuple[Insertion, ...]:
    stand = [entry for entry in known.entries if entry.kind == IN]
    moved, movers = _moved(early, stand)
    outs: dict[str, Noted] = {}
    removed: set[str] = set()
    for entry in known.entries:
        if entry.kind == OUT:
            for one in entry.ids("insertions"):
                outs.setdefault(one, entry)
        elif entry.kind == REMOVED:
            removed.update(entry.ids("insertions"))
    notes: dict[str, dict[str, Value]] = {}
    for key, value in known.all(NOTE).items():
        notes.setdefault(key[0], {})[key[1]] = value
    found = []
    for entry in stand:
        how, ended_by = "", None
        if entry.id in outs:
            how, ended_by = "out", outs[entry.id]
        elif entry.body.get("out") is True:
            how, ended_by = "in and out", entry
        elif entry.id in moved:
            how, ended_by = "in again", movers.get(entry.id)
        response = known.one(RESPONSE, entry.id)
        found.append(
            Insertion(entry, how, ended_by, entry.id in removed, response, notes.get(entry.id, {})),
        )
    return tuple(found)


def _moved(early: tuple[Noted, ...], stand: list[Noted]) -> tuple[set[str], dict[str, Noted]]:
    """The insertions whose needle went in again elsewhere, and by which entry. Only the same needle can."""
    every = {entry.id: entry for entry in early if entry.kind == IN}
    before = {}
    for entry in every.values():
        last = every.get(entry.word("after"))
        before[entry.id] = [last.id] if last is not None and needle_of(last) == needle_of(entry) else []
    moved, _ = covered(before, {entry.id for entry in stand})
    movers: dict[str, Noted] = {}
    for entry in stand:
        for last_id in before[entry.id]:
            movers.setdefault(last_id, entry)
    return moved, movers


def _sharps(counted: Value | None, known: Values) -> str:
    if counted is None:
        return "never"
    if counted.conflict:
        return "differing"
    last = max(head.rank[:2] for head in counted.heads)
    later = any(entry.kind in (IN, UNUSED) and entry.rank[:2] > last for entry in known.entries)
    return "before the last needle" if later else "counted"


def _newest_incidents(early: tuple[Noted, ...], known: Values) -> list[Noted]:
    """The incidents written after everything that was noted of needles; older ones knew too little."""
    concerned = {entry.id for entry in early if entry.kind in LEDGER_KINDS or entry.kind == TAKEN_BACK}
    acts = [
        entry.rank[:2]
        for entry in known.entries
        if entry.kind in LEDGER_KINDS or (entry.kind == TAKEN_BACK and entry.word("entry") in concerned)
    ]
    last = max(acts, default=(False, -1.0))
    return [head for value in known.all(INCIDENT).values() for head in value.heads if head.rank[:2] >= last]


def _conflicts(known: Values, ids: set[str]) -> tuple[Value, ...]:
    of_insertions = [*known.all(RESPONSE).values(), *known.all(NOTE).values()]
    of_counts = [*known.all(UNUSED).values(), *known.all(COUNTED).values()]
    here = [one for one in of_insertions if (one.key if isinstance(one.key, str) else one.key[0]) in ids]
    return tuple(one for one in (*here, *of_counts) if one.conflict)
