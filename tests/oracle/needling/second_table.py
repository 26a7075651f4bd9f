"""Read the second table and say where a set of points, rules and names falls short of it."""

import csv
from functools import cache
from pathlib import Path

from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Case
from myotome.care.examination.visit import Background, Stated
from myotome.care.points.point import BUILDS
from myotome.care.safety.named import lexicons
from myotome.care.safety.rules import ACTIONS, rules
from myotome.care.safety.ruling import rulings
from myotome.care.safety.standing import Fact, Standing, standing
from myotome.care.screening.places import limbs

FOLDER = Path(__file__).parent
LISTED = {"condition": "conditions", "implant": "implants", "medicine": "medicines"}
# What a medicine must be understood as, in the words of the second table, and the facts of the program that say so.
UNDERSTOOD = {
    "anticoagulant": {"anticoagulant"},
    "antiplatelet": {"antiplatelet"},
    "non-steroidal anti-inflammatory": {"non-steroidal anti-inflammatory"},
    "SSRI": {"SSRI"},
    "SNRI": {"SNRI"},
    "corticosteroid": {"corticosteroid by mouth", "long-term corticosteroids", "corticosteroid"},
    "immunosuppression": {"immunosuppression"},
    "fluoroquinolone": {"fluoroquinolone", "quinolone antibiotic"},
    "herbal bleeding": {"herbal or supplement with bleeding effect"},
    "insulin or sulfonylurea": {"insulin", "sulfonylurea"},
    "opioid or sedative": {"opioid", "sedative"},
}
BLEEDING = {"anticoagulant", "antiplatelet"}


@cache
def table(name):
    """The rows of one file."""
    with (FOLDER / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


def keys(point):
    """The places of the second table that a point belongs to."""
    if point.kind == "homeostatic":
        return (f"point: {point.name.split()[0]}",)
    return (f"level: {point.level}",) if point.level else (f"muscle: {point.muscle}",)


def structures_missing(points):
    """(place, structure) that the second table asks for and the points do not name."""
    missing = []
    for row in table("structures"):
        there = [p for p in points if row["where"] in keys(p)]
        named = [row["structure"] in p.structures for p in there]
        if there and not (all(named) if row["must"] == "every" else any(named)):
            missing.append((row["where"], row["structure"], row["must"]))
    return missing


def compressible_wrongly(points):
    """Points said to be compressible where the second table says that they are not."""
    told = {row["where"]: row["incompressible"] for row in table("incompressible")}
    return [p.name for p in points if p.compressible and "yes" in [told.get(key) for key in keys(p)]]


def at_most(point, build):
    """The largest depth in millimetres that may be printed for a point in a build; an unknown build obeys every one."""
    places = (*keys(point), f"muscle: {point.muscle}") if point.level else keys(point)
    builds = {"any", *(BUILDS if build is None else (build,))}
    return min(float(r["at_most_mm"]) for r in table("ceilings") if r["where"] in places and r["build"] in builds)


@cache
def person_of(given, kind, side):
    """A person of whom this alone is known."""
    if kind == "trait":
        return Standing((Fact(given, None, given),), (), (), None)
    if kind == "screening":
        case = Case(screening=(("consent", "no"),)) if given == "no consent" else Case(screening=((given, "yes"),))
    elif kind == "medicine" and given in {f for e in every_medicine() for f in e.facts}:
        return Standing((Fact(given, None, given),), (), (), None)
    else:
        case = Case(background=Background(**{LISTED[kind]: (Stated(given, side),)}))
    found = standing(case)
    # Nothing is known of build and visit here, and that is another row's matter.
    facts = tuple(f for f in found.facts if f.code not in ("build not known", "first visit"))
    return Standing(facts, found.unrecognised, found.guessed, None)


@cache
def every_medicine():
    return tuple(dict.fromkeys(lexicons()["medicines"]._phrases.values()))


@cache
def named_places():
    """Places of each structure that every site there must name."""
    found = {}
    for row in table("structures"):
        if row["must"] == "every":
            found.setdefault(row["structure"], set()).add(row["where"])
    return found


def meant(where, point):
    """Whether a selector of the second table means a point."""
    kind, _, name = where.partition(": ")
    places = set(keys(point))
    if where == "everywhere":
        return True
    if where in ("paraspinal", "homeostatic"):
        return point.kind == where
    if where == "pleural":
        return bool(places & named_places()["pleura"])
    if where == "incompressible":
        told = {row["where"] for row in table("incompressible") if row["incompressible"] == "yes"}
        return bool(places & told)
    if kind == "structure":
        return bool(places & named_places().get(name, set()))
    if kind == "region":
        return point.region == name
    if kind == "limb":
        return limbs().get(point.region) == name
    if kind == "muscle":
        return point.kind == "symptomatic" and point.muscle == name
    if kind == "point":
        return point.kind == "homeostatic" and point.name.split()[0] == name
    if kind == "level":
        order = list(anatomy().segments)
        first, _, last = name.partition("-")
        return bool(point.level) and order.index(first) <= order.index(point.level) <= order.index(last or first)
    raise AssertionError(f"the second table has an unknown selector: {where}")


def too_lenient(points, some_rules=None, rows=None):
    """(given, where, point, side, wanted, got) for everything that is allowed more than the second table allows."""
    found = []
    names = list(points)
    for row in table("rules") if rows is None else rows:
        side = "left" if row["side"] == "same" and row["given_kind"] in ("condition", "implant") else None
        said = rulings(person_of(row["given"], row["given_kind"], side), some_rules)
        wanted = ACTIONS.index(row["at_least"])
        for number, name in enumerate(names):
            point = points[name]
            if not meant(row["where"], point):
                continue
            for column, where in enumerate(("left", "right")):
                if (side is None or where == side) and said.actions[number, column] < wanted:
                    got = ACTIONS[said.actions[number, column]] or "nothing"
                    found.append((row["given"], row["where"], name, where, row["at_least"], got))
    return found


def misunderstood(lexicon):
    """(written, wanted, facts) of what the names do not understand as the second table does."""
    wrong = []
    for row in table("medicines"):
        facts = {fact for read in lexicon.read(Stated(row["written"])) for fact in read.facts}
        wanted = row["class_or_fact"]
        if wanted == "unknown":
            bad = bool(facts)
        elif wanted == "none of these":
            bad = bool(facts & set().union(*UNDERSTOOD.values()) & BLEEDING)
        else:
            bad = not facts & UNDERSTOOD[wanted]
        if bad:
            wrong.append((row["written"], wanted, tuple(sorted(facts))))
    return wrong


def rows_about(rule):
    """The rows of the second table that a rule has a part in."""
    found = []
    for row in table("rules"):
        side = "left" if row["side"] == "same" and row["given_kind"] in ("condition", "implant") else None
        if person_of(row["given"], row["given_kind"], side).codes & rule.given:
            found.append(row)
    return found


def changes_something(rule, other):
    """Whether a rule put in place of another, or taken out (None), changes any action for any one fact."""
    rest = {code: one for code, one in rules().items() if code != rule.code}
    for fact in sorted(rule.given):
        person = Standing((Fact(fact, None, fact),), (), (), None)
        if (rulings(person).actions != rulings(person, rest | ({rule.code: other} if other else {})).actions).any():
            return True
    return False
