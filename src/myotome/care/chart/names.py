"""Names on a plate against the tables: what is pointed at must be known, and what is known must be drawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from myotome.anatomy.tables import anatomy
from myotome.atlas.faults import crossings, unknown
from myotome.atlas.library import plate, plate_ids, unions
from myotome.errors import PlateError


def known() -> Mapping[str, Collection[str]]:
    """The names that a plate may use, by kind."""
    body = anatomy()
    return {"muscle": body.muscles, "level": body.segments, "patch": body.patches}


def ends() -> dict[str, tuple[str, str]]:
    """Origin and insertion by muscle."""
    return {name: (muscle.origin, muscle.insertion) for name, muscle in anatomy().muscles.items()}


def check_pack(name: str) -> None:
    """Refuse a plate whose rings cross themselves or that names something the tables do not know.

    Raises:
        PlateError: every such fault, one a line.
    """
    faults = crossings(name) + [f"{fault} Use its name in the anatomy tables." for fault in unknown(name, known())]
    if faults:
        raise PlateError("\n".join(faults))


def undrawn() -> list[tuple[str, str]]:
    """Muscles, levels and skin patches that no plate shows, as (kind, name)."""
    shown: set[tuple[str, str]] = set()
    for name in plate_ids():
        chosen = plate(name)
        shown |= {(shape.kind, shape.name) for shape in chosen.shapes}
        shown |= {("patch", skin.name) for skin in chosen.skins}
    shown |= {("patch", union) for union, parts in unions().items() if any(("patch", p) in shown for p in parts)}
    return [(kind, name) for kind, names in known().items() for name in names if (kind, name) not in shown]
