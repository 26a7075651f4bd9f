"""Plates as they are written: folders of TOML files, read whole or refused."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources.abc import Traversable
from typing import Any

from myotome.atlas.frames import Axis, Binding, Body, Frame, Ladder, Place
from myotome.atlas.plate import KINDS, LAYERS, TONES, Inset, Plate, Region, Shape, Skin
from myotome.atlas.ring import Ring, read_ring
from myotome.errors import PlateError

HEAD = ("id", "title", "facing", "scale", "view", "bind", "sections", "landmarks", "frames")
FIELDS = {"id", "layer", "ring", "tone", "tendon", "fibres", "z", "midline", "bind", *KINDS}


def read_plate(folder: Traversable) -> Plate:
    """Read a folder in the pack format: ``plate.toml`` and one file a section (see docs/reference/plates.md).

    Raises:
        PlateError: a file breaks a rule; the sentence names the shape and the fault.
    """
    head = _read(folder, "plate")
    name = _need(head, "id", folder.name)
    for key in HEAD:
        _need(head, key, name)
    sheet = {key: (float(x), float(y)) for key, (x, y) in head["landmarks"].items()}
    frames = {key: _frame(value, sheet, f"{name}: frame '{key}'") for key, value in head["frames"].items()}
    drawn, skins = _sections(head, folder)
    for row in head.get("place", []):
        set_in, patches = _set_in(row, read_plate(folder / ".." / row["plate"]))
        drawn += [(LAYERS.index(shape.layer), int(row.get("z", -1)), shape) for shape in set_in]
        skins += patches
    shapes = [shape for *_, shape in sorted(drawn, key=lambda entry: entry[:2])]
    _unique([shape.id for shape in shapes], name)
    return Plate(
        id=name,
        title=head["title"],
        facing=head["facing"],
        seen_from=head.get("seen_from", head["facing"]),
        view=tuple(head["view"]),
        scale=float(head["scale"]),
        lateral=float(head.get("lateral", 1)),
        binding=Binding(sheet, frames),
        shapes=tuple(shapes),
        skins=tuple(skins),
        regions=tuple(_region(row, head["bind"], name) for row in head.get("region", [])),
    )


def _sections(head: Mapping[str, Any], folder: Traversable) -> tuple[list[tuple[int, int, Shape]], list[Skin]]:
    """The shapes of every section, each with its layer and ``z``, and the skin patches."""
    name, shapes, skins = head["id"], [], []
    for section in head["sections"]:
        text = _read(folder, section)
        bind = text.get("bind", head["bind"])
        for row in text.get("shape", []):
            shape = _shape(row, row.get("bind", bind), name)
            shapes.append((LAYERS.index(shape.layer), int(row.get("z", 0)), shape))
        for row in text.get("patch", []):
            where = f"{name}: patch '{_need_patch(row, name)}'"
            skins.append(Skin(row["name"], read_ring(row["ring"], row.get("bind", bind), where)))
    return shapes, skins


def _read(folder: Traversable, section: str) -> dict[str, Any]:
    try:
        return tomllib.loads((folder / f"{section}.toml").read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlateError(f"{folder.name}: {section}.toml cannot be read ({error}). Mend or add the file.") from None


def _need(head: Mapping[str, Any], key: str, plate: str) -> str:
    if key not in head:
        raise PlateError(f"{plate}: plate.toml has no '{key}'. A plate needs {', '.join(HEAD)}.")
    return str(head[key])


def _need_patch(row: Mapping[str, Any], plate: str) -> str:
    if "name" not in row or "ring" not in row:
        raise PlateError(f"{plate}: a patch without name or ring. Give both.")
    return str(row["name"])


def _frame(value: list[Any], sheet: Mapping[str, Place], where: str) -> Frame:
    named = [n for n in (value if isinstance(value[0], str) else [x for rung in value for x in rung]) if n]
    unknown = [n for n in named if n not in sheet]
    if unknown:
        raise PlateError(f"{where}: the landmark '{unknown[0]}' is not on the sheet. Add it under [landmarks].")
    return Axis(*value) if isinstance(value[0], str) else Ladder(tuple((inner, outer) for inner, outer in value))


def _shape(row: Mapping[str, Any], bind: str, plate: str) -> Shape:
    where = f"{plate}: '{row.get('id', '?')}'"
    unknown = set(row) - FIELDS
    if unknown:
        raise PlateError(f"{where}: '{min(unknown)}' is not a field of a shape. Use {', '.join(sorted(FIELDS))}.")
    missing = [field for field in ("id", "layer", "ring") if field not in row]
    if missing:
        raise PlateError(f"{where}: no {missing[0]}. Every shape has an id, a layer and a ring.")
    kinds = [kind for kind in KINDS if kind in row]
    if len(kinds) != 1:
        raise PlateError(f"{where}: say once what it is: {', '.join(KINDS)}.")
    layer, tone = row["layer"], row.get("tone", "a")
    if layer not in LAYERS:
        raise PlateError(f"{where}: there is no layer '{layer}'. Choose one of {', '.join(LAYERS)}.")
    if tone not in TONES:
        raise PlateError(f"{where}: there is no tone '{tone}'. Choose one of {', '.join(TONES)}.")
    tendon = row.get("tendon", [0.0, 0.0])
    if len(tendon) != 2 or min(tendon) < 0 or sum(tendon) > 1:
        raise PlateError(f"{where}: tendon {tendon}. Give the shares at origin and insertion, together at most 1.")
    return Shape(
        id=row["id"],
        kind=kinds[0],
        name=row[kinds[0]],
        layer=layer,
        ring=read_ring(row["ring"], bind, where),
        tone=tone,
        tendon=(float(tendon[0]), float(tendon[1])),
        fibres=float(row.get("fibres", 1.0 if kinds[0] == "muscle" else 0.0)),
        midline=bool(row.get("midline", False)),
    )


def _region(row: Mapping[str, Any], bind: str, plate: str) -> Region:
    view = row.get("view")
    return Region(
        name=row["name"],
        ring=read_ring(row["ring"], bind, f"{plate}: region '{row['name']}'"),
        plate=row["plate"],
        view=None if view is None else tuple(float(v) for v in view),  # type: ignore[arg-type]
        midline=bool(row.get("midline", False)),
    )


def _set_in(row: Mapping[str, Any], part: Plate) -> tuple[list[Shape], list[Skin]]:
    """The shapes and patches of ``part`` as they go by in the plate that it is set into.

    What lies mostly outside belongs to the plate that takes it, and is left out.
    """
    without = row.get("without", ())
    inset = Inset(part.id, tuple(row["from"]), tuple(row["to"]), bool(row.get("flip", False)), tuple(row["within"]))
    shapes = [
        replace(shape, id=f"{part.id}: {shape.id}", inset=replace(inset, shape=shape.id))
        for shape in part.shapes
        if shape.name not in without and shape.kind != "level" and _within(shape.ring, inset, part)
    ]
    skins = [
        replace(skin, inset=replace(inset, shape=str(n)))
        for n, skin in enumerate(part.skins)
        if _within(skin.ring, inset, part)
    ]
    return shapes, skins


def _within(ring: Ring, inset: Inset, part: Plate) -> bool:
    sheet = part.binding.sheet
    (ax, ay), (bx, by) = (sheet[name] for name in inset.start)
    places = [part.binding.place(point, Body(sheet), part.id) for point in ring.points]
    x, y = (sum(values) / len(places) for values in zip(*places, strict=True))
    along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
    return bool(inset.within[0] <= along <= inset.within[1])


def _unique(ids: list[str], plate: str) -> None:
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise PlateError(f"{plate}: '{twice[0]}' is drawn twice. Give each shape an id of its own.")
