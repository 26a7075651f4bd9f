"""Bodies of three segments, few facts and few lesions, small enough to add up every state of the world."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from myotome.care.explanation import model as model_module
from myotome.care.explanation.facts import Fact
from myotome.care.explanation.model import Lesion, Model
from myotome.care.explanation.numbers import number
from myotome.care.explanation.posterior import Posterior
from myotome.care.explanation.priors import Priors
from myotome.care.explanation.side import Side, SideEvidence
from myotome.inference.engine import Engine

SEGMENTS = ("C5", "C6", "C7")
LOCAL = ("lateral elbow", "medial elbow", "shoulder")
FAMILIES = [("families", {"name": "elbow", "causes": ["lateral elbow", "medial elbow"]}, None)]
LESIONS = (
    Lesion("none", ()),
    Lesion("nerve", ("radial nerve",)),
    Lesion("nerve", ("median nerve",)),
    Lesion("plexus", ("upper trunk",)),
    Lesion("pair", ("radial nerve", "median nerve"), 20.0),
)
FACTS = 7


def _strengths(rng: np.random.Generator, names: tuple[str, ...], share: float) -> dict[str, float]:
    return {name: float(rng.uniform(0.05, 0.95)) for name in names if rng.random() < share}


def _fact(rng: np.random.Generator, place: int) -> Fact:
    deficient = _strengths(rng, SEGMENTS, 0.6)
    return Fact(
        kind="irritable" if place % 2 else "weakened",
        site=f"muscle {place}",
        leak=float(rng.uniform(0.01, 0.2)),
        deficient=deficient,
        irritated={s: v * float(rng.uniform(0.2, 1.0)) for s, v in deficient.items()},
        nerves=_strengths(rng, ("radial nerve", "median nerve"), 0.5),
        local=_strengths(rng, LOCAL, 0.4),
        plexus=_strengths(rng, ("upper trunk",), 0.6),
        polyneuropathy=float(rng.uniform(0, 0.8)) if rng.random() < 0.5 else 0.0,
        generalised=float(rng.uniform(0, 0.8)) if rng.random() < 0.5 else 0.0,
        private=float(rng.uniform(0.05, 0.6)) * number("irritable.private") if place % 3 == 1 else 0.0,
    )


def small_model(rng: np.random.Generator, monkeypatch) -> Model:
    """The project's own way of building a model, on a body of our own."""
    facts = [_fact(rng, n) for n in range(FACTS)]
    body = SimpleNamespace(segments=dict.fromkeys(SEGMENTS), local=dict.fromkeys(LOCAL))
    with monkeypatch.context() as patch:
        patch.setattr(model_module, "anatomy", lambda: body)
        patch.setattr(model_module, "all_facts", lambda _: iter(facts))
        patch.setattr(model_module, "peripheral_lesions", lambda: LESIONS)
        patch.setattr(model_module, "rows", lambda *_: FAMILIES)
        return model_module.build_model("emg")


def small_priors(rng: np.random.Generator, model: Model) -> Priors:
    """Priors that are not small, so that every explanation has weight to be wrong about."""
    states = np.zeros((model.tree.states, 2))
    for variable in model.tree.network.variables:
        start = model.row(variable.name, 0)
        states[start : start + len(variable.states)] = rng.dirichlet(
            [3.0, *[1.0] * (len(variable.states) - 1)], size=2
        ).T
    lesions = rng.dirichlet([6.0, 1.0, 1.0, 1.0, 0.5], size=2).T
    return Priors(states, lesions, rng.dirichlet([4.0, 1.0, 1.0, 0.5]))


def small_evidence(rng: np.random.Generator) -> SideEvidence:
    """Likelihoods for most of the facts."""
    active = np.flatnonzero(rng.random(FACTS) < 0.8).astype(np.int32)
    return SideEvidence(active, rng.uniform(0.02, 1.0, len(active)), rng.uniform(0.02, 1.0, len(active)))


def small_examination(seed: int, kernel: str, monkeypatch) -> Posterior:
    """Model, priors and evidence of both sides from one seed."""
    rng = np.random.default_rng(seed)
    model = small_model(rng, monkeypatch)
    priors = small_priors(rng, model)
    engine = Engine(model.tree, kernel)
    left, right = (Side(model, engine, small_evidence(rng), priors.states[:, s]) for s in (0, 1))
    return Posterior(left, right, priors)
