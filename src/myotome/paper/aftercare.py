"""The sheet that the patient takes home after needles were used: one side, in print as large as it holds.

Where help is to be sought stands first, habits after it. What would take print below 10 points goes on overleaf, in
larger print: from some 26 pieces of advice on, as after needles in trunk and limbs of somebody with illnesses.
"""

from __future__ import annotations

from collections.abc import Sequence

from myotome.care.aftercare.advice import Advice
from myotome.paper.document import Block, Columns, Fields, Paragraph, Part, bold
from myotome.paper.patient import alarms, habits, plain_name
from myotome.paper.plain import say

TITLE = "After your treatment with needles"
LEFT = ("expect", "do")  # kinds of advice in the first column; the others stand in the second


def aftercare_part(
    day: str, clinic: str, needled: Sequence[tuple[str, str]], listed: Sequence[Advice], again: str = ""
) -> Part:
    """The sheet; ``again`` is what was said of the next visit."""
    left, right = ([one for one in listed if (one.kind in LEFT) == first] for first in (True, False))
    blocks: tuple[Block, ...] = (
        Paragraph((bold(f"{day}, {clinic}. "), f"Needled: {_places(needled)}. ", say("say", "show page"))),
        *alarms(listed),
        Columns((tuple(habits(left, 2)), (*habits(right, 2), *_again(again))), gap=6.0),
    )
    return Part(TITLE, "handout", blocks)


def _again(again: str) -> tuple[Block, ...]:
    ours = Fields((("phone us at", 1.0), ("your practitioner", 1.0)))
    return (Paragraph((bold("Next visit: "), again)), ours) if again else (ours, Fields((("next visit", 1.0),)))


def _places(needled: Sequence[tuple[str, str]]) -> str:
    """Each place once: several needles in one place are one place to look at."""
    places = (f"{plain_name(point)}, {side}" if side else plain_name(point) for point, side in needled)
    return "; ".join(dict.fromkeys(places))
