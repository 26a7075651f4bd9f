"""A plate: a view of the body with its landmarks, frames and shapes, read from the files of one folder."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from myotome.atlas.frames import Axis, Binding, Body, Frame, Ladder, Place
from myotome.atlas.ring import Ring, read_ring
from myotome.errors import PlateError

LAYERS = ("base", "bones", "deepest", "deep", "middle", "surface")
KINDS = ("muscle", "bone", "tissue", "level", "skin")
TONES = "abcde"
HEAD = ("id", "title", "facing", "scale", "view", "bind", "sections", "landmarks", "frames")
FIELDS = {"id", "layer", "ring", "tone", "tendon", "fibres", "z", "midline", "bind", *KINDS}


@dataclass(frozen=True, slots=True)
class Shape:
    """One closed outline of a plate.

    ``kind`` and ``name`` say what it is: a muscle of ``anatomy``, a bone, a tissue (tendon, fascia, cartilage, skin
    detail), a level of the spine, or bare skin. ``tendon`` is the share of tendon at origin and insertion.
    """

    id: str
    kind: str
    name: str
    layer: str
    ring: Ring
    tone: str
    tendon: tuple[float, float]
    fibres: float
    midline: bool
    inset: Inset | None = None


@dataclass(frozen=True, slots=True)
class Inset:
    """Another plate set into this one, so that landmarks ``start`` fall on ``end``; mirrored where ``flip``.

    Only what lies ``within`` these shares of the way between the two landmarks is taken.
    """

    plate: str
    start: tuple[str, str]
    end: tuple[str, str]
    flip: bool
    within: tuple[float, float]
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Skin:
    """One skin patch drawn on a plate, over the muscles: its name in ``anatomy`` and its outline."""

    name: str
    ring: Ring
    midline: bool
    inset: Inset | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a whole-body plate that a first tap chooses: the plate and, where that is enlarged, the view."""

    name: str
    ring: Ring
    plate: str
    view: tuple[float, float, float, float] | None
    midline: bool


@dataclass(frozen=True)
class Plate:
    """A view with everything on it, deep to superficial.

    ``facing`` is ``front`` or ``back`` where both sides are drawn and mirrored, ``right`` where one right part is.
    ``seen_from`` is the side of the body in the anatomical position: front, back, right or below. ``view`` is x, y,
    width and height on the screen; ``scale`` is sheet units for a thousandth of body height; ``lateral`` is -1 where
    across an axis runs towards the midline.
    """

    id: str
    title: str
    facing: str
    seen_from: str
    view: tuple[float, float, float, float]
    scale: float
    lateral: float
    binding: Binding
    shapes: tuple[Shape, ...]
    skins: tuple[Skin, ...]
    regions: tuple[Region, ...]

    @property
    def mirrored(self) -> bool:
        """True where left and right are both on the plate."""
        return self.facing in ("front", "back")

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that can be looked at, superficial first."""
        used = {shape.layer for shape in self.shapes}
        return tuple(layer for layer in reversed(LAYERS[1:]) if layer in used)

    def shown(self, layer: str) -> tuple[Shape, ...]:
        """The shapes to be seen when everything above ``layer`` is taken away.

        Raises:
            PlateError: the plate has no such layer.
        """
        if layer not in self.layers:
            raise PlateError(f"The plate '{self.id}' has no layer '{layer}'. Choose one of {', '.join(self.layers)}.")
        depth = LAYERS.index(layer)
        return tuple(shape for shape in self.shapes if LAYERS.index(shape.layer) <= depth)


@cache
def plate_ids() -> tuple[str, ...]:
    """Every plate of the atlas, in the order of the index."""
    index = tomllib.loads((files("myotome.atlas") / "plates" / "index.toml").read_text("utf-8"))
    return tuple(index["plates"])


@cache
def unions() -> dict[str, tuple[str, ...]]:
    """Skin areas that gather others, and their parts."""
    table = tomllib.loads((files("myotome.atlas") / "plates" / "unions.toml").read_text("utf-8"))["unions"]
    return {name: tuple(parts) for name, parts in table.items()}


@cache
def plate(name: str) -> Plate:
    """The plate called ``name``, or the one in the folder ``name`` where that is a path to a pack.

    Raises:
        PlateError: there is none, or its files break a rule.
    """
    if name in plate_ids():
        return read_plate(files("myotome.atlas") / "plates" / name)
    if not (Path(name) / "plate.toml").is_file():
        raise PlateError(
            f"There is no plate '{name}'. Choose one of {', '.join(plate_ids())}, or a folder with a plate.toml."
        )
    return replace(read_plate(Path(name)), id=name)


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
    shapes: list[tuple[int, int, Shape]] = []
    skins: list[Skin] = []
    for section in head["sections"]:
        text = _read(folder, section)
        bind = text.get("bind", head["bind"])
        for row in text.get("shape", []):
            shape = _shape(row, row.get("bind", bind), name)
            shapes.append((LAYERS.index(shape.layer), int(row.get("z", 0)), shape))
        for row in text.get("patch", []):
            where = f"{name}: patch '{_need_patch(row, name)}'"
            ring = read_ring(row["ring"], row.get("bind", bind), where)
            skins.append(Skin(row["name"], ring, bool(row.get("midline", False))))
    for row in head.get("place", []):
        inset = Inset(
            row["plate"], tuple(row["from"]), tuple(row["to"]), bool(row.get("flip", False)), tuple(row["within"])
        )
        part = read_plate(folder / ".." / row["plate"])
        set_in, patches = _set_in(inset, row.get("without", ()), part)
        shapes += [(LAYERS.index(shape.layer), int(row.get("z", -1)), shape) for shape in set_in]
        skins += patches
    shapes.sort(key=lambda entry: entry[:2])
    _unique([shape.id for *_, shape in shapes], name)
    regions = tuple(_region(row, head["bind"], name) for row in head.get("region", []))
    return Plate(
        id=name,
        title=head["title"],
        facing=head["facing"],
        seen_from=head.get("seen_from", head["facing"]),
        view=tuple(head["view"]),
        scale=float(head["scale"]),
        lateral=float(head.get("lateral", 1)),
        binding=Binding(sheet, frames),
        shapes=tuple(shape for *_, shape in shapes),
        skins=tuple(skins),
        regions=regions,
    )


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


def _set_in(inset: Inset, without: Sequence[str], part: Plate) -> tuple[list[Shape], list[Skin]]:
    """The shapes and patches of ``part`` as they go by in the plate that it is set into.

    What lies mostly outside belongs to the plate that takes it, and is left out.
    """
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
