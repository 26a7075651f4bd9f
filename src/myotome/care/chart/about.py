"""What the tables hold on a part that was pointed at: nerve, segments, skin, sources."""

from __future__ import annotations

from typing import Any

from myotome.anatomy.innervation import Profile, root_weights
from myotome.anatomy.parts import Muscle, Patch, Segment, Supply
from myotome.anatomy.routes import downstream, upstream
from myotome.anatomy.tables import anatomy
from myotome.care.chart.overlay import is_composite, main_root
from myotome.errors import UnknownNameError
from myotome.facts.provenance import Provenance
from myotome.facts.tables import sources


def about(kind: str, name: str, believed: Profile) -> dict[str, Any]:
    """What is known of the muscle, level, skin patch or nerve ``name``: titles, lines, roots with weights, sources.

    Raises:
        UnknownNameError: no table knows it.
    """
    body = anatomy()
    tables: dict[str, Any] = {
        "muscle": (body.muscles, _muscle),
        "level": (body.segments, _level),
        "patch": (body.patches, _patch),
        "nerve": (body.stretches, _nerve),
    }
    if kind not in tables or name not in tables[kind][0]:
        raise UnknownNameError(f"No {kind} is called '{name}'. See 'myotome vocabulary'.")
    table, told = tables[kind]
    part = table[name]
    return {"kind": kind, "name": name, "also": list(part.synonyms), **told(part, believed)}


def _muscle(muscle: Muscle, believed: Profile) -> dict[str, Any]:
    body = anatomy()
    root = main_root(muscle.innervation, believed)
    skin = [
        name
        for name, patch in body.patches.items()
        if root and not is_composite(name) and main_root(_roots(patch), believed) == root
    ]
    return {
        "lines": [
            ["Nerve", ", ".join(muscle.supply)],
            ["Origin", muscle.origin],
            ["Insertion", muscle.insertion],
            ["Action", muscle.action],
            ["Tested by", muscle.movement],
            [f"Skin of {root}" if root else "Skin", ", ".join(skin) or "none listed"],
        ],
        "roots": _weights(muscle.innervation, believed),
        "sources": _sources([muscle.provenance, *(s.provenance for s in muscle.innervation)]),
    }


def _level(segment: Segment, believed: Profile) -> dict[str, Any]:
    body = anatomy()

    def supplied(table: dict[str, tuple[Supply, ...]]) -> str:
        return ", ".join(name for name, supplies in table.items() if main_root(supplies, believed) == segment.name)

    muscles = {name: m.innervation for name, m in body.muscles.items()}
    skins = {name: _roots(p) for name, p in body.patches.items() if not is_composite(name)}
    return {
        "lines": [
            ["Felt", segment.posterior],
            ["Landmark", segment.landmark],
            ["Main root of", supplied(muscles) or "no muscle"],
            ["Skin", supplied(skins) or "none listed"],
        ],
        "roots": [],
        "sources": _sources([segment.provenance]),
    }


def _patch(patch: Patch, believed: Profile) -> dict[str, Any]:
    nerves = [s for s in patch.supplies if s not in _roots(patch)]
    return {
        "lines": [["Nerves", ", ".join(dict.fromkeys(s.supply for s in nerves)) or "none listed"]],
        "roots": _weights(_roots(patch), believed),
        "sources": _sources([patch.provenance, *(s.provenance for s in patch.supplies)]),
    }


def _nerve(stretch: Any, believed: Profile) -> dict[str, Any]:
    del believed
    body, beyond = anatomy(), downstream(stretch.name)
    muscles = [name for name, m in body.muscles.items() if beyond & set(m.supply)]
    skin = [
        name
        for name, p in body.patches.items()
        if not is_composite(name) and any(stretch.name in upstream(s.supply) for s in p.supplies)
    ]
    return {
        "lines": [
            ["Carries", stretch.carries],
            ["Muscles beyond", ", ".join(muscles) or "none"],
            ["Skin beyond", ", ".join(skin) or "none"],
            *([["Caught at", stretch.site]] if stretch.entrapment else []),
        ],
        "roots": [],
        "sources": _sources([stretch.provenance]),
    }


def _roots(patch: Patch) -> tuple[Supply, ...]:
    segments = anatomy().segments
    return tuple(s for s in patch.supplies if s.supply in segments)


def _weights(supplies: tuple[Supply, ...], believed: Profile) -> list[list[Any]]:
    if not supplies:
        return []
    order = list(anatomy().segments)
    found = {r: s.weight for r, s in root_weights(supplies, believed).items() if r in order}
    return [[root, round(found[root], 2)] for root in sorted(found, key=order.index)]


def _sources(provenances: list[Provenance]) -> list[list[str]]:
    known = sources()
    unique = {p.source: p for p in provenances}
    return [[known[k].citation if k in known else k, f"{p.grade}; {p.seen}", p.quote] for k, p in unique.items()]
