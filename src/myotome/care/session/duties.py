"""To whom harm is reported, by the place of the clinic."""

from __future__ import annotations

from dataclasses import dataclass

from myotome.care.session.adverse import HERE
from myotome.errors import FactError
from myotome.facts.kept import kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import rows

ANYWHERE = "anywhere"
KINDS = ("regulator", "college", "maker", "insurer")
FORCE = {
    "must": "must be told",
    "should": "should be told",
    "may": "may be told",
    "plan": "asks for a plan",
    "ask": "ask whether it must be told",
}


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody outside the clinic who is told of harm: how binding it is, how soon, where, and the rule in short."""

    place: str
    body: str
    kind: str
    must: str
    within: str
    address: str
    words: str
    reviewed_by: str
    provenance: Provenance

    @property
    def force(self) -> str:
        """How binding it is, in words."""
        return FORCE[self.must]


@kept
def duties() -> tuple[Duty, ...]:
    """Every row, in the order of the file.

    Raises:
        FactError: an unknown kind or force, or two rows of one body at one place.
    """
    found: list[Duty] = []
    for where, row, provenance in rows(HERE, "duties", "duty"):
        twice = any((row["place"], row["body"]) == (one.place, one.body) for one in found)
        if row["kind"] not in KINDS or row["must"] not in FORCE or twice:
            raise FactError(
                f"{where}: kind '{row['kind']}', must '{row['must']}', or a second row. Kinds are {', '.join(KINDS)}; "
                f"must is {', '.join(FORCE)}. Mend the row."
            )
        told = {name: value for name, value in row.items() if name in Duty.__slots__}
        found.append(Duty(**told, provenance=provenance))
    return tuple(found)


def duties_at(place: str) -> tuple[Duty, ...]:
    """Who is told of harm in a clinic at ``place`` (CA-BC): of each kind the nearest, then those of anywhere."""
    near = [place, place.partition("-")[0], ANYWHERE]
    found: list[Duty] = []
    for kind in KINDS:
        there = [one for one in duties() if one.kind == kind and one.place in near]
        nearest = min((near.index(one.place) for one in there), default=0)
        found += [one for one in there if near.index(one.place) == nearest]
    return tuple(found)
