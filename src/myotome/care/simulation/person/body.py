"""A body for the mechanism: every level, both sides, every muscle with its roots, as the anatomy has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from rapidfuzz import process

from myotome.anatomy.innervation import profile, root_weights
from myotome.anatomy.tables import anatomy
from myotome.care.examination.checks import shortened
from myotome.care.examination.levels import levels as levels_named
from myotome.care.examination.vocabulary import Site, nearest, resolve
from myotome.care.explanation.likelihoods import SIDES
from myotome.errors import MechanismError, UnknownNameError
from myotome.facts.kept import Table, kept
from myotome.facts.tables import rows
from myotome.mechanism.network import Network

HERE = "myotome.care.simulation.person"
PARASPINAL = "paraspinal"
LONGEST_NAME = 80


@dataclass(frozen=True, eq=False)
class Body:
    """Muscles, levels and regions in the order of the network's arrays, each a pair (name, side).

    First the whole left side, then the whole right side. The muscle beside the spine at a level is called "C6
    paraspinal"; it has its impulses from its own level alone, and it alone lies beside that level's root.
    ``without_roots`` are the muscles left out: they have cranial nerves only, of which the mechanism knows nothing.
    ``profile`` names the sources that are believed.
    """

    muscles: tuple[tuple[str, str], ...]
    levels: tuple[tuple[str, str], ...]
    regions: tuple[tuple[str, str], ...]
    network: Network
    without_roots: tuple[str, ...]
    profile: str

    def muscle(self, name: str, side: str) -> int:
        """Number of a muscle by any of its names: "triceps", "multifidus C6", "C6 paraspinal".

        Raises:
            MechanismError: no muscle of that name, one without a root, several at once, or no such side.
        """
        if (name, side) in self._muscle_numbers:
            return self._muscle_numbers[name, side]
        found = (_muscle_named(name), _side(side))
        if found not in self._muscle_numbers:
            raise MechanismError(
                f"'{name}' has no root of the spine, only a cranial nerve, of which the mechanism knows nothing. "
                "Choose another muscle."
            )
        return self._muscle_numbers[found]

    def level(self, segment: str, side: str) -> int:
        """Number of a level: "C6", "right".

        Raises:
            MechanismError: no segment of that name, or no such side.
        """
        found = levels_named(str(segment))
        if len(found) != 1:
            near = [
                name
                for name, *_ in process.extract(str(segment)[:LONGEST_NAME].upper(), list(anatomy().segments), limit=3)
            ]
            raise MechanismError(
                f"'{shortened(segment)}' is not a level. Write one from C1 to S4, such as {' or '.join(near)}."
            )
        return self._level_numbers[found[0], _side(side)]

    def limb_of(self, level: int) -> tuple[int, ...]:
        """Numbers of the muscles away from the spine that have a good share of their impulses from a level."""
        return self._limbs[level]

    def paraspinal(self, level: int) -> int:
        """Number of the muscle that lies beside a level."""
        return int(self.network.beside[level].argmax())

    @cached_property
    def _muscle_numbers(self) -> Mapping[tuple[str, str], int]:
        return {pair: number for number, pair in enumerate(self.muscles)}

    @cached_property
    def _level_numbers(self) -> Mapping[tuple[str, str], int]:
        return {pair: number for number, pair in enumerate(self.levels)}

    @cached_property
    def _limbs(self) -> tuple[tuple[int, ...], ...]:
        known, least = anatomy().muscles, numbers()["limb share"]
        limb = np.array([name in known and not known[name].is_deep_back for name, _ in self.muscles])
        mine = (self.network.supply >= least) & limb[:, None]
        return tuple(tuple(map(int, np.flatnonzero(column))) for column in mine.T)


@kept
def numbers() -> Mapping[str, float]:
    """The numbers of data/read-off.toml by name."""
    return Table({row["name"]: float(row["value"]) for _, row, _ in rows(HERE, "read-off", "number")})


@kept
def slips() -> Mapping[str, str]:
    """The muscle of which the paraspinal muscle of a level is a slip, by the level's letter."""
    return Table({row["letter"]: row["muscle"] for _, row, _ in rows(HERE, "read-off", "paraspinal")})


@lru_cache(maxsize=8)
def body(profile_name: str = "emg") -> Body:
    """The body as the sources of a profile have it.

    Raises:
        UnknownNameError: no profile of that name.
    """
    roots, without = _roots(profile_name)
    segments = tuple(anatomy().segments)
    names = [*roots, *(paraspinal_name(s) for s in segments)]
    one = np.array([[roots[m].get(s, 0.0) for s in segments] for m in roots])
    one = np.vstack([one, np.eye(len(segments))])
    where = [_region(name) for name in names]
    regions = tuple((name, side) for side in SIDES for name in dict.fromkeys(where))
    muscles = tuple((name, side) for side in SIDES for name in names)
    levels = tuple((s, side) for side in SIDES for s in segments)
    number = {pair: n for n, pair in enumerate(regions)}
    network = Network(
        np.kron(np.eye(2), one),
        np.kron(np.eye(2), np.hstack([np.zeros((len(segments), len(roots))), np.eye(len(segments))])),
        [number[name, side] for side in SIDES for name in where],
    )
    return Body(muscles, levels, regions, network, without, profile_name)


def paraspinal_name(segment: str) -> str:
    """What the muscle beside a level is called, as its point to needle is."""
    return f"{segment} {PARASPINAL}"


def _roots(profile_name: str) -> tuple[dict[str, dict[str, float]], tuple[str, ...]]:
    """The share of each root in each muscle, by muscle, and the muscles that have none."""
    known, believed = anatomy(), profile(profile_name)
    shares: dict[str, dict[str, float]] = {}
    for muscle in known.muscles.values():
        weights = root_weights(muscle.innervation, believed) if muscle.innervation else {}
        spinal = {s: w.weight for s, w in weights.items() if s in known.segments}
        whole = sum(spinal.values())
        if whole > 0.0:
            shares[muscle.name] = {s: weight / whole for s, weight in spinal.items()}
    return shares, tuple(name for name in known.muscles if name not in shares)


def _region(name: str) -> str:
    known = anatomy().muscles
    return known[name if name in known else slips()[name[0]]].region


def _muscle_named(name: str) -> str:
    text = str(name)[:LONGEST_NAME]  # no muscle has a longer name, and looking for the nearest takes time
    try:
        found = resolve("taut band", text)
    except UnknownNameError:
        near = nearest("taut band", text)
        hint = f"Did you mean {' or '.join(near)}?" if near else "See 'myotome vocabulary'."
        raise MechanismError(f"'{shortened(name)}' is not a muscle that the anatomy knows. {hint}") from None
    names = [name for site in found for name in _of_site(site)]
    if len(names) != 1:
        raise MechanismError(f"'{text}' is {len(names)} muscles. Name one of {', '.join(names)}.")
    return names[0]


def _of_site(site: Site) -> tuple[str, ...]:
    if site.kind == PARASPINAL:
        return (paraspinal_name(site.name),)
    return anatomy().groups[site.name].members if site.kind == "group" else (site.name,)


def _side(side: str) -> str:
    found = {"l": "left", "r": "right"}.get(str(side).lower(), str(side).lower())
    if found not in SIDES:
        raise MechanismError(f"side is '{shortened(side)}'. Use left or right.")
    return found
