"""How far the answer hangs on uncertain numbers: it is drawn again with other ones.

Each draw takes every effect of a cause, every rate of a finding and every prior from a
distribution as wide as the examinations behind it are few, for the examined facts.
"""

from __future__ import annotations

import numpy as np

from myotome.care.explanation.fact import Fact
from myotome.care.explanation.likelihoods import View
from myotome.care.explanation.model import Model
from myotome.care.explanation.partition import Row, partition
from myotome.care.explanation.posterior import Posterior
from myotome.care.explanation.priors import Priors
from myotome.care.explanation.reasoner import Reading
from myotome.care.explanation.side import Side, SideEvidence, side_evidence
from myotome.inference.network import Floats
from myotome.inference.tree import log_off

DRAWS = 16
SEED = 20240229  # intervals are the same whenever the same case is read
RATE_WORTH = 30.0
PRIOR_SPREAD = 0.4  # standard deviation of the log of a prior


def intervals(reading: Reading, rows: tuple[Row, ...], draws: int = DRAWS) -> tuple[tuple[float, float], ...]:
    """5th and 95th percentile of the probability of each row over the draws, the row's own included."""
    rng = np.random.default_rng(SEED)
    drawn = [_chances(_redrawn(reading, rng), rows) for _ in range(draws)]
    values = np.array([[r.probability for r in rows], *drawn])
    low, high = np.percentile(values, [5, 95], axis=0)
    own = values[0]
    return tuple(
        (round(float(min(a, p)), 4), round(float(max(b, p)), 4)) for a, b, p in zip(low, high, own, strict=True)
    )


def _chances(posterior: Posterior, rows: tuple[Row, ...]) -> list[float]:
    """The rows' probabilities under a draw; a row of several lesions is the sum of them."""
    found = partition(posterior)
    single = {row.key: row.probability for row in found.rows}
    result = []
    for row in rows:
        if row.kind in ("local", "irritation"):
            result.append(sum(r.probability for r in found.rows if (r.kind, r.side) == (row.kind, row.side)))
        elif row.one_of:
            result.append(sum(single.get((row.kind, (name,), row.side, False), 0.0) for name in row.names))
        else:
            result.append(single.get(row.key, 0.0))
    return result


def _redrawn(reading: Reading, rng: np.random.Generator) -> Posterior:
    model = reading.model
    p, q = model.tree.p.copy(), model.tree.q.copy()
    active = sorted({v.fact for v in reading.views})
    whole, peripheral = model.whole.copy(), model.peripheral.copy()
    for fact in active:
        factor = _redraw_fact(model, fact, rng, p, q)
        whole[fact] = 1.0 - np.minimum((1.0 - whole[fact]) * factor, 0.999)
        peripheral[fact] = 1.0 - np.minimum((1.0 - peripheral[fact]) * factor, 0.999)
    views = tuple(_redraw_view(v, rng) for v in reading.views)
    priors = _redraw_priors(model, reading.priors, rng)
    engine = reading.reasoner.engine.with_tables(p, q)
    sides = []
    for s in (0, 1):
        evidence: SideEvidence = side_evidence(views, s)
        spared = whole[evidence.active][:, :, None] * peripheral[evidence.active][:, None, :]
        spared = spared * model.private[evidence.active][:, None, None]
        sides.append(Side(model, engine, evidence, priors.states[:, s], spared))
    return Posterior(sides[0], sides[1], priors)


def _beta(rng: np.random.Generator, mean: float, worth: float) -> float:
    inside = min(max(mean, 1e-6), 1.0 - 1e-6)
    return float(np.clip(rng.beta(inside * worth, (1.0 - inside) * worth), 1e-9, 1.0 - 1e-9))


def _redraw_fact(model: Model, number: int, rng: np.random.Generator, p: Floats, q: Floats) -> float:
    """Draw the effects of one fact's causes; the factor applies to the causes run as lanes."""
    fact: Fact = model.facts[number]
    factor = float(np.clip(rng.normal(1.0, 1.0 / np.sqrt(fact.worth)), 0.5, 1.3))
    node = model.tree.network.nodes[number]
    order = model.tree.groups[int(model.tree.node_group[number])].scope
    index = model.tree.variable_index
    table = {
        index[k.variable]: tuple(1.0 if v == 1.0 else 1.0 - _beta(rng, 1.0 - v, fact.worth) for v in k.inhibition)
        for k in node.links
    }
    log_q = log_off(_beta(rng, node.leak, RATE_WORTH), [table[v] for v in order])
    span = slice(int(model.tree.node_offset[number]), int(model.tree.node_offset[number + 1]))
    q[span], p[span] = np.exp(log_q), -np.expm1(log_q)
    return factor


def _redraw_view(view: View, rng: np.random.Generator) -> View:
    on, off = _beta(rng, view.on, RATE_WORTH), _beta(rng, view.off, RATE_WORTH)
    return View(view.finding, view.side, view.fact, on, off)


def _redraw_priors(model: Model, priors: Priors, rng: np.random.Generator) -> Priors:
    """Scale every cause's prior odds by a log-normal factor, quiet states taking the rest."""
    states = priors.states.copy()
    for variable in model.tree.network.variables:
        start = model.row(variable.name, 0)
        end = start + len(variable.states)
        factor = np.exp(rng.normal(0.0, PRIOR_SPREAD, (end - start - 1, 1)))
        states[start + 1 : end] *= factor
        states[start:end] /= states[start:end].sum(axis=0)
    lesions = priors.lesions.copy()
    lesions[1:] *= np.exp(rng.normal(0.0, PRIOR_SPREAD, (len(lesions) - 1, 1)))
    lesions /= lesions.sum(axis=0)
    return Priors(states, lesions, priors.whole)
