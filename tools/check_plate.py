"""List the faults of a plate: ``python tools/check_plate.py PLATE``."""

from __future__ import annotations

import sys

from myotome.atlas.attachments import missed
from myotome.atlas.faults import bare, faults
from myotome.atlas.library import plate
from myotome.atlas.visible import visible
from myotome.care.chart.names import ends, known


def main() -> None:
    """Print the faults, one a line, then what is seen of each muscle at its best layer."""
    name, said = sys.argv[1], ends()
    for fault in faults(name, known(), said):
        print(fault)
    chosen = plate(name)
    print(f"{missed(name, said)[1]} ends compared with bones")
    for layer in chosen.layers:
        print(f"layer {layer}: {bare(name, layer):.1%} bare")
    best: dict[str, tuple[float, str]] = {}
    for layer in chosen.layers:
        seen: dict[str, float] = {}
        for shape in chosen.shown(layer):
            if shape.kind == "muscle":
                area = visible(name, layer)[shape.id].area / chosen.scale**2
                seen[shape.name] = seen.get(shape.name, 0) + area
        for muscle, area in seen.items():
            best[muscle] = max(best.get(muscle, (0.0, "")), (area, layer))
    print(f"{len(best)} muscles; smallest seen areas (square thousandths of body height, best layer):")
    print("; ".join(f"{m} {a:.0f} {layer}" for m, (a, layer) in sorted(best.items(), key=lambda i: i[1])[:14]))


if __name__ == "__main__":
    main()
