"""Every sign, site and test by all its names: what may stand in a case file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from myotome.anatomy.tables import anatomy
from myotome.care.examination.levels import LEVEL, RUN, levels
from myotome.care.examination.names import Names, tokens
from myotome.care.examination.tables import implying, signs, special_tests, trophic_kinds
from myotome.errors import UnknownNameError
from myotome.facts.kept import kept

# Which kinds of site each sign looks at; the first that knows the name takes it.
SITES: dict[str, tuple[str, ...]] = {
    "strength": ("muscle", "group"),
    "wasting": ("muscle", "group"),
    "shortening": ("muscle", "group", "paraspinal"),
    "taut band": ("muscle", "group", "paraspinal"),
    "twitch": ("muscle", "group", "paraspinal"),
    "tenderness": ("muscle", "group", "paraspinal", "place", "patch", "area"),
    "reflex": ("reflex",),
    "sensation": ("patch", "area"),
    "trophic": ("segment", "patch", "area"),
    "range": ("movement",),
    "test": ("test",),
    "pain": ("area", "patch"),
    "imaging": ("segment", "nerve", "muscle", "area", "place"),
    "electrodiagnosis": ("muscle", "group", "paraspinal", "nerve", "segment", "plexus"),
}

# Words that may be left out of a name, or are understood, for each kind of site.
_LOOSE: dict[str, frozenset[str]] = {
    "reflex": frozenset({"reflex", "tendon", "deep", "muscle", "stretch", "response", "superficial"}),
    "test": frozenset({"test", "sign", "manoeuvre", "maneuver", "reflex", "response"}),
    "patch": frozenset({"skin", "area", "region", "sensation", "territory", "distribution"}),
    "area": frozenset({"pain", "area", "region"}),
    "nerve": frozenset({"nerve", "neuropathy"}),
    "movement": frozenset({"range", "motion", "active", "passive", "movement", "rom"}),
    "muscle": frozenset({"whole"}),
    "group": frozenset({"group"}),
    "place": frozenset({"tenderness", "point", "insertion"}),
}
_SIDE = re.compile(r"\b(left|right|bilateral|both sides|both)\b", re.IGNORECASE)
_PARASPINAL = frozenset(
    {
        "paraspinal",
        "paravertebral",
        "multifidu",
        "multifidus",
        "paraspinous",
        "erector",
        "spinae",
        "level",
        "posterior",
        "ramus",
    }
)
_SEGMENT_WORDS = frozenset(
    {"segment", "root", "nerve", "level", "dermatome", "myotome", "disc", "disk", "radiculopathy", "spinal", "foramen"}
)
_BETWEEN_LEVELS = ("to", "and", "-", "–")
_NOT_A_LEVEL = frozenset(
    {"process", "spinous", "facet", "joint", "interspinous", "space", "dermatome", "zygapophysial"}
)


@dataclass(frozen=True, slots=True)
class Site:
    """A place that a finding speaks of: its kind and its proper name."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names of all sites by kind, of the signs, and of the trophic changes."""

    sites: dict[str, Names]
    signs: Names
    trophic: Names


@kept
def vocabulary() -> Vocabulary:
    """All names, collected once from the tables."""
    body = anatomy()
    tables = {
        "muscle": body.muscles,
        "group": body.groups,
        "reflex": body.reflexes,
        "patch": body.patches,
        "area": body.areas,
        "movement": body.movements,
        "nerve": {s.name: s for s in body.entrapments},
        "plexus": body.plexus,
        "local": body.local,
        "place": body.places,
        "test": special_tests(),
    }
    found: dict[str, Names] = {}
    for kind, table in tables.items():
        found[kind] = Names(kind)
        for part in table.values():
            found[kind].add(part.name, part.synonyms)
    for reflex in body.reflexes.values():
        if reflex.pathological:
            # A pathological reflex that is also a special test is that test.
            same = found["test"].find(reflex.name, _LOOSE["test"])
            found["test"].add(same or reflex.name, (reflex.name, *reflex.synonyms))
    known_signs, kinds = Names("sign"), Names("trophic change")
    for sign in signs().values():
        known_signs.add(sign.name, (*sign.synonyms, *(word for word, of, _ in implying() if of == sign.name)))
    for change in trophic_kinds().values():
        kinds.add(change.name, change.synonyms)
    return Vocabulary(found, known_signs, kinds)


def side_within(text: str) -> tuple[str, str | None]:
    """Take a side out of a name: ("right deltoid") gives ("deltoid", "right")."""
    found = _SIDE.search(text)
    if not found:
        return text, None
    word = found.group(1).lower()
    rest = " ".join((text[: found.start()] + " " + text[found.end() :]).split())
    return (rest, word if word in ("left", "right") else "both") if rest else (text, None)


_SEVERAL = re.compile(r"\s*(?:,|;|\+|\band\b|&)\s*", re.IGNORECASE)
_BROAD_KINDS = ("patch", "area", "place", "muscle", "group")


