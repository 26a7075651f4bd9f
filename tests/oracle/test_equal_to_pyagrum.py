"""The whole model against an exact engine that others wrote: every marginal, and the evidence itself."""

import numpy as np
import pytest

from tests.oracle.peer import Peer, join
from tests.reading import EXAMPLES, example, read, reasoner

SPREAD = EXAMPLES[::17]  # of every kind: roots, nerves, plexus, local causes, dangers, a whole person ill


@pytest.mark.parametrize("profile", ["emg", "textbook"])
def test_every_marginal_equals_pyagrum(profile):
    """Person, segments, local causes, lesions and examined facts of both sides, on the full network."""
    peer = Peer(reasoner(profile).model)
    readings = [reading for reading in (read(example(path), profile) for path in SPREAD) if reading.views]
    assert len(readings) >= 6
    assert max(len(side.evidence.active) for r in readings for side in r.posterior.sides) >= 8
    for reading in readings:
        mine, priors = reading.posterior, reading.priors
        sides = [peer.answer(side, mine.lesion_priors[s]) for s, side in enumerate(mine.sides)]
        theirs = join(sides, priors.whole)
        assert mine.log_evidence == pytest.approx(theirs.log_evidence, rel=1e-12, abs=1e-10)
        np.testing.assert_allclose(mine.people, theirs.people, atol=1e-10)
        for s, side in enumerate(mine.sides):
            np.testing.assert_allclose(mine.states(s), theirs.states[s], atol=1e-10)
            np.testing.assert_allclose(mine.lesions(s), theirs.lesions[s], atol=1e-10)
            if len(side.evidence.active):
                np.testing.assert_allclose(mine.facts(s, side.evidence.active), theirs.facts[s], atol=1e-10)
