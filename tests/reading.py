"""Cases and readings for tests: reasoners compiled once a process, and every number of a reading by name."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from myotome.care.examination import yaml12
from myotome.care.examination.case_file import build
from myotome.care.explanation.reasoner import Reasoner
from myotome.care.screening.items import code_of
from myotome.cli.case_files import examinations_in

EXAMPLES = tuple(examinations_in(Path(__file__).resolve().parents[1] / "examples"))
SIDES = ("left", "right")


@cache
def reasoner(profile="emg"):
    """The reasoner of a profile with the kernel that the environment asks for."""
    return Reasoner(profile, os.environ.get("MYOTOME_KERNEL", "auto"))


def read(document, profile="emg"):
    """The reading of a case given as plain values."""
    return reasoner(profile).read(build(document, code_of))


@cache
def example(path):
    """The plain values of a published examination; callers copy before they change."""
    return yaml12.read(path.read_bytes())


def numbers(reading):
    """Every probability of a reading by what it is of: kinds, rows, segments, local causes, lesions, people."""
    model, posterior, found = reading.model, reading.posterior, {}
    for kind, chance in reading.partition.kinds.items():
        found["kind", kind] = chance
    for row in reading.partition.rows:
        key = ("row", row.kind, frozenset(row.names), row.side, row.one_of)
        assert key not in found, f"two rows say the same: {row}"
        found[key] = row.probability
    for s, side in enumerate(SIDES):
        for variable in model.tree.network.variables:
            start = model.row(variable.name, 0)
            for n, state in enumerate(variable.states):
                found["state", variable.name, state, side] = float(posterior.states(s)[start + n])
        for lesion, chance in zip(model.lesions, posterior.lesions(s), strict=True):
            found["lesion", lesion.names, side] = float(chance)
    for person, chance in enumerate(posterior.people):
        found["person", person] = float(chance)
    return found


def same(one, other, within=1e-12):
    """Whether two sets of numbers name the same things with the same chances; the difference where not."""
    wrong = {k: (one.get(k), other.get(k)) for k in one.keys() | other.keys() if not _close(k, one, other, within)}
    assert not wrong, dict(list(wrong.items())[:5])


def _close(key, one, other, within):
    return key in one and key in other and abs(one[key] - other[key]) <= within
