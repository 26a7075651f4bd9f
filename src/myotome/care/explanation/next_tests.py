"""What to test next: the expected gain for the decision, per second of examination."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Finding
from myotome.care.examination.tables import signs, special_tests
from myotome.care.examination.vocabulary import SITES, Site
from myotome.care.explanation.likelihoods import SIDES, evidence_of
from myotome.care.explanation.model import Model
from myotome.care.explanation.numbers import decision
from myotome.care.explanation.partition import LESIONS, Row
from myotome.care.explanation.reasoner import Reading
from myotome.care.explanation.verdict import error_of
from myotome.inference.network import Floats, Ints

MOST = 5
LEAST_GAIN = 0.004
MOST_MEMBERS = 8
ALONE = ("forearm", "hand", "leg", "foot")
LIMBS = ("shoulder girdle", "arm", "elbow", "forearm", "hand", "pelvis", "hip", "thigh", "knee", "leg", "foot")
CANDIDATE_SIGNS = ("strength", "reflex", "sensation", "test", "tenderness", "range", "trophic")
RESULTS = {
    "strength": ("weak", "normal"),
    "reflex": ("absent", "reduced", "normal"),
    "sensation": ("reduced", "normal"),
    "test": ("positive", "negative"),
    "tenderness": ("present", "absent"),
    "range": ("limited", "normal"),
    "trophic": ("trophoedema", "absent"),
}


@dataclass(frozen=True, slots=True)
class NextTest:
    """One thing worth testing: what, where, on which side, for how much."""

    sign: str
    at: str
    side: str | None
    gain: float
    seconds: float


def next_tests(reading: Reading) -> tuple[NextTest, ...]:
    """The best few, best gain per second first; none where little is left to learn."""
    rows = [r for r in reading.partition.rows if r.probability >= 0.01 and (r.names or r.kind != "multiple")][:10]
    if not rows:
        return ()
    side = _side(reading, rows)
    s = SIDES.index(side)
    candidates = _candidates(reading, rows, side)
    if not candidates:
        return ()
    wanted = np.array(sorted({fact for _, fact in candidates}), dtype=np.int32)
    place = {int(f): n for n, f in enumerate(wanted)}
    under = np.stack([_facts_under(reading, row, s, wanted) for row in rows])
    prior = np.array([r.probability for r in rows])
    rest = max(1.0 - prior.sum(), 0.0)
    utility = _utilities(rows)
    found = []
    for finding, fact in candidates:
        gain = _gain(reading, finding, under[:, place[fact]], prior, rest, utility)
        seconds = _seconds(finding)
        if gain >= LEAST_GAIN:
            found.append(NextTest(finding.sign, _as_written(finding), side, round(gain, 4), seconds))
    found.sort(key=lambda t: (-t.gain / (t.seconds + 20.0), t.sign, t.at))
    return tuple(found[:MOST])


def _as_written(finding: Finding) -> str:
    return f"paraspinal {finding.site.name}" if finding.site.kind == "paraspinal" else finding.site.name


def _side(reading: Reading, rows: list[Row]) -> str:
    if reading.case.complaint.side in SIDES:
        return str(reading.case.complaint.side)
    return next((r.side for r in rows if r.side in SIDES), "right") or "right"


def _seconds(finding: Finding) -> float:
    if finding.site.kind == "test":
        return special_tests()[finding.site.name].seconds
    return signs()[finding.sign].seconds


def _candidates(reading: Reading, rows: list[Row], side: str) -> list[tuple[Finding, int]]:
    """Findings not yet made whose fact any of the explanations bears on."""
    body, model = anatomy(), reading.model
    done = {(f.sign, f.site) for f in reading.case.findings if side in f.sides}
    sites: dict[str, list[Site]] = {
        "strength": _testable(),
        "reflex": [Site("reflex", r.name) for r in body.reflexes.values() if not r.pathological],
        "sensation": [Site("patch", p) for p in body.patches],
        "test": [Site("test", t) for t in special_tests()],
        "tenderness": [Site("paraspinal", g) for g in body.segments],
        "range": [Site("movement", m) for m in body.movements],
        "trophic": [Site("segment", g) for g in body.segments],
    }
    named = {n.removesuffix(" left").removesuffix(" right") for r in rows for n in r.names}
    found = []
    for sign in CANDIDATE_SIGNS:
        for site in sites[sign]:
            finding = Finding(sign, site, side, RESULTS[sign][0])
            kind = next(evidence_of(finding, model), None)
            fact = None if kind is None else model.fact(kind[0], kind[1])
            if (sign, site) in done or fact is None or site.kind not in SITES[sign]:
                continue
            f = model.facts[fact]
            strengths = {**f.irritated, **f.nerves, **f.local, **f.plexus, **f.deficient}
            if any(strengths.get(n, 0.0) > 0.2 for n in named):
                found.append((finding, fact))
    return found


def _testable() -> list[Site]:
    """Movements that a clinician tests, and single muscles that can be felt to work alone."""
    body = anatomy()
    groups = [
        Site("group", g.name)
        for g in body.groups.values()
        if all(body.muscles[m].region in LIMBS for m in g.members) and len(g.members) <= MOST_MEMBERS
    ]
    alone = [m for m in body.muscles.values() if m.region in ALONE and m.depth == "superficial" and not m.serial]
    return groups + [Site("muscle", m.name) for m in alone]


def _facts_under(reading: Reading, row: Row, s: int, wanted: Ints) -> Floats:
    """P(fact | findings and this explanation) of one side."""
    side, model = reading.posterior.sides[s], reading.model
    here = [
        n.removesuffix(f" {SIDES[s]}")
        for n in row.names
        if row.side in (SIDES[s], "both") or n.endswith(f" {SIDES[s]}")
    ]
    lesion = next((k for k, other in enumerate(model.lesions) if other.names and set(other.names) <= set(here)), 0)
    deficient = tuple(n for n in here if n in model.segments) if row.kind in ("root", "multiple") else ()
    if row.one_of and row.kind == "root":
        deficient = deficient[:1]
    weights = side.calm.copy() if row.kind != "irritation" else _irritated(side.quiet, side.states, model, here)
    for name in deficient:
        start = model.row(name, 0)
        weights[start : start + model.deficient] = 0.0
        weights[start + model.deficient] = side.states[start + model.deficient]
    if row.kind in ("local", "none", "polyneuropathy", "generalised"):
        weights = side.quiet
    people = {"polyneuropathy": [2, 3], "generalised": [1]}.get(row.kind, [0])
    columns = np.array([side.column(w, lesion) for w in people], dtype=np.int32)
    beliefs = side.engine.both(side.lanes(columns, weights), wanted)
    mix = np.exp(beliefs.log_z - beliefs.log_z.max()) * reading.priors.whole[people]
    mix /= mix.sum()
    spared = model.whole[wanted][:, people] * model.peripheral[wanted][:, [lesion]]
    off: Floats = (beliefs.silent * spared) @ mix * model.private[wanted]
    found: Floats = np.clip(1.0 - off, 0.0, 1.0)
    return found


def _irritated(quiet: Floats, states: Floats, model: Model, levels: list[str]) -> Floats:
    weights = quiet.copy()
    for n, level in enumerate(levels):
        row = model.row(level, 0)
        weights[row + 1] = states[row + 1]
        if n == 0:
            weights[row] = 0.0
    return weights


def _utilities(rows: list[Row]) -> Floats:
    """Worth of stating each row (first axis) when each row is true; last: not deciding."""
    table = decision("cost table")
    worth = np.array([[table["right"] if a is b else table[error_of(a.kind, b.kind)] for b in rows] for a in rows])
    abstain = [table["abstain_lesion"] if b.kind in LESIONS else table["abstain"] for b in rows]
    return np.vstack([worth, abstain])


def _gain(reading: Reading, finding: Finding, on: Floats, prior: Floats, rest: float, utility: Floats) -> float:
    """Expected best worth after the test, less the best worth now."""
    now = float((utility @ prior).max())
    after = 0.0
    for result in RESULTS[finding.sign]:
        seen = Finding(finding.sign, finding.site, finding.side, result)
        _, _, a, b = next(evidence_of(seen, reading.model))
        joint = prior * (a * on + b * (1.0 - on))
        after += float((utility @ joint).max())
    return max(after - now, 0.0)
