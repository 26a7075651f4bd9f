"""Read the anatomical tables into one immutable whole and check that their names agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from myotome.anatomy import parts
from myotome.errors import FactError
from myotome.facts.kept import Table, kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import lines, rows

HERE = "myotome.anatomy"
AnyPart = TypeVar("AnyPart", bound=parts.Part)
DIRECT = frozenset({"anterior ramus", "posterior ramus"})


@dataclass(frozen=True, slots=True)
class Anatomy:
    """Every table by name. Sides are never part of a name."""

    segments: Mapping[str, parts.Segment]
    muscles: Mapping[str, parts.Muscle]
    groups: Mapping[str, parts.Group]
    stretches: Mapping[str, parts.Stretch]
    plexus: Mapping[str, parts.PlexusLesion]
    patches: Mapping[str, parts.Patch]
    reflexes: Mapping[str, parts.Reflex]
    areas: Mapping[str, parts.Area]
    movements: Mapping[str, parts.Movement]
    places: Mapping[str, parts.Place]
    local: Mapping[str, parts.LocalCause]

    @property
    def entrapments(self) -> tuple[parts.Stretch, ...]:
        """The stretches at which a nerve lesion is considered, in table order."""
        return tuple(s for s in self.stretches.values() if s.entrapment)


@kept
def anatomy() -> Anatomy:
    """The anatomical tables, read once.

    Raises:
        FactError: a row without its source, or a name that another table does not know.
    """
    innervation = _supplies("innervation", "muscle", "segment")
    skin = _supplies("skin-supply", "patch", "supply")
    arcs = _supplies("reflex-supply", "reflex", "segment")
    identifiers = {row["muscle"]: row["id"] for _, row, _ in lines(HERE, "identifiers")}
    whole = Anatomy(
        segments=_table("segments", "segment", parts.Segment, _plain("posterior", "landmark", "disc")),
        muscles=_table(
            "muscles",
            "muscle",
            parts.Muscle,
            lambda row: {
                **_plain("region", "action", "movement", "origin", "insertion", "depth", "serial")(row),
                "supply": tuple(row["supply"]),
                "innervation": innervation.get(row["name"], ()),
                "identifier": identifiers.get(row["name"], ""),
            },
        ),
        groups=_table(
            "groups",
            "group",
            parts.Group,
            lambda row: {"movement": row["movement"], "members": tuple(row["members"])},
        ),
        stretches=_table(
            "routes",
            "stretch",
            parts.Stretch,
            lambda row: {
                **_plain("carries", "entrapment")(row),
                "origins": tuple(row["from"]),
                "site": row.get("site", ""),
                "signs": row.get("signs", ""),
            },
        ),
        plexus=_table(
            "plexus",
            "lesion",
            parts.PlexusLesion,
            lambda row: {
                "hits": tuple((hit["stretch"], float(hit["share"])) for hit in row["hits"]),
                "spared": row["spared"],
            },
        ),
        patches=_table(
            "patches",
            "patch",
            parts.Patch,
            lambda row: {"area": row["area"], "supplies": skin.get(row["name"], ())},
        ),
        reflexes=_table(
            "reflexes",
            "reflex",
            parts.Reflex,
            lambda row: {
                **_plain("nerve", "pathological")(row),
                "midline": row.get("midline", False),
                "supplies": arcs.get(row["name"], ()),
            },
        ),
        areas=_table(
            "areas",
            "area",
            parts.Area,
            lambda row: {**_plain("region", "part_of")(row), **_tuples("segments", "nerves")(row)},
        ),
        movements=_table(
            "movements",
            "movement",
            parts.Movement,
            lambda row: {
                **_plain("area", "normal_degrees", "limited_below", "midline")(row),
                **_tuples("segments", "local")(row),
            },
        ),
        places=_table(
            "places",
            "place",
            parts.Place,
            lambda row: {
                "area": row["area"],
                "per_segment": row.get("per_segment", False),
                **_tuples("segments", "nerves", "local")(row),
            },
        ),
        local=_table(
            "local-causes",
            "cause",
            parts.LocalCause,
            lambda row: {
                "plain": row["plain"],
                **_tuples("muscles", "strength", "areas", "movements")(row),
            },
        ),
    )
    _check(whole)
    return whole


def _plain(*names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda row: {name: row[name] for name in names}


def _tuples(*names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda row: {name: tuple(row.get(name, ())) for name in names}


def _table(
    pattern: str, table: str, kind: type[AnyPart], fields: Callable[[dict[str, Any]], dict[str, Any]]
) -> Mapping[str, AnyPart]:
    found: dict[str, AnyPart] = {}
    for where, row, provenance in rows(HERE, pattern, table):
        try:
            name = row["name"]
            made = kind(name=name, synonyms=tuple(row.get("synonyms", ())), provenance=provenance, **fields(row))
        except KeyError as missing:
            raise FactError(f"{where}: no field '{missing.args[0]}'. Add it.") from None
        if name in found:
            raise FactError(f"{where}: '{name}' is listed twice. Keep one row.")
        found[name] = made
    return Table(found)


def _supplies(pattern: str, part: str, supply: str) -> dict[str, tuple[parts.Supply, ...]]:
    found: dict[str, list[parts.Supply]] = {}
    for where, row, provenance in lines(HERE, pattern):
        if row["role"] not in parts.ROLES or row["basis"] not in parts.BASES:
            raise FactError(
                f"{where}: role '{row['role']}' on basis '{row['basis']}'. Roles are {', '.join(parts.ROLES)}; "
                f"bases are {', '.join(parts.BASES)}."
            )
        found.setdefault(row[part], []).append(_supply(row, part, supply, where, provenance))
    return {name: tuple(listed) for name, listed in found.items()}


def _supply(row: dict[str, str], part: str, supply: str, where: str, provenance: Provenance) -> parts.Supply:
    abnormal, tested = (int(row[n]) if row.get(n) else None for n in ("n_abnormal", "n_tested"))
    if (abnormal is None) != (tested is None) or (abnormal or 0) > (tested or 0):
        raise FactError(f"{where}: {abnormal} abnormal of {tested} tested cannot be. Correct the counts.")
    return parts.Supply(row[part], row[supply], row["role"], row["basis"], abnormal, tested, provenance)


def _check(whole: Anatomy) -> None:
    nerves = set(whole.stretches) | DIRECT
    entrapments = {s.name for s in whole.entrapments}
    segments = set(whole.segments)
    areas = set(whole.areas)
    for muscle in whole.muscles.values():
        _known(muscle.supply, nerves, f"muscle '{muscle.name}'", "stretch of nerve")
        _known((r.supply for r in muscle.innervation), segments, f"muscle '{muscle.name}'", "segment")
    for group in whole.groups.values():
        _known(group.members, whole.muscles, f"group '{group.name}'", "muscle")
    for stretch in whole.stretches.values():
        _known(stretch.origins, nerves | segments, f"stretch '{stretch.name}'", "stretch or segment")
    for lesion in whole.plexus.values():
        _known((name for name, _ in lesion.hits), nerves, f"plexus lesion '{lesion.name}'", "stretch")
    for patch in whole.patches.values():
        _known((r.supply for r in patch.supplies), nerves | segments, f"patch '{patch.name}'", "root or nerve")
        _known([patch.area], areas, f"patch '{patch.name}'", "area")
    for reflex in whole.reflexes.values():
        _known((r.supply for r in reflex.supplies), segments, f"reflex '{reflex.name}'", "segment")
    for area in whole.areas.values():
        _known(area.segments, segments, f"area '{area.name}'", "segment")
        _known(area.nerves, entrapments, f"area '{area.name}'", "site of entrapment")
    for movement in whole.movements.values():
        _known(movement.local, whole.local, f"movement '{movement.name}'", "local cause")
        _known(movement.segments, segments, f"movement '{movement.name}'", "segment")
    for place in whole.places.values():
        _known(place.nerves, entrapments, f"place '{place.name}'", "site of entrapment")
        _known(place.local, whole.local, f"place '{place.name}'", "local cause")
    for cause in whole.local.values():
        _known((*cause.muscles, *cause.strength), whole.muscles, f"local cause '{cause.name}'", "muscle")
        _known(cause.areas, areas, f"local cause '{cause.name}'", "area")
        _known(cause.movements, whole.movements, f"local cause '{cause.name}'", "movement")


def _known(names: Iterable[str], table: Iterable[str], owner: str, kind: str) -> None:
    known = set(table)
    for name in names:
        if name not in known:
            raise FactError(f"The {owner} names '{name}', which is no known {kind}. Correct the row.")
