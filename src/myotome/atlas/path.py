"""SVG path data, short: relative, one decimal."""

from __future__ import annotations

from itertools import pairwise

from myotome.atlas.curve import Floats


def closed(cubics: Floats) -> str:
    """A closed path of cubics that follow one another."""
    return _run(cubics) + "z"


def curve(cubics: Floats) -> str:
    """An open path of cubics that follow one another."""
    return _run(cubics)


def polygon(points: Floats) -> str:
    """A closed path of straight steps."""
    tenths = [(round(float(x) * 10), round(float(y) * 10)) for x, y in points]
    kept = [here for n, here in enumerate(tenths) if not n or here != tenths[n - 1]]
    steps = [_pair(x - px, y - py) for (px, py), (x, y) in pairwise(kept)]
    return "M" + _pair(*kept[0]) + ("l" + _joined(steps) if steps else "") + "z"


def _run(cubics: Floats) -> str:
    x, y = (round(float(v) * 10) for v in cubics[0, 0])
    parts = ["M" + _pair(x, y), "c"]
    for number, cubic in enumerate(cubics):
        step = []
        for px, py in cubic[1:]:
            step.append(_pair(round(float(px) * 10) - x, round(float(py) * 10) - y))
        end = cubic[3]
        x, y = round(float(end[0]) * 10), round(float(end[1]) * 10)
        text = _joined(step)
        parts.append(text if not number or text.startswith("-") else " " + text)
    return "".join(parts)


def _joined(pairs: list[str]) -> str:
    out = pairs[0]
    for pair in pairs[1:]:
        out += pair if pair.startswith("-") else " " + pair
    return out


def _pair(x: int, y: int) -> str:
    second = _number(y)
    return _number(x) + (second if second.startswith("-") else " " + second)


def _number(tenths: int) -> str:
    whole, rest = divmod(abs(tenths), 10)
    text = f"{whole}.{rest}" if rest and whole else f".{rest}" if rest else str(whole)
    return "-" + text if tenths < 0 else text
