"""Read the second table and say where a set of points, rules and names falls short of it."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Case
from myotome.care.examination.visit import Background, Stated
from myotome.care.points.point import BUILDS
from myotome.care.points.tables import points
from myotome.care.safety.named import lexicons, words_of
from myotome.care.safety.rules import ACTIONS, rules
from myotome.care.safety.ruling import rulings
from myotome.care.safety.standing import Fact, Standing, standing
from myotome.care.screening.places import limbs

FOLDER = Path(__file__).parent
SIDES = ("left", "right")
SIDED = ("condition", "implant")  # what can be recorded with a side
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
FORGIVEN = ("misspelling", "plain words among others")  # here the gist is enough
# Words and numbers of a dose, a form or a maker, which are no part of a name.
BESIDE = frozenset(
    words_of(
        """0 1 2 3 4 5 8 10 15 20 30 40 50 60 75 80 81 90 100 110 150 160 200 300 325 500 4000 5000 mg mcg ml iu units
        a x once twice day daily tablet tablets injection injections syringes shots accord apo leo mylan rovi sandoz
        taro teva viatris as clear cv forte gold hp lp original protect"""
    )
)


@cache
def table(name):
    """The rows of one file."""
    with (FOLDER / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


def keys(point):
    """The places of the second table that a point belongs to."""
    site = f"site: {point.name}"
    if point.kind == "homeostatic":
        return (f"point: {point.name.split()[0]}", site)
    return (f"level: {point.level}", site) if point.level else (f"muscle: {point.muscle}", site)


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


def people_of(row, side):
    """Persons of whom the fact of a row alone is known; a class of medicines is each fact that says it."""
    kind, given = row["given_kind"], row["given"]
    said = UNDERSTOOD.get(given, set()) & medicine_facts() if kind == "medicine" else ()
    return tuple(person_of(one, kind, side) for one in sorted(said) or (given,))


@cache
def person_of(given, kind, side):
    """A person of whom this alone is known."""
    if kind == "trait" or (kind == "medicine" and given in {*UNDERSTOOD, *medicine_facts()}):
        return Standing((Fact(given, None, given),), (), (), None)
    if kind == "screening":
        case = Case(screening=(("consent", "no"),)) if given == "no consent" else Case(screening=((given, "yes"),))
    else:
        case = Case(background=Background(**{LISTED[kind]: (Stated(given, side),)}))
    found = standing(case)
    # Nothing is known of build and visit here, and that is another row's matter.
    facts = tuple(f for f in found.facts if f.code not in ("age not known", "build not known", "first visit"))
    return Standing(facts, found.unrecognised, found.guessed, None)


@cache
def medicine_facts():
    """Every fact that a medicine can mean."""
    return frozenset(fact for entry in lexicons()["medicines"]._phrases.values() for fact in entry.facts)


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
    return MEANT[kind](point, name, set(keys(point)))


def _in_run(point, name, places):
    """Whether a paraspinal point lies in a run of levels such as L4-S2."""
    order = list(anatomy().segments)
    first, _, last = name.partition("-")
    return bool(point.level) and order.index(first) <= order.index(point.level) <= order.index(last or first)


MEANT = {
    "everywhere": lambda point, name, places: True,
    "paraspinal": lambda point, name, places: point.kind == "paraspinal",
    "homeostatic": lambda point, name, places: point.kind == "homeostatic",
    "pleural": lambda point, name, places: bool(places & named_places()["pleura"]),
    "incompressible": lambda point, name, places: bool(places & pressed_nowhere()),
    "structure": lambda point, name, places: bool(places & named_places().get(name, set())),
    "region": lambda point, name, places: point.region == name,
    "limb": lambda point, name, places: limbs().get(point.region) == name,
    "muscle": lambda point, name, places: point.kind == "symptomatic" and point.muscle == name,
    "site": lambda point, name, places: point.name == name,
    "point": lambda point, name, places: point.kind == "homeostatic" and point.name.split()[0] == name,
    "level": _in_run,
}


@cache
def pressed_nowhere():
    """Places where a bleed cannot be pressed on."""
    return {row["where"] for row in table("incompressible") if row["incompressible"] == "yes"}


@cache
def meant_there(where):
    """Which points a selector of the second table means, in table order."""
    return np.array([meant(where, point) for point in points().values()], dtype=bool)


@dataclass(frozen=True, slots=True)
class Sided:
    """A point on one side of the body, as a rule that has forgotten a side sees it."""

    point: object
    side: str

    def __getattr__(self, name):
        return getattr(self.point, name)


@cache
def reach(rule):
    """Where a rule acts: one row for each point, one column for each side."""
    return np.array([[rule.acts_on(Sided(p, side)) for side in SIDES] for p in points().values()], dtype=np.uint8)


def actions(person, some_rules=None):
    """The strongest action of each point and side: the program's, or what other rules would give."""
    if some_rules is None:
        return rulings(person).actions
    found = np.zeros((len(points()), len(SIDES)), dtype=np.uint8)
    for rule in some_rules.values():
        given = rule.given & person.codes
        if given:
            sides = SIDES if not rule.same_side else frozenset().union(*(person.sides_of(code) for code in given))
            held = np.array([side in sides for side in SIDES], dtype=np.uint8)
            np.maximum(found, reach(rule) * held * np.uint8(ACTIONS.index(rule.action)), out=found)
    return found


