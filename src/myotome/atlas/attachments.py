"""Whether a muscle ends where it is said to: its origin and insertion against the bones drawn."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import shapely

from myotome.atlas.library import plate
from myotome.atlas.outline import drawn
from myotome.atlas.visible import whole

VERTEBRAE = [f"{part}{n}" for part, count in (("C", 7), ("T", 12), ("L", 5)) for n in range(1, count + 1)]
RIBS = (
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)
RUN = re.compile(r"\b([CTL]\d+)(?: (to|and) ([CTL]\d+))?\b")
RIB_RUN = re.compile(r"\bribs (\d+) to (\d+)")
REACH = 5.0  # thousandths of body height an end may lie off its bone


@dataclass(frozen=True, slots=True)
class Missed:
    """An end that does not reach what it should."""

    plate: str
    muscle: str
    shape: str
    end: str
    said: str
    off: float

    def __str__(self) -> str:
        """The fault as a sentence."""
        return (
            f"{self.plate}: '{self.shape}' of {self.muscle} has its {self.end} {self.off:.0f} thousandths of body "
            f"height from the nearest of: {self.said}. Draw the end on the bone, or the bone under it."
        )


@cache
def bone_words() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    """Words of an attachment and the bones they mean."""
    table = tomllib.loads((files("myotome.atlas") / "data" / "bones.toml").read_text("utf-8"))["bone"]
    return tuple((re.compile(row["words"]), tuple(row["bones"])) for row in table)


def bones_in(attachment: str) -> frozenset[str]:
    """The bones an attachment such as ``lateral third of clavicle`` names; none where it is soft tissue only."""
    named = {bone for words, bones in bone_words() if words.search(attachment) for bone in bones}
    for first, _, last in RUN.findall(attachment):
        run = VERTEBRAE[VERTEBRAE.index(first) : VERTEBRAE.index(last or first) + 1]
        named |= {f"{vertebra} vertebra" for vertebra in run}
    for low, high in RIB_RUN.findall(attachment):
        named |= {f"{rib} rib" for rib in RIBS[int(low) - 1 : int(high)]}
    return frozenset(named)


def missed(name: str, ends: Mapping[str, tuple[str, str]]) -> tuple[list[Missed], int]:
    """Ends of the plate's muscles that miss their bones, and how many ends could be compared.

    Args:
        ends: origin and insertion by muscle, as ``anatomy`` words them.
    """
    chosen, areas = plate(name), whole(name)
    bones: dict[str, list[shapely.Geometry]] = {}
    for shape in chosen.shapes:
        if shape.kind == "bone":
            bones.setdefault(shape.name, []).append(areas[shape.id])
    best: dict[tuple[str, str], Missed] = {}
    for shape in chosen.shapes:
        sheet = drawn(name)[shape.id].sheet
        if shape.kind != "muscle" or sheet is None or shape.name not in ends:
            continue
        lines = (("origin", sheet.origin), ("insertion", sheet.insertion))
        for (end, line), said in zip(lines, ends[shape.name], strict=True):
            targets = [area for bone in bones_in(said) for area in bones.get(bone, ())]
            if not targets:
                continue
            off = float(shapely.distance(shapely.LineString(line), shapely.union_all(targets))) / chosen.scale
            found = Missed(name, shape.name, shape.id, end, said, off)
            # A muscle of several heads reaches its bone where one of them does.
            key = (shape.name, end)
            best[key] = min(best.get(key, found), found, key=lambda m: m.off)
    return [m for m in best.values() if m.off > REACH], len(best)
