"""The product's safety data against a table written apart from it: every row, place and side; and mutants are caught.

What is compared is what the program does, never how many rows it has.
"""

from dataclasses import replace

import pytest

from myotome.care.points.needle import needle_for
from myotome.care.points.point import BUILDS
from myotome.care.points.tables import points
from myotome.care.safety.named import Lexicon, lexicons
from myotome.care.safety.rules import ACTIONS, rules
from tests.oracle.needling import second_table as second

STEP = 5  # millimetres that a mutant adds to a ceiling
WORTH = 1000  # cases that an exhaustive comparison must at least have had


def test_every_structure_at_risk_is_named():
    """What the second table puts under a needle is named where that needle is offered."""
    assert second.structures_missing(points().values()) == []
    places = {key for point in points().values() for key in second.keys(point)}
    asked = [row for row in second.table("structures") if row["where"] in places]
    assert len(asked) > 500


def test_nothing_deep_is_called_compressible():
    """Where a bleed cannot be pressed on the program does not say that it can."""
    assert second.compressible_wrongly(points().values()) == []


def test_no_number_is_deeper_than_the_second_table_allows():
    """Every point, every build and the unknown one: ceiling and needle."""
    deep, tried = [], 0
    for name, point in points().items():
        for build in (*BUILDS, None):
            needle = needle_for(name, build)
            if needle.ceiling_mm is not None:
                tried += 1
                if max(needle.ceiling_mm, needle.length_mm or 0) > second.at_most(point, build):
                    deep.append((name, build, needle.ceiling_mm, second.at_most(point, build)))
    assert deep == []
    assert tried > 500


def test_rules_are_at_least_as_strict():
    """Every row, place and side: block, limit, caution and note at least where the second table wants them."""
    assert second.too_lenient(points()) == []
    cases = sum(second.meant(row["where"], point) for row in second.table("rules") for point in points().values())
    assert 2 * cases > 20 * WORTH


def test_medicines_are_understood():
    """Generic names, brands, doses, misspellings; what is nonsense stays unrecognised."""
    assert second.misunderstood(lexicons()["medicines"]) == []


def test_what_people_write_is_recognised():
    """Conditions and implants of the second table are in the words that patients use."""
    rows = {(r["given"], r["given_kind"]) for r in second.table("rules") if r["given_kind"] in second.LISTED}
    unknown = [given for given, kind in sorted(rows) if second.person_of(given, kind, None).unrecognised]
    assert unknown == []


def test_a_hazard_that_is_taken_out_is_missed():
    """Mutants: each (point, structure) row removed, one at a time."""
    survived, killed = [], 0
    for name, point in points().items():
        for hazard in point.hazards:
            less = replace(point, hazards=tuple(h for h in point.hazards if h is not hazard))
            others = [p for n, p in points().items() if n != name and set(second.keys(p)) & set(second.keys(point))]
            if second.structures_missing([less, *others]):
                killed += 1
            else:
                survived.append((name, hazard.structure.name))
    assert survived == []
    assert killed > 500


def test_a_ceiling_that_is_raised_is_noticed():
    """Mutants: each published ceiling 5 mm higher, in the build that it is for."""
    survived, killed = [], 0
    for point in points().values():
        for depth in point.depths:
            if depth.what != "ceiling" or depth.provenance.grade != "read":
                continue
            build = "average" if depth.build == "any" else depth.build
            if depth.mm + STEP > second.at_most(point, build):
                killed += 1
            else:
                survived.append((point.name, depth.build, depth.mm, second.at_most(point, build)))
    assert survived == []
    assert killed >= 60


@pytest.mark.parametrize("kind", ["removed", "milder", "smaller", "one side"])
def test_a_rule_that_is_weakened_is_noticed(kind):
    """Mutants: each rule removed, milder, kept to fewer places or to one side; those that change nothing apart."""
    survived, killed = [], 0
    for rule in rules().values():
        for mutant in mutants(rule, kind):
            if not second.changes_something(rule, mutant):
                continue
            table = {code: one for code, one in rules().items() if code != rule.code}
            if mutant is not None:
                table[rule.code] = mutant
            if second.too_lenient(points(), table, second.rows_about(rule)):
                killed += 1
            else:
                survived.append(rule.code)
    assert survived == []
    assert killed > {"removed": 120, "milder": 120, "smaller": 100, "one side": 100}[kind]


def mutants(rule, kind):
    """The ways in which a rule can be weakened once."""
    if kind == "removed":
        yield None
    elif kind == "milder":
        milder = {"block": "caution", "limit": "note", "caution": "note", "note": ""}[rule.action]
        yield replace(rule, action=milder)
    elif kind == "smaller":
        for place in rule.where if len(rule.where) > 1 else ():
            yield replace(rule, where=tuple(w for w in rule.where if w != place))
    elif not rule.same_side:
        yield OneSided(*(getattr(rule, name) for name in rule.__slots__))


class OneSided(type(next(iter(rules().values())))):
    """A rule that has forgotten the right side."""

    def acts_on(self, point):
        return super().acts_on(point) and point.side == "left"


def test_a_name_that_is_dropped_is_noticed():
    """Mutants: each name of a blood thinner or antiplatelet, generic, brand or everyday, taken out of the names."""
    whole = lexicons()["medicines"]
    written = {second_words(row["written"]) for row in second.table("medicines")}
    survived = []
    for phrase, entry in whole._phrases.items():
        if not set(entry.facts) & second.BLEEDING:
            continue
        if not any(contains(words, phrase) for words in written):
            survived.append(" ".join(phrase))
            continue
        less = Lexicon({p: e for p, e in whole._phrases.items() if p != phrase}, whole._longest)
        if not second.misunderstood(less):
            survived.append(" ".join(phrase))
    assert survived == []


def second_words(text):
    from myotome.care.safety.named import words_of

    return words_of(text)


def contains(words, phrase):
    return any(words[k : k + len(phrase)] == phrase for k in range(len(words) - len(phrase) + 1))


def test_actions_are_ordered():
    """The order that every comparison above rests on."""
    assert ACTIONS == ("", "note", "caution", "limit", "block")
