"""The model of one side as a Bayesian network in pyAgrum: for equality, and as the peer in benchmarks.

One network serves every examination: whatever differs from case to case or from run to run is soft
evidence on hidden facts, segments, local causes and the lesion. The states of the whole person are
runs; the peripheral lesion is a variable with all its states or, with ``lesion_variable`` off, one
run for each class of lanes.
"""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass

import numpy as np

with warnings.catch_warnings():
    # Its generated types warn on Python 3.11 and newer; as an error that ends the interpreter.
    warnings.simplefilter("ignore")
    import pyagrum as gum

from myotome.care.explanation.side import PEOPLE, Side, SideEvidence
from myotome.inference.engine import Engine

ENGINES = {"Shafer-Shenoy": gum.ShaferShenoyInference, "lazy propagation": gum.LazyPropagation}
NOTHING = SideEvidence(np.zeros(0, np.int32), np.zeros(0), np.zeros(0))


@dataclass
class SideAnswer:
    """Log evidence, P(state), P(lesion) and P(fact on), each by state of the person (first axis)."""

    log_z: np.ndarray
    states: np.ndarray
    lesions: np.ndarray
    facts: np.ndarray
    runs: int = 0
    seconds: float = 0.0


class Peer:
    """pyAgrum's exact inference on the network of one side; ``facts`` limits it to some facts."""

    def __init__(self, model, *, lesion_variable=True, facts=None):
        gum.setNumberOfThreads(1)
        self.model, self.tree, self.lesion_variable = model, model.tree, lesion_variable
        self.variables = range(len(self.tree.cards))
        self.base = np.concatenate([np.full(card, 1.0 / card) for card in self.tree.cards])
        self.lesions = len(model.lesions)
        self.class_of = self._lesion_classes()
        self.network = gum.BayesNet()
        self.log_scale = self._add_variables()
        if lesion_variable:
            self._add_lesion()
        for fact in range(len(model.facts)) if facts is None else facts:
            self._add_fact(int(fact))
        self.use("Shafer-Shenoy")

    def use(self, engine):
        """Choose pyAgrum's engine."""
        self.engine, self.inference = engine, ENGINES[engine](self.network)

    def answer(self, side, lesion_priors):
        """One examined side; only pyAgrum's own work is timed, from setting evidence to reading posteriors."""
        columns = np.arange(PEOPLE) * self.lesions if self.lesion_variable else side.first
        weights = side.lanes(np.arange(PEOPLE * self.lesions), side.states).weights.reshape(-1, PEOPLE, self.lesions)
        found = SideAnswer(*(np.zeros((len(columns), n)) for n in (1, self.tree.states, self.lesions, 0)))
        found.facts = np.zeros((len(columns), len(side.evidence.active)))
        found.log_z = np.zeros(len(columns))
        for run, column in enumerate(columns):
            evidence = self._soft_evidence(side, weights, lesion_priors, int(column))
            start = time.perf_counter()
            if run == 0:
                self._ask(evidence, side.evidence.active)
            else:
                # The same nodes with other numbers: pyAgrum then keeps its junction tree.
                for name in evidence:
                    self.inference.chgEvidence(name, evidence[name])
            read = self._read(side.evidence.active)
            found.seconds += time.perf_counter() - start
            log_z, found.states[run], found.lesions[run], off = read
            found.log_z[run] = log_z + self.log_scale
            on, unlikely = side.evidence.on, side.evidence.off * self._spared(side, column)
            found.facts[run] = 1.0 - off * unlikely / (on * (1.0 - self._spared(side, column)) + unlikely)
        found.runs = len(columns)
        return found if self.lesion_variable else self._joined(side, found, lesion_priors)

    def _ask(self, evidence, active):
        inference = self.inference
        inference.eraseAllTargets()
        inference.eraseAllEvidence()
        wanted = [f"v{v}" for v in self.variables] + [f"f{fact}" for fact in active]
        for name in [*wanted, "lesion"] if self.lesion_variable else wanted:
            inference.addTarget(name)
        inference.setEvidence(evidence)

    def _read(self, active):
        inference = self.inference
        inference.makeInference()
        states = np.concatenate([inference.posterior(f"v{v}")[:] for v in self.variables])
        off = np.array([inference.posterior(f"f{fact}")[0] for fact in active])
        lesions = inference.posterior("lesion")[:] if self.lesion_variable else 0.0
        return np.log(inference.evidenceProbability()), states, lesions, off

    def _spared(self, side, column):
        """P(nothing that differs from run to run turns the fact on)."""
        if not self.lesion_variable:
            return side.spared[:, column]
        active = side.evidence.active
        return self.model.whole[active, column // self.lesions] * self.model.private[active]

    def _soft_evidence(self, side, weights, lesion_priors, column):
        person, lesion = divmod(column, self.lesions)
        evidence = {}
        on, spared = side.evidence.on, self._spared(side, column)
        off = on * (1.0 - spared) + side.evidence.off * spared
        for fact, a, b in zip(side.evidence.active, on, off, strict=True):
            evidence[f"f{fact}"] = [float(b), float(a)]
        if self.lesion_variable:
            first = [int(np.flatnonzero(self.class_of == c)[0]) for c in range(self.class_of.max() + 1)]
            by_class = weights[:, person, first]
            np.testing.assert_array_equal(weights[:, person], by_class[:, self.class_of])
            evidence["lesion"] = (lesion_priors[person] * self.lesions).tolist()
        else:
            by_class = weights[:, person, [lesion]]
        for v in self.variables:
            own = slice(self.tree.state_offset[v], self.tree.state_offset[v + 1])
            table = by_class[own] / self.base[own, None]
            evidence[f"{'b' if self.lesion_variable else 'v'}{v}"] = table.ravel().tolist()
        return evidence

    def _joined(self, side, runs, lesion_priors):
        """The runs of all classes of lanes added up over the lesions, by person."""
        classes = side.class_of.reshape(PEOPLE, self.lesions)
        top = runs.log_z.max()
        joint = lesion_priors * np.exp(runs.log_z[classes] - top)
        total = joint.sum(axis=1)
        share = joint / total[:, None]
        mixed = [np.einsum("pl,pln->pn", share, values[classes]) for values in (runs.states, runs.facts)]
        return SideAnswer(np.log(total) + top, mixed[0], share, mixed[1], runs.runs, runs.seconds)

    def _fill(self, name, parents, table):
        """``table`` has an axis for each parent, then one for the node itself."""
        ours = [*parents, name]
        theirs = list(self.network.cpt(name).names)[::-1]
        self.network.cpt(name)[:] = np.ascontiguousarray(table.transpose([ours.index(n) for n in theirs]))

    def _add(self, name, parents, table):
        self.network.add(gum.LabelizedVariable(name, name, table.shape[-1]))
        for parent in parents:
            self.network.addArc(parent, name)
        self._fill(name, parents, table)

    def _add_variables(self):
        """Segments as a directed chain: what lies further on is summed out of the couplings first."""
        offset = self.tree.state_offset
        weights = [self.base[offset[v] : offset[v + 1]] for v in self.variables]
        ahead = {}
        for first, second, table in reversed(self.tree.couplings):
            ahead[first] = table @ (weights[second] * ahead.get(second, 1.0))
        follows = {second: (first, table) for first, second, table in self.tree.couplings}
        log_scale = 0.0
        for v in sorted(self.variables, key=lambda v: (v in follows, v)):
            table = weights[v] * ahead.get(v, 1.0)
            if v in follows:
                first, coupling = follows[v]
                self._add(f"v{v}", (f"v{first}",), coupling * table / ahead[first][:, None])
            else:
                log_scale += np.log(table.sum())
                self._add(f"v{v}", (), table / table.sum())
        return log_scale

    def _lesion_classes(self):
        """Lesions that do the same to the priors of all states belong together."""
        side = Side(self.model, Engine(self.tree, "numpy"), NOTHING, self.base)
        weights = side.lanes(np.arange(PEOPLE * self.lesions), self.base).weights.reshape(-1, self.lesions)
        return np.unique(weights, axis=1, return_inverse=True)[1].ravel()

    def _add_lesion(self):
        """The lesion, its class, and for each variable a node that names its state and the class at once.

        Soft evidence on the latter is the prior of every state beside every class of lesions.
        """
        classes = int(self.class_of.max()) + 1
        self._add("lesion", (), np.full(self.lesions, 1.0 / self.lesions))
        self._add("class", ("lesion",), np.eye(classes)[self.class_of])
        for v in self.variables:
            card = self.tree.cards[v]
            both = np.eye(card * classes).reshape(card, classes, card * classes)
            self._add(f"b{v}", (f"v{v}", "class"), both)

    def _add_fact(self, fact):
        scope = self.tree.groups[self.tree.node_group[fact]].scope
        start, end = self.tree.node_offset[fact : fact + 2]
        off = self.tree.q[start:end].reshape([self.tree.cards[v] for v in scope])
        parents = [f"v{v}" for v in scope]
        spared = self.model.peripheral[fact]
        if self.lesion_variable and (spared != 1.0).any():
            off, parents = off[..., None] * spared, [*parents, "lesion"]
        self._add(f"f{fact}", parents, np.stack([off, 1.0 - off], axis=-1))


@dataclass
class Answer:
    """Both sides together: what an examination makes of the person, the states, lesions and facts."""

    log_evidence: float
    people: np.ndarray
    states: list[np.ndarray]
    lesions: list[np.ndarray]
    facts: list[np.ndarray]


def join(sides, whole):
    """Two sides that share the state of the whole person, whose prior is ``whole``."""
    top = sum(side.log_z.max() for side in sides)
    joint = whole * np.exp(sum(side.log_z for side in sides) - top)
    people = joint / joint.sum()
    return Answer(
        float(np.log(joint.sum()) + top),
        people,
        *([people @ getattr(side, part) for side in sides] for part in ("states", "lesions", "facts")),
    )
