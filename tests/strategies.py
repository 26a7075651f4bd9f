"""Examinations drawn from the vocabulary, as the plain values that a case file holds."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from myotome.anatomy.tables import anatomy
from myotome.care.examination.results import results_of
from myotome.care.examination.tables import signs, special_tests
from myotome.care.examination.vocabulary import SITES, resolve
from myotome.errors import UnknownNameError

SIDES = ("left", "right", "both")
ARM = ("shoulder girdle", "arm", "elbow", "forearm", "hand")
LEG = ("hip", "thigh", "knee", "leg", "ankle", "foot")


@cache
def names_of(kind):
    """Proper names of all sites of a kind, as they stand in a case file."""
    body = anatomy()
    levelled = [p for p in body.places.values() if p.per_segment]
    tables = {
        "muscle": body.muscles,
        "group": body.groups,
        "paraspinal": [f"paraspinal {g}" for g in body.segments],
        "segment": body.segments,
        "reflex": [r.name for r in body.reflexes.values() if not r.pathological],
        "patch": body.patches,
        "area": body.areas,
        "movement": body.movements,
        "test": special_tests(),
        "nerve": [s.name for s in body.entrapments],
        "plexus": body.plexus,
        "place": [p.name for p in body.places.values() if not p.per_segment]
        + [f"{p.name} {g}" for p in levelled for g in body.segments],
    }
    return tuple(tables[kind])


@cache
def sites_of(sign):
    """Every name that the sign can look at, each site under one name."""
    found = {}
    for kind in SITES[sign]:
        for name in names_of(kind):
            found.setdefault(resolve(sign, name), name)
    return tuple(found.values())


@cache
def synonyms_of(sign, name):
    """Other names that a case file may use for the same site."""
    body = anatomy()
    tables = (body.muscles, body.groups, body.reflexes, body.patches, body.areas, body.movements, body.places)
    others = [o for t in (*tables, body.plexus, special_tests()) if name in t for o in t[name].synonyms]
    others += [o for s in body.entrapments if s.name == name for o in s.synonyms]
    return tuple(o for o in others if _same(sign, o, name))


def _same(sign, other, name):
    try:
        return resolve(sign, other) == resolve(sign, name)
    except UnknownNameError:
        return False


def findings(sides=SIDES):
    """One finding: any sign, any site it can look at, any result, a side."""
    return st.sampled_from(tuple(signs())).flatmap(
        lambda sign: st.fixed_dictionaries(
            {
                "sign": st.just(sign),
                "at": st.sampled_from(sites_of(sign)),
                "side": st.sampled_from(sides),
                "result": st.sampled_from(results_of(sign)),
            }
        )
    )


def examinations(most=14):
    """A case: findings at different sites, and perhaps a complaint."""
    return st.fixed_dictionaries(
        {
            "findings": st.lists(findings(), min_size=1, max_size=most, unique_by=lambda f: (f["sign"], f["at"])),
        },
        optional={
            "complaint": st.fixed_dictionaries(
                {"area": st.sampled_from(tuple(anatomy().areas))},
                optional={"side": st.sampled_from(SIDES)},
            )
        },
    )
