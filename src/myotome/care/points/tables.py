"""Read the tables of points and check that they agree with the anatomy and with each other."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from myotome.anatomy.tables import anatomy
from myotome.care.examination.visit import POSITIONS
from myotome.care.points.point import (
    BUILDS,
    GRIPS,
    MEASURES,
    Depth,
    Hazard,
    NotNeedled,
    Point,
    Spot,
    Structure,
)
from myotome.care.screening.places import limbs
from myotome.errors import FactError
from myotome.facts.kept import Table, kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import lines, rows

HERE = "myotome.care.points"
LAST_LEVEL = "S2"
STRUCTURE_KINDS = (
    "lung",
    "cord",
    "heart",
    "womb",
    "eye",
    "organ",
    "vessel",
    "nerve",
    "gland",
    "breast",
    "joint",
)  # gravest first


@kept
def structures() -> Mapping[str, Structure]:
    """What a needle could harm, by name.

    Raises:
        FactError: an unknown kind, or a name used twice.
    """
    found: dict[str, Structure] = {}
    for where, row, provenance in rows(HERE, "structures", "structure"):
        if row["kind"] not in STRUCTURE_KINDS or row["name"] in found:
            raise FactError(f"{where}: kind '{row['kind']}' or a second row. Kinds are {', '.join(STRUCTURE_KINDS)}.")
        found[row["name"]] = Structure(row["name"], row["kind"], row["harm"], row["plain"], provenance)
    return Table(found)


@kept
def points() -> Mapping[str, Point]:
    """Every point by name: paraspinal, symptomatic, homeostatic; in table order.

    Raises:
        FactError: with the first problem of any table.
    """
    problems = _read()[1]
    if problems:
        raise FactError(problems[0])
    return Table(_read()[0])


@kept
def not_needled() -> Mapping[str, NotNeedled]:
    """The muscles without a point, by name."""
    return Table(
        {
            row["muscle"]: NotNeedled(row["muscle"], row["why"], row["instead"], row["reviewed_by"], provenance)
            for _, row, provenance in rows(HERE, "sites", "not_needled")
        }
    )


@kept
def points_of() -> Mapping[str, tuple[Point, ...]]:
    """The symptomatic points of each muscle, in table order."""
    found: dict[str, list[Point]] = {}
    for point in points().values():
        if point.kind == "symptomatic":
            found.setdefault(point.muscle, []).append(point)
    return Table({muscle: tuple(listed) for muscle, listed in found.items()})


def problems() -> tuple[str, ...]:
    """Everything wrong with the tables, for those who write them."""
    return tuple(_read()[1])


@kept
def _read() -> tuple[dict[str, Point], list[str]]:
    said: list[str] = []
    found: dict[str, Point] = {}
    spots = _spots(said)
    for where, row, provenance in (*rows(HERE, "sites", "site"), *rows(HERE, "homeostatic", "site")):
        try:
            point = _point(row, provenance, spots)
        except KeyError as missing:
            said.append(f"{where}: no field or place '{missing.args[0]}'. Add it.")
            continue
        said += [f"{where}: {problem}" for problem in _wrong(point)]
        if point.name in found:
            said.append(f"{where}: a second row of the name '{point.name}'. Keep one.")
        found[point.name] = point
    said += [f"places.csv: '{name}' is the place of no point. Take the row out." for name in spots if name not in found]
    _add_hazards(found, said)
    _add_depths(found, said)
    said += _gaps(found)
    return found, said


def _spots(said: list[str]) -> dict[str, Spot]:
    found = {}
    for where, row, _ in lines(HERE, "places"):
        if row["point"] in found:
            said.append(f"{where}: a second place of '{row['point']}'. Keep one.")
        along, across = float(row["along"]), float(row["across"])
        found[row["point"]] = Spot(row["plate"], row["frame"], along, across, row["seen_from"])
    return found


def _point(row: Mapping[str, Any], provenance: Provenance, spots: Mapping[str, Spot]) -> Point:
    muscle, level = row["muscle"], row["level"]
    body = anatomy()
    region = row.get("region") or (body.muscles[muscle].region if muscle in body.muscles else "")
    return Point(
        name=row["name"],
        kind="homeostatic" if "order" in row else "paraspinal" if level else "symptomatic",
        muscle=muscle,
        level=level,
        nerve=row.get("nerve", ""),
        levels=tuple(row.get("levels", ())),
        region=region,
        limb=limbs().get(region, ""),
        find=row["find"],
        positions=tuple(row["positions"]),
        grip=row["grip"],
        direction=row["direction"],
        technique=row["technique"],
        compressible=row["compressible"],
        specialist=row["specialist"],
        expect=row["expect"],
        midline=row.get("midline", False),
        spot=spots[row["name"]],
        hazards=(),
        depths=(),
        reviewed_by=row["reviewed_by"],
        provenance=provenance,
    )


def _wrong(point: Point) -> Iterator[str]:
    body = anatomy()
    if point.muscle not in body.muscles and not (point.kind == "homeostatic" and not point.muscle):
        yield f"'{point.muscle}' is no known muscle. Use its name in the anatomy."
    if point.kind == "paraspinal" and point.name != f"{point.level} paraspinal":
        yield f"a paraspinal point of {point.level} is named '{point.level} paraspinal'."
    if point.level and point.level not in body.segments and point.kind == "paraspinal":
        yield f"'{point.level}' is no segment."
    if not point.positions or set(point.positions) - set(POSITIONS):
        yield f"positions {list(point.positions)}; use {', '.join(POSITIONS)}."
    if point.grip not in GRIPS:
        yield f"grip '{point.grip}'; use {', '.join(GRIPS)}."
    if not all((point.find, point.direction, point.technique, point.expect)):
        yield "find, direction, technique and expect must all say something."
    if (
        re.search(r"\d+ ?(mm|cm|degrees|°)", f"{point.direction} {point.technique}")
        and point.provenance.grade != "read"
    ):
        yield "a number of depth or angle in a row that was not read. Say it in words."


def _add_hazards(found: dict[str, Point], said: list[str]) -> None:
    for where, row, provenance in lines(HERE, "hazards"):
        if row["site"] not in found or row["structure"] not in structures() or not row["keep"]:
            said.append(f"{where}: site '{row['site']}' or structure '{row['structure']}' is not known, or no 'keep'.")
            continue
        point = found[row["site"]]
        if row["structure"] in point.structures:
            said.append(f"{where}: {row['structure']} at '{row['site']}' is listed twice. Keep one.")
        hazard = Hazard(structures()[row["structure"]], row["keep"], row["reviewed_by"], provenance)
        found[row["site"]] = replace(point, hazards=(*point.hazards, hazard))


def _add_depths(found: dict[str, Point], said: list[str]) -> None:
    for where, row, provenance in lines(HERE, "depths"):
        known = row["site"] in found and row["what"] in MEASURES and row["build"] in ("any", *BUILDS)
        if not known or not row["words"]:
            said.append(f"{where}: site '{row['site']}', what '{row['what']}' or build '{row['build']}' is not known.")
            continue
        point = found[row["site"]]
        depth = Depth(row["what"], row["build"], float(row["mm"]), row["words"], provenance)
        found[row["site"]] = replace(point, depths=(*point.depths, depth))


def _gaps(found: Mapping[str, Point]) -> Iterator[str]:
    """Muscles in neither list or in both, levels without a point, ceilings beyond what was measured."""
    body = anatomy()
    sited = {point.muscle for point in found.values() if point.kind == "symptomatic"}
    without = {row["muscle"] for _, row, _ in rows(HERE, "sites", "not_needled")}
    yield from (
        f"muscle '{name}' has neither a site nor a reason." for name in body.muscles if name not in sited | without
    )
    yield from (f"muscle '{name}' has sites and a reason for none. Keep one." for name in sorted(sited & without))
    yield from (
        f"'{name}' is no muscle, yet it is said not to be needled." for name in sorted(without - set(body.muscles))
    )
    names = list(body.segments)
    for level in names[: names.index(LAST_LEVEL) + 1]:
        if f"{level} paraspinal" not in found:
            yield f"level {level} has no paraspinal point."
    for point in found.values():
        for build in BUILDS:
            danger, ceiling = point.reads("to structure", build), point.reads("ceiling", build)
            if danger and ceiling and ceiling[0].mm > danger[0].mm:
                measured = f"ceiling {ceiling[0].mm:g} mm, but danger was measured at {danger[0].mm:g} mm."
                yield f"'{point.name}', {build}: {measured}"


if __name__ == "__main__":
    sys.stdout.write("\n".join(problems()) + "\n")
