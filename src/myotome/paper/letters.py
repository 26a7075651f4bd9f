"""Words made printable: a sign that the bundled fonts lack is shown as �, and named at the end of the part."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

INSTEAD = "�"
NAMED = 8  # signs that are told by name; beyond that a page of names helps nobody
GAPS = re.compile(r"[\t-\r\x1c-\x1f\x85\u2028\u2029 ]+")


@cache
def known() -> frozenset[int]:
    """The characters that every bundled face has."""
    lines = (files("myotome.paper") / "fonts" / "characters.txt").read_text("utf-8").splitlines()
    pairs = [[int(end, 16) for end in line.split()] for line in lines]
    return frozenset(code for first, last in pairs for code in range(first, last + 1))


class Letters:
    """What makes words printable and remembers what it could not show."""

    def __init__(self) -> None:
        """Begin with nothing missing."""
        self.missing: dict[str, None] = {}

    def of(self, text: str) -> str:
        """The words with known letters only; each run of others becomes one sign.

        Marks that turn the direction of writing are among the others: they could reorder a dose or a side.
        """
        told = GAPS.sub(" ", unicodedata.normalize("NFC", text))
        out: list[str] = []
        lost = False
        for letter in told:
            here = ord(letter) in known()
            if here:
                out.append(letter)
            else:
                self.missing[letter] = None
                if not lost:
                    out.append(INSTEAD)
            lost = not here
        return "".join(out)

    def told(self) -> str:
        """A sentence on what is missing; empty where nothing is."""
        if not self.missing:
            return ""
        names = [f"{unicodedata.name(c, 'no name')} (U+{ord(c):04X})" for c in self.missing]
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        return f"{INSTEAD} stands for signs that this page cannot show: {', '.join(names[:NAMED])}{more}."
