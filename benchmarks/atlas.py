"""How long a plate takes to draw, and how large it is as first sent."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

from benchmarks.measure import Figure, best_of, span
from myotome.anatomy.tables import anatomy
from myotome.atlas.compiled import targets_json
from myotome.atlas.hits import candidates, targets
from myotome.atlas.library import plate, plate_ids
from myotome.atlas.marks import SYMBOLS, TONES, Mark, Part
from myotome.atlas.render import render

MARKS = 60
DRAW_MS, SENT_KB = 30.0, 60.0


def figures() -> Iterator[Figure]:
    """Drawing with sixty marks once a plate is read; the largest plate as first sent; one tap in the program."""
    marks = [
        Mark(Part("muscle", muscle, ("left", "right")[n % 2]), SYMBOLS[n % 6], TONES[n % 4], str(n % 6), muscle)
        for n, muscle in enumerate(list(anatomy().muscles)[:MARKS])
    ]
    for name in ("front", "back"):
        render(name, marks=marks)
        seconds = best_of(lambda name=name: render(name, marks=marks), 20)
        goal = f"< {DRAW_MS:g} ms"
        yield Figure(
            f"{name} with {MARKS} marks",
            span(seconds),
            "read and laid out before",
            "",
            None,
            goal,
            seconds * 1e3 < DRAW_MS,
        )
    sizes = {(name, layer): sent(name, layer) for name in plate_ids() for layer in plate(name).layers}
    (name, layer), most = max(sizes.items(), key=lambda item: item[1])
    yield Figure(
        "largest plate as first sent",
        f"{most:.1f} kB",
        f"{name}, {layer}",
        "",
        None,
        f"<= {SENT_KB:g} kB",
        most <= SENT_KB,
    )
    found = targets("front", "surface")
    seconds = best_of(lambda: candidates(found, 80, 230, 6.0, True, "right"), 50)
    yield Figure("candidates of one tap", span(seconds), f"{len(found)} parts of the front")


def sent(name: str, layer: str) -> float:
    """Kilobytes of picture and targets, compressed as the server does."""
    picture = render(name, layer, fibres=False, inline=True).encode()
    parts = json.dumps(targets_json(name, layer), separators=(",", ":")).encode()
    return (len(gzip.compress(picture, 6)) + len(gzip.compress(parts, 6))) / 1024