def resolve(sign: str, text: str) -> tuple[Site, ...]:
    """The site or sites that ``text`` names for this sign: a name, a run of levels, or a list.

    Raises:
        UnknownNameError: no site of that name for this sign; carries the nearest names.
    """
    found = _one(sign, text)
    if not found:
        parts = [_one(sign, part) for part in _SEVERAL.split(text) if part]
        found = tuple(dict.fromkeys(site for part in parts for site in part)) if all(parts) else ()
    if found:
        return found
    near = nearest(sign, text)
    hint = f" Did you mean {' or '.join(near)}?" if near else " See 'myotome vocabulary'."
    kinds = ", ".join(SITES[sign])
    raise UnknownNameError(f"'{text}' is not a known site for {sign} ({kinds}).{hint}", near)


def _one(sign: str, text: str) -> tuple[Site, ...]:
    """By a known name of any kind that the sign looks at; failing that, in other words."""
    for kind in ("muscle", "group"):
        # "finger extensors" is that group, though it is also a byword for one of its muscles.
        if kind in SITES[sign] and (name := vocabulary().sites[kind].named(text)):
            return (Site(kind, name),)
    for kind in SITES[sign]:
        if found := _of_kind(kind, text):
            return tuple(Site(kind, name) for name in found)
    for kind in SITES[sign]:
        if kind in _BROAD_KINDS and (broad := vocabulary().sites[kind].find_broadly(text)):
            return (Site(kind, broad),)
    return ()


def is_known(sign: str, text: str) -> bool:
    """Whether a site of this sign has this very name or synonym."""
    return any(_of_kind(kind, text) for kind in SITES[sign])


def _of_kind(kind: str, text: str) -> tuple[str, ...]:
    if kind == "paraspinal":
        return _levels_with(text, _PARASPINAL)
    if kind == "segment":
        return _disc(text) or _levels_with(text, _SEGMENT_WORDS)
    if kind == "place":
        levelled = _levelled_place(text)
        if levelled:
            return levelled
    if kind == "patch" and (dermatomes := _levels_with(text, _SEGMENT_WORDS)):
        text_of = [vocabulary().sites["patch"].find(f"{level} dermatome") for level in dermatomes]
        return tuple(dict.fromkeys(name for name in text_of if name))
    names = vocabulary().sites[kind]
    found = names.find(text, _LOOSE.get(kind, frozenset()))
    return (found,) if found else _parts_of(text) if kind == "reflex" else ()


def _parts_of(text: str) -> tuple[str, ...]:
    """A reflex that has parts, by what they share: "abdominal reflex" is its upper and its lower one."""
    wanted = set(tokens(text)) - _LOOSE["reflex"]
    return tuple(
        name
        for name in anatomy().reflexes
        if "," in name and wanted and set(tokens(name.split(",")[0])) - _LOOSE["reflex"] == wanted
    )


def _levels_with(text: str, words: frozenset[str]) -> tuple[str, ...]:
    named = set(tokens(text))
    if named & _NOT_A_LEVEL and not words & {"dermatome"}:
        return ()
    kept = [w for w in text.split() if not set(tokens(w)) & words and (tokens(w) or w.lower() in _BETWEEN_LEVELS)]
    rest = " ".join(kept)
    return levels(rest) if rest else ()


def _disc(text: str) -> tuple[str, ...]:
    """A disc or foramen, "C5/6", "L4-5": the root that its protrusion usually presses."""
    words = set(tokens(text))
    if not words & {"disc", "disk", "foramen"} and "/" not in text:
        return ()
    found = re.search(rf"{LEVEL}\s*[/-]\s*([ctls]?)\s?(\d{{1,2}})", text, re.IGNORECASE)
    if not found:
        return ()
    above, number, below, end = found.groups()
    wanted = {f"{above.upper()}{int(number)}/{letter.upper()}{int(end)}" for letter in ("", below)}
    return tuple(s.name for s in anatomy().segments.values() if s.disc.replace(" ", "") in wanted)


def _levelled_place(text: str) -> tuple[str, ...]:
    """A place that every level has, at one level or a run: "facet joint C5", "C2-3 facet joint"."""
    found = re.search(RUN, text, re.IGNORECASE) or re.search(LEVEL + r"(?!\d)", text, re.IGNORECASE)
    if not found:
        return ()
    rest = " ".join((text[: found.start()] + " " + text[found.end() :]).split())
    for place in anatomy().places.values():
        if place.per_segment and tokens(rest) and vocabulary().sites["place"].find(rest) == place.name:
            return tuple(f"{place.name} {level}" for level in levels(found.group()))
    return ()


def nearest(sign: str, text: str, limit: int = 3) -> tuple[str, ...]:
    """The nearest site names for this sign, best first."""
    scored: list[tuple[float, str]] = []
    for kind in SITES[sign]:
        if kind in vocabulary().sites:
            scored.extend(vocabulary().sites[kind].scored(text))
    ranked = [name for score, name in sorted(scored, key=lambda s: (-s[0], s[1])) if score >= 60]
    return tuple(dict.fromkeys(ranked))[:limit]
