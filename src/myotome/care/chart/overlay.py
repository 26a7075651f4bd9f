"""Overlays of the atlas: dermatomes, myotomes and the territories of nerves, from the tables."""

from __future__ import annotations

from collections.abc import Mapping

from myotome.anatomy.innervation import Profile, root_weights
from myotome.anatomy.parts import Supply
from myotome.anatomy.routes import downstream, roots_of
from myotome.anatomy.tables import anatomy
from myotome.atlas.library import unions
from myotome.atlas.overlay import Overlay
from myotome.errors import UnknownNameError

KINDS = ("dermatomes", "myotomes", "nerve", "segment")
# Okabe and Ito's colours, told apart by every common kind of colour vision; neighbours in the list are far apart.
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442")
STRENGTHS = ((0.66, "#0072b2", "main"), (0.33, "#56b4e9", "secondary"), (0.0, "#b9dcf2", "minor"))
TERRITORY = "#0072b2"
CRANIAL = "#9a9a9a"


def overlay(kind: str, name: str, believed: Profile) -> Overlay:
    """The overlay ``kind``; ``name`` is the nerve or segment where it needs one.

    Raises:
        UnknownNameError: no such overlay, nerve or segment.
    """
    if kind == "dermatomes":
        face = [name for name in anatomy().patches if is_cranial(name) and not is_composite(name)]
        skins = _by_main_root("skin", believed) | dict.fromkeys(face, CRANIAL)
        words = _main_roots("skin", believed) | dict.fromkeys(face, "V")
        legend = (*_root_legend("skin", believed), ("V: trigeminal nerve, no segment", CRANIAL))
        return Overlay("Dermatomes", skins=skins, legend=legend, words=words)
    if kind == "myotomes":
        return Overlay("Myotomes", _by_main_root("muscle", believed), legend=_root_legend("muscle", believed))
    if kind == "segment":
        return _of_segment(_known(name, anatomy().segments, "segment"), believed)
    if kind == "nerve":
        return _of_nerve(_known(name, anatomy().stretches, "nerve"))
    raise UnknownNameError(f"There is no overlay '{kind}'. Choose one of {', '.join(KINDS)}.", KINDS)


def _known(name: str, table: Mapping[str, object], what: str) -> str:
    if name not in table:
        near = tuple(known for known in table if name.lower() in known.lower())[:4]
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise UnknownNameError(f"There is no {what} '{name}'.{hint}", near)
    return name


def _supplies(of: str) -> dict[str, tuple[Supply, ...]]:
    """Supply by roots of each muscle or skin patch."""
    body = anatomy()
    if of == "muscle":
        return {name: muscle.innervation for name, muscle in body.muscles.items()}
    return {name: tuple(s for s in patch.supplies if s.supply in body.segments) for name, patch in body.patches.items()}


def main_root(supplies: tuple[Supply, ...], believed: Profile) -> str | None:
    """The root that supplies most; the upper one of two alike; None where no root is listed."""
    segments = list(anatomy().segments)
    weights = {r: s.weight for r, s in root_weights(supplies, believed).items() if r in segments} if supplies else {}
    return min(weights, key=lambda r: (-round(weights[r], 3), segments.index(r)), default=None)


def colour_of(segment: str) -> str:
    """The colour of a segment; neighbours differ."""
    return COLOURS[list(anatomy().segments).index(segment) % len(COLOURS)]


def _main_roots(of: str, believed: Profile) -> dict[str, str]:
    """The main root of each muscle or skin patch that has one; gathered patches are left out."""
    mains = {name: main_root(supplies, believed) for name, supplies in _supplies(of).items()}
    if of == "skin":
        mains = {name: root for name, root in mains.items() if not is_composite(name) and not is_cranial(name)}
    return {name: root for name, root in mains.items() if root}


def _by_main_root(of: str, believed: Profile) -> dict[str, str]:
    return {name: colour_of(root) for name, root in _main_roots(of, believed).items()}


def is_composite(patch: str) -> bool:
    """True for a patch that only gathers others (the whole arm, all round the knee)."""
    return patch in unions()


def is_cranial(patch: str) -> bool:
    """True for skin that cranial nerves alone supply; what charts list besides is the edge of a neighbour."""
    nerves = [s.supply for s in anatomy().patches[patch].supplies if s.supply in anatomy().stretches]
    return bool(nerves) and not any(roots_of(nerve) for nerve in nerves)


def _root_legend(of: str, believed: Profile) -> tuple[tuple[str, str], ...]:
    used = set(_main_roots(of, believed).values())
    return tuple((segment, colour_of(segment)) for segment in anatomy().segments if segment in used)


def _of_segment(segment: str, believed: Profile) -> Overlay:
    def coloured(of: str) -> dict[str, str]:
        found = {}
        for name, supplies in _supplies(of).items():
            weight = root_weights(supplies, believed).get(segment) if supplies else None
            if weight and not (of == "skin" and is_composite(name)):
                found[name] = next(colour for least, colour, _ in STRENGTHS if weight.weight >= least)
        return found

    muscles = coloured("muscle") | {segment: STRENGTHS[0][1]}
    return Overlay(segment, muscles, coloured("skin"), tuple((word, colour) for _, colour, word in STRENGTHS))


def _of_nerve(nerve: str) -> Overlay:
    """Everything beyond a stretch of nerve: what goes weak and what goes numb where it is cut there."""
    body, beyond = anatomy(), downstream(nerve)
    muscles = {name: TERRITORY for name, m in body.muscles.items() if beyond & set(m.supply)}
    skins = {
        name: TERRITORY
        for name, patch in body.patches.items()
        if not is_composite(name) and any(s.supply in beyond for s in patch.supplies)
    }
    return Overlay(nerve, muscles, skins, ((nerve, TERRITORY),))
