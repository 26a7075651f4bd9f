"""Walk the nerves: from root to trunk, cord, nerve and branch, and back up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from myotome.anatomy.parts import Stretch
from myotome.anatomy.tables import anatomy
from myotome.facts.kept import kept


def downstream(stretch: str) -> frozenset[str]:
    """The stretch and everything that it goes on to feed."""
    return _downstream()[stretch]


def upstream(stretch: str) -> frozenset[str]:
    """The stretch, the stretches that feed it, and the segments it arises from."""
    stretches = anatomy().stretches
    found = {stretch}
    if stretch in stretches:
        for origin in stretches[stretch].origins:
            found |= upstream(origin)
    return frozenset(found)


def roots_of(stretch: str) -> frozenset[str]:
    """The segments whose fibres run in the stretch; empty for a cranial nerve."""
    return upstream(stretch) & frozenset(anatomy().segments)


def share(lesion: str, supply: Iterable[str], weights: Mapping[str, float]) -> float:
    """How much of a part's supply a lesion of the stretch ``lesion`` cuts, 0 to 1.

    ``supply`` are the stretches from which the part's branches leave, ``weights`` its roots'
    weights. Above a nerve (a trunk, a cord) only the fibres of the roots that run in it are cut;
    a part with two nerves loses the share of one.
    """
    branches = list(supply)
    cut = [s for s in branches if s in downstream(lesion)]
    if not cut:
        return 0.0
    roots, total = roots_of(lesion), sum(weights.values())
    running = sum(w for s, w in weights.items() if s in roots) / total if roots and total else 1.0
    return running * len(cut) / len(branches)


@kept
def _downstream() -> dict[str, frozenset[str]]:
    stretches: Mapping[str, Stretch] = anatomy().stretches
    return {name: frozenset(other for other in stretches if name in upstream(other)) for name in stretches}
