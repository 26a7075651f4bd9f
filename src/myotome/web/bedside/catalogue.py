"""Everything fixed that the page at the bedside needs, as plain values: names, points, questions, words. No person."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from myotome.care.aftercare.advice import advice
from myotome.care.chart.findings import SYMBOLS
from myotome.care.examination.tables import signs, special_tests
from myotome.care.examination.visit import POSITIONS
from myotome.care.examination.vocabulary import SITES
from myotome.care.explanation.explain import data_edition
from myotome.care.plan.numbers import evidence
from myotome.care.screening.asking import how_asked
from myotome.care.screening.items import RED_FLAG, items
from myotome.web.bedside.body_tables import FEW, body_tables
from myotome.web.bedside.packing import File
from myotome.web.bedside.point_tables import point_tables
from myotome.web.bedside.quick import quick
from myotome.web.bedside.region_tables import region_tables
from myotome.web.bedside.visit_tables import visit_tables


@dataclass(frozen=True, slots=True)
class Sent:
    """The catalogue as it goes over the wire."""

    edition: str
    file: File

    @property
    def tag(self) -> str:
        """Names the edition, and changes with the content."""
        return self.file.etag

    @property
    def plain(self) -> bytes:
        """As JSON."""
        return self.file.plain

    @property
    def packed(self) -> bytes:
        """Compressed for every browser."""
        return self.file.packed


@cache
def sent() -> Sent:
    """The catalogue as JSON, whole and compressed, made once."""
    plain = json.dumps(catalogue(), ensure_ascii=False, separators=(",", ":")).encode()
    tag = f'"{data_edition()}-{hashlib.sha256(plain).hexdigest()[:8]}"'
    return Sent(data_edition(), File("application/json", plain, tag))


def catalogue() -> dict[str, Any]:
    """All of it; names are those that a case file takes."""
    return {
        "edition": data_edition(),
        "items": [_item(code) for code in items()],
        "signs": [_sign(name) for name in signs()],
        "tests": [_test(name) for name in special_tests()],
        **body_tables(),
        **point_tables(),
        "positions": list(POSITIONS),
        "kinds": dict(evidence()),
        "quick": quick(),
        "advice": [_advice(piece) for piece in advice()],
        **region_tables(),
        **visit_tables(),
    }


def _item(code: str) -> dict[str, Any]:
    item = items()[code]
    return {
        "code": code,
        "question": item.question,
        "group": item.kind,
        "red_flag": item.kind == RED_FLAG,
        "regions": sorted(item.regions),
        "sex": item.sex,
        "ages": [item.age_min, item.age_max],
        "also": list(item.also),
        "asked": how_asked(code),
    }


def _sign(name: str) -> dict[str, Any]:
    sign = signs()[name]
    return {
        "name": name,
        "results": list(sign.results),
        "sites": list(SITES[name]),
        "seconds": sign.seconds,
        "mark": list(SYMBOLS.get(name, ("circle", "mark-2"))),
    }


def _test(name: str) -> dict[str, Any]:
    test = special_tests()[name]
    return {
        "name": name,
        "also": list(test.synonyms[:FEW]),
        "region": test.region,
        "midline": test.midline,
        "seconds": test.seconds,
    }


def _advice(piece: Any) -> dict[str, Any]:
    return {
        "name": piece.name,
        "kind": piece.kind,
        "when": sorted(piece.when),
        "patient": piece.patient,
        "hours": [piece.hours_from, piece.hours_to],
    }