def too_lenient(some_points, some_rules=None, rows=None):
    """(given, where, point, side, wanted, got) for everything that is allowed more than the second table allows."""
    found = []
    names = list(points())
    for row in table("rules") if rows is None else rows:
        wanted, there = ACTIONS.index(row["at_least"]), meant_there(row["where"])
        # A fact with a side holds on it alone where the row says so; where it does not, both sides, whatever was said.
        one_sided = row["side"] == "same"
        for side in (None, "left") if row["given_kind"] in SIDED else (None,):
            for person in people_of(row, side):
                got = actions(person, some_rules)
                short = (got < wanted) & there[:, None]
                for number, column in np.argwhere(short[:, :1] if one_sided and side else short):
                    if names[number] in some_points:
                        what = ACTIONS[got[number, column]] or "nothing"
                        found.append((row["given"], row["where"], names[number], SIDES[column], row["at_least"], what))
    return found


def misunderstood(lexicon):
    """(written, wanted, facts) of what the names do not understand as the second table does.

    The right name of a blood thinner must be known as a whole; forgiving its spelling or a word of it is not enough.
    """
    wrong = []
    for row in table("medicines"):
        wanted = row["class_or_fact"]
        if wanted in BLEEDING and row["why"] not in FORGIVEN:
            known, rest = lexicon._exactly(words_of(row["written"]))
            facts = {fact for one in known for fact in one.facts}
            bad = not facts & UNDERSTOOD[wanted] or not BESIDE.issuperset(rest)
        else:
            facts = {fact for one in lexicon.read(Stated(row["written"])) for fact in one.facts}
            unwanted = {"unknown": facts, "none of these": facts & BLEEDING}
            bad = bool(unwanted[wanted]) if wanted in unwanted else not facts & UNDERSTOOD[wanted]
        if bad:
            wrong.append((row["written"], wanted, tuple(sorted(facts))))
    return wrong


def rows_about(rule):
    """The rows of the second table that a rule has a part in."""
    return [row for row in table("rules") if any(person.codes & rule.given for person in people_of(row, None))]


def changes_something(rule, other):
    """Whether a rule put in place of another, or taken out (None), changes any action for any one fact."""
    rest = {code: one for code, one in rules().items() if code != rule.code}
    for fact in sorted(rule.given):
        for side in (None, "left"):
            person = Standing((Fact(fact, side, fact),), (), (), None)
            if (actions(person) != actions(person, rest | ({rule.code: other} if other else {}))).any():
                return True
    return False
