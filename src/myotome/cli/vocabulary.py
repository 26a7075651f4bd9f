"""``myotome vocabulary``: every name that may stand in a case file."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from myotome.anatomy.parts import Part, Place
from myotome.anatomy.tables import anatomy
from myotome.care.examination.results import results_of
from myotome.care.examination.tables import signs, special_tests, trophic_kinds
from myotome.care.examination.vocabulary import SITES
from myotome.care.screening.items import items


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Print the vocabulary, as text or JSON."""
    del doors
    found = whole()
    if chosen.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    words = [w.lower() for w in chosen.words]
    for title, entries in found.items():
        kept = [e for e in entries if all(w in _line(e).lower() for w in words)]
        if kept:
            print(f"\n{title.upper()}  ({len(kept)})")
            for entry in kept:
                print(f"  {_line(entry)}")
    return 0


def whole() -> dict[str, list[dict[str, Any]]]:
    """Every sign, site, test and screening item with its synonyms."""
    body = anatomy()
    sign_rows = [
        {**_entry(s), "results": list(results_of(s.name)), "sites": list(SITES[s.name])} for s in signs().values()
    ]
    levels = [{"name": f"paraspinal {g}", "synonyms": []} for g in body.segments]
    pathological = [r for r in body.reflexes.values() if r.pathological]
    return {
        "signs": sign_rows,
        "muscles": _entries(body.muscles.values()),
        "muscle groups": [{**_entry(g), "members": list(g.members)} for g in body.groups.values()],
        "paraspinal levels": levels,
        "segments": [{"name": g, "synonyms": [f"{g} dermatome", f"{g} root"]} for g in body.segments],
        "reflexes": _entries(r for r in body.reflexes.values() if not r.pathological),
        "skin patches": _entries(body.patches.values()),
        "body areas": _entries(body.areas.values()),
        "movements": _entries(body.movements.values()),
        "special tests": _entries(special_tests().values()),
        "pathological reflexes": _entries(pathological),
        "tender places": [entry for p in body.places.values() for entry in _places(p)],
        "nerve sites": _entries(body.entrapments),
        "plexus lesions": _entries(body.plexus.values()),
        "local causes": _entries(body.local.values()),
        "trophic changes": _entries(trophic_kinds().values()),
        "screening": [
            {"name": i.code, "synonyms": list(i.synonyms), "question": i.question, "kind": i.kind}
            for i in items().values()
        ],
    }


def _entry(part: Part) -> dict[str, Any]:
    return {"name": part.name, "synonyms": list(part.synonyms)}


def _entries(parts: Iterable[Part]) -> list[dict[str, Any]]:
    return [_entry(part) for part in parts]


def _places(place: Place) -> list[dict[str, Any]]:
    """A place that every level has is listed with each of its levels."""
    if not place.per_segment:
        return [_entry(place)]
    return [
        {"name": f"{place.name} {g}", "synonyms": [f"{other} {g}" for other in place.synonyms]}
        for g in anatomy().segments
    ]


def _line(entry: dict[str, Any]) -> str:
    also = f"  (also: {', '.join(entry['synonyms'])})" if entry["synonyms"] else ""
    results = f"  results: {', '.join(entry['results'])}" if "results" in entry else ""
    return f"{entry['name']}{also}{results}"
