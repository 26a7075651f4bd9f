"""Why: the weight of each finding, by leaving it out, and the findings left unexplained."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from myotome.care.explanation.fact import Fact
from myotome.care.explanation.likelihoods import SIDES, View
from myotome.care.explanation.partition import Row
from myotome.care.explanation.posterior import Posterior
from myotome.care.explanation.reasoner import Reading
from myotome.care.explanation.side import Side, side_evidence
from myotome.inference.network import Floats

NEGLIGIBLE_LANE = 1e-7  # lanes this unlikely with all findings are left out when one finding is left out
WORTH_SAYING = 0.5  # decibels
UNEXPLAINED = 0.2  # an abnormal finding less likely than this under the answer is a conflict


@dataclass(frozen=True, slots=True)
class Reason:
    """A finding (or all findings of one hidden fact) and its weight for a claim, in decibels."""

    finding: str
    decibels: float


def decibels(chance: float, without: float) -> float:
    """Ten times the base-ten log of the ratio of the odds with and without."""
    with np.errstate(divide="ignore"):
        odds = np.log10(chance) - np.log10(1 - chance) - np.log10(without) + np.log10(1 - without)
    return float(10 * odds)


class LeftOut:
    """States of every segment with a finding, or all findings of one hidden fact, left out in turn."""

    def __init__(self, reading: Reading) -> None:
        """Group the evidence by finding, and by side and fact where several findings show one."""
        self.reading = reading
        self.by_finding: dict[int, list[View]] = {}
        by_fact: dict[tuple[int, int], list[View]] = {}
        for view in reading.views:
            self.by_finding.setdefault(view.finding, []).append(view)
            by_fact.setdefault((view.side, view.fact), []).append(view)
        # One finding of a fact is the fact's whole weight; only several, each of which the others
        # replace, need a run of their own.
        self.by_fact = {key: views for key, views in by_fact.items() if len({v.finding for v in views}) > 1}

    @cached_property
    def without_finding(self) -> dict[int, tuple[Floats, Floats]]:
        """For each finding: P(state) of both sides without it, two arrays (states,)."""
        return {index: self._without(views) for index, views in self.by_finding.items()}

    @cached_property
    def without_fact(self) -> dict[tuple[int, int], tuple[Floats, Floats]]:
        """For each fact that several findings show: P(state) of both sides without any of them."""
        return {key: self._without(views) for key, views in self.by_fact.items()}

    def _without(self, left_out: list[View]) -> tuple[Floats, Floats]:
        """Only the sides that the views touch are run again; the other is kept."""
        reading = self.reading
        gone = {id(v) for v in left_out}
        rest = tuple(v for v in reading.views if id(v) not in gone)
        touched = {v.side for v in left_out}
        sides = [
            Side(
                reading.model,
                reading.reasoner.engine,
                side_evidence(rest, s),
                reading.priors.states[:, s],
                keep=self._kept_lanes(s),
            )
            if s in touched
            else side
            for s, side in enumerate(reading.posterior.sides)
        ]
        posterior = Posterior(sides[0], sides[1], reading.priors)
        return posterior.states(0), posterior.states(1)

    def _kept_lanes(self, s: int) -> Floats:
        weights = self.reading.posterior.lane_weights(s).ravel()
        kept: Floats = weights > NEGLIGIBLE_LANE * weights.max()
        return kept

    def for_state(self, row: int, s: int) -> tuple[Reason, ...]:
        """Weights of all findings for one state of one side, strongest first."""
        found = {self.reading.case.findings[i].text: states for i, states in self.without_finding.items()}
        return self._weighed(found, row, s)

    def facts_for_state(self, row: int, s: int) -> tuple[Reason, ...]:
        """The same for the hidden facts that several findings show together."""
        found = {}
        for (side, fact), states in self.without_fact.items():
            known = self.reading.model.facts[fact]
            found[f"{known.site} {known.kind}, {SIDES[side]}"] = states
        return self._weighed(found, row, s)

    def _weighed(self, found: dict[str, tuple[Floats, Floats]], row: int, s: int) -> tuple[Reason, ...]:
        chance = float(self.reading.posterior.states(s)[row])
        weighed = [Reason(name, round(decibels(chance, float(states[s][row])), 1)) for name, states in found.items()]
        worth = [reason for reason in weighed if abs(reason.decibels) >= WORTH_SAYING]
        return tuple(sorted(worth, key=lambda r: (-abs(r.decibels), r.finding)))


def conflicts(reading: Reading) -> tuple[str, ...]:
    """Abnormal findings that the best explanation makes unlikely."""
    row = reading.verdict.row or (reading.partition.rows[0] if reading.partition.rows else None)
    if row is None or (row.kind == "multiple" and not row.names):
        return ()
    model, found = reading.model, []
    for view in reading.views:
        if view.on <= view.off:
            continue
        fact = model.facts[view.fact]
        if _chance_under(row, SIDES[view.side], fact) < UNEXPLAINED:
            found.append(reading.case.findings[view.finding].text)
    return tuple(dict.fromkeys(found))


def _chance_under(row: Row, side: str, fact: Fact) -> float:
    """P(fact) when exactly the row's causes are at work, leak included."""
    off = 1.0 - fact.leak
    if row.kind == "polyneuropathy":
        off *= 1.0 - fact.polyneuropathy
    if row.kind == "generalised":
        off *= 1.0 - fact.generalised
    tables = {
        "root": fact.deficient,
        "irritation": fact.irritated,
        "nerve": fact.nerves,
        "plexus": fact.plexus,
        "local": fact.local,
    }
    chances = []
    for name in row.names:
        plain, here = _split_side(name, row.side)
        if here not in (side, "both"):
            continue
        kinds = tables.values() if row.kind == "multiple" else [tables[row.kind]]
        chances += [table[plain] for table in kinds if plain in table]
    if row.one_of:
        return 1.0 - off * (1.0 - max(chances, default=0.0))
    return 1.0 - off * float(np.prod([1.0 - c for c in chances]))


def _split_side(name: str, side: str | None) -> tuple[str, str]:
    if side is None and name.endswith((" left", " right")):
        plain, _, here = name.rpartition(" ")
        return plain, here
    return name, side or "both"
