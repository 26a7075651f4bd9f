"""Read names tolerantly: many words for one site, and the nearest ones for a slip."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

_FILLERS = frozenset({"the", "of", "muscle", "muscles", "m", "at", "in", "a", "an", "on", "over", "and", "to"})
_SPELLING = {
    "peroneus": "fibularis",
    "fibular": "peroneal",
    "paresthetica": "paraesthetica",
    "edema": "oedema",
    "1st": "first",
    "2nd": "second",
    "3rd": "third",
    "4th": "fourth",
    "5th": "fifth",
    "dermatomal": "dermatome",
    "dermatomes": "dermatome",
    "jerk": "reflex",
    "jerks": "reflex",
    "reflexes": "reflex",
    "signs": "sign",
    "tests": "test",
}


def tokens(text: str) -> tuple[str, ...]:
    """The words of a name that matter: lower case, no accents, no fillers, plural s dropped."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"['`´]s\b", "", plain.replace("’", "'"))
    words = re.findall(r"[a-z0-9]+(?:/[0-9]+)?", plain.replace("'", ""))
    kept = [_SPELLING.get(word, word) for word in words if word not in _FILLERS]
    return tuple(_singular(word) for word in kept)


def _singular(word: str) -> str:
    keep = ("ss", "us", "is", "as", "ps")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(keep) else word


# Words that say the same of a place on the body, and words that add nothing to it.
_DIRECTIONS = {
    **dict.fromkeys(("outer", "anterolateral", "posterolateral"), "lateral"),
    **dict.fromkeys(("inner", "anteromedial", "posteromedial"), "medial"),
    **dict.fromkeys(("front", "ventral", "volar", "palmar"), "anterior"),
    **dict.fromkeys(("back", "posterior", "dorsum", "top"), "dorsal"),
}
_PLACE_FILLERS = frozenset(
    {"border", "aspect", "side", "surface", "part", "region", "area", "skin", "edge", "margin", "distribution"}
    | {"territory", "whole", "along", "down", "just", "sensation", "from"}
)  # fmt: skip
_NARROWING = ("upper", "lower", "proximal", "distal", "tip", "palm", "pulp", "anterior", "dorsal", "mid", "entire")
# A movement is tested by the muscles that make it.
_MOVERS = {
    f"{stem}ion": f"{stem}or"
    for stem in ("flex", "abduct", "adduct", "rotat", "pronat", "supinat", "elevat", "retract", "protract", "depress")
} | {"extension": "extensor", "dorsiflexion": "dorsiflexor", "eversion": "evertor", "inversion": "invertor"}


def _broadly(kind: str, words: Iterable[str]) -> tuple[str, ...]:
    """The words of a name with what merely varies taken out."""
    if kind in ("muscle", "group"):
        return tuple(sorted(_MOVERS.get(word, word) for word in words))
    return tuple(sorted({_DIRECTIONS.get(word, word) for word in words if word not in _PLACE_FILLERS}))


@dataclass(slots=True)
class Names:
    """Names of one kind of site, found by any synonym in any word order."""

    kind: str
    _by_words: dict[tuple[str, ...], str] = field(default_factory=dict)
    _broad: dict[tuple[str, ...], str] = field(default_factory=dict)
    _printed: dict[str, str] = field(default_factory=dict)
    _proper: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, synonyms: Iterable[str]) -> None:
        """Add a site; where two sites share a word the first keeps it, and a proper name always wins."""
        self._by_words[key(name)] = name
        self._printed[name] = name
        self._proper[name.lower()] = name
        self._broad.setdefault(_broadly(self.kind, tokens(name)), name)
        for other in synonyms:
            self._by_words.setdefault(key(other), name)
            self._broad.setdefault(_broadly(self.kind, tokens(other)), name)
            self._printed.setdefault(other, name)

    def named(self, text: str) -> str | None:
        """The site whose proper name this is, letter for letter but for capitals and spaces."""
        return self._proper.get(" ".join(text.lower().split()))

    def find(self, text: str, dropping: frozenset[str] = frozenset()) -> str | None:
        """The site called ``text``, or None. ``dropping`` are words that may be left out."""
        found = self._by_words.get(key(text))
        if found is None and dropping:
            rest = tuple(w for w in tokens(text) if w not in dropping)
            found = self._by_words.get(tuple(sorted(rest)))
            for word in sorted(dropping) if found is None else ():
                found = found or self._by_words.get(tuple(sorted((*rest, word))))
        return found

    def find_broadly(self, text: str) -> str | None:
        """The site called so in other words: "lateral border of foot" is the lateral foot.

        Where nothing fits, narrowing words go one by one: "palm side of thumb" is the thumb.
        """
        words = list(_broadly(self.kind, tokens(text)))
        found = self._broad.get(tuple(words))
        for word in _NARROWING:
            if found is None and word in words and len(words) > 1:
                words.remove(word)
                found = self._broad.get(tuple(words))
        return found

    def near(self, text: str, limit: int = 3) -> tuple[str, ...]:
        """The nearest site names, best first, each once."""
        hits = process.extract(text.lower(), list(self._printed), scorer=fuzz.WRatio, limit=4 * limit)
        return tuple(dict.fromkeys(self._printed[hit[0]] for hit in hits if hit[1] >= 60))[:limit]

    def scored(self, text: str) -> list[tuple[float, str]]:
        """Nearest site names with their likeness; of two that hold the text alike the shorter is the likelier."""
        hits = process.extract(text.lower(), list(self._printed), scorer=fuzz.WRatio, limit=12)
        return [(hit[1] + 0.1 * fuzz.ratio(text.lower(), hit[0].lower()), self._printed[hit[0]]) for hit in hits]


def key(text: str) -> tuple[str, ...]:
    """The words of a name in no order."""
    return tuple(sorted(tokens(text)))
