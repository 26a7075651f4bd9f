"""A plate: a view of the body with its landmarks, frames and shapes."""

from __future__ import annotations

from dataclasses import dataclass

from myotome.atlas.frames import Binding
from myotome.atlas.ring import Ring
from myotome.errors import PlateError

LAYERS = ("base", "bones", "deepest", "deep", "middle", "surface")
KINDS = ("muscle", "bone", "tissue", "level", "skin")
TONES = "abcde"


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
